"""The documents as other software sees them: libSBML, libRoadRunner, BioNetGen's run_network."""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import antimony
import libsbml
import numpy as np
import pytest
import roadrunner
from mtorules.export.sbml import writer
from mtorules.models import catalogue
from mtorules.network import generate
from mtorules.network.mathematics.numerics import Values
from mtorules.network.network import Network, Parameter, RateLaw, Reaction, Species

NetworkOf = Callable[[str | Path], Network]
Courses = Callable[[str, np.ndarray, Sequence[str]], Mapping[str, np.ndarray]]
Findings = Callable[[str], list[str]]

TIMES = np.linspace(0, 5, 11)
# run_network is no judge where a rate depends on time itself.
TIMED = {"time_dependent.bngl", "oscillating.py"}


def model_of(text: str) -> libsbml.Model:
    document = libsbml.readSBMLFromString(text)
    assert document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) == 0, document.getErrorLog().toString()
    _ALIVE.append(document)  # what libSBML returns lives only as long as its document
    return document.getModel()


_ALIVE: list[libsbml.SBMLDocument] = []


def symbols(document: writer.Document) -> Mapping[str, str]:
    assert document.report.symbols is not None
    return document.report.symbols


def observed(network: Network, document: writer.Document) -> list[str]:
    return [symbols(document)[group.name] for group in network.groups]


def alike(found: np.ndarray, expected: np.ndarray, size: float) -> None:
    """Compare to six digits; what stays near zero is compared with what there is of anything."""
    assert found == pytest.approx(expected, rel=1e-6, abs=1e-8 * max(size, max(abs(expected))))


def largest(network: Network) -> float:
    return max(Values(network).amounts)


# -- every construct ------------------------------------------------------------------------------


@pytest.mark.parametrize("irreversible", [False, True])
@pytest.mark.parametrize("level", ["3.2", "3.1"])
def test_every_construct_is_valid_without_a_warning(
    construct: Path, network_of: NetworkOf, findings: Findings, level: str, irreversible: bool
) -> None:
    text = writer.text(network_of(construct), level, irreversible)
    assert findings(text) == []


@pytest.mark.parametrize("level", ["2.5", "2.4"])
def test_every_construct_is_valid_in_level_2(
    construct: Path, network_of: NetworkOf, findings: Findings, level: str
) -> None:
    text = writer.text(network_of(construct), level)
    found = [one for one in findings(text) if not one.startswith("Warning")]
    assert found == []
    # What is warned of follows from literals without units, which Level 2 cannot give.
    codes = {one.split()[1].rstrip(",") for one in findings(text)}
    assert codes <= {"99505", "10501", "10513", "10541"}
    if codes:
        assert "99505" in codes


def test_every_construct_runs_as_in_run_network(
    construct: Path,
    network_of: NetworkOf,
    courses: Courses,
    run_network: Callable[[Path, float, int], dict[str, np.ndarray]],
) -> None:
    if construct.name in TIMED:
        pytest.skip("run_network is no judge of explicit time")
    network = network_of(construct)
    expected = run_network(construct, 5, 10)
    for level, irreversible in (("3.2", False), ("2.4", True)):
        document = writer.document(network, level, irreversible)
        found = courses(document.text, expected["time"], observed(network, document))
        for group in network.groups:
            course = found[symbols(document)[group.name]]
            alike(course, expected[group.name], largest(network))


def test_explicit_time_runs_as_the_closed_form(network_of: NetworkOf, courses: Courses) -> None:
    times = np.linspace(0, 3, 7)
    k, period = 0.3, 8.0
    exponent = k * (times + period / (2 * np.pi) * (1 - np.cos(2 * np.pi * times / period)))
    found = courses(writer.text(network_of("oscillating.py")), times, ["Ap"])
    assert found["Ap"] == pytest.approx(10 * (1 - np.exp(-exponent)), rel=1e-6, abs=1e-9)


def edited(document: writer.Document, changes: Mapping[str, float]) -> str:
    """Return the document with the values of parameters replaced, and nothing else."""
    model = model_of(document.text)
    for name, value in changes.items():
        parameter = model.getParameter(symbols(document)[name])
        assert parameter is not None, f"{name} is not in the document"
        assert parameter.isSetValue()
        parameter.setValue(value)
    return libsbml.writeSBMLToString(model.getSBMLDocument())


def test_every_parameter_is_live(
    construct: Path,
    network_of: NetworkOf,
    scaled: Callable[[Path, random.Random], tuple[Network, dict[str, float]]],
    courses: Courses,
) -> None:
    """Scaling in the model, before generation, and in the file, after it, must agree."""
    network = network_of(construct)
    other, changes = scaled(construct, random.Random(construct.stem))
    document, afresh = writer.document(network), writer.document(other)
    found = courses(edited(document, changes), TIMES, observed(network, document))
    expected = courses(afresh.text, TIMES, observed(other, afresh))
    for group in network.groups:
        alike(
            found[symbols(document)[group.name]],
            expected[symbols(afresh)[group.name]],
            largest(other),
        )


def test_every_construct_survives_antimony(
    request: pytest.FixtureRequest, construct: Path, network_of: NetworkOf, courses: Courses
) -> None:
    network = network_of(construct)
    if construct.name == "built_in_functions.bngl":
        link = "https://github.com/sbmlteam/libsbml/issues"
        reason = f"libSBML's formulas lose the parentheses of (x^2)^0.5, see {link}"
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    document = writer.document(network)
    antimony.clearPreviousLoads()
    assert antimony.loadSBMLString(document.text) >= 0, antimony.getLastError()
    text = antimony.getAntimonyString(None)
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
    back = antimony.getSBMLString(antimony.getMainModuleName())
    ids = observed(network, document)
    found, expected = courses(back, TIMES, ids), courses(document.text, TIMES, ids)
    for key in ids:
        alike(found[key], expected[key], largest(network))


# -- models that others wrote ---------------------------------------------------------------------


def test_every_example_of_pysb_is_valid_and_runs_as_in_run_network(
    example: str,
    findings: Findings,
    courses: Courses,
    species_courses: Callable[[str, float, int], np.ndarray],
) -> None:
    network = generate.network(example)
    document = writer.document(network)
    assert findings(document.text) == []
    if example == "pysb.examples.time":
        pytest.skip("run_network is no judge of explicit time")
    times, *expected = species_courses(example, 20, 10)
    found = courses(document.text, times, document.report.species)
    size = max(max(course) for course in expected)
    for key, course in zip(document.report.species, expected, strict=True):
        alike(found[key], course, size)


@pytest.mark.parametrize("name", catalogue.names())
def test_our_models_have_no_warning(name: str, findings: Findings) -> None:
    document = writer.document(generate.network(name))
    assert findings(document.text) == []
    assert document.report.notices == ()


# -- the faults that this exporter is there to avoid ----------------------------------------------


def formula(math: libsbml.ASTNode | None) -> str:
    assert math is not None
    return libsbml.formulaToL3String(math).replace(" dimensionless", "")


def law(model: libsbml.Model, reaction: str) -> str:
    return formula(model.getReaction(reaction).getKineticLaw().getMath())


def test_model_and_elements_have_their_authors_names(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("annotated.py")))
    assert model.getId() == "annotated"
    assert model.getName() == "mTOR & Raptor <test>"
    assert {s.getId(): s.getName() for s in model.getListOfSpecies()} == {
        "MTOR": "MTOR(rptor)",
        "RPTOR": "RPTOR(mtor)",
        "MTOR_RPTOR": "MTOR(rptor!1).RPTOR(mtor!1)",
    }
    assert [r.getId() for r in model.getListOfReactions()] == ["bind"]
    assert {p.getId() for p in model.getListOfParameters()} == {
        *("kf", "KD", "kr", "MTOR_0", "RPTOR_0", "share", "MTORC1")
    }


def test_stoichiometry_is_always_said(construct: Path, network_of: NetworkOf) -> None:
    for reaction in model_of(writer.text(network_of(construct))).getListOfReactions():
        for side in (reaction.getListOfReactants(), reaction.getListOfProducts()):
            named = [reference.getSpecies() for reference in side]
            assert len(named) == len(set(named))
            assert all(r.isSetStoichiometry() and r.getConstant() for r in side)


def test_a_homodimer_is_one_reference_of_two(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("homo_oligomers.bngl")))
    (reactant,) = model.getReaction("pair").getListOfReactants()
    assert (reactant.getSpecies(), reactant.getStoichiometry()) == ("D", 2)


def test_statistical_factors_are_visible(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("homo_oligomers.bngl"), irreversible=True))
    assert law(model, "pair") == "0.5 * kf * D * D"
    assert "Statistical factor: 1/2." in model.getReaction("pair").getNotesString()


def test_a_complex_across_a_membrane_lies_in_the_membrane(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("membrane_spanning.bngl")))
    spanning = [s for s in model.getListOfSpecies() if {"L", "R", "T"} <= set(s.getId().split("_"))]
    assert spanning
    assert {s.getCompartment() for s in spanning} == {"PM"}
    assert model.getCompartment("PM").getSpatialDimensions() == 2
    assert model.getCompartment("EC").getSpatialDimensions() == 3
    assert all(s.getName().startswith("@PM:") for s in spanning)


def test_a_size_by_expression_is_an_initial_assignment(network_of: NetworkOf) -> None:
    network = network_of("compartment_sizes.py")
    model = model_of(writer.text(network))
    assigned = {i.getSymbol(): formula(i.getMath()) for i in model.getListOfInitialAssignments()}
    names = {p.name for p in network.parameters}
    for compartment in network.compartments:
        text = assigned[compartment.name]
        assert set(re.findall(r"[A-Za-z_]\w*", text)) & names


def test_volumes_are_symbols_in_rate_laws(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("transport.bngl")))
    assert law(model, "bind_A_out_B_out") == "kb * A_out * B_out / out - kout * A_B_out"
    assert law(model, "bind_A_in_B_in") == "kb * A_in * B_in / in_ - kout * A_B_in"


def test_a_change_of_volume_changes_the_rate(network_of: NetworkOf) -> None:
    network = network_of("compartment_sizes.py")
    document = writer.document(network)
    scale = next(p.value for p in network.parameters if p.name == "scale")
    whole = roadrunner.RoadRunner(document.text)
    double = roadrunner.RoadRunner(edited(document, {"scale": 2 * scale, "vCP": 2 * 1.5}))
    for reaction, factor in (("ligand_L_R", 0.5), ("adaptor_R_T", 0.5), ("make", 2.0)):
        assert double.getValue(reaction) == pytest.approx(factor * whole.getValue(reaction))


def test_time_is_no_species(network_of: NetworkOf) -> None:
    for name in TIMED:
        model = model_of(writer.text(network_of(name)))
        assert not any(r.getNumModifiers() for r in model.getListOfReactions())
        rules = [rule.getMath() for rule in model.getListOfRules()]
        assert any(_has_time(math) for math in rules)


def _has_time(node: libsbml.ASTNode) -> bool:
    if node.getType() == libsbml.AST_NAME_TIME:
        return True
    return any(_has_time(node.getChild(i)) for i in range(node.getNumChildren()))


def test_reserved_and_clashing_names_are_altered_and_reported(network_of: NetworkOf) -> None:
    document = writer.document(network_of("keyword_names.bngl"))
    model = model_of(document.text)
    given = symbols(document)
    for name in ("lambda", "pi", "default", "avogadro", "inf", "not", "delay"):
        assert given[name] == f"{name}_"
        assert model.getParameter(f"{name}_").getName() == name
    assert given["r0"] == "r0"
    assert given["S1"] == "S1"
    told = {renaming.name: renaming for renaming in document.report.renamed}
    assert "reserved by" in told["lambda"].reason
    everything = [e.getId() for e in elements(model) if e.isSetId()]
    assert len(everything) == len(set(everything))


def elements(model: libsbml.Model) -> list[Any]:
    return [
        *model.getListOfCompartments(),
        *model.getListOfSpecies(),
        *model.getListOfParameters(),
        *model.getListOfReactions(),
        *model.getPlugin("groups").getListOfGroups(),
    ]


def test_a_parameter_called_r0_keeps_its_name(network_of: NetworkOf) -> None:
    document = writer.document(network_of("awkward_names.py"))
    assert symbols(document)["r0"] == "r0"
    assert "__" not in " ".join(e.getId() for e in elements(model_of(document.text)))


def test_energies_are_live_and_not_folded(network_of: NetworkOf, courses: Courses) -> None:
    network = network_of("energy_patterns.bngl")
    model = model_of(writer.text(network))
    derived = {i.getSymbol(): formula(i.getMath()) for i in model.getListOfInitialAssignments()}
    rates = {name for reaction in network.reactions for name in reaction.law.constants}
    assert any("exp" in text for text in derived.values())
    assert rates


def test_what_derives_from_constants_is_an_initial_assignment(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("derived_parameters.bngl")))
    assert model.getNumInitialAssignments()
    for assignment in model.getListOfInitialAssignments():
        parameter = model.getParameter(assignment.getSymbol())
        assert parameter is None or (parameter.getConstant() and parameter.isSetValue())
    constant = {p.getId() for p in model.getListOfParameters() if p.getConstant()}
    assert not constant & {rule.getVariable() for rule in model.getListOfRules()}


def test_expressions_refer_to_observables_by_name(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("nested_functions.bngl")))
    assert model.getSpecies("Ap").getName() == "A(y~p)"  # one with the species
    rules = {rule.getVariable(): formula(rule.getMath()) for rule in model.getListOfRules()}
    assert list(rules.items()) == [
        ("nothing", "0"),
        ("level", "Ap / A0"),
        ("inhibited", "1 / (1 + (Ap / K)^n)"),
        ("rate", "k * inhibited * (1 + level) / (1 + nothing)"),
        ("rate_off", "0.1 * rate * level"),
    ]


def test_numbers_keep_their_seventeen_digits(network_of: NetworkOf) -> None:
    network = network_of("precise_numbers.bngl")
    model = model_of(writer.text(network))
    values = {p.getId(): p.getValue() for p in model.getListOfParameters() if p.isSetValue()}
    for parameter in network.parameters:
        assert values[parameter.name] == float(parameter.expression)
    assert model.getCompartment("C").getSize() == 3.3333333333333335e-9
    literal = replace(network, parameters=(*network.parameters, Parameter("x", "k*1.1e-300", 0)))
    assignment = model_of(writer.text(literal)).getInitialAssignment("x").getMath()
    assert assignment.getRightChild().getValue() == 1.1e-300


def test_starting_amounts_are_live(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("derived_parameters.bngl")))
    assigned = {i.getSymbol() for i in model.getListOfInitialAssignments()}
    assert assigned & {s.getId() for s in model.getListOfSpecies()}


def test_units_are_declared_or_counted_in_items(network_of: NetworkOf) -> None:
    ours = model_of(writer.text(generate.network("rapamycin")))
    assert (ours.getSubstanceUnits(), ours.getVolumeUnits()) == ("zmol", "pL")
    none = writer.document(network_of("transport.bngl"))
    assert model_of(none.text).getSubstanceUnits() == "item"
    assert len([n for n in none.report.notices if "units" in n]) == 1


def test_fixed_species_are_boundary_conditions(network_of: NetworkOf) -> None:
    network = network_of("fixed_species.bngl")
    model = model_of(writer.text(network))
    flags = [s.getBoundaryCondition() for s in model.getListOfSpecies()]
    assert flags == [s.fixed for s in network.species]
    assert any(flags)


def test_modifiers_are_neither_used_up_nor_made(construct: Path, network_of: NetworkOf) -> None:
    for reaction in model_of(writer.text(network_of(construct))).getListOfReactions():
        others = {r.getSpecies() for r in reaction.getListOfReactants()}
        others |= {r.getSpecies() for r in reaction.getListOfProducts()}
        assert not others & {m.getSpecies() for m in reaction.getListOfModifiers()}


def test_an_enzyme_is_a_modifier(network_of: NetworkOf) -> None:
    (turn,) = model_of(writer.text(network_of("michaelis_menten.bngl"))).getListOfReactions()
    assert [m.getSpecies() for m in turn.getListOfModifiers()] == ["E"]
    assert [r.getSpecies() for r in turn.getListOfReactants()] == ["S"]


def test_an_observable_of_one_species_has_one_id_with_it(network_of: NetworkOf) -> None:
    for name, observable, pattern in (
        ("total_rate.bngl", "Ap", "A(y~p)"),
        ("nested_functions.bngl", "Ap", "A(y~p)"),
    ):
        document = writer.document(network_of(name))
        model = model_of(document.text)
        assert model.getSpecies(observable).getName() == pattern
        assert model.getParameter(observable) is None
        assert model.getRule(observable) is None
        assert document.report.symbols is not None
        assert document.report.symbols[observable] == observable


def test_who_regulates_a_rate_is_a_modifier(network_of: NetworkOf) -> None:
    """``k/(1+Ap)`` falls with Ap: it inhibits what it takes no part in."""
    network = network_of("regulated.bngl")
    model = model_of(writer.text(network))
    roles = {
        r.getId(): {m.getSpecies(): m.getSBOTermID() for m in r.getListOfModifiers()}
        for r in model.getListOfReactions()
    }
    assert roles == {
        "slower": {"I": "SBO:0000020"},
        "faster": {"S_1": "SBO:0000459", "S_2": "SBO:0000459"},
        "either": {"I": "SBO:0000019"},
        "plain": {},
    }


def test_formulas_are_named_and_annotated(network_of: NetworkOf) -> None:
    model = model_of(writer.text(network_of("annotated.py")))
    metaids = set()
    for element in (*model.getListOfRules(), *model.getListOfInitialAssignments()):
        assert element.getSBOTermID() == "SBO:0000064"
        assert element.isSetName()
        assert element.getNumCVTerms() > 0
        metaids.add(element.getMetaId())
    assert len(metaids) == model.getNumRules() + model.getNumInitialAssignments() > 0
    assert all(p.getNumCVTerms() > 0 for p in model.getListOfParameters())


def test_min_and_max_are_rewritten_where_the_level_lacks_them(network_of: NetworkOf) -> None:
    network = network_of("built_in_functions.bngl")
    assert "<min/>" in writer.text(network)
    for level in ("3.1", "2.4"):
        text = writer.text(network, level)
        assert "<min/>" not in text
        assert "<max/>" not in text


def test_reversible_pairs_stay_together_or_part(network_of: NetworkOf) -> None:
    network = network_of("annotated.py")
    together, apart = (
        model_of(writer.text(network)),
        model_of(writer.text(network, irreversible=True)),
    )
    assert [r.getReversible() for r in together.getListOfReactions()] == [True]
    assert [(r.getId(), r.getReversible()) for r in apart.getListOfReactions()] == [
        ("bind", False),
        ("bind_reverse", False),
    ]
    sides = [
        (
            [x.getSpecies() for x in r.getListOfReactants()],
            [x.getSpecies() for x in r.getListOfProducts()],
        )
        for r in apart.getListOfReactions()
    ]
    assert sides[0] == sides[1][::-1]


def test_irreversible_documents_have_the_noise_of_a_two_state_switch(network_of: NetworkOf) -> None:
    """At equilibrium each of n molecules is on with probability p: a binomial distribution."""
    flip = Network(
        "switch",
        (Parameter("on", "3", 3.0), Parameter("off", "1", 1.0)),
        (),
        (),
        (Species("A(y~u)", "100"), Species("A(y~p)", "0")),
        (
            Reaction((0,), (1,), RateLaw("elementary", ("on",)), "flip"),
            Reaction((1,), (0,), RateLaw("elementary", ("off",)), "flip", reverse=True),
        ),
        (),
    )
    document = writer.document(flip, irreversible=True)
    runner = roadrunner.RoadRunner(document.text)
    runner.setIntegrator("gillespie")
    runner.integrator.seed = 20
    runner.integrator.variable_step_size = False
    on = document.report.species[1]
    # Samples 5 time units apart are independent: the correlation decays as exp(-4 t).
    table = runner.simulate(0, 4000, 801, ["time", on])
    samples = np.array(table[1:, 1])
    assert np.mean(samples) == pytest.approx(75, abs=0.6)
    assert np.var(samples) == pytest.approx(100 * 0.75 * 0.25, rel=0.2)


def test_a_document_for_stochastic_tools_says_so(network_of: NetworkOf) -> None:
    network = network_of("annotated.py")
    assert model_of(writer.text(network)).getSBOTermID() == "SBO:0000293"
    assert model_of(writer.text(network, irreversible=True)).getSBOTermID() == "SBO:0000295"


def test_what_sbml_cannot_say_is_named() -> None:
    network = Network(
        "m",
        (Parameter("k", "1", 1.0), Parameter("x", "mratio(1,2,k)", 1.0)),
        (),
        (),
        (Species("A()", "1"),),
        (Reaction((0,), (), RateLaw("elementary", ("k",)), "lose"),),
        (),
    )
    with pytest.raises(writer.SbmlError, match="parameter 'x': The function 'mratio'"):
        writer.text(network)
    missing = replace(
        network,
        parameters=network.parameters[:1],
        reactions=(Reaction((0,), (), RateLaw("elementary", ("kk",)), "lose"),),
    )
    with pytest.raises(writer.SbmlError, match="rule 'lose': the model has no 'kk'"):
        writer.text(missing)


def test_an_unknown_level_is_named(network_of: NetworkOf) -> None:
    with pytest.raises(writer.SbmlError, match=r"no SBML level '3.3' here; known are 3\.2, 3\.1"):
        writer.text(network_of("annotated.py"), "3.3")


def test_the_same_reaction_twice_in_opposite_rules_is_not_merged() -> None:
    """Only the two directions of one rule are one reversible reaction."""
    network = Network(
        "m",
        (Parameter("k", "1", 1.0),),
        (),
        (),
        (Species("A()", "1"), Species("B()", "1")),
        (
            Reaction((0,), (1,), RateLaw("elementary", ("k",), Fraction(1, 3)), "there"),
            Reaction((1,), (0,), RateLaw("elementary", ("k",)), "back"),
        ),
        (),
    )
    model = model_of(writer.text(network))
    assert [r.getReversible() for r in model.getListOfReactions()] == [False, False]
    assert law(model, "there") == "k * A / 3"


# -- the same bytes -------------------------------------------------------------------------------

SCRIPT = """
import sys
from mtorules.export.sbml import writer
from mtorules.network import generate
sys.stdout.write(writer.text(generate.network(sys.argv[1], cache=False)))
"""


def test_same_model_same_bytes(network_of: NetworkOf) -> None:
    path = Path(__file__).parents[2] / "constructs" / "awkward_names.py"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path)],
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    )
    assert done.stdout.decode() == writer.text(network_of(path.name))


def test_a_file_appears_whole(network_of: NetworkOf, tmp_path: Path) -> None:
    network = network_of("annotated.py")
    report = writer.write(network, tmp_path / "a.xml", "2.4")
    assert (tmp_path / "a.xml").read_text(encoding="utf-8") == writer.text(network, "2.4")
    assert report.lost == writer.LEVELS["2.4"].lost
    assert [p.name for p in tmp_path.iterdir()] == ["a.xml"]
