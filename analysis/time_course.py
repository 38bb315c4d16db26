"""Courses of chosen readouts under several conditions, with bands where there are many runs.

Whatever the words vary makes a line of its own: cells, doses, times of doses. What is drawn at
random, replicates of a stochastic simulation or samples of parameters, and the parameter sets of an
ensemble make a band instead: the median, and between which quantiles :data:`BAND` of all lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

from ..network.units.quantities import format_time
from ..simulation.results import figures
from ..simulation.results.figures import COLOURS
from ..simulation.scans.from_text import REFERENCE, SAMPLE
from ..simulation.scans.parts import REPLICATE
from .asking.answer import Answer, Drawn
from .asking.ensembles import BAND, MEMBER
from .asking.grid import AnalysisError, failures

MOST: Final = 12
"""More lines than this in one panel cannot be told apart."""
# A share of the highest value that no engine tells from zero.
_NOTHING: Final = 1e-12
_RANDOM: Final = (REPLICATE, SAMPLE, MEMBER)
# Panels in a row of the figure.
_COLUMNS: Final = 3


def answer(data: xr.Dataset, settings: Mapping[str, Any] | None = None) -> Answer:
    """Return courses as an answer.

    Parameters
    ----------
    data : xarray.Dataset
        Readouts over ``time`` (s) and what is varied, and ``message``: what :func:`.grid.ask`
        returns.
    settings : mapping, optional
        What was asked, for the record.

    Raises
    ------
    AnalysisError
        If more than :data:`MOST` lines would share a panel, or there is one time alone.
    """
    if data.sizes["time"] < 2:
        raise AnalysisError("A course has at least two times; write them as in '0..24 h lin 97'.")
    if not np.isfinite(data.time).all():
        raise AnalysisError("A course is drawn over time; leave 'inf' out of the times.")
    lines = list(_lines(data))
    if len(lines) > MOST:
        raise AnalysisError(
            f"{len(lines)} lines would share a panel, and no more than {MOST} can be told apart; "
            "ask for fewer cells or doses."
        )
    table = _table(data)
    return Answer(
        "time_course",
        "Time courses",
        list(_said(data)),
        table,
        data,
        lambda: draw(data),
        settings or {},
    )


def readouts(data: xr.Dataset) -> list[str]:
    """Return what was looked at; ``message`` is not among it."""
    return [str(name) for name in data.data_vars if name != "message"]


def quantiles(values: xr.DataArray) -> xr.DataArray:
    """Return lower end, median and upper end of the band, over ``quantile`` and what is varied.

    Where nothing is random, all three are the value itself.
    """
    random = [name for name in _RANDOM if name in values.dims]
    if not random:
        return xr.concat([values] * 3, pd.Index(_QUANTILES, name="quantile"))
    return values.quantile(_QUANTILES, dim=random, skipna=True, keep_attrs=True)


_QUANTILES: Final = ((1 - BAND) / 2, 0.5, (1 + BAND) / 2)


def label(place: Mapping[str, Any], data: xr.Dataset) -> str:
    """Return what sets a line apart, for a legend: ``PTEN_null, dose_everolimus 20 nM``."""
    parts = []
    for name, value in place.items():
        unit = data[name].attrs.get("units", "")
        if isinstance(value, str):
            if data.sizes[name] > 1 or value != REFERENCE:
                parts.append(value)
        elif unit == "s":
            parts.append(f"{name} {format_time(value)}")
        else:
            what = name.removeprefix("dose_")
            parts.append(f"{what} {value:g} {unit if unit != '1' else ''}".strip())
    return ", ".join(parts) or str(data.attrs.get("model", "model"))


def _lines(data: xr.Dataset) -> Iterator[dict[str, Any]]:
    """Yield the place of each line among what is varied, other than at random."""
    dimensions = data[readouts(data)[0]].dims
    names = [str(name) for name in dimensions if name not in (*_RANDOM, "time")]
    for values in product(*(data[name].to_numpy().tolist() for name in names)):
        yield dict(zip(names, values, strict=True))


def _table(data: xr.Dataset) -> pd.DataFrame:
    """Return start, extremes and end of each line, a row each."""
    rows = []
    for name in readouts(data):
        for place in _lines(data):
            band = quantiles(data[name]).sel(place)
            low, middle, high = band.transpose("quantile", "time").to_numpy()
            top = int(np.nanargmax(middle)) if np.isfinite(middle).any() else 0
            row = {
                "readout": name,
                **place,
                "first": middle[0],
                "highest": middle[top],
                "highest at (h)": float(data.time[top]) / 3600,
                "last": middle[-1],
            }
            if any(random in data.dims for random in _RANDOM):
                row |= {"last, low": low[-1], "last, high": high[-1]}
            rows.append(row | {"unit": data[name].attrs.get("units", "")})
    return pd.DataFrame(rows)


def _said(data: xr.Dataset) -> Iterator[str]:
    yield from failures(data)
    random = [f"{data.sizes[name]} {name}s" for name in _RANDOM if name in data.dims]
    if random:
        yield f"Of {' and '.join(random)} the median is given, and where {BAND:.0%} of them lie."
    for name in readouts(data):
        unit = data[name].attrs.get("units", "")
        told = []
        lines = list(_lines(data))
        for place in lines:
            middle = quantiles(data[name]).sel(place).isel(quantile=1)
            values = [float(middle.isel(time=end)) for end in (0, -1)]
            if not np.isfinite(values).all():
                continue
            # Of this line: beside one that runs off all others would be nothing.
            nothing = _NOTHING * float(np.abs(middle).max())
            ends = [f"{0 if abs(value) < nothing else value:.3g}" for value in values]
            which = f" ({label(place, data)})" if len(lines) > 1 else ""
            told.append(f"from {ends[0]} to {ends[1]}{which}")
        if told:
            yield f"{name} goes {', '.join(told)}{'' if unit in ('', '1') else f'; in {unit}'}."


def draw(data: xr.Dataset) -> Drawn:
    """Draw a panel a readout, and in it a line for whatever is varied."""
    names = readouts(data)
    columns = min(_COLUMNS, len(names))
    rows = -(-len(names) // columns)
    lines = list(_lines(data))
    with mpl.rc_context(figures.STYLE):
        figure, panels = figures.panels(rows, columns, width=3.4, height=2.6)
        parts = [_panel(axes, data, name) for axes, name in zip(panels, names, strict=False)]
        for axes in panels[len(names) :]:
            axes.set_axis_off()
        if len(lines) > 1:
            handles, labels = panels[0].get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside lower center", ncols=min(len(lines), 3))
    return {"time_course": (figure, pd.concat(parts, ignore_index=True))}


def _panel(axes: Axes, data: xr.Dataset, name: str) -> pd.DataFrame:
    hours = data.time.to_numpy() / 3600
    band = quantiles(data[name])
    palette = list(COLOURS.values())
    parts = []
    for index, place in enumerate(_lines(data)):
        low, middle, high = band.sel(place).transpose("quantile", "time").to_numpy()
        colour = palette[index % len(palette)]
        axes.plot(
            hours,
            middle,
            "-" if index < len(palette) else "--",
            color=colour,
            label=label(place, data),
        )
        if (high > low).any():
            axes.fill_between(hours, low, high, color=colour, alpha=0.2, linewidth=0)
        parts.append(
            pd.DataFrame(
                {
                    "readout": name,
                    **place,
                    "time (h)": hours,
                    "low": low,
                    "median": middle,
                    "high": high,
                    "unit": data[name].attrs.get("units", ""),
                }
            )
        )
    unit = data[name].attrs.get("units", "")
    axes.set(xlabel="time (h)", ylabel=unit if unit not in ("", "1", "dimensionless") else "")
    axes.set_xlim(hours[0], hours[-1])
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    axes.set_title(name)
    return pd.concat(parts, ignore_index=True)
