"""What is read of SBML against what libRoadRunner makes of the same file."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import libsbml
import pytest
import roadrunner
from mtorules.network.units.quantities import UNITS, Unit
from mtorules.simulation import load
from mtorules.simulation.sbml.model import SbmlError, SbmlModel
from mtorules.simulation.sbml.reading import digest, read

CONSTRUCTS = Path(__file__).parents[2] / "constructs"
AVOGADRO = 602214076 * 10**15


def started(text: str) -> tuple[dict[str, float], dict[str, float]]:
    """Return what libRoadRunner starts with: parameters and rooms, and amounts of species."""
    rr = roadrunner.RoadRunner(text)
    values = {
        id: rr[id] for id in (*rr.model.getGlobalParameterIds(), *rr.model.getCompartmentIds())
    }
    species = (*rr.model.getFloatingSpeciesIds(), *rr.model.getBoundarySpeciesIds())
    return values, {id: rr.model[id] for id in species}


def with_values(text: str, values: dict[str, float]) -> str:
    """Let libSBML write other values into the file."""
    document = libsbml.readSBMLFromString(text)
    for id, value in values.items():
        document.getModel().getElementBySId(id).setValue(value)
    return libsbml.writeSBMLToString(document)


def agrees(model: SbmlModel, text: str, values: dict[str, float]) -> None:
    settable, state = model.initial(values)
    expected, amounts = started(with_values(text, values))
    for id, value in settable.items():
        assert value == pytest.approx(expected[id], rel=1e-12), id
    for id, value in state.items():
        assert value == pytest.approx({**expected, **amounts}[id], rel=1e-12), id


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("compartment_sizes.py", {"scale": 4.0, "L_0": 7.0}),
        ("derived_parameters.bngl", {}),
        ("fixed_species.bngl", {}),
        ("number_per_quantity.bngl", {}),
        ("energies.py", {}),
    ],
)
def test_start_values_of_our_own_files(name: str, values: dict[str, float]) -> None:
    loaded = load.load(CONSTRUCTS / name)
    agrees(loaded.model, loaded.sbml, {})
    agrees(loaded.model, loaded.sbml, values)


OTHERS = """
    model others
    compartment big = 4, small = big/8;
    species A in big, B in small, $C in big; substanceOnly species D in small;
    A = 3; B = 2*k; C = 5; D = 6;
    k = 0.5; l = k^2 + later; later = 0.25; sum := A + 2*D; m = sum*k; gone' = -0.1*gone; gone = 3;
    J: A -> B; k*A; K: D -> ; l*D;
    end
"""


def test_start_values_of_files_of_others(antimony_sbml: Callable[[str], str]) -> None:
    """Derived rooms, concentrations, values that rest on rules and on what comes later."""
    text = antimony_sbml(OTHERS)
    model = read(text)
    for values in ({}, {"k": 0.8}, {"k": 2.0, "later": 1.0}, {"gone": 9.0}):
        agrees(model, text, values)
    settable, state = model.initial({})
    assert settable["m"] == (3 + 2 * 6) * 0.5
    assert state["A"] == 3 * 4  # an amount, from a concentration
    assert state["B"] == 2 * 0.5 * 0.5
    assert model.initial({"A": 2.0})[1]["A"] == 2.0
    assert model.initial({"A": 2.0})[0]["m"] == (2 / 4 + 12) * 0.5


def test_a_model_of_others_is_declared_as_it_is(antimony_sbml: Callable[[str], str]) -> None:
    text = antimony_sbml(OTHERS)
    model = read(text)
    assert model.id == "others"
    assert model.sha256 == digest(text)
    assert list(model.species) == ["A", "B", "C", "D"]
    assert [s.amounts for s in model.species.values()] == [False, False, False, True]
    assert model.parameters["big"].compartment
    assert model.parameters["sum"].rule == "assignment"
    assert model.parameters["gone"].rule == "rate"
    assert model.outputs == ("sum",)
    assert model.state_ids == ("A", "B", "C", "D", "gone")
    assert set(model.settable) == {"big", "small", "k", "l", "later", "m"}
    assert model.reactions == ((("A", -1.0), ("B", 1.0)), (("D", -1.0),))
    assert model.used >= {"k", "l", "A", "D", "gone"}
    assert "later" not in model.used
    assert (model.events, model.timed) == (False, False)
    assert model.reversible


def test_what_moves_by_itself_is_noticed(antimony_sbml: Callable[[str], str]) -> None:
    events = read(antimony_sbml("model m; k = 1; l = 2; at (time > 5): k = 2; end"))
    assert events.events
    assert (events.state_ids, events.settable) == (("k",), ("l",))
    assert read(antimony_sbml("model m; species A; A=1; J: A -> ; time*A; end")).timed
    assert not read(antimony_sbml("model m; species A; A=1; J: A => ; A; end")).reversible


def test_stoichiometry_leaves_out_what_reactions_cannot_change(
    antimony_sbml: Callable[[str], str],
) -> None:
    model = read(
        antimony_sbml(
            "model m; species A, $B, C, E; A=1; B=1; C=0; E=1;"
            " J: 2 A + B + E -> 3 C + E; A*B; K: A -> 2 A; A; end"
        )
    )
    assert model.reactions == ((("A", -2.0), ("C", 3.0)), (("A", 1.0),))


def test_observables_are_sums_of_species(antimony_sbml: Callable[[str], str]) -> None:
    body = (
        "model m; compartment c = 1; substanceOnly species A in c, B in c; species F in c;"
        " A=1; B=2; F=3; one := A; both := A + 2*B; more := both + A; none := 0;"
        " ratio := A/B; dense := F; J: A -> B; A; end"
    )
    model = read(antimony_sbml(body))
    assert model.sums == {
        "one": {"A": 1.0},
        "both": {"A": 1.0, "B": 2.0},
        "more": {"A": 2.0, "B": 2.0},
        "none": {},
    }
    assert model.species_of("both") == ("A", "B")
    assert model.outputs == ("one", "both", "more", "none", "ratio", "dense")


# -- units -----------------------------------------------------------------------------------------


def with_units(defined: str, attributes: str = "", level: int = 3) -> SbmlModel:
    version = {3: 1, 2: 4}[level]
    space = {3: "level3/version1/core", 2: "level2/version4"}[level]
    amount = 'hasOnlySubstanceUnits="true" boundaryCondition="false" constant="false"'
    return read(
        f'<sbml xmlns="http://www.sbml.org/sbml/{space}" level="{level}" version="{version}">'
        f'<model id="m"{attributes}><listOfUnitDefinitions>{defined}</listOfUnitDefinitions>'
        '<listOfCompartments><compartment id="c" spatialDimensions="3" size="1" constant="true"/>'
        '<compartment id="skin" spatialDimensions="2" size="1" constant="true"/>'
        f'</listOfCompartments><listOfSpecies><species id="S" compartment="c" initialAmount="1"'
        f" {amount if level == 3 else ''}/></listOfSpecies>"
        '<listOfParameters><parameter id="p" value="1" units="u" constant="true"/>'
        "</listOfParameters></model></sbml>"
    )


def unit(kind: str, exponent: float = 1, scale: int = 0, multiplier: float = 1) -> str:
    return (
        f'<unit kind="{kind}" exponent="{exponent:g}" scale="{scale}" multiplier="{multiplier}"/>'
    )


def definition(id: str, *units: str) -> str:
    return f'<unitDefinition id="{id}"><listOfUnits>{"".join(units)}</listOfUnits></unitDefinition>'


@pytest.mark.parametrize(
    ("units", "expected"),
    [
        ([unit("mole", scale=-9), unit("litre", -1)], UNITS["nM"]),
        ([unit("mole", scale=-21)], UNITS["zmol"]),
        ([unit("second", multiplier=60)], UNITS["min"]),
        ([unit("metre", 3, scale=-4)], UNITS["pL"].scale / 1000),
        ([unit("metre", 3, scale=-5)], UNITS["pL"].scale / 10**6),
        ([unit("dimensionless")], UNITS["1"]),
        ([unit("item")], Unit(Fraction(1, AVOGADRO), mole=1)),
        ([unit("mole", -1, -9), unit("litre"), unit("second", -1)], UNITS["1/(nM*s)"]),
        ([unit("kilogram")], None),
        ([unit("metre", 2)], None),
        ([unit("mole", 0.5)], None),
    ],
)
def test_units_are_read_exactly(units: list[str], expected: Unit | Fraction | None) -> None:
    found = with_units(definition("u", *units)).parameters["p"].unit
    if isinstance(expected, Fraction):
        # A cubic decimetre is a litre, so (1e-4 m)^3 is 1e-9 L.
        metre = int(units[0].partition('scale="')[2].partition('"')[0])
        assert found == Unit(Fraction(1000) * Fraction(10) ** (3 * metre), litre=1)
    else:
        assert found == expected


def test_a_model_says_its_units_once_for_all() -> None:
    fmol, fl = definition("fmol", unit("mole", scale=-15)), definition("fl", unit("litre", 1, -15))
    hour = definition("hour", unit("second", multiplier=3600))
    said = ' substanceUnits="fmol" volumeUnits="fl" timeUnits="hour"'
    model = with_units(fmol + fl + hour + definition("u", unit("mole")), said)
    assert model.species["S"].unit == UNITS["fmol"]
    assert model.parameters["c"].unit == UNITS["fL"]
    assert model.parameters["skin"].unit is None
    assert model.time_unit == UNITS["h"]


def test_without_a_word_level_3_has_no_units_and_level_2_has() -> None:
    bare = with_units(definition("u", unit("mole")))
    assert (bare.species["S"].unit, bare.parameters["c"].unit, bare.time_unit) == (None,) * 3
    older = with_units(definition("u", unit("mole")), level=2)
    assert older.species["S"].unit == UNITS["mol"]
    assert older.parameters["c"].unit == UNITS["L"]
    assert older.time_unit == UNITS["s"]
    nano = definition("substance", unit("mole", scale=-9)) + definition("u", unit("mole"))
    assert with_units(nano, level=2).species["S"].unit == UNITS["nmol"]


# -- what cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no SBML that can be read"),
        ("model", "no SBML that can be read; line 1: XML content is not well-formed"),
        (
            '<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"/>',
            "must contain a <model>",
        ),
        (
            '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"/>',
            "The SBML holds no model",
        ),
    ],
)
def test_what_is_no_sbml(text: str, said: str) -> None:
    with pytest.raises(SbmlError) as raised:
        read(text)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("formulas", "said"),
    [
        ({"a": "b + 1", "b": "c", "c": "2*a"}, "in a circle: a -> b -> c -> a"),
        ({"a": "delay(b, 1)"}, "Model 'm': 'delay(b, 1)' cannot be evaluated at the start"),
        ({"a": "(" * 2000 + "b" + "^2)" * 2000}, "nested too deeply"),
    ],
    ids=["circle", "delay", "nested"],
)
def test_start_values_that_cannot_be_worked_out(
    antimony_sbml: Callable[[str], str], formulas: dict[str, str], said: str
) -> None:
    document = libsbml.readSBMLFromString(antimony_sbml("model m; a = 1; b = 1; c = 1; end"))
    for id, formula in formulas.items():
        entry = document.getModel().createInitialAssignment()
        entry.setSymbol(id)
        entry.setMath(libsbml.parseL3Formula(formula))
    with pytest.raises(SbmlError) as raised:
        read(libsbml.writeSBMLToString(document))
    assert said in str(raised.value)


def test_an_algebraic_rule_is_refused(antimony_sbml: Callable[[str], str]) -> None:
    document = libsbml.readSBMLFromString(antimony_sbml("model m; species S; S = 1; end"))
    rule = document.getModel().createAlgebraicRule()
    rule.setMath(libsbml.parseL3Formula("S - 1"))
    with pytest.raises(SbmlError, match="Model 'm' has an algebraic rule"):
        read(libsbml.writeSBMLToString(document))
