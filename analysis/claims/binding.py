"""Claims held against a model: which experiments are to be run, and what is recorded.

Experiments that do the same are run once, however many claims ask for them.
"""

from __future__ import annotations

import difflib
import fnmatch
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from ...models.perturbations import compounds, conditions
from ...network.units.quantities import QuantityError
from ...simulation.experiments import from_text
from ...simulation.experiments.experiments import Experiment, ExperimentError
from ...simulation.sbml.model import SbmlModel, UnknownNameError
from . import schema
from .arithmetic import Formula
from .reading import Claims, ClaimsError, Fault
from .schema import Claim, Measure, Run, VirtualPanel, When

BATH: Final = "boundless_medium"
USUAL: Final = "usual"
"""The dose at which cells are usually treated with a compound."""
# A dose as a multiple of the concentration that halves the target's activity in cells.
_IC50: Final = re.compile(r"([\d.]+)\s*IC50")
# How finely a window, and the way to a threshold, are looked at.
_IN_WINDOW: Final = 25
_TO_LEVEL: Final = 120


@dataclass(frozen=True)
class Plan:
    """One experiment that is to be run; :attr:`key` tells whether two are the same."""

    words: from_text.Words
    values: Mapping[str, float] = field(default_factory=dict)  # of virtual cells
    base: Mapping[str, float] = field(default_factory=dict)  # of the reference cell

    @cached_property
    def key(self) -> str:
        """A digest of all that is done, on whatever reference cell."""
        told = json.dumps([_plain(self.words), dict(sorted(self.values.items()))])
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    @property
    def rest_key(self) -> str:
        """The same for cells that come to rest alike."""
        begun = [text for text in (*self.words.conditions, *self.words.settings) if "@" not in text]
        told = json.dumps([sorted(begun), dict(sorted(self.values.items()))])
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    @property
    def timed(self) -> bool:
        """Whether anything happens after rest."""
        words = self.words
        later = [t for t in (*words.conditions, *words.settings) if "@" in t]
        return bool(words.doses or words.washouts or later)

    def experiment(self, times: Iterable[float]) -> Experiment:
        """Return the experiment, looked at at some times."""
        made = [f"{name}={value!r}" for name, value in self.values.items()]
        words = from_text.Words(
            self.words.doses,
            self.words.washouts,
            (*self.words.settings, *made),
            self.words.conditions,
            equilibrated=True,
        )
        return from_text.experiment(words, sorted(times), name=self.key, base=self.base)


def _plain(words: from_text.Words) -> list[list[str]]:
    parts = (words.doses, words.washouts, words.settings, words.conditions)
    return [sorted(part) for part in parts]


@dataclass(frozen=True)
class Need:
    """An experiment and the times at which a check looks at it."""

    plan: Plan
    times: tuple[float, ...]


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
    """

    claims: Claims
    model: SbmlModel
    plans: dict[str, Plan]
    times: dict[str, set[float]]
    outputs: tuple[str, ...]
    binder: Binder = field(repr=False)


def bind(claims: Claims, model: SbmlModel, base: Mapping[str, float] | None = None) -> Bound:
    """Hold claims against a model.

    Parameters
    ----------
    claims : Claims
        What is claimed.
    model : SbmlModel
        What is asked.
    base : mapping, optional
        Values of the reference cell, where they are other than the model's.

    Raises
    ------
    ClaimsError
        If claims name conditions, compounds, readouts or parameters that are not there; the message
        lists each with its line.
    """
    binder = Binder(claims, model, base)
    plans: dict[str, Plan] = {}
    times: dict[str, set[float]] = {}
    outputs: dict[str, None] = {}
    faults: list[Fault] = []
    for claim in claims:
        for path, error in binder.faults(claim):
            faults.append(claims.fault(claim.id, path, error))
    if faults:
        faults.sort(key=lambda fault: (fault.file, fault.line))
        raise ClaimsError("\n".join(map(str, faults)))
    for claim in claims:
        for check in claim.checks:
            for need in binder.needs(claim, check):
                plans.setdefault(need.plan.key, need.plan)
                times.setdefault(need.plan.key, set()).update(need.times)
            for formula in readouts_of(check):
                outputs.update(dict.fromkeys(binder.observables(formula)))
    return Bound(claims, model, plans, times, tuple(outputs), binder)


def measures_of(check: Any) -> tuple[Measure, ...]:
    """Return the measures that a check rests on."""
    match check:
        case schema.MeasureCheck():
            return (check,)
        case schema.Correlation():
            return check.correlation
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


def moments(when: When, plan: Plan) -> tuple[float, ...]:
    """Return the times at which one must look for a moment."""
    if when.rest:
        return (np.inf,) if plan.timed else (0.0,)
    if when.end is None:
        return (when.start,)
    return tuple(np.linspace(when.start, when.end, _IN_WINDOW).tolist())


def course(within: float) -> tuple[float, ...]:
    """Return the times at which one looks for a threshold: dense early, and all along."""
    early = np.geomspace(within / 1e4, within, _TO_LEVEL // 2)
    late = np.linspace(0, within, _TO_LEVEL // 2)
    return tuple(np.unique(np.concatenate([early, late])).tolist())


class Binder:
    """Knows how names of claims become experiments on a model."""

    def __init__(
        self, claims: Claims, model: SbmlModel, base: Mapping[str, float] | None = None
    ) -> None:
        self.claims, self.model = claims, model
        self.base = dict(base or {})
        self._plans: dict[tuple[str, str, str], Plan] = {}
        self._has_bath = BATH in conditions.table() and set(conditions.table()[BATH].values) <= set(
            model.parameters
        )

    # -- readouts ---------------------------------------------------------------------------------

    def observables(self, formula: Formula) -> tuple[str, ...]:
        """Return the model's outputs that a formula rests on.

        Raises
        ------
        UnknownNameError
            If there is none of a name.
        """
        found: dict[str, None] = {}
        for name in sorted(formula.names):
            if name in self.claims.readouts:
                found.update(dict.fromkeys(self.observables(self.claims.readouts[name])))
                continue
            try:
                self.model.output(name)
            except UnknownNameError:
                known = [*self.claims.readouts, *self.model.outputs]
                near = difflib.get_close_matches(name, known, n=2)
                hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
                raise UnknownNameError(f"there is no readout {name!r}{hint}") from None
            found[name] = None
        return tuple(found)

    def readout(self, formula: Formula, courses: Mapping[str, Any]) -> Any:
        """Return a formula's value from courses of observables."""
        values = {
            name: self.readout(self.claims.readouts[name], courses)
            if name in self.claims.readouts
            else courses[name]
            for name in formula.names
        }
        return formula(values)

    # -- experiments ------------------------------------------------------------------------------

    def run(self, claim: Claim, name: str) -> Run:
        """Return an experiment with all that it adds to."""
        return self._merged(claim, name, ())

    def _merged(self, claim: Claim, name: str, above: tuple[str, ...]) -> Run:
        if name not in claim.experiments:
            near = difflib.get_close_matches(name, claim.experiments, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UnknownNameError(f"there is no experiment {name!r}{hint}")
        if name in above:
            raise ExperimentError(f"the experiments {', '.join(above)} are like each other")
        run = claim.experiments[name]
        if not run.like:
            return run
        base = self._merged(claim, run.like, (*above, name))
        return Run(
            conditions=(*base.conditions, *(c for c in run.conditions if c not in base.conditions)),
            set={**base.set, **run.set},
            doses={**base.doses, **run.doses},
            washouts=(*base.washouts, *run.washouts),
            bath=run.bath or base.bath,
        )

    def plan(
        self, run: Run, cell: Sequence[str] = (), values: Mapping[str, float] | None = None
    ) -> Plan:
        """Return the plan of an experiment without series, in some cell."""
        series = [k for k, v in (*run.set.items(), *run.doses.items()) if len(v) > 1]
        if series:
            raise ExperimentError(f"{series[0]!r} has several levels; only 'monotone' takes those")
        held = [c for c in (*run.conditions, *cell) if c]
        if run.bath != "finite" and self._has_bath:
            held.append(BATH)
        settings: dict[str, str] = {}
        doses: list[str] = []
        for name, (dose,) in run.doses.items():
            given, condition = self._dosed(name, str(dose))
            doses += given
            held += condition
        washouts = []
        for word in run.washouts:
            name, _, rest = word.partition("@")
            name, _, share = name.partition("=")
            what = f"{self._species(name.strip())}={share.strip() or '100 %'}"
            washouts.append(f"{what} @{rest}")
        plain = self._held(c for c in held if "@" not in c)
        for name, (value,) in run.set.items():
            settings[name] = self._setting(name, str(value), plain)
        words = from_text.Words(
            doses=tuple(doses),
            washouts=tuple(washouts),
            settings=tuple(settings.values()),
            conditions=tuple(dict.fromkeys(held)),
            equilibrated=True,
        )
        return Plan(words, dict(values or {}), self.base)

    def planned(
        self, claim: Claim, name: str, cell: Sequence[str], values: Mapping[str, float]
    ) -> Plan:
        """Return the plan of a claim's experiment in some cell, made once."""
        key = (claim.id, name, f"{tuple(cell)} {sorted(values.items())}")
        if key not in self._plans:
            self._plans[key] = self.plan(self.run(claim, name), cell, values)
        return self._plans[key]

    def series(self, run: Run) -> list[Run]:
        """Return the members of a series, in its order."""
        long = [
            (part, name, levels)
            for part in ("set", "doses")
            for name, levels in getattr(run, part).items()
            if len(levels) > 1
        ]
        if len(long) != 1:
            raise ExperimentError("a series needs one value, and only one, with several levels")
        part, name, levels = long[0]
        return [
            run.model_copy(update={part: {**getattr(run, part), name: (level,)}})
            for level in levels
        ]

    def _dosed(self, name: str, dose: str) -> tuple[list[str], list[str]]:
        """Return a dose in the model's words, and the condition that a compound brings along."""
        amount, at, time = (part.strip() for part in dose.partition("@"))
        when = f" @ {time}" if at else ""
        if name not in compounds.table():
            return [f"{self._species(name)}={amount}{when}"], []
        compound = compounds.table()[name]
        compound.check_target()
        if not compound.species:  # it sets an input of the network, from the time of the dose on
            if amount != USUAL:
                raise compounds.CompoundError(f"{name} takes no dose; write '{USUAL}'")
            return [], [f"{name} @ {time or '0 s'}"]
        if compound.usual_dose is not None and amount == USUAL:
            amount = f"{compound.usual_dose!r} nM"
        elif compound.usual_dose is not None and amount.startswith("x "):
            amount = f"{float(amount[2:]) * compound.usual_dose!r} nM"
        elif match := _IC50.fullmatch(amount):
            own = {id: self._own(id) or 0.0 for id in self.model.settable}
            amount = f"{float(match[1]) * compound.ic50(own)!r} nM"
        # Its constants matter from the dose on; before, cells rest as those without it do.
        return [f"{self._species(compound.species)}={amount}{when}"], [f"{name} @ {time or '0 s'}"]

    def _species(self, name: str) -> str:
        """Return the one species of the medium that a drug's or ligand's name stands for."""
        if name in compounds.table():
            name = compounds.table()[name].species
        for written in (f"{name}_medium", name, f"{name}@medium"):
            try:
                if len(self.model.species_of(written)) == 1:
                    return written
            except UnknownNameError:
                continue
        near = difflib.get_close_matches(name, [*compounds.table(), *self.model.sums], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnknownNameError(f"there is no compound or species {name!r}{hint}")

    def _setting(self, name: str, value: str, held: Mapping[str, float]) -> str:
        amount, at, time = value.partition("@")
        amount = amount.strip()
        entry = self.model.parameters.get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self.model.settable, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise UnknownNameError(f"there is no parameter {name!r}{hint}")
        if amount.startswith("x "):
            base = held.get(name, self._own(name))
            if base is None:
                raise QuantityError(f"{name!r} has no value of its own to be multiplied")
            amount = repr(float(amount[2:]) * base)
        return f"{name}={amount}" + (f" @ {time.strip()}" if at else "")

    def _held(self, names: Iterable[str]) -> dict[str, float]:
        return conditions.values(*names, base=self.base)

    def _own(self, name: str) -> float | None:
        """Return the value of a parameter in the reference cell."""
        return self.base.get(name, self.model.parameters[name].value)

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
        random = np.random.default_rng(found.seed)
        cells = {}
        for label, held in found.genotypes.items():
            given = self._held(held)
            for draw in range(found.draws):
                # Two thirds of the draws lie within the spread.
                factors = found.spread ** random.standard_normal(len(names))
                values = {
                    name: float(given.get(name, self._own(name) or 0.0) * factor)
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
                for name in (*check.of, *filter(None, [check.relative_to])):
                    yield Need(plan(name), moments(check.at, plan(name)))
            case schema.Monotone():
                for member in self.series(self.run(claim, check.of)):
                    made = self.plan(member, cell, values)
                    yield Need(made, moments(check.at, made))
            case schema.TimeTo():
                for name in filter(None, (check.of, check.to)):
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
        kinds = (
            UnknownNameError,
            ExperimentError,
            QuantityError,
            conditions.ConditionError,
            compounds.CompoundError,
            from_text.ProtocolError,
        )
        bad: set[str] = set()
        for name in claim.experiments:
            try:
                run = self.run(claim, name)
                for condition in run.conditions:
                    for parameter in conditions.values(condition.partition("@")[0].strip()):
                        if parameter not in self.model.parameters:
                            raise UnknownNameError(
                                f"the condition {condition!r} sets {parameter!r}, which the "
                                "model lacks"
                            )
                long = any(len(v) > 1 for v in (*run.set.values(), *run.doses.values()))
                for member in self.series(run) if long else [run]:
                    self.plan(member).experiment([0.0])
            except kinds as error:
                bad.add(name)
                yield ("experiments", name), str(error).rstrip(".")
        for index, check in enumerate(claim.checks):
            path = ("checks", index)
            for formula in readouts_of(check):
                try:
                    self.observables(formula)
                except UnknownNameError as error:
                    yield path, str(error)
            try:
                cells = self.cells(check.panel)
                if not bad:
                    cell, values = next(iter(cells.values()))
                    for _ in self.needed(claim, check, cell, values):
                        pass
            except kinds as error:
                yield path, str(error).rstrip(".")
