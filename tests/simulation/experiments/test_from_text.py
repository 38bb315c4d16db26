import math

import pytest
from mtorules.models.perturbations import conditions
from mtorules.models.perturbations.conditions import ConditionError
from mtorules.simulation.experiments.experiments import EQUILIBRATION, ExperimentError
from mtorules.simulation.experiments.from_text import ProtocolError, Words, experiment


def test_words_become_periods_in_the_order_of_time() -> None:
    told = experiment(
        Words(
            doses=["RAPA_medium=0.5 uM @ 24 h", "RAPA_medium=10 nM", "INS = 1 nM@2h"],
            washouts=["RAPA_medium @ 24 h", "RAPA@medium = 90 % @ 1 d", "RAPA_medium=0.25 @ 48 h"],
            settings=["MTOR_0=50 nM", "turnover=0 @ 24 h", "cell=4e0"],
            conditions=["FKBP1A_null", "boundless_medium @ 48 h"],
            equilibrated=True,
        ),
        ["1 h", 7200.0, "inf"],
        name="told",
    )
    assert told.name == "told"
    assert told.times == (3600.0, 7200.0, math.inf)
    starts = [period.start for period in told.periods]
    assert starts == [EQUILIBRATION, 0.0, 7200.0, 86400.0, 172800.0]
    rest, zero, two, day, end = told.periods
    assert rest.values == {"FKBP1A_0": 0.0, "MTOR_0": "50 nM", "cell": 4.0}
    assert zero.values == {}
    assert [(d.species, d.concentration) for d in zero.doses] == [("RAPA_medium", 10.0)]
    assert [(d.species, d.concentration) for d in two.doses] == [("INS", 1.0)]
    assert [(d.species, d.concentration) for d in day.doses] == [("RAPA_medium", 500.0)]
    assert day.values == {"turnover": 0.0}
    assert [(w.species, w.fraction) for w in day.washouts] == [
        ("RAPA_medium", 1.0),
        ("RAPA@medium", 0.9),
    ]
    assert [(w.species, w.fraction) for w in end.washouts] == [("RAPA_medium", 0.25)]
    assert end.values == dict(conditions.table()["boundless_medium"].values)


def test_without_words_nothing_is_done_but_time_passes() -> None:
    assert [period.start for period in experiment(Words(), [0.0]).periods] == [0.0]
    resting = experiment(Words(equilibrated=True), [0.0])
    assert [period.start for period in resting.periods] == [EQUILIBRATION, 0.0]


def test_without_rest_everything_acts_at_time_zero() -> None:
    told = experiment(
        Words(["A=1 nM"], ["A=50 % @ 0 s"], ["k=2"], ["FKBP1A_null"]), ["1 min"]
    ).periods
    assert len(told) == 1
    assert told[0].start == 0.0
    assert told[0].values == {"FKBP1A_0": 0.0, "k": 2.0}
    assert len(told[0].doses) == len(told[0].washouts) == 1


def test_a_species_may_be_named_with_its_compartment() -> None:
    told = experiment(
        Words(
            doses=["RAPA@medium=10 nM", "@medium:RAPA(fkbp, frb)=3 nM @ 1 h"],
            washouts=["RAPA@medium @ 2 h"],
        ),
        [0.0],
    )
    assert [d.species for p in told.periods for d in p.doses] == [
        "RAPA@medium",
        "@medium:RAPA(fkbp, frb)",
    ]
    assert [w.species for p in told.periods for w in p.washouts] == ["RAPA@medium"]


WRONG: list[tuple[Words, type[ValueError], str]] = [
    (Words(doses=["RAPA_medium"]), ProtocolError, "says no concentration; write 'NAME=10 nM'"),
    (Words(doses=["RAPA_medium="]), ProtocolError, "write it like 'RAPA_medium=10 nM @ 24 h'"),
    (Words(doses=["=10 nM"]), ProtocolError, "cannot be read; write it like"),
    (Words(doses=["A=10 nM @"]), ProtocolError, "cannot be read; write it like"),
    (Words(doses=[""]), ProtocolError, "cannot be read; write it like"),
    (Words(doses=["A=10"]), ProtocolError, "The dose 'A=10' cannot be read: '10' has no unit"),
    (Words(doses=["A=10 h"]), ProtocolError, "is a time, not a concentration"),
    (Words(doses=["A=-1 nM"]), ProtocolError, "'-1 nM' is negative"),
    (Words(doses=["A=1 nM @ 24"]), ProtocolError, "The time of 'A=1 nM @ 24' cannot be read"),
    (Words(doses=["A=1 nM @ 2 nM"]), ProtocolError, "is a concentration, not a time"),
    (Words(doses=["A=1 nM @ 2 h @ 3 h"]), ProtocolError, "The time of"),
    (Words(washouts=["A"]), ProtocolError, "does not say when; add '@ 24 h'"),
    (Words(washouts=["A=120 % @ 2 h"]), ProtocolError, "not a share between 0 and 1"),
    (Words(washouts=["A=most @ 2 h"]), ProtocolError, "'most' is not a share"),
    (Words(settings=["MTOR_0"]), ProtocolError, "sets no value; write it like 'MTOR_0=50 nM'"),
    (Words(settings=["MTOR_0=nan"]), ProtocolError, "is not a finite number"),
    (Words(settings=["MTOR_0=1_000"]), ProtocolError, "write 1500, not 1,500"),
    (Words(settings=["MTOR_0=\uff11\uff10"]), ProtocolError, "is not a number with a unit"),
    (Words(settings=["MTOR_0=1e400"]), ProtocolError, "is not a finite number"),
    (Words(settings=["k=1", "k=2"]), ExperimentError, "both set 'k', to 1.0 and 2.0"),
    (Words(conditions=["FKBP1A_null=3"]), ProtocolError, "cannot be given a value"),
    (Words(conditions=["FKBP1A_nul"]), ConditionError, "Did you mean 'FKBP1A_null'"),
    (
        Words(conditions=["FKBP1A_null", "sequestration_prone"]),
        ConditionError,
        "both set 'FKBP1A_0'",
    ),
    (
        Words(conditions=["FKBP1A_null"], settings=["FKBP1A_0=3"]),
        ExperimentError,
        "Conditions 'FKBP1A_null' and 'FKBP1A_0=3' both set 'FKBP1A_0'",
    ),
]


@pytest.mark.parametrize(("words", "kind", "said"), WRONG)
def test_words_that_cannot_be_read(words: Words, kind: type[ValueError], said: str) -> None:
    with pytest.raises(kind) as raised:
        experiment(words, [0.0])
    assert said in str(raised.value)
    assert str(raised.value)[-1] in ".?"


def test_a_part_of_the_network_takes_of_a_condition_what_it_has() -> None:
    words = Words(conditions=["GF0"])
    (period,) = experiment(words, [0.0], model="insulin_mtor").periods
    assert period.conditions[0].values == {"IGF1_0": 0, "INS_0": 0}
    (period,) = experiment(words, [0.0], model="somebody's.bngl").periods
    assert {"EGF_0", "HGF_0"} <= period.conditions[0].values.keys()


def test_a_part_without_the_molecule_is_told_which_model_has_it() -> None:
    with pytest.raises(ConditionError, match="'insulin_mtor' and 'signalling' can"):
        experiment(Words(conditions=["PTEN_null"]), [0.0], model="translation")
