"""What one data set says of another: how near a prediction can come at all.

Where two data sets looked at the same readout of the same line after the same agents, either
predicts the other. A model that does as well has nothing left to explain there but what sets the
two laboratories apart.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import pandas as pd

from . import scores
from .scores import Vector

OTHERS: Final = "the other data sets"
"""What was measured elsewhere, among what predicts."""
# Times within this factor are alike.
_ALIKE: Final = 3.0


def elsewhere(frame: pd.DataFrame) -> Vector:
    """Return what other data sets measured of the same readout, line and agents, in the median.

    Agents are the drugs where the reference is their vehicle, and the ligands elsewhere, at any
    dose; times lie within a factor of three.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`.scores.frame` gives it.

    Returns
    -------
    array of shape (rows,)
        log2; NaN where no other data set has it.
    """
    found = np.full(len(frame), np.nan)
    named = frame.reset_index(drop=True)
    named["agents"] = [
        _agents(drug if reference == "vehicle" else stimulus, reference == "vehicle")
        for drug, stimulus, reference in zip(
            named["drug"], named["stimulus"], named["reference"], strict=True
        )
    ]
    named["hours"] = np.log(named["time_h"])
    for _, group in named.groupby(["line", "agents", "readout"], sort=False):
        apart = group["dataset"].to_numpy()[:, None] != group["dataset"].to_numpy()
        hours = group["hours"].to_numpy()
        near = apart & (np.abs(hours[:, None] - hours) <= math.log(_ALIKE) + 1e-9)
        log2 = group["log2"].to_numpy()
        for row, others in zip(group.index, near, strict=True):
            if others.any():
                found[row] = np.median(log2[others])
    return found


def table(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of the model and of other data sets, on rows that both predict.

    Parameters
    ----------
    frame : pandas.DataFrame
        As :func:`.scores.frame` gives it, without rows that have no prediction.

    Returns
    -------
    pandas.DataFrame
        As :func:`.scores.beside` gives it; empty where no two data sets meet.
    """
    others = elsewhere(frame)
    both = np.isfinite(others)
    if not both.any():
        return pd.DataFrame()
    return scores.beside(frame[both].reset_index(drop=True), {OTHERS: others[both]})


def _agents(given: str, drugs: bool) -> str:
    """Return what was given, whatever its dose, as one word."""
    names = sorted(each.partition("=")[0].strip() for each in given.split(" + "))
    return f"{'drug' if drugs else 'ligand'}: {names}"
