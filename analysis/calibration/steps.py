"""Steps of the fit, which see the ends of what is to spare before they are reached.

A check that has enough to spare pulls nothing, so that the slope of its residual does not tell when
that will end. So margins are taken for linear in the logarithms of parameters, not residuals, and
the objective of such margins is made small within a reach (a prox-linear method: Drusvyatskiy and
Paquette 2019, doi:10.1007/s10107-018-1311-3). What data are missed by has no such ends, and is
taken for linear itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from scipy import optimize

from ...simulation.engines.base import Vector
from .measuring import Measured
from .objective import Objective

# How often the linear problem is tried in a step, at most.
_TRIES: Final = 500
# How far each parameter may go in a step: what becomes of that after one that brought most of what
# it promised, and after one that did not bring a share of it; and the most and the least, beside
# what it was at first.
_MOST: Final = 0.5
_LEAST: Final = 0.1
_LONGER: Final = 2.0
_SHORTER: Final = 0.3
_FARTHEST: Final = 4.0
_NEAREST: Final = 1e-3
# The fit has come to its end where a step promises no more than this share of the objective.
_NOTHING: Final = 1e-4


def descended(
    objective: Objective,
    begin: Vector,
    way: float,
    evaluations: int,
    measure: Callable[[Vector], Measured],
) -> Measured:
    """Return where an objective is smallest, as far as so many evaluations lead.

    Parameters
    ----------
    objective : Objective
        What is made small.
    begin : array of shape (parameters,)
        Logarithms of the values to begin with, inside their ranges.
    way : float
        How far all parameters together may go at first, in spreads.
    evaluations : int
        Most of them, with that of the beginning.
    measure : callable
        What checks and data come to at logarithms.
    """
    first = reach = way / np.sqrt(max(objective.free.sum(), 1))
    best = measure(begin)
    cost = objective.cost(best)
    for _ in range(evaluations - 1):
        logs, promised = foreseen(objective, best, reach)
        gain = cost - promised
        if gain <= _NOTHING * cost or reach < _NEAREST * first:
            break
        found = measure(logs)
        now = objective.cost(found)
        if cost - now > _MOST * gain:
            reach = min(_LONGER * reach, _FARTHEST * first)
        elif cost - now < _LEAST * gain:
            reach *= _SHORTER
        if now < cost:
            best, cost = found, now
    return best


def foreseen(objective: Objective, here: Measured, reach: float) -> tuple[Vector, float]:
    """Return where the objective is smallest if margins are linear, and what it is there.

    Parameters
    ----------
    objective : Objective
        What is made small.
    here : Measured
        Where margins, data and their slopes are known.
    reach : float
        How far each parameter may go, in spreads.
    """
    measurer, free = objective.measurer, objective.free
    spread = measurer.spread[free]
    slopes = here.slopes[:, free] * spread
    missed, by_parameter = objective.missed(here)
    by_parameter = by_parameter * spread
    # The square of what is linear, by its parts: there are thousands of data.
    known, pull, bend = missed @ missed / 2, missed @ by_parameter, by_parameter.T @ by_parameter

    def at(step: Vector) -> Measured:
        logs = here.logs.copy()
        logs[free] += step * spread
        return replace(here, logs=logs, margins=here.margins + slopes @ step)

    def cost(step: Vector) -> tuple[float, Vector]:
        there = at(step)
        (checks, moved), (by_margin, by_log) = objective.lacking(there)
        curved = bend @ step
        value = ((checks**2).sum() + moved @ moved) / 2 + known + pull @ step + step @ curved / 2
        follows = (checks * by_margin).sum(axis=0) @ slopes + moved * by_log * spread
        return float(value), follows + pull + curved

    low, high = measurer.inside
    ends = np.column_stack([low - here.logs, high - here.logs])[free] / spread[:, None]
    found = optimize.minimize(
        cost,
        np.zeros(len(spread)),
        jac=True,
        method="L-BFGS-B",
        bounds=np.clip(ends, [-reach, 0], [0, reach]),
        options={"maxiter": _TRIES, "maxfun": 2 * _TRIES},
    )
    return np.clip(at(found.x).logs, low, high), float(found.fun)
