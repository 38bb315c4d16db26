"""Claims held against a model: which experiments are to be run, and what is recorded.

Experiments that do the same are run once, however many claims ask for them.
"""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final

import numpy as np

from ...models.perturbations import compounds, conditions
from ...network.rules import patterns
from ...network.units.quantities import QuantityError
from ...simulation.experiments import from_text
from ...simulation.experiments.experiments import ExperimentError
from ...simulation.periods import Preparation, SimulationError
from ...simulation.sbml.model import SbmlError, SbmlModel, UnknownNameError
from . import schema
from .arithmetic import Formula
from .planning import Planner
from .plans import Need, Plan, course, moments
from .reading import Claims, ClaimsError, listed
from .readouts import Readouts
from .schema import Claim, Measure, VirtualPanel

FAULTS: Final = (
    UnknownNameError,
    ExperimentError,
    QuantityError,
    conditions.ConditionError,
    compounds.CompoundError,
    from_text.ProtocolError,
    SbmlError,
    SimulationError,
)
"""What is raised where a claim names or writes something wrong."""


@dataclass
class Bound:
    """Claims that fit a model.

    Attributes
    ----------
    plans : dict
        Plan by key.
    times : dict
        Times by key of the plan.
    outputs : tuple of str
        What is recorded.
    units : str
        In what it is recorded, see :class:`.simulator.Simulator`.
    """

    claims: Claims
    model: SbmlModel
    plans: dict[str, Plan]
    times: dict[str, set[float]]
    outputs: tuple[str, ...]
    binder: Binder = field(repr=False)
    units: str = "nM"


def bind(
    claims: Claims,
    model: SbmlModel,
    base: Mapping[str, float] | None = None,
    *,
    sound: bool = False,
) -> Bound:
    """Hold claims against a model.

    Parameters
    ----------
    claims : Claims
        What is claimed.
    model : SbmlModel
        What is asked.
    base : mapping, optional
        Values of the reference cell, where they are other than the model's.
    sound : bool
        Whether the same claims were held against the same model before, with other values; then no
        faults are looked for, which takes most of the time.

    Raises
    ------
    ClaimsError
        If claims name conditions, compounds, readouts or parameters that are not there; the message
        lists each with its line.
    """
    binder = Binder(claims, model, Planner(model, base))
    faults = [
        claims.fault(claim.id, path, error)
        for claim in ([] if sound else claims)
        for path, error in binder.faults(claim)
    ]
    if faults:
        raise ClaimsError(listed(faults))
    return hold(binder)


def hold(binder: Binder, units: str = "nM") -> Bound:
    """Collect what claims without faults need of a model; see :func:`bind`."""
    claims = binder.claims
    plans: dict[str, Plan] = {}
    times: dict[str, set[float]] = {}
    outputs: dict[str, None] = {}
    for claim in claims:
        for check in claim.checks:
            for need in binder.needs(claim, check):
                plans.setdefault(need.plan.key, need.plan)
                times.setdefault(need.plan.key, set()).update(need.times)
            for formula in readouts_of(check):
                outputs.update(dict.fromkeys(binder.readouts.observables(formula)))
    return Bound(claims, binder.model, plans, times, tuple(outputs), binder, units)


def measures_of(check: Any) -> tuple[Measure, ...]:
    """Return the measures that a check rests on."""
    match check:
        case schema.MeasureCheck():
            return (check,)
        case schema.Correlation():
            return tuple(chain.from_iterable(check.pairs))
        case schema.Share():
            return (check.share,)
        case schema.FormulaCheck():
            return tuple(check.where.values())
    return ()


def readouts_of(check: Any) -> tuple[Formula, ...]:
    """Return the readouts that a check rests on."""
    match check:
        case schema.Order():
            return (check.order,)
        case schema.Monotone():
            return (check.monotone,)
        case schema.TimeTo():
            return (check.time_to,)
    return tuple(measure.readout for measure in measures_of(check))


def experiments_of(check: Any) -> tuple[str, ...]:
    """Return the names of the experiments that a check looks at."""
    match check:
        case schema.Order():
            return (*check.of, *filter(None, [check.relative_to]))
        case schema.Monotone():
            return (check.of,)
        case schema.TimeTo():
            return tuple(filter(None, (check.of, check.to)))
    return tuple(chain.from_iterable(each.experiments for each in measures_of(check)))


class Binder:
    """Knows which experiments on a model the checks of claims need.

    Parameters
    ----------
    claims : Claims
        What is claimed.
    model : SbmlModel
        What is asked.
    planner, readouts : optional
        What knows its names: of experiments, and of what is read. By default they are ours.
    """

    def __init__(
        self, claims: Claims, model: SbmlModel, planner: Any = None, readouts: Any = None
    ) -> None:
        self.claims, self.model = claims, model
        self.planner = planner or Planner(model)
        self.readouts = readouts or Readouts(claims.readouts, model)
        self._plans: dict[tuple[str, str, str], Plan] = {}
        self._preparation = Preparation(model)

    def planned(
        self, claim: Claim, name: str, cell: Sequence[str], values: Mapping[str, float]
    ) -> Plan:
        """Return the plan of a claim's experiment in some cell, made once."""
        key = (claim.id, name, f"{tuple(cell)} {sorted(values.items())}")
        if key not in self._plans:
            self._plans[key] = self.planner.plan(self.planner.run(claim, name), cell, values)
        return self._plans[key]

    # -- panels -----------------------------------------------------------------------------------

    def cells(self, panel: str) -> dict[str, tuple[tuple[str, ...], dict[str, float]]]:
        """Return the cells of a panel: conditions and values of each, by label.

        Raises
        ------
        UnknownNameError
            If there is no such panel.
        """
        if not panel:
            return {"": ((), {})}
        if panel not in self.claims.panels:
            near = difflib.get_close_matches(panel, self.claims.panels, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UnknownNameError(f"there is no panel {panel!r}{hint}")
        found = self.claims.panels[panel]
        if not isinstance(found, VirtualPanel):
            return {label: (tuple(held), {}) for label, held in found.items()}
        names = sorted(
            {n for p in found.parameters for n in fnmatch.filter(self.model.settable, p)}
        )
        if not names:
            wanted = ", ".join(map(repr, found.parameters))
            raise UnknownNameError(f"the model has no parameter for {wanted} of panel {panel!r}")
        random = np.random.default_rng(found.seed)
        cells = {}
        for label, held in found.genotypes.items():
            given = self.planner.held(held)
            for draw in range(found.draws):
                # Two thirds of the draws lie within the spread.
                factors = found.spread ** random.standard_normal(len(names))
                values = {
                    name: float(given.get(name, self.planner.own(name) or 0.0) * factor)
                    for name, factor in zip(names, factors, strict=True)
                }
                kept = {k: v for k, v in values.items() if k not in given}
                cells[f"{label} #{draw + 1}"] = (tuple(held), kept)
        return cells

    # -- what a check needs -----------------------------------------------------------------------

    def needs(self, claim: Claim, check: Any) -> Iterator[Need]:
        """Yield the experiments of a check with the times at which it looks at them."""
        for cell, values in self.cells(check.panel).values():
            yield from self.needed(claim, check, cell, values)

    def needed(
        self, claim: Claim, check: Any, cell: Sequence[str], values: Mapping[str, float]
    ) -> Iterator[Need]:
        """Yield the experiments of a check in one cell."""

        def plan(name: str) -> Plan:
            return self.planned(claim, name, cell, values)

        for measure in measures_of(check):
            yield from self.measured(claim, measure, cell, values).values()
        match check:
            case schema.Order():
                for name in experiments_of(check):
                    yield Need(plan(name), moments(check.at, plan(name)))
            case schema.Monotone():
                for member in self.planner.series(self.planner.run(claim, check.of)):
                    made = self.planner.plan(member, cell, values)
                    yield Need(made, moments(check.at, made))
            case schema.TimeTo():
                for name in experiments_of(check):
                    yield Need(plan(name), course(check.within))

    def measured(
        self,
        claim: Claim,
        measure: Measure,
        cell: Sequence[str] = (),
        values: Mapping[str, float] | None = None,
    ) -> dict[str, Need]:
        """Return what a measure needs: ``of``, and ``to`` and ``relative_to`` where it has them.

        ``relative`` and ``to_relative`` are the experiment that divides, at the times of each.
        """
        values = values or {}
        of = self.planned(claim, measure.of, cell, values)
        needs = {"of": Need(of, moments(measure.at, of))}
        to_at = measure.to_at or measure.at
        if measure.to or measure.to_at:
            to = self.planned(claim, measure.to or measure.of, cell, values)
            needs["to"] = Need(to, moments(to_at, to))
        if measure.relative_to:
            base = self.planned(claim, measure.relative_to, cell, values)
            needs["relative"] = Need(base, moments(measure.at, base))
            needs["to_relative"] = Need(base, moments(to_at, base))
        return needs

    def faults(self, claim: Claim) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Yield what in a claim does not fit the model, and where in the claim it stands."""
        bad: set[str] = set()
        for name in claim.experiments:
            try:
                run = self.planner.run(claim, name)
                self.planner.check(run)
                long = any(len(v) > 1 for v in (*run.set.values(), *run.doses.values()))
                for member in self.planner.series(run) if long else [run]:
                    given: dict[str, float] = {}
                    for period in self.planner.plan(member).experiment([0.0]).periods:
                        given = self._preparation.given(period, given)
                    if run.set:  # what follows from it has a value, too
                        self._preparation.begin(given)
            except FAULTS as error:
                bad.add(name)
                yield ("experiments", name), str(error).rstrip(".")
        for index, check in enumerate(claim.checks):
            path = ("checks", index)
            if isinstance(check, schema.Exists | schema.Absent):
                try:
                    patterns.read(schema.pattern_of(check))
                except patterns.PatternError as error:
                    yield path, str(error).rstrip(".")
            for formula in readouts_of(check):
                try:
                    self.readouts.observables(formula)
                except UnknownNameError as error:
                    yield path, str(error)
            try:
                cells = self.cells(check.panel).values()
                # Cells that are drawn at random round one genotype differ in numbers alone.
                for cell, values in {
                    tuple(cell): (cell, values) for cell, values in cells
                }.values():
                    for need in [] if bad else self.needed(claim, check, cell, values):
                        need.plan.experiment([0.0])
            except FAULTS as error:
                yield path, str(error).rstrip(".")
