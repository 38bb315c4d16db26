"""Profiles against the parabola that they are in straight lines."""

import numpy as np
import pytest
from mtorules.analysis.uncertainty import profiles
from mtorules.analysis.uncertainty.profiles import NotProfiledError

from .conftest import Normal


def test_in_straight_lines_a_profile_is_a_parabola(normal: Normal) -> None:
    best, covariance = normal.best()
    for place, name in enumerate("ab"):
        found = profiles.profile(normal, best, name)
        deviation = np.sqrt(covariance[place, place])
        middle = best.logs["abcd".index(name)]
        logs = np.log([point.value for point in found.points])
        exact = ((logs - middle) / deviation) ** 2 / 2
        assert len(logs) > 4
        np.testing.assert_allclose([point.cost for point in found.points], exact, atol=1e-6)
        np.testing.assert_allclose([point.laplace for point in found.points], exact, atol=1e-9)
        ends = np.exp(middle + 1.959964 * deviation * np.array([-1, 1]))
        assert found.interval == pytest.approx(ends, rel=1e-4)
        assert found.laplace == pytest.approx(ends, rel=1e-5)


def test_a_set_that_the_objective_alone_did_not_choose_is_held_against_what_is_found_beside_it(
    normal: Normal,
) -> None:
    """What is left to be found of the others is found at every value, and so at the set's own."""
    best, covariance = normal.best()
    logs = best.logs.copy()
    logs[1] += 0.8
    kept = normal.measurer(logs)
    found = profiles.profile(normal, kept, "a")
    missed = normal.cost(kept) - normal.cost(best)
    assert missed > 0.05
    assert found.least.value == pytest.approx(np.exp(best.logs[0]))
    assert found.least.cost == pytest.approx(-missed, abs=1e-6)
    deviation = np.sqrt(covariance[0, 0])
    ends = np.exp(best.logs[0] + 1.959964 * deviation * np.array([-1, 1]))
    assert found.interval == pytest.approx(ends, rel=1e-3)


def test_no_interval_is_told_where_others_would_still_lower_the_objective(normal: Normal) -> None:
    """Others that start 5 off go 0.9 at each evaluation: a fifth of their spread of 4.5."""
    best, covariance = normal.best()
    logs = best.logs.copy()
    logs[1] += 5.0
    kept = normal.measurer(logs)
    short = profiles.profile(normal, kept, "a", evaluations=2, steps=2)
    assert np.isnan(short.interval).all()
    at_best = next(point for point in short.points if point.value == pytest.approx(short.value))
    middle = normal.measurer(kept.logs + np.array([0.0, -1.8, 0.0, 0.0]))
    after = normal.measurer(kept.logs + np.array([0.0, -2.7, 0.0, 0.0]))
    assert at_best.left >= normal.cost(middle) - normal.cost(after) > profiles.LESS
    assert short.left == max(point.left for point in short.points)
    assert profiles.shown(short.interval[0], short.low) == "not told"
    assert profiles.data(short)["interval"] == [None, None]
    assert not profiles.data(short)["settled"]
    long = profiles.profile(normal, kept, "a", evaluations=9)
    ends = np.exp(best.logs[0] + 1.959964 * np.sqrt(covariance[0, 0]) * np.array([-1, 1]))
    assert long.interval == pytest.approx(ends, rel=1e-3)
    assert profiles.data(long)["settled"]


def test_an_end_beyond_the_range_is_told(normal: Normal) -> None:
    """Of what nothing is said, its prior alone rises: by 2 at the ends, two deviations away."""
    best, _ = normal.best()
    found = profiles.profile(normal, best, "d")
    assert found.interval == pytest.approx(np.exp([-1.959964 * 4.5, 1.959964 * 4.5]), rel=1e-3)
    found = profiles.profile(normal, best, "d", steps=1)
    assert found.interval == (0.0, np.inf)
    assert profiles.shown(found.interval[0], found.low) == "beyond 0.000123"


def test_what_does_not_move_has_no_profile(normal: Normal) -> None:
    best, _ = normal.best()
    with pytest.raises(NotProfiledError, match="'c' does not move in this fit of 3 parameters"):
        profiles.profile(normal, best, "c")
