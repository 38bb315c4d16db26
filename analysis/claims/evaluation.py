"""From courses to verdicts: what each check measures, whether it holds, and by how much.

The margin of a check is how far inside its bounds the measured number lies, as the logarithm of a
ratio for folds and levels and as a difference for differences, correlations and shares. It is
negative where the check fails; that of a claim is the least of its checks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import stats

from ...export.network import Network
from . import schema
from .binding import Bound, Need, Plan, course, moments
from .running import Course
from .schema import Claim, Measure, When
from .species import holds


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
    """

    check: Any
    cell: str
    value: float
    expected: str
    margin: float
    problem: str = ""

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


class _Missing(Exception):
    """An experiment failed."""


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
                    value = self._measure(claim, check, cell, values)
                    margin = check.expect.margin(value, logarithmic=check.difference is None)
                    return Outcome(check, label, value, str(check.expect), margin)
                case schema.FormulaCheck():
                    parts = {
                        name: self._measure(claim, measure, cell, values)
                        for name, measure in check.where.items()
                    }
                    value = float(check.formula(parts))
                    logarithmic = check.scale == "logarithmic"
                    margin = check.expect.margin(value, logarithmic=logarithmic)
                    return Outcome(check, label, value, str(check.expect), margin)
                case schema.Order():
                    numbers = [self._ordered(check, plan, name) for name in check.of]
                    value, margin = _steps(numbers, check.expect, math.log(check.by))
                    return Outcome(check, label, value, f"{check.expect} by {check.by:g}", margin)
                case schema.Monotone():
                    members = self.binder.series(self.binder.run(claim, check.of))
                    plans = [self.binder.plan(member, cell, values) for member in members]
                    numbers = [self._level(check.monotone, p, check.at) for p in plans]
                    value, margin = _steps(numbers, check.expect, -check.slack)
                    return Outcome(check, label, value, check.expect, margin)
                case schema.TimeTo():
                    value = self._time_to(check, plan)
                    margin = check.expect.margin(value, logarithmic=True)
                    return Outcome(check, label, value, f"{check.expect} s", margin)
                case schema.Exists() | schema.Absent():
                    return self._species(check, label)
        except _Missing as error:
            return Outcome(check, label, math.nan, "", -math.inf, str(error))
        raise AssertionError(check)

    def _over_panel(self, claim: Claim, check: schema.Correlation | schema.Share) -> Outcome:
        cells = self.binder.cells(check.panel).values()
        try:
            if isinstance(check, schema.Share):
                inside = [check.within.holds(self._measure(claim, check.share, *c)) for c in cells]
                value = float(np.mean(inside))
            else:
                columns = [
                    [self._measure(claim, measure, *c) for c in cells]
                    for measure in check.correlation
                ]
                value = float(stats.spearmanr(*columns).statistic)
                value = abs(value) if check.absolute else value
        except _Missing as error:
            return Outcome(check, check.panel, math.nan, "", -math.inf, str(error))
        margin = check.expect.margin(value, logarithmic=False)
        return Outcome(check, check.panel, value, str(check.expect), margin)

    def _species(self, check: schema.Exists | schema.Absent, label: str) -> Outcome:
        if self.network is None:
            return Outcome(check, label, math.nan, "", -math.inf, "There is no network to look at.")
        pattern = check.exists if isinstance(check, schema.Exists) else check.absent
        count = sum(holds(pattern, species.pattern) for species in self.network.species)
        there = isinstance(check, schema.Exists)
        margin = 1.0 if (count > 0) == there else -1.0
        return Outcome(check, label, float(count), ">= 1" if there else "<= 0", margin)

    # -- numbers ----------------------------------------------------------------------------------

    def _measure(
        self, claim: Claim, measure: Measure, cell: Sequence[str], values: Mapping[str, float]
    ) -> float:
        needs = self.binder.measured(claim, measure, cell, values)
        base = needs.get("relative")
        of = self._level(measure.readout, needs["of"].plan, measure.at, base and base.plan)
        if "to" not in needs:
            return of
        to_at = measure.to_at or measure.at
        base = needs.get("to_relative")
        to = self._level(measure.readout, needs["to"].plan, to_at, base and base.plan)
        if measure.difference is not None:
            return of - to
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.divide(of, to))

    def _ordered(self, check: schema.Order, plan: Any, name: str) -> float:
        base = plan(check.relative_to) if check.relative_to else None
        return self._level(check.order, plan(name), check.at, base)

    def _level(self, formula: Any, plan: Plan, at: When, base: Plan | None = None) -> float:
        """Return a readout at a moment, divided by that of ``base`` at the same times."""
        seen = self._seen(formula, Need(plan, moments(at, plan)))
        if base is not None:
            other = self._seen(formula, Need(base, moments(at, base)))
            with np.errstate(divide="ignore", invalid="ignore"):
                seen = seen / other
        by = {"min": np.min, "max": np.max, "mean": np.mean}
        return float(by[at.by](seen) if at.by else seen[0])

    def _seen(self, formula: Any, need: Need) -> Any:
        found = self.courses[need.plan.key]
        if found.error:
            raise _Missing(found.error)
        places = np.searchsorted(found.times, need.times)
        courses = {name: values[places] for name, values in found.values.items()}
        value = self.binder.readout(formula, courses)
        return np.broadcast_to(value, np.shape(places))

    def _time_to(self, check: schema.TimeTo, plan: Any) -> float:
        times = course(check.within)
        seen = self._seen(check.time_to, Need(plan(check.of), times))
        base = self._seen(check.time_to, Need(plan(check.to), times)) if check.to else seen[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = seen / base
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


def _steps(numbers: Sequence[float], expect: str, least: float) -> tuple[float, float]:
    """Return the smallest step between neighbours in the expected direction, and its margin.

    Steps are ratios. Where a number is negative, as net growth may be, they are differences.
    """
    steps = []
    for before, after in pairwise(numbers):
        low, high = (before, after) if expect == "rising" else (after, before)
        steps.append((high - low) if min(numbers) < 0 else _ratio(high, low))
    smallest = min(steps)
    if math.isnan(smallest):
        return smallest, -math.inf
    if min(numbers) < 0:
        return smallest, smallest - max(least, 0.0)
    return smallest, math.log(max(smallest, 1e-12)) - least


def _ratio(high: float, low: float) -> float:
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.divide(high, low)) if low or high else 1.0
