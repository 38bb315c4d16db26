from fractions import Fraction

import libsbml
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtorules.export.sbml.mathematics.unit_definitions import definition, spelled_id
from mtorules.network.units import units
from mtorules.network.units.units import DIMENSIONLESS, UnitError


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zmol/pL", "nM"),
        ("1/(nM*s)", "nM^-1 s^-1"),
        ("um^3", "fL"),
        ("uM", "µM"),
        ("h", "60*min"),
        ("kcal/mol", "4.184 kJ/mol"),
        ("percent", "%"),
        ("fraction", "1"),
        ("mol/L", "M"),
        ("molecules", "item"),
        ("V", "J/(A*s)"),
    ],
)
def test_units_that_mean_the_same_are_equal(one: str, other: str) -> None:
    assert units.parse(one) == units.parse(other)


@pytest.mark.parametrize(("one", "other"), [("nM", "uM"), ("s", "min"), ("item", "mol")])
def test_units_that_do_not_are_not(one: str, other: str) -> None:
    assert units.parse(one) != units.parse(other)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mole5", "no unit 'mole5'. Did you mean 'moles?'"),
        ("nM^x", "The exponent 'x' of a unit is no number"),
        ("nM +", "Cannot read the unit 'nM \\+'"),
        ("exp(s)", "Cannot read the unit"),
        ("0*s", "cannot be zero or negative"),
    ],
)
def test_what_is_no_unit_is_told(text: str, message: str) -> None:
    with pytest.raises(UnitError, match=message):
        units.parse(text)


WORDS = st.sampled_from(["nM", "s", "min", "h", "pL", "zmol", "um", "kcal", "item", "percent"])
PRODUCTS = st.lists(st.tuples(WORDS, st.sampled_from([-2, -1, 1, 2])), max_size=4)


def unit_of(factors: list[tuple[str, int]]) -> units.Unit:
    result = DIMENSIONLESS
    for word, power in factors:
        result *= units.parse(word) ** power
    return result


@given(PRODUCTS, PRODUCTS)
def test_arithmetic_is_exact(one: list[tuple[str, int]], other: list[tuple[str, int]]) -> None:
    a, b = unit_of(one), unit_of(other)
    assert a * b == b * a
    assert a * b / b == a
    assert (a**2) ** Fraction(1, 2) == a


@given(PRODUCTS)
def test_definitions_mean_the_unit_to_libsbml(factors: list[tuple[str, int]]) -> None:
    """libSBML reduces each definition to SI; the factor and the exponents must be ours."""
    unit = unit_of(factors)
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">'
        f"<model><listOfUnitDefinitions>{definition('u', 'u', unit, three=True)}"
        "</listOfUnitDefinitions></model></sbml>"
    )
    document = libsbml.readSBMLFromString(text)
    assert document.getNumErrors() == 0, document.getErrorLog().toString()
    reduced = libsbml.UnitDefinition.convertToSI(document.getModel().getUnitDefinition("u"))
    factor, exponents = 1.0, {}
    for i in range(reduced.getNumUnits()):
        row = reduced.getUnit(i)
        factor *= (row.getMultiplier() * 10.0 ** row.getScale()) ** row.getExponentAsDouble()
        kind = libsbml.UnitKind_toString(row.getKind())
        if kind != "dimensionless":
            exponents[kind] = exponents.get(kind, 0) + row.getExponentAsDouble()
    assert factor == pytest.approx(unit.factor, rel=1e-9)
    assert {k: e for k, e in exponents.items() if e} == unit.dimensions


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1/(nM*s)", "per_nM_per_s"), ("nM/s", "nM_per_s"), ("um^2", "um2"), ("µM", "uM")],
)
def test_definitions_are_called_as_they_were_declared(text: str, expected: str) -> None:
    assert spelled_id(text) == expected
