"""The fit: from the tables' values and from others, in rounds."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from ...simulation.engines.base import Vector
from .measuring import Measured, Measurer, Progress
from .objective import Objective
from .robust_steps import Flags, Here, Missed, Steadiness, steadied
from .steps import descended

# A start other than the tables' lies this share of a prior's spread away from it, on average.
_SCATTER: Final = 0.5
# How far all parameters together may go at first, in spreads; the method finds out what is best.
_WAY: Final = 2.5
# What moved less than this, in spreads, times its price, goes back to its prior for the rounds that
# follow.
_STAYED: Final = 0.1


@dataclass(frozen=True)
class Step:
    """How far a fit has come; at its end ``cost`` is without that of data."""

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
    return [np.clip(one, *measurer.inside) for one in found]


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

    if moving is None:
        moving = np.ones(len(measurer.names), dtype=bool)
    if (moving & measurer.of_lines).any():
        # A factor of a cell line that nothing follows stays 1.
        begin = np.where(moving, np.clip(begin, *measurer.inside), measurer.centre)
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
        logs, seen = _round(objective, logs, most, partial(hear, number), progress)
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
    own = ~measurer.of_lines
    if not steps or not free[own].any():
        return fit
    # Experiments of claims take a third of the time of all. What data are missed by is as slopes
    # say, and is measured again at the end.
    alone = measurer if measurer.data is None else _of_claims(measurer)
    count = fit.evaluations
    prices = np.broadcast_to(fit.objective.prices, free.shape)[own]
    objective = replace(fit.objective, measurer=alone, free=free[own], prices=prices)
    missed, slopes = replace(fit.objective, free=own).missed(fit.best)

    def hear(step: int, here: Here, holding: float) -> None:
        nonlocal count
        count += 1
        if told is not None:
            cost = replace(objective, free=here.free).cost(here.measured)
            told(Step(fit.start, round, step, cost, here.measured, holding))

    try:
        begun = alone(fit.best.logs[own], progress)
        steadiness = Steadiness(alone, besides, begun, Missed(begun.logs, missed, slopes))
        end = steadied(steadiness, Here(begun, free[own]), steps, hear, progress)
    finally:
        if alone is not measurer:
            alone.close()
    left, logs = free.copy(), fit.best.logs.copy()
    left[own], logs[own] = end.free, end.measured.logs
    best = measurer(logs, progress)
    return Fit(fit.start, replace(fit.objective, free=left), best, count, steadiness.holding(end))


def _of_claims(measurer: Measurer) -> Measurer:
    """Return one of the same claims, without data and factors of cell lines."""
    own = int((~measurer.of_lines).sum())
    return Measurer(
        measurer.claims,
        measurer.loaded,
        measurer.priors[:own],
        store=measurer.store,
        tolerances=measurer.tolerances,
        workers=measurer.workers,
    )


def _round(
    objective: Objective,
    begin: Vector,
    evaluations: int,
    told: Callable[[int, float, Measured], None],
    progress: Progress | None,
) -> tuple[Vector, int]:
    """Return where an objective is smallest, and the number of evaluations."""
    measurer = objective.measurer
    count = 0

    def measure(logs: Vector) -> Measured:
        nonlocal count
        found = measurer(logs, progress)
        count += 1
        told(count, objective.cost(found), found)
        return found

    begin = np.where(objective.free, np.clip(begin, *measurer.inside), measurer.centre)
    return descended(objective, begin, _WAY, evaluations, measure).logs, count
