"""What a period of an experiment does to a model: values, amounts, wash-outs and doses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final

import numpy as np

from ..models.numbers import decimals
from ..network.units.quantities import NANOMOLAR, QuantityError, Unit, convert, nanomolar, plain
from .engines.base import Vector
from .experiments.experiments import Condition, Dose, Formula, InFile, Period
from .sbml.model import SbmlModel, UnknownNameError

# For how many sets of values start values are kept: neighbours in a sweep differ in doses alone.
_BEGUN: Final = 16


class SimulationError(ValueError):
    """An experiment that this model cannot undergo; the message says which part and why."""


def concentration_unit(model: SbmlModel, id: str) -> Unit | None:
    """Return the unit of a species' amount over its compartment's volume."""
    species = model.species[id]
    amount, volume = species.unit, model.parameters[species.compartment].unit
    if amount is None or volume is None:
        return None
    return Unit(amount.scale / volume.scale, amount.mole, amount.litre - volume.litre)


def counted(model: SbmlModel, id: str) -> bool:
    """Return whether a model says no unit of a species in which a concentration can be given."""
    unit = concentration_unit(model, id)
    return unit is None or unit.dimension != NANOMOLAR.dimension


def unitless(model: SbmlModel) -> bool:
    """Return whether doses are plain numbers, as a model says no unit of any species."""
    return all(counted(model, id) for id in model.species)


def dosing(model: SbmlModel, id: str) -> tuple[Callable[[str], float], str]:
    """Return what reads a dose of a species, and in which unit: nM, or 1 where it is counted."""
    if not counted(model, id):
        return nanomolar, "nM"

    def count(text: str) -> float:
        try:
            decimals.number(text)
        except ValueError:
            raise QuantityError(_unitless(model, id, text)) from None
        return plain(text)

    return count, "1"


def _unitless(model: SbmlModel, id: str, text: str) -> str:
    return (
        f"Model {model.id!r} does not say in which unit it counts {id!r}, so {text!r} means "
        "nothing to it; give the plain number that is added, as in '10'."
    )


class Preparation:
    """Turns what an experiment says of a model into numbers in the model's own units."""

    def __init__(self, model: SbmlModel) -> None:
        self.model = model
        self._begun: dict[tuple[tuple[str, float], ...], tuple[dict[str, float], Vector]] = {}

    def started(self, period: Period, before: Mapping[str, float]) -> dict[str, float]:
        """Return all values with which everything starts, in the model's units."""
        given = self.given(period, before)
        moving = self._moving(period)
        if not moving:
            return given
        # A concentration becomes an amount through a volume, which may be set as well.
        volumes, _ = self.begin({**given, **dict.fromkeys(moving, 1.0)})
        return {**given, **self._numbers(moving, volumes)}

    def given(self, period: Period, before: Mapping[str, float]) -> dict[str, float]:
        """Return all values set so far of what only experiments change, in the model's units."""
        given = dict(before)
        for target, value in period.values.items():
            parameter = self.model.parameters.get(target)
            if parameter is None or target in self.model.state_ids:
                continue
            if parameter.rule:
                raise SimulationError(
                    f"{target!r} is computed from others in model {self.model.id!r} and cannot be "
                    "set; set what it is computed from."
                )
            if type(value) is float and math.isfinite(value) and not parameter.compartment:
                given[target] = value  # a cell of a fit sets hundreds
            else:
                given[target] = self._number(target, value, {})
        return given

    def computed(
        self, period: Period, settable: Mapping[str, float], state: Vector, time: float
    ) -> Period:
        """Return a period in which numbers stand where formulas did, of what holds before it."""
        values = period.values
        if not any(isinstance(value, Formula) for value in values.values()):
            return period
        scope = {**settable, "time": time, **self._symbols(settable, state)}
        numbers = {
            target: InFile(self._computed(target, value, scope))
            if isinstance(value, Formula)
            else value
            for target, value in values.items()
        }
        name = "+".join(condition.name for condition in period.conditions)
        return Period(period.start, (Condition(name, numbers),), period.washouts, period.doses)

    def _symbols(self, settable: Mapping[str, float], state: Vector) -> dict[str, float]:
        """Return what the symbols of a state mean."""
        found = dict(zip(self.model.state_ids, state.tolist(), strict=True))
        for id, species in self.model.species.items():
            if id in found and not species.amounts:
                size = settable.get(species.compartment, found.get(species.compartment))
                found[id] = found[id] / size if size else math.nan
        return found

    def _computed(self, target: str, formula: Formula, scope: Mapping[str, float]) -> float:
        unknown = sorted(name for name in formula.names if name not in scope)
        if unknown:
            raise SimulationError(
                f"{target!r} cannot be set to {formula.text!r}: {', '.join(map(repr, unknown))} is "
                f"no parameter, compartment or species of model {self.model.id!r} with a value of "
                "its own."
            )
        return formula.compute(scope)

    def _moving(self, period: Period) -> dict[str, float | str | Formula]:
        """Return what a period sets of what also moves by itself: species above all."""
        moving: dict[str, float | str | Formula] = {}
        for target, value in period.values.items():
            if target in self.model.settable:
                continue
            id = self.model.changeable(target)
            if id in self.model.species:
                id = self._one_species(id, "set")
            if moving.setdefault(id, value) != value:
                raise SimulationError(
                    f"{target!r} is {id!r}, which is set to {moving[id]} as well; keep one."
                )
        return moving

    def _numbers(
        self, moving: Mapping[str, float | str | Formula], volumes: Mapping[str, float]
    ) -> dict[str, float]:
        return {id: self._number(id, value, volumes) for id, value in moving.items()}

    def _number(
        self, target: str, value: float | str | Formula, volumes: Mapping[str, float]
    ) -> float:
        """Return a value in the model's unit for its target; ``volumes`` serve species."""
        if isinstance(value, Formula):
            raise SimulationError(
                f"{target!r} cannot be set to {value.text!r}, which is computed from what holds "
                "before, where everything begins; give a number."
            )
        if isinstance(value, InFile) and target in self.model.species:
            species = self.model.species[target]
            size = 1.0 if species.amounts else volumes.get(species.compartment)
            if size is None:
                raise SimulationError(
                    f"{target!r} cannot be set to {float(value):g}: the size of its compartment "
                    f"{species.compartment!r} changes with time."
                )
            value = float(value) * size
        number = math.nan if isinstance(value, str) else float(value)
        try:
            if target in self.model.species:
                if isinstance(value, str):
                    return self._amount(target, convert(value, NANOMOLAR), volumes)
            elif isinstance(value, str):
                unit = self.model.parameters[target].unit
                if unit is None:
                    raise QuantityError(
                        f"the unit of {target!r} is not one that text can be turned into; give a "
                        "plain number in the model's own unit."
                    )
                number = convert(value, unit)
        except QuantityError as error:
            raise SimulationError(f"{target!r} cannot be set to {value!r}: {error}") from None
        if not math.isfinite(number):
            raise SimulationError(f"{target!r} cannot be set to {value!r}; it is not finite.")
        if number < 0 and (target in self.model.species or self._compartment(target)):
            raise SimulationError(f"{target!r} cannot be set to {value!r}; it is negative.")
        return number

    def begin(self, given: Mapping[str, float]) -> tuple[dict[str, float], Vector]:
        """Return all values and the start state; neither may be changed."""
        key = tuple(given.items())
        known = self._begun.get(key)
        if known is None:
            settable, amounts = self.model.initial(given)
            state = np.array(list(amounts.values()))
            self._check_start(given, state)
            known = self._begun[key] = settable, state
            if len(self._begun) > _BEGUN:
                del self._begun[next(iter(self._begun))]
        return known

    def _check_start(self, given: Mapping[str, float], state: Vector) -> None:
        """Refuse values that make a species start below zero, or a volume vanish."""
        for id, parameter in self.model.parameters.items():
            if parameter.compartment and id in given and not given[id] > 0:
                raise SimulationError(
                    f"{id!r} cannot be set to {given[id]:g}; a volume is above 0."
                )
        if not (state < 0).any() or not given:
            return
        for place in np.flatnonzero(state < 0):
            id = self.model.state_ids[place]
            if id in self.model.species and not self._own_start[place] < 0:
                below = [name for name, value in given.items() if value < 0]
                why = f"; {', '.join(map(repr, below))} is negative" if below else ""
                raise SimulationError(
                    f"With these values {id!r} starts at {state[place]:g}, below zero{why}."
                )

    @cached_property
    def _own_start(self) -> Vector:
        _, amounts = self.model.begun({})
        return np.array(list(amounts.values()))

    def placed(self, period: Period, settable: Mapping[str, float], state: Vector) -> Vector:
        """Return the state with what this period sets of it."""
        now = state.copy()
        for id, number in self._numbers(self._moving(period), settable).items():
            now[self._places[id]] = number
        return now

    def changed(self, period: Period, settable: Mapping[str, float], state: Vector) -> Vector:
        """Return the state after wash-outs and doses."""
        now = state.copy()
        for washout in period.washouts:
            for id in self._species(washout.species, "washed out"):
                now[self._places[id]] *= 1.0 - float(washout.fraction)
        for dose in period.doses:
            id = self._one_species(dose.species, "given")
            now[self._places[id]] += self._added(dose, id, settable)
        return now

    def _added(self, dose: Dose, id: str, settable: Mapping[str, float]) -> float:
        if dose.count is not None and not counted(self.model, id):
            raise SimulationError(
                f"The dose of {dose.species!r} is {dose.count:g} without a unit; write it like "
                f"'{dose.count:g} nM'."
            )
        if dose.concentration is not None:
            return self._amount(id, float(dose.concentration), settable)
        added = dose.amount if dose.count is None else dose.count
        assert added is not None
        return added

    def _species(self, written: str, what: str) -> tuple[str, ...]:
        try:
            ids = self.model.species_of(written)
        except UnknownNameError:
            if written in self.model.parameters:
                raise SimulationError(
                    f"{written!r} is a parameter of model {self.model.id!r}; only a species can "
                    f"be {what}."
                ) from None
            raise
        for id in ids:
            if self.model.species[id].rule == "assignment":
                raise SimulationError(
                    f"{id!r} follows a rule in model {self.model.id!r} and cannot be {what}."
                )
        return ids

    def _one_species(self, written: str, what: str) -> str:
        first, *others = self._species(written, what)
        if others:
            raise SimulationError(
                f"{written!r} is the sum of {1 + len(others)} species and cannot be {what}; name "
                f"one of them, for instance {first!r}."
            )
        return first

    def _amount(self, id: str, concentration: float, settable: Mapping[str, float]) -> float:
        """Return the amount, in the model's unit, that makes a concentration in nM."""
        species = self.model.species[id]
        unit = concentration_unit(self.model, id)
        if unit is None or counted(self.model, id):
            raise SimulationError(_unitless(self.model, id, f"{concentration:g} nM"))
        return concentration * NANOMOLAR.factor_to(unit) * settable[species.compartment]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {id: index for index, id in enumerate(self.model.state_ids)}

    def _compartment(self, target: str) -> bool:
        parameter = self.model.parameters.get(target)
        return parameter is not None and parameter.compartment
