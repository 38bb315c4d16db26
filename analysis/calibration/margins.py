"""Margins of claims as smooth residuals, and how they follow from what was seen.

A check asks to hold by so much that it still holds when all parameters are a little off; beyond
that it pulls nothing. One that is far off pulls no harder than one that is a little more than near.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np

from ..claims import schema
from ..claims.arithmetic import Formula
from ..claims.binding import Bound, readouts_of
from ..claims.bounds import Bounds
from ..claims.evaluation import Judge, Outcome
from ..claims.plans import Need
from ..claims.running import Course
from ..claims.schema import Claim
from . import panels
from .panels import over_panel

# How far parameters may be off: the standard deviation of their logarithms.
JITTER: Final = 0.1
# How many standard deviations of what that does to a margin are to spare.
STURDY: Final = 2.0
# What is to spare in any case, and the least miss that counts one: as logarithm of a fold, and as a
# difference.
SPARE: Final = {True: 0.06, False: 0.01}
UNIT: Final = {True: 0.05, False: 0.015}
# Between two bounds no more can be to spare than this share of what lies between its middle and
# one of them.
_ROOM: Final = 0.9
# Who has more than this to spare holds, however sensitive it is.
AMPLE: Final = 1.5
# Beyond this a miss counts no more; a check of which nothing could be measured counts as much, or a
# fit would go where cells do not rest.
_WORST: Final = 30.0
# What a check of the acceptance core counts, beside others.
CORE: Final = 4.0
_SHARE: Final = 1e-5

# Key of a plan, place among its times, name of an output.
Place = tuple[str, int, str]


@dataclass(frozen=True)
class Aim:
    """A check in one cell, or over a panel that is its label."""

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
        if isinstance(check, schema.Share):
            within = check.within
            return check.share.difference is None and 0.0 not in (within.low, within.high)
        if isinstance(check, schema.Correlation):
            return False
        if isinstance(check, schema.FormulaCheck):
            return check.scale == "logarithmic"
        return True

    @property
    def middle(self) -> float:
        """Its margin in the middle between two bounds; infinity with a single one."""
        bounds = getattr(self.check, "expect", None)
        if not isinstance(bounds, Bounds) or isinstance(self.check, schema.Share):
            return math.inf
        if not self.logarithmic:
            return (bounds.high - bounds.low) / 2
        if bounds.low <= 0 or math.isinf(bounds.high):
            return math.inf
        return math.log(bounds.high / bounds.low) / 2

    @property
    def room(self) -> float:
        """The most that it is asked to have to spare."""
        return _ROOM * self.middle


def aims(bound: Bound) -> Iterator[Aim]:
    """Yield every check that is a number; that species are there or not is none."""
    for claim in bound.claims:
        for check in claim.checks:
            if isinstance(check, schema.Exists | schema.Absent):
                continue
            if over_panel(check):
                yield Aim(claim, check, check.panel, (), {})
                continue
            for label, (cell, values) in bound.binder.cells(check.panel).items():
                yield Aim(claim, check, label, cell, values)


def needs(bound: Bound, aim: Aim) -> Iterator[Need]:
    """Yield the experiments of a check in its cell, or in those of its panel."""
    if over_panel(aim.check):
        return panels.needs(bound, aim.claim, aim.check)
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
    slopes: dict[Place, float]


Shape = Callable[[Any], tuple[Any, Any]]
"""Gives the residual of a miss, and its slope: :func:`.losses.bent` or :func:`.losses.yielding`."""


def held(aim: Aim, margin: float, shape: Shape) -> tuple[float, float]:
    """Return what is squared of a check that lacks something to hold, and its slope."""
    kind = aim.logarithmic
    return _lacking(aim, margin, SPARE[kind], UNIT[kind], shape)


def sturdy(aim: Aim, margin: float, sway: float, shape: Shape) -> tuple[float, float]:
    """Return what is squared of a check that parameters a little off could break, and its slope.

    Parameters
    ----------
    aim : Aim
        The check.
    margin : float
        How far inside it lies.
    sway : float
        Standard deviation of the margin when parameters are off by :data:`JITTER`.
    shape : callable
        How a miss counts.
    """
    return _lacking(aim, margin, STURDY * sway, max(UNIT[aim.logarithmic], sway), shape)


def _lacking(
    aim: Aim, margin: float, spare: float, unit: float, shape: Shape
) -> tuple[float, float]:
    weight = CORE if aim.claim.core else 1.0
    spare = min(spare, aim.room)
    if spare <= 0 or margin >= spare:
        return 0.0, 0.0
    if not math.isfinite(margin):
        return weight * float(shape(_WORST)[0]), 0.0
    residual, slope = shape(min((spare - margin) / unit, _WORST))
    return weight * float(residual), -weight * float(slope) / unit


def pulls(
    bound: Bound, courses: Mapping[str, Course], chosen: Sequence[Aim], *, slopes: bool = True
) -> list[Pull]:
    """Return what checks come to, and with ``slopes`` how that follows from what was seen."""
    judge = Judge(bound, courses)
    found = []
    for aim in chosen:
        value, margin, terms = _terms(bound, judge, aim)
        pull = Pull(aim, value, margin, {})
        if slopes and math.isfinite(margin) and margin < AMPLE:
            for term in terms:
                for place, slope in _slopes(bound, courses, term):
                    pull.slopes[place] = pull.slopes.get(place, 0.0) + term.slope * slope
        found.append(pull)
    return found


@dataclass(frozen=True)
class _Term:
    """A number that a margin follows: how, what it rests on, and how to ask for it."""

    slope: float
    readouts: Sequence[Formula]
    needs: Iterable[Need]
    asked: Callable[[Judge], float]


def _terms(bound: Bound, judge: Judge, aim: Aim) -> tuple[float, float, list[_Term]]:
    """Return what a check comes to, its margin, and what that follows."""
    if over_panel(aim.check):
        value, margin, parts = panels.judged(bound, judge, aim.claim, aim.check)
        return value, margin, [_part(bound, aim.claim, part) for part in parts]

    def asked(judge: Judge) -> Outcome:
        return judge.one(aim.claim, aim.check, aim.label, aim.cell, aim.values)

    found = asked(judge)
    readouts = readouts_of(aim.check)
    term = _Term(1.0, readouts, needs(bound, aim), lambda judge: asked(judge).margin)
    return found.value, found.margin, [term]


def _part(bound: Bound, claim: Claim, part: panels.Part) -> _Term:
    measure, cell = part.measure, part.cell
    needed = bound.binder.measured(claim, measure, *cell).values()
    asked = partial(Judge.measure, claim=claim, measure=measure, cell=cell[0], values=cell[1])
    return _Term(part.slope, (measure.readout,), needed, asked)


def _slopes(
    bound: Bound, courses: Mapping[str, Course], term: _Term
) -> Iterator[tuple[Place, float]]:
    names = sorted(
        {name for formula in term.readouts for name in bound.binder.readouts.observables(formula)}
    )
    found = term.asked(Judge(bound, courses))
    seen: set[tuple[str, int]] = set()
    for need in term.needs:
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
                now = term.asked(Judge(bound, ChainMap({key: other}, courses)))  # type: ignore[arg-type]
                if math.isfinite(now) and now != found:
                    yield (key, place, name), float((now - found) / step)
