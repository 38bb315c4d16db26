"""Margins of claims as smooth residuals, and how they follow from what was seen.

A check asks for no more than to hold with something to spare; beyond that it pulls nothing. One
that is far off pulls no harder than one that is a little more than near.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ..claims import schema
from ..claims.binding import Bound, Need, readouts_of
from ..claims.evaluation import Judge
from ..claims.running import Course
from ..claims.schema import Claim
from ..engines.base import Vector

# What is to spare, and the miss that counts one: as logarithm of a fold, and as a difference.
SPARE: Final = {True: 0.06, False: 0.01}
UNIT: Final = {True: 0.1, False: 0.03}
# Beyond this a miss counts no more.
_WORST: Final = 30.0
# What a check of the acceptance core counts, beside others.
CORE: Final = 2.0
# What counts for a check of which nothing could be measured.
_LOST: Final = 3.0
_SHARE: Final = 1e-5


@dataclass(frozen=True)
class Aim:
    """A check in one cell."""

    claim: Claim
    check: Any
    label: str
    cell: Sequence[str]
    values: Mapping[str, float]

    @property
    def logarithmic(self) -> bool:
        """Whether its margin is the logarithm of a fold."""
        check = self.check
        if isinstance(check, schema.MeasureCheck):
            return check.difference is None and 0.0 not in (check.expect.low, check.expect.high)
        if isinstance(check, schema.FormulaCheck):
            return check.scale == "logarithmic"
        return True


def aims(bound: Bound) -> Iterator[Aim]:
    """Yield every check that is a number of experiments on few cells.

    Shares and correlations over panels have no slope, and species are there or not; these are left
    out.
    """
    left_out = (schema.Share, schema.Correlation, schema.Exists, schema.Absent)
    for claim in bound.claims:
        for check in claim.checks:
            panel = bound.binder.claims.panels.get(check.panel)
            if isinstance(check, left_out) or isinstance(panel, schema.VirtualPanel):
                continue
            for label, (cell, values) in bound.binder.cells(check.panel).items():
                yield Aim(claim, check, label, cell, values)


def needs(bound: Bound, aim: Aim) -> Iterator[Need]:
    """Yield the experiments of a check in its cell."""
    return bound.binder.needed(aim.claim, aim.check, aim.cell, aim.values)


@dataclass(frozen=True)
class Pull:
    """What a check comes to.

    Attributes
    ----------
    aim : Aim
        The check.
    value, margin : float
        What was measured, and how far inside it lies.
    slopes : dict
        How the margin follows the value of an output, by key of the plan, place among its times,
        and name of the output.
    """

    aim: Aim
    value: float
    margin: float
    slopes: dict[tuple[str, int, str], float]

    @property
    def residual(self) -> float:
        """What the objective squares: 0 where there is enough to spare."""
        return self._weight * _bent(self._miss)[0]

    @property
    def slope(self) -> float:
        """How the residual follows the margin."""
        if not math.isfinite(self.margin):
            return 0.0
        return -self._weight * _bent(self._miss)[1] / UNIT[self.aim.logarithmic]

    @property
    def _weight(self) -> float:
        return CORE if self.aim.claim.core else 1.0

    @property
    def _miss(self) -> float:
        if not math.isfinite(self.margin):
            return 0.0 if self.margin > 0 else _LOST
        kind = self.aim.logarithmic
        return min(max(SPARE[kind] - self.margin, 0.0) / UNIT[kind], _WORST)


def _bent(miss: float) -> tuple[float, float]:
    """Return a residual that grows as the root of a large miss, and its slope."""
    size = math.sqrt(1 + miss * miss)
    residual = math.sqrt(2 * (size - 1))
    return residual, (miss / size / residual if residual > 1e-9 else 1.0)


def pulls(bound: Bound, courses: Mapping[str, Course], chosen: Sequence[Aim]) -> list[Pull]:
    """Return what checks come to, and how that follows from what was seen."""
    judge = Judge(bound, courses)
    found = []
    for aim in chosen:
        outcome = judge.one(aim.claim, aim.check, aim.label, aim.cell, aim.values)
        pull = Pull(aim, outcome.value, outcome.margin, {})
        if math.isfinite(outcome.margin) and pull.residual > 0:
            pull.slopes.update(_slopes(bound, courses, aim, outcome.margin))
        found.append(pull)
    return found


def _slopes(
    bound: Bound, courses: Mapping[str, Course], aim: Aim, margin: float
) -> Iterator[tuple[tuple[str, int, str], float]]:
    binder = bound.binder
    names = {name for formula in readouts_of(aim.check) for name in binder.observables(formula)}
    seen: set[tuple[str, int]] = set()
    for need in needs(bound, aim):
        key = need.plan.key
        course = courses[key]
        if course.error:
            continue
        for place in np.searchsorted(course.times, need.times).tolist():
            if (key, place) in seen:
                continue
            seen.add((key, place))
            for name in names:
                moved = course.values[name].copy()
                step = _SHARE * abs(moved[place]) or 1e-9
                moved[place] += step
                other = Course(course.times, {**course.values, name: moved})
                judge = Judge(bound, ChainMap({key: other}, courses))  # type: ignore[arg-type]
                now = judge.one(aim.claim, aim.check, aim.label, aim.cell, aim.values).margin
                if math.isfinite(now) and now != margin:
                    yield (key, place, name), float((now - margin) / step)


def weights(pull: Pull, key: str, times: int, places: Mapping[str, int]) -> Vector:
    """Return the weight of each output at each time of an experiment: (times, outputs)."""
    found = np.zeros((times, len(places)))
    for (plan, time, name), slope in pull.slopes.items():
        if plan == key:
            found[time, places[name]] += slope
    return found
