# pyright: reportOperatorIssue=false, reportArgumentType=false
import math
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from mtorules.network.mathematics.expressions import (
    BUILT_IN,
    Call,
    ExpressionError,
    parenthesised,
    parse,
)
from mtorules.network.sources.pysb_expressions import TranslationError, translate
from pysb import Expression, Monomer, Observable, Parameter, Tag
from pysb.core import time

# Functions that BNG2.pl 2.9.3 has; floor, ceil and sign are not among them.
OF_BNG2 = frozenset(BUILT_IN) - {"floor", "ceil", "sign"}

k = Parameter("k", 0.3, _export=False)
x = Parameter("x", 2.6, _export=False)
n = Parameter("n", 2, _export=False)
A = Monomer("A", ["b"], _export=False)
AA = Observable("AA", A(), _export=False)
gg = Expression("gg", k * AA, _export=False)
tag = Tag("t", _export=False)
VALUES: dict[Any, float] = {k: 0.3, x: 2.6, n: 2.0, AA: 7.25, gg: 0.55, time: 1.7}
SCOPE = {symbol.name: value for symbol, value in VALUES.items() if symbol is not time}

FORMULAS: list[Any] = [
    k * AA / (1 + AA),
    -(x**2),
    (-x) ** 2,
    x**-2,
    -k * x / 3,
    k - x - AA,
    -(k + x) * AA,
    sympy.Rational(2, 3) * AA**2 / 7,
    sympy.Float(0.12345678901234567) * AA,
    sympy.sqrt(x) * k / sympy.sqrt(AA),
    x ** (k * AA),
    2**-x,
    (x**k) ** AA,
    1 / (1 + (x / AA) ** n),
    x ** sympy.Rational(1, 3),
    sympy.exp(-x) + sympy.E**k + sympy.E,
    sympy.pi * x**2,
    sympy.log(AA) + sympy.log(AA, 10),
    sympy.sin(x) + sympy.cos(x) + sympy.tan(x) + sympy.atan(x) + sympy.asin(k) + sympy.acos(k),
    sympy.sinh(x) + sympy.cosh(x) + sympy.tanh(x),
    sympy.asinh(x) + sympy.acosh(x) + sympy.atanh(k),
    sympy.sec(x) + sympy.csc(x) + sympy.cot(x) + sympy.sech(x) + sympy.csch(x) + sympy.coth(x),
    sympy.asec(x) + sympy.acsc(x) + sympy.acoth(x) + sympy.asech(k) + sympy.acsch(x),
    sympy.Abs(k - x) + sympy.Max(k, x, AA) - sympy.Min(k, x, AA),
    sympy.floor(AA) + 10 * sympy.ceiling(AA) + 100 * sympy.floor(-AA) + 1000 * sympy.ceiling(-AA),
    sympy.Mod(AA, 2) + sympy.Mod(-AA, 2) + sympy.frac(AA),
    sympy.sign(x - AA) + 10 * sympy.sign(AA - x),
    sympy.Heaviside(x - AA) + 10 * sympy.Heaviside(AA - x) + 100 * sympy.Heaviside(k - x, 0),
    sympy.Piecewise((k, AA > 10), (x, sympy.And(AA > 1, time < 3)), (0, True)),
    sympy.Piecewise((1, sympy.Or(AA < 1, sympy.Eq(n, 2))), (2, True)),
    sympy.Piecewise((1, sympy.Not(sympy.And(AA > 1, x >= 2.6, n <= 2))), (2, True)),
    sympy.Piecewise((1, sympy.ITE(AA > 1, x > 3, x > 1)), (2, sympy.Ne(x, 2)), (3, True)),
    gg * 2 + time,
]


@pytest.mark.parametrize("formula", FORMULAS, ids=str)
@pytest.mark.parametrize("native", [False, True])
def test_translation_keeps_the_value(formula: Any, native: bool) -> None:
    tree = translate(formula, native=native)
    expected = complex(formula.evalf(30, subs=VALUES)) if formula.free_symbols else formula.evalf()
    assert tree.evaluate(SCOPE, time=1.7) == pytest.approx(float(expected.real), rel=1e-14)
    if native:
        used = {node.name for node in tree.walk() if isinstance(node, Call)}
        assert used <= OF_BNG2
        assert "!" not in parenthesised(tree).replace("!=", "")  # run_network has no negation


@given(st.floats(-1e6, 1e6), st.booleans())
def test_rounding_is_exact(value: float, whole: bool) -> None:
    value = float(round(value)) if whole else value
    for symbolic, exact in ((sympy.floor(AA), math.floor), (sympy.ceiling(AA), math.ceil)):
        tree = translate(symbolic, native=True)
        # Within rounding of 0.5 itself, rint(x - 0.5) may fall to either side.
        if whole or abs(value - round(value)) > 1e-9:
            assert tree.evaluate({"AA": value}) == exact(value)


def test_names_are_replaced() -> None:
    tree = translate(k * AA + gg, {"k": "k_", "gg": "g"})
    assert tree.names == {"k_", "AA", "g"}


def test_tags_stay_arguments() -> None:
    assert str(translate(AA(tag) * k)) in ("AA(t)*k", "k*AA(t)")


def test_text_is_short() -> None:
    assert str(translate(k * AA / (1 + AA))) == "AA*k/(1+AA)"
    assert str(translate(-(x**2))) == "-x^2"
    assert str(translate(k - x)) == "k-x"
    assert parse(str(translate(x**-2))) == parse("1/x^2")


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (sympy.erf(AA), "the function erf"),
        (sympy.gamma(AA), "the function gamma"),
        (AA * sympy.I, "the imaginary unit"),
        (sympy.Add(AA, sympy.oo, evaluate=False), "infinity"),
        (sympy.Symbol("q") * AA, "the symbol 'q' is no component"),
        (sympy.Piecewise((k, AA > 3)), "a Piecewise without a last case"),
        (sympy.Integral(sympy.sin(x), (x, 0, 1)), "Integral"),
    ],
)
def test_what_has_no_counterpart_is_named(formula: Any, said: str) -> None:
    with pytest.raises(TranslationError, match=said):
        translate(formula)


def test_a_value_outside_the_domain_is_an_error() -> None:
    with pytest.raises(ExpressionError, match="has no value"):
        translate(sympy.log(AA)).evaluate({"AA": -1.0})
