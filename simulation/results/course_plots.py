"""Drawing time courses: one panel for each unit, the largest curves named."""

from __future__ import annotations

from itertools import cycle
from typing import Final

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from ..experiments.experiments import Experiment
from . import figures
from .figures import COLOURS

# More curves than this in one panel cannot be told apart.
MOST: Final = 14


class DrawingError(ValueError):
    """There is nothing to draw; the message says why."""


def draw(data: xr.Dataset, experiment: Experiment | None = None) -> Figure:
    """Draw every observable of a time course.

    Parameters
    ----------
    data : xarray.Dataset
        Observables over ``time``; seconds are drawn as hours.
    experiment : Experiment, optional
        Where its periods start, a thin line is drawn.

    Notes
    -----
    Of more than :data:`MOST` observables of one unit, those that change most are drawn.

    Raises
    ------
    DrawingError
        If no time is finite.
    """
    units: dict[str, list[str]] = {}
    for name, values in data.data_vars.items():
        units.setdefault(values.attrs.get("units", ""), []).append(str(name))
    finite = data.sel(time=np.isfinite(data.time))
    if not finite.sizes["time"]:
        raise DrawingError("A course is drawn over time, and none of the times is finite.")
    unit_of_time = str(data.time.attrs.get("units", ""))
    # A file of others counts time as it does.
    scale, said = (3600.0, "h") if unit_of_time == "s" else (1.0, unit_of_time)
    with mpl.rc_context(figures.STYLE):
        figure, panels = figures.panels(len(units), 1, width=7.0, height=3.4)
        for axes, (unit, names) in zip(panels, units.items(), strict=True):
            chosen = sorted(names, key=lambda name: -np.ptp(finite[name].to_numpy()))[:MOST]
            styles = cycle(
                (colour, line) for line in ("-", "--", ":") for colour in COLOURS.values()
            )
            for name in (name for name in names if name in chosen):
                colour, line = next(styles)
                axes.plot(finite.time / scale, finite[name], line, color=colour, label=name)
            for period in experiment.periods if experiment else ():
                if 0 < float(period.start) < float(finite.time[-1]):
                    axes.axvline(float(period.start) / scale, color="#8A8A8A", linewidth=0.8)
            label = unit if unit not in ("", "dimensionless") else "value"
            axes.set(xlabel=f"time ({said})" if said else "time", ylabel=label)
            axes.set_ylim(bottom=min(0.0, *axes.get_ylim()))
            shown = f" ({MOST} of {len(names)}, those that change most)"
            axes.set_title(str(data.attrs.get("model", "")) + shown * (len(names) > MOST))
            axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure
