"""How well a number tells who responds: ROC curves and the areas under them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Vector = NDArray[np.float64]


def auc(scores: Vector, responds: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return the area under the ROC curve, its standard error and its p value.

    It is how often a responder scores higher than another cell, ties counting half: the statistic
    of Mann and Whitney; the error is that of Hanley and McNeil 1982
    (doi:10.1148/radiology.143.1.7063747).
    """
    one, other = scores[responds], scores[~responds]
    found = stats.mannwhitneyu(one, other, alternative="two-sided")
    area = float(found.statistic) / (len(one) * len(other))
    both, twice = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area)
    variance += (len(one) - 1) * (both - area**2) + (len(other) - 1) * (twice - area**2)
    error = math.sqrt(max(variance, 0.0) / (len(one) * len(other)))
    return area, error, float(found.pvalue)


def roc(scores: Vector, responds: NDArray[np.bool_]) -> tuple[Vector, Vector]:
    """Return the shares of others and of responders that lie at or above each score, from none."""
    levels = np.unique(scores)[::-1]
    above = scores[:, None] >= levels[None, :]
    shares = [np.concatenate([[0.0], above[which].mean(axis=0)]) for which in (~responds, responds)]
    return shares[0], shares[1]
