"""The fit: SciPy's trust-region least squares, from the tables' values and from others."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
from scipy import optimize, special

from ...simulation.engines.base import Vector
from .measuring import Measured, Measurer, Progress
from .objective import Objective
from .robust_steps import Flags, Here, Steadiness, steadied

# A start other than the tables' lies this share of a prior's spread away from it, on average.
_SCATTER: Final = 0.5
# How far beyond its ends a range goes, in spreads, so that a value at its end can move.
_EDGE: Final = 0.05
# How far all parameters together may go at first, in spreads, from the tables and from where a fit
# came to; the method finds out what is best.
_RADIUS: Final = {False: 2.5, True: 1.0}
# What moved less than this, in spreads, times its price, goes back to its prior for the rounds that
# follow.
_STAYED: Final = 0.1


@dataclass(frozen=True)
class Step:
    """How far a fit has come."""

    start: int
    round: int
    evaluation: int
    cost: float
    measured: Measured
    holding: float | None = None  # claims, on average under jitter, at the end of the fit


@dataclass(frozen=True)
class Fit:
    """What one start led to.

    Attributes
    ----------
    start : int
        Which start it is.
    objective : Objective
        What was made small in the last round.
    best : Measured
        Where that is smallest.
    evaluations : int
        How many there were, in all rounds.
    holding : float, optional
        How many claims hold on average under jitter, as far as slopes say, if that was made large.
    """

    start: int
    objective: Objective
    best: Measured
    evaluations: int
    holding: float | None = None

    @property
    def cost(self) -> float:
        """The smallest objective."""
        return self.objective.cost(self.best)


def starts(measurer: Measurer, count: int, seed: int) -> list[Vector]:
    """Return where to begin: the tables' values, then others drawn from the priors."""
    random = np.random.default_rng(seed)
    found = [measurer.centre]
    for _ in range(count - 1):
        drawn = measurer.centre + _SCATTER * measurer.spread * random.standard_normal(
            len(measurer.centre)
        )
        found.append(drawn)
    return [np.clip(one, *_inside(measurer)) for one in found]


def fit(
    measurer: Measurer,
    begin: Vector,
    *,
    start: int = 0,
    moving: Flags | None = None,
    evaluations: int = 20,
    rounds: int = 0,
    told: Callable[[Step], None] | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Make the objective small, first for claims to hold, then for them to hold sturdily.

    Parameters
    ----------
    measurer : Measurer
        What checks come to.
    begin : array of shape (parameters,)
        Logarithms of the values to begin with.
    start : int
        Which start this is, for what is told.
    moving : array of bool of shape (parameters,), optional
        What may move; everything by default.
    evaluations : int
        Most evaluations in the first round; in each later round a third of them.
    rounds : int
        How often, after the first round, checks are asked to hold by as much as they sway at the
        parameter set found by then, and parameters that hardly moved are held at their priors.
    told : callable, optional
        Told each evaluation.
    progress : callable, optional
        Told how far an evaluation is.
    """

    def hear(number: int, evaluation: int, cost: float, measured: Measured) -> None:
        if told is not None:
            told(Step(start, number, evaluation, cost, measured))

    near = moving is not None
    if moving is None:
        moving = np.ones(len(measurer.names), dtype=bool)
    if (moving & measurer.of_lines).any():
        # A factor of a cell line that nothing follows stays 1.
        begin = np.where(moving, np.clip(begin, *_inside(measurer)), measurer.centre)
        moving = moving & measurer.followed(measurer(begin, progress))
    objective = Objective(measurer, moving)
    logs, count = begin, 0
    most = evaluations
    for number in range(rounds + 1):
        if number:
            far = np.abs(logs - measurer.centre) / measurer.spread
            free = objective.free & (far > _STAYED * objective.prices)
            logs = np.where(free, logs, measurer.centre)
            if not (free & ~measurer.of_lines).any():
                objective = Objective(measurer, free, objective.sways)
                break
            objective = Objective.near(measurer, measurer(logs, progress), free)
            most = max(evaluations // 3, 1)
        radius = _RADIUS[near or number > 0]
        logs, seen = _round(objective, logs, radius, most, partial(hear, number), progress)
        count += seen
    return Fit(start, objective, measurer(logs), count)


def ended(
    fit: Fit,
    *,
    round: int = 0,
    steps: int = 0,
    besides: Set[str] = frozenset(),
    told: Callable[[Step], None] | None = None,
    progress: Progress | None = None,
) -> Fit:
    """End a fit: make as many claims as can be hold when parameters are off.

    Parameters
    ----------
    fit : Fit
        Where it came to, and what may still move.
    round : int
        Which round this is, for what is told.
    steps : int
        Most evaluations.
    besides : set of str
        Claims that have to hold, but do not count.
    told, progress
        See :func:`fit`.
    """
    measurer, free = fit.objective.measurer, fit.objective.free
    # Claims say nothing of cell lines, whose factors stay.
    asked = free & ~measurer.of_lines
    if not steps or not asked.any():
        return fit
    count = fit.evaluations

    def left(here: Here) -> Flags:
        return here.free | (free & measurer.of_lines)

    def hear(step: int, here: Here, holding: float) -> None:
        nonlocal count
        count += 1
        if told is not None:
            cost = replace(fit.objective, free=left(here)).cost(here.measured)
            told(Step(fit.start, round, step, cost, here.measured, holding))

    steadiness = Steadiness(measurer, besides)
    end = steadied(steadiness, Here(fit.best, asked), steps, hear, progress)
    objective = replace(fit.objective, free=left(end))
    return Fit(fit.start, objective, end.measured, count, steadiness.holding(end))


def _round(
    objective: Objective,
    begin: Vector,
    radius: float,
    evaluations: int,
    told: Callable[[int, float, Measured], None],
    progress: Progress | None,
) -> tuple[Vector, int]:
    """Return where an objective is smallest, and the number of evaluations."""
    measurer, free = objective.measurer, objective.free
    low, high = _inside(measurer)
    box = _Box(low[free], high[free], measurer.centre[free], measurer.spread[free])
    seen: dict[bytes, Measured] = {}

    # A number at its very edge has no finite place in the box.
    inside = np.clip(begin, low, high)[free]
    origin = box.free(inside)
    # There and back again is another number in its last digit; factors were measured here before.
    before = bool(measurer.of_lines.any())

    def at(step: Vector) -> Measured:
        logs = measurer.centre.copy()
        logs[free] = inside if before and not step.any() else box.logs(origin + step)
        key = logs.tobytes()
        if key not in seen:
            seen[key] = measurer(logs, progress)
            told(len(seen), objective.cost(seen[key]), seen[key])
        return seen[key]

    optimize.least_squares(
        lambda step: objective.residuals(at(step)),
        np.zeros(len(origin)),  # from which SciPy first goes no further than the scale
        jac=lambda step: objective.jacobian(at(step)) * box.slopes(origin + step)[None, :],
        x_scale=radius,
        max_nfev=evaluations,
        ftol=1e-3,
        xtol=1e-4,
    )
    return min(seen.values(), key=objective.cost).logs, len(seen)


class _Box:
    """Free numbers for logarithms inside their ranges, by a logistic function.

    At the priors' values a free number is 0, and grows by 1 with a standard deviation.
    """

    def __init__(self, low: Vector, high: Vector, centre: Vector, spread: Vector) -> None:
        self._low, self._width = low - _EDGE * spread, high - low + 2 * _EDGE * spread
        share = (centre - self._low) / self._width
        self._centre = special.logit(share)
        self._unit = spread / (self._width * share * (1 - share))

    def logs(self, free: Vector) -> Vector:
        """Return logarithms of values."""
        return self._low + self._width * special.expit(self._centre + self._unit * free)

    def slopes(self, free: Vector) -> Vector:
        """Return how logarithms follow free numbers."""
        share = special.expit(self._centre + self._unit * free)
        return self._width * self._unit * share * (1 - share)

    def free(self, logs: Vector) -> Vector:
        """Return the free numbers of logarithms inside."""
        return (special.logit((logs - self._low) / self._width) - self._centre) / self._unit


def _inside(measurer: Measurer) -> tuple[Vector, Vector]:
    """Return the ends of the ranges; a value of the tables never lies outside."""
    return np.minimum(measurer.low, measurer.centre), np.maximum(measurer.high, measurer.centre)
