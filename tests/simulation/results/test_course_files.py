import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from mtorules.simulation.experiments.experiments import exposure
from mtorules.simulation.results import course_files
from mtorules.simulation.simulator import Simulator
from scipy.io import netcdf_file


@pytest.fixture(scope="module")
def course() -> xr.Dataset:
    """Three observables, one of them an amount, the last time the final rest."""
    simulator = Simulator("rapamycin", ["MTORC1", "RAPA_medium", "RAPA_total"])
    return simulator.run(exposure(["0 s", "1 h", "24 h", "inf"], doses={"RAPA_medium": "20 nM"}))


def test_tidy_has_one_number_a_row(course: xr.Dataset) -> None:
    table = course_files.tidy(course)
    assert list(table) == ["time", "observable", "value", "unit"]
    assert len(table) == 3 * 4
    assert list(table.observable.unique()) == ["MTORC1", "RAPA_medium", "RAPA_total"]
    units = dict(zip(table.observable, table.unit, strict=True))
    assert units == {"MTORC1": "nM", "RAPA_medium": "nM", "RAPA_total": "zmol"}
    for name, part in table.groupby("observable"):
        assert part.time.tolist() == [0.0, 3600.0, 86400.0, np.inf]
        assert part.value.tolist() == course[str(name)].to_numpy().tolist()


def test_csv_is_read_back_to_the_last_bit(course: xr.Dataset, tmp_path: Path) -> None:
    course_files.write(course, tmp_path / "course.csv")
    back = pd.read_csv(tmp_path / "course.csv")
    pd.testing.assert_frame_equal(back, course_files.tidy(course), rtol=1e-15)
    with (tmp_path / "course.csv").open(newline="") as file:  # a reader that guesses nothing
        rows = list(csv.DictReader(file))
    expected = np.concatenate([values.to_numpy() for values in course.data_vars.values()])
    assert [float(row["value"]) for row in rows] == expected.tolist()


def test_csv_of_a_course_is_that_of_its_dataset(tmp_path: Path) -> None:
    """Ours against pandas, numbers that need an exponent among them."""
    simulator = Simulator("rapamycin", ["MTORC1", "RAPA_medium", "RAPA_total", "MTORC1_RAPA"])
    course = simulator.course(exposure(["0 s", "1 h", "inf"], doses={"RAPA_medium": "1e-7 nM"}))
    assert course_files.text(course) == course_files.tidy(course.dataset()).to_csv(index=False)
    course_files.write(course, tmp_path / "course.csv")
    assert (tmp_path / "course.csv").read_text(encoding="utf-8") == course_files.text(course)
    course_files.write(course, tmp_path / "course.nc")
    with xr.open_dataset(tmp_path / "course.nc", decode_times=False) as back:
        assert list(back.data_vars) == list(course.observables)


@pytest.mark.parametrize("name", ["course.nc", "COURSE.NC"])
def test_netcdf_is_read_back_with_units(course: xr.Dataset, tmp_path: Path, name: str) -> None:
    course_files.write(course, tmp_path / name)
    with xr.open_dataset(tmp_path / name, decode_times=False) as back:
        assert list(back.data_vars) == list(course.data_vars)
        for variable in course.data_vars:
            assert np.array_equal(back[variable], course[variable])
            assert back[variable].attrs["units"] == course[variable].attrs["units"]
        assert back.time.to_numpy().tolist() == [0.0, 3600.0, 86400.0, np.inf]
        assert back.attrs["model"] == "rapamycin"
        assert json.loads(back.attrs["rest"]) == course.attrs["rest"]


def test_netcdf_is_of_the_kind_that_every_tool_reads(course: xr.Dataset, tmp_path: Path) -> None:
    """Against SciPy's reader of the classic format."""
    course_files.write(course, tmp_path / "course.nc")
    with netcdf_file(tmp_path / "course.nc", mmap=False) as file:
        assert file.variables["MTORC1"].units == b"nM"
        assert file.variables["MTORC1"][:].tolist() == course.MTORC1.to_numpy().tolist()


def test_writing_changes_nothing_in_hand(course: xr.Dataset, tmp_path: Path) -> None:
    before = course.copy(deep=True)
    course_files.write(course, tmp_path / "course.nc")
    assert course.identical(before)
    assert isinstance(course.attrs["rest"], dict)


def test_species_patterns_are_names_too(tmp_path: Path) -> None:
    course = Simulator("rapamycin", ["RAPA@medium", "cell"]).run(
        exposure([0.0], equilibrated=False)
    )
    course_files.write(course, tmp_path / "course.nc")
    with xr.open_dataset(tmp_path / "course.nc", decode_times=False) as back:
        assert set(back.data_vars) == {"RAPA@medium", "cell"}


@pytest.mark.parametrize("name", ["course.csv", "course.nc"])
def test_a_file_that_cannot_be_written_leaves_the_old_one(
    course: xr.Dataset, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text("old")
    broken = course.assign(text=("time", np.array([object()] * 4)))
    broken["text"].attrs["units"] = object()
    if name.endswith(".nc"):
        with pytest.raises((TypeError, ValueError)):
            course_files.write(broken, path)
        assert path.read_text(encoding="utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == [name]
    with pytest.raises(OSError, match="No such file or directory"):
        course_files.write(course, tmp_path / "missing" / name)
    assert [each.name for each in tmp_path.iterdir()] == [name]
