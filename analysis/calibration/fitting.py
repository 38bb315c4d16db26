"""The fit: SciPy's trust-region least squares, from the tables' values and from others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize, special

from ..engines.base import Vector
from .objective import Objective, Point, Progress

# A start other than the tables' lies this share of a prior's spread away from it, on average.
_SCATTER: Final = 0.5
# How far beyond its ends a range goes, in spreads, so that a value at its end can move.
_EDGE: Final = 0.05
# How far all parameters together may go at first, in spreads; the method finds out what is best.
_RADIUS: Final = 6.0


@dataclass(frozen=True)
class Step:
    """How far a fit has come."""

    start: int
    evaluation: int
    point: Point


@dataclass(frozen=True)
class Fit:
    """What one start led to."""

    start: int
    best: Point
    evaluations: int


def starts(objective: Objective, count: int, seed: int) -> list[Vector]:
    """Return where to begin: the tables' values, then others drawn from the priors."""
    random = np.random.default_rng(seed)
    found = [objective.centre]
    for _ in range(count - 1):
        drawn = objective.centre + _SCATTER * objective.spread * random.standard_normal(
            len(objective.centre)
        )
        found.append(drawn)
    return [np.clip(one, *_inside(objective)) for one in found]


def fit(
    objective: Objective,
    begin: Vector,
    *,
    start: int = 0,
    evaluations: int = 20,
    told: Callable[[Step], None] | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Make the objective small.

    Parameters
    ----------
    objective : Objective
        What is made small.
    begin : array of shape (parameters,)
        Logarithms of the values to begin with.
    start : int
        Which start this is, for what is told.
    evaluations : int
        Most evaluations of the objective.
    told : callable, optional
        Told each step.
    progress : callable, optional
        Told how far an evaluation is.
    """
    seen: dict[bytes, Point] = {}
    best: list[Point] = []

    def at(logs: Vector) -> Point:
        key = logs.tobytes()
        if key not in seen:
            point = objective(logs, progress)
            seen[key] = point
            if not best or point.cost < best[0].cost:
                best[:] = [point]
            if told is not None:
                told(Step(start, len(seen), point))
        return seen[key]

    box = _Box(*_inside(objective), objective.centre, objective.spread)
    optimize.least_squares(
        lambda free: at(box.logs(free)).residuals,
        box.free(begin),
        jac=lambda free: at(box.logs(free)).jacobian * box.slopes(free)[None, :],
        x_scale=_RADIUS,
        max_nfev=evaluations,
        ftol=1e-3,
        xtol=1e-4,
    )
    return Fit(start, best[0], len(seen))


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


def _inside(objective: Objective) -> tuple[Vector, Vector]:
    """Return the ends of the ranges; a value of the tables never lies outside."""
    return np.minimum(objective.low, objective.centre), np.maximum(objective.high, objective.centre)
