"""The part that all engines on networks share."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from ..base import Engine, Loaded, Tolerances, Vector
from .divisors import Divisors
from .kinetics import Kinetics
from .recording import Recording


class NetworkEngine(Engine):
    """An engine that runs a network; subclasses integrate it."""

    def __init__(self, loaded: Loaded, outputs: Sequence[str], tolerances: Tolerances) -> None:
        super().__init__(loaded, outputs, tolerances)
        self.kinetics = Kinetics(loaded, self.name)
        self.recording = Recording(self.kinetics, outputs)
        self._time = 0.0
        self._settings: dict[str, float] = {}
        self._values = np.empty(0)
        self._scale: Vector | float = 1.0
        self._coefficients = np.empty(0)
        self._amounts = np.zeros(len(self.kinetics.network.species))

    def start(self, values: Mapping[str, float], state: Vector, time: float) -> None:
        """Begin anew."""
        self._begin(state)
        self._time = time
        self.change(values, state)

    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Take other values and another state."""
        if values != self._settings:
            self._settings = dict(values)
            self._values = np.fromiter(values.values(), dtype=float, count=len(values))
            self._scale = self.kinetics.scale(self._values)
            self._coefficients = self.kinetics.coefficients(self._values)
            self._valued()
        self._amounts = state[self.kinetics.states] / self._scale

    @cached_property
    def _divisors(self) -> Divisors:
        return Divisors(self.kinetics)

    def _check(self, before: Vector) -> None:
        """Raise if what was reached from a state is wrong, or nobody can know it."""
        super()._check(before)
        if self._coarsest.any() and self._divisors:
            self._divisors.check(self._time, self.state, self._coarsest, self._values)

    def _valued(self) -> None:
        """Pass new values on to the simulator."""

    @property
    def now(self) -> float:
        """The model time reached."""
        return self._time

    @property
    def state(self) -> Vector:
        """The state reached."""
        found = np.empty(len(self.model.state_ids))
        found[self.kinetics.states] = self._amounts * self._scale
        return found

    def rates(self) -> Vector:
        """How fast each part of the state changes now."""
        found = np.empty(len(self.model.state_ids))
        changes = self.kinetics.rates(self._amounts, self._coefficients, self._values, self._time)
        found[self.kinetics.states] = changes * self._scale
        return found

    def running(self) -> Vector:
        """Return by how much each reaction changes each state, of those that run now."""
        kinetics = self.kinetics
        fluxes = kinetics.fluxes(self._amounts, self._coefficients, self._values, self._time)
        inner = kinetics.changes[:, np.flatnonzero(fluxes)].toarray()
        found = np.zeros((len(self.model.state_ids), inner.shape[1]))
        found[kinetics.states] = inner
        return found

    def integrate(self, times: Vector, steps: int | None = None) -> Vector:
        """Go on to the last of ``times`` and return the outputs."""
        course = self._course(np.asarray(times, dtype=float), steps or self.tolerances.steps)
        found = self._seen(self.recording.of(course, self._values, times))
        return self.checked(found, times)

    def advance(self, time: float, steps: int) -> None:
        """Go on to ``time`` without output."""
        self._course(np.array([time]), steps)

    def course(self, times: Vector, steps: int) -> Vector:
        """Go on to the last of ``times`` and return the states."""
        found = np.empty((len(times), len(self.model.state_ids)))
        found[:, self.kinetics.states] = self._course(times, steps) * self._scale
        return found

    def jacobian(self) -> Vector | None:
        """How fast each part of the state changes with each other."""
        inner = self._jacobian_of_amounts()
        if inner is None:
            return None
        scale = np.broadcast_to(self._scale, self._amounts.shape)
        found = np.empty_like(inner)
        found[np.ix_(self.kinetics.states, self.kinetics.states)] = (
            inner * scale[:, None] / scale[None, :]
        )
        return found

    def _jacobian_of_amounts(self) -> Vector | None:
        if not self.kinetics.polynomial:
            return None
        return self.kinetics.jacobian(self._amounts, self._coefficients)

    def _amount_tolerances(self, until: float) -> Vector:
        """Return the absolute tolerance of each amount on the way to a time."""
        return self._absolutes(until - self._time)[self.kinetics.states] / self._scale

    def _course(self, times: Vector, steps: int) -> Vector:
        """Go on to the last of ``times`` and return the amounts at all of them."""
        course = np.empty((len(times), len(self._amounts)))
        done = int(np.searchsorted(times, self._time, side="right"))
        course[:done] = self._amounts
        if done == len(times):
            return course
        begun = self.state
        for end, onward in self.switches.legs(self._settings, self._time, float(times[-1])):
            upto = int(np.searchsorted(times, end, side="right"))
            points = times[done:upto]
            if end > self._time:
                last = [] if upto > done and points[-1] == end else [end]
                found = self._integrated(np.append(points, last), steps)
                course[done:upto] = found[: len(points)]
                self._amounts = found[-1].copy()
            self._time = onward
            done = int(np.searchsorted(times, onward, side="right"))
            course[upto:done] = self._amounts
        self._check(begun)
        return course

    @abstractmethod
    def _integrated(self, times: Vector, steps: int) -> Vector:
        """Integrate from now and return the amounts at ``times``, all of which are later."""
