"""The objective of a fit near a set where it was measured, as far as slopes say.

What checks come to follows the logarithms of parameters in straight lines; what a check asks is
asked as it is, so that one which holds by a little costs once it is lost, as no curvature can say.
"""

from __future__ import annotations

from collections.abc import Callable
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
# What L-BFGS-B remembers, which is worth it where one look takes a hundredth of a second; how often
# it steps at most, and by which share of the objective the last step has to make it smaller.
_REMEMBERED: Final = 50
_STEPS: Final = 400
_GAIN: Final = 1e-7
# How far a step goes after one that led nowhere, beside that one.
_SHORTER: Final = 0.4

Target = Callable[[Measured], tuple[float, Vector]]
"""Gives what is made small, and its slopes by the logarithms of the free parameters."""


class Measuring(Protocol):
    """What :class:`.calibration.measuring.Measurer` offers and is needed here."""

    names: tuple[str, ...]
    of_lines: Flags
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

    def pulled(self, measured: Measured, /) -> tuple[Vector, Callable[[Vector], Vector]]:
        """Return residuals, and what gives ``weights @ jacobian`` for weights."""
        ...

    def cost(self, measured: Measured, /) -> float:
        """Return half the sum of squares."""
        ...


def asked(objective: Asking, measured: Measured) -> Vector:
    """Return the residuals of claims and data."""
    residuals = objective.residuals(measured)
    return residuals[: len(residuals) - int(objective.free.sum())]


def asked_cost(objective: Asking, measured: Measured) -> float:
    """Return what claims and data add to an objective."""
    return float((asked(objective, measured) ** 2).sum() / 2)


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
        target: Target,
        begin: Vector,
        *,
        moving: Flags | None = None,
        reach: float = np.inf,
        gain: float = _GAIN,
    ) -> Vector:
        """Return where in the ranges a target is smallest by the straight lines.

        Parameters
        ----------
        target : callable
            What is made small.
        begin : array of shape (parameters,)
            Logarithms to begin with, at which what does not move stays.
        moving : array of bool of shape (parameters,), optional
            What moves; all that is free by default.
        reach : float, optional
            How far each may go from here, in spreads.
        gain : float, optional
            By which share of the target the last step has to make it smaller.
        """
        measurer, free = self.objective.measurer, self.objective.free
        moving = free if moving is None else moving
        columns, spread = moving[free], measurer.spread[moving]
        low, high = (end[moving] / spread for end in ends(measurer))
        if np.isfinite(reach):
            here = self.here.logs[moving] / spread
            low, high = np.maximum(low, here - reach), np.minimum(high, here + reach)

        def logs(scaled: Vector) -> Vector:
            found = begin.copy()
            found[moving] = scaled * spread
            return found

        def at(scaled: Vector) -> tuple[float, Vector]:
            value, slopes = target(self.at(logs(scaled)))
            return value, slopes[columns] * spread

        found = optimize.minimize(
            at,
            np.clip(begin[moving] / spread, low, high),
            jac=True,
            method="L-BFGS-B",
            bounds=np.column_stack([low, high]),
            options={"maxcor": _REMEMBERED, "maxiter": _STEPS, "ftol": gain},
        )
        return logs(found.x)


def refined(
    objective: Asking,
    target: Target,
    here: Measured,
    begin: Vector,
    *,
    evaluations: int,
    gain: float,
    moving: Flags | None = None,
    reach: float = np.inf,
    foresee: bool = False,
    progress: Progress | None = None,
) -> tuple[Measured, float]:
    """Return what is measured where a target is small, and what slopes say is left to be had.

    It comes there by a few steps of Gauss and Newton.

    Parameters
    ----------
    objective : Asking
        What is measured, and which slopes it has.
    target : callable
        What is made small.
    here : Measured
        Whose slopes the first step goes by.
    begin : array of shape (parameters,)
        Logarithms to begin with, at which what does not move stays.
    evaluations : int
        Most evaluations.
    gain : float
        A step that would bring less, or brought less, is the last.
    moving : array of bool of shape (parameters,), optional
        What moves; all that is free by default.
    reach : float, optional
        How far each may go in a step, in spreads.
    foresee : bool
        Whether to find out what is left after the last evaluation, too, which takes as long as to
        find a step; else it is infinite there.
    progress : callable, optional
        Told how far an evaluation is.
    """
    spread = objective.measurer.spread
    linear, best, value = Linear(objective, here), None, np.inf

    def ahead() -> tuple[Vector, float]:
        there = linear.smallest(target, begin, moving=moving, reach=reach)
        return there, value - target(linear.at(there))[0]

    for _ in range(evaluations):
        there, left = ahead()
        if left < gain:
            break
        found = objective.measurer(there, progress)
        brought = value - target(found)[0]
        if best is not None and brought <= 0:
            far = float(np.abs((there - linear.here.logs) / spread).max())
            reach = _SHORTER * min(reach, far)
            continue
        best, value, begin = found, target(found)[0], found.logs
        linear = Linear(objective, found)
        if brought < gain:
            left = brought
            break
    else:
        left = ahead()[1] if foresee else np.inf
    assert best is not None
    return best, left
