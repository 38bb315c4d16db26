"""Formulas as text: Python's own reader says what they mean."""

import math

import pytest
from mtorules.export.odes.infix import Dialect
from mtorules.export.sbml.mathematics.mathml import translate
from mtorules.network.mathematics.expressions import parse

PYTHON = Dialect(
    functions={name: f"math.{name}" for name in ("exp", "floor", "sin")}
    | {"ln": "math.log", "root": "math.sqrt", "ceiling": "math.ceil", "abs": "abs"},
    power="{0}**{1}",
    piecewise="({0} if {1} else {2})",
    log="math.log({1})/math.log({0})",
    logic={"and": "and", "or": "or", "not": "not "},
    symbols={"time": "t", "pi": "math.pi"},
)
VALUES = {"a": 2.5, "b": -3.0, "c": 7.0, "d": 0.25}


@pytest.mark.parametrize(
    "text",
    [
        "a-(b-c)",
        "a-b-c",
        "a/(b/c)",
        "a/b/c",
        "a/(b*c)",
        "a*(b+c)",
        "-a^2",
        "(-b)^2",
        "a^c^d",
        "(a^c)^d",
        "a^(-d)",
        "2^(a+b)",
        "a-(-b)",
        "a*(-b)",
        "-(a+b)*c",
        "if(a>b&&(c<d||b<0),a,c)",
        "if(!(a>b),1,2)+3",
        "if(a>b,if(c>d,1,2),3)*a",
        "min(a,b,c)*max(a,d)",
        "log10(c)/2",
        "a/log2(c)",
        "rint(a)+sqrt(c)*abs(b)",
        "(a>b)+(c<d)",
        "sign(b)*exp(-d)",
        "1e-3*a + 2.5E+2",
    ],
)
def test_text_means_what_the_tree_means(text: str) -> None:
    tree = parse(text)
    node = translate(tree, {name: name for name in VALUES})
    printed = PYTHON.written(node)
    assert eval(printed, {"math": math}, dict(VALUES)) == pytest.approx(tree.evaluate(VALUES))


def test_three_arguments_become_pairs_where_a_language_wants_them() -> None:
    node = translate(parse("max(a,b,c)"), {name: name for name in VALUES})
    assert Dialect(pairs=True).written(node) == "max(a, max(b, c))"
