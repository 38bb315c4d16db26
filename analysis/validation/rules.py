"""Rules that predict without a model, which a model has to do better than."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from .names import NO_DRUG, table
from .scores import Vector

NO_CHANGE: Final = "no change"
MAJORITY: Final = "median of the readout"
ELSEWHERE: Final = "median of the readout in the other data sets"
BELOW: Final = "below the target goes down"


def all_rules(frame: pd.DataFrame) -> dict[str, Vector]:
    """Return what each rule predicts for the rows of a table (:func:`.scores.frame`)."""
    return {
        NO_CHANGE: np.zeros(len(frame)),
        MAJORITY: majority(frame),
        ELSEWHERE: elsewhere(frame),
        BELOW: below(frame),
    }


def majority(frame: pd.DataFrame) -> Vector:
    """Return the median of all that was measured of the same readout.

    The rule sees the answers; what it knows of a readout no fit could know better without a look at
    what was done to the cells.
    """
    return frame.groupby("readout")["log2"].transform("median").to_numpy(dtype=float)


def elsewhere(frame: pd.DataFrame) -> Vector:
    """Return the median of the same readout in all other data sets; 0 where no other has it."""
    found = np.zeros(len(frame))
    for (dataset, readout), group in frame.groupby(["dataset", "readout"], sort=False):
        others = frame[(frame["readout"] == readout) & (frame["dataset"] != dataset)]["log2"]
        if len(others):
            found[frame.index.get_indexer(group.index)] = float(others.median())
    return found


def below(frame: pd.DataFrame) -> Vector:
    """Return -1 for what a textbook draws below a drug's target, 1 for what a stimulus raises.

    Where a drug is compared with its vehicle, the stimulus is on both sides, and the drug decides;
    of several drugs any. All else is 0.
    """
    lists = {name: set(row["readouts"].split()) for name, row in table("below").items()}
    found = []
    for drugs, readout, reference in zip(
        frame["drug_class"], frame["readout"], frame["reference"], strict=True
    ):
        if reference != "vehicle":
            found.append(1.0 if readout in lists[NO_DRUG] else 0.0)
        else:
            hit = any(readout in lists.get(each, ()) for each in drugs.split(" + "))
            found.append(-1.0 if hit else 0.0)
    return np.array(found)
