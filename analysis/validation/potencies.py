"""Half-way doses, measured and predicted, where a drug was given at several doses.

The half-way dose is where a readout first comes down to half of its vehicle, between two doses on
a logarithmic scale; the same is done to what was measured and what was predicted.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from ...network.units.quantities import QuantityError, nanomolar

# So many doses make a series.
_LEAST: Final = 4
_HALF: Final = -1.0
_SAME: Final = ("dataset", "line", "medium", "stimulus", "lead_h", "time_h", "readout")


def half_way(doses: Sequence[float], ratios: Sequence[float]) -> float:
    """Return the dose at which a log2 ratio first falls to one half.

    Parameters
    ----------
    doses : sequence of float
        In nM, upwards.
    ratios : sequence of float
        log2 of the ratio to the vehicle at each.

    Returns
    -------
    float
        ``inf`` if it never does, 0 if it has at the lowest dose.

    Examples
    --------
    >>> half_way([1.0, 10.0, 100.0], [0.0, -0.5, -1.5])
    31.622776601683793
    """
    if ratios[0] <= _HALF:
        return 0.0
    for place in range(1, len(doses)):
        before, after = ratios[place - 1], ratios[place]
        if after <= _HALF:
            share = (before - _HALF) / (before - after)
            low, high = math.log10(doses[place - 1]), math.log10(doses[place])
            return 10 ** (low + share * (high - low))
    return math.inf


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return half-way doses of every series in a table of predictions (:func:`.scores.frame`).

    The fold is that of the predicted over the measured dose; NaN where one of them lies beyond the
    doses, which ``agree`` tells of: both lie beyond the same end, or neither does.
    """
    rows = []
    agents = frame["drug"].map(_single)
    singles = frame.assign(agent=agents.str[0], dose=agents.str[1])
    singles = singles[(singles["reference"] == "vehicle") & singles["agent"].notna()]
    for place, group in singles.groupby([*_SAME, "agent"], sort=False):
        series = group.groupby("dose")[["log2", "predicted"]].mean().sort_index()
        if len(series) < _LEAST:
            continue
        doses = series.index.to_list()
        measured, predicted = (half_way(doses, series[c].to_list()) for c in series)
        inside = [bool(0 < each < math.inf) for each in (measured, predicted)]
        fold = predicted / measured if all(inside) else math.nan
        agree = all(inside) or measured == predicted
        rows.append(
            {
                **dict(zip([*_SAME, "drug"], place, strict=True)),
                "doses": len(doses),
                "lowest_nM": doses[0],
                "highest_nM": doses[-1],
                "measured_nM": measured,
                "predicted_nM": predicted,
                "fold": fold,
                "agree": agree,
            }
        )
    columns = [*_SAME, "drug", "doses", "lowest_nM", "highest_nM", "measured_nM", "predicted_nM"]
    return pd.DataFrame(rows, columns=[*columns, "fold", "agree"])


def fold_error(potencies: pd.DataFrame) -> float:
    """Return the median over series of how many times the half-way dose is off, either way."""
    folds = potencies["fold"].dropna()
    return float(2 ** np.median(np.abs(np.log2(folds)))) if len(folds) else math.nan


def _single(text: str) -> tuple[str | None, float]:
    """Return name and dose (nM) of a drug that is given alone."""
    match = re.fullmatch(r"([^+=]+)=([^+]+)", text)
    if match is None:
        return None, math.nan
    try:
        return match[1].strip(), nanomolar(match[2].strip())
    except QuantityError:
        return None, math.nan
