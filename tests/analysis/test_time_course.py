"""Time courses: quantiles and lines against NumPy's own, on data made by hand."""

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis import time_course
from mtorules.analysis.asking.grid import AnalysisError


def courses(*, cells: int = 2, replicates: int = 0, times: int = 3) -> xr.Dataset:
    shape = (cells, replicates, times) if replicates else (cells, times)
    values = np.random.default_rng(1).uniform(1, 2, shape)
    dims = ("cell", "replicate", "time") if replicates else ("cell", "time")
    coords = {
        "cell": [f"c{i}" for i in range(cells)],
        "time": ("time", np.arange(times) * 3600.0, {"units": "s"}),
    }
    if replicates:
        coords["replicate"] = np.arange(replicates)
    return xr.Dataset(
        {
            "A": (dims, values, {"units": "nM"}),
            "message": (dims[:-1], np.full(shape[:-1], "")),
        },
        coords,
    )


def test_the_table_tells_where_each_line_begins_peaks_and_ends() -> None:
    data = courses()
    table = time_course.answer(data).table
    values = data.A.to_numpy()
    assert table["first"].tolist() == values[:, 0].tolist()
    assert table["last"].tolist() == values[:, -1].tolist()
    assert table["highest"].tolist() == values.max(axis=1).tolist()
    assert table["highest at (h)"].tolist() == values.argmax(axis=1).tolist()
    assert table["unit"].tolist() == ["nM", "nM"]


def test_what_is_said_tells_both_ends_of_each_line() -> None:
    data = courses(times=2)
    data.A[:] = [[4.0, 1.0], [1e-20, 2.0]]
    assert time_course.answer(data).said == ["A goes from 4 to 1 (c0), from 0 to 2 (c1); in nM."]
    data.A[0] = 1e30  # which makes nothing of all others
    said = time_course.answer(data).said
    assert said == ["A goes from 1e+30 to 1e+30 (c0), from 0 to 2 (c1); in nM."]
    data.A[0] = np.nan
    assert time_course.answer(data).said == ["A goes from 0 to 2 (c1); in nM."]


def test_replicates_make_a_band_and_no_lines() -> None:
    data = courses(replicates=101)
    answer = time_course.answer(data)
    last = data.A.to_numpy()[:, :, -1]
    assert answer.table["last"].to_numpy() == pytest.approx(np.median(last, axis=1))
    assert answer.table["last, low"].to_numpy() == pytest.approx(np.quantile(last, 0.05, axis=1))
    assert answer.table["last, high"].to_numpy() == pytest.approx(np.quantile(last, 0.95, axis=1))
    ((figure, shown),) = answer.draw().values()
    assert len(figure.axes[0].lines) == 2
    assert len(figure.axes[0].collections) == 2
    assert len(shown) == 2 * 3
    assert "101 replicates" in answer.said[0]


def test_failed_experiments_are_counted_and_told() -> None:
    data = courses()
    data["message"] = data.message.astype("<U20").copy()
    data.message[1] = "no rest"
    data.A[1] = np.nan
    answer = time_course.answer(data)
    assert answer.said[0] == "1 of 2 experiments gave no numbers; the first: no rest"
    answer.draw()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (courses(times=1), "at least two times"),
        (courses(cells=13), "13 lines"),
        (courses().assign_coords(time=[0.0, 1.0, np.inf]), "leave 'inf' out"),
    ],
)
def test_what_cannot_be_drawn_is_said(data: xr.Dataset, said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        time_course.answer(data)
