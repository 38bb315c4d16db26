"""From targets to experiments: each is seen in two of them, or twice in one.

Cells rest in their medium, are starved where it says so, and get drug and stimulus; constants of a
drug hold from its dose on. Experiments that are the same are one, whoever asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ...models.perturbations import conditions
from ...models.perturbations.compounds import CompoundError
from ...models.perturbations.conditions import ConditionError
from ...simulation.experiments import from_text
from ...simulation.experiments.experiments import Experiment, ExperimentError, Seconds
from ...simulation.experiments.from_text import ProtocolError
from ...simulation.periods import Preparation, SimulationError, unitless
from ...simulation.sbml.model import SbmlModel, UnknownNameError
from ..claims.arithmetic import Formula
from ..claims.planning import BATH
from ..claims.plans import Plan
from . import factors as of_lines
from . import tables
from .factors import Factors
from .names import Names
from .tables import TargetError
from .targets import Target

_HOUR: Final = 3600.0
_WRONG: Final = (
    *(ProtocolError, ConditionError, CompoundError, ExperimentError),
    *(SimulationError, UnknownNameError),
)


@dataclass(frozen=True)
class Look:
    """Where a number is read: in which experiment, and when (s)."""

    experiment: str
    time: float


@dataclass(frozen=True)
class Comparison:
    """A target and the two numbers whose ratio predicts it.

    Attributes
    ----------
    target : Target
        What was measured.
    formula : Formula
        The readout, over outputs of the model.
    above, below : Look
        The treated cells and their reference.
    drug_class : str
        Of the drugs, ``none`` without any.
    """

    target: Target
    formula: Formula
    above: Look
    below: Look
    drug_class: str


@dataclass
class Comparisons:
    """Targets held against a model, and the experiments that they need.

    Attributes
    ----------
    names : Names
        What words are in the model.
    comparisons : list of Comparison
        In the order of the targets.
    plans : dict
        What is done, by the names of :class:`Look`.
    times : dict
        When each is looked at (s).
    """

    names: Names
    comparisons: list[Comparison] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    times: dict[str, set[float]] = field(default_factory=dict)

    @property
    def experiments(self) -> dict[str, Experiment]:
        """Each experiment by name; those that come to rest alike are neighbours."""
        ordered = sorted(self.plans.items(), key=lambda item: (item[1].rest_key, item[0]))
        return {key: _timed(plan.experiment(self.times[key])) for key, plan in ordered}

    def look(self, plan: Plan, time: float) -> Look:
        """Note that a plan is looked at at a time."""
        self.plans.setdefault(plan.key, plan)
        self.times.setdefault(plan.key, set()).add(time)
        return Look(plan.key, time)


def compare(
    targets: Sequence[Target],
    model: SbmlModel,
    base: Mapping[str, float] | None = None,
    factors: Factors | None = None,
) -> Comparisons:
    """Hold targets against a model.

    Parameters
    ----------
    targets : sequence of Target
        What was measured.
    model : SbmlModel
        The model.
    base : mapping, optional
        A parameter set, in the model's units; conditions' multiples are of these.
    factors : mapping, optional
        By cell line and parameter, how many times the reference cell's amount it has; what
        conditions say of the line comes on top. A line without shares its experiments with others
        of the same genotype.

    Raises
    ------
    TargetError
        If the model has not what targets name; the message lists them with their places.
    """
    found = Comparisons(Names(model))
    planner = _Planner(found.names, base or {}, factors or {})
    faults: dict[str, str] = {}  # each once, where it is first met
    for target in targets:
        try:
            above, below = planner.plans(target)
            compared = Comparison(
                target,
                found.names.readout(target.readout),
                found.look(*above),
                found.look(*below),
                found.names.drug_class(target.drug),
            )
        except TargetError as error:
            faults.setdefault(str(error), target.where or target.treatment)
        else:
            found.comparisons.append(compared)
    tables.refuse([f"{where}: {text}" for text, where in faults.items()])
    return found


def _timed(experiment: Experiment) -> Experiment:
    """Return an experiment whose times are seconds, whatever unit a model counts time in."""
    periods = [replace(each, start=Seconds(each.start)) for each in experiment.periods]
    return Experiment(experiment.name, periods, [Seconds(time) for time in experiment.times])


_Placed = tuple[Plan, float]


class _Planner:
    """Writes the experiments of targets, and refuses those that a model cannot undergo."""

    def __init__(self, names: Names, base: Mapping[str, float], factors: Factors) -> None:
        self._names, self._base, self._factors = names, dict(base), factors
        self._own, _ = names.model.initial({})
        self._preparation = Preparation(names.model)
        bath = conditions.table()[BATH].values
        self._bath = (BATH,) if set(bath) <= set(names.model.parameters) else ()
        self._counted = unitless(names.model)
        self._checked: set[str] = set()

    def plans(self, target: Target) -> tuple[_Placed, _Placed]:
        """Return the treated cells and the reference, each with when to look (s)."""
        start = max(self._names.medium(target.medium).hours, target.lead_h) * _HOUR
        when = start + target.time_h * _HOUR
        treated = self._plan(target, start)
        if target.reference == "vehicle":
            other = self._plan(target, start, drug="")
        else:
            other = self._plan(target, start, stimulus="")
        return (treated, when), (other, start if target.reference == "before" else when)

    def _plan(
        self, target: Target, start: float, *, drug: str | None = None, stimulus: str | None = None
    ) -> Plan:
        medium = self._names.medium(target.medium)
        drugs = self._names.drug(target.drug if drug is None else drug)
        stimuli = self._names.stimulus(target.stimulus if stimulus is None else stimulus)
        starved = start - medium.hours * _HOUR
        dosed = start - target.lead_h * _HOUR
        words = from_text.Words(
            conditions=(
                *self._names.line(target.line),
                *medium.conditions,
                *self._bath,
                *_at(medium.starved, starved),
                *_at(drugs.conditions, dosed),
                *_at(stimuli.conditions, start),
            ),
            settings=(
                *medium.settings,
                *_at(drugs.settings, dosed),
                *_at(stimuli.settings, start),
            ),
            doses=tuple(_at(drugs.doses, dosed)),
            equilibrated=True,
        )
        plan = Plan(words, base=self._base, counted=self._counted)
        own = of_lines.of_line(self._factors, target.line)
        if own:
            plan = replace(plan, line=target.line, factors=own, base=self._varied(own, target.line))
        if plan.key not in self._checked:
            self._check(plan, start)
            self._checked.add(plan.key)
        return plan

    def _varied(self, factors: Mapping[str, float], line: str) -> dict[str, float]:
        """Return the parameter set with what the model says of amounts that vary."""
        for name in factors:
            if name not in self._own:
                raise TargetError(
                    f"model {self._names.model.id!r} has no parameter {name!r}, of which {line!r} "
                    "has a factor."
                )
        return {name: self._own[name] for name in factors} | self._base

    def _check(self, plan: Plan, time: float) -> None:
        try:
            for period in plan.experiment([time]).periods:
                self._preparation.started(period, {})
                for dose in period.doses:
                    self._names.model.species_of(dose.species)
        except _WRONG as error:
            raise TargetError(str(error)) from None


def _at(words: Sequence[str], seconds: float) -> Iterator[str]:
    return (f"{word} @ {seconds:.6f} s" for word in words)
