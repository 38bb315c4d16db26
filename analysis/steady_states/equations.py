"""The steady-state equations of a model over one parameter, in numbers near one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...simulation.engines.base import Vector
from ...simulation.engines.loaded import conserved, moieties
from ..asking.system import System, check_numbers_of_molecules

# Amounts below this share of the largest are scaled as if they were so large.
_TRACE = 1e-6
# Eigenvalues below this share of the largest are found as those of the inverse.
_SMALL: Final = 1e-5


@dataclass(frozen=True)
class Span:
    """A parameter and its range.

    Attributes
    ----------
    name : str
        A parameter that can be set.
    low, high : float
        In the model's unit.
    log : bool
        Whether steps are equal in its logarithm.
    """

    name: str
    low: float
    high: float
    log: bool = True

    def value(self, place: float) -> float:
        """Return the value at a place from 0 to 1."""
        if self.log:
            return math.exp(math.log(self.low) + place * (math.log(self.high) - math.log(self.low)))
        return self.low + place * (self.high - self.low)

    def place(self, value: float) -> float:
        """Return where a value lies, from 0 to 1."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)


class ModelEquations:
    """Rates in place of which totals stand, of a model as an experiment left it.

    Parameters
    ----------
    system : System
        The model; its totals hold, moved by what the parameter adds to the start.
    span : Span
        The parameter.
    """

    def __init__(self, system: System, span: Span) -> None:
        self.system, self.span = system, span
        self.engine = system.engine
        model = self.engine.model
        followers = {span.name, *model.followers(span.name)}
        self._given = {name: v for name, v in system.values.items() if name not in followers}
        self._offset = system.state - self._begun(system.values[span.name])[1]
        largest = float(np.abs(system.state).max(initial=0.0)) or 1.0
        self.scale = np.maximum(np.abs(system.state), _TRACE * largest)
        # One of them may be what is varied.
        check_numbers_of_molecules(replace(system, values=self.values(0.0)))
        running = self._running()
        self.conserved = conserved(running)
        self.leads, self.sums = moieties(running)

    def values(self, place: float) -> dict[str, float]:
        """Return all values at a place of the parameter."""
        return self._begun(self.span.value(place))[0]

    def start(self, place: float) -> Vector:
        """Return a state with the totals at a place: the model's start, and what was added."""
        return self._begun(self.span.value(place))[1] + self._offset

    def _begun(self, value: float) -> tuple[dict[str, float], Vector]:
        values, state = self.engine.model.initial({**self._given, self.span.name: value})
        return values, np.array(list(state.values()))

    def _running(self) -> Vector:
        """Return what the reactions do that run with these values."""
        full = self.scale * np.random.default_rng(0).uniform(0.5, 1.5, len(self.scale))
        self.engine.change(self.values(0.5), full)
        return self.engine.running()

    def residual(self, unknowns: Vector, parameter: float) -> Vector:
        """Return rates and what is missing of totals, each in its own scale."""
        state = unknowns * self.scale
        self.engine.change(self.values(parameter), state)
        found = self.engine.rates()
        found[self.leads] = self.sums @ (state - self.start(parameter))
        return found

    def slopes(self, unknowns: Vector, parameter: float) -> Vector:
        """Return the derivatives of the residual by the unknowns."""
        found = self._jacobian(unknowns, parameter)
        found[self.leads] = self.sums
        return found * self.scale[None, :]

    def eigenvalues(self, unknowns: Vector, parameter: float) -> NDArray[np.complex128]:
        """Return the eigenvalues among states with the same totals."""
        return _eigenvalues(self._moving.T @ self._jacobian(unknowns, parameter) @ self._moving)

    @cached_property
    def _moving(self) -> Vector:
        """Orthonormal vectors along which reactions move the state."""
        full, _ = np.linalg.qr(
            np.column_stack([self.conserved, np.eye(len(self.scale))]), mode="reduced"
        )
        return full[:, self.conserved.shape[1] :]

    def _jacobian(self, unknowns: Vector, parameter: float) -> Vector:
        values, state = self.values(parameter), unknowns * self.scale
        known = System(self.system.simulator, values, state).jacobian(state)
        return known.copy()


def _eigenvalues(matrix: Vector) -> NDArray[np.complex128]:
    """Return eigenvalues, small ones as exactly as those of the inverse are known.

    Beside a fast reaction, rounding of the largest would decide the sign of the smallest.
    """
    found = np.linalg.eigvals(matrix).astype(complex)
    sizes = np.abs(found)
    small = sizes < _SMALL * sizes.max(initial=0.0)
    if not small.any():
        return found
    try:
        inverse = np.linalg.eigvals(np.linalg.inv(matrix)).astype(complex)
    except np.linalg.LinAlgError:  # one is zero as far as anybody can tell
        return found
    largest = inverse[np.argsort(-np.abs(inverse))[: int(small.sum())]]
    if not np.isfinite(largest).all() or not largest.all():
        return found
    return np.concatenate([found[~small], 1.0 / largest]).astype(complex)
