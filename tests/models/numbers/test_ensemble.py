"""The parameter sets of the package belong to its fitted set and to the tables of today."""

import json

import numpy as np
import pytest
from mtorules.analysis.calibration.calibrate import PLAUSIBILITY
from mtorules.analysis.claims import reading
from mtorules.models.numbers import ensemble, fitted
from mtorules.models.numbers.parameters import ParameterError
from mtorules.models.perturbations import conditions


@pytest.fixture(scope="module")
def sets() -> ensemble.Sets:
    return ensemble.read()


@pytest.fixture(scope="module")
def about() -> dict:
    return json.loads(ensemble.FILE.with_suffix(".json").read_text())


def test_there_are_a_hundred_of_what_was_fitted(sets: ensemble.Sets, about: dict) -> None:
    assert len(sets.numbers) == about["sets"] >= 100
    assert set(sets.ones) == set(fitted.table())
    assert len(sets.ones) == about["parameters"]


def test_no_value_leaves_the_range_of_its_table(sets: ensemble.Sets) -> None:
    tables = conditions.tables()
    for name, one in sets.ones.items():
        quantity = tables[name]
        assert one.unit == quantity.unit, name
        values = np.array([each[name] for each in sets.numbers]) * one.value
        # Counted amounts may be off by a factor of two, whatever their range is.
        counted = quantity.evidence == "measured"
        low = quantity.value / 2 if counted else quantity.low
        high = quantity.value * 2 if counted else quantity.high
        assert np.all(values >= low * (1 - 1e-3)), name
        assert np.all(values <= high * (1 + 1e-3)), name


def test_they_lie_about_the_fitted_set_and_differ(sets: ensemble.Sets) -> None:
    best = fitted.table()
    logs = np.array([[np.log(each[name]) for name in sets.ones] for each in sets.numbers])
    away = logs - np.log([best[name].value / one.value for name, one in sets.ones.items()])
    assert np.linalg.matrix_rank(logs - logs.mean(axis=0)) == len(logs) - 1  # none stands twice
    assert np.all(np.ptp(away, axis=0) > 0)
    # Drawn about the best set, so that it lies among them.
    inside = (away.min(axis=0) <= 0) & (away.max(axis=0) >= 0)
    assert inside.mean() > 0.95


def test_it_says_how_they_were_drawn_and_what_they_cost(about: dict) -> None:
    assert about["cost_above_best"]["most"] <= about["cost_allowed_above_best"]
    last = about["draws"][-1]
    assert last["scale"] == about["scale"]
    assert last["kept"] == about["sets"] >= last["drawn"] / 2


def test_it_says_which_claims_hold_in_how_many_sets(about: dict) -> None:
    claims = about["claims"]
    some, none = claims["hold_in_so_many_sets"], claims["hold_in_no_set"]
    assert claims["hold_in_all_sets"] + len(some) + len(none) == claims["asked"]
    assert all(0 < count < about["sets"] for count in some.values())
    known = {claim.id for claim in reading.read([reading.FOLDER, PLAUSIBILITY])}
    assert {*some, *none} <= known
    assert claims["asked"] <= len(known)  # those over panels are not seen
    mean = claims["hold_in_all_sets"] + sum(some.values()) / about["sets"]
    assert claims["hold"]["least"] <= mean <= claims["hold"]["most"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no parameter sets"),
        ("name,unit\n", "holds no parameter sets"),
        ("name,unit,1,2\nMTOR_0,nM,100\n", "2 values were expected, and there are 1"),
        ("name,unit,1\nMTOR_0,nM,100\nMTOR_0,nM,100\n", "'MTOR_0' stands twice"),
        ("name,unit,1\nMTOR_0,parsec,100\n", "unknown unit 'parsec'"),
        ("name,unit,1\nMTOR_0,nM,many\n", "which is no number"),
        ("name,unit,1\nMTOR_0,nM,-1\n", "not above zero in set 1"),
    ],
)
def test_every_fault_of_a_file_is_named(tmp_path, text: str, said: str) -> None:
    path = tmp_path / "sets.csv"
    path.write_text(text)
    with pytest.raises(ParameterError, match=said):
        ensemble.read(path)
