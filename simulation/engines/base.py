"""What every simulation engine must be able to do, and how it says that it cannot.

An engine holds one model. It can be put into any state with any parameter values, integrates from
there, and tells the state and how fast it changes. Experiments, doses, pre-equilibration and units
are not its business: :mod:`..simulate` does those once for all engines.

States are vectors in the order of :attr:`~..sbml.model.SbmlModel.state_ids`, with amounts for
species; time is the model's own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from .balance import Balance
from .errors import EngineError, TooFineError, TooMuchWork, UnsupportedError, cvode_failure, failure
from .loaded import Loaded, Vector
from .scales import Scales
from .scales import tolerances as absolutes
from .switches import Switches

__all__ = [
    "DETERMINISTIC",
    "STOCHASTIC",
    "Engine",
    "EngineError",
    "Loaded",
    "Tolerances",
    "TooFineError",
    "TooMuchWork",
    "UnsupportedError",
    "Vector",
    "cvode_failure",
    "eve",
    "failure",
]

DETERMINISTIC: Final = "ode"
STOCHASTIC: Final = "ssa"
# How many times its absolute tolerance a part of a sum may be off.
_ERRORS: Final = 100.0
# How many times its absolute tolerance an output must be to be known.
_KNOWN: Final = 1e4
# Smaller numbers have no full digits left: what decays ends there.
_LEAST: Final = float(np.finfo(float).tiny / np.finfo(float).eps)
# How long before events at the same time something is changed, in shares of the time.
_EVE: Final = 4e-10


@dataclass(frozen=True)
class Tolerances:
    """How exactly to integrate.

    Parameters
    ----------
    relative : float
        Relative error allowed a step.
    absolute : float, optional
        Error allowed for amounts near zero, in the model's unit of amount. By default each part of
        the state has its own, see :mod:`.scales`: traces of a drug matter.
    steps : int
        Most steps between two output times.
    """

    relative: float = 1e-8
    absolute: float | None = None
    steps: int = 100_000

    def __post_init__(self) -> None:
        if not 0 < self.relative < 1:
            raise ValueError(f"The relative tolerance is {self.relative}; it lies between 0 and 1.")
        if self.absolute is not None and not 0 < self.absolute < np.inf:
            raise ValueError(f"The absolute tolerance is {self.absolute}; it is above 0.")
        if self.steps < 1:
            raise ValueError(f"{self.steps} steps are not enough to integrate.")


def eve(time: float) -> float:
    """Return a moment before a time, for what is to be changed before events at that time.

    What an event sets at the very instant of a change it computes from before, which undoes that.
    """
    return time - _EVE * max(abs(time), _EVE)


class Engine(ABC):
    """One model in one simulator.

    Parameters
    ----------
    loaded : Loaded
        The model.
    outputs : sequence of str
        Ids of what :meth:`integrate` returns: observables, species (as amounts) or parameters.
    tolerances : Tolerances
        How exactly to integrate.
    """

    name: ClassVar[str]
    methods: ClassVar[tuple[str, ...]] = (DETERMINISTIC,)
    # Whether rates may be interpreted, which begins at once, or compiled, which then is faster.
    compiles: ClassVar[bool] = False

    def __init__(self, loaded: Loaded, outputs: Sequence[str], tolerances: Tolerances) -> None:
        self.loaded = loaded
        self.model = loaded.model
        self.outputs = tuple(outputs)
        self.tolerances = tolerances
        absolute = tolerances.absolute
        # What is too little to tell whether a model rests.
        self.absolute = tolerances.relative * 1e-4 * loaded.scale if absolute is None else absolute
        # How many times coarser than at their best absolute tolerances are.
        self.slack = 1.0
        self.switches = Switches(loaded)
        self._begin(np.zeros(len(self.model.state_ids)))

    @cached_property
    def _scales(self) -> Scales:
        return Scales(self.loaded)

    @cached_property
    def _balance(self) -> Balance:
        return Balance(self.loaded, self.tolerances.relative)

    def possible(self, state: Vector) -> NDArray[np.bool_]:
        """Tell which parts are there in a state, or may be made from what is."""
        return self._scales.possible(state)

    def _absolutes(self, span: float) -> Vector:
        """Return the absolute tolerance of each part of the state, for a span from now on."""
        if self.tolerances.absolute is not None:
            found = np.full(len(self.model.state_ids), self.tolerances.absolute)
        else:
            scales = self._scales.of(self.state, self.rates(), span)
            found = absolutes(scales, self.tolerances.relative, self.slack)
        self._coarsest = np.maximum(self._coarsest, found)
        return found

    @property
    def errors(self) -> Vector:
        """The coarsest absolute tolerance of each part of the state since the start."""
        return self._coarsest

    def _begin(self, state: Vector) -> None:
        """Forget how large things were, and how coarse tolerances."""
        self._coarsest = np.zeros(len(state))
        self._largest = np.zeros(len(self.outputs))
        self._given = state

    def _check(self, before: Vector) -> None:
        """Raise if integration from a state lost or won what no reaction changes."""
        errors = _ERRORS * self._coarsest
        self._balance.check(self.name, self.now, before, self.state, errors)

    def _seen(self, found: Vector) -> Vector:
        """Return outputs, and remember the largest of each."""
        with np.errstate(invalid="ignore"):
            self._largest = np.fmax(self._largest, np.abs(found).max(axis=0, initial=0.0))
        return found

    @cached_property
    def _sums(self) -> Vector:
        """Return how much each part of the state counts in each output that is a sum of parts."""
        place = {id: index for index, id in enumerate(self.model.state_ids)}
        sums = np.zeros((len(self.outputs), len(place)))
        for row, id in enumerate(self.outputs):
            for part, weight in self.model.sums.get(id, {id: 1.0}).items():
                if part in place:
                    sums[row, place[part]] = abs(weight)
        return sums

    @property
    def blur(self) -> float:
        """How many times too coarse absolute tolerances were since the start.

        That is so where an output, at its largest, was hardly more than the tolerances of its
        parts. What nothing can make does not count: it is rounding.
        """
        if self.tolerances.absolute is not None:
            return 1.0
        sums = self._sums * self.possible(self._given)
        errors = sums @ self._coarsest
        blurred = (self._largest > _LEAST) & (self._largest < _KNOWN * errors)
        most = np.max(errors[blurred] / self._largest[blurred], initial=0.0)
        return max(1.0, _KNOWN**2 * float(most))

    @property
    @abstractmethod
    def version(self) -> str:
        """Version of the simulator."""

    @property
    @abstractmethod
    def now(self) -> float:
        """The model time reached."""

    @abstractmethod
    def start(self, values: Mapping[str, float], state: Vector, time: float) -> None:
        """Begin anew: forget events and history, and take these values, state and time.

        ``values`` holds all of :attr:`~.model.SbmlModel.settable`.
        """

    @abstractmethod
    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Take other values and another state, and go on from the same time."""

    def eve(self, time: float) -> float:
        """Return up to when to go before a change at ``time``: to it, where nothing is an event."""
        return time

    @property
    @abstractmethod
    def state(self) -> Vector:
        """The state reached."""

    @abstractmethod
    def rates(self) -> Vector:
        """How fast each part of the state changes now."""

    @abstractmethod
    def integrate(self, times: Vector, steps: int | None = None) -> Vector:
        """Go on to the last of ``times`` and return the outputs, of shape (times, outputs).

        Parameters
        ----------
        times : array
            Increasing; the first is now or later.
        steps : int, optional
            Most steps between two of them, if other than the tolerances say.

        Raises
        ------
        TooMuchWork
            If that is not enough.
        EngineError
            If integration fails otherwise.
        """

    def advance(self, time: float, steps: int) -> None:
        """Go on to ``time`` without output."""
        self.integrate(np.array([time]), steps)

    def course(self, times: Vector, steps: int) -> Vector:
        """Go on to the last of ``times`` and return the states, of shape (times, states).

        Unlike going from time to time with :meth:`advance`, the integrator need not begin anew at
        each.

        Parameters
        ----------
        times : array
            Increasing, and all later than now.
        steps : int
            Most steps between two of them.
        """
        found = np.empty((len(times), len(self.model.state_ids)))
        for row, time in enumerate(times):
            self.advance(float(time), steps)
            found[row] = self.state
        return found

    def jacobian(self) -> Vector | None:
        """How fast each part of the state changes with each other, or None if nobody knows."""
        return None

    def running(self) -> Vector:
        """Return by how much each reaction changes each state, of those that run now.

        Where nobody knows which those are, it is all of them.
        """
        return self.loaded.changes

    def random(self, seed: int) -> None:
        """Set the seed of the random numbers."""
        raise UnsupportedError(f"The engine {self.name!r} is not stochastic.")

    def checked(self, found: Vector, times: Vector) -> Vector:
        """Return outputs if the state is finite; what only follows from it may have no value.

        Raises
        ------
        EngineError
            If a part of the state is not; the message says which and when.
        """
        if not np.isfinite(found).all():
            parts = set(self.model.state_ids)
            for row, column in np.argwhere(~np.isfinite(found)):
                if self.outputs[column] in parts:
                    why = f"{self.outputs[column]!r} became {found[row, column]}"
                    raise EngineError(failure(self.name, float(times[row]), why))
        state = self.state
        if not np.isfinite(state).all():
            place = int(np.argmin(np.isfinite(state)))
            why = f"{self.model.state_ids[place]!r} became {state[place]}"
            raise EngineError(failure(self.name, float(times[-1]), why))
        return found
