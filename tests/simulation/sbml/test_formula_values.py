"""Start values as Python against libRoadRunner's own arithmetic and against libSBML's parser."""

import math
from collections.abc import Callable

import libsbml
import pytest
import roadrunner
from mtorules.simulation.sbml import formula_text, formula_values
from mtorules.simulation.sbml.formula_values import FormulaError
from mtorules.simulation.sbml.reading import read


def parsed(text: str) -> libsbml.ASTNode:
    node = libsbml.parseL3Formula(text)
    assert node is not None, libsbml.getLastParseL3Error()
    return node


def value(text: str, **scope: float) -> float:
    return formula_values.evaluate(
        formula_values.compiled(formula_text.python(parsed(text))), scope
    )


FUNCTIONS = """
    A + 2*B - 3/A; -A; A^B^2; -A^2; (-A)^2; 7 % A; +A; A; 1/3; 2e-7*A; A - B - 1;
    abs(-A); ceil(-A); floor(-A); exp(A); ln(A); log10(A); log(3, A); sqrt(A); root(3, A);
    factorial(4); quotient(-7, 2); rem(-7, 2); min(3, A, B); max(A, 2, B, 1); min(A); max(B);
    sin(A); cos(A); tan(A); sec(A); csc(A); cot(A);
    sinh(A); cosh(A); tanh(A); sech(A); csch(A); coth(A);
    arcsin(B/9); arccos(B/9); arctan(A); arcsec(3); arccsc(3); arccot(A);
    arcsinh(A); arccosh(2 + A); arctanh(B/9); arcsech(B/9); arccsch(A); arccoth(3);
    piecewise(1, A < B, 2, A > 10, 3); piecewise(1, A == 1.5, 2); piecewise(4, A != 1.5, 5);
    piecewise(1, A <= 1.5 && B >= 0.5, 0); piecewise(1, A < 1 || B < 1, 0);
    piecewise(1, xor(A < 5, B < 5), 2); piecewise(1, !(A < 5), 2);
    piecewise(1, implies(A > 5, B > 5), 2); (2 && 3) + 1; (0 || 4) + A; implies(1, 7) + A;
    piecewise(1, geq(3, A, B), 2);
    piecewise(1, true, 2); piecewise(1, false, 2); A < B; pi*exponentiale; time + A
"""


@pytest.mark.parametrize("formula", [part.strip() for part in FUNCTIONS.split(";")])
def test_arithmetic_is_that_of_libroadrunner(
    antimony_sbml: Callable[[str], str], formula: str
) -> None:
    """As an initial assignment, which libRoadRunner compiles and we evaluate."""
    text = antimony_sbml("model m; species S; S = 0; J: -> S; 1; A = 1.5; B = 0.5; p = 0; end")
    document = libsbml.readSBMLFromString(text)
    entry = document.getModel().createInitialAssignment()
    entry.setSymbol("p")
    entry.setMath(parsed(formula))
    text = libsbml.writeSBMLToString(document)
    ours = read(text).initial({})[0]["p"]
    assert ours == pytest.approx(roadrunner.RoadRunner(text)["p"], rel=1e-14)
    changed = read(text).initial({"A": 1.25, "B": 0.75})[0]["p"]
    assert changed == pytest.approx(value(formula, A=1.25, B=0.75), rel=1e-15)


def test_constants_are_exact() -> None:
    assert value("avogadro") == 6.02214179e23  # which SBML Level 3 fixes
    assert value("pi") == math.pi
    assert value("1e-400 + infinity") == math.inf
    assert math.isnan(value("notanumber"))
    assert math.isnan(value("piecewise(1, 2 < 1)"))


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("1/A", "division by zero"),
        ("ln(A)", "math domain error"),
        ("(-8)^(1/3)", "no real number"),
        ("exp(1000)", "math range error"),
        ("other + 1", "'other' has none at the start"),
    ],
)
def test_arithmetic_that_fails(formula: str, said: str) -> None:
    with pytest.raises(FormulaError, match=said):
        value(formula, A=0.0)


@pytest.mark.parametrize("formula", ["delay(A, 1)", "foreign(A)"])
def test_what_has_no_value_at_a_start(formula: str) -> None:
    with pytest.raises(FormulaError, match="cannot be evaluated at the start") as raised:
        formula_text.python(parsed(formula))
    assert formula.split("(")[0] in str(raised.value)


def test_a_sum_of_very_many_terms_is_no_obstacle() -> None:
    """libSBML reads it as sums of two, one inside the other, deeper than Python may go."""
    terms = [f"a{number}" for number in range(3000)]
    node = libsbml.readMathMLFromString(libsbml.writeMathMLToString(parsed("+".join(terms))))
    scope = {name: float(number) for number, name in enumerate(terms)}
    code = formula_values.compiled(formula_text.python(node))
    assert formula_values.evaluate(code, scope) == 2999 * 3000 / 2
    assert formula_text.names(node) == set(terms)
    assert formula_text.weights(node, {n: {n: 1.0} for n in terms}) == dict.fromkeys(terms, 1.0)
    product = libsbml.readMathMLFromString(
        libsbml.writeMathMLToString(parsed("*".join(["2"] * 60 + ["a"])))
    )
    assert (
        formula_values.evaluate(formula_values.compiled(formula_text.python(product)), {"a": 3.0})
        == 3 * 2.0**60
    )


def test_names_of_a_formula() -> None:
    assert formula_text.names(parsed("a*(b + sin(c))/piecewise(d, e < 3, a)")) == set("abcde")
    assert formula_text.names(parsed("pi*time + 3")) == set()


KNOWN = {"A": {"A": 1.0}, "B": {"B": 1.0}, "pair": {"A": 1.0, "B": 2.0}}


@pytest.mark.parametrize(
    ("formula", "weights"),
    [
        ("A", {"A": 1.0}),
        ("A + B + A", {"A": 2.0, "B": 1.0}),
        ("2*A + 0.5*B*4", {"A": 2.0, "B": 2.0}),
        ("3*(A + pair)", {"A": 6.0, "B": 6.0}),
        ("0", {}),
        ("A + 0", {"A": 1.0}),
        ("1", None),
        ("A*B", None),
        ("A/2", None),
        ("A - B", None),
        ("A + k", None),
        ("sin(A)", None),
        ("2*3", None),
    ],
)
def test_weighted_sums_are_recognised(formula: str, weights: dict[str, float] | None) -> None:
    assert formula_text.weights(parsed(formula), KNOWN) == weights


@pytest.mark.parametrize(
    "inner",
    ["<minus/>", "<minus/><cn>1</cn><cn>2</cn><cn>3</cn>", "<geq/><cn>1</cn>", "<exp/>", "<root/>",
     "<log/>", "<floor/>", "<divide/><cn>1</cn>", "<piecewise/>"],
)  # fmt: skip
def test_a_function_with_too_few_or_too_many_arguments_has_no_value(inner: str) -> None:
    math = f'<math xmlns="http://www.w3.org/1998/Math/MathML"><apply>{inner}</apply></math>'
    node = libsbml.readMathMLFromString(math)
    if node is not None:
        with pytest.raises(FormulaError):
            formula_text.python(node)
