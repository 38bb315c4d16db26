"""The fit: SciPy's trust-region least squares, from the tables' values and from others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import optimize

from ..engines.base import Vector
from .objective import Objective, Point, Progress

# A start other than the tables' lies this share of a prior's spread away from it, on average.
_SCATTER: Final = 0.5
# How far a parameter may go in the first step, in spreads; the method then finds out what is best.
_RADIUS: Final = 0.5


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

    def at(scaled: Vector) -> Point:
        key = np.round(scaled, 9).tobytes()
        if key not in seen:
            point = objective(objective.centre + scaled * objective.spread, progress)
            seen[key] = point
            if not best or point.cost < best[0].cost:
                best[:] = [point]
            if told is not None:
                told(Step(start, len(seen), point))
        return seen[key]

    low, high = _inside(objective)
    with np.errstate(over="ignore"):
        optimize.least_squares(
            lambda scaled: at(scaled).residuals,
            (begin - objective.centre) / objective.spread,
            jac=lambda scaled: at(scaled).jacobian * objective.spread[None, :],
            bounds=(
                (low - objective.centre) / objective.spread - 1e-9,
                (high - objective.centre) / objective.spread + 1e-9,
            ),
            method="dogbox",
            x_scale=_RADIUS,
            max_nfev=evaluations,
            ftol=1e-3,
            xtol=1e-4,
        )
    return Fit(start, best[0], len(seen))


def _inside(objective: Objective) -> tuple[Vector, Vector]:
    """Return the ends of the ranges; a value of the tables never lies outside."""
    return np.minimum(objective.low, objective.centre), np.maximum(objective.high, objective.centre)
