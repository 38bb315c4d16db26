"""Knockouts against closed forms, as a user asks for them."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# S is made by E and by a rule without E.
MODEL = """
begin model
begin parameters
  made 2
  basal 1
  lost 0.1
  E_0 10
end parameters
begin molecule types
  E()
  S()
end molecule types
begin seed species
  E() E_0
  S() 0
end seed species
begin observables
  Molecules S_total S()
end observables
begin functions
  ratio() = S_total/E_0
end functions
begin reaction rules
  synthesis: E() -> E() + S() made
  leak: 0 -> S() basal
  decay: S() -> 0 lost
end reaction rules
end model
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "made.bngl"
    path.write_text(MODEL, encoding="utf-8")
    return path


def test_losses_have_the_effects_of_the_closed_form(
    mtorules: Callable[..., Any], model: Path, tmp_path: Path
) -> None:
    """S at rest is (made E + basal) / lost, from 0 up to 1 - exp(-lost t) of it."""
    done = mtorules(
        *("analyse", "knockouts", model, "--of", "all", "--times", "1000 s", "--json"),
        *("--readout", "S_total", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    rows = {(r["target"], r["left"], r["readout"]): r for r in found["table"]}
    for target, left, rest in (
        ("E", "0%", 1 / 21),
        ("E", "50%", 11 / 21),
        ("synthesis", "0%", 1 / 21),
        ("leak", "0%", 20 / 21),
        ("leak", "50%", 20.5 / 21),
        ("decay", "50%", 2.0),
    ):
        row = rows[target, left, "S_total"]
        assert row["effect"] == pytest.approx(math.log2(rest), rel=1e-5)
    assert (tmp_path / "out/knockouts.png").stat().st_size > 1000


def test_what_is_washed_out_is_so_without_a_drug_too(
    mtorules: Callable[..., Any], model: Path
) -> None:
    """Without E from the start on S is made at the basal rate alone, whatever E there was."""
    done = mtorules(
        *("analyse", "knockouts", model, "--only", "E", "--times", "1000 s", "--json"),
        *("--washout", "E() @ 0 s", "--readout", "S_total"),
    )
    assert done.status == 0, done.err
    for row in json.loads(done.out)["table"]:
        assert (row["value"], row["intact"]) == pytest.approx((10, 10), rel=1e-6)


def test_what_has_no_number_says_why(mtorules: Callable[..., Any], model: Path) -> None:
    """Without E the ratio divides by nothing."""
    done = mtorules(
        *("analyse", "knockouts", model, "--only", "E", "--times", "1000 s", "--json"),
        *("--readout", "ratio"),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    rows = {row["left"]: row for row in found["table"]}
    assert rows["50%"]["effect"] == pytest.approx(math.log2(2 * 11 / 21), rel=1e-5)
    assert rows["0%"]["value"] is None
    assert "Not a finite number: ratio" in rows["0%"]["reason"]
    assert any("no number" in sentence for sentence in found["said"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--only", "F"), "no 'F' to take out"),
        (("--of", "cells"), "rules"),
        (("--drug", "everolimus=20 nM"), "everolimus"),
        (("--readout", "S_totl"), "Did you mean 'S_total'"),
        (("--set", "made=1, 2"), "Drugs and doses alone"),
    ],
)
def test_wrong_usage_is_said(
    mtorules: Callable[..., Any], model: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules("analyse", "knockouts", model, *arguments)
    assert done.status == 2
    assert said in done.err


def test_what_a_setting_brings_in_is_taken_out_too(
    mtorules: Callable[..., Any], model: Path, tmp_path: Path
) -> None:
    """A model without E, of which there are 10 once they are set."""
    without = tmp_path / "without.bngl"
    without.write_text(model.read_text().replace("E_0 10", "E_0 0").replace("/E_0", ""))
    done = mtorules(
        *("analyse", "knockouts", without, "--set", "E_0=10", "--times", "1000 s", "--json"),
        *("--readout", "S_total"),
    )
    assert done.status == 0, done.err
    rows = {(row["target"], row["left"]): row for row in json.loads(done.out)["table"]}
    assert rows["E", "0%"]["effect"] == pytest.approx(math.log2(1 / 21), rel=1e-5)
