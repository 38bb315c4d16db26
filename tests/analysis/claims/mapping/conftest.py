"""A model of two states whose courses are exponentials, and claims and mappings about it.

The ligand L turns S into Sp by kon * L, koff turns it back: at rest the share of Sp is
kon L / (kon L + koff), and it goes there at the rate kon L + koff. D decays by itself.
"""

from collections.abc import Callable
from pathlib import Path

import libsbml
import pytest
from mtorules.analysis.claims import reading as claims_reading
from mtorules.analysis.claims.evaluation import Outcome
from mtorules.analysis.claims.mapping import expressing, loading, reading
from mtorules.analysis.claims.mapping.expressing import Answered

KON, KOFF, LIGAND, DECAY, SIZE = 0.2, 0.5, 5.0, 0.1, 2.0

MAPPING = """\
model:
  name: Two states
  citation: doi:10.0/none
  file: two.xml
time: min
rest: {until: steady, why: it has one}
readouts:
  S6K_pT389: Sp / (S + Sp)
  MTOR_free: {formula: D, proxy: another thing}
conditions:
  FED: {}
  GF0: {set: {L: 0}}
  GF10: {set: {L: x 0.1}}
  GF_STIM: {set: {L: 8}}
  HYPOXIA: {set: {L: x 0.5, koff: x 3}}
parameters:
  S6K_0: S
  kcat_MTORC1_phosphorylates_S6K_t389: {of: on_kon, proxy: a constant}
compounds:
  rapamycin: {inhibits: [on_kon], half_at: 2 nM, floor: 0.25, proxy: at once}
  Torin1: {inhibits: [on_kon]}
  trametinib: {sets: koff, per_nM: 0.05}
  metformin: {adds_to: D, per_nM: 0.001}
  carboplatin: {set: {koff: x 2}}
"""

CLAIMS = """\
claims:
  - id: one
    statement: It is so.
    kind: dynamics
    experiments:
      fed: FED
      {experiments}
    checks:
      - {checks}
"""


def sbml() -> str:
    """Return the model as SBML: amounts in a volume of 2, kon local, an event at time 50."""
    document = libsbml.SBMLDocument(3, 1)
    model = document.createModel()
    model.setId("two_states")
    cell = model.createCompartment()
    cell.setId("cell")
    cell.setSize(SIZE)
    cell.setSpatialDimensions(3)
    cell.setConstant(True)
    # PIP3 is called as a readout of ours is, and has nothing to do with it.
    for id, start, boundary in (
        ("S", 3.0, False),
        ("Sp", 0.0, False),
        ("L", LIGAND, True),
        ("D", 0.0, False),
        ("PIP3", 7.0, True),
    ):
        species = model.createSpecies()
        species.setId(id)
        species.setCompartment("cell")
        species.setInitialConcentration(start)
        species.setBoundaryCondition(boundary)
        species.setHasOnlySubstanceUnits(False)
        species.setConstant(False)
    for id, value in (("koff", KOFF), ("kd", DECAY), ("make", 0.0), ("twice", 0.0)):
        parameter = model.createParameter()
        parameter.setId(id)
        parameter.setValue(value)
        parameter.setConstant(id != "twice")
    rule = model.createAssignmentRule()
    rule.setVariable("twice")
    rule.setMath(libsbml.parseL3Formula("2 * koff"))
    for id, reactants, products, formula in (
        ("on", ["S"], ["Sp"], "cell * kon * L * S"),
        ("off", ["Sp"], ["S"], "cell * koff * Sp"),
        ("decay", ["D"], [], "cell * kd * D"),
        ("making", [], ["D"], "cell * make"),
    ):
        reaction = model.createReaction()
        reaction.setId(id)
        reaction.setReversible(False)
        reaction.setFast(False)
        for ids, create in (
            (reactants, reaction.createReactant),
            (products, reaction.createProduct),
        ):
            for each in ids:
                reference = create()
                reference.setSpecies(each)
                reference.setStoichiometry(1)
                reference.setConstant(True)
        if id == "on":
            reaction.createModifier().setSpecies("L")
        law = reaction.createKineticLaw()
        law.setMath(libsbml.parseL3Formula(formula))
        if id == "on":
            local = law.createLocalParameter()
            local.setId("kon")
            local.setValue(KON)
    event = model.createEvent()
    event.setId("staged")
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    trigger.setInitialValue(True)
    trigger.setPersistent(True)
    trigger.setMath(libsbml.parseL3Formula("time > 50"))
    assignment = event.createEventAssignment()
    assignment.setVariable("L")
    assignment.setMath(libsbml.parseL3Formula("0"))
    return libsbml.writeSBMLToString(document)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "two.xml"
    path.write_text(sbml(), encoding="utf-8")
    return path


Ask = Callable[..., Answered]


@pytest.fixture
def ask(tmp_path: Path, model: Path) -> Ask:
    """Return what comes of asking the model some checks about some experiments."""

    def asked(
        *checks: str,
        experiments: str = "{}",
        mapping: str = MAPPING + "without_events: staged\n",
        more: str = "",
    ) -> Answered:
        claims_file, mapping_file = tmp_path / "claims.yaml", tmp_path / "mapping.yaml"
        text = CLAIMS.replace("{checks}", "\n      - ".join(checks))
        text = text.replace("{experiments}", experiments.strip() if experiments != "{}" else "")
        claims_file.write_text(text + more, encoding="utf-8")
        mapping_file.write_text(mapping, encoding="utf-8")
        claims = claims_reading.read([claims_file])
        names = reading.known(claims_reading.read(), claims)
        translation = reading.read(mapping_file, names)
        return expressing.answer(claims, loading.loaded(model, translation), translation, workers=1)

    return asked


def outcomes(answered: Answered) -> tuple[Outcome, ...]:
    """Return what each check that was asked came to."""
    (verdict,) = answered.verdicts.values()
    return verdict.outcomes


@pytest.fixture
def value(ask: Ask) -> Callable[..., float]:
    """Return what one readout of one experiment comes to at a time, as it is checked."""

    def read(experiment: str, at: str = "rest", readout: str = "S6K_pT389", **given: str) -> float:
        check = f"{{value: {readout}, of: run, at: {at}, expect: '>= 0'}}"
        (outcome,) = outcomes(ask(check, experiments=f"run: {experiment}", **given))
        assert not outcome.problem, outcome.problem
        return outcome.value

    return read
