"""The end of a fit: as many claims as can be are to hold when parameters are a little off.

Slopes tell how likely that is for each claim. What they say is trusted nearby, so the way goes in
steps, each measured before the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, stats

from ...simulation.engines.base import Vector
from . import margins
from .measuring import Measured, Measurer, Progress

Flags = NDArray[np.bool_]

# How far each parameter may go in the first step, in spreads, and at most; what becomes of that
# after a step that brought half of what slopes promised, and after one that led nowhere.
_REACH: Final = 0.15
_FARTHEST: Final = 0.5
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
# What must hold without jitter has to do so by this share of a unit; what a miss by a unit counts.
_SPARE: Final = 0.1
_MUST: Final = 10.0
# How many go back to their priors at once, fewer if steps reach less far than this; what each has
# moved at most, as a fold, and what its going has to bring.
_AT_ONCE: Final = 5
_FAR: Final = 0.2
_FOLD: Final = 3.0
_WORTHWHILE: Final = 0.02
# So near to its prior, in spreads, a parameter might as well be there.
_NEARLY: Final = 0.02
# What a spread counts in making up for a parameter that goes, beside the sways of margins; those
# that lie beyond so many sways are not asked.
_STIFF: Final = 30.0
_SAFE: Final = 5.0
# Keeps a margin that does not sway at all from being divided by zero.
_LEAST: Final = 1e-6
# A margin that is as good as any larger one.
_AMPLE: Final = 9.0


@dataclass(frozen=True)
class Here:
    """A parameter set, what slopes say of its neighbours, and what may still move."""

    measured: Measured
    free: Flags


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
        ids = list(dict.fromkeys(aim.claim.id for aim in aims))
        places = {name: place for place, name in enumerate(ids)}
        self._owner = np.array([places[aim.claim.id] for aim in aims])
        self._counted = np.array([name not in besides for name in ids])
        self._must = np.array([aim.claim.core for aim in aims])
        self._middle = np.array([min(aim.middle, _AMPLE) for aim in aims])
        self._unit = np.array([margins.UNIT[aim.logarithmic] for aim in aims])
        # A value of the tables never lies outside.
        self._low, self._high = measurer.inside

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
        lacks = np.where(self._must, np.maximum(_SPARE - found / self._unit, 0), 0)
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
        return self.worth(found, self.sways(measured, free), self._far(logs)[free])[0]

    def _far(self, logs: Vector) -> Vector:
        return (logs - self.measurer.centre) / self.measurer.spread

    def without(self, here: Here, reach: float) -> tuple[Vector, Flags]:
        """Return where slopes say that more claims hold with fewer parameters, and which are left.

        One by one those go back to their priors that bring most, where the others may make up for
        it.
        """
        logs, free = here.measured.logs, here.free
        value = self.at(here)
        for _ in range(round(_AT_ONCE * min(reach / _FAR, 1))):
            ways = [
                (self._near(here.measured, there, free & ~gone), there, free & ~gone)
                for gone, there in self._ways(here.measured, logs, free)
            ]
            best = max(ways, key=lambda way: way[0], default=None)
            if best is None or best[0] <= value + _WORTHWHILE:
                break
            value, logs, free = best
        return logs, free

    def _ways(
        self, measured: Measured, logs: Vector, free: Flags
    ) -> Iterator[tuple[Flags, Vector]]:
        """Yield what one parameter's going leads to, with and without others making up for it."""
        spread = self.measurer.spread[free]
        slopes, sways = measured.slopes[:, free], self.sways(measured, free)
        found = measured.margins + measured.slopes @ (logs - measured.logs)
        asked = np.where(found < _SAFE * sways, 1 / sways, 0)
        weighed = slopes * asked[:, None]
        # Of all moves in which one goes home, that by which margins move least in their sways.
        inverse = linalg.inv(weighed.T @ weighed + np.diag(_STIFF / spread**2), check_finite=False)
        places = np.flatnonzero(free)
        for column, place in enumerate(places):
            away = logs[place] - self.measurer.centre[place]
            if abs(away) > np.log(_FOLD):
                continue
            gone = np.arange(len(logs)) == place
            alone = np.where(gone, self.measurer.centre, logs)
            together = alone.copy()
            moves = inverse[:, column] / inverse[column, column] * -away
            together[places] = np.clip(logs[places] + moves, self._low[places], self._high[places])
            together[place] = self.measurer.centre[place]
            yield gone, alone
            yield gone, together

    def step(self, here: Here, reach: float, *, fewer: bool = True) -> tuple[Vector, Flags, float]:
        """Return where slopes say that most claims hold, what stays free, and what they promise.

        Parameters
        ----------
        here : Here
            Where to begin.
        reach : float
            How far each parameter may go, in spreads.
        fewer : bool, optional
            Whether some may go back to their priors at once.
        """
        measured, spread = here.measured, self.measurer.spread
        begun, free = self.without(here, reach) if fewer else (measured.logs, here.free)
        slopes, sways = measured.slopes[:, free] * spread[free], self.sways(measured, free)
        fixed = measured.margins + measured.slopes @ (begun - measured.logs)
        far = self._far(begun)
        price = _MOVED + _SWAYING * self.saved(here) / (np.abs(far) + _UNMOVED)

        def lost(step: Vector) -> tuple[float, Vector]:
            value, by_found, by_far = self.worth(
                fixed + slopes @ step, sways, far[free] + step, price[free]
            )
            return -value, -(by_found @ slopes + by_far)

        ends = np.column_stack([(self._low - begun) / spread, (self._high - begun) / spread])
        found = optimize.minimize(
            lost,
            np.zeros(int(free.sum())),
            jac=True,
            method="L-BFGS-B",
            bounds=np.clip(ends[free], [-reach, 0], [0, reach]),
            options={"maxiter": 400},
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
        logs, free, promised = steadiness.step(here, reach, fewer=not mending)
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
