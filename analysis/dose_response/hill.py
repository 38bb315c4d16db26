"""Hill curves: fitting them, and how sure the fit is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import least_squares
from scipy.stats import t as student

Array = NDArray[np.float64]

FEWEST: Final = 4
"""A curve with fewer doses than this above zero says nothing about a slope."""
SLOPES: Final = (0.1, 10.0)
"""Slopes that a fit may have."""
# How near to one of them, as a share, is at it.
_NEAR: Final = 1e-3
_STARTS: Final = (0.7, 1.0, 2.0, 4.0)
# How far beyond the grid the middle may lie, as a factor, and the plateau, as a share of the range.
_BEYOND: Final = 1e3
_FURTHER: Final = 1.0
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Hill:
    """``base + (plateau - base) d^slope / (middle^slope + d^slope)``.

    Attributes
    ----------
    base, plateau : float
        Values without the drug and at boundless dose.
    middle : float
        The dose half way between them: the relative EC50.
    slope : float
        The Hill coefficient; positive, whichever way the curve goes.
    middle_low, middle_high, slope_low, slope_high : float
        Between which 95 % confidence from the fit lies; of a curve without noise it says how far
        from a Hill curve it is.
    misfit : float
        Root of the mean square of what the fit leaves, as a share of the range.
    """

    base: float
    plateau: float
    middle: float
    slope: float
    middle_low: float = np.nan
    middle_high: float = np.nan
    slope_low: float = np.nan
    slope_high: float = np.nan
    misfit: float = 0.0

    def at(self, doses: ArrayLike) -> Array:
        """Return the values at doses."""
        return hill(np.asarray(doses, float), self.base, self.plateau, self.middle, self.slope)

    def dose(self, value: ArrayLike) -> Array:
        """Return the dose that gives a value: 0 at the base or before, infinite beyond."""
        share = (np.asarray(value, float) - self.base) / (self.plateau - self.base)
        inside = np.clip(share, 0.0, 1.0)
        with np.errstate(divide="ignore"):
            return self.middle * (inside / (1.0 - inside)) ** (1.0 / self.slope)


def at_limit(slope: float) -> bool:
    """Tell whether a slope is as far as a fit may go, so that the true one lies beyond."""
    return slope <= SLOPES[0] * (1 + _NEAR) or slope >= SLOPES[1] * (1 - _NEAR)


def hill(doses: Array, base: float, plateau: float, middle: float, slope: float) -> Array:
    """Return a Hill curve at doses; zero is allowed."""
    with np.errstate(divide="ignore", over="ignore"):
        return base + (plateau - base) / (1.0 + (middle / doses) ** slope)


def fit(
    doses: ArrayLike,
    values: ArrayLike,
    *,
    base: float | None = None,
    bounds: tuple[float, float] | None = None,
) -> Hill:
    """Fit a Hill curve.

    Parameters
    ----------
    doses, values : array of shape (n_doses,)
        Doses above zero, upwards, and the values there.
    base : float, optional
        The value without the drug where it is known; else it is fitted too.
    bounds : (float, float), optional
        Between which base and plateau lie; by default up to once their range beyond the values,
        and not across zero.

    Raises
    ------
    ValueError
        If there are fewer than :data:`FEWEST` doses, or all values are alike.
    """
    doses, values = np.asarray(doses, float), np.asarray(values, float)
    if doses.size < FEWEST:
        raise ValueError(f"A Hill curve needs at least {FEWEST} doses above zero.")
    seen = values if base is None else np.append(values, base)
    span = float(np.ptp(seen))
    if span == 0:
        raise ValueError("All values are alike.")
    # Everything is fitted in units of the range, whatever the readout is counted in.
    low, high = np.divide(bounds or _bounds(seen, span), span)
    values = values / span
    logs = np.log(doses)
    ends = logs[0] - np.log(_BEYOND), logs[-1] + np.log(_BEYOND)
    slopes = np.log(SLOPES)
    fixed = [] if base is None else [base / span]
    lower = [*([] if fixed else [low]), low, ends[0], slopes[0]]
    upper = [*([] if fixed else [high]), high, ends[1], slopes[1]]

    def left(free: Array) -> Array:
        start, plateau, middle, slope = [*fixed, *free]
        return hill(doses, start, plateau, np.exp(middle), np.exp(slope)) - values

    first = values[0] if base is None else base / span
    half = (first + values[np.argmax(np.abs(values - first))]) / 2
    crossing = logs[int(np.argmax(np.abs(values - first) >= abs(half - first)))]
    best = None
    for slope in _STARTS:
        guess = [*([] if fixed else [first]), values[-1], crossing, np.log(slope)]
        tried = least_squares(
            left,
            np.clip(guess, np.add(lower, 1e-12), np.subtract(upper, 1e-12)),
            bounds=(lower, upper),
            x_scale="jac",
            xtol=1e-12,
            ftol=1e-12,
            gtol=1e-12,
        )
        if best is None or tried.cost < best.cost:
            best = tried
    assert best is not None
    start, plateau, middle, slope = [*fixed, *best.x]
    spread = _spread(best.jac, 2 * best.cost, doses.size)
    with np.errstate(over="ignore"):
        return Hill(
            float(start * span),
            float(plateau * span),
            float(np.exp(middle)),
            float(np.exp(slope)),
            float(np.exp(middle - spread[-2])),
            float(np.exp(middle + spread[-2])),
            0.0 if np.exp(slope) <= SLOPES[0] * (1 + _NEAR) else float(np.exp(slope - spread[-1])),
            np.inf
            if np.exp(slope) >= SLOPES[1] * (1 - _NEAR)
            else float(np.exp(slope + spread[-1])),
            float(np.sqrt(2 * best.cost / doses.size)),
        )


def _bounds(seen: Array, span: float) -> tuple[float, float]:
    low, high = float(seen.min()), float(seen.max())
    lowest, highest = low - _FURTHER * span, high + _FURTHER * span
    return (max(lowest, 0.0) if low >= 0 else lowest, min(highest, 0.0) if high <= 0 else highest)


def _spread(jacobian: Array, square: float, count: int) -> Array:
    """Return half the width of the confidence intervals of what was fitted."""
    free = count - jacobian.shape[1]
    if free < 1:
        return np.full(jacobian.shape[1], np.inf)
    covariance = np.linalg.pinv(jacobian.T @ jacobian) * square / free
    quantile = student.ppf((1 + _CONFIDENCE) / 2, free)
    return np.sqrt(np.clip(np.diag(covariance), 0, None)) * quantile
