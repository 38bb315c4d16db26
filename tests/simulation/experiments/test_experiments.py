import json
import math
from collections.abc import Callable
from typing import Any

import pytest
from mtorules.models.perturbations import conditions
from mtorules.simulation.experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Dose,
    Experiment,
    ExperimentError,
    Period,
    Washout,
    exposure,
)


def test_quantities_may_be_written_with_units() -> None:
    told = Experiment(
        "told",
        [
            Period("-inf", [Condition("a", {"k": 1.0})]),
            Period("15 min", washouts=[Washout("X", "90 %")], doses=[Dose("X", "0.5 uM")]),
            Period(1800),
        ],
        ["1 h", 7200, "inf"],
    )
    assert [p.start for p in told.periods] == [EQUILIBRATION, 900.0, 1800.0]
    assert told.periods[1].doses[0].concentration == 500.0
    assert told.periods[1].washouts[0].fraction == 0.9
    assert told.times == (3600.0, 7200.0, math.inf)


def test_conditions_of_the_tables_are_conditions() -> None:
    prone = conditions.table()["sequestration_prone"]
    period = Period(0.0, [prone, Condition("more", {"k": 2.0})])
    assert all(isinstance(held, Condition) for held in period.conditions)
    assert period.values == {**prone.values, "k": 2.0}


def test_conditions_that_agree_may_meet() -> None:
    both = [Condition("one", {"k": 2.0, "l": 1.0}), Condition("two", {"k": 2.0})]
    assert Period(0.0, both).values == {"k": 2.0, "l": 1.0}


def test_exposure_is_rest_and_then_everything_at_time_zero() -> None:
    null = conditions.table()["FKBP1A_null"]
    told = exposure(["1 h"], doses={"RAPA_medium": "20 nM"}, conditions=[null], name="null")
    assert told.name == "null"
    assert [p.start for p in told.periods] == [EQUILIBRATION, 0.0]
    assert told.periods[0].values == {"FKBP1A_0": 0.0}
    assert not told.periods[0].doses
    assert [(d.species, d.concentration) for d in told.periods[1].doses] == [("RAPA_medium", 20.0)]
    assert told.periods[1].values == {}
    rushed = exposure(["1 h"], doses={"RAPA_medium": 20.0}, conditions=[null], equilibrated=False)
    assert [p.start for p in rushed.periods] == [0.0]
    assert rushed.periods[0].values == {"FKBP1A_0": 0.0}
    assert len(rushed.periods[0].doses) == 1


def test_an_experiment_is_plain_data_for_json() -> None:
    told = Experiment(
        "told",
        [
            Period(EQUILIBRATION, [Condition("c", {"k": "3 nM"})]),
            Period(0.0, doses=[Dose("X", "1 uM"), Dose("Y", amount=3.0)]),
            Period(60.0, washouts=[Washout("X", 0.5)]),
        ],
        [0.0, math.inf],
    )
    described = told.described()
    assert json.loads(json.dumps(described, allow_nan=False)) == described
    assert described == {
        "name": "told",
        "periods": [
            {
                "start": "-inf",
                "conditions": [{"name": "c", "values": {"k": "3 nM"}}],
                "washouts": [],
                "doses": [],
            },
            {
                "start": 0.0,
                "conditions": [],
                "washouts": [],
                "doses": [{"species": "X", "nM": 1000.0}, {"species": "Y", "amount": 3.0}],
            },
            {
                "start": 60.0,
                "conditions": [],
                "washouts": [{"species": "X", "fraction": 0.5}],
                "doses": [],
            },
        ],
        "times": [0.0, "inf"],
    }


def clash() -> list[Condition]:
    return [Condition("one", {"k": 1.0}), Condition("two", {"k": 2.0})]


def over(*starts: Any, times: Any = (0.0,)) -> Experiment:
    return Experiment("e", [Period(start) for start in starts], times)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Condition("c", {"k": math.nan}), "Condition 'c' sets 'k' to NaN"),
        (lambda: Dose("X"), "needs either a concentration, an amount or a count"),
        (lambda: Dose("X", 1.0, 2.0), "needs either a concentration, an amount or a count"),
        (lambda: Dose("X", "3 h"), "The dose of 'X' is no dose: '3 h' is a time"),
        (lambda: Dose("X", "3"), "has no unit"),
        (lambda: Dose("X", -1.0), "is negative"),
        (lambda: Dose("X", math.inf), "is not a finite number"),
        (lambda: Dose("X", amount=-1.0), "an amount is finite and not negative"),
        (lambda: Dose("X", amount=math.inf), "an amount is finite and not negative"),
        (lambda: Dose("X", amount=math.nan), "an amount is finite and not negative"),
        (lambda: Washout("X", 1.5), "Wash-out of 'X': 1.5 is not a share"),
        (lambda: Washout("X", "most"), "Wash-out of 'X': 'most' is not a share"),
        (lambda: Period(0.0, clash()), "'one' and 'two' both set 'k', to 1.0 and 2.0"),
        (lambda: Period("noon"), "The start of a period cannot be read: 'noon'"),
        (lambda: Period("24"), "has no unit"),
        (lambda: Period(math.inf), "cannot start at inf"),
        (lambda: Period(math.nan), "cannot start at nan"),
        (lambda: over(), "Experiment 'e': it has no period"),
        (lambda: over(5.0, 5.0, times=[9.0]), "5 s after 5 s"),
        (lambda: over(5.0, 3.0, times=[9.0]), "do not start one after the other: 3 s after 5 s"),
        (lambda: over(0.0, "-inf"), "do not start one after the other: -inf s after 0 s"),
        (lambda: over("-inf"), "only pre-equilibration is in it"),
        (lambda: over(0.0, times=[]), "it has no output times"),
        (lambda: over(0.0, times=[2.0, 1.0]), "output times do not increase: 1 s after 2 s"),
        (lambda: over(0.0, times=[2.0, 2.0]), "output times do not increase"),
        (lambda: over(0.0, times=["inf", 2.0]), "output times do not increase: 2 s after inf s"),
        (lambda: over(5.0, times=[4.0]), "first output, at 4 s, lies before its first period"),
        (lambda: over("-inf", 0.0, times=[-math.inf]), "lies before its first period"),
        (lambda: over(0.0, times=[math.nan]), "an output time is NaN"),
        (lambda: over(0.0, times=["nan"]), "an output time cannot be read"),
        (lambda: over(0.0, times=["3 nM"]), "an output time cannot be read: '3 nM' is a conc"),
    ],
)
def test_what_makes_no_sense_is_said(make: Callable[[], object], said: str) -> None:
    with pytest.raises(ExperimentError) as raised:
        make()
    assert said in str(raised.value)
    assert str(raised.value)[-1] in ".?"
    assert "\n" not in str(raised.value)
