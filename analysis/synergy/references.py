"""What two drugs would do together if they did not interact: Bliss, Loewe, HSA and ZIP.

Effects are shares: 0 without a drug, 1 where the readout is gone (:mod:`.effects`). Each function
takes single drugs as they are and returns the effect expected of the pair; what was seen above it
is synergy.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy.optimize import brentq

from ..dose_response.hill import FEWEST, Array, Hill, fit

NAMES: Final = ("Bliss", "Loewe", "HSA", "ZIP")
# Two effects nearer than this are the same.
_CLOSE: Final = 1e-9


def bliss(one: Array, other: Array) -> Array:
    """Return what drugs do that hit independently of each other (Bliss 1939).

    Parameters
    ----------
    one, other : array
        Effects of each drug alone, of shapes that broadcast.
    """
    return one + other - one * other


def hsa(one: Array, other: Array) -> Array:
    """Return the effect of the stronger drug alone, the highest single agent."""
    return np.maximum(one, other)


def loewe(doses: tuple[Array, Array], alone: tuple[Hill, Hill]) -> Array:
    """Return what drugs do that are two dilutions of one (Loewe and Muischnek 1926).

    The expected effect solves ``d1 / D1(effect) + d2 / D2(effect) = 1``, where ``D`` is the dose of
    a drug that has the effect alone. Beyond the plateau of the weaker drug no dose of it does, so
    the stronger drug counts alone.

    Parameters
    ----------
    doses : (array of shape (n,), array of shape (m,))
        Doses of each drug.
    alone : (Hill, Hill)
        Effect of each drug alone, from 0 upwards.

    Returns
    -------
    array of shape (n, m)
    """
    reach = min(alone[0].plateau, alone[1].plateau)
    expected = np.empty((doses[0].size, doses[1].size))
    for place in np.ndindex(expected.shape):
        pair = float(doses[0][place[0]]), float(doses[1][place[1]])
        expected[place] = _loewe(pair, alone, reach)
    return expected


def _loewe(pair: tuple[float, float], alone: tuple[Hill, Hill], reach: float) -> float:
    single = [float(curve.at(dose)) for curve, dose in zip(alone, pair, strict=True)]
    if min(pair) == 0 or reach <= _CLOSE:
        return max(single)
    top = reach * (1 - _CLOSE)
    if index(pair, alone, top) >= 1:
        strong = int(alone[1].plateau > alone[0].plateau)
        return max(reach, single[strong])
    return float(brentq(lambda effect: index(pair, alone, effect) - 1, reach * 1e-12, top))


def index(pair: tuple[float, float], alone: tuple[Hill, Hill], effect: float) -> float:
    """Return the combination index of a pair of doses that has an effect: below 1 is synergy."""
    with np.errstate(divide="ignore"):
        return float(sum(d / a.dose(effect) for d, a in zip(pair, alone, strict=True) if d > 0))


def indices(doses: tuple[Array, Array], alone: tuple[Hill, Hill], seen: Array) -> Array:
    """Return the combination index at each pair of doses; NaN where neither drug is that strong."""
    found = np.full(seen.shape, np.nan)
    for place in np.ndindex(seen.shape):
        pair = float(doses[0][place[0]]), float(doses[1][place[1]])
        effect = float(seen[place])
        if min(pair) > 0 and 0 < effect < min(alone[0].plateau, alone[1].plateau):
            found[place] = index(pair, alone, effect)
    return found


def zip_(doses: tuple[Array, Array], alone: tuple[Hill, Hill], seen: Array) -> tuple[Array, Array]:
    """Return what drugs do that leave each other's potency and slope as they are (Yadav 2015).

    Parameters
    ----------
    doses : (array of shape (n,), array of shape (m,))
        Doses of each drug, zero first.
    alone : (Hill, Hill)
        Effect of each drug alone.
    seen : array of shape (n, m)
        Effects of the pairs.

    Returns
    -------
    (array, array)
        The expected effects, and those of the curves that were fitted to each row and column; the
        second less the first is the score delta.
    """
    one = alone[0].at(doses[0])[:, None]
    other = alone[1].at(doses[1])[None, :]
    rows = np.array([_along(doses[1], seen[i], float(one[i, 0])) for i in range(doses[0].size)])
    columns = np.array(
        [_along(doses[0], seen[:, j], float(other[0, j])) for j in range(doses[1].size)]
    ).T
    return bliss(one, other), (rows + columns) / 2


def _along(doses: Array, seen: Array, start: float) -> Array:
    """Return the curve of one drug on top of a fixed dose of the other."""
    if doses.size <= FEWEST or np.ptp(np.append(seen[1:], start)) <= _CLOSE:
        return np.append(start, seen[1:])
    low, high = min(start, seen.min()), max(start, seen.max(), 1.0)
    return fit(doses[1:], seen[1:], base=start, bounds=(low, high)).at(doses)
