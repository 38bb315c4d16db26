"""Targets as measurements: with scales at their best, chi square is that of the ratios."""

from __future__ import annotations

import math

import pytest
from mtorules.analysis.petab import building, estimating, targeted
from mtorules.analysis.petab.objective import Evaluator
from mtorules.analysis.validation.tables import TargetError
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded


def target(
    s: float, hours: float, log2: float, dataset: str = "one", name: str = "A_level"
) -> Target:
    return Target(
        *(dataset, "reference", "full", f"s={s}", "", 0.0, hours, name, "before", log2, 0.3, 1)
    )


def ratio(s: float, hours: float) -> float:
    return math.log2((s / 1e-3 + (10 - s / 1e-3) * math.exp(-3.6 * hours)) / 10)


TARGETS = [target(0.02, 0.1, 0.5), target(0.04, 0.2, 1.0), target(0.04, 1.0, 1.0, "two")]


def test_chi_square_is_that_of_the_ratios(turnover: Loaded) -> None:
    rows, done = targeted.of(TARGETS, turnover.model)
    # One reference for each data set, whatever was compared with it.
    assert [row.value for row in rows].count(1.0) == 2
    assert len(rows) == 5
    assert len(done.experiments) == 3
    built = building.build(turnover, rows, done, [])
    found = Evaluator(estimating.estimated(built, turnover), turnover)()
    expected = sum(
        ((ratio(float(each.stimulus[2:]), each.time_h) - each.log2) / each.spread) ** 2
        for each in TARGETS
    )
    assert found.chi2 == pytest.approx(expected, rel=5e-3)


def test_what_the_model_lacks_is_told(turnover: Loaded) -> None:
    with pytest.raises(TargetError, match="C_level"):
        targeted.of([target(0.02, 0.1, 0.5, name="C_level")], turnover.model)
