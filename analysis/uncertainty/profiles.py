"""Profiles: how well the objective can be met with one parameter held at each of several values.

All others are found anew, by a few steps of Gauss and Newton from where slopes say that they go.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import stats

from ...network.files import replacing
from ...simulation.engines.base import Vector
from ...simulation.sbml.model import near
from ..calibration.measuring import Measured, Progress
from .laplace import laplace
from .linear import Asking, ends, refined

LEVEL: Final = 0.95
RISE: Final = float(stats.chi2.ppf(LEVEL, 1)) / 2
"""By how much the objective rises to the ends of an interval."""
# How far apart the first values are, in standard deviations of the Laplace approximation. One that
# raised the objective by less than this share of what it is to rise is followed by one twice as
# far.
_STEP: Final = 1.0
_SLOW: Final = 1 / 4
# How far each other parameter may go at once, in spreads: of `signalling` straight lines lower the
# objective by hundreds within a fifth of a spread, and raise it by hundreds within one.
_REACH: Final = 0.2
LESS: Final = 0.1
"""A fit that leaves more to be found had not come to its end."""
# A step that would bring less, or brought less, is the last.
_GAIN: Final = 0.02


class NotProfiledError(ValueError):
    """A parameter that does not move in the fit; the message says which do."""


@dataclass(frozen=True)
class Point:
    """The best that is to be had with a parameter at one value.

    Attributes
    ----------
    value : float
        Of the parameter.
    cost, laplace : float
        How far the objective lies above that of the best set, as found and by the approximation.
    left : float
        By how much one more evaluation would lower it, as far as slopes say.
    """

    value: float
    cost: float
    laplace: float
    left: float


@dataclass(frozen=True)
class Profile:
    """How well the objective can be met over one parameter.

    Attributes
    ----------
    name, unit : str
        The parameter.
    value, low, high : float
        Its best value and the ends of its range.
    points : tuple of Point
        In the order of values; the best set is among them.
    interval, laplace : tuple of float
        Where the objective has risen by :data:`RISE`, as found and by the approximation; infinite
        or 0 where it does not rise so far inside the range or as far as was looked; no numbers
        where others would still lower it at one of the values by more than :data:`LESS`.
    """

    name: str
    unit: str
    value: float
    low: float
    high: float
    points: tuple[Point, ...]
    interval: tuple[float, float]
    laplace: tuple[float, float]

    @property
    def looked(self) -> tuple[float, float]:
        """As far as was looked."""
        return self.points[0].value, self.points[-1].value

    @property
    def left(self) -> float:
        """By how much one more evaluation would lower the objective, where it does so most."""
        return max(point.left for point in self.points)

    @property
    def least(self) -> Point:
        """Where the objective is smallest; not at the best set if the fit had more to find."""
        return min(self.points, key=lambda point: point.cost)


def check(objective: Asking, names: Sequence[str]) -> None:
    """Refuse parameters that do not move in a fit, before any is profiled.

    Raises
    ------
    NotProfiledError
        If there is one; the message names it.
    """
    pairs = zip(objective.measurer.names, objective.free, strict=True)
    moving = [name for name, moves in pairs if moves]
    for name in names:
        if name not in moving:
            raise NotProfiledError(
                f"{name!r} does not move in this fit of {len(moving)} parameters."
                f"{near(name, moving)}"
            )


def profile(
    objective: Asking,
    best: Measured,
    name: str,
    *,
    unit: str = "",
    steps: int = 4,
    evaluations: int = 3,
    told: Callable[[str, Point], None] | None = None,
    progress: Progress | None = None,
) -> Profile:
    """Return the profile of one parameter.

    Parameters
    ----------
    objective : Asking
        What the fit made small.
    best : Measured
        Where it is smallest, with slopes.
    name : str
        The parameter.
    unit : str
        Of it, for the record.
    steps : int
        Most values to each side.
    evaluations : int
        Most evaluations at each.
    told : callable, optional
        Told each point.
    progress : callable, optional
        Told how far an evaluation is.

    Raises
    ------
    NotProfiledError
        If the parameter does not move in the fit.
    """
    check(objective, [name])
    measurer = objective.measurer
    curved = laplace(objective, best)
    place = measurer.names.index(name)
    spread = float(curved.posterior[curved.names.index(name)])
    begun, middle = objective.cost(best), float(best.logs[place])
    low, high = (float(end[place]) for end in ends(measurer))

    def raised(log: float, cost: float, left: float) -> Point:
        curve = ((log - middle) / spread) ** 2 / 2
        point = Point(float(np.exp(log)), cost - begun, curve, left)
        if told is not None:
            told(name, point)
        return point

    # What is found at other values is held against what as many evaluations find at this one: a set
    # that was not chosen by the objective alone leaves something to be found everywhere.
    centre, left = _refitted(objective, best, place, middle, evaluations, progress)
    centre = min((best, centre), key=objective.cost)
    least = objective.cost(centre) - begun
    points = {middle: raised(middle, begun + least, left)}
    for end, sign in ((low, -1.0), (high, 1.0)):
        here, far, before = centre, _STEP * spread, least
        log = middle
        for _ in range(steps):
            log = max(log - far, end) if sign < 0 else min(log + far, end)
            if log in points:
                break
            here, left = _refitted(objective, here, place, log, evaluations, progress)
            points[log] = raised(log, objective.cost(here), left)
            risen = points[log].cost
            if risen - least > RISE or log == end:
                break
            if risen - before < _SLOW * RISE:
                far *= 2
            before = risen
    logs = sorted(points)
    found = tuple(points[log] for log in logs)
    half = np.sqrt(2 * RISE) * spread
    interval = _interval(logs, [point.cost for point in found])
    return Profile(
        name,
        unit,
        float(np.exp(middle)),
        float(np.exp(low)),
        float(np.exp(high)),
        found,
        interval if max(point.left for point in found) <= LESS else (np.nan, np.nan),
        (
            float(np.exp(middle - half)) if middle - half >= low else 0.0,
            float(np.exp(middle + half)) if middle + half <= high else np.inf,
        ),
    )


def _refitted(
    objective: Asking,
    beside: Measured,
    place: int,
    log: float,
    evaluations: int,
    progress: Progress | None,
) -> tuple[Measured, float]:
    """Return what is measured where the objective is smallest with one parameter held.

    With it comes by how much one more evaluation would lower it.
    """
    begin = beside.logs.copy()
    begin[place] = log

    def target(measured: Measured) -> tuple[float, Vector]:
        residuals, back = objective.pulled(measured)
        return float(residuals @ residuals) / 2, back(residuals)

    return refined(
        objective,
        target,
        beside,
        begin,
        evaluations=evaluations,
        gain=_GAIN,
        moving=objective.free & (np.arange(len(begin)) != place),
        reach=_REACH,
        foresee=True,
        progress=progress,
    )


def _interval(logs: Sequence[float], costs: Sequence[float]) -> tuple[float, float]:
    """Return where costs have risen by enough on either side of the least.

    Between two values the root of a cost is taken for a straight line, as it is in a parabola.
    """
    least = int(np.argmin(costs))
    roots = np.sqrt(np.array(costs) - costs[least])

    def crossing(places: Iterator[int], otherwise: float) -> float:
        for inner, outer in itertools.pairwise(places):
            if roots[outer] >= np.sqrt(RISE):
                share = (np.sqrt(RISE) - roots[inner]) / (roots[outer] - roots[inner])
                return float(np.exp(logs[inner] + share * (logs[outer] - logs[inner])))
        return otherwise

    return (
        crossing(iter(range(least, -1, -1)), 0.0),
        crossing(iter(range(least, len(logs))), np.inf),
    )


def write(found: Sequence[Profile], path: Path) -> None:
    """Write profiles as CSV, a value a row."""
    with replacing(path) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "value", "unit", "cost", "laplace", "left"])
        for each in found:
            for point in each.points:
                numbers = (f"{number:.6g}" for number in (point.cost, point.laplace, point.left))
                writer.writerow([each.name, f"{point.value:.6g}", each.unit, *numbers])


def data(found: Profile) -> dict[str, Any]:
    """Return a profile as plain data; an end that was not found is None."""

    def end(value: float) -> float | None:
        return value if 0 < value < np.inf else None

    return {
        "name": found.name,
        "unit": found.unit,
        "best": found.value,
        "range": [found.low, found.high],
        "rise": RISE,
        "settled": found.left <= LESS,
        "interval": [end(value) for value in found.interval],
        "by_curvature": [end(value) for value in found.laplace],
        "points": [
            {
                "value": point.value,
                "cost": point.cost,
                "by_curvature": point.laplace,
                "left": point.left,
            }
            for point in found.points
        ],
    }


def shown(value: float, end: float) -> str:
    """Return the end of an interval, or that there is none inside the range, or not told yet."""
    if np.isnan(value):
        return "not told"
    return f"{value:.3g}" if 0 < value < np.inf else f"beyond {end:.3g}"
