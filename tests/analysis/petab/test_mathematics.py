"""PEtab's mathematics as functions of numbers."""

import math

import pytest
from mtorules.analysis.petab import mathematics
from mtorules.analysis.petab.problem import PetabError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("inf", math.inf),
        ("x - inf", -math.inf),
        ("log(0)", -math.inf),
        ("x / 0", math.nan),
        ("piecewise(x, x > 2, inf)", math.inf),
        ("piecewise(x, x < 2, inf)", 1.5),
    ],
)
def test_what_is_infinite_or_none_is_so(text: str, value: float) -> None:
    assert mathematics.function(text)({"x": 1.5}) == pytest.approx(value, nan_ok=True)
    assert not mathematics.defined(text)


@pytest.mark.parametrize("text", ["(x > 1) * 2", "1 / 0", "sqrt(-1)", "sin(", ""])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(PetabError, match="no formula of PEtab"):
        mathematics.names(text)
