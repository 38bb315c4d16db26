"""From courses to verdicts: what each check measures, whether it holds, and by how much.

The margin of a check is how far inside its bounds the measured number lies, as the logarithm of a
ratio for folds and levels and as a difference for differences, correlations and shares. It is
negative where the check fails; that of a claim is the least of its checks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ...network.network import Network
from . import schema
from .binding import Bound, measures_of
from .bounds import Bounds
from .plans import Need, Plan, course, moments
from .running import Course
from .schema import Claim, Measure, When
from .species import holds, unknown


@dataclass(frozen=True)
class Outcome:
    """What one check came to.

    Attributes
    ----------
    check : Check
        The check.
    cell : str
        The cell of the panel, where each cell is checked.
    value : float
        What was measured; NaN where nothing could be.
    expected : str
        The bounds, in words.
    margin : float
        How far inside; negative if it fails.
    problem : str
        Why nothing was measured.
    bounds : Bounds
        The interval in which the value must lie.
    logarithmic : bool
        Whether values are compared by their ratio.
    """

    check: Any
    cell: str
    value: float
    expected: str
    margin: float
    problem: str = ""
    bounds: Bounds = field(default_factory=Bounds)
    logarithmic: bool = False

    @property
    def passed(self) -> bool:
        """Whether the check holds."""
        return self.margin >= 0


@dataclass(frozen=True)
class Verdict:
    """What a claim came to."""

    claim: Claim
    outcomes: tuple[Outcome, ...]

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(outcome.passed for outcome in self.outcomes)

    @property
    def margin(self) -> float:
        """The least margin of its checks; infinity without any."""
        return min((outcome.margin for outcome in self.outcomes), default=math.inf)


class MissingError(Exception):
    """An experiment failed, or what it holds is nothing, so that there is nothing to read."""


def judge(
    bound: Bound, courses: Mapping[str, Course], network: Network | None = None
) -> list[Verdict]:
    """Return the verdict on every claim in scope.

    Parameters
    ----------
    bound : Bound
        The claims, held against the model.
    courses : mapping
        What was seen, by key of the plan.
    network : Network, optional
        What claims about species are checked on.
    """
    judge_one = Judge(bound, courses, network)
    return [judge_one.claim(claim) for claim in bound.claims if claim.checks]


class Judge:
    """Finds out what checks come to; see :func:`judge`."""

    def __init__(
        self, bound: Bound, courses: Mapping[str, Course], network: Network | None = None
    ) -> None:
        self.bound, self.courses, self.network = bound, courses, network
        self.binder = bound.binder

    def claim(self, claim: Claim) -> Verdict:
        """Return the verdict on one claim."""
        outcomes = []
        for check in claim.checks:
            if isinstance(check, schema.Correlation | schema.Share):
                outcomes.append(self._over_panel(claim, check))
                continue
            for label, (cell, values) in self.binder.cells(check.panel).items():
                outcomes.append(self.one(claim, check, label, cell, values))
        return Verdict(claim, tuple(outcomes))

    # -- checks -----------------------------------------------------------------------------------

    def one(
        self,
        claim: Claim,
        check: Any,
        label: str,
        cell: Sequence[str],
        values: Mapping[str, float],
    ) -> Outcome:
        """Return what a check comes to in one cell."""

        def plan(name: str) -> Plan:
            return self.binder.planned(claim, name, cell, values)

        try:
            match check:
                case schema.MeasureCheck():
                    value = self.measure(claim, check, cell, values)
                    return _within(check, label, value, check.difference is None)
                case schema.FormulaCheck():
                    parts = {
                        name: self.measure(claim, measure, cell, values)
                        for name, measure in check.where.items()
                    }
                    value = _told(check.formula, float(check.formula(parts)))
                    return _within(check, label, value, check.scale == "logarithmic")
                case schema.Order():
                    numbers = [self._ordered(check, plan, name) for name in check.of]
                    return _steps(check, label, numbers, math.log(check.by))
                case schema.Monotone():
                    members = self.binder.planner.series(self.binder.planner.run(claim, check.of))
                    plans = [self.binder.planner.plan(member, cell, values) for member in members]
                    numbers = [self.level(check.monotone, p, check.at) for p in plans]
                    return _along(check, label, numbers)
                case schema.TimeTo():
                    return _by_then(check, label, self._time_to(check, plan))
                case schema.Exists() | schema.Absent():
                    return self._species(check, label)
        except MissingError as error:
            return Outcome(check, label, math.nan, "", -math.inf, str(error))
        raise AssertionError(check)

    def _over_panel(self, claim: Claim, check: schema.Correlation | schema.Share) -> Outcome:
        cells = self.binder.cells(check.panel).values()
        try:
            if isinstance(check, schema.Share):
                inside = [check.within.holds(self.measure(claim, check.share, *c)) for c in cells]
                value = float(np.mean(inside))
            else:
                value = correlated(
                    check, [[self.measure(claim, m, *c) for c in cells] for m in measures_of(check)]
                )
        except MissingError as error:
            return Outcome(check, check.panel, math.nan, "", -math.inf, str(error))
        return _within(check, check.panel, value, False)

    def _species(self, check: schema.Exists | schema.Absent, label: str) -> Outcome:
        if self.network is None:
            return Outcome(check, label, math.nan, "", -math.inf, "There is no network to look at.")
        pattern = schema.pattern_of(check)
        if missing := unknown(pattern, (species.pattern for species in self.network.species)):
            problem = f"No species has {missing}, so nothing can be said of it."
            return Outcome(check, label, math.nan, "", -math.inf, problem)
        count = sum(holds(pattern, species.pattern) for species in self.network.species)
        there = isinstance(check, schema.Exists)
        margin = 1.0 if (count > 0) == there else -1.0
        bounds = Bounds(low=1.0) if there else Bounds(high=0.0)
        return Outcome(check, label, float(count), str(bounds), margin, bounds=bounds)

    # -- numbers ----------------------------------------------------------------------------------

    def measure(
        self, claim: Claim, measure: Measure, cell: Sequence[str], values: Mapping[str, float]
    ) -> float:
        """Return what a measure comes to in one cell.

        Raises
        ------
        MissingError
            If an experiment failed, or there is nothing to divide by.
        """
        needs = self.binder.measured(claim, measure, cell, values)
        base = needs.get("relative")
        floor = measure.floor
        of = self.level(measure.readout, needs["of"].plan, measure.at, base and base.plan, floor)
        if "to" not in needs:
            return of
        to_at = measure.to_at or measure.at
        base = needs.get("to_relative")
        to = self.level(measure.readout, needs["to"].plan, to_at, base and base.plan, floor)
        if measure.difference is not None:
            return of - to
        _reaching(floor, of, to)
        return float(_divided(measure.readout, of, to))

    def _ordered(self, check: schema.Order, plan: Any, name: str) -> float:
        base = plan(check.relative_to) if check.relative_to else None
        return self.level(check.order, plan(name), check.at, base, check.floor)

    def level(
        self, formula: Any, plan: Plan, at: When, base: Plan | None = None, floor: float = 0.0
    ) -> float:
        """Return a readout at a moment, divided by that of ``base`` at the same times.

        Raises
        ------
        MissingError
            If an experiment failed, neither it nor ``base`` reaches the floor, or the readout is
            no number.
        """
        seen = self._seen(formula, Need(plan, moments(at, plan)))
        if base is not None:
            other = self._seen(formula, Need(base, moments(at, base)))
            _reaching(floor, *seen, *other)
            seen = _divided(formula, seen, other)
        _told(formula, seen)
        by = {"min": np.min, "max": np.max, "mean": np.mean}
        return float(by[at.by](seen) if at.by else seen[0])

    def course(self, formula: Any, plan: Plan) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return every time at which an experiment was looked at, and a readout there.

        Raises
        ------
        MissingError
            If it failed.
        """
        times = self._found(plan).times
        return times, self._seen(formula, Need(plan, tuple(times.tolist())))

    def _found(self, plan: Plan) -> Course:
        found = self.courses[plan.key]
        if found.error:
            raise MissingError(found.error)
        return found

    def _seen(self, formula: Any, need: Need) -> Any:
        found = self._found(need.plan)
        places = np.searchsorted(found.times, need.times)
        courses = {name: values[places] for name, values in found.values.items()}
        value = self.binder.readouts.value(formula, courses)
        return np.broadcast_to(value, np.shape(places))

    def _time_to(self, check: schema.TimeTo, plan: Any) -> float:
        times = course(check.within)
        formula = check.time_to
        seen = _told(formula, self._seen(formula, Need(plan(check.of), times)))
        base = self._seen(formula, Need(plan(check.to), times)) if check.to else seen[:1]
        _reaching(check.floor, *seen, *_told(formula, base))
        relative = _divided(formula, seen, base)
        level = check.falls_to if check.falls_to is not None else check.rises_to
        assert level is not None
        sign = -1.0 if check.falls_to is not None else 1.0
        reached = np.flatnonzero(sign * (relative - level) >= 0)
        if not reached.size:
            return math.inf
        right = int(reached[0])
        if right == 0:
            return 0.0
        share = (level - relative[right - 1]) / (relative[right] - relative[right - 1])
        return float(times[right - 1] + share * (times[right] - times[right - 1]))


def correlated(check: schema.Correlation, columns: Sequence[Sequence[float]]) -> float:
    """Return what a correlation comes to; ``columns`` are its measures over the panel, in turn."""
    first, *others = (
        float(stats.spearmanr(*columns[place : place + 2]).statistic)
        for place in range(0, len(columns), 2)
    )
    return abs(first) if check.absolute else first - sum(others)


def _within(check: Any, label: str, value: float, logarithmic: bool, unit: str = "") -> Outcome:
    """Return what a check comes to that expects a number within bounds."""
    margin = check.expect.margin(value, logarithmic=logarithmic)
    expected = f"{check.expect}{unit}"
    return Outcome(check, label, value, expected, margin, "", check.expect, logarithmic)


def _by_then(check: schema.TimeTo, label: str, value: float) -> Outcome:
    """Return what a time comes to; of one that never came it is known that it is later."""
    found = _within(check, label, value, True, " s")
    if math.isinf(value) and math.isinf(check.expect.high):
        margin = check.expect.margin(check.within, logarithmic=True)
        return replace(found, margin=margin)
    return found


def _along(check: schema.Monotone, label: str, numbers: Sequence[float]) -> Outcome:
    """Judge every step of a series, and the way from its first number to its last."""
    steps = _steps(check, label, numbers, -check.slack)
    way = _steps(check, label, (numbers[0], numbers[-1]), math.log(check.by))
    return min(way, steps, key=lambda outcome: outcome.margin)


def _steps(
    check: schema.Order | schema.Monotone, label: str, numbers: Sequence[float], least: float
) -> Outcome:
    """Judge the smallest step between neighbours in the expected direction.

    Steps are ratios. Where a number is negative, as net growth may be, they are differences, in
    shares of the largest number.

    Raises
    ------
    MissingError
        If no number reaches the floor.
    """
    _reaching(check.floor, *numbers)
    signed = min(numbers) < 0
    size = max(map(abs, numbers))
    steps = []
    for before, after in pairwise(numbers):
        low, high = (before, after) if check.expect == "rising" else (after, before)
        steps.append((high - low) / size if signed else _ratio(high, low))
    smallest = min(steps)
    bounds = Bounds(low=math.expm1(least) if signed else math.exp(least))
    if math.isnan(smallest):
        margin = -math.inf
    elif signed:
        margin = smallest - bounds.low
    else:
        margin = math.log(max(smallest, 1e-12)) - least
    expected = f"{check.expect} by {math.exp(least):g}" if least > 0 else str(check.expect)
    return Outcome(check, label, smallest, expected, margin, "", bounds, not signed)


def _reaching(floor: float, *levels: float) -> None:
    """Refuse levels of which none reaches the floor: how they compare says nothing."""
    if max(map(abs, levels)) < floor:
        raise MissingError(
            f"What is compared is nothing in both: at most {max(map(abs, levels)):.2g}, below the "
            f"floor of {floor:g}."
        )


def _told(formula: Any, value: Any) -> Any:
    """Return a value, and refuse one that is no number: bounds would say nothing of it."""
    if not np.all(np.isfinite(value)):
        raise MissingError(
            f"{_named(formula)} is no number here: something is divided by nothing or too large."
        )
    return value


def _divided(formula: Any, value: Any, base: Any) -> Any:
    """Return a ratio, and refuse one to nothing, which no bounds can be set to."""
    if not np.all(base):
        raise MissingError(
            f"{_named(formula)} is nothing in what it is compared with, so there is no ratio."
        )
    return _told(formula, value / base)


def _named(formula: Any) -> str:
    """Return the text of a formula, as much of it as a message can hold."""
    text = str(formula.text)
    return repr(text if len(text) <= 60 else f"{text[:60]}...")


def _ratio(high: float, low: float) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.divide(high, low)) if low or high else 1.0
