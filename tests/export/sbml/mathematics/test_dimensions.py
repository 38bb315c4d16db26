from collections.abc import Callable

import numpy as np
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
    model = document.getModel()
    species = model.getSpecies(name)  # which an observable of one species is
    return model.getParameter(name).getUnits() if species is None else species.getSubstanceUnits()


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


def decay(parameters: str, rate: str, functions: str = "") -> str:
    """Return a model of A and B whose one rule has the given rate."""
    return (
        f"begin model\nbegin parameters\n{parameters}\nend parameters\n"
        "begin molecule types\nA()\nB()\nend molecule types\n"
        "begin seed species\nA() 10\nB() 20\nend seed species\n"
        "begin observables\nMolecules At A()\nMolecules Bt B()\nend observables\n"
        f"begin functions\n{functions}\nend functions\n"
        f"begin reaction rules\n{rate}\nend reaction rules\nend model\n"
    )


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("10^-4", 1e-4),
        ("3*10^-4", 3e-4),
        ("log10(5)*10^-3", 6.989700043360187e-4),
        ("exp(-3)", 0.049787068367863944),
        ("sqrt(2)/1e3", 1.4142135623730951e-3),
        ("(2*3)^2/(1+1)", 18.0),
        ("0.1*10^-n", 1e-3),
        ("3*2^n", 12.0),
        ("10^-n", 0.01),
        ("if(2>1,3,4)*2^3", 24.0),
    ],
)
def test_powers_and_functions_of_literals_have_units_that_agree(
    findings: Callable[..., list[str]],
    courses: Callable[..., dict[str, np.ndarray]],
    formula: str,
    value: float,
) -> None:
    network = generate.from_bngl(decay(f"n 2\nk {formula}", "A() + B() -> 0 k"), "m", cache=False)
    text = writer.text(network)
    assert findings(text) == []
    assert courses(text, np.arange(2.0), ["k"])["k"][0] == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize(
    ("function", "value"),
    [
        ("k*At^(-0.5)", 2 * 10**-0.5),
        ("k*At^(-2)", 0.02),
        ("k*At^(-n)", 2 * 10**-1.7),
        ("k*At^n", 2 * 10**1.7),
        ("k*At^(1/3)", 2 * 10 ** (1 / 3)),
        ("k*At^(-(1/3))", 2 * 10 ** (-1 / 3)),
        ("k*At^n/(K^n+At^n)", 2 * 10**1.7 / (4**1.7 + 10**1.7)),
        ("if(time()>3,k*min(At,10)^2,max(k,rint(Bt/2)))", 10.0),
        ("rint(time()/10)*k+max(0,sin(time()))^2", 0.0),
        ("k*2^(time()/K)+abs(At-Bt)^1.5*k", 2 + 2 * 10**1.5),
    ],
)
def test_powers_of_quantities_have_units_that_agree(
    findings: Callable[..., list[str]],
    courses: Callable[..., dict[str, np.ndarray]],
    function: str,
    value: float,
) -> None:
    source = decay("k 2\nK 4\nn 1.7", "B() -> 0 f()", f"f() = {function}")
    text = writer.text(generate.from_bngl(source, "m", cache=False))
    assert findings(text) == []
    assert courses(text, np.arange(2.0), ["f"])["f"][0] == pytest.approx(value, rel=1e-12)


def test_hill_of_any_coefficient_has_units_that_agree(
    findings: Callable[..., list[str]], courses: Callable[..., dict[str, np.ndarray]]
) -> None:
    source = decay("k 3\nK 4\nn 1.7", "A() -> A() + B() Hill(k,K,n)")
    text = writer.text(generate.from_bngl(source, "m", cache=False))
    assert findings(text) == []
    made = 3 * 10**1.7 / (4**1.7 + 10**1.7)  # a unit of time, with A as it was
    assert courses(text, np.arange(3.0), ["Bt"])["Bt"] == pytest.approx(
        20 + made * np.arange(3), rel=1e-6
    )
