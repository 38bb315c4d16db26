"""Draws, and what is kept of them, against closed forms in straight lines; then a real model."""

import csv
import json
import threading
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.calibration.measuring import Measured
from mtorules.analysis.calibration.priors import Prior
from mtorules.analysis.uncertainty import ensemble, record
from mtorules.analysis.uncertainty.ensemble import TooFewError
from mtorules.analysis.uncertainty.linear import Linear
from mtorules.simulation.engines.base import Vector

from .conftest import Normal, Straight


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_draws_have_the_covariance_of_the_posterior(normal: Normal, scale: float) -> None:
    best, covariance = normal.best()
    random = np.random.default_rng(1)
    linear = Linear(normal, best)
    drawn = np.array([ensemble.draw(linear, random, scale) for _ in range(500)])
    assert np.ptp(drawn[:, 2]) == 0  # it is held
    moved = (drawn - best.logs)[:, normal.free]
    inside = np.linalg.inv(np.linalg.cholesky(covariance)) / scale
    # Whitened by the covariance they are standard normal; the bounds are five standard errors.
    white = moved @ inside.T
    np.testing.assert_allclose(white.mean(axis=0), 0, atol=5 / np.sqrt(500))
    np.testing.assert_allclose(np.cov(white.T), np.eye(3), atol=5 * np.sqrt(2 / 500))


def test_draws_stay_in_the_ranges() -> None:
    prior = Prior("a", 1.0, 0.5, 4.0, "nM")
    objective = Normal(Straight((prior,), np.zeros((1, 1))), np.zeros(1), np.array([True]))
    best, _ = objective.best()
    linear = Linear(objective, best)
    random = np.random.default_rng(2)
    drawn = np.exp([ensemble.draw(linear, random)[0] for _ in range(60)])
    assert drawn.min() >= 0.5 * (1 - 1e-12)
    assert drawn.max() <= 4 * (1 + 1e-12)
    assert drawn.max() > 2  # a range is four standard deviations


def pinned(count: int) -> Normal:
    """Return so many parameters, each of which a datum of its own says all there is to know."""
    priors = tuple(Prior(f"p{n}", 1.0, np.exp(-9.0), np.exp(9.0), "nM") for n in range(count))
    straight = Straight(priors, 100 * np.eye(count))
    return Normal(straight, np.zeros(count), np.ones(count, dtype=bool))


def test_of_a_posterior_in_straight_lines_so_many_are_kept_as_the_rule_says() -> None:
    objective = pinned(6)
    best, _ = objective.best()
    found = ensemble.ensemble(objective, best, objective.measurer.priors, sets=200, seed=3)
    assert found.directions == pytest.approx(6, rel=1e-3)
    assert found.allowed == pytest.approx(12.59 / 2, rel=1e-3)  # of tables of chi-square
    (tried,) = found.tried
    share = len(tried.kept) / len(tried.members)
    assert share == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 200))
    assert found.values.shape == (200, 6)
    assert all(member.worse <= found.allowed for member in tried.kept)


class Walled(Normal):
    """Where parameters leave a small box round the best, something breaks that no slope tells."""

    wall = 0.4

    def residuals(self, measured):
        found = super().residuals(measured)
        beyond = np.abs(measured.logs - self.measurer.centre).max() > self.wall
        run = measured.margins is measured.values  # what slopes predict is not what is measured
        return np.where(np.arange(len(found)) == 0, found + 100 * (beyond and run), found)


def test_where_few_fit_sets_are_drawn_nearer_by() -> None:
    objective = pinned(3)
    objective.measurer.slopes = np.eye(3) / 2
    walled = Walled(objective.measurer, objective.data, objective.free)
    best, _ = objective.best()
    found = ensemble.ensemble(walled, best, objective.measurer.priors, sets=20, seed=0)
    assert len(found.tried) > 1
    assert all(tried.hopeless or not tried.kept for tried in found.tried[:-1])
    scales = [tried.scale for tried in found.tried]
    assert scales == [scale for scale in ensemble.SCALES if scale in scales]
    assert scales[-1] < 1
    assert np.abs(np.log(found.values)).max() <= walled.wall
    walled.wall = 1e-3
    with pytest.raises(TooFewError, match=r"drawn with 5% of the spread 0 fit as well"):
        ensemble.ensemble(walled, best, objective.measurer.priors, sets=20, seed=0)


class Steep(Normal):
    """All that is measured changes so many times faster than slopes at the best set say."""

    times = 12.0

    def residuals(self, measured):
        found = super().residuals(measured)
        begun = super().residuals(self.measurer(self.measurer.centre.copy()))
        run = measured.margins is measured.values
        return begun + self.times * (found - begun) if run else found


def test_scales_that_cannot_be_small_enough_are_passed_over() -> None:
    objective = pinned(3)
    best, _ = objective.best()
    steep = Steep(objective.measurer, objective.data, objective.free)
    found = ensemble.ensemble(steep, best, objective.measurer.priors, sets=20, seed=0)
    first, *_, last = found.tried
    assert (first.scale, len(first.members)) == (1.0, 3)
    # Cost grows with the fourth power of the scale at most: none may be tried at which the cheapest
    # of the three draws would still cost too much.
    cheapest = min(member.worse for member in first.members)
    assert cheapest * found.tried[1].scale ** 4 <= found.allowed < cheapest
    passed = ensemble.SCALES[1 : ensemble.SCALES.index(found.tried[1].scale)]
    assert passed
    assert all(cheapest * scale**4 > found.allowed for scale in passed)
    assert len(last.kept) == 20


def test_the_next_draw_is_made_while_one_is_run_and_taken_only_if_it_is_the_next() -> None:
    made: list[tuple[int, int, int]] = []
    begun = threading.Event()

    def draw(which: tuple[int, int, int]) -> Vector:
        made.append(which)
        if which[2] == 1:
            begun.set()
        return np.array(which)

    with ensemble._Draws(draw, ahead=True) as draws:
        assert draws.take((0, 1000, 0)).tolist() == [0, 1000, 0]
        assert begun.wait(10)  # nobody asked for it
        assert draws.take((0, 1000, 1)).tolist() == [0, 1000, 1]
        assert draws.take((0, 500, 0)).tolist() == [0, 500, 0]
    assert made.count((0, 1000, 1)) == 1
    made.clear()
    with ensemble._Draws(draw, ahead=False) as draws:
        draws.take((0, 1000, 0))
    assert made == [(0, 1000, 0)]


def test_it_goes_on_from_what_was_drawn_and_repeats(normal: Normal, tmp_path: Path) -> None:
    best, _ = normal.best()
    settings = {"sets": 5, "seed": 7, "store": tmp_path / "store"}
    first = ensemble.ensemble(normal, best, normal.measurer.priors, **settings)
    kept = sorted(path.stat().st_mtime_ns for path in (tmp_path / "store").iterdir())
    again = ensemble.ensemble(normal, best, normal.measurer.priors, **settings)
    np.testing.assert_array_equal(first.values, again.values)
    assert kept == sorted(path.stat().st_mtime_ns for path in (tmp_path / "store").iterdir())
    other = ensemble.ensemble(normal, best, normal.measurer.priors, **{**settings, "seed": 8})
    assert not np.array_equal(first.values, other.values)
    # What is written is what was run.
    record.write(first, tmp_path / "sets.csv", {"model": "toy"})
    with (tmp_path / "sets.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["a", "b", "d"]
    run = np.exp([member.logs for member in first.tried[-1].kept])[:, normal.free]
    written = np.array([[float(row[str(n)]) for n in range(1, 6)] for row in rows]).T
    np.testing.assert_allclose(written, run, rtol=1e-12)
    assert all(len(f"{value:.8g}".strip("0").replace(".", "")) <= 8 for value in written.ravel())
    told = json.loads((tmp_path / "sets.json").read_text())
    assert told["model"] == "toy"
    assert told["draws"] == [{"scale": 1.0, "drawn": told["draws"][0]["drawn"], "kept": 5}]


class Bent(Straight):
    """Measures what rises the faster the further it is, which no slope at one place tells."""

    def __call__(self, logs, progress=None):
        self.runs += 1
        moved = logs - self.centre
        found = np.sinh(2 * moved) / 2
        return Measured(logs, found, found, np.diag(np.cosh(2 * moved)))


def test_steps_with_slopes_measured_anew_find_where_a_set_fits() -> None:
    """What is drawn meets its data within their deviation, however bent the way."""
    straight = pinned(3).measurer
    bent = Bent(straight.priors, np.eye(3))
    objective = Normal(bent, np.zeros(3), np.ones(3, dtype=bool))
    best = bent(bent.centre)
    linear = Linear(objective, best)

    def missed(steps: int) -> np.ndarray:
        randoms = map(np.random.default_rng, range(20))
        drawn = [ensemble.draw(linear, random, steps=steps) for random in randoms]
        return np.array([bent(logs).margins for logs in drawn])

    # Data have a deviation of 1, priors say next to nothing.
    assert np.abs(missed(steps=8)).max() < 4
    assert np.abs(missed(steps=0)).max() > 6


def test_where_nothing_is_pinned_down_by_curvature_one_direction_is_allowed() -> None:
    assert ensemble.allowed(0.0) == ensemble.allowed(1.0) == pytest.approx(3.8415 / 2, rel=1e-4)
