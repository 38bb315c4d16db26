"""The end of a fit, against closed forms and differences; margins follow straight lines here."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from mtorules.analysis.calibration import margins
from mtorules.analysis.calibration.measuring import Measured
from mtorules.analysis.calibration.robust_steps import Here, Missed, Steadiness, steadied
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


@pytest.fixture
def alike(straight: Callable[..., Straight]) -> Straight:
    """One claim, which two parameters raise alike."""
    return straight([("one", 1)], np.array([0.02]), np.array([[1.0, 1, 0, 0]]))


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


def test_steps_make_more_claims_hold_and_keep_to_ranges(measurer: Straight, here: Here) -> None:
    steadiness = Steadiness(measurer)
    told: list[float] = []
    end = steadied(steadiness, here, 8, lambda number, there, holding: told.append(holding))
    assert 1 <= len(told) <= 8
    assert steadiness.holding(end) > steadiness.holding(here) + 0.5
    assert steadiness.holding(end) == max(told)


@pytest.mark.parametrize("share", [0.08, 0.02])
def test_steps_go_no_nearer_to_the_end_of_a_range_than_a_twentieth(
    alike: Straight, share: float
) -> None:
    """What was nearer before may stay, and goes no further."""
    widths = alike.high - alike.low
    logs = np.where([True, False, False, False], alike.high - share * widths, alike.centre)
    begun = Here(replace(alike(logs), margins=np.array([0.02])), np.arange(4) == 0)
    raised = copy.copy(alike)
    raised.at, raised.begun = logs, np.array([0.02])
    end = steadied(Steadiness(raised), begun, 20)
    moved = end.measured.logs[0] - logs[0]
    assert 0 <= moved <= max(share - 0.05, 0) * widths[0]
    assert (moved > 0) == (share > 0.05)


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
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._REACH", 0.15)
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


def test_what_going_home_would_bring_does_not_keep_claims_from_being_made_sturdy(
    alike: Straight, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mtorules.analysis.calibration.robust_steps._SWAYING", 1e3)
    raised = copy.copy(alike)
    raised.at, raised.begun = alike.centre + 0.4 * alike.spread, np.array([0.02])
    begun = Here(raised(raised.at), np.array([True, True, False, False]))
    steadiness = Steadiness(raised)
    _, _, promised = steadiness.step(begun, 0.1)
    assert promised <= steadiness.at(begun)
    end = steadied(steadiness, begun, 4)
    assert steadiness.holding(end) > steadiness.holding(begun) + 0.05


def test_where_all_have_gone_home_there_is_no_step_left(measurer: Straight) -> None:
    """No margin follows any parameter here, so that all go back to their priors at once."""
    still = copy.copy(measurer)
    still.slopes = np.zeros_like(SLOPES)
    begun = Here(still(still.centre + 0.01 * still.spread), np.ones(4, dtype=bool))
    told: list[Here] = []
    end = steadied(Steadiness(still), begun, 5, lambda number, there, _: told.append(there))
    assert len(told) == 1
    assert not end.free.any()
    np.testing.assert_array_equal(end.measured.logs, still.centre)


# -- with data -------------------------------------------------------------------------------------


def test_data_stay_met_while_claims_are_made_sturdy(alike: Straight) -> None:
    """What data follow hardly moves; what they do not follow goes as far as it may."""
    begun = Here(alike(alike.centre), np.array([True, True, False, False]))
    upset = Missed(alike.centre, np.zeros(1), np.array([[30.0, 0, 0, 0]]))
    ways = []
    for missed in (None, upset):
        steadiness = Steadiness(alike, missed=missed)
        end = steadied(steadiness, begun, 5)
        assert steadiness.holding(end) > steadiness.holding(begun) + 0.1
        ways.append((end.measured.logs - begun.measured.logs)[:2] / alike.spread[:2])
    (moved, other), (held, free) = ways
    assert moved == pytest.approx(other, rel=0.3)
    assert held < moved / 3
    assert free > moved / 2


def test_what_data_are_missed_by_is_half_of_squares_of_straight_lines() -> None:
    random = np.random.default_rng(1)
    slopes, residuals, way = (random.normal(size=n) for n in ((7, 4), 7, 4))
    missed = Missed(np.ones(4), residuals, slopes)
    value, by_log = missed.at(1 + way)
    there = residuals + slopes @ way
    assert value == pytest.approx((there**2).sum() / 2)
    np.testing.assert_allclose(by_log, there @ slopes)
    assert Missed.nothing(4).at(way) == (0, pytest.approx(0))


def test_what_data_are_missed_by_counts_beside_claims(measurer: Straight, here: Here) -> None:
    missed = Missed(here.measured.logs, np.array([3.0, 1.0]), np.zeros((2, 4)))
    with_, without = Steadiness(measurer, missed=missed), Steadiness(measurer)
    assert without.at(here) - with_.at(here) == pytest.approx(5)


def test_what_holds_where_it_begins_goes_on_and_what_fails_does_not_fail_by_more(
    measurer: Straight,
) -> None:
    core = cores(measurer)
    begun = core(core.centre + 0.2 - np.array([2.0, 0, 0, 0]))
    assert (begun.margins < 0).tolist() == [True, False, False]
    free = np.ones(4, dtype=bool)

    def at(its: Straight, *margins: float, begun: Measured | None = begun) -> float:
        there = replace(its(core.centre), margins=np.array(margins))
        return Steadiness(its, begun=begun).at(Here(there, free))

    fails, holds, other = begun.margins
    # A miss of the core by scores of units would outweigh every claim that could be won.
    assert at(core, fails, holds, other, begun=None) < -1000
    for its in (core, measurer):
        assert at(its, fails, holds, other) > -50
        assert at(its, fails + 1, holds, other) > -50
        # One that fails by more, one that held and now fails, in a claim that fails and in another.
        assert at(its, fails - 1, holds, other) < -1000
        assert at(its, fails, -1.0, other) < -1000
        assert at(its, fails, holds, -1.0) < -1000
