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

from .names import NO_DRUG
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
    changed, same = _directions(m, p)
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


def _directions(measured: Vector, predicted: Vector) -> tuple[NDArray[np.bool_], Vector]:
    """Return what changed, and 1 where a prediction goes the same way, -1 the other, 0 neither."""
    return np.abs(measured) > BIG, np.sign(measured) * _signs(predicted, FLAT)


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


def given(frame: pd.DataFrame) -> pd.Series[str]:
    """Return what cells got: the class of drugs, or else the ligands without their doses."""
    ligands = frame["stimulus"].str.replace(r"=[^+]*(?=\+|$)", " ", regex=True)
    ligands = ligands.str.replace(r"\s+", " ", regex=True).str.strip()
    drugs = frame["drug_class"].str.replace(" inhibitor", "")
    return drugs.where(frame["drug_class"] != NO_DRUG, ligands)


def missed(frame: pd.DataFrame) -> pd.DataFrame:
    """Return where changes have the opposite sign in the model or do not come, most first.

    A row is a readout of a line in a data set where the same was :func:`given`, at any dose and
    time. Columns are these four, how many ``changed``, and how many of them
    ``went_the_other_way`` and ``stood_still`` in the model.
    """
    changed, same = _directions(clipped(frame["log2"]), clipped(frame["predicted"]))
    found = frame[["dataset", "line", "readout"]].assign(given=given(frame))
    kinds = list(found.columns)
    found = found.assign(
        changed=changed, went_the_other_way=changed & (same < 0), stood_still=changed & (same == 0)
    )
    counts = found.groupby(kinds, as_index=False).sum()
    order = counts["went_the_other_way"] + counts["stood_still"]
    counts = counts.assign(order=order).sort_values("order", ascending=False, kind="stable")
    return counts[counts["order"] > 0].drop(columns="order").reset_index(drop=True)


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
