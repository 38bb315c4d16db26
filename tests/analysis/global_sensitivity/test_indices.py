"""Indices of global sensitivity against what is known in closed form."""

import numpy as np
import pytest
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.global_sensitivity.indices import indices, sample
from mtorules.simulation.scans.sampling import Range
from SALib.test_functions import Ishigami
from scipy import stats

THREE = [Range(-np.pi, np.pi)] * 3


def test_sobol_indices_of_ishigamis_function() -> None:
    """With a = 7 and b = 0.1: Saltelli 2008, and by hand."""
    shares = sample(THREE, "sobol", 2048, 0)
    found = indices("sobol", shares, Ishigami.evaluate(-np.pi + 2 * np.pi * shares))
    a, b = 7.0, 0.1
    total = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = np.array([0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, 0.0]) / total
    both = 8 * b**2 * np.pi**8 / 225 / total
    assert found["first"].to_numpy() == pytest.approx(first, abs=0.02)
    assert found["total"].to_numpy() == pytest.approx(
        [*(first + np.array([both, 0, both]))], abs=0.02
    )


def test_effects_of_a_linear_function_are_its_slopes() -> None:
    shares = sample(THREE, "morris", 8, 0)
    found = indices("morris", shares, shares @ [3.0, -1.0, 0.0])
    assert found["mu*"].to_numpy() == pytest.approx([3, 1, 0], abs=1e-9)
    assert found["mu"].to_numpy() == pytest.approx([3, -1, 0], abs=1e-9)
    assert found["sigma"].to_numpy() == pytest.approx([0, 0, 0], abs=1e-9)


def test_prcc_is_the_correlation_of_what_the_others_leave() -> None:
    """Against residuals of two regressions on ranks, and p values of SciPy."""
    random = np.random.default_rng(3)
    shares = sample(THREE, "prcc", 200, 0)
    values = np.exp(3 * shares[:, 0] - shares[:, 1] + random.normal(0, 0.5, 200))
    found = indices("prcc", shares, values)
    ranks = stats.rankdata(np.column_stack([shares, values]), axis=0)
    for place in range(3):
        others = np.column_stack([np.ones(200), np.delete(ranks[:, :3], place, axis=1)])
        left = [
            column - others @ np.linalg.lstsq(others, column)[0]
            for column in (ranks[:, place], ranks[:, 3])
        ]
        assert found["PRCC"][place] == pytest.approx(stats.pearsonr(*left).statistic)
    assert found["PRCC"][0] > 0.8
    assert found["p"][0] < 1e-10
    assert found["p"][2] > 0.01


def test_a_linear_function_without_noise_has_correlations_near_one() -> None:
    shares = sample(THREE[:2], "prcc", 400, 0)
    found = indices("prcc", shares, shares @ [1.0, -1.0])
    assert found["PRCC"].to_numpy() == pytest.approx([1, -1], abs=0.03)


@pytest.mark.parametrize("method", ["prcc", "morris", "sobol"])
def test_what_never_changes_follows_nothing(method: str) -> None:
    shares = sample(THREE, method, 16, 0)
    found = indices(method, shares, np.full(len(shares), 4.0))
    assert (found.iloc[:, 0] == 0).all()


def test_prcc_leaves_out_what_has_no_number_and_others_refuse() -> None:
    shares = sample(THREE, "prcc", 50, 0)
    values = shares[:, 0].copy()
    values[::5] = np.nan
    assert indices("prcc", shares, values)["PRCC"][0] == pytest.approx(1)
    with pytest.raises(AnalysisError, match="10 of 50"):
        indices("sobol", shares, values)
    with pytest.raises(AnalysisError, match="too few"):
        indices("prcc", shares, np.where(np.arange(50) < 4, values, np.nan))


@pytest.mark.parametrize(("method", "size"), [("prcc", 5), ("morris", 1), ("sobol", 12)])
def test_sizes_that_do_not_suit_are_refused(method: str, size: int) -> None:
    with pytest.raises(AnalysisError):
        sample(THREE, method, size, 0)
