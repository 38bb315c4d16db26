"""Time courses as files: tidy CSV for any tool, netCDF for arrays with their units."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ...network.files import replacing
from ..simulator import Course

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Text = Callable[[Course], str]


def text(course: Course) -> str:
    """Return a time course as CSV with one number a row, as :func:`tidy` orders them.

    Parameters
    ----------
    course : Course
        What :meth:`.simulator.Simulator.course` gives.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["time", "observable", "value", "unit"])
    times = course.times.tolist()
    for (name, about), values in zip(
        course.observables.items(), course.values.T.tolist(), strict=True
    ):
        unit = about.get("units", "")
        writer.writerows([time, name, value, unit] for time, value in zip(times, values))  # noqa: B905
    return file.getvalue()


def wide(course: Course) -> str:
    """Return a time course as CSV with one time a row and one column an observable.

    Units stand nowhere in it; :func:`text` has them.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["time", *course.columns.values()])
    writer.writerows(
        [time, *values]
        for time, values in zip(course.times.tolist(), course.values.tolist(), strict=True)
    )
    return file.getvalue()


def tidy(data: xr.Dataset) -> pd.DataFrame:
    """Return a time course with one number a row.

    Parameters
    ----------
    data : xarray.Dataset
        Observables over ``time`` in seconds, as :meth:`.simulator.Simulator.run` gives them.

    Returns
    -------
    pandas.DataFrame
        Columns ``time`` (s), ``observable``, ``value`` and ``unit``, one observable after another.
    """
    import pandas as pd

    times, variables = data.time.to_numpy(), data.variables
    parts = [
        pd.DataFrame(
            {
                "time": times,
                "observable": name,
                "value": variables[name].to_numpy(),
                "unit": variables[name].attrs.get("units", ""),
            }
        )
        for name in data.data_vars
    ]
    return pd.concat(parts, ignore_index=True)


def write(course: Course | xr.Dataset, path: Path, *, as_text: Text = text) -> None:
    """Write a time course as ``.csv`` or as ``.nc``, whole or not at all.

    Parameters
    ----------
    course : Course or xarray.Dataset
        What a :class:`.simulator.Simulator` gives; CSV is written sooner of a course.
    path : Path
        The file.
    as_text : callable
        How CSV of a course is laid out: :func:`text` or :func:`wide`.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with replacing(path) as scratch:
        if path.suffix.lower() == ".nc":
            data = course.dataset() if isinstance(course, Course) else course
            plain = data.copy()
            plain.attrs = {
                key: value if isinstance(value, str) else json.dumps(value)
                for key, value in data.attrs.items()
            }
            plain.to_netcdf(scratch, engine="scipy")
        elif isinstance(course, Course):
            scratch.write_text(as_text(course), encoding="utf-8")
        else:
            tidy(course).to_csv(scratch, index=False)
