"""What a curve of a readout over doses amounts to: its shape, and numbers that stand for it.

Two half-way doses are told apart. The relative one is the middle of a fitted Hill curve: half way
between the value without the drug and the plateau, wherever that is. The absolute one is where the
curve itself first comes down to half of the value without the drug. Neither is invented: of what
does not change or goes both ways there is no relative one, of what rises or stays above one half
no absolute one, and what lies beyond the doses is said to lie there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.interpolate import PchipInterpolator

from .hill import FEWEST, Array, Hill, fit

FLAT: Final = 0.02
"""A readout that changes by less than this share of itself is said not to change."""
BOTH: Final = 0.1
"""A curve goes both ways if it turns by more than this share of its range."""
NOISE: Final = 1e-7
"""Below this share of the largest value of a readout anywhere, nothing is but noise."""

SHAPES: Final = ("flat", "rising", "falling", "rising, then falling", "falling, then rising")


@dataclass(frozen=True)
class Curve:
    """One readout over doses, in numbers.

    Attributes
    ----------
    shape : str
        One of :data:`SHAPES`.
    control, extreme : float
        The value without the drug, and the one farthest from it.
    extreme_at : float
        At which dose that is.
    hill : Hill or None
        What was fitted; None to what is flat or goes both ways.
    absolute : float
        Dose at which the curve has come down to half of the control: ``inf`` if it lies above the
        doses, 0 if below; NaN where there is none.
    relative : float
        The middle of the fit, in the same way.
    share : float
        The extreme over the control; NaN where there is none without the drug.
    area : float
        Mean of value over control along the logarithm of the dose: 1 is no effect.
    open : bool
        Whether the plateau of the fit lies well beyond what was seen, so that the relative one
        rests on extrapolation.
    """

    shape: str
    control: float
    extreme: float
    extreme_at: float
    hill: Hill | None
    absolute: float
    relative: float
    share: float
    area: float
    open: bool = False


def curve(doses: Array, values: Array, control: float | None, *, scale: float = 0.0) -> Curve:
    """Return what a curve amounts to.

    Parameters
    ----------
    doses, values : array of shape (n_doses,)
        Doses above zero, upwards, and the readout.
    control : float or None
        The readout without the drug; None where that is no point of the curve, as when a
        parameter is varied: the value at the lowest dose stands for it then.
    scale : float, optional
        The largest value of the readout anywhere.
    """
    start = float(values[0]) if control is None else control
    seen = np.append(start, values)
    span = float(np.ptp(seen))
    noise = NOISE * max(scale, float(np.abs(seen).max()))
    far = int(np.argmax(np.abs(values - start)))
    extreme, where = float(values[far]), float(doses[far])
    share = extreme / start if abs(start) > noise else np.nan
    area = _area(doses, values, start, noise)
    shape = _shape(seen, span, start, noise)
    absolute = np.nan if shape == "flat" else _crossing(doses, values, start, noise)
    monotone = shape in ("rising", "falling")
    fitted = None
    if monotone and doses.size >= FEWEST:
        fitted = fit(doses, values, base=control)
    relative = np.nan
    if fitted is not None:
        relative = fitted.middle
        relative = np.inf if relative > doses[-1] else 0.0 if relative < doses[0] else relative
    further = fitted is not None and abs(fitted.plateau - extreme) > BOTH * 2 * span
    return Curve(shape, start, extreme, where, fitted, absolute, relative, share, area, further)


def _shape(seen: Array, span: float, start: float, noise: float) -> str:
    if span <= max(FLAT * abs(start), noise):
        return "flat"
    up = float((seen - np.minimum.accumulate(seen)).max())
    down = float((np.maximum.accumulate(seen) - seen).max())
    if min(up, down) <= BOTH * span:
        return "rising" if up > down else "falling"
    top, bottom = int(np.argmax(seen)), int(np.argmin(seen))
    turned = top if abs(seen[top] - start) > abs(seen[bottom] - start) else bottom
    ups = turned == top if 0 < turned < seen.size - 1 else turned != top
    return "rising, then falling" if ups else "falling, then rising"


def _crossing(doses: Array, values: Array, start: float, noise: float) -> float:
    """Return where a curve first comes down to half of where it began."""
    if start <= noise or start - float(values.min()) <= FLAT * start:
        return np.nan
    below = np.flatnonzero(values <= start / 2)
    if not below.size:
        return np.inf
    first = int(below[0])
    if first == 0:
        return 0.0
    logs = np.log(doses)
    around = PchipInterpolator(logs, values - start / 2)
    inside = [
        root
        for root in around.roots(extrapolate=False)
        if logs[first - 1] <= root <= logs[first] + 1e-12
    ]
    return float(np.exp(inside[0])) if inside else float(doses[first])


def _area(doses: Array, values: Array, start: float, noise: float) -> float:
    if abs(start) <= noise or doses.size < 2:
        return np.nan
    logs = np.log10(doses)
    return float(np.trapezoid(values / start, logs) / (logs[-1] - logs[0]))
