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
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from ...network.network import Network
from ..sbml.model import SbmlModel
from .threads import alone

if TYPE_CHECKING:
    from ...export.sbml.writer import Report

Vector = NDArray[np.float64]

DETERMINISTIC: Final = "ode"
STOCHASTIC: Final = "ssa"


class EngineError(RuntimeError):
    """A run that failed; the message says when, why and what may help."""


class TooMuchWork(EngineError):
    """The integrator needed more steps than it was allowed."""


class UnsupportedError(ValueError):
    """Something this engine cannot do; the message says which engine can."""


@dataclass(frozen=True)
class Tolerances:
    """How exactly to integrate.

    Parameters
    ----------
    relative : float
        Relative error allowed a step.
    absolute : float, optional
        Error allowed for amounts near zero, in the model's unit of amount. By default the relative
        one times a ten thousandth of the largest start amount: traces of a drug matter.
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


@dataclass(frozen=True)
class Loaded:
    """A model as the engines take it.

    Attributes
    ----------
    sbml : str
        The SBML text.
    model : SbmlModel
        What it declares.
    network : Network, optional
        Where it was written from, if it is ours.
    report : Report, optional
        Which id each of the network's names got.
    """

    sbml: str
    model: SbmlModel
    network: Network | None = None
    report: Report | None = None

    @cached_property
    def changes(self) -> Vector:
        """By how much each reaction changes each state, of shape (states, reactions)."""
        place = {id: index for index, id in enumerate(self.model.state_ids)}
        found = np.zeros((len(place), len(self.model.reactions)))
        for column, reaction in enumerate(self.model.reactions):
            for id, amount in reaction:
                found[place[id], column] += amount
        return found

    @cached_property
    def conserved(self) -> Vector:
        """Orthonormal vectors, as columns, whose product with the state no reaction changes.

        States that no reaction touches are among them.
        """
        return conserved(self.changes)

    @cached_property
    def moieties(self) -> tuple[NDArray[np.int64], Vector]:
        """The same as sums; see :func:`moieties`."""
        return moieties(self.conserved)

    @cached_property
    def scale(self) -> float:
        """The largest start amount, or 1 if everything starts at zero."""
        _, state = self.model.initial({})
        return max(map(abs, state.values()), default=0.0) or 1.0


def conserved(changes: Vector) -> Vector:
    """Return orthonormal vectors, as columns, whose product with the state no reaction changes.

    Parameters
    ----------
    changes : array of shape (states, reactions)
        By how much each reaction changes each state.
    """
    with alone():
        sizes, vectors = np.linalg.eigh(changes @ changes.T)
    # Stoichiometries are small whole numbers, so what is not zero is far from it.
    return vectors[:, sizes < 1e-9 * max(sizes.max(initial=0.0), 1.0)]


def moieties(conserved: Vector) -> tuple[NDArray[np.int64], Vector]:
    """Return what :func:`conserved` returned as sums of states.

    Returns
    -------
    (array of int, array of shape (sums, states))
        For each sum a state that is in no other, with weight one; and all weights.
    """
    from scipy import linalg

    if not conserved.size:  # which not every version of SciPy can factorise
        return np.empty(0, dtype=int), np.empty((0, len(conserved)))
    with alone():
        _, upper, order = linalg.qr(conserved.T, mode="economic", pivoting=True)
        leads = order[: len(upper)]
        weights = np.empty_like(upper)
        weights[:, order] = linalg.solve_triangular(upper[:, : len(upper)], upper)
    # Stoichiometries are whole numbers, and so are most weights.
    whole = np.round(weights)
    return leads, np.where(np.abs(weights - whole) < 1e-9, whole, weights)


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

    def __init__(self, loaded: Loaded, outputs: Sequence[str], tolerances: Tolerances) -> None:
        self.loaded = loaded
        self.model = loaded.model
        self.outputs = tuple(outputs)
        self.tolerances = tolerances
        absolute = tolerances.absolute
        self.absolute = tolerances.relative * 1e-4 * loaded.scale if absolute is None else absolute

    @property
    @abstractmethod
    def version(self) -> str:
        """Version of the simulator."""

    @abstractmethod
    def start(self, values: Mapping[str, float], state: Vector, time: float) -> None:
        """Begin anew: forget events and history, and take these values, state and time.

        ``values`` holds all of :attr:`~.model.SbmlModel.settable`.
        """

    @abstractmethod
    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Take other values and another state, and go on from the same time."""

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


_CVODE_REASONS: Final = {
    "CV_TOO_MUCH_WORK": "it needed more steps than allowed between two output times",
    "CV_TOO_MUCH_ACC": "the tolerances ask for more digits than a number has",
    "CV_ERR_FAILURE": "no step was small enough to meet the tolerances",
    "CV_CONV_FAILURE": "the equations could not be solved for the next step",
    "CV_RHSFUNC_FAIL": "a rate could not be computed",
}


def cvode_reason(text: str) -> str | None:
    """Return in words why CVODE gave up, or None where the text holds no code of its."""
    return next((why for code, why in _CVODE_REASONS.items() if code in text), None)


def failure(engine: str, time: float, why: str) -> str:
    """Return the message for a failed integration."""
    return (
        f"Integration with {engine} stopped at model time {time:.6g}: {why}. Check the rate "
        "constants and amounts set by the experiment (an amount may run off to infinity, a rate "
        "may divide by zero), or loosen the tolerances."
    )
