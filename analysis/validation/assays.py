"""What an assay makes of a level: it shows some background besides, and ratios shrink.

Arrays, beads and blots show a signal where there is no phosphorylated protein. How much is told of
no data set, so that it is a share of the typical level of a readout in a data set, one for each of
both, with a prior. A change from ``below`` to ``above`` is seen as::

    log2((above + share * typical) / (below + share * typical))
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .. import losses
from .levels import NOTHING

Vector = NDArray[np.float64]
Batch = tuple[str, str]
"""A data set and a readout."""

USUAL: Final = 0.1
"""The share of an assay of which nothing is known."""
SPREAD: Final = float(np.log(3.0))
"""Standard deviation of the logarithm of shares."""
# Shares are looked for in this range, more finely in each round.
_RANGE: Final = (float(np.log(1e-3)), float(np.log(10.0)))
_POINTS: Final = 33
_ROUNDS: Final = 5


def batches(datasets: Sequence[str], readouts: Sequence[str]) -> dict[Batch, NDArray[np.int64]]:
    """Return the rows of each batch."""
    found: dict[Batch, list[int]] = {}
    for row, batch in enumerate(zip(datasets, readouts, strict=True)):
        found.setdefault(batch, []).append(row)
    return {batch: np.array(rows) for batch, rows in found.items()}


def typical(above: Vector, below: Vector) -> float:
    """Return the typical level of a batch: the geometric mean of all."""
    both = np.maximum(np.concatenate([above, below]), NOTHING)
    return float(np.exp(np.mean(np.log(both))))


def seen(above: Vector, below: Vector, background: float | Vector) -> Vector:
    """Return log2 ratios over a background; backgrounds of shape (n, 1) give rows."""
    return np.log2(
        (np.maximum(above, NOTHING) + background) / (np.maximum(below, NOTHING) + background)
    )


def fitted(
    above: Vector, below: Vector, measured: Vector, spread: Vector, weight: Vector | float = 1.0
) -> float:
    """Return the share with which a batch is seen most nearly as it was measured.

    Parameters
    ----------
    above, below : array of shape (targets,)
        Levels of a model.
    measured, spread : array of shape (targets,)
        log2 ratios, and their standard deviations.
    weight : array of shape (targets,), optional
        How often each counts; once by default.
    """
    low, high = _RANGE
    level, best = typical(above, below), float(np.log(USUAL))
    for _ in range(_ROUNDS):
        logs = np.linspace(low, high, _POINTS)
        off = seen(above, below, np.exp(logs)[:, None] * level) - measured
        costs = (weight * losses.bent(off / spread)[0] ** 2).sum(axis=1) + prior(logs) ** 2
        best = float(logs[np.argmin(costs)])
        step = float(logs[1] - logs[0])
        low, high = max(best - step, _RANGE[0]), min(best + step, _RANGE[1])
    return float(np.exp(best))


def prior(logs: Vector | float) -> Vector | float:
    """Return how far logarithms of shares lie from the usual one, in standard deviations."""
    return (logs - np.log(USUAL)) / SPREAD


def elsewhere(frame: pd.DataFrame) -> Vector:
    """Return what assays show of predictions, with backgrounds that other data sets tell.

    A batch's background is the geometric mean of those that fit the same readout in other data sets
    best, and of the usual one, which counts as one of them. So none of what was measured in a data
    set is seen for it.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`.scores.frame` gives it, without rows that have no prediction.
    """
    column = {
        name: frame[name].to_numpy(dtype=float) for name in ("above", "below", "log2", "spread")
    }
    batched = batches(frame["dataset"].tolist(), frame["readout"].tolist())
    shares = {
        batch: fitted(*(column[name][rows] for name in ("above", "below", "log2", "spread")))
        for batch, rows in batched.items()
    }
    found = np.zeros(len(frame))
    for (dataset, readout), rows in batched.items():
        others = [np.log(s) for (d, r), s in shares.items() if r == readout and d != dataset]
        share = float(np.exp(np.mean([np.log(USUAL), *others])))
        above, below = column["above"][rows], column["below"][rows]
        found[rows] = seen(above, below, share * typical(above, below))
    return found
