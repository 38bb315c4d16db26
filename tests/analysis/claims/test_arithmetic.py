import re

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


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("log(x, y)", "log takes one argument, not 2, in 'log(x, y)'"),
        ("abs(x, y)", "abs takes one argument, not 2"),
        ("1 + log()", "log takes one argument, not 0"),
        ("min()", "min takes 2 arguments or more, not 0"),
        ("max(x)", "max takes 2 arguments or more, not 1"),
        ("exp(x)", "calls 'exp'; there are only min, max, abs, log"),
        ("9" * 400, "no number that can be read"),
        ("9" * 5001, "has 5,001 characters"),
        ("9" * 4999, "is no formula"),
        ("1e999 * x", "holds '1e999'"),
        ("1_000 * x", "holds '1_000'"),
        ("0x10", "holds '0x10'"),
        ("2j", "holds '2j'"),
        ("True", "holds 'True'"),
        ("'x'", "no number"),
        ("012", "is no formula"),
        ("lambda / x", "'lambda' is a word of Python"),
        ("x if y else z", "holds more than"),
        ("x.real", "holds more than"),
        ("min(*x)", "min takes 2"),
        ("min(x, *y)", "holds more than"),
        ("log(x, out=y)", "holds more than"),
        ("log(x)(y)", "holds more than"),
        ("x < y", "holds more than"),
        ("(x := 1)", "holds more than"),
        ("x @ y", "holds more than"),
        ("x // y", "holds more than"),
        ("x\x00", "is no formula"),
        ("", "is no formula"),
        ("-" * 3000 + "x", "is n"),
        ("(" * 3000 + "x" + ")" * 1900, "is no formula"),
        ("-" * 400 + "x", "nested too deeply"),
        ("+".join(["x"] * 1000), "nested too deeply"),
    ],
)
def test_what_is_no_arithmetic_is_refused_before_anything_is_computed(text: str, said: str) -> None:
    with pytest.raises(arithmetic.FormulaError, match=re.escape(said)) as caught:
        arithmetic.read(text)
    assert len(str(caught.value)) < 250


def test_towers_of_powers_end() -> None:
    assert arithmetic.read("9**9**9")({}) == np.inf
    assert arithmetic.read("-9**9**9**9")({}) == -np.inf
    assert np.isnan(arithmetic.read("(-8)**(1/3)")({}))


def test_a_course_and_a_number_are_compared_at_every_time() -> None:
    course = np.array([1.0, 2.0, 4.0])
    assert arithmetic.read("min(x, 2)")({"x": course}).tolist() == [1.0, 2.0, 2.0]
    assert arithmetic.read("max(2, x, y)")({"x": course, "y": 3}).tolist() == [3.0, 3.0, 4.0]
    assert course.tolist() == [1.0, 2.0, 4.0]


def test_a_sum_of_many_terms_is_read() -> None:
    assert arithmetic.read(" + ".join(["x"] * 250))({"x": 2.0}) == 500.0
