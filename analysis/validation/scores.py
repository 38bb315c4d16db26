"""How near predictions come to what was measured, as numbers.

Both are log2 ratios. They are clipped to :data:`CLIP` either way, since an assay that has come down
to its background does not fall further however far the protein does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from .predicting import Prediction

MODEL: Final = "the model"
"""What a model predicts, among rules."""
BIG: Final = 0.5
"""From here on a measured |log2| is a change."""
FLAT: Final = 0.05
"""Below this a predicted |log2| is none."""
CLIP: Final = 5.0
"""Larger ratios count as this."""
# Integration leaves differences of this size.
_NOISE: Final = 1e-6
# A correlation of fewer rows says nothing.
_LEAST: Final = 5
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Score:
    """How near predictions come; shares and correlations are NaN where there is nothing to count.

    Attributes
    ----------
    n, changed : int
        How many rows there are, and in how many |log2| was measured above :data:`BIG`.
    sign : float
        The share of all rows with the right sign, however small both are.
    sign_changed, opposite, flat : float
        Of the rows that changed, the shares with the right sign, the wrong one, and none
        (below :data:`FLAT`).
    rank : float
        Spearman's correlation.
    rmse : float
        Root of the mean squared difference, in log2.
    """

    n: int
    changed: int
    sign: float
    sign_changed: float
    opposite: float
    flat: float
    rank: float
    rmse: float


def clipped(values: ArrayLike) -> Vector:
    """Return log2 ratios, none larger than an assay sees."""
    return np.clip(np.asarray(values, dtype=float), -CLIP, CLIP)


def score(measured: ArrayLike, predicted: ArrayLike) -> Score:
    """Return how near predictions come to what was measured.

    Parameters
    ----------
    measured, predicted : array of shape (rows,)
        log2 ratios; all finite.
    """
    m, p = clipped(measured), clipped(predicted)
    changed = np.abs(m) > BIG
    same = np.sign(m) * _signs(p, FLAT)
    return Score(
        n=len(m),
        changed=int(changed.sum()),
        sign=_share(_signs(m, _NOISE) == _signs(p, _NOISE)),
        sign_changed=_share(same[changed] > 0),
        opposite=_share(same[changed] < 0),
        flat=_share(same[changed] == 0),
        rank=rank(m, p),
        rmse=float(np.sqrt(np.mean((m - p) ** 2))) if len(m) else np.nan,
    )


def _signs(values: Vector, least: float) -> Vector:
    return np.where(np.abs(values) < least, 0.0, np.sign(values))


def _share(held: NDArray[np.bool_]) -> float:
    return float(held.mean()) if held.size else np.nan


def rank(measured: ArrayLike, predicted: ArrayLike) -> float:
    """Return Spearman's correlation; NaN of few rows, or where one side is all alike."""
    m, p = clipped(measured), clipped(predicted)
    if len(m) < _LEAST or np.ptp(m) == 0 or np.ptp(p) == 0:
        return np.nan
    return float(stats.spearmanr(m, p).statistic)


def scaled_rmse(frame: pd.DataFrame, predicted: str = "predicted") -> float:
    """Return the RMSE after one factor for each readout of each data set.

    An assay with background, or one that saturates, shows all ratios smaller by a factor of its
    own; the factor is the one that fits best and is not below zero.
    """
    squares: list[float] = []
    for _, group in frame.groupby(["dataset", "readout"], sort=False):
        m, p = clipped(group["log2"]), clipped(group[predicted])
        size = float(p @ p)
        factor = max(float(m @ p) / size, 0.0) if size else 0.0
        squares += ((m - factor * p) ** 2).tolist()
    return float(np.sqrt(np.mean(squares))) if squares else np.nan


# -- tables ----------------------------------------------------------------------------------------


def frame(predictions: Sequence[Prediction]) -> pd.DataFrame:
    """Return predictions as a table: every field of the target, and what was predicted.

    Columns are those of a table of targets, then ``treatment``, ``drug_class``, ``predicted`` (NaN
    where there is none), ``residual`` (log2, both clipped), ``problem``, and the
    levels ``above`` and ``below`` that were compared.
    """
    rows = [
        {
            **{name: value for name, value in vars(each.target).items() if name != "where"},
            "treatment": each.target.treatment,
            "drug_class": each.drug_class,
            "predicted": each.predicted,
            "problem": each.problem,
            "above": each.above,
            "below": each.below,
        }
        for each in predictions
    ]
    table = pd.DataFrame(rows)
    return table.assign(residual=clipped(table["predicted"]) - clipped(table["log2"]))


def by(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the score of each value of a column, those with most rows first."""
    rows = [
        {column: name, **vars(score(group["log2"], group["predicted"]))}
        for name, group in frame.groupby(column, sort=True)
    ]
    table = pd.DataFrame(rows)
    return table.sort_values("n", ascending=False, kind="stable", ignore_index=True)


def median_rank(frame: pd.DataFrame, predicted: str = "predicted") -> float:
    """Return the median over readouts of the rank correlation within each."""
    ranks = [rank(g["log2"], g[predicted]) for _, g in frame.groupby("readout")]
    there = [each for each in ranks if np.isfinite(each)]
    return float(np.median(there)) if there else np.nan


def beside(frame: pd.DataFrame, rules: Mapping[str, ArrayLike]) -> pd.DataFrame:
    """Return the score of the model and, beside it, those of rules that need none.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`frame` gives it, without rows that have no prediction.
    rules : mapping
        What each rule predicts for the rows.
    """
    rows: list[dict[str, Any]] = []
    for name, guess in {MODEL: frame["predicted"], **rules}.items():
        guessed = frame.assign(guess=np.asarray(guess, dtype=float))
        rows.append(
            {
                "predicted by": name,
                **vars(score(guessed["log2"], guessed["guess"])),
                "median_rank": median_rank(guessed, "guess"),
                "scaled_rmse": scaled_rmse(guessed, "guess"),
            }
        )
    return pd.DataFrame(rows)
