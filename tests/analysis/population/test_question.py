"""ROC and responders, against SciPy, closed forms and numbers made by hand."""

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.population import question
from scipy import integrate, stats


def test_the_area_is_that_under_the_curve_and_mann_whitneys_statistic() -> None:
    random = np.random.default_rng(1)
    responds = np.arange(60) < 25
    scores = np.round(random.normal(responds * 0.8, 1), 1)  # with ties
    area, error, p = question.auc(scores, responds)
    x, y = question.roc(scores, responds)
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
    area, error, _ = question.auc(random.normal(responds * 1.0, 1), responds)
    assert area == pytest.approx(stats.norm.cdf(1 / np.sqrt(2)), abs=4 * error)


def data(count: int = 40) -> xr.Dataset:
    """Cells of which those with more of M respond; U stays, N says nothing."""
    random = np.random.default_rng(0)
    m, n = random.uniform(1, 2, (2, count))
    r = np.stack([np.full(count, 8.0), 8.0 / m])
    return xr.Dataset(
        {
            "R": (("treatment", "virtual_cell"), r),
            "message": (("treatment", "virtual_cell"), np.full(r.shape, "")),
            "marker": (("virtual_cell", "candidate"), np.stack([n, m], axis=1)),
        },
        {
            "treatment": ["untreated", "drug"],
            "candidate": ["N", "M"],
            "virtual_cell": [f"c{i}" for i in range(count)],
            "genotype": ("virtual_cell", [""] * count),
        },
    )


def test_what_decides_tells_responders_and_what_is_alike_is_left_out() -> None:
    answer = question.answer(data(), "R", 0.5)
    assert answer.table.candidate.tolist() == ["M", "N"]  # R untreated is alike in all
    assert answer.table.AUC[0] == 1.0
    assert answer.table.AUC[1] == pytest.approx(0.5, abs=0.3)
    assert "more M (AUC 1.00)" in answer.said[0]
    assert answer.tables["responses"].drug.to_numpy() == pytest.approx(
        -np.log2(data().marker.sel(candidate="M").to_numpy())
    )
    ((figure, _),) = answer.draw().values()
    assert len(figure.axes) == 4


def test_a_drug_without_effect_has_no_responders() -> None:
    found = data()
    found["R"] = found.R.where(False, 8.0)
    with pytest.raises(AnalysisError, match="splits"):
        question.answer(found, "R", 0.5)
