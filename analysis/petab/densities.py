"""How likely measurements and parameters are, as PEtab defines it."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np

from ...simulation.engines.base import Vector
from .problem import Parameter, PetabError, Prior

_SCALES: Final = {"lin": None, "log": 1.0, "log10": math.log(10)}


def residuals(measured: Vector, simulated: Vector, sigma: Vector, scale: str) -> Vector:
    """Return how far measurements lie from what was simulated, in scales of their noise."""
    if scale == "lin":
        return (measured - simulated) / sigma
    with np.errstate(all="ignore"):
        return np.log(measured / simulated) / _SCALES[scale] / sigma


def likelihoods(
    measured: Vector, simulated: Vector, sigma: Vector, scale: str, distribution: str
) -> Vector:
    """Return the logarithm of the likelihood of each measurement.

    Parameters
    ----------
    measured, simulated, sigma : array
        Values, what they should be, and the scale of their noise.
    scale : str
        ``lin``, ``log`` or ``log10``: on which noise is added.
    distribution : str
        ``normal`` or ``laplace``.
    """
    far = residuals(measured, simulated, sigma, scale)
    unit = _SCALES[scale]
    # On a logarithm, a step of the measurement is a smaller one the larger it is.
    width = sigma if unit is None else sigma * measured * unit
    with np.errstate(all="ignore"):
        if distribution == "laplace":
            return -np.log(2 * width) - np.abs(far)
        return -0.5 * np.log(2 * math.pi * width**2) - 0.5 * far**2


def prior(parameter: Parameter, value: float) -> float:
    """Return the logarithm of the prior density of a parameter at a value."""
    known = parameter.prior
    if known is None:
        return -math.log(parameter.high - parameter.low)
    distribution, logarithm = _distribution(known)
    if known.truncated and not parameter.low <= value <= parameter.high:
        return -math.inf
    if logarithm is None:
        found = float(distribution.logpdf(value))
    elif value <= 0:
        return -math.inf
    else:
        found = float(distribution.logpdf(math.log(value) / logarithm))
        found -= math.log(value * logarithm)
    if known.truncated:
        ends = (parameter.low, parameter.high)
        if logarithm is not None:
            ends = tuple(math.log(end) / logarithm if end > 0 else -math.inf for end in ends)
        found -= math.log(float(distribution.cdf(ends[1]) - distribution.cdf(ends[0])))
    return found


def _distribution(known: Prior) -> tuple[Any, float | None]:
    """Return a distribution, and the logarithm of the base of what it is one of, if any."""
    from scipy import stats

    kind, numbers = known.kind, known.numbers
    base = None
    if kind.startswith("log-"):
        kind, base = kind.removeprefix("log-"), 1.0
    elif known.base is not None:
        base = math.log(known.base)
    try:
        if kind == "uniform":
            low, high = numbers
            if known.kind == "log-uniform":
                low, high = math.log(low), math.log(high)
            return stats.uniform(low, high - low), base
        made = {
            "normal": stats.norm,
            "laplace": stats.laplace,
            "cauchy": stats.cauchy,
            "gamma": lambda shape, scale: stats.gamma(shape, scale=scale),
            "chisquare": stats.chi2,
            "exponential": lambda scale: stats.expon(scale=scale),
            "rayleigh": lambda scale: stats.rayleigh(scale=scale),
        }[kind]
        return made(*numbers), base
    except (KeyError, TypeError, ValueError):
        shown = "; ".join(map(repr, numbers))
        raise PetabError(f"There is no prior {known.kind!r} with {shown}.") from None
