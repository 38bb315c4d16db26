"""The end of a fit, against closed forms and differences; margins follow straight lines here."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from mtorules.analysis.calibration import margins
from mtorules.analysis.calibration.measuring import Measured
from mtorules.analysis.calibration.robust_steps import Here, Steadiness, steadied
from mtorules.analysis.claims.bounds import Bounds
from scipy import stats

from .conftest import Straight

SLOPES = np.array([[2.0, 0, 0, 0], [0, 1.5, 0, 0], [-1.0, 0, 1.0, 0]])
BEGUN = np.array([0.05, 0.02, 0.04])


@pytest.fixture(scope="module")
def measurer(straight: Callable[..., Straight]) -> Straight:
    return straight([("two-checks", 2), ("one", 1)], BEGUN, SLOPES, off=0.2)


@pytest.fixture
def here(measurer: Straight) -> Here:
    return Here(measurer(measurer.centre + 0.2), np.ones(4, dtype=bool))


def cores(measurer: Straight) -> Straight:
    other = copy.copy(measurer)
    other.aims = [
        replace(aim, claim=aim.claim.model_copy(update={"core": True})) for aim in measurer.aims
    ]
    return other


def test_a_claim_holds_as_often_as_all_its_checks(measurer: Straight, here: Here) -> None:
    sways = margins.JITTER * np.array([2.0, 1.5, np.sqrt(2)])
    first, second, third = stats.norm.cdf(BEGUN / sways)
    assert Steadiness(measurer).holding(here) == pytest.approx(first * second + third)
    assert Steadiness(measurer, {"one"}).holding(here) == pytest.approx(first * second)
    # What does not move is not off.
    still = Here(here.measured, np.array([False, True, True, True]))
    third = stats.norm.cdf(BEGUN[2] / margins.JITTER)
    assert Steadiness(measurer).holding(still) == pytest.approx(second + third)


@pytest.mark.parametrize("core", [False, True])
def test_slopes_of_what_is_made_large_are_those_of_differences(
    measurer: Straight, core: bool
) -> None:
    steadiness = Steadiness(cores(measurer) if core else measurer)
    found, sways, far = np.array([0.1, -0.05, 0.002]), np.array([0.2, 0.1, 0.05]), np.ones(2)
    _, by_found, by_far = steadiness.worth(found, sways, far)
    for place, slope in enumerate(by_found):
        step = 1e-6 * (np.arange(3) == place)
        ends = [steadiness.worth(found + sign * step, sways, far)[0] for sign in (1, -1)]
        assert slope == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-4)
    step = np.array([1e-6, 0])
    ends = [steadiness.worth(found, sways, far + sign * step)[0] for sign in (1, -1)]
    assert by_far[0] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-4)
    assert by_far[0] < 0


def test_beyond_the_middle_between_two_bounds_there_is_nothing_to_win(measurer: Straight) -> None:
    between = copy.copy(measurer)
    within = {"expect": Bounds(low=10, high=20)}
    between.aims = [
        replace(aim, check=aim.check.model_copy(update=within)) for aim in measurer.aims
    ]
    middle = np.log(2) / 2
    sways, far = np.full(3, 0.2), np.zeros(1)
    for its, more in ((between, False), (measurer, True)):
        steadiness = Steadiness(its)
        at, beyond = (steadiness.worth(np.full(3, m), sways, far) for m in (middle, 2 * middle))
        assert (beyond[0] > at[0] + 0.05) == more
        assert bool(beyond[1].any()) == more


def test_steps_make_more_claims_hold_and_keep_to_ranges(
    measurer: Straight, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._AT_ONCE", 0)
    steadiness = Steadiness(measurer)
    told: list[float] = []
    end = steadied(steadiness, here, 8, lambda number, there, holding: told.append(holding))
    assert 1 <= len(told) <= 8
    assert steadiness.holding(end) > steadiness.holding(here) + 0.5
    assert steadiness.holding(end) == max(told)
    assert np.all(end.measured.logs >= measurer.low)
    assert np.all(end.measured.logs <= measurer.high)


def test_what_nothing_follows_goes_back_to_its_table(
    measurer: Straight, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._AT_ONCE", 2)
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._WORTHWHILE", 0)
    logs, free = Steadiness(measurer, {"one"}).without(here, reach=0.2)
    assert free.tolist() == [True, True, False, False]
    np.testing.assert_array_equal(logs[2:], measurer.centre[2:])
    np.testing.assert_array_equal(logs[:2], here.measured.logs[:2])


def test_what_goes_leaves_its_part_to_one_that_does_the_same(
    measurer: Straight, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two parameters that only matter together: one is enough, and moves by as much more."""
    same = np.array([[1.0, 1.0, 0, 0], [0, 0, 1.0, 0], [0, 0, 0, 1.0]])
    logs = measurer.centre + np.array([0.3, 0.2, 0.5, 0.5])
    found = same @ (logs - measurer.centre) - np.array([0.4, 0.3, 0.3])
    here = Here(Measured(logs, found, found, same), np.ones(4, dtype=bool))
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._AT_ONCE", 1)
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._STIFF", 1e-3)
    steadiness = Steadiness(measurer)
    there, free = steadiness.without(here, reach=0.2)
    assert free.tolist() == [True, False, True, True]
    np.testing.assert_allclose(there - measurer.centre, [0.5, 0, 0.5, 0.5], rtol=1e-3)
    # Too far from its prior to go at once.
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._FOLD", 1.1)
    assert steadiness.without(here, reach=0.2)[1].all()


def test_what_is_saved_by_a_parameter_that_is_not_off(measurer: Straight, here: Here) -> None:
    steadiness = Steadiness(measurer)
    for place, saved in enumerate(steadiness.saved(here)):
        still = Here(here.measured, np.arange(4) != place)
        change = steadiness.holding(still) - steadiness.holding(here)
        assert saved == pytest.approx(change, abs=1e-9)
    assert steadiness.saved(Here(here.measured, np.zeros(4, dtype=bool))).tolist() == [0.0] * 4


class Bent(Straight):
    """Margins of a claim that must hold fall off by the square of the way, as slopes do not say."""

    bend = 0.0

    def __call__(self, logs: np.ndarray, progress: object = None) -> Measured:
        far = logs - self.at
        found = BEGUN + SLOPES @ far - self.bend * np.array([0, 0, far[0] ** 2 + far[1] ** 2])
        slopes = SLOPES.copy()
        slopes[2, :2] -= 2 * self.bend * far[:2]
        return Measured(logs, found, found, slopes)


def test_what_a_step_broke_others_mend(
    measurer: Straight, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    bent = Bent.__new__(Bent)
    bent.__dict__ |= cores(measurer).__dict__ | {"bend": 4.0}
    steadiness = Steadiness(bent)
    ends = []
    for mending in (0, 2):
        monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._MENDING", mending)
        monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._ASTRAY", 1e3)
        seen: list[Here] = []
        end = steadied(steadiness, here, 6, lambda number, there, _, to=seen: to.append(there))
        values = [steadiness.at(there) for there in seen]
        assert steadiness.at(end) == max(values)  # what broke and was not mended is not kept
        assert min(values) < steadiness.at(here)
        assert np.all(end.measured.margins >= 0)
        ends.append(steadiness.at(end))
    assert ends[1] > ends[0]


def test_the_acceptance_core_does_not_fail_for_the_sake_of_others(measurer: Straight) -> None:
    """Where one claim can only win what another loses, the core wins."""
    core = copy.copy(measurer)
    core.aims = [
        replace(aim, claim=aim.claim.model_copy(update={"core": aim.claim.id == "one"}))
        for aim in measurer.aims
    ]
    begun = Here(measurer(measurer.centre + 0.2), np.array([True, True, False, False]))
    # Without care for it the only one of the core would be given up.
    for its, kept in ((measurer, False), (core, True)):
        steadiness = Steadiness(its, {"one"})
        end = steadied(steadiness, begun, 8)
        assert (end.measured.margins[2] >= 0) == kept
