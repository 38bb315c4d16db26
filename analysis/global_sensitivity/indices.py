"""Samples and indices of global sensitivity: Sobol and Morris by SALib, PRCC by SciPy."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from ...simulation.scans import sampling
from ...simulation.scans.sampling import Range
from ..asking.grid import AnalysisError

Vector = NDArray[np.float64]

METHODS: Final[Mapping[str, str]] = {
    "prcc": "partial rank correlation, for what goes one way; the cheapest",
    "morris": "mean and spread of elementary effects, to screen many parameters",
    "sobol": "shares of the variance, alone and with all interactions; the dearest",
}
"""The methods, each in words."""
MAIN: Final[Mapping[str, str]] = {"prcc": "PRCC", "morris": "mu*", "sobol": "total"}
"""The index of each method by which parameters are ranked."""


def sample(ranges: Sequence[Range], method: str, size: int, seed: int) -> Vector:
    """Return shares of the way through each range, of shape (points, ranges).

    Parameters
    ----------
    ranges : sequence of Range
        One for each parameter.
    method : str
        One of :data:`METHODS`.
    size : int
        Points of the Latin hypercube (PRCC), trajectories (Morris), or the base sample (Sobol, a
        power of two).
    seed : int
        The same gives the same points.

    Raises
    ------
    AnalysisError
        If the size does not suit the method.
    """
    count = len(ranges)
    if method == "prcc":
        if size < count + 4:
            raise AnalysisError(
                f"Partial correlations of {count} parameters need at least {count + 4} samples, "
                f"better {4 * count}; {size} are too few."
            )
        return sampling.sample([Range(0.0, 1.0)] * count, size, "lhs", seed)
    if method == "morris":
        from SALib.sample import morris

        if size < 2:
            raise AnalysisError("Morris's method needs at least 2 trajectories.")
        return np.asarray(morris.sample(_problem(count), size, seed=seed))
    from SALib.sample import sobol

    if size < 2 or size & (size - 1):
        raise AnalysisError(f"A Sobol sample is balanced only for powers of two, not for {size}.")
    return np.asarray(sobol.sample(_problem(count), size, calc_second_order=False, seed=seed))


# Integration leaves differences of this share of a readout.
_NOISE: Final = 1e-6


def indices(method: str, shares: Vector, values: Vector, seed: int = 0) -> pd.DataFrame:
    """Return the indices of each parameter, a row each, in the order of the columns of ``shares``.

    Parameters
    ----------
    method : str
        One of :data:`METHODS`.
    shares : array of shape (points, parameters)
        What :func:`sample` gave.
    values : array of shape (points,)
        The readout; NaN where there is none, which only PRCC can leave out.
    seed : int
        Of the resampling that confidence rests on.

    Raises
    ------
    AnalysisError
        If too few points have a number.
    """
    known = np.isfinite(values)
    size = np.abs(values[known]).max(initial=0.0)
    if known.any() and np.ptp(values[known]) <= _NOISE * size:
        # What differs by rounding alone does not vary, but would have ranks.
        values = np.where(known, values[known][0], np.nan)
    if method == "prcc":
        return _prcc(shares[known], values[known])
    if not known.all():
        raise AnalysisError(
            f"{(~known).sum()} of {len(values)} points have no number, and {method.title()} "
            "indices need all; take narrower ranges, or --method prcc, which leaves them out."
        )
    if np.ptp(values) == 0.0:  # nothing is responsible for what does not vary
        names = ("mu*", "+-", "sigma", "mu") if method == "morris" else _SOBOL.values()
        return pd.DataFrame(0.0, index=range(shares.shape[1]), columns=[*names])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SALib divides by deviations that may be zero
        if method == "morris":
            from SALib.analyze import morris

            found: Any = morris.analyze(_problem(shares.shape[1]), shares, values, seed=seed)
            names = {"mu_star": "mu*", "mu_star_conf": "+-", "sigma": "sigma", "mu": "mu"}
        else:
            from SALib.analyze import sobol

            found = sobol.analyze(
                _problem(shares.shape[1]), values, calc_second_order=False, seed=seed
            )
            names = _SOBOL
    return pd.DataFrame({name: np.asarray(found[key], dtype=float) for key, name in names.items()})


_SOBOL: Final = {"S1": "first", "S1_conf": "first +-", "ST": "total", "ST_conf": "total +-"}


def _problem(count: int) -> dict[str, Any]:
    return {
        "num_vars": count,
        "names": [f"p{place}" for place in range(count)],
        "bounds": [[0.0, 1.0]] * count,
    }


def _prcc(shares: Vector, values: Vector) -> pd.DataFrame:
    """Return partial rank correlations, and how likely ones so large are by chance."""
    points, count = shares.shape
    free = points - count - 1
    if free < 1:
        raise AnalysisError(
            f"Only {points} points have a number, too few for {count} parameters; draw more."
        )
    ranks = stats.rankdata(np.column_stack([shares, values]), axis=0)
    spread = ranks.std(axis=0)
    if spread[-1] == 0.0:
        return pd.DataFrame({"PRCC": np.zeros(count), "p": np.ones(count)})
    centred = ranks - ranks.mean(axis=0)
    found = np.zeros(count)
    for place in range(count):
        others = np.delete(centred[:, :-1], place, axis=1)
        pair = centred[:, [place, -1]]
        left = pair - others @ np.linalg.lstsq(others, pair)[0]
        sizes = np.linalg.norm(left, axis=0)
        # What the others tell in full leaves nothing to be correlated.
        if (sizes > 1e-9 * np.linalg.norm(pair, axis=0)).all():
            found[place] = np.clip(left[:, 0] @ left[:, 1] / sizes.prod(), -1.0, 1.0)
    with np.errstate(divide="ignore"):
        ratio = np.abs(found) * np.sqrt(free / (1 - found**2))
    return pd.DataFrame({"PRCC": found, "p": 2 * stats.t.sf(ratio, free)})
