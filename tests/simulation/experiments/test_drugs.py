"""Drugs by name: the same as their condition and their dose, and remarked on without one."""

import math

import pytest
from mtorules.models.perturbations import compounds, conditions
from mtorules.models.perturbations.compounds import CompoundError
from mtorules.models.perturbations.conditions import ConditionError
from mtorules.simulation.experiments import drugs
from mtorules.simulation.experiments.experiments import EQUILIBRATION, Experiment, exposure
from mtorules.simulation.experiments.from_text import ProtocolError, Words, experiment
from mtorules.simulation.load import load
from mtorules.simulation.sbml.model import SbmlModel


@pytest.fixture(scope="module")
def signalling() -> SbmlModel:
    return load("signalling").model


def done(words: Words, model: str | None = None) -> list[tuple]:
    """What happens, without what it is called."""
    told: Experiment = experiment(words, ["48 h"], model=model)
    return [
        (p.start, p.values, [(w.species, w.fraction) for w in p.washouts], set(p.doses))
        for p in told.periods
    ]


@pytest.mark.parametrize("rest", [False, True])
def test_a_drug_is_its_condition_and_its_dose(rest: bool) -> None:
    short = Words(drugs=["everolimus=20 nM @ 1 h", "AZD8055=0.1 uM"], equilibrated=rest)
    long = Words(
        conditions=["everolimus", "AZD8055"],
        doses=["RAPA_medium=20 nM @ 1 h", "TORKI_medium=100 nM"],
        equilibrated=rest,
    )
    assert done(short) == done(long)
    assert done(short, "signalling") == done(long, "signalling")


def test_a_drug_without_a_dose_sets_its_input_at_its_time() -> None:
    short = Words(drugs=["carboplatin @ 24 h", "octreotide"], equilibrated=True)
    long = Words(conditions=["carboplatin @ 24 h", "octreotide @ 0 s"], equilibrated=True)
    assert done(short) == done(long)


def test_a_drug_may_be_called_by_any_of_its_names_and_washed_out_by_it() -> None:
    short = Words(drugs=["RAD-001=20 nM"], washouts=["RAD-001 @ 24 h"])
    long = Words(
        conditions=["everolimus"], doses=["RAPA_medium=20 nM"], washouts=["RAPA_medium @ 24 h"]
    )
    assert done(short) == done(long)


def test_one_drug_may_be_given_twice() -> None:
    twice = done(Words(drugs=["everolimus=20 nM", "everolimus=5 nM @ 24 h"]))
    assert [len(doses) for _, _, _, doses in twice] == [1, 1]


@pytest.mark.parametrize("equilibrated", [True, False])
def test_the_library_gives_drugs_by_name_too(equilibrated: bool) -> None:
    given = exposure(
        ["1 h"], drugs={"everolimus": "20 nM", "carboplatin": None}, equilibrated=equilibrated
    )
    first, last = given.periods[0], given.periods[-1]
    assert first.start == (EQUILIBRATION if equilibrated else 0.0)
    assert first.values.items() >= conditions.values("everolimus").items()
    assert last.values.items() >= conditions.values("carboplatin").items()
    assert [(d.species, d.concentration) for d in last.doses] == [("RAPA_medium", 20.0)]


WRONG = [
    (
        Words(drugs=["everolimu=1 nM"]),
        "There is no compound called 'everolimu'. Did you mean 'ever",
    ),
    (Words(drugs=["everolimus"]), "needs a concentration; write 'everolimus=20 nM'"),
    (Words(drugs=["carboplatin=1 uM"]), "takes no dose: it sets DNA_damage"),
    (Words(drugs=["paclitaxel=1 uM"]), "which no model holds"),
    (Words(drugs=["everolimus=20 nM", "rapamycin=1 nM @ 9 h"]), "both set what 'RAPA'"),
    (Words(drugs=["Torin1=20 nM"], conditions=["PP242 @ 9 h"]), "both set what 'TORKI'"),
]


@pytest.mark.parametrize(("words", "said"), WRONG)
def test_what_cannot_be_given_is_refused(words: Words, said: str) -> None:
    with pytest.raises(CompoundError) as raised:
        experiment(words, ["1 h"])
    assert said in str(raised.value)
    assert str(raised.value)[-1] in ".?"


@pytest.mark.parametrize("text", ["everolimus=20", "everolimus=1 h", "=1 nM", "everolimus=1 nM @"])
def test_a_drug_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="cannot be read"):
        experiment(Words(drugs=[text]), ["1 h"])


def test_two_of_a_class_are_refused_by_the_library() -> None:
    with pytest.raises(CompoundError, match="both set what 'RAPA'"):
        exposure(["1 h"], drugs={"everolimus": 1.0, "rapamycin": 1.0})
    with pytest.raises(CompoundError, match="both set what 'TORKI'"):
        exposure(["1 h"], drugs={"PP242": 1.0}, conditions=[conditions.find("Torin1")])


@pytest.mark.parametrize(
    ("added", "remarked"),
    [
        ([], True),
        (["TORKI_medium"], True),
        (["RAPA_medium"], False),
        (["RAPA@medium"], False),
        (["RAPA_0"], False),
    ],
)
def test_a_compound_of_which_nothing_is_added_is_remarked(
    added: list[str], remarked: bool, signalling: SbmlModel
) -> None:
    names = ["everolimus", "KRAS_mut", "carboplatin", "no such condition"]
    told = list(drugs.idle(names, added, signalling))
    assert len(told) == remarked
    assert all("everolimus is set but nothing of it is added" in text for text in told)


def test_every_compound_that_takes_a_dose_has_one_species_for_it(signalling: SbmlModel) -> None:
    for compound in compounds.table().values():
        if compound.species:
            assert len(signalling.species_of(compound.medium)) == 1
            assert not math.isnan(compound.usual_dose or 0.0)


def test_two_conditions_of_a_class_are_refused() -> None:
    with pytest.raises(ConditionError, match="both set what 'RAPA' stands for"):
        experiment(Words(conditions=["everolimus", "temsirolimus"]), ["1 h"])
