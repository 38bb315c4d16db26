"""Global sensitivity as a user asks for it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("method", "main"), [("prcc", "PRCC"), ("morris", "mu*"), ("sobol", "total")]
)
def test_what_makes_more_of_a_complex_is_told(
    mtorules: Callable[..., Any], binding: Path, tmp_path: Path, method: str, main: str
) -> None:
    """B is all bound, as A is in excess and holds it tightly: what B there is matters alone."""
    done = mtorules(
        *("analyse", "global-sensitivity", binding, "--method", method, "--readout", "AB"),
        *("--times", "1 h", "--vary", "A_0", "--vary", "B_0", "--vary", "kf", "--fold", "1.2"),
        *("--size", "32", "--json", "--output", tmp_path / "out"),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    assert found["table"][0]["parameter"] == "B_0"
    assert found["table"][0][main] > 0.9
    assert abs(found["table"][-1][main]) < 0.9
    assert (tmp_path / "out/global_sensitivity.svg").exists()


SWITCH = """
begin model
begin parameters
  A_0 1
  B_0 1
  C_0 1
end parameters
begin molecule types
  A()
  B()
  C()
end molecule types
begin seed species
  A() A_0
  B() B_0
  C() C_0
end seed species
begin observables
  Molecules A_level A()
  Molecules B_level B()
  Molecules C_level C()
end observables
begin functions
  y() = if(C_level > 50, A_level, B_level)
end functions
begin reaction rules
  A() -> 0 1e-15
end reaction rules
end model
"""


def test_each_dose_has_indices_and_a_panel_of_its_own(
    mtorules: Callable[..., Any], tmp_path: Path
) -> None:
    """Above a dose A is seen, below it B, so that no mean of both holds anywhere."""
    model, out = tmp_path / "switch.bngl", tmp_path / "out"
    model.write_text(SWITCH, encoding="utf-8")
    done = mtorules(
        *("analyse", "global-sensitivity", model, "--readout", "y", "--times", "1 s"),
        *("--vary", "A_0", "--vary", "B_0", "--dose", "C()=0, 100", "--size", "64"),
        *("--from-start", "--json", "--output", out),
    )
    assert done.status == 0, done.err
    found = json.loads(done.out)
    said = [each for each in found["said"] if each.startswith("y, ")]
    assert sum(each.startswith("y, C() at 100, follows A_0 (1), B_0 (") for each in said) == 1
    assert sum("follows B_0 (1), A_0 (" in each for each in said) == len(said) - 1
    untreated = [row for row in found["table"] if row["treatment"] == "untreated"]
    assert len(untreated) == 2
    shown = (out / "global_sensitivity.csv").read_text(encoding="utf-8")
    assert shown.count("y,") >= 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--vary", "C_0"), "no parameter 'C_0'"),
        (("--vary", "A_0"), "At least two"),
        (("--method", "sobol", "--size", "12"), "powers of two"),
        (("--fold", "1"), "fold"),
        (("--size", "3"), "at least"),
        (("--set", "A_0=1", "--vary", "A_0", "--vary", "B_0"), "A_0"),
    ],
)
def test_wrong_usage_is_said(
    mtorules: Callable[..., Any], binding: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules("analyse", "global-sensitivity", binding, *arguments)
    assert done.status == 2
    assert said in done.err
