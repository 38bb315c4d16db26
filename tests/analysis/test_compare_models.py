"""Differences of two, told and ranked."""

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis import compare_models
from mtorules.analysis.asking.grid import AnalysisError


def numbers(values: list[float], unit: str = "nM", name: str = "A") -> xr.Dataset:
    return xr.Dataset(
        {
            name: (("cell", "time"), [values], {"units": unit}),
            "message": ("cell", np.array([""])),
        },
        coords={"cell": ["reference"], "time": ("time", np.arange(len(values)) * 3600.0)},
    )


def test_what_is_nothing_in_one_differs_most_and_traces_are_alike() -> None:
    data = {"x": numbers([1, 4, 0, 1e-9]), "y": numbers([2, 1, 3, 0])}
    answer = compare_models.answer(data)
    assert answer.table["y"].tolist() == [3, 1, 2, 0]
    assert answer.table["fold"].tolist()[1:] == pytest.approx([0.25, 2, 1])
    assert np.isnan(answer.table["fold"][0])
    assert answer.said[0].endswith("1 are nothing in one of them or have another sign.")
    answer.draw()


def test_what_has_another_sign_has_no_fold() -> None:
    answer = compare_models.answer({"x": numbers([2, 4]), "y": numbers([-2, 4])})
    assert np.isnan(answer.table["fold"][0])
    assert "1 are nothing in one of them or have another sign" in answer.said[0]


@pytest.mark.parametrize(
    ("other", "said"),
    [(numbers([1], unit="uM"), "nothing can be compared"), (numbers([1], name="B"), "no readout")],
)
def test_what_is_not_the_same_is_not_compared(other: xr.Dataset, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        compare_models.answer({"x": numbers([1]), "y": other})
