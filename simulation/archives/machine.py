"""A model that SED-ML sets, runs and looks at, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import numpy as np

from .. import steady_state
from ..engines import Tolerances, engine_named
from ..engines.base import EngineError, TooFineError, Vector
from ..load import from_sbml
from ..sbml.model import SbmlModel
from ..times import ModelTimes
from .xpath import RefusedError

# As in experiments: how many times coarser absolute tolerances may become.
_SLACKS: Final = (1.0, 1e4)
_REFINEMENTS: Final = 3
_FINEST: Final = 1e-16
# The first span in which rest is looked for, in seconds, and when to give up.
_FIRST: Final = 3600.0
_LAST: Final = 1e9


class Machine:
    """One model with values and amounts, in the engine.

    Values are what symbols mean in the file: of a species its amount or its concentration.

    Parameters
    ----------
    text : str
        SBML.
    ids : sequence of str
        What is looked at.
    tolerances : Tolerances
        How exactly to integrate.
    """

    def __init__(self, text: str, ids: Sequence[str], tolerances: Tolerances) -> None:
        loaded = from_sbml(text)
        self.model: SbmlModel = loaded.model
        unknown = [id for id in ids if id not in self._known]
        if unknown:
            raise RefusedError(
                f"{unknown[0]!r} is no species, parameter, compartment or reaction of model "
                f"{self.model.id!r}."
            )
        self.ids = tuple(ids)
        rooms = {
            species.compartment
            for id in ids
            if (species := self.model.species.get(id)) and not species.amounts
        }
        self._rooms = tuple(sorted(rooms - set(self.model.settable)))
        self._engine = engine_named("roadrunner")(loaded, (*ids, *self._rooms), tolerances)
        self._places = {id: place for place, id in enumerate(self.model.state_ids)}
        self.ran = False
        self.reset()

    @property
    def _known(self) -> set[str]:
        model = self.model
        return {*model.parameters, *model.species, *model.fluxes}

    def reset(self) -> None:
        """Set everything to what the file says."""
        values, state = self.model.initial({})
        self._values, self._state = dict(values), np.array(list(state.values()), dtype=float)
        self.ran = False

    def get(self, id: str) -> float:
        """Return the value of a symbol now."""
        self._engine.start(self._values, self._state, 0.0)
        if id in self.ids:
            return float(self._symbols(self._engine.integrate(np.zeros(1)))[0, self.ids.index(id)])
        raise RefusedError(f"The value of {id!r} is asked for while the model stands still.")

    def set(self, id: str, value: float) -> None:
        """Give a parameter, a compartment or a species another value."""
        if id in self._values:
            self._values[id] = value
        elif id in self._places:
            species = self.model.species.get(id)
            size = 1.0
            if species is not None and not species.amounts:
                size = self._values.get(species.compartment, np.nan)
            if not np.isfinite(size):
                raise RefusedError(f"{id!r} is set, and its compartment has no fixed size.")
            self._state[self._places[id]] = value * size
        else:
            raise RefusedError(
                f"{id!r} is to be set, and is computed from others in model {self.model.id!r}."
            )

    def course(self, times: Vector) -> Vector:
        """Run from the first of ``times`` and return symbols at all, of shape (times, ids)."""
        if self.ran and self.model.events:
            raise RefusedError(
                f"Model {self.model.id!r} has events and runs on from where another run ended; "
                "what its events remember cannot be taken along."
            )
        before = self._state
        for slack in _SLACKS:
            self._engine.slack = slack
            with suppress(TooFineError):
                found = self._refined(before, times, self._ran(before, times))
                break
        else:
            found = self._ran(before, times)
        self._state, self.ran = self._engine.state, True
        return self._symbols(found)

    def _ran(self, state: Vector, times: Vector) -> Vector:
        self._engine.start(self._values, state, float(times[0]))
        return self._engine.integrate(times)

    def _refined(self, state: Vector, times: Vector, found: Vector) -> Vector:
        """Return what was found, or better where tolerances were too coarse for it."""
        for _ in range(_REFINEMENTS):
            if self._engine.blur <= 1.0:
                break
            self._engine.slack = max(self._engine.slack / self._engine.blur, _FINEST)
            try:
                found = self._ran(state, times)
            except EngineError:
                self._engine.slack = 1.0
                return self._ran(state, times)
        return found

    def rest(self) -> Vector:
        """Run until nothing changes and return symbols there, of shape (1, ids)."""
        second = ModelTimes(self.model, own=True).second
        found = steady_state.find(
            self._engine,
            self._values,
            self._state,
            first=_FIRST * second,
            last=_LAST * second,
        )
        self._state, self.ran = found.state, True
        now = np.array([self._engine.now])
        return self._symbols(self._engine.integrate(now))

    def _symbols(self, found: Vector) -> Vector:
        count = len(self.ids)
        symbols = found[:, :count].copy()
        for place, id in enumerate(self.ids):
            species = self.model.species.get(id)
            if species is None or species.amounts:
                continue
            size = species.compartment
            if size in self._rooms:
                symbols[:, place] /= found[:, count + self._rooms.index(size)]
            elif self.model.parameters[size].sized:
                symbols[:, place] /= self._values[size]
        return symbols
