"""Noise against closed forms: Poisson, negative binomial, and log-normal amounts."""

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis import stochastic
from mtorules.analysis.asking.grid import AnalysisError


def cells(values: np.ndarray) -> xr.Dataset:
    return xr.Dataset(
        {
            "A": (("cell", "replicate", "time"), values[None, :, None], {"units": "1"}),
            "message": (("cell", "replicate"), np.full((1, len(values)), "")),
        },
        {
            "cell": ["reference"],
            "replicate": np.arange(len(values)),
            "time": ("time", [3600.0], {"units": "s"}),
        },
    )


def test_a_negative_binomial_has_the_fano_factor_of_its_bursts() -> None:
    """Bursts of mean size b make 1 + b."""
    values = np.random.default_rng(0).negative_binomial(4, 1 / (1 + 5), 20000).astype(float)
    found = stochastic.moments(values)
    assert found["mean"] == pytest.approx(4 * 5, rel=0.03)
    assert found["Fano"] == pytest.approx(1 + 5, rel=0.05)
    assert found["CV"] == pytest.approx(np.sqrt((1 + 5) / 20), rel=0.05)


def test_the_table_and_the_figure_hold_every_cell() -> None:
    values = np.random.default_rng(0).poisson(9, 500).astype(float)
    values[3] = np.nan
    answer = stochastic.answer(cells(values))
    row = answer.table.iloc[0]
    assert row["mean"] == pytest.approx(np.nanmean(values))
    assert row["variance"] == pytest.approx(np.nanvar(values, ddof=1))
    assert any("Fano factor near 1: A" in sentence for sentence in answer.said)
    ((_, shown),) = answer.draw().values()
    assert shown["cells (%)"].sum() == pytest.approx(100)


def test_what_is_zero_has_no_fano_factor() -> None:
    answer = stochastic.answer(cells(np.zeros(20)))
    assert np.isnan(answer.table.Fano[0])
    answer.draw()


@pytest.mark.parametrize(
    "values",
    [np.full(12, 3.0), 100 - np.array([0.0, 1.0] * 6), np.random.default_rng(1).poisson(9, 12) * 5],
)
def test_of_few_cells_only_what_varies_as_chance_does_is_told_to(values: np.ndarray) -> None:
    """Constants, what was lost by one in a thousand, and bursts of five."""
    assert not any("Fano" in sentence for sentence in stochastic.answer(cells(values)).said)


def test_what_is_switched_among_a_hundred_is_not_made_and_lost_one_by_one() -> None:
    """The Fano factor of a third of a hundred is two thirds; 50 cells might have it of 1."""
    values = np.random.default_rng(2).binomial(100, 1 / 3, 50).astype(float)
    answer = stochastic.answer(cells(values))
    assert answer.table.Fano[0] == pytest.approx(2 / 3, abs=0.08)
    assert not any("Fano" in sentence for sentence in answer.said)


def test_few_cells_have_no_distribution() -> None:
    with pytest.raises(AnalysisError, match="no distribution"):
        stochastic.answer(cells(np.ones(5)))
