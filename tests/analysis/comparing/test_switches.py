from collections.abc import Callable
from typing import Any

import libsbml
import pytest
from mtorules.analysis.comparing.switches import switches

Sbml = Callable[[str], str]


@pytest.fixture
def found(antimony_sbml: Sbml) -> Callable[..., list[float]]:
    """Return a function that finds the switches of a model that rules define."""

    def find(rules: str, end: float = 100.0, **constants: float) -> list[float]:
        given = "; ".join(f"{id} = {value}" for id, value in constants.items())
        text = antimony_sbml(f"model m; species S; S = 1; J: S => ; S; {rules}; {given}; end")
        document = libsbml.readSBMLFromString(text)
        document.expandFunctionDefinitions()
        model: Any = document.getModel()
        return [round(time, 9) for time in switches(model, constants, end)]

    return find


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("x := piecewise(1, time > 3 && time < 3.001, 0)", [3, 3.001]),
        ("x := piecewise(1, 2*time - t0 >= 5, 0)", [12.5]),
        ("x := piecewise(1, time^2 > 100, 0)", [10]),
        ("w := time - t0; x := piecewise(1, w > 1, 0)", [21]),
        ("x := floor(time/30)", [30, 60, 90]),
        # A hundredth of a second every forty: no grid of ours would see it.
        ("x := piecewise(1, time - 40*floor(time/40) < 0.01, 0)", [0.01, 40, 40.01, 80, 80.01]),
        ("at (time > 7): S = 2", [7]),
        ("x := piecewise(1, sin(time/10) > 0, 0)", [31.415926536, 62.831853072, 94.247779608]),
    ],
)
def test_jumps_by_the_clock_are_found(
    found: Callable[..., list[float]], rules: str, expected: list[float]
) -> None:
    assert found(rules, t0=20.0) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    "rules",
    [
        "x := piecewise(1, S < 0.5, 0)",
        "x := time^2 + sin(time)",
        "x := piecewise(1, time > S, 0)",
        "x := piecewise(1, time > 1000, 0)",
        "x := piecewise(1, time >= 0, 0)",
        "x := piecewise(1, t0 > 3, 0)",
    ],
)
def test_what_does_not_jump_by_the_clock(found: Callable[..., list[float]], rules: str) -> None:
    assert found(rules, t0=20.0) == []
