"""The end of a fit: as many claims as can be are to hold when parameters are a little off.

Slopes tell how likely that is for each claim. What they say is trusted nearby, so the way goes in
steps, each measured before the next. Data are to be met as well as before, or nearly.
"""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats

from ...simulation.engines.base import Vector
from . import margins
from .measuring import Measured, Measurer, Progress

Flags = NDArray[np.bool_]

# How far each parameter may go in the first step, in spreads, and at most: with hundreds of them,
# straight lines lead astray soon. What becomes of that after a step that brought half of what
# slopes promised, and after one that led nowhere.
_REACH: Final = 0.05
_FARTHEST: Final = 0.2
_LONGER: Final = 1.3
_SHORTER: Final = 0.5
# After a step that lost no more than so many claims, so many others may mend what it broke.
_ASTRAY: Final = 4.0
_MENDING: Final = 2
# What one spread away from its prior counts, beside a claim; for one with which claims sway, this
# share of what holds without it counts as well.
_MOVED: Final = 0.05
_UNMOVED: Final = 0.1
_SWAYING: Final = 0.3
# What must hold without jitter has to do so by this share of a unit, and between two bounds by no
# more than this share of the way to the middle; what a miss by a unit counts.
_SPARE: Final = 0.3
_HALFWAY: Final = 0.5
_MUST: Final = 10.0
# What the objective of data counts, beside a claim.
_MISSED: Final = 1.0
# So near to its prior, in spreads, a parameter might as well be there.
_NEARLY: Final = 0.02
# By this share of its range a value stays off an end, if it did before.
_HELD_OFF: Final = 0.06
# How often the way of a step is tried, at most.
_TRIES: Final = 2000
# Keeps a margin that does not sway at all from being divided by zero.
_LEAST: Final = 1e-6
# A margin that is as good as any larger one.
_AMPLE: Final = 9.0


@dataclass(frozen=True)
class Here:
    """A parameter set, what slopes say of its neighbours, and what may still move."""

    measured: Measured
    free: Flags


@dataclass(frozen=True)
class Missed:
    """What data are missed by near a parameter set: the objective of residuals that are straight.

    Attributes
    ----------
    logs : array of shape (parameters,)
        Logarithms of its values.
    residuals : array of shape (data,)
        What is squared there.
    slopes : array of shape (data, parameters)
        How that follows the logarithms.
    """

    logs: Vector
    residuals: Vector
    slopes: Vector

    @classmethod
    def nothing(cls, parameters: int) -> Missed:
        """Return that of no data."""
        return cls(np.zeros(parameters), np.empty(0), np.empty((0, parameters)))

    def at(self, logs: Vector) -> tuple[float, Vector]:
        """Return half the sum of squares at another set, and its slopes."""
        way = logs - self.logs
        bent = self._curvature @ way
        return float(self._value + self._pull @ way + way @ bent / 2), self._pull + bent

    @cached_property
    def _value(self) -> float:
        return float(self.residuals @ self.residuals) / 2

    @cached_property
    def _pull(self) -> Vector:
        return np.asarray(self.residuals @ self.slopes)

    @cached_property
    def _curvature(self) -> Vector:
        return np.asarray(self.slopes.T @ self.slopes)


class Steadiness:
    """How many claims hold on average when the free parameters are off, and what that costs.

    Parameters
    ----------
    measurer : Measurer
        What checks come to.
    besides : set of str
        Claims that may have to hold, but do not count.
    begun : Measured, optional
        Where it begins. Claims that hold there have to go on holding, and checks of others may not
        fail by more; without, the acceptance core has to hold.
    missed : Missed, optional
        What data are missed by there. They are to be met as well; nothing is measured anew of them.
    """

    def __init__(
        self,
        measurer: Measurer,
        besides: Set[str] = frozenset(),
        begun: Measured | None = None,
        missed: Missed | None = None,
    ) -> None:
        self.measurer = measurer
        aims = measurer.aims
        ids = list(dict.fromkeys(aim.claim.id for aim in aims))
        places = {name: place for place, name in enumerate(ids)}
        self._owner = np.array([places[aim.claim.id] for aim in aims])
        self._counted = np.array([name not in besides for name in ids])
        self._middle = np.array([min(aim.middle, _AMPLE) for aim in aims])
        self._unit = np.array([margins.UNIT[aim.logarithmic] for aim in aims])
        # By how many units checks have to hold.
        spare = np.minimum(_SPARE, _HALFWAY * self._middle / self._unit)
        core = np.array([aim.claim.core for aim in aims])
        self._asked = np.where(core, spare, -np.inf)
        if begun is not None:
            fails = np.zeros(len(ids), dtype=bool)
            fails[self._owner[~(begun.margins >= 0)]] = True
            there = np.minimum(self._capped(begun.margins) / self._unit, spare)
            self._asked = np.where(fails[self._owner], there, spare)
        # A value of the tables never lies outside.
        low, high = measurer.inside
        off = _HELD_OFF * (high - low)
        self._low = np.minimum(low + off, measurer.centre)
        self._high = np.maximum(high - off, measurer.centre)
        self._missed = missed or Missed.nothing(len(measurer.names))

    def sways(self, measured: Measured, free: Flags) -> Vector:
        """Return the standard deviation of each margin under jitter."""
        return self._root(self._variances(measured)[:, free].sum(axis=1))

    @staticmethod
    def _variances(measured: Measured) -> Vector:
        return (margins.JITTER * measured.slopes) ** 2

    @staticmethod
    def _root(variances: Vector) -> Vector:
        return np.sqrt(np.maximum(variances, _LEAST**2))

    def holding(self, here: Here) -> float:
        """Return how many claims hold on average, their checks taken as independent."""
        return self._held(here.measured.margins, self.sways(here.measured, here.free))

    def _held(self, found: Vector, sways: Vector) -> float:
        return float(self._likely(found / sways)[self._counted].sum())

    def _likely(self, ratio: Vector) -> Vector:
        total = np.zeros(len(self._counted))
        np.add.at(total, self._owner, stats.norm.logcdf(ratio))
        return np.exp(total)

    def saved(self, here: Here) -> Vector:
        """Return how many more claims would hold if one parameter were not off, for each."""
        measured, free = here.measured, here.free
        found = self._capped(measured.margins)
        variances = self._variances(measured)
        total = variances[:, free].sum(axis=1)
        saved = np.zeros(len(free))
        saved[free] = [
            self._held(found, self._root(total - variances[:, place]))
            for place in np.flatnonzero(free)
        ]
        saved[free] -= self._held(found, self._root(total))
        return saved

    def _capped(self, found: Vector) -> Vector:
        """Return margins no larger than in the middle between two bounds."""
        return np.clip(np.nan_to_num(found, nan=-_AMPLE), -_AMPLE, self._middle)

    def worth(
        self, found: Vector, sways: Vector, far: Vector, price: Vector | float = _MOVED
    ) -> tuple[float, Vector, Vector]:
        """Return what is made large, and its slopes by margins and by distances from priors.

        Parameters
        ----------
        found, sways : array of shape (checks,)
            Margins, and how they sway.
        far : array of shape (free,)
            Distances from priors, in spreads.
        price : array of shape (free,), optional
            What a spread counts, beside a claim.
        """
        # Beyond the middle between two bounds there is nothing to win.
        inside = found < self._middle
        found = self._capped(found)
        ratio = found / sways
        likely = np.where(self._counted, self._likely(ratio), 0.0)
        by_found = likely[self._owner] * np.exp(stats.norm.logpdf(ratio) - stats.norm.logcdf(ratio))
        by_found /= sways
        lacks = np.maximum(self._asked - found / self._unit, 0)
        distance = np.sqrt(far**2 + _UNMOVED**2)
        value = likely.sum() - _MUST * (lacks**2).sum() - (price * distance).sum()
        by_found = inside * (by_found + 2 * _MUST * lacks / self._unit)
        return float(value), by_found, -price * far / distance

    def at(self, here: Here) -> float:
        """Return what is made large at a parameter set that was measured."""
        return self._near(here.measured, here.measured.logs, here.free)

    def _near(self, measured: Measured, logs: Vector, free: Flags) -> float:
        """Return what slopes say that it is at another one."""
        found = measured.margins + measured.slopes @ (logs - measured.logs)
        missed, _ = self._missed.at(logs)
        value, _, _ = self.worth(found, self.sways(measured, free), self._far(logs)[free])
        return value - _MISSED * missed

    def _far(self, logs: Vector) -> Vector:
        return (logs - self.measurer.centre) / self.measurer.spread

    def step(self, here: Here, reach: float, *, home: bool = True) -> tuple[Vector, Flags, float]:
        """Return where slopes say that most claims hold, what stays free, and what they promise.

        Parameters
        ----------
        here : Here
            Where to begin.
        reach : float
            How far each parameter may go, in spreads.
        home : bool, optional
            Whether parameters are drawn to their priors by what it would bring if they were there.
        """
        measured, spread, free = here.measured, self.measurer.spread, here.free
        begun, slopes = measured.logs, measured.slopes[:, free] * spread[free]
        sways, far, there = self.sways(measured, free), self._far(begun), begun.copy()
        price = np.full(len(free), _MOVED)
        if home:
            price += _SWAYING * self.saved(here) / (np.abs(far) + _UNMOVED)

        def lost(step: Vector) -> tuple[float, Vector]:
            value, by_found, by_far = self.worth(
                measured.margins + slopes @ step, sways, far[free] + step, price[free]
            )
            there[free] = begun[free] + step * spread[free]
            missed, by_log = self._missed.at(there)
            gained = by_found @ slopes + by_far - _MISSED * by_log[free] * spread[free]
            return _MISSED * missed - value, -gained

        ends = np.column_stack([(self._low - begun) / spread, (self._high - begun) / spread])
        found = optimize.minimize(
            lost,
            np.zeros(int(free.sum())),
            jac=True,
            method="L-BFGS-B",
            bounds=np.clip(ends[free], [-reach, 0], [0, reach]),
            options={"maxiter": _TRIES, "maxfun": 2 * _TRIES},
        )
        logs = begun.copy()
        logs[free] += found.x * spread[free]
        free = free & (np.abs(self._far(logs)) >= _NEARLY)
        logs = np.where(here.free & ~free, self.measurer.centre, logs)
        return logs, free, self._near(measured, logs, free)


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
    best, value, reach, mending = here, steadiness.at(here), _REACH, 0
    for number in range(1, evaluations + 1):
        if not here.free.any():  # all are at their priors
            break
        logs, free, promised = steadiness.step(here, reach)
        if promised <= value:  # what going home would bring is too far to be had
            logs, free, promised = steadiness.step(here, reach, home=False)
        if not mending and promised <= value:
            break
        here = Here(steadiness.measurer(logs, progress), free)
        now = steadiness.at(here)
        if told is not None:
            told(number, here, steadiness.holding(here))
        if now > value:
            if now - value > (promised - value) / 2:
                reach = min(_LONGER * reach, _FARTHEST)
            best, value, mending = here, now, 0
        elif mending < _MENDING and now > value - _ASTRAY:
            mending += 1
        else:
            here, mending, reach = best, 0, _SHORTER * reach
    return best
