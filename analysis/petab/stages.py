"""From experiments to what PEtab sets when: formulas that stay true when parameters move.

What an experiment sets is a number today; where it is a multiple of a parameter that is to be
estimated, or follows from one, a formula says so. PEtab has no parameter that is both estimated and
set by an experiment, so such a one gets a second name: the estimated reference, which every
experiment that sets nothing else sets at its start.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import numpy as np

from ...models.perturbations import conditions
from ...models.perturbations.conditions import ConditionError
from ...simulation.engines import Loaded
from ...simulation.engines.base import Vector
from ...simulation.experiments.experiments import EQUILIBRATION, Experiment, Period
from ...simulation.periods import Preparation, SimulationError
from ...simulation.sbml.model import SbmlError, SbmlModel, UnknownNameError
from ...simulation.times import ModelTimes
from .problem import PetabError, Stage, Trial
from .trials import unused

REFERENCE: Final = "_reference"
"""What follows the name of a parameter where an experiment sets it and its value is estimated."""

_SIGNS: Final = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "^"}
_FUNCTIONS: Final = ("exp", "log", "abs", "min", "max")
# How near a multiple must come to the number that an experiment sets, to be meant by it.
_SAME: Final = 1e-9


@dataclass(frozen=True)
class _Step:
    """What a period sets, in the model's units.

    Of the state, ``placed`` holds what is set outright and otherwise NaN, and ``begun`` how it
    starts where everything begins.
    """

    period: Period
    told: Mapping[str, float]
    values: Mapping[str, float]
    placed: Vector
    begun: Vector | None = None


@dataclass
class Staging:
    """Turns experiments on one model into trials.

    Parameters
    ----------
    loaded : Loaded
        The model.
    free : collection of str
        Ids of the parameters that are to be estimated.
    formulas : bool
        Whether a target may be set to a formula; if not, it is set to a number, and what the number
        follows from must not be estimated: :attr:`tied` collects that.
    """

    loaded: Loaded
    free: Collection[str]
    formulas: bool = True
    tied: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._model = self.loaded.model
        self._preparation = Preparation(self._model)
        self._times = ModelTimes(self._model, own=not self._model.nanomolar)
        self._starts = {start.target: start for start in self._model.starts}
        self._held: Mapping[str, str] = {}

    @property
    def references(self) -> Mapping[str, str]:
        """Parameters that are estimated and set by experiments, each with its second name."""
        return self._held

    def trials(
        self,
        experiments: Mapping[str, Experiment],
        factors: Mapping[str, Mapping[str, float]] | None = None,
    ) -> list[Trial]:
        """Return experiments, by the ids that they are to have, as trials.

        Parameters
        ----------
        experiments : mapping
            What was done.
        factors : mapping, optional
            How many times the reference's amounts the cells of some have, by parameter.
        """
        touched: set[str] = set()
        for experiment in experiments.values():
            with _naming(experiment):
                touched |= {id for step in self._walk(experiment) for id in step.told}
        taken = set(symbols(self._model))
        self._held = {
            name: unused(f"{name}{REFERENCE}", taken) for name in sorted(touched & set(self.free))
        }
        found = []
        for id, experiment in experiments.items():
            with _naming(experiment):
                stages = tuple(self._stages(experiment, (factors or {}).get(id, {})))
            found.append(Trial(id, stages, experiment.name))
        return found

    def moment(self, time: float) -> float:
        """Return a time of an experiment as the model counts it."""
        return self._times.moment(time)

    # -- what is set, as numbers ------------------------------------------------------------------

    def _walk(self, experiment: Experiment) -> Iterator[_Step]:
        """Yield what each period sets, in the model's units."""
        given: dict[str, float] = {}
        values: dict[str, float] = {}
        nowhere = np.full(len(self._model.state_ids), math.nan)
        for number, period in enumerate(experiment.periods):
            if not number:
                given = self._preparation.started(period, {})
                values, begun = self._preparation.begin(given)
                told = {id: v for id, v in given.items() if id in self._model.settable}
                placed = nowhere.copy()
                for place, id in enumerate(self._model.state_ids):
                    if id in given and id not in told:
                        placed[place] = given[id]
                yield _Step(period, told, values, placed, begun)
                continue
            before = values
            given = self._preparation.given(period, given)
            values, _ = self._preparation.begin(given)
            own = self._preparation.given(period, {})
            told = {
                id: value
                for id, value in values.items()
                if id in own or (value != before[id] and id in self._model.used)
            }
            placed = self._preparation.placed(period, values, nowhere)
            yield _Step(period, told, values, placed)

    # -- what is set, as formulas -----------------------------------------------------------------

    def _stages(self, experiment: Experiment, factors: Mapping[str, float]) -> Iterator[Stage]:
        for step in self._walk(experiment):
            texts = self._texts(step, factors)
            if step.begun is not None:
                texts |= {name: of for name, of in self._held.items() if name not in texts}
            texts |= self._moved(step, texts)
            start = step.period.start
            time = -math.inf if start == EQUILIBRATION else self._times.moment(start)
            yield Stage(time, texts)

    def _texts(self, step: _Step, factors: Mapping[str, float]) -> dict[str, str]:
        """Return what parameters are set to; those that follow come after what they follow from."""
        folds = self._folds(step.period, factors)
        own = self._preparation.given(step.period, {})
        texts = {
            id: self._multiple(id, value, folds.get(id), later=step.begun is None)
            for id, value in step.told.items()
            if id in own
        }
        for start in self._model.starts:
            id = start.target
            if id in step.told and id not in own:
                texts[id] = self._following(id, texts, later=True) or repr(step.told[id])
        return texts

    def _multiple(
        self, id: str, value: float, fold: tuple[float, str] | None, *, later: bool
    ) -> str:
        """Return a value as a multiple of what is estimated, where it is meant as one."""
        if fold is None or fold[1] not in self.free or not fold[0]:
            return repr(value)
        times, of = fold
        if abs(times * self._own[of] - value) > _SAME * abs(value):
            return repr(value)
        if not self.formulas and (later or times != 1):
            self.tied.add(of)
            return repr(value)
        return self._symbol(of) if times == 1 else f"{times!r} * {self._symbol(of)}"

    def _folds(self, period: Period, factors: Mapping[str, float]) -> dict[str, tuple[float, str]]:
        """Return what the cells and conditions of a period set to multiples of the reference."""
        found = {name: (factor, name) for name, factor in factors.items()}
        for condition in period.conditions:
            for name in condition.name.split("+"):
                with suppress(ConditionError):
                    found |= {
                        id: (times * factors.get(of, 1.0), of)
                        for id, (times, of) in conditions.find(name).folds.items()
                    }
        return found

    def _moved(self, step: _Step, texts: Mapping[str, str]) -> dict[str, str]:
        """Return what parts of the state are set to."""
        count = len(self._model.state_ids)
        washed = replace(step.period, conditions=(), doses=())
        dosed = replace(step.period, conditions=(), washouts=())
        left = self._preparation.changed(washed, step.values, np.ones(count))
        added = self._preparation.changed(dosed, step.values, np.zeros(count))
        found: dict[str, str] = {}
        for place, id in enumerate(self._model.state_ids):
            given = not math.isnan(step.placed[place])
            share, more = float(left[place]), float(added[place])
            if not given and share == 1.0 and more == 0.0:
                continue
            size = self._size(id, step.values)
            if given:
                base = repr(float(step.placed[place]) / size)
            elif step.begun is None or not (self.formulas or step.period.start == EQUILIBRATION):
                base = id  # in version 1 as an event, which happens when everything has begun
            else:
                start = repr(float(step.begun[place]) / size)
                base = self._following(id, texts, later=False) or start
            found[id] = _treated(base, share, more / size)
        return found

    def _size(self, id: str, values: Mapping[str, float]) -> float:
        """Return what the amount of a part of the state is divided by to be what its symbol is."""
        species = self._model.species.get(id)
        if species is None or species.amounts:
            return 1.0
        size = values.get(species.compartment)
        if size is None:
            raise PetabError(
                f"{id!r} is set or given, and its compartment {species.compartment!r} changes its "
                "size with time; PEtab has no words for how much that is."
            )
        return size

    # -- what follows from what is estimated ------------------------------------------------------

    def _symbol(self, name: str) -> str:
        return self._held.get(name, name)

    def _following(self, id: str, texts: Mapping[str, str], *, later: bool) -> str | None:
        """Return the formula of a start value; None where nothing in it is estimated.

        While an experiment goes on, symbols of the model stand for what holds then.
        """
        start = self._starts.get(id)
        if start is None:
            return None
        roots = self._roots(id)
        if roots.isdisjoint(self.free):
            return None
        if not self.formulas:
            self.tied |= roots & set(self.free)
            return None
        return self._written(ast.parse(start.formula, mode="eval").body, texts, id, later)

    def _roots(self, id: str) -> set[str]:
        start = self._starts.get(id)
        if start is None:
            return {id}
        return {root for name in start.names for root in self._roots(name)}

    def _written(self, node: ast.expr, texts: Mapping[str, str], id: str, later: bool) -> str:
        def below(one: ast.expr) -> str:
            return self._written(one, texts, id, later)

        match node:
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                if name in texts:
                    return f"({texts[name]})"
                if name in self._starts:
                    inner = ast.parse(self._starts[name].formula, mode="eval").body
                    return below(inner)
                if later:
                    return name
                return self._symbol(name) if name in self.free else repr(self._own[name])
            case ast.Constant(value=value):
                return repr(float(value))  # pyright: ignore[reportArgumentType]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{below(operand)})"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SIGNS:
                return f"({below(left)} {_SIGNS[type(op)]} {below(right)})"
            case ast.Call(func=ast.Name(id=function), args=parts) if function in _FUNCTIONS:
                return f"{function}({', '.join(map(below, parts))})"
        raise PetabError(
            f"{id!r} starts at a formula of parameters that are to be estimated which PEtab cannot "
            "say; leave those out of what is estimated."
        )

    @cached_property
    def _own(self) -> Mapping[str, float]:
        values, state = self._preparation.begin({})
        return {**dict(zip(self._model.state_ids, state.tolist(), strict=True)), **values}


def symbols(model: SbmlModel) -> frozenset[str]:
    """Return the ids of a model, which nothing else in a problem may have."""
    return frozenset((*model.parameters, *model.species, *model.outputs, *model.fluxes))


@contextmanager
def _naming(experiment: Experiment) -> Iterator[None]:
    """Name the experiment that a model cannot undergo, or that PEtab cannot say."""
    try:
        yield
    except (SimulationError, UnknownNameError, SbmlError, PetabError) as error:
        raise PetabError(f"Experiment {experiment.name!r}: {error}") from error


def _treated(base: str, left: float, added: float) -> str:
    """Return a formula of what is left of something after a wash-out and a dose."""
    with suppress(ValueError):
        return repr(left * float(base) + added)
    kept = base if left == 1.0 else f"{left!r} * ({base})" if left else ""
    parts = [each for each in (kept, repr(added) if added else "") if each]
    return " + ".join(parts) or "0.0"
