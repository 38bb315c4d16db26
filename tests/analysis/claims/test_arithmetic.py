import numpy as np
import pytest
from mtorules.analysis.claims import arithmetic
from mtorules.analysis.claims.arithmetic import FormulaError


def test_arithmetic_is_that_of_python() -> None:
    values = {"a": 3.0, "b": 4.0}
    for text in ("a + b * 2", "-(a - b) ** 2 / a", "max(a, b, 1) - min(a, b)", "abs(a - b)"):
        assert float(arithmetic.read(text)(values)) == pytest.approx(eval(text, {}, dict(values)))


def test_names_are_known_before_values() -> None:
    assert arithmetic.read("1 - (x + y) / log(x)").names == {"x", "y"}


def test_courses_are_taken_point_by_point() -> None:
    found = arithmetic.read("x / y")({"x": np.array([1.0, 4.0]), "y": np.array([2.0, 2.0])})
    assert found.tolist() == [0.5, 2.0]


def test_division_by_zero_is_infinite() -> None:
    assert arithmetic.read("x / y")({"x": 1.0, "y": 0.0}) == np.inf


@pytest.mark.parametrize(
    "text",
    ["", "a +", "a; b", "open('x')", "a.b", "a[0]", "lambda: 1", "a if b else c", "'a'", "f(a=1)"],
)
def test_nothing_but_arithmetic_is_let_in(text: str) -> None:
    with pytest.raises(FormulaError):
        arithmetic.read(text)
