from collections.abc import Callable

import pytest
from mtorules.export.sbml import writer
from mtorules.export.sbml.mathematics.base_units import base_units
from mtorules.export.sbml.mathematics.dimensions import Product, Solver
from mtorules.network import generate
from mtorules.network.network import Network
from mtorules.network.units import units

HEAD = "begin model\nbegin parameters\n"
TAIL = """end parameters
begin seed species
  A() 10
  B() 20
end seed species
begin observables
  Molecules As A()
end observables
begin functions
  f() k1/(1+As/K)
end functions
begin reaction rules
  one: A() -> 0 f()
  two: A() + B() -> B() k2
  none: 0 -> A() k0
end reaction rules
end model
"""


@pytest.fixture
def network() -> Network:
    text = HEAD + "  k0 1\n  k1 2\n  k2 3\n  K 5\n" + TAIL
    return generate.from_bngl(text, "orders")


def unit_of(text: str, name: str) -> str:
    import libsbml

    document = libsbml.readSBMLFromString(text)
    return document.getModel().getParameter(name).getUnits()


def test_units_follow_from_the_order_of_reactions(network: Network) -> None:
    text = writer.text(network)
    found = {name: unit_of(text, name) for name in ("k0", "k1", "k2", "K", "f", "As")}
    assert found == {
        "k0": "item_per_s",
        "k1": "per_s",
        "k2": "per_item_per_s",
        "K": "item",
        "f": "per_s",
        "As": "item",
    }


def declared(network: Network, **said: str) -> Network:
    from dataclasses import replace

    parameters = tuple(replace(p, unit=said.get(p.name)) for p in network.parameters)
    return replace(network, parameters=parameters)


def test_one_declared_unit_decides_the_others(network: Network) -> None:
    document = writer.document(declared(network, k2="1/(nM*min)", k1="1/min"))
    assert unit_of(document.text, "K") == "nM"
    assert unit_of(document.text, "k0") == "nM_per_min"
    assert base_units(declared(network, k2="1/(nM*min)")).concentrations
    assert document.report.notices == ()


def test_units_that_contradict_each_other_are_mended_and_told(
    network: Network, findings: Callable[[str], list[str]]
) -> None:
    document = writer.document(declared(network, k2="1/(nM*s)", k1="1/s", K="s"))
    assert findings(document.text) == []
    (notice,) = document.report.notices
    assert "expression 'f'" in notice
    assert "a factor 1 turns" in notice


def test_an_unknown_unit_is_named(network: Network) -> None:
    with pytest.raises(writer.SbmlError, match="no unit 'nN0'"):
        writer.text(declared(network, K="nN0"))


def test_a_solver_lets_literals_yield_to_parameters() -> None:
    solver = Solver()
    parameter, literal = solver.unknown("k", 3), solver.unknown("2", 9)
    nanomolar = Product(units.parse("nM"))
    assert solver.equal(parameter * literal, nanomolar)
    assert solver.value(literal) is None
    assert solver.equal(parameter, nanomolar)
    assert solver.value(literal) == units.DIMENSIONLESS
    assert not solver.equal(parameter, Product(units.parse("s")))


def test_roots_are_solved_exactly() -> None:
    solver = Solver()
    root = solver.unknown("x", 1)
    assert solver.equal(root**2, Product(units.parse("nM^3")))
    assert solver.value(root**4) == units.parse("nM^6")
