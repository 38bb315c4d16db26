"""From the experiments of claims to plans for a model of others.

What holds for something at a time is made up in layers. First comes the dish: ``FED``, and over it
the environments that a claim names, of which a later one replaces an earlier. Then comes the cell:
genotypes, mutants and values that a claim sets. Then come compounds. A multiple is one of what the
layer below makes of it, and those of one layer multiply; a value replaces it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from ....models.perturbations import compounds, conditions
from ....network.units.quantities import QuantityError, fraction, nanomolar, plain, seconds
from ....simulation.experiments.experiments import ExperimentError
from ....simulation.sbml.model import SbmlModel
from ..planning import IC50, USUAL, Runs
from ..schema import Run
from .plans import Change, TranslatedPlan
from .reading import half_at
from .schema import FED, STEADY, Action, File, Made, Setting

_ALWAYS: Final = -math.inf
_MULTIPLE: Final = re.compile(r"x\s+(.+)")


class LackError(ValueError):
    """What a claim asks for and a mapping does not know how to make."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"{kind} {name}" if kind else name)
        self.kind, self.name = kind, name


@dataclass(frozen=True)
class _Layer:
    """What one thing that a claim names sets, from a time on."""

    name: str
    start: float
    settings: Mapping[str, Setting]
    dish: bool = False
    proxy: bool = False


@dataclass
class _Given:
    """A compound that is given, and perhaps taken away."""

    name: str
    action: Action
    half_at: float | None
    doses: list[tuple[float, float]] = field(default_factory=list)  # time, nM
    taken: list[tuple[float, float]] = field(default_factory=list)  # time, share

    @property
    def start(self) -> float:
        return min(time for time, _ in self.doses)

    def concentration(self, time: float) -> float:
        """Return what of it is there at a time: wash-outs act before doses of the same time."""
        steps = [(t, 0, share) for t, share in self.taken] + [(t, 1, nM) for t, nM in self.doses]
        there = 0.0
        for _, dose, amount in sorted(step for step in steps if step[0] <= time):
            there = there + amount if dose else there * (1 - amount)
        return there

    def layer(self, time: float) -> _Layer:
        """Return what it sets at a time."""
        there, action = self.concentration(time), self.action
        settings = dict(action.set)
        if action.inhibits:
            assert self.half_at is not None
            left = action.floor + (1 - action.floor) / (1 + there / self.half_at)
            settings |= dict.fromkeys(action.inhibits, Setting(left, multiple=True))
        if action.sets:
            settings[action.sets] = Setting(there * (action.per_nM or 1.0))
        return _Layer(self.name, self.start, settings)


class _Told(NamedTuple):
    """An experiment in terms of a model, and what of it the mapping lacks."""

    layers: list[_Layer]
    given: list[_Given]
    lacks: list[LackError]


class TranslatedPlanner(Runs):
    """Turns experiments as claims tell them into plans for a model of others.

    Parameters
    ----------
    model : SbmlModel
        What is asked.
    mapping : File
        What our names mean in it.
    """

    def __init__(self, model: SbmlModel, mapping: File) -> None:
        self.model, self.mapping = model, mapping
        unit = model.time_unit
        declared = float(unit.scale) if unit is not None else 1.0
        self.second = 1.0 / (mapping.time or declared)

    def lacks(self, run: Run, cell: Sequence[str] = ()) -> list[LackError]:
        """Return what an experiment needs and the mapping does not know how to make."""
        found = self._told(run, cell).lacks
        if not found:
            try:
                self.plan(run, cell)
            except LackError as error:
                return [error]
        return found

    def proxies(self, run: Run, cell: Sequence[str] = ()) -> Iterator[str]:
        """Yield what an experiment rests on that is only near to what a claim asks."""
        told = self._told(run, cell)
        yield from (layer.name for layer in told.layers if layer.proxy)
        yield from (given.name for given in told.given if given.action.proxy)

    def plan(
        self, run: Run, cell: Sequence[str] = (), values: Mapping[str, float] | None = None
    ) -> TranslatedPlan:
        """Return the plan of an experiment without series, in some cell.

        Raises
        ------
        LackError
            If the mapping does not know how to make it.
        """
        if values:
            raise LackError("", "cells that are drawn round our own parameters")
        told = self._told(run, cell)
        if told.lacks:
            raise told.lacks[0]
        begun = self._values(told, _ALWAYS)
        own = {id: self._own[id] for id in begun}
        now, changes = begun, []
        events = [t for each in told.given for t, _ in (*each.doses, *each.taken)]
        later = {*events, *(layer.start for layer in told.layers)} - {_ALWAYS}
        for start in sorted(later):
            values = self._values(told, start)
            changed = {id: value for id, value in values.items() if value != now[id]}
            self._check_still(changed, told)
            into = [each for each in told.given if each.action.adds_to]
            changes.append(
                Change(
                    start,
                    self._amounts(changed),
                    self._amounts(
                        {
                            each.action.adds_to: dose * (each.action.per_nM or 1.0)
                            for each in into
                            for time, dose in each.doses
                            if time == start
                        }
                    ),
                    tuple(
                        (each.action.adds_to, share)
                        for each in into
                        for time, share in each.taken
                        if time == start
                    ),
                )
            )
            now = values
        set_apart = {id: value for id, value in begun.items() if value != own[id]}
        until = self.mapping.rest.until
        rest = None if until == STEADY else float(until)
        return TranslatedPlan(self._amounts(set_apart), tuple(changes), rest, self.second)

    # -- what a claim names -----------------------------------------------------------------------

    def _told(self, run: Run, cell: Sequence[str]) -> _Told:
        series = [k for k, v in (*run.set.items(), *run.doses.items()) if len(v) > 1]
        if series:
            raise ExperimentError(f"{series[0]!r} has several levels; only 'monotone' takes those")
        told = _Told([], [], [])
        for written in dict.fromkeys((*run.conditions, *cell)):
            name, time = _timed(written)
            self._try(told, lambda n=name, t=time: told.layers.append(self._condition(n, t)))
        if not any(_environment(_timed(each)) for each in (*run.conditions, *cell)):
            # Cells of whose dish a claim says nothing are in the reference dish.
            self._try(told, lambda: told.layers.append(self._condition(FED, _ALWAYS)))
        for name, (value,) in run.set.items():
            self._try(told, lambda n=name, v=value: told.layers.append(self._setting(n, str(v))))
        for name, (dose,) in run.doses.items():
            self._try(told, lambda n=name, d=dose: told.given.append(self._dosed(n, str(d))))
        for word in run.washouts:
            self._wash(word, told.given)
        if run.bath == "finite":
            told.lacks.append(LackError("", "a medium that cells may drain"))
        return told

    @staticmethod
    def _try(told: _Told, add: Callable[[], None]) -> None:
        try:
            add()
        except LackError as error:
            told.lacks.append(error)

    def _condition(self, name: str, start: float) -> _Layer:
        try:
            ours = conditions.find(name)
        except conditions.ConditionError:
            ours = None
        known = name if ours is None or name in self.mapping.conditions else ours.name
        dish = ours is not None and ours.kind == "environment"
        made = self.mapping.conditions.get(known)
        if made is None and ours is not None:
            made = self._derived(ours)
        if made is None:
            raise LackError("condition" if ours is not None else "unknown condition", name)
        return _Layer(name, start, made.set, dish, bool(made.proxy))

    def _derived(self, ours: conditions.Condition) -> Made | None:
        """Return a condition that is nothing but multiples of parameters with counterparts."""
        settings: dict[str, Setting] = {}
        proxy = ""
        for parameter in ours.values:
            counterpart = self.mapping.parameters.get(parameter)
            fold, of = ours.folds.get(parameter, (0.0, ""))
            if counterpart is None or of != parameter:
                return None
            settings |= dict.fromkeys(counterpart.of, Setting(fold, multiple=True))
            proxy = proxy or counterpart.proxy
        return Made(set=settings, proxy=proxy) if settings else None

    def _setting(self, name: str, written: str) -> _Layer:
        value, start = _timed(written)
        counterpart = self.mapping.parameters.get(name)
        multiple = _MULTIPLE.fullmatch(value)
        if counterpart is None or multiple is None:
            raise LackError("parameter", name)
        settings = dict.fromkeys(counterpart.of, Setting(plain(multiple[1]), multiple=True))
        return _Layer(name, start, settings, proxy=bool(counterpart.proxy))

    def _dosed(self, name: str, written: str) -> _Given:
        compound = compounds.table().get(name)
        amount, start = _timed(written, otherwise=0.0)
        action = self.mapping.compounds.get(name)
        if action is None:
            raise LackError("compound" if compound is not None else "unknown compound", name)
        half = half_at(name, action)
        usual = compound.usual_dose if compound is not None else None
        multiple = _MULTIPLE.fullmatch(amount)
        if not (action.inhibits or action.sets or action.adds_to):
            if amount != USUAL:
                raise LackError("doses of", name)
            dose = 0.0
        elif amount == USUAL or multiple:
            if usual is None:
                raise QuantityError(f"no usual dose of {name!r} is known; write it like '20 nM'")
            dose = usual * (plain(multiple[1]) if multiple else 1.0)
        elif halves := IC50.fullmatch(amount):
            if half is None:
                raise LackError("IC50 of", name)
            dose = plain(halves[1]) * half
        else:
            dose = nanomolar(amount)
        return _Given(name, action, half, [(start, dose)])

    def _wash(self, word: str, given: Sequence[_Given]) -> None:
        """Note a wash-out of a compound; that of one that could not be given is lacking with it."""
        what, start = _timed(word, otherwise=0.0)
        name, _, share = (part.strip() for part in what.partition("="))
        for each in given:
            if each.name == name:
                each.taken.append((start, fraction(share) if share else 1.0))

    # -- what holds at a time ---------------------------------------------------------------------

    @cached_property
    def _own(self) -> dict[str, float]:
        """What the file says, by id; a species as formulas have it."""
        settable, state = self.model.initial({})
        return {id: self._symbol(id, value) for id, value in (settable | state).items()}

    @cached_property
    def _fed(self) -> Mapping[str, Setting]:
        """What the reference dish sets, of which multiples are; without one, the file's values."""
        fed = self.mapping.conditions.get(FED)
        return {} if fed is None else fed.set

    def _size(self, id: str) -> float:
        """Return by what a species as formulas have it is multiplied to be an amount."""
        species = self.model.species.get(id)
        if species is None or species.amounts:
            return 1.0
        return self.model.initial({})[0][species.compartment]

    def _symbol(self, id: str, amount: float) -> float:
        return amount / self._size(id) if id in self.model.species else amount

    def _amounts(self, values: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
        return tuple(sorted((id, value * self._size(id)) for id, value in values.items()))

    def _values(self, told: _Told, time: float) -> dict[str, float]:
        """Return the value at a time of all that an experiment sets at any time."""
        dish = [layer for layer in told.layers if layer.dish and layer.start <= time]
        cell = [layer for layer in told.layers if not layer.dish and layer.start <= time]
        given = [each.layer(time) for each in told.given if each.start <= time]
        ids = {id for layer in told.layers for id in layer.settings} | {*self._fed}
        for each in told.given:
            ids |= {*each.layer(each.start).settings}
        return {id: self._value(id, dish, cell, given) for id in sorted(ids)}

    def _value(
        self, id: str, dish: Sequence[_Layer], cell: Sequence[_Layer], given: Sequence[_Layer]
    ) -> float:
        value = self._own[id]
        if fed := self._fed.get(id):
            value = _applied(value, [(FED, fed)], id)
        renewed = max((layer.start for layer in dish if layer.name == FED), default=_ALWAYS)
        over = [
            layer
            for layer in dish
            if id in layer.settings and layer.name != FED and layer.start >= renewed
        ]
        last = max((layer.start for layer in over), default=_ALWAYS)
        for layers in ([layer for layer in over if layer.start == last], cell, given):
            value = _applied(
                value, [(a.name, a.settings[id]) for a in layers if id in a.settings], id
            )
        return value

    def _check_still(self, changed: Mapping[str, float], told: _Told) -> None:
        """Refuse multiples, after rest, of what moves by itself: nobody knows of what they are."""
        for id in changed:
            if id in self.model.species and id in self.model.varying:
                for layer in told.layers:
                    if (
                        layer.start > _ALWAYS
                        and id in layer.settings
                        and layer.settings[id].multiple
                    ):
                        raise LackError("after rest, condition", layer.name)


def _environment(timed: tuple[str, float]) -> bool:
    """Tell whether a condition says in which dish cells are from before rest on."""
    name, start = timed
    ours = conditions.table().get(name)
    return start == _ALWAYS and ours is not None and ours.kind == "environment"


def _timed(written: str, otherwise: float = _ALWAYS) -> tuple[str, float]:
    what, at, time = (part.strip() for part in written.partition("@"))
    return what, seconds(time) if at else otherwise


def _applied(value: float, settings: Sequence[tuple[str, Setting]], id: str) -> float:
    """Return what becomes of a value in one layer."""
    fixed = {setting.value: name for name, setting in settings if not setting.multiple}
    if len(fixed) > 1:
        raise LackError("", f"{' and '.join(fixed.values())} at once, which both set {id}")
    value = next(iter(fixed), value)
    for _, setting in settings:
        value *= setting.value if setting.multiple else 1.0
    return value
