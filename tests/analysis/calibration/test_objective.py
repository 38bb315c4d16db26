"""The objective against closed forms and differences; what checks come to is given here."""

from __future__ import annotations

import copy
import math
from dataclasses import replace

import numpy as np
import pytest
from mtorules.analysis import losses
from mtorules.analysis.calibration import margins, priors
from mtorules.analysis.calibration.measuring import Measured, Measurer
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.claims import reading
from mtorules.simulation.load import load

CLAIMS = """
claims:
  - id: some
    statement: There is ERK, and what is phosphorylated is a part of it.
    review: A
    kind: steady-state
    experiments: {cell: {}}
    checks:
      - {value: pERK_y204_nM, of: cell, expect: ">= 10"}
      - {value: pERK_y204 / ERK_total, of: cell, expect: 0.2 .. 0.3}
      - {difference: pERK_y204_nM, of: cell, to: cell, to_at: 1 h, at: rest, expect: "<= 0"}
"""


@pytest.fixture(scope="module")
def measurer(tmp_path_factory: pytest.TempPathFactory) -> Measurer:
    file = tmp_path_factory.mktemp("claims") / "claims.yaml"
    file.write_text(CLAIMS, encoding="utf-8")
    loaded = load("mapk_tsc")
    return Measurer(reading.read([file]), loaded, priors.free(loaded.model)[:5])


def measured(measurer: Measurer, logs: np.ndarray) -> Measured:
    """Return margins that follow the logarithms in straight lines."""
    slopes = np.array([[0.5, -0.2, 0.0, 0.3, 0.0], [0.0, 0.1, 1.2, 0, 0], [0, 0, 0, 0.4, -0.1]])
    found = np.array([0.02, 0.1, -0.03]) + slopes @ (logs - measurer.centre)
    return Measured(logs, found, found, slopes)


@pytest.mark.parametrize("miss", [-20.0, -0.3, 0.0, 1e-9, 1.0, 1e4])
def test_a_bent_miss_costs_its_size_when_large(miss: float) -> None:
    residual, slope = losses.bent(miss)
    assert residual**2 / 2 == pytest.approx(math.hypot(1, miss) - 1, abs=1e-12, rel=1e-9)
    step = 1e-6 * max(abs(miss), 1)
    up, down = losses.bent(miss + step)[0], losses.bent(miss - step)[0]
    assert slope == pytest.approx((up - down) / (2 * step), rel=1e-5)


@pytest.mark.parametrize("miss", [-20.0, -0.3, 0.0, 1e-9, 1.0, 1e4])
def test_a_yielding_miss_costs_hardly_more_when_large(miss: float) -> None:
    residual, slope = losses.yielding(miss)
    assert residual**2 / 2 == pytest.approx(math.log1p(miss**2 / 2), abs=1e-12, rel=1e-9)
    step = 1e-6 * max(abs(miss), 1)
    up, down = losses.yielding(miss + step)[0], losses.yielding(miss - step)[0]
    assert slope == pytest.approx((up - down) / (2 * step), rel=1e-5)


def lacks(aim: margins.Aim, margin: float, sway: float) -> tuple[float, float]:
    """Return what is lacking to hold, and to hold when parameters are off."""
    shape = losses.bent
    return margins.held(aim, margin, shape)[0], margins.sturdy(aim, margin, sway, shape)[0]


def test_a_check_is_content_when_it_holds_by_two_standard_deviations(measurer: Measurer) -> None:
    one_bound, between, _ = measurer.aims
    assert lacks(one_bound, 0.41, sway=0.2) == (0, 0)
    assert lacks(one_bound, 0.39, sway=0.2)[1] > 0
    # Without sway a little to spare is asked all the same.
    assert lacks(one_bound, 0.061, sway=0.0) == (0, 0)
    assert lacks(one_bound, 0.059, sway=0.0)[0] > 0
    # In the middle between two bounds there is no more to be had.
    middle = math.log(0.3 / 0.2) / 2
    assert between.room < middle
    assert lacks(between, middle, sway=1.0) == (0, 0)


def test_more_sway_asks_for_more(measurer: Measurer) -> None:
    aim = measurer.aims[0]
    asked = [lacks(aim, 0.3, sway)[1] for sway in (0.1, 0.16, 0.2, 0.3)]
    assert asked[0] == 0
    assert asked == sorted(asked)
    assert asked[-1] > asked[1] > 0


@pytest.mark.parametrize("shape", [losses.bent, losses.yielding])
def test_what_could_not_be_measured_costs_and_pulls_nowhere(
    measurer: Measurer, shape: margins.Shape
) -> None:
    aim = measurer.aims[0]
    nothing = -math.inf
    for residual, slope in (
        margins.held(aim, nothing, shape),
        margins.sturdy(aim, nothing, 0.1, shape),
    ):
        assert residual > 1
        assert slope == 0
    assert lacks(measurer.aims[0], math.inf, sway=0.1) == (0, 0)


def test_what_is_far_off_gives_way_once_sturdiness_is_asked(measurer: Measurer) -> None:
    here = measured(measurer, measurer.centre + np.array([-3.0, 0, 0, 0, 0]))
    assert here.margins[0] < -1
    everything = np.ones(5, dtype=bool)
    first, later = (
        abs(one.residuals(here)[0] * one.jacobian(here)[0, 0])
        for one in (Objective(measurer, everything), Objective(measurer, everything, np.zeros(3)))
    )
    assert later < 0.2 * first


def test_the_acceptance_core_never_gives_way(measurer: Measurer) -> None:
    here = measured(measurer, measurer.centre + np.array([-3.0, 0, 0, 0, 0]))
    core = copy.copy(measurer)
    core.aims = [
        replace(aim, claim=aim.claim.model_copy(update={"core": True})) for aim in measurer.aims
    ]
    everything = np.ones(5, dtype=bool)
    first, later = (
        Objective(core, everything, sways).residuals(here)[0] for sways in (None, np.zeros(3))
    )
    assert later == first


def test_what_came_of_asking_is_no_part_of_what_is_asked(measurer: Measurer) -> None:
    claim = measurer.aims[0].claim
    for prose in ("fails", "deviation", "statement"):
        assert claim.model_copy(update={prose: "why"}).told() == claim.told()
    assert claim.model_copy(update={"core": True}).told() != claim.told()


def test_the_jacobian_is_that_of_the_residuals(measurer: Measurer) -> None:
    random = np.random.default_rng(1)
    free = np.array([True, True, False, True, True])
    logs = measurer.centre + np.where(free, 0.05 * random.standard_normal(5), 0)
    here = measured(measurer, logs)
    objective = Objective.near(measurer, here, free)
    assert objective.sways is not None
    np.testing.assert_allclose(
        objective.sways, margins.JITTER * np.sqrt((here.slopes[:, free] ** 2).sum(1))
    )
    jacobian = objective.jacobian(here)
    assert jacobian.shape == (2 * 3 + 4, 4)
    assert np.abs(jacobian[:3]).max() > 0
    assert np.abs(jacobian[3:6]).max() > 0
    for column, place in enumerate(np.flatnonzero(free)):
        step = np.zeros(5)
        step[place] = 1e-6
        up, down = (objective.residuals(measured(measurer, logs + sign * step)) for sign in (1, -1))
        np.testing.assert_allclose(jacobian[:, column], (up - down) / 2e-6, rtol=1e-4, atol=1e-7)
    residuals, back = objective.pulled(here)
    np.testing.assert_array_equal(residuals, objective.residuals(here))
    weights = random.standard_normal(len(residuals))
    np.testing.assert_allclose(back(weights), weights @ jacobian)


def test_what_does_not_move_costs_nothing(measurer: Measurer) -> None:
    everything = np.ones(5, dtype=bool)
    objective = Objective(measurer, everything)
    of_priors = objective.costs(measured(measurer, measurer.centre)).priors
    assert of_priors == 0
    place = int(np.argmax(measurer.spread))
    assert measurer.inside[1][place] - measurer.centre[place] > 1.9 * measurer.spread[place]
    near, one, most = (
        objective.costs(measured(measurer, measurer.centre + np.eye(5)[place] * far)).priors
        for far in measurer.spread[place] * np.array([0.5, 1.0, 1.6])
    )
    # Within one spread, twice as far costs about twice as much, not four times.
    assert one / near == pytest.approx(2, rel=0.2)
    # Each spread counts 0.3, less what is nearly nothing, and the first begins at nothing.
    assert one == pytest.approx(0.3 * (math.hypot(1, 0.1) - 0.1))
    # Beyond, half of the square is added.
    assert most == pytest.approx(0.3 * (math.hypot(1.6, 0.1) - 0.1) + 0.6**2 / 2)


def test_a_value_is_held_off_the_ends_of_its_range(measurer: Measurer) -> None:
    objective = Objective(measurer, np.ones(5, dtype=bool))
    place = int(np.argmax(measurer.spread))
    width = (measurer.high - measurer.low)[place]
    for inwards, end in ((1.0, measurer.low[place]), (-1.0, measurer.high[place])):

        def cost(share: float, inwards: float = inwards, end: float = end) -> float:
            """Return what a value costs for being so near to the end, as a share of the range."""
            logs = measurer.centre.copy()
            logs[place] = end + inwards * share * width
            far = abs(logs[place] - measurer.centre[place]) / measurer.spread[place]
            elsewhere = 0.3 * (math.hypot(far, 0.1) - 0.1) + max(far - 1, 0) ** 2 / 2
            return objective.costs(measured(measurer, logs)).priors - elsewhere

        assert cost(0.1) == pytest.approx(0, abs=1e-9)
        assert cost(0.05) == pytest.approx(0.5)
        assert cost(0.0) == pytest.approx(2.0)


def test_a_value_that_its_table_has_near_an_end_may_stay_there(measurer: Measurer) -> None:
    at_end = copy.copy(measurer)
    at_end.low = measurer.centre - np.array([0, 1e-6, 0.02, 1, 1]) * measurer.spread
    objective = Objective(at_end, np.ones(5, dtype=bool))
    assert objective.costs(measured(measurer, measurer.centre)).priors == 0
    lowest = at_end.low.copy()
    costs = [
        objective.costs(measured(measurer, np.where(np.arange(5) == place, lowest, at_end.centre)))
        for place in range(4)
    ]
    assert costs[0].priors == 0
    assert costs[1].priors < 1e-6
    # Nearer to the end than its table is what counts.
    assert costs[2].priors == pytest.approx(2, rel=0.01)
    assert costs[3].priors == pytest.approx(2 + 0.3 * (math.hypot(1, 0.1) - 0.1))


def test_the_jacobian_holds_far_out_and_near_ends(measurer: Measurer) -> None:
    objective = Objective(measurer, np.ones(5, dtype=bool))
    low, high = measurer.inside
    for logs in (
        measurer.centre + 0.9 * (high - measurer.centre),
        low + 0.03 * (high - low),
        measurer.centre.copy(),
    ):
        jacobian = objective.jacobian(measured(measurer, logs))[-5:]
        for place in range(5):
            step = 1e-6 * np.eye(5)[place]
            up, down = (
                objective.residuals(measured(measurer, logs + sign * step))[-5:] for sign in (1, -1)
            )
            np.testing.assert_allclose(jacobian[:, place], (up - down) / 2e-6, rtol=1e-4, atol=1e-7)


def test_parameters_count_by_how_much_claims_sway_with_them(measurer: Measurer) -> None:
    here = measured(measurer, measurer.centre)
    objective = Objective.near(measurer, here, np.array([True, True, False, True, True]))
    assert objective.sways is not None
    # Squares of the slopes of the parameters that are free, of all of a check's together.
    first = np.array([0.25, 0.04, 0, 0.09, 0]) / 0.38
    second = np.array([0, 1, 0, 0, 0])
    third = np.array([0, 0, 0, 0.16, 0.01]) / 0.17
    near = np.exp(-((here.margins / objective.sways) ** 2) / 2)
    added = near @ np.array([first, second, third])
    expected = np.clip(added / (added.sum() / 4), 1, 4)
    assert expected[1] < 4
    np.testing.assert_allclose(objective.prices, expected)
    # One that costs more when it moves costs as many times more.
    far = measurer.centre + 0.3 * measurer.spread * np.eye(5)[3]
    once = Objective(measurer, objective.free).costs(measured(measurer, far)).priors
    assert expected[3] > 1
    assert objective.costs(measured(measurer, far)).priors == pytest.approx(once * expected[3])
