"""Steps of the fit, against SciPy's own minimum; margins follow straight lines here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from mtorules.analysis.calibration.measuring import Measured
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.calibration.steps import descended, foreseen
from scipy import optimize

from .conftest import Straight

# The first lacks something, and what mends it takes from the second, which has just enough.
BEGUN = np.array([-0.5, 0.07])
SLOPES = np.array([[1.0, 0.4, 0.0], [-0.8, 0.3, 0.0]])


@pytest.fixture(scope="module")
def measurer(straight: Callable[..., Straight]) -> Straight:
    return straight([("misses", 1), ("holds", 1)], BEGUN, SLOPES)


@pytest.fixture
def objective(measurer: Straight) -> Objective:
    return Objective(measurer, np.ones(3, dtype=bool))


def least(objective: Objective, measurer: Straight, reach: float) -> float:
    """Return the least objective within a reach that a search of the whole box comes to."""
    low, high = measurer.inside
    far = reach * measurer.spread
    ends = np.column_stack([np.maximum(low, measurer.centre - far), measurer.centre + far])
    ends[:, 1] = np.minimum(ends[:, 1], high)
    found = optimize.differential_evolution(
        lambda logs: objective.cost(measurer(logs)), ends.tolist(), seed=1, tol=1e-10
    )
    return float(found.fun)


@pytest.mark.parametrize("reach", [0.05, 0.4])
def test_a_step_is_the_best_there_is_within_reach(
    objective: Objective, measurer: Straight, reach: float
) -> None:
    here = measurer(measurer.centre)
    logs, promised = foreseen(objective, here, reach)
    assert (np.abs(logs - here.logs) <= reach * measurer.spread * (1 + 1e-9)).all()
    assert promised == pytest.approx(objective.cost(measurer(logs)), rel=1e-9)
    assert promised == pytest.approx(least(objective, measurer, reach), rel=1e-4)
    assert promised < objective.cost(here)


def test_what_holds_is_not_given_up_for_what_does_not(
    objective: Objective, measurer: Straight
) -> None:
    """Least squares of linear residuals gives it up: a check with enough to spare has no slope."""
    here = measurer(measurer.centre)
    logs, _ = foreseen(objective, here, 0.4)
    blind, *_ = np.linalg.lstsq(objective.jacobian(here), -objective.residuals(here), rcond=None)
    blindly, seen = measurer(here.logs + blind), measurer(logs)
    assert blindly.margins[1] < -0.1 < seen.margins[1]
    assert seen.margins[0] > here.margins[0] + 0.1
    assert objective.cost(seen) < objective.cost(blindly)


def test_steps_come_to_the_least_objective(objective: Objective, measurer: Straight) -> None:
    seen: list[Measured] = []

    def measure(logs: np.ndarray) -> Measured:
        seen.append(measurer(logs))
        return seen[-1]

    best = descended(objective, measurer.centre, 0.2, 30, measure)
    costs = [objective.cost(each) for each in seen]
    assert objective.cost(best) == min(costs)
    assert costs == sorted(costs, reverse=True)
    assert min(costs) == pytest.approx(least(objective, measurer, 2.0), rel=1e-3)
    assert len(seen) < 25
    assert len({tuple(each.logs) for each in seen}) == len(seen)


def test_no_more_is_measured_than_asked(objective: Objective, measurer: Straight) -> None:
    count = 0

    def measure(logs: np.ndarray) -> Measured:
        nonlocal count
        count += 1
        return measurer(logs)

    descended(objective, measurer.centre, 0.02, 3, measure)
    assert count == 3


def test_a_parameter_that_is_held_stays(measurer: Straight) -> None:
    objective = Objective(measurer, np.array([True, False, True]))
    logs, _ = foreseen(objective, measurer(measurer.centre), 0.4)
    assert logs[1] == measurer.centre[1]
    assert logs[0] != measurer.centre[0]
