"""The end of a fit: as many claims as can be are to hold when parameters are a little off.

Slopes tell how likely that is for each claim. What they say is trusted nearby, so the way goes in
steps, each measured before the next.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from ..engines.base import Vector
from . import margins
from .measuring import Measured, Measurer, Progress

# How far each parameter may go in the first step, in spreads, and what becomes of that after a step
# that went as it should, and after one that did not.
_REACH: Final = 0.2
_LONGER: Final = 1.5
_SHORTER: Final = 0.4
# A step went as it should if it brought this share of what slopes promised.
_KEPT: Final = 0.25
# What one spread away from its prior counts, beside a claim.
_MOVED: Final = 0.05
_UNMOVED: Final = 0.1
# What must hold without jitter has to do so by this share of a unit; what a miss by a unit counts.
_SPARE: Final = 0.1
_MUST: Final = 10.0
# What goes back to its prior at once, as a share of what is free, moved by no more than this fold;
# less when steps are shorter than the first.
_AT_ONCE: Final = 0.05
_FOLD: Final = 2.0
# Keeps a margin that does not sway at all from being divided by zero.
_LEAST: Final = 1e-6
# A margin that is as good as any larger one.
_AMPLE: Final = 9.0


@dataclass(frozen=True)
class Here:
    """A parameter set, what slopes say of its neighbours, and what may still move."""

    measured: Measured
    free: NDArray[np.bool_]


class Steadiness:
    """How many claims hold on average when the free parameters are off, and what that costs.

    Parameters
    ----------
    measurer : Measurer
        What checks come to.
    besides : set of str
        Claims that are to hold like the acceptance core, but do not count.
    """

    def __init__(self, measurer: Measurer, besides: Set[str] = frozenset()) -> None:
        self.measurer = measurer
        aims = measurer.aims
        self._ids = list(dict.fromkeys(aim.claim.id for aim in aims))
        places = {name: place for place, name in enumerate(self._ids)}
        self._owner = np.array([places[aim.claim.id] for aim in aims])
        self._counted = np.array([name not in besides for name in self._ids])
        self._must = np.array([aim.claim.core for aim in aims])
        self._middle = np.array([min(aim.middle, _AMPLE) for aim in aims])
        self._unit = np.array([margins.UNIT[aim.logarithmic] for aim in aims])

    def sways(self, measured: Measured, free: NDArray[np.bool_]) -> Vector:
        """Return the standard deviation of each margin under jitter."""
        squares = (measured.slopes[:, free] ** 2).sum(axis=1)
        return np.maximum(margins.JITTER * np.sqrt(squares), _LEAST)

    def holding(self, here: Here) -> float:
        """Return how many claims hold on average, their checks taken as independent."""
        ratio = here.measured.margins / self.sways(here.measured, here.free)
        return float(self._likely(ratio)[self._counted].sum())

    def _likely(self, ratio: Vector) -> Vector:
        total = np.zeros(len(self._ids))
        np.add.at(total, self._owner, stats.norm.logcdf(ratio))
        return np.exp(total)

    def worth(self, found: Vector, sways: Vector, far: Vector) -> tuple[float, Vector, Vector]:
        """Return what is made large, and its slopes by margins and by distances from priors.

        Parameters
        ----------
        found, sways : array of shape (checks,)
            Margins, and how they sway.
        far : array of shape (free,)
            Distances from priors, in spreads.
        """
        # Beyond the middle between two bounds there is nothing to win.
        inside = found < self._middle
        found = np.clip(np.nan_to_num(found, nan=-_AMPLE), -_AMPLE, self._middle)
        ratio = found / sways
        likely = np.where(self._counted, self._likely(ratio), 0.0)
        by_found = likely[self._owner] * np.exp(stats.norm.logpdf(ratio) - stats.norm.logcdf(ratio))
        by_found /= sways
        lacks = np.where(self._must, np.maximum(_SPARE - found / self._unit, 0), 0)
        distance = np.sqrt(far**2 + _UNMOVED**2)
        value = likely.sum() - _MUST * (lacks**2).sum() - _MOVED * distance.sum()
        by_found = inside * (by_found + 2 * _MUST * lacks / self._unit)
        return float(value), by_found, -_MOVED * far / distance

    def at(self, here: Here) -> float:
        """Return what is made large at a parameter set that was measured."""
        found, free = here.measured, here.free
        return self.worth(found.margins, self.sways(found, free), self._far(found.logs, free))[0]

    def _far(self, logs: Vector, free: NDArray[np.bool_]) -> Vector:
        measurer = self.measurer
        return ((logs - measurer.centre) / measurer.spread)[free]

    def without(self, here: Here, reach: float) -> tuple[Vector, NDArray[np.bool_]]:
        """Return what goes back to its prior, since more claims hold that way, and what is left.

        One by one those go that save most, as far as slopes say.
        """
        measurer, measured = self.measurer, here.measured
        logs, free = measured.logs.copy(), here.free.copy()
        value = self.at(here)
        for _ in range(int(_AT_ONCE * min(reach / _REACH, 1) * here.free.sum())):
            away = logs - measurer.centre
            best: tuple[float, int] | None = None
            for place in np.flatnonzero(free & (np.abs(away) <= np.log(_FOLD))):
                left = free.copy()
                left[place] = False
                moved = np.where(np.arange(len(logs)) == place, measurer.centre, logs)
                found = measured.margins + measured.slopes @ (moved - measured.logs)
                sways = self.sways(measured, left)
                now = self.worth(found, sways, self._far(moved, left))[0]
                if best is None or now > best[0]:
                    best = now, int(place)
            if best is None or best[0] <= value:
                break
            value, place = best
            free[place] = False
            logs[place] = measurer.centre[place]
        return logs, free

    def step(self, here: Here, reach: float) -> tuple[Vector, NDArray[np.bool_], float]:
        """Return where slopes say that most claims hold, what stays free, and what they promise."""
        measurer, measured = self.measurer, here.measured
        begun, free = self.without(here, reach)
        slopes = measured.slopes[:, free]
        sways = self.sways(measured, free)
        spread = measurer.spread[free]
        fixed = measured.margins + measured.slopes @ (begun - measured.logs)

        def lost(step: Vector) -> tuple[float, Vector]:
            far = self._far(begun, free) + step
            value, by_found, by_far = self.worth(fixed + slopes @ (step * spread), sways, far)
            return -value, -(by_found @ slopes * spread + by_far)

        low = np.minimum(measurer.low, measurer.centre)[free]
        high = np.maximum(measurer.high, measurer.centre)[free]
        lowest = np.minimum(np.maximum((low - begun[free]) / spread, -reach), 0)
        highest = np.maximum(np.minimum((high - begun[free]) / spread, reach), 0)
        found = optimize.minimize(
            lost,
            np.zeros(len(spread)),
            jac=True,
            method="L-BFGS-B",
            bounds=np.column_stack([lowest, highest]),
            options={"maxiter": 300},
        )
        logs = begun.copy()
        logs[free] += found.x * spread
        return logs, free, -float(found.fun)


def steadied(
    steadiness: Steadiness,
    here: Here,
    evaluations: int,
    told: Callable[[int, Here, float], None] | None = None,
    progress: Progress | None = None,
) -> Here:
    """Go on from a parameter set while more claims hold when parameters are off.

    Parameters
    ----------
    steadiness : Steadiness
        What is made large.
    here : Here
        Where to begin.
    evaluations : int
        Most of them.
    told : callable, optional
        Told each evaluation: its number, what was found, and how many claims hold on average.
    progress : callable, optional
        Told how far an evaluation is.
    """
    value, reach = steadiness.at(here), _REACH
    for number in range(1, evaluations + 1):
        logs, free, promised = steadiness.step(here, reach)
        if promised <= value:
            break
        there = Here(steadiness.measurer(logs, progress), free)
        now = steadiness.at(there)
        if told is not None:
            told(number, there, steadiness.holding(there))
        good = now - value >= _KEPT * (promised - value)
        reach *= _LONGER if good else _SHORTER
        if now > value:
            here, value = there, now
    return here
