"""Half-way doses of curves that are known."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from mtorules.analysis.validation import potencies, scores
from mtorules.analysis.validation.predicting import Prediction
from mtorules.analysis.validation.targets import Target


def inhibited(dose: float, half: float) -> float:
    """log2 of what a one-site inhibitor leaves."""
    return float(np.log2(1 / (1 + dose / half)))


def test_half_is_found_between_doses_on_a_logarithmic_scale() -> None:
    doses = list(np.geomspace(0.1, 1000, 81))
    assert potencies.half_way(doses, [inhibited(d, 30.0) for d in doses]) == pytest.approx(
        30, rel=1e-3
    )
    assert potencies.half_way([1, 10], [-0.5, -1.5]) == pytest.approx(10**0.5)


def test_beyond_the_doses_it_is_zero_or_infinite() -> None:
    assert potencies.half_way([1, 10, 100], [-1.0, -2.0, -3.0]) == 0
    assert potencies.half_way([1, 10, 100], [0.0, 0.2, -0.9]) == math.inf


def test_the_first_time_counts() -> None:
    assert potencies.half_way([1, 10, 100, 1000], [0.0, -2.0, 0.0, -2.0]) < 10


def series(target: Callable[..., Target], halves: tuple[float, float]) -> list[Prediction]:
    return [
        Prediction(
            target(drug=f"AZD8055={dose} nM", log2=inhibited(dose, halves[0])),
            inhibited(dose, halves[1]),
            "TOR-KI",
        )
        for dose in (1, 3, 10, 30, 100, 300)
    ]


def test_folds_between_measured_and_predicted(target: Callable[..., Target]) -> None:
    made = series(target, (10.0, 80.0))
    (row,) = potencies.table(scores.frame(made)).to_dict("records")
    assert row["doses"] == 6
    assert row["drug"] == "AZD8055"
    assert row["fold"] == pytest.approx(8, rel=0.1)
    assert row["agree"]


def test_one_beyond_the_doses_has_no_fold_and_does_not_agree(
    target: Callable[..., Target],
) -> None:
    (row,) = potencies.table(scores.frame(series(target, (10.0, 1e5)))).to_dict("records")
    assert math.isnan(row["fold"])
    assert not row["agree"]
    (row,) = potencies.table(scores.frame(series(target, (1e6, 1e5)))).to_dict("records")
    assert row["agree"]


def test_three_doses_pairs_and_stimuli_make_no_series(target: Callable[..., Target]) -> None:
    made = series(target, (10.0, 80.0))[:3]
    made += [Prediction(target(drug=f"A={d} nM + B=1 nM"), 0.0, "x") for d in (1, 2, 3, 4)]
    assert potencies.table(scores.frame(made)).empty


def test_the_error_is_the_median_fold_either_way(target: Callable[..., Target]) -> None:
    table = potencies.table(scores.frame(series(target, (10.0, 80.0)))).iloc[[0, 0, 0]]
    table["fold"] = [0.25, 2.0, 16.0]
    assert potencies.fold_error(table) == pytest.approx(4)
