"""Responders and what tells them, on numbers made by hand."""

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.population import question


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


def test_cells_that_lose_all_respond_most() -> None:
    found = data()
    m = found.marker.sel(candidate="M").to_numpy()
    left = np.where(m > 1.6, 0.0, 8.0 / m)
    found["R"] = (("treatment", "virtual_cell"), np.stack([np.full(len(m), 8.0), left]))
    answer = question.answer(found, "R", 0.5)
    assert f"100% of {len(m)} cells" in answer.said[0]
    assert answer.table.AUC[0] == 1.0
    answer.draw()
    few = question.answer(found, "R", 0.2)
    assert "responders are those that have none left" in few.said[0]


def test_a_drug_without_effect_has_no_responders() -> None:
    found = data()
    found["R"] = found.R.where(False, 8.0)
    with pytest.raises(AnalysisError, match="splits"):
        question.answer(found, "R", 0.5)


def test_cells_that_rounding_alone_sets_apart_respond_alike_and_tell_nothing() -> None:
    """Of a readout that the drug brings to a tenth in every cell no candidate tells responders."""
    found = data()
    rounding = 1 + 1e-15 * np.random.default_rng(1).integers(0, 9, found.R.shape[1])
    found["R"] = found.R.where(False, 8.0) * rounding * np.array([[1.0], [0.1]])
    with pytest.raises(AnalysisError, match="alike"):
        question.answer(found, "R", 0.5)
    found = data()
    found["S"] = found.R.where(False, 8.0) * rounding
    assert question.answer(found, "R", 0.5).table.candidate.tolist() == ["M", "N"]
