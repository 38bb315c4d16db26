import math
from fractions import Fraction

import libsbml
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mtorules.export.sbml.mathematics import mathml
from mtorules.export.sbml.mathematics.mathml import MathError
from mtorules.network.mathematics import expressions
from mtorules.network.mathematics.expressions import ExpressionError

NAMES = {name: name for name in "abxy"}
VALUES = {"a": 0.75, "b": 2.5, "x": 0.3, "y": 40.0}


def read(text: str) -> libsbml.ASTNode:
    node = libsbml.readMathMLFromString(
        '<math xmlns="http://www.w3.org/1998/Math/MathML"'
        f' xmlns:sbml="http://www.sbml.org/sbml/level3/version2/core">{text}</math>'
    )
    assert node is not None, text
    return node


def value(text: str) -> float:
    """Let libSBML evaluate MathML."""
    document = libsbml.SBMLDocument(3, 2)
    model = document.createModel()
    for name, number in VALUES.items():
        parameter = model.createParameter()
        parameter.setId(name)
        parameter.setValue(number)
        parameter.setConstant(True)
    return libsbml.SBMLTransforms.evaluateASTNode(read(text), model)


@pytest.mark.parametrize(
    "text",
    [
        "a+b*x-y/3",
        "-a^2",
        "(-a)^2",
        "2^-b",
        "a-b-x",
        "a/b/x",
        "if(a<b,x,y)",
        "if((a>b)||(x==0.3),1,if(!(y>=40),2,3))",
        "(a<b)+(a>b)*2",
        "exp(a)+ln(b)+log10(y)",
        "sqrt(y)+abs(-a)",
        "sin(a)+cos(a)+tan(a)+asin(a)+acos(a)+atan(a)",
        "sinh(a)+cosh(a)+tanh(a)+asinh(a)+acosh(b)+atanh(a)",
        "floor(b)+ceil(b)",
        "rint(2.5)+rint(-2.5)+rint(a)",
        "min(a,b,x)+max(a,b,x)",
        "sum(a,b,x)*avg(a,b,x)",
        "sign(a)+sign(-a)+sign(a-a)",
        "_pi()*_e()",
    ],
)
def test_formulas_keep_their_value(text: str) -> None:
    tree = expressions.parse(text)
    node = mathml.translate(tree, NAMES)
    expected = tree.evaluate(VALUES)
    assert value(mathml.written(node)) == pytest.approx(expected, rel=1e-14)
    assert value(mathml.written(node, units=False, lacking={"min", "max"})) == pytest.approx(
        expected, rel=1e-14
    )


def trees() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["a", "b", "x", "y", "2", "0.5", "1e-3"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from("+-*/"), inner, inner).map("({0[1]}{0[0]}{0[2]})".format),
            st.tuples(inner, st.sampled_from(["2", "-1", "0.5"])).map("(({0[0]})^({0[1]}))".format),
            inner.map("abs({})".format),
            st.tuples(inner, inner).map("min({0[0]},{0[1]})".format),
            st.tuples(inner, inner, inner).map("if({0[0]}<{0[1]},{0[2]},{0[0]})".format),
        ),
        max_leaves=8,
    )


@given(trees())
def test_random_formulas_keep_their_value(text: str) -> None:
    tree = expressions.parse(text)
    try:
        expected = tree.evaluate(VALUES)
    except (ExpressionError, ArithmeticError):
        assume(False)
        return
    assume(isinstance(expected, float | int) and math.isfinite(expected))
    found = value(mathml.written(mathml.translate(tree, NAMES)))
    assert found == pytest.approx(expected, rel=1e-12)


@given(st.floats(min_value=5e-324, max_value=1.7e308))
def test_every_number_is_read_back_as_itself(number: float) -> None:
    node = mathml.translate(expressions.parse(repr(number)), {})
    assert read(mathml.written(node)).getValue() == number


def test_functions_with_arguments_are_put_in() -> None:
    inlined = {"f": (("u", "v"), expressions.parse("u/(u+v)"))}
    node = mathml.translate(expressions.parse("2*f(a+1,b)"), NAMES, inlined)
    assert value(mathml.written(node)) == pytest.approx(2 * 1.75 / (1.75 + 2.5))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a*kk", "The model has no 'kk'"),
        ("a*bb", "The model has no 'bb'. Did you mean 'b'?"),
        ("mratio(1,2,a)", "The function 'mratio' has no counterpart in SBML"),
        ("expp(a)", "expp"),
    ],
)
def test_what_has_no_counterpart_is_named(text: str, message: str) -> None:
    with pytest.raises(MathError) as caught:
        mathml.translate(expressions.parse(text), NAMES)
    assert message.split(".")[0] in str(caught.value)


def test_numbers_that_count_say_that_they_have_no_unit() -> None:
    text = mathml.written(mathml.fraction(Fraction(3, 2)))
    assert text == '<cn sbml:units="dimensionless">1.5</cn>'
    assert value(mathml.written(mathml.fraction(Fraction(1, 3)))) == 1 / 3


def test_tables_of_nested_conditions_have_room() -> None:
    text = "0"
    for i in range(2000, 0, -1):
        text = f"if((t<={i}),{i},{text})"
    text = mathml.written(mathml.translate(expressions.parse(text), {"t": "t"}))
    assert text.count("<otherwise>") == 2000
