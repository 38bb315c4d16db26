"""MuSyC: how a pair of drugs changes each other's potency and efficacy (Meyer 2019).

Every target is unbound, with drug 1, with drug 2, or with both; drugs come and go in proportion to
a power of their dose. The presence of one multiplies the potency of the other by ``alpha`` and its
slope by ``gamma``; both together reach ``E3`` where the stronger alone reaches less by ``beta``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import least_squares

from ..dose_response.hill import SLOPES, Array, Hill

SHIFTS: Final = (1e-4, 1e4)
"""Between which factors potencies may shift."""
_STARTS: Final = (0.3, 1.0, 5.0)


@dataclass(frozen=True)
class Musyc:
    """A surface of effects.

    Attributes
    ----------
    start, one, other, both : float
        Effects without a drug, and at boundless doses of the first, the second and both.
    middles, slopes : (float, float)
        EC50 and Hill coefficient of each drug alone.
    alpha12, alpha21 : float
        By what the first drug multiplies the potency of the second, and the second that of the
        first.
    misfit : float
        Root of the mean square of what the fit leaves.
    """

    start: float
    one: float
    other: float
    both: float
    middles: tuple[float, float]
    slopes: tuple[float, float]
    alpha12: float
    alpha21: float
    misfit: float = 0.0

    @property
    def beta(self) -> float:
        """By which share of the stronger drug's effect both together go further."""
        strong = max(self.one, self.other)
        return (self.both - strong) / (strong - self.start) if strong > self.start else np.nan

    def at(self, first: Array, second: Array) -> Array:
        """Return effects at pairs of doses of one shape."""
        return surface(
            first,
            second,
            (self.start, self.one, self.other, self.both),
            self.middles,
            self.slopes,
            (self.alpha12, self.alpha21),
        )


def surface(
    first: Array,
    second: Array,
    effects: tuple[float, float, float, float],
    middles: tuple[float, float],
    slopes: tuple[float, float],
    alphas: tuple[float, float],
) -> Array:
    """Return the effect of pairs of doses: the mean over the four states at rest."""
    one, other = (first / middles[0]) ** slopes[0], (second / middles[1]) ** slopes[1]
    # With the other drug there: the first on top of the second, the second on top of the first.
    one_on = one * alphas[1] ** slopes[0]
    other_on = other * alphas[0] ** slopes[1]
    # Shares at rest by the spanning trees of the cycle none - one - both - other, whose ways back
    # all have the rate 1.
    weights = (
        2 + one_on + other_on,
        one * (2 + one_on) + other * one_on,
        other * (2 + other_on) + one * other_on,
        one * other_on * (1 + one_on) + other * one_on * (1 + other_on),
    )
    each = zip(weights, effects, strict=True)
    return np.asarray(sum(w * e for w, e in each) / sum(weights))


def fitted(doses: tuple[Array, Array], seen: Array, alone: tuple[Hill, Hill]) -> Musyc:
    """Fit a surface, with slopes that the other drug leaves as they are.

    Parameters
    ----------
    doses : (array of shape (n,), array of shape (m,))
        Doses of each drug, zero first.
    seen : array of shape (n, m)
        Effects; 0 without drugs.
    alone : (Hill, Hill)
        Effect of each drug alone, to begin from.
    """
    first, second = np.meshgrid(*doses, indexing="ij")
    # The largest effect that is believed: that of all seen, and as much again.
    most = 2 * max(float(np.abs(seen).max()), 1e-6)
    shift = np.log(SHIFTS)
    logs = [np.log(doses[i][1:][[0, -1]]) for i in (0, 1)]
    slope = np.log(SLOPES)
    lower = [-most] * 3 + [logs[0][0] - 5, logs[1][0] - 5, slope[0], slope[0], shift[0], shift[0]]
    upper = [most] * 3 + [logs[0][1] + 5, logs[1][1] + 5, slope[1], slope[1], shift[1], shift[1]]

    def left(free: Array) -> Array:
        values = surface(
            first,
            second,
            (0.0, free[0], free[1], free[2]),
            (np.exp(free[3]), np.exp(free[4])),
            (np.exp(free[5]), np.exp(free[6])),
            (np.exp(free[7]), np.exp(free[8])),
        )
        return (values - seen).ravel()

    best = None
    for alpha in _STARTS:
        guess = [
            *(alone[0].plateau, alone[1].plateau, seen[-1, -1]),
            *np.log([alone[0].middle, alone[1].middle, alone[0].slope, alone[1].slope]),
            *np.log([alpha, alpha]),
        ]
        inside = np.clip(guess, np.add(lower, 1e-9), np.subtract(upper, 1e-9))
        tried = least_squares(left, inside, bounds=(lower, upper), x_scale="jac")
        if best is None or tried.cost < best.cost:
            best = tried
    assert best is not None
    found = best.x
    shape = [float(np.exp(each)) for each in found[3:]]
    return Musyc(
        *(0.0, float(found[0]), float(found[1]), float(found[2])),
        (shape[0], shape[1]),
        (shape[2], shape[3]),
        shape[4],
        shape[5],
        float(np.sqrt(2 * best.cost / seen.size)),
    )
