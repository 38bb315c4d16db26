"""``mtorules analyse steady-states`` on a small model."""

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def test_files_and_json(mtorules: Callable[..., Any], binding: Path, tmp_path: Path) -> None:
    done = mtorules(
        *("analyse", "steady-states", binding, "--vary", "B_0=10..200", "--starts", "1"),
        *("--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0
    found = json.loads(done.out)
    assert found["settings"]["varied"] == "B_0"
    assert found["table"] == []
    assert (tmp_path / "out" / "steady_states.svg").exists()


def test_without_words_a_parameter_is_chosen(mtorules: Callable[..., Any], binding: Path) -> None:
    done = mtorules("analyse", "steady-states", binding, "--starts", "0", "--json")
    assert json.loads(done.out)["settings"]["varied"] in ("kf", "kr")


@pytest.mark.parametrize(
    ("words", "said"), [("B0=1..2", "Did you mean 'B_0'"), ("B_0=2..1", "has to rise")]
)
def test_wrong_words_are_said(
    mtorules: Callable[..., Any], binding: Path, words: str, said: str
) -> None:
    done = mtorules("analyse", "steady-states", binding, "--vary", words)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_what_oscillates_within_seconds_is_followed_from_where_it_begins(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    """A Brusselator with A = 1: its Hopf point is where B = 1 + A^2, and its period 2 pi / A."""
    path = tmp_path / "brusselator.bngl"
    path.write_text(
        """
begin parameters
  A 1
  B 3
end parameters
begin seed species
  X() 1
  Y() 1
end seed species
begin observables
  Molecules x X()
end observables
begin functions
  back() = x^2
end functions
begin reaction rules
  make: 0 -> X() A
  there: X() -> Y() B
  again: Y() -> X() back
  lose: X() -> 0 1
end reaction rules
""",
        encoding="utf-8",
    )
    done = mtorules(
        *("analyse", "steady-states", path, "--vary", "B=1..4", "--starts", "0", "--json")
    )
    assert done.status == 0, done.err
    (row,) = json.loads(done.out)["table"]
    assert row["point"] == "Hopf point"
    assert row["B"] == pytest.approx(2, rel=1e-4)
    assert row["period (h)"] * 3600 == pytest.approx(2 * math.pi, rel=1e-3)
