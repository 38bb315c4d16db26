"""Time courses as files: tidy CSV for any tool, netCDF for arrays with their units."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import xarray as xr

from ..export.files import replacing


def tidy(data: xr.Dataset) -> pd.DataFrame:
    """Return a time course with one number a row.

    Parameters
    ----------
    data : xarray.Dataset
        Observables over ``time`` in seconds, as :meth:`.simulate.Simulator.run` gives them.

    Returns
    -------
    pandas.DataFrame
        Columns ``time`` (s), ``observable``, ``value`` and ``unit``, one observable after another.
    """
    parts = [
        pd.DataFrame(
            {
                "time": data.time.to_numpy(),
                "observable": name,
                "value": values.to_numpy(),
                "unit": values.attrs.get("units", ""),
            }
        )
        for name, values in data.data_vars.items()
    ]
    return pd.concat(parts, ignore_index=True)


def write(data: xr.Dataset, path: Path) -> None:
    """Write a time course as ``.csv`` or as ``.nc``, whole or not at all.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    with replacing(path) as scratch:
        if path.suffix.lower() == ".nc":
            plain = data.copy()
            plain.attrs = {
                key: value if isinstance(value, str) else json.dumps(value)
                for key, value in data.attrs.items()
            }
            plain.to_netcdf(scratch, engine="scipy")
        else:
            tidy(data).to_csv(scratch, index=False)
