"""The objective of a fit near a set where it was measured, as far as slopes say.

What checks come to follows the logarithms of parameters in straight lines; what a check asks is
asked as it is, so that one which holds by a little costs once it is lost, as no curvature can say.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from ...simulation.engines.base import Vector
from ..calibration.measuring import Measured, Progress

Flags = NDArray[np.bool_]

# What of a measurement follows the logarithms, and what holds its slopes.
_FOLLOWING: Final = {"margins": "slopes", "levels": "level_slopes"}
# How often the straight lines are asked at most, and how much less the objective has to become.
_TURNS: Final = 30
_GAIN: Final = 1e-6


class Measuring(Protocol):
    """What :class:`.calibration.measuring.Measurer` offers and is needed here."""

    names: tuple[str, ...]
    aims: list[Any]
    centre: Vector
    spread: Vector
    low: Vector
    high: Vector

    def __call__(self, logs: Vector, progress: Progress | None = None, /) -> Measured:
        """Return what checks come to at logarithms of values."""
        ...


class Asking(Protocol):
    """What :class:`.calibration.objective.Objective` offers and is needed here.

    Its last residuals are those of the free parameters, one each.
    """

    @property
    def measurer(self) -> Any:
        """What checks come to."""
        ...

    @property
    def free(self) -> Flags:
        """Which parameters move."""
        ...

    def residuals(self, measured: Measured, /) -> Vector:
        """Return what is squared."""
        ...

    def jacobian(self, measured: Measured, /) -> Vector:
        """Return how residuals follow the logarithms of the free parameters."""
        ...

    def cost(self, measured: Measured, /) -> float:
        """Return half the sum of squares."""
        ...


def fitting_part(objective: Asking, measured: Measured) -> float:
    """Return what claims and data add to an objective; what parameters add is left out."""
    residuals = objective.residuals(measured)
    return float((residuals[: len(residuals) - int(objective.free.sum())] ** 2).sum() / 2)


def ends(measurer: Measuring) -> tuple[Vector, Vector]:
    """Return the logarithms of the ends of ranges; a value of the tables never lies outside."""
    return np.minimum(measurer.low, measurer.centre), np.maximum(measurer.high, measurer.centre)


class Linear:
    """An objective near a set where it was measured.

    Parameters
    ----------
    objective : Asking
        The objective.
    here : Measured
        What was measured, with slopes.
    """

    def __init__(self, objective: Asking, here: Measured) -> None:
        self.objective, self.here = objective, here
        self._middle = np.array([aim.middle for aim in objective.measurer.aims])

    def at(self, logs: Vector) -> Measured:
        """Return what slopes say that would be measured."""
        moved = logs - self.here.logs
        said: dict[str, Vector] = {
            name: getattr(self.here, name) + getattr(self.here, slopes) @ moved
            for name, slopes in _FOLLOWING.items()
            if hasattr(self.here, name) and len(getattr(self.here, name))
        }
        # Beyond the middle between two bounds the other one is nearer.
        beyond = said["margins"] > self._middle
        if beyond.any():
            said["margins"] = np.where(beyond, 2 * self._middle - said["margins"], said["margins"])
            said["slopes"] = np.where(beyond[:, None], -self.here.slopes, self.here.slopes)
        return replace(self.here, logs=logs, **said)

    def smallest(
        self,
        *,
        held: Vector | None = None,
        moving: Flags | None = None,
        shift: Vector | float = 0.0,
        reach: float = np.inf,
    ) -> Vector:
        """Return where in the ranges the objective is smallest by the straight lines.

        Parameters
        ----------
        held : array of shape (parameters,), optional
            Logarithms to begin with, at which what does not move stays; by default those here.
        moving : array of bool of shape (parameters,), optional
            What moves; all that is free by default.
        shift : array of shape (residuals,), optional
            What is added to residuals.
        reach : float, optional
            How far each may go from here, in spreads.
        """
        free = self.objective.free
        measurer = self.objective.measurer
        begun = self.here.logs if held is None else held
        moving = free if moving is None else moving
        columns, spread = moving[free], measurer.spread[moving]
        low, high = (end[moving] for end in ends(measurer))
        if np.isfinite(reach):
            here = self.here.logs[moving]
            low, high = (
                np.maximum(low, here - reach * spread),
                np.minimum(high, here + reach * spread),
            )

        def measured(step: Vector) -> Measured:
            logs = begun.copy()
            logs[moving] = step * spread
            return self.at(logs)

        found = optimize.least_squares(
            lambda step: self.objective.residuals(measured(step)) + shift,
            np.clip(begun[moving], low, high) / spread,
            jac=lambda step: self.objective.jacobian(measured(step))[:, columns] * spread,
            bounds=(low / spread, high / spread),
            max_nfev=_TURNS,
            ftol=_GAIN,
        )
        return measured(found.x).logs
