"""Files of others that once came out wrong, and their like: right by the SBML specification."""

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mtorules.simulation.engines import EngineError, UnsupportedError
from mtorules.simulation.experiments.experiments import Condition, Experiment, Period, exposure
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.sbml.model import SbmlError
from mtorules.simulation.simulator import Simulator

MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
SYMBOL = (
    '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/{0}">{0}</csymbol>'
)
AVOGADRO = 6.02214179e23  # the value that SBML Level 3 gives
FALL = 10 * math.exp(-1)


def listed(name: str, *inner: str) -> str:
    return f"<listOf{name}>{''.join(inner)}</listOf{name}>" if inner else ""


def parameter(id: str, value: float | None = None, *, constant: bool = True) -> str:
    given = "" if value is None else f' value="{value}"'
    return f'<parameter id="{id}"{given} constant="{str(constant).lower()}"/>'


def starting(id: str, inner: str) -> str:
    return f'<initialAssignment symbol="{id}">{MATH.format(inner)}</initialAssignment>'


def rule(id: str, inner: str, kind: str = "assignment") -> str:
    return f'<{kind}Rule variable="{id}">{MATH.format(inner)}</{kind}Rule>'


def sbml(
    *,
    size: str = ' size="1"',
    dimensions: str = "3",
    constant: str = "true",
    species: str = 'initialAmount="10" hasOnlySubstanceUnits="true"',
    law: str = "<ci>S</ci>",
    product: str = "",
    parameters: tuple[str, ...] = (),
    starts: tuple[str, ...] = (),
    rules: tuple[str, ...] = (),
    events: str = "",
) -> str:
    """Return a file in which 10 S fall at k = 0.1, but for what is said; B counts the falls."""
    stands = 'boundaryCondition="false" constant="false"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2">',
            '<model id="m">',
            f'<listOfCompartments><compartment id="c" spatialDimensions="{dimensions}"{size} '
            f'constant="{constant}"/></listOfCompartments>',
            f'<listOfSpecies><species id="S" compartment="c" {species} {stands}/>'
            '<species id="B" compartment="c" initialAmount="0" hasOnlySubstanceUnits="true" '
            f"{stands}/></listOfSpecies>",
            listed("Parameters", parameter("k", 0.1), *parameters),
            listed("InitialAssignments", *starts),
            listed("Rules", *rules),
            '<listOfReactions><reaction id="J" reversible="false"><listOfReactants>'
            '<speciesReference species="S" stoichiometry="1" constant="true"/></listOfReactants>'
            f"<listOfProducts>{product}</listOfProducts><kineticLaw>"
            f"{MATH.format(f'<apply><times/><ci>k</ci>{law}</apply>')}</kineticLaw></reaction>"
            "</listOfReactions>",
            events,
            "</model></sbml>",
        ]
    ).replace("<listOfProducts></listOfProducts>", "")


def end(text: str, name: str, time: float = 10.0, **values: float) -> float:
    simulator = Simulator(from_sbml(text))
    conditions = [Condition("set", values)] if values else []
    experiment = Experiment("test", [Period(0.0, conditions)], (0.0, time))
    return float(simulator.run(experiment)[name][-1])


# -- stoichiometries -------------------------------------------------------------------------------

COUNTED = '<speciesReference id="nB" species="B" constant="{}"/>'
TWICE_AND_ONE = "<apply><plus/><cn>1</cn><apply><times/><cn>2</cn><ci>n</ci></apply></apply>"


@pytest.mark.parametrize("n", [2.0, 4.0])
@pytest.mark.parametrize(("formula", "each"), [("<ci>n</ci>", 1), (TWICE_AND_ONE, 2)])
def test_a_stoichiometry_follows_what_its_start_is_made_of(
    n: float, formula: str, each: int
) -> None:
    text = sbml(
        product=COUNTED.format("true"),
        parameters=(parameter("n", 4),),
        starts=(starting("nB", formula),),
    )
    counted = n if each == 1 else 1 + 2 * n
    assert end(text, "B", n=n) == pytest.approx(counted * (10 - FALL), rel=1e-6)


def test_a_stoichiometry_follows_a_rule() -> None:
    text = sbml(
        product=COUNTED.format("false"),
        parameters=(parameter("n", 4),),
        rules=(rule("nB", "<apply><plus/><ci>n</ci><ci>S</ci></apply>"),),
    )  # B' = (n + S) k S
    right = 2 * (10 - FALL) + (100 - FALL**2) / 2
    assert end(text, "B", n=2.0) == pytest.approx(right, rel=1e-6)


def test_a_stoichiometry_formula_of_level_2_follows_its_constants() -> None:
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
        <sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4">
        <model id="m"><listOfCompartments><compartment id="c" size="1"/></listOfCompartments>
        <listOfSpecies><species id="S" compartment="c" initialAmount="10"
          hasOnlySubstanceUnits="true"/><species id="B" compartment="c" initialAmount="0"
          hasOnlySubstanceUnits="true"/></listOfSpecies>
        <listOfParameters><parameter id="k" value="0.1"/><parameter id="n" value="4"/>
        </listOfParameters><listOfReactions><reaction id="J" reversible="false">
        <listOfReactants><speciesReference species="S"/></listOfReactants><listOfProducts>
        <speciesReference species="B"><stoichiometryMath>{MATH.format("<ci>n</ci>")}
        </stoichiometryMath></speciesReference></listOfProducts><kineticLaw>
        {MATH.format("<apply><times/><ci>k</ci><ci>S</ci></apply>")}</kineticLaw></reaction>
        </listOfReactions></model></sbml>"""
    assert end(text, "B", n=2.0) == pytest.approx(2 * (10 - FALL), rel=1e-6)


# -- compartments without a size, and those that grow ----------------------------------------------


@pytest.mark.parametrize("dimensions", ["0", "1", "2", "3"])
def test_what_counts_amounts_needs_no_size(dimensions: str) -> None:
    assert end(sbml(size="", dimensions=dimensions), "S") == pytest.approx(FALL, rel=1e-6)


def test_a_size_that_a_formula_gives_is_one() -> None:
    text = sbml(
        size="",
        species='initialAmount="10" hasOnlySubstanceUnits="false"',
        starts=(starting("c", "<cn>2</cn>"),),
    )  # the law is k times a concentration, so amounts fall at k/2
    assert end(text, "S") == pytest.approx(5 * math.exp(-0.5), rel=1e-6)


@pytest.mark.parametrize(
    "needy",
    [
        {"law": "<ci>S</ci><ci>c</ci>"},
        {"species": 'initialAmount="10" hasOnlySubstanceUnits="false"'},
        {"species": 'initialConcentration="10" hasOnlySubstanceUnits="true"'},
    ],
    ids=["in a law", "a concentration in a law", "a concentration at the start"],
)
def test_a_size_that_is_needed_is_asked_for(needy: dict[str, Any]) -> None:
    with pytest.raises(SbmlError, match=r"'c' has no finite start value .* without a size"):
        Simulator(from_sbml(sbml(size="", **needy)))


def test_concentrations_thin_out_as_a_compartment_grows() -> None:
    text = sbml(
        size=' size="2"',
        constant="false",
        species='initialConcentration="10" hasOnlySubstanceUnits="false"',
        law="<ci>S</ci><ci>c</ci>",
        rules=(rule("c", "<cn>0.5</cn>", "rate"),),
    )
    assert end(text, "S") == pytest.approx(20 * math.exp(-1) / 7, rel=1e-6)
    assert end(text, "c") == pytest.approx(7.0)


def test_a_compartment_that_is_as_large_as_its_own_concentration_is_refused() -> None:
    text = sbml(
        constant="false",
        species='initialConcentration="10" hasOnlySubstanceUnits="false"',
        rules=(rule("c", "<ci>S</ci>"),),
    )
    with pytest.raises(SbmlError, match="in a circle: c -> S -> c"):
        from_sbml(text)


# -- formulas --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["max", "min", "plus", "times"])
def test_functions_of_one_argument(name: str) -> None:
    one = f"<apply><{name}/><ci>k</ci></apply>"
    text = sbml(
        parameters=(parameter("a"), parameter("b", constant=False)),
        starts=(starting("a", one),),
        rules=(rule("b", one),),
        law=f"<apply><{name}/><ci>S</ci></apply>",
    )
    simulator = Simulator(from_sbml(text), ["a", "b", "S"])
    course = simulator.run(exposure([0.0, 10.0], equilibrated=False))
    found = [float(course[name][-1]) for name in ("a", "b", "S")]
    assert found == pytest.approx([0.1, 0.1, FALL], rel=1e-6)


def test_avogadros_constant_has_one_value_everywhere() -> None:
    number = SYMBOL.format("avogadro")
    text = sbml(
        parameters=(parameter("a"), parameter("b", constant=False)),
        starts=(starting("a", number),),
        rules=(rule("b", number),),
        law=f"<ci>S</ci><apply><divide/>{number}<cn>{AVOGADRO!r}</cn></apply>",
    )
    simulator = Simulator(from_sbml(text), ["a", "b", "S"])
    course = simulator.run(exposure([0.0, 10.0], equilibrated=False))
    assert course.a.to_numpy().tolist() == course.b.to_numpy().tolist() == [AVOGADRO] * 2
    assert float(course.S[-1]) == pytest.approx(FALL, rel=1e-7)


def test_a_start_may_ask_how_fast_a_reaction_goes_or_a_species_changes() -> None:
    speed = f"<apply>{SYMBOL.format('rateOf')}<ci>S</ci></apply>"
    text = sbml(
        parameters=(parameter("a"), parameter("b")),
        starts=(starting("a", "<ci>J</ci>"), starting("b", speed)),
    )
    settable, _ = from_sbml(text).model.initial({"k": 0.3})
    assert (settable["a"], settable["b"]) == pytest.approx((3.0, -3.0))


def test_an_output_without_a_value_leaves_the_others_alone() -> None:
    odd = "<apply><divide/><cn>0</cn><apply><minus/><ci>S</ci><cn>10</cn></apply></apply>"
    text = sbml(parameters=(parameter("input", constant=False),), rules=(rule("input", odd),))
    course = Simulator(from_sbml(text)).run(exposure([0.0, 10.0], equilibrated=False))
    assert np.isnan(course.input.to_numpy()).tolist() == [True, False]
    assert float(course.S[-1]) == pytest.approx(FALL, rel=1e-6)


def test_what_moves_is_shown_beside_what_a_constant_rule_gives() -> None:
    text = sbml(
        parameters=(parameter("input", constant=False),), rules=(rule("input", "<cn>2</cn>"),)
    )
    assert set(Simulator(from_sbml(text)).observables) == {"S", "B", "input"}


def test_events_happen_when_their_delay_is_over() -> None:
    late = MATH.format(f"<apply><gt/>{SYMBOL.format('time')}<cn>2</cn></apply>")
    text = sbml(
        events='<listOfEvents><event useValuesFromTriggerTime="true"><trigger initialValue="true" '
        f'persistent="true">{late}</trigger><delay>{MATH.format("<cn>3</cn>")}</delay>'
        '<listOfEventAssignments><eventAssignment variable="S">'
        f"{MATH.format('<cn>50</cn>')}</eventAssignment></listOfEventAssignments></event>"
        "</listOfEvents>"
    )
    assert end(text, "S") == pytest.approx(50 * math.exp(-0.5), rel=1e-6)


def test_a_conversion_factor_is_heeded_and_can_be_set() -> None:
    text = sbml(
        species='initialAmount="10" hasOnlySubstanceUnits="true" conversionFactor="f"',
        parameters=(parameter("f", 3),),
    )
    assert end(text, "S", f=2.0) == pytest.approx(10 * math.exp(-2), rel=1e-6)


LEVEL_1 = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level1" level="1" version="2"><model name="m">
<listOfUnitDefinitions><unitDefinition name="substance"><listOfUnits><unit kind="item"/>
</listOfUnits></unitDefinition></listOfUnitDefinitions>
<listOfCompartments><compartment name="c" volume="2"/></listOfCompartments>
<listOfSpecies><species name="A" compartment="c" initialAmount="10"/>
<species name="B" compartment="c" initialAmount="0"/></listOfSpecies>
<listOfReactions><reaction name="J" reversible="false"><listOfReactants>
<speciesReference species="A" stoichiometry="3" denominator="2"/></listOfReactants>
<listOfProducts><speciesReference species="B" stoichiometry="4" denominator="2"/></listOfProducts>
<kineticLaw formula="0.1*A*c"/></reaction></listOfReactions></model></sbml>"""
HALVES = '<cn type="rational">{}<sep/>2</cn>'


@pytest.mark.parametrize("level", [1, 2])
def test_a_stoichiometry_may_have_a_denominator(level: int) -> None:
    """A falls at 3/2 of 0.1, and two of B come of each 3/2 of A."""
    text = LEVEL_1
    if level == 2:
        text = re.sub(r'stoichiometry="(.)" denominator="2"/>', r">\1</speciesReference>", text)
        inner = f"<stoichiometryMath>{MATH.format(HALVES)}</stoichiometryMath>"
        text = re.sub(
            r">(\d)</speciesR", lambda found: f">{inner.format(found[1])}</speciesR", text
        )
        text = text.replace("level1", "level2/version4").replace('level="1" version="2"', "")
        text = text.replace("<sbml ", '<sbml level="2" version="4" ').replace("name=", "id=")
        text = text.replace(" volume=", " size=")
        law = "<apply><times/><cn>0.1</cn><ci>A</ci><ci>c</ci></apply>"
        text = re.sub("<kineticLaw.*?/>", f"<kineticLaw>{MATH.format(law)}</kineticLaw>", text)
    left = 5 * math.exp(-1.5)
    assert end(text, "A") == pytest.approx(left, rel=1e-6)
    assert end(text, "B") == pytest.approx((5 - left) * 4 / 3, rel=1e-6)
    with pytest.raises(UnsupportedError, match=r"takes or gives 1\.5 of 'A'"):
        Simulator(from_sbml(text), method="ssa")
    even = text.replace(">3<sep", ">2<sep").replace('"3" d', '"2" d')
    counted = Simulator(from_sbml(even), method="ssa")
    found = counted.values(Experiment("all", [Period(0.0)], (0.0, 1e4)))
    assert found[-1].tolist() == [0.0, 10.0]  # ten of A are twenty of B in two litres


def test_moles_of_molecules_are_not_counted_one_by_one(antimony_sbml: Callable[[str], str]) -> None:
    with pytest.raises(UnsupportedError, match="Level 1, which cannot say"):
        Simulator(from_sbml(LEVEL_1.replace("item", "mole")), method="ssa")
    body = "unit substance = mole; substanceOnly species A; A = 1; J: A => ; 0.1*A;"
    moles = Simulator(from_sbml(antimony_sbml(f"model m; {body} end")), method="ssa")
    with pytest.raises(EngineError, match=r"some 6e\+22 reactions are ahead"):
        moles.values(Experiment("all", [Period(0.0)], (0.0, 1.0)))


# -- the file itself -------------------------------------------------------------------------------


def test_a_message_says_which_file(tmp_path: Path) -> None:
    path = tmp_path / "late.xml"
    delayed = f"<apply>{SYMBOL.format('delay')}<ci>S</ci><cn>1</cn></apply>"
    path.write_text(sbml(law=delayed), encoding="utf-8")
    with pytest.raises(SbmlError, match=r"late\.xml': Model 'm' has a delay in the formula"):
        load(path)


def test_an_amount_takes_the_size_that_a_rule_gives(
    antimony_sbml: Callable[[str], str],
) -> None:
    """The size is 3 at the start, so 10 in each are 30, and k c of them go: 30 exp(-k t)."""
    text = """model m; compartment c; species S in c; S = 10; k = 0.1;
      J: S => ; k*S*c; c := 3 + 0.5*time; end"""
    simulator = Simulator(from_sbml(antimony_sbml(text)), ["S", "c"])
    last = simulator.values(exposure([0.0, 10.0], equilibrated=False))[-1]
    assert last == pytest.approx([30 * np.exp(-1) / 8, 8], rel=1e-6)
