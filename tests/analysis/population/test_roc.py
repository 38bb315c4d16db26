"""ROC curves against SciPy and closed forms."""

import numpy as np
import pytest
from mtorules.analysis.population import roc
from scipy import integrate, stats


def test_the_area_is_that_under_the_curve_and_mann_whitneys_statistic() -> None:
    random = np.random.default_rng(1)
    responds = np.arange(60) < 25
    scores = np.round(random.normal(responds * 0.8, 1), 1)  # with ties
    area, error, p = roc.auc(scores, responds)
    x, y = roc.roc(scores, responds)
    assert area == pytest.approx(integrate.trapezoid(y, x))
    known = stats.mannwhitneyu(scores[responds], scores[~responds])
    assert area == pytest.approx(known.statistic / (25 * 35))
    assert p == pytest.approx(known.pvalue)
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert 0.05 < error < 0.09


def test_the_area_of_two_normal_distributions_is_that_of_the_closed_form() -> None:
    """P(X > Y) = Phi(d / sqrt 2) for a distance of d standard deviations."""
    random = np.random.default_rng(2)
    responds = np.arange(8000) < 4000
    area, error, _ = roc.auc(random.normal(responds * 1.0, 1), responds)
    assert area == pytest.approx(stats.norm.cdf(1 / np.sqrt(2)), abs=4 * error)
