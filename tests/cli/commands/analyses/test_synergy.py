"""``mtorules analyse synergy`` on two ligands whose surface has a formula, and on its misuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# A target in traces that two ligands take, each a site of its own or both the same one: what is
# free is T / ((1 + a) (1 + b)) or T / (1 + a + b), with a and b the doses over their Kd.
MODEL = """
begin model
begin parameters
  k 1e-3
  A_0 0
  B_0 0
  T_0 1e-6
end parameters
begin molecule types
  A(t)
  B(t)
  T(a,b,s)
end molecule types
begin seed species
  A(t) A_0
  B(t) B_0
  T(a,b,s) T_0
end seed species
begin observables
  Molecules free T(a,b,s)
end observables
begin reaction rules
  {rules}
end reaction rules
end model
"""
APART = "A(t) + T(a) <-> A(t!1).T(a!1) k, k\n  B(t) + T(b) <-> B(t!1).T(b!1) k, k"
SHARED = "A(t) + T(s) <-> A(t!1).T(s!1) k, k\n  B(t) + T(s) <-> B(t!1).T(s!1) k, k"
ASK = ("analyse", "synergy")
GRID = ("--set", "A_0=0.1..10 log 5", "--set", "B_0=0.1..10 log 5", "--times", "inf")


def model(folder: Path, rules: str) -> Path:
    path = folder / "ligands.bngl"
    path.write_text(MODEL.format(rules=rules), encoding="utf-8")
    return path


def test_ligands_of_two_sites_are_independent(mtorules: Callable[..., Any], tmp_path: Path) -> None:
    done = mtorules(*ASK, model(tmp_path, APART), *GRID, "--json", "--output", tmp_path / "out")
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["table"]
    assert row["first"] == pytest.approx(10 / 11, rel=1e-4)
    assert row["both"] == pytest.approx(1 - 1 / 121, rel=1e-4)
    assert row["Bliss"] == pytest.approx(0, abs=1e-5)
    assert row["ZIP"] == pytest.approx(0, abs=1e-3)
    assert row["lg alpha12"] == pytest.approx(0, abs=1e-2)
    assert row["Loewe"] > 0.01
    for name in ("synergy.png", "synergy.svg", "synergy.nc", "synergy_points.csv"):
        assert (tmp_path / "out" / name).stat().st_size


def test_ligands_of_one_site_are_dilutions_of_each_other(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    zero = [each.replace("=0.1..10 log 5", "=0, 0.1..10 log 5") for each in GRID]
    done = mtorules(*ASK, model(tmp_path, SHARED), *zero, "--json")
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["table"]
    assert row["both"] == pytest.approx(1 - 1 / 21, rel=1e-4)
    assert row["Loewe"] == pytest.approx(0, abs=1e-3)
    assert row["CI"] == pytest.approx(1, abs=1e-2)
    assert row["verdict"] == "Bliss antagonism, Loewe additive"


def test_a_screen_takes_all_pairs(mtorules: Callable[..., Any], tmp_path: Path) -> None:
    path = model(tmp_path, APART)
    grid = ("--set", "T_0=0", *GRID)
    done = mtorules(*ASK, path, "--screen", *grid, "--json", "--output", tmp_path / "none")
    found = json.loads(done.out)
    assert found["table"][0]["verdict"] == "no effect"
    assert any("changes free" in said for said in found["said"])
    done = mtorules(*ASK, path, "--screen", *GRID, "--json", "--output", tmp_path / "out")
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["table"]
    assert row["Bliss"] == pytest.approx(0, abs=1e-5)
    assert (tmp_path / "out/synergy_screen.png").stat().st_size


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("complexes",), "two classes of compounds"),
        (("complexes", "--compound", "everolimus"), "is of two agents, and 1"),
        (("complexes", "--compound", "everolimus", "--compound", "rapamycin"), "one class"),
        (("complexes", "--compound", "everolimus", "--compound", "everolimus"), "with itself"),
        (("complexes", "--compound", "everolimus=1, 2, 3 nM", "--compound", "rapamycin"), "needs"),
        (
            ("complexes", "--compound", "everolimus", "--set", "MTOR_0=10..100 nM log 5"),
            "vary a parameter that is zero",
        ),
        (("complexes", "--compound", "everolimus", "--compound", "trametinib"), "no target"),
        (("complexes", "--rate", "growth"), "not among the readouts"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    mtorules: Callable[..., Any], arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules(*ASK, *arguments)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
