"""How much cells differ from each other: by chance reactions, or by amounts that differ.

Of each readout: mean, variance, Fano factor (variance over mean, which of a Poisson distribution of
molecules is 1), coefficient of variation, and the distribution.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from scipy import stats

from ..simulation.results import figures
from ..simulation.results.figures import COLOURS
from ..simulation.scans.parts import REPLICATE
from .asking.answer import Answer, Drawn
from .asking.grid import AnalysisError
from .time_course import label, readouts

CELL: Final = "virtual_cell"
"""The axis of cells whose amounts differ."""
_ONE: Final = (REPLICATE, CELL)
# Fewer have no distribution.
_LEAST: Final = 10
# More distributions in one panel cannot be told apart.
_MOST: Final = 4
_COLUMNS: Final = 3
# How rarely chance alone takes a Fano factor further from 1 than is let pass.
_RARE: Final = 0.003
# A Fano factor that is further from 1 is not near it, however few cells there are.
_NEAR: Final = 0.25

Vector = NDArray[np.float64]


def moments(values: Vector) -> dict[str, float]:
    """Return what a distribution is like.

    Parameters
    ----------
    values : array of shape (cells,)
        Those without a number are left out.

    Returns
    -------
    dict
        ``mean``, ``variance``, ``Fano``, ``CV``, ``5 %``, ``median`` and ``95 %``; NaN where there
        is none, as there is no Fano factor of what is zero on average.
    """
    known = values[np.isfinite(values)]
    if len(known) < 2:
        return dict.fromkeys(("mean", "variance", "Fano", "CV", "5 %", "median", "95 %"), np.nan)
    mean, variance = float(known.mean()), float(known.var(ddof=1))
    low, middle, high = np.quantile(known, [0.05, 0.5, 0.95]).tolist()
    return {
        "mean": mean,
        "variance": variance,
        "Fano": variance / mean if mean > 0 else np.nan,
        "CV": float(np.sqrt(variance)) / mean if mean > 0 else np.nan,
        "5 %": low,
        "median": middle,
        "95 %": high,
    }


def answer(data: xr.Dataset, settings: Mapping[str, Any] | None = None) -> Answer:
    """Return how each readout is distributed, under each condition at each time.

    Parameters
    ----------
    data : xarray.Dataset
        Readouts over replicates or :data:`CELL`, what else is varied, and ``time``.
    settings : mapping, optional
        What was asked, for the record.

    Raises
    ------
    AnalysisError
        If there are too few cells for a distribution.
    """
    (one,) = (name for name in _ONE if name in data.dims)
    if data.sizes[one] < _LEAST:
        raise AnalysisError(
            f"{data.sizes[one]} cells have no distribution; ask for {_LEAST} at least."
        )
    table = pd.DataFrame(
        [
            {
                "readout": name,
                **place,
                "time (h)": time / 3600,
                **moments(_values(data, name, place, time, one)),
                "unit": data[name].attrs.get("units", ""),
            }
            for name in readouts(data)
            for place in _places(data, one)
            for time in data.time.to_numpy().tolist()
        ]
    )
    return Answer(
        "stochastic",
        "How much cells differ",
        list(_said(data, table, one)),
        table,
        data,
        lambda: draw(data),
        settings or {},
    )


def _places(data: xr.Dataset, one: str) -> list[dict[str, Any]]:
    names = [str(name) for name in data.message.dims if name != one]
    values = [data[name].to_numpy().tolist() for name in names]
    return [dict(zip(names, each, strict=True)) for each in product(*values)]


def _values(data: xr.Dataset, name: str, place: Mapping[str, Any], time: float, one: str) -> Vector:
    return data[name].sel({**place, "time": time}).transpose(one).to_numpy()


def _said(data: xr.Dataset, table: pd.DataFrame, one: str) -> Iterator[str]:
    failed = int((data.message != "").sum())
    if failed:
        first = next(filter(None, data.message.to_numpy().ravel().tolist()))
        yield f"{failed} of {data.message.size} cells gave no numbers; the first: {first}"
    why = "chance reactions" if one == REPLICATE else "amounts that differ"
    yield f"{data.sizes[one]} cells differ by {why}."
    last = table[table["time (h)"] == table["time (h)"].max()]
    known = last.dropna(subset="CV").sort_values("CV")
    if len(known):
        least, most = known.iloc[0], known.iloc[-1]
        yield (
            f"Steadiest is {least.readout} (CV {least.CV:.2g}), most variable {most.readout} "
            f"(CV {most.CV:.2g})."
        )
    if one == REPLICATE:
        # Between these the Fano factor of so many draws from a Poisson distribution lies.
        free = data.sizes[one] - 1
        low, high = stats.chi2.ppf([_RARE / 2, 1 - _RARE / 2], free) / free
        poisson = known[known.Fano.between(max(low, 1 - _NEAR), min(high, 1 + _NEAR))]
        counted = known[known.unit.isin(["", "1", "item", "dimensionless"])]
        alike = [name for name in poisson.readout.unique() if name in set(counted.readout)]
        if alike:
            yield f"As if made and lost one by one, with a Fano factor near 1: {', '.join(alike)}."


def draw(data: xr.Dataset) -> Drawn:
    """Draw the distribution of each readout at the last time, a panel a readout."""
    (one,) = (name for name in _ONE if name in data.dims)
    names, places = readouts(data), _places(data, one)[:_MOST]
    columns = min(_COLUMNS, len(names))
    parts = []
    with mpl.rc_context(figures.STYLE):
        rows = -(-len(names) // columns)
        figure, panels = figures.panels(rows, columns, width=3.0, height=2.3)
        for axes, name in zip(panels, names, strict=False):
            time = data.time.to_numpy()[-1]
            series = [_values(data, name, place, time, one) for place in places]
            known = [each[np.isfinite(each)] for each in series]
            edges = _edges(np.concatenate(known))
            for colour, place, values in zip(COLOURS.values(), places, known, strict=False):
                if not len(values):
                    continue
                heights, _ = np.histogram(values, edges)
                share = 100 * heights / len(values)
                axes.stairs(share, edges, color=colour, fill=True, alpha=0.3)
                axes.stairs(share, edges, color=colour, linewidth=1.4, label=label(place, data))
                parts.append(
                    pd.DataFrame(
                        {
                            "readout": name,
                            **place,
                            "from": edges[:-1],
                            "to": edges[1:],
                            "cells (%)": share,
                        }
                    )
                )
            unit = data[name].attrs.get("units", "")
            axes.set(xlabel=unit if unit not in ("1", "dimensionless") else "", ylabel="cells (%)")
            axes.set_title(name)
        for axes in panels[len(names) :]:
            axes.set_axis_off()
        if len(places) > 1:
            handles, labels = panels[0].get_legend_handles_labels()
            figure.legend(handles, labels, loc="outside lower center", ncols=min(len(places), 3))
    return {"stochastic": (figure, pd.concat(parts, ignore_index=True))}


def _edges(values: Vector) -> Vector:
    """Return edges of bins: one a molecule where there are few, else as many as are readable."""
    if not len(values) or np.ptp(values) == 0:
        middle = float(values[0]) if len(values) else 0.0
        return np.array([middle - 0.5, middle + 0.5])
    whole = bool((values == np.round(values)).all()) and np.ptp(values) <= 40
    if whole:
        return np.arange(values.min() - 0.5, values.max() + 1)
    return np.histogram_bin_edges(values, bins=min(30, max(8, len(values) // 12)))
