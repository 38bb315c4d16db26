"""Scores of a few numbers whose answer is plain."""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from mtorules.analysis.validation import rules, scores
from mtorules.analysis.validation.predicting import Prediction
from mtorules.analysis.validation.targets import Target


def test_shares_of_signs_and_the_error_of_four_numbers() -> None:
    measured = [1.0, -2.0, 0.6, 0.1]
    predicted = [0.5, -2.0, -0.1, -0.2]
    found = scores.score(measured, predicted)
    assert (found.n, found.changed) == (4, 3)
    assert found.sign == 2 / 4
    assert found.sign_changed == 2 / 3
    assert found.opposite == 1 / 3
    assert found.flat == 0
    assert found.rmse == pytest.approx(math.sqrt((0.25 + 0 + 0.49 + 0.09) / 4))


def test_a_small_prediction_is_none_where_something_changed() -> None:
    found = scores.score([1.0, -1.0], [0.04, -0.06])
    assert (found.sign_changed, found.flat, found.opposite) == (0.5, 0.5, 0)
    assert found.sign == 1


def test_what_integration_leaves_is_no_sign() -> None:
    assert scores.score([0.2, 0.0, -0.2], [1e-9, 1e-9, -1e-3]).sign == pytest.approx(2 / 3)


def test_a_measured_half_is_no_change_yet_and_more_is() -> None:
    assert scores.score([0.5, -0.5], [1.0, 1.0]).changed == 0
    assert math.isnan(scores.score([0.5, -0.5], [1.0, 1.0]).sign_changed)
    assert scores.score([0.51], [1.0]).changed == 1


def test_beyond_what_an_assay_sees_all_are_alike() -> None:
    assert scores.score([-5.0, -20.0], [-40.0, -5.0]).rmse == 0


def test_ranks_are_of_orders_and_need_five_numbers_that_differ() -> None:
    assert scores.rank([1, 2, 3, 4, 5], [1, 4, 4.1, 4.2, 4.9]) == pytest.approx(1)
    # One neighbouring pair is exchanged: 1 - 6 * 2 / (5 * 24).
    assert scores.rank([1, 2, 3, 4, 5], [1, 3, 2, 4, 5]) == pytest.approx(0.9)
    assert math.isnan(scores.rank([1, 2, 3, 4], [1, 2, 3, 4]))
    assert math.isnan(scores.rank([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]))


def test_a_factor_of_each_readout_and_set_is_taken_out() -> None:
    frame = pd.DataFrame(
        {
            "dataset": ["a", "a", "b", "b", "c"],
            "readout": ["r"] * 5,
            "log2": [1.0, -1.0, 0.3, 0.6, 1.0],
            "predicted": [2.0, -2.0, 0.1, 0.2, -1.0],  # of c no factor below zero is taken
        }
    )
    assert scores.scaled_rmse(frame) == pytest.approx(math.sqrt(1 / 5))


def test_no_rows_have_no_score() -> None:
    found = scores.score([], [])
    assert found.n == 0
    assert all(math.isnan(each) for each in (found.sign, found.rmse, found.rank))


@pytest.fixture
def frame(target: Callable[..., Target]) -> pd.DataFrame:
    drugged = {"drug": "trametinib=20 nM"}
    fed = {"stimulus": "EGF=1 nM", "reference": "before"}
    given = [
        (target(readout="pERK", log2=-2.0, **drugged), -1.0, "MEK inhibitor"),
        (target(readout="pERK", log2=-1.0, dataset="two", **drugged), -1.0, "MEK inhibitor"),
        (target(readout="pERK", log2=1.5, **fed), 2.0, "none"),
        (target(readout="pMEK", log2=0.7, **drugged), -0.2, "MEK inhibitor"),
        (target(readout="p27", log2=-0.1, **fed), 0.0, "none"),
    ]
    return scores.frame([Prediction(t, p, c) for t, p, c in given])


def test_scores_are_told_apart_by_a_column(frame: pd.DataFrame) -> None:
    by = scores.by(frame, "readout").set_index("readout")
    assert by.index[0] == "pERK"
    assert by.n.to_dict() == {"pERK": 3, "pMEK": 1, "p27": 1}
    assert by.opposite["pMEK"] == 1
    assert by.rmse["pERK"] == pytest.approx(math.sqrt((1 + 0 + 0.25) / 3))
    by_set = scores.by(frame, "dataset").set_index("dataset")
    assert by_set.rmse["two"] == 0


def test_what_is_missed_is_counted_where_the_same_was_given(target: Callable[..., Target]) -> None:
    def row(log2: float, predicted: float, readout: str = "pERK", **words: str) -> Prediction:
        words = {"stimulus": "EGF=1 nM", "reference": "before", "drug": ""} | words
        kind = "MEK inhibitor" if words["drug"] else "none"
        return Prediction(target(readout=readout, log2=log2, **words), predicted, kind)

    rows = [
        row(1.0, -0.1),  # the other way
        row(1.0, 0.04, stimulus="EGF=10 nM"),  # hardly
        row(-1.0, -0.1, stimulus="EGF=3 nM"),  # right
        row(0.5, -1.0, stimulus="EGF=3 nM"),  # not far enough to count
        row(1.0, 0.0, drug="trametinib=20 nM"),
        row(1.0, 1.0, readout="pMEK"),  # nothing missed here
    ]
    table = scores.missed(scores.frame(rows))
    assert table[["readout", "given"]].values.tolist() == [["pERK", "EGF"], ["pERK", "MEK"]]
    assert table["changed"].tolist() == [3, 1]
    assert table["went_the_other_way"].tolist() == [1, 0]
    assert table["stood_still"].tolist() == [1, 1]


def test_rules_that_need_no_model(frame: pd.DataFrame) -> None:
    found = rules.all_rules(frame)
    assert found[rules.NO_CHANGE].tolist() == [0] * 5
    assert found[rules.MAJORITY].tolist() == [-1.0, -1.0, -1.0, 0.7, -0.1]
    assert found[rules.ELSEWHERE].tolist() == [-1.0, -0.25, -1.0, 0.0, 0.0]
    # ERK stands below MEK, and EGF raises it; MEK itself and p27 are on no such list.
    assert found[rules.BELOW].tolist() == [-1.0, -1.0, 1.0, 0.0, 0.0]


def test_of_several_drugs_any_counts(target: Callable[..., Target]) -> None:
    both = target(readout="pERK", drug="AZD8055=1 nM + trametinib=1 nM")
    rows = scores.frame([Prediction(both, 0.0, "MEK inhibitor + TOR-KI")])
    assert rules.below(rows).tolist() == [-1.0]


def test_the_model_stands_first_beside_the_rules(frame: pd.DataFrame) -> None:
    table = scores.beside(frame, rules.all_rules(frame))
    assert table["predicted by"][0] == "the model"
    still = table.set_index("predicted by").loc[rules.NO_CHANGE]
    squares = np.array([2.0, 1.0, 1.5, 0.7, 0.1]) ** 2
    assert still["rmse"] == pytest.approx(math.sqrt(squares.mean()))
    assert still["flat"] == 1
