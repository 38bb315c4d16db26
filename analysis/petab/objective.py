"""What a problem comes to: simulations, and how likely measurements and parameters are."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Final

import numpy as np

from ...simulation.engines import Loaded, Tolerances
from ...simulation.engines.base import EngineError, Vector
from ...simulation.experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Experiment,
    Formula,
    InFile,
    Period,
)
from ...simulation.load import from_sbml
from ...simulation.periods import Preparation, SimulationError
from ...simulation.sbml.model import SbmlError, UnknownNameError
from ...simulation.simulator import Simulator
from ...simulation.steady_state import NoSteadyStateError
from . import densities, mathematics
from .problem import Observable, PetabError, Problem, Trial

_TOLERANCES: Final = Tolerances(1e-8)
_AS_IS: Final = Trial("")


@dataclass(frozen=True)
class Outcome:
    """What a problem comes to.

    Attributes
    ----------
    simulated, sigma, residuals, likelihoods : array of shape (measurements,)
        What each measurement should be, the scale of its noise, how far it is from what it should
        be in scales of its noise, and the logarithm of its likelihood.
    prior : float
        Logarithm of the prior density of the estimated parameters; 0 where none has a prior.
    """

    simulated: Vector
    sigma: Vector
    residuals: Vector
    likelihoods: Vector
    prior: float

    @property
    def likelihood(self) -> float:
        """Logarithm of the likelihood of all measurements."""
        return float(self.likelihoods.sum())

    @property
    def chi2(self) -> float:
        """Sum of the squares of residuals."""
        return float((self.residuals**2).sum())

    @property
    def objective(self) -> float:
        """What estimation makes small: the negative logarithm of likelihood and prior."""
        return -(self.likelihood + self.prior)


class Evaluator:
    """Simulates the experiments of a problem, any number of times.

    Parameters
    ----------
    problem : Problem
        The problem.
    loaded : Loaded, optional
        Its model, where it is loaded already.
    tolerances : Tolerances, optional
        How exactly to integrate.

    Raises
    ------
    PetabError
        If a formula names what there is not.
    SbmlError
        If the model cannot be simulated.
    """

    def __init__(
        self,
        problem: Problem,
        loaded: Loaded | None = None,
        *,
        tolerances: Tolerances | None = None,
    ) -> None:
        self.problem = problem
        if loaded is None or loaded.sbml != problem.sbml:
            loaded = from_sbml(problem.sbml)
        self.loaded = loaded
        self._observables = {each.id: each for each in problem.observables}
        self._members: dict[str, list[int]] = {}
        for place, each in enumerate(problem.measurements):
            self._members.setdefault(each.trial, []).append(place)
        self._simulator = Simulator(
            self.loaded,
            self._recorded,
            tolerances=tolerances or _TOLERANCES,
            units="file",
        )

    def __call__(self, values: Mapping[str, float] | None = None) -> Outcome:
        """Return what the problem comes to with the values of its table, or with others.

        Parameters
        ----------
        values : mapping, optional
            Value by id, instead of those of the table.

        Raises
        ------
        PetabError
            If an experiment cannot be simulated; the message names it.
        """
        table = {each.id: each.value for each in self.problem.parameters} | dict(values or {})
        count = len(self.problem.measurements)
        simulated, sigma = np.empty(count), np.empty(count)
        trials = {each.id: each for each in self.problem.trials}
        for id, members in self._members.items():
            course = self._course(trials.get(id, _AS_IS), members, table)
            for observable, places, scope in self._scopes(members, course, table):
                simulated[places] = mathematics.function(observable.formula)(scope)
                scope = {**scope, observable.id: simulated[places]}
                sigma[places] = mathematics.function(observable.noise)(scope)
        return self._judged(simulated, sigma, table)

    def _judged(self, simulated: Vector, sigma: Vector, table: Mapping[str, float]) -> Outcome:
        measured = np.array([each.value for each in self.problem.measurements])
        far, likely = np.empty(len(measured)), np.empty(len(measured))
        ids = np.array([each.observable for each in self.problem.measurements])
        for id, each in self._observables.items():
            those = ids == id
            given = (measured[those], simulated[those], sigma[those], each.scale)
            far[those] = densities.residuals(*given)
            likely[those] = densities.likelihoods(*given, each.distribution)
        estimated = self.problem.estimated
        prior = 0.0
        if any(each.prior is not None for each in estimated):
            prior = sum(densities.prior(each, table[each.id]) for each in estimated)
        return Outcome(simulated, sigma, far, likely, prior)

    # -- simulating -------------------------------------------------------------------------------

    @cached_property
    def _recorded(self) -> list[str]:
        """What of the model the observables need."""
        model = self.loaded.model
        parameters = {each.id for each in self.problem.parameters}
        symbols = model.species.keys() | model.parameters.keys()
        others = {id: each for id, each in self._observables.items() if id not in symbols}
        found: dict[str, None] = {}
        for each in self._observables.values():
            _check_alone(each, others)
            inner = {*each.placeholders, *each.noise_placeholders, each.id}
            needed = mathematics.names(each.formula) | mathematics.names(each.noise)
            for name in sorted(needed - inner):
                if name in parameters and name not in model.parameters:
                    continue
                try:
                    if model.output(name) == name:
                        found[name] = None
                        continue
                except UnknownNameError:
                    pass
                raise PetabError(
                    f"Observable {each.id!r} names {name!r}, which is no symbol of the model and "
                    "no parameter of the problem."
                )
        # A simulator records something, and an observable may be a number.
        return list(found) or [next(iter(model.state_ids), next(iter(model.parameters), ""))]

    def _course(
        self, trial: Trial, members: Sequence[int], table: Mapping[str, float]
    ) -> tuple[Vector, dict[str, Vector]]:
        """Return times and what was recorded, in the rows of an experiment's measurements."""
        times = np.array([self.problem.measurements[place].time for place in members])
        looked, rows = np.unique(times, return_inverse=True)
        try:
            experiment = Experiment(
                trial.id or "as it is", tuple(self._periods(trial, table)), tuple(looked.tolist())
            )
            found = self._simulator.values(experiment)
        except (
            SimulationError,
            SbmlError,
            UnknownNameError,
            NoSteadyStateError,
            EngineError,
            ValueError,
        ) as error:
            text = str(error).removeprefix(f"Experiment {trial.id!r}: ")
            raise PetabError(f"Experiment {trial.id or 'as it is'!r}: {text}") from error
        recorded = dict(zip(self._simulator.observables, found[rows].T, strict=True))
        return times, recorded

    def _periods(self, trial: Trial, table: Mapping[str, float]) -> Iterator[Period]:
        model = self.loaded.model
        own = {
            id: InFile(value)
            for id, value in table.items()
            if id in model.parameters or id in model.species
        }
        if not trial.stages:
            yield Period(0.0, (Condition("table", own),))
        for number, stage in enumerate(trial.stages):
            values: dict[str, float | str | Formula] = (
                dict(own) if not number else self._kept(stage.changes)
            )
            for target, text in stage.changes.items():
                values[target] = self._value(text, table, stage.time, first=not number)
            start = EQUILIBRATION if stage.time == -math.inf else stage.time
            period = Period(start, (Condition(trial.id, values),))
            yield period if number else self._begun(period, own)

    def _begun(self, period: Period, own: Mapping[str, float]) -> Period:
        """Return the first period with numbers for formulas, of the model as the table has it."""
        if not any(isinstance(value, Formula) for value in period.values.values()):
            return period
        preparation = Preparation(self.loaded.model)
        table = Period(0.0, (Condition("table", own),))
        values, state = preparation.begin(preparation.started(table, {}))
        return preparation.computed(period, values, state, 0.0)

    def _kept(self, changes: Collection[str]) -> dict[str, float | str | Formula]:
        """Return what stays as it is where a later stage changes what it rests on.

        Initial assignments hold once, at the start of all, but for version 1; and a compartment
        changes its size under concentrations, not under amounts.
        """
        model = self.loaded.model
        following: set[str] = set()
        if not self.problem.renewed:
            following = {id for target in changes for id in model.followers(target)}
        dissolved = {
            id
            for id, species in model.species.items()
            if species.compartment in changes and not species.amounts and id in model.state_ids
        }
        kept = (following & {*model.settable}) | dissolved
        return {id: Formula(id, itemgetter(id), frozenset({id})) for id in sorted(kept)}

    def _value(
        self, text: str, table: Mapping[str, float], time: float, *, first: bool
    ) -> float | Formula:
        """Return what a target is set to: a number, or what computes it from what holds then."""
        needed, compute = mathematics.names(text), mathematics.function(text)
        inner = {name for name in needed if name in self.loaded.model.parameters}
        outer = {name: table[name] for name in needed if name in table}
        if needed <= outer.keys() and (first or not inner):
            return InFile(compute({**outer, "time": 0.0 if math.isinf(time) else time}))
        left = frozenset(needed - (outer.keys() - inner))

        def computed(scope: Mapping[str, float]) -> float:
            return float(compute({**outer, **scope}))

        return Formula(text, computed, left)

    # -- observing --------------------------------------------------------------------------------

    def _scopes(
        self,
        members: Sequence[int],
        course: tuple[Vector, dict[str, Vector]],
        table: Mapping[str, float],
    ) -> Iterator[tuple[Observable, list[int], dict[str, Vector | float]]]:
        """Yield each observable of an experiment with its measurements and the values in them."""
        times, recorded = course
        rows: dict[str, list[int]] = {}
        for row, place in enumerate(members):
            rows.setdefault(self.problem.measurements[place].observable, []).append(row)
        for id, those in rows.items():
            observable = self._observables[id]
            here = [self.problem.measurements[members[row]] for row in those]
            scope: dict[str, Vector | float] = {
                **table,
                **{name: values[those] for name, values in recorded.items()},
                "time": times[those],
            }
            for place, name in enumerate(observable.placeholders):
                scope[name] = _overrides([each.parameters for each in here], place, scope)
            for place, name in enumerate(observable.noise_placeholders):
                scope[name] = _overrides([each.noise for each in here], place, scope)
            yield observable, [members[row] for row in those], scope


def _overrides(
    given: Sequence[tuple[str, ...]], place: int, scope: Mapping[str, Vector | float]
) -> Vector:
    """Return what measurements put in the place of a placeholder."""
    found = np.empty(len(given))
    for row, texts in enumerate(given):
        if place >= len(texts):
            raise PetabError("A measurement gives fewer parameters than its observable needs.")
        value = mathematics.function(texts[place])(scope)
        found[row] = value[row] if np.ndim(value) else value
    return found


def objective(problem: Problem, values: Mapping[str, float] | None = None) -> Outcome:
    """Return what a problem comes to; as :class:`Evaluator`, once."""
    return Evaluator(problem)(values)


def _check_alone(observable: Observable, others: Mapping[str, Observable]) -> None:
    """Refuse formulas of an observable that name one; for noise PEtab allows its own.

    What the placeholders of another would stand for is defined nowhere.
    """
    kinds = {
        "observableFormula": mathematics.names(observable.formula),
        "noiseFormula": mathematics.names(observable.noise) - {observable.id},
    }
    for kind, needed in kinds.items():
        for name in sorted(needed & others.keys()):
            if name == observable.id:
                raise PetabError(
                    f"Observable {name!r} names itself in its {kind}, where only a noiseFormula "
                    "may; write what of the model it is computed from."
                )
            raise PetabError(
                f"Observable {observable.id!r} names the observable {name!r} in its {kind}, which "
                f"PEtab does not allow; write out what {name!r} is: '({others[name].formula})'."
            )
