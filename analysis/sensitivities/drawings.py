"""The figure of local sensitivities: a map of the parameters that matter most."""

from __future__ import annotations

from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from ...network.units.quantities import format_time
from ...simulation.results import figures

SHOWN: Final = 30
"""So many parameters fit one under the other."""
WEAK: Final = 0.01
"""What moves nothing by more than this is left out."""


def draw(data: xr.Dataset) -> Figure:
    """Draw by how many per cent observables rise when a parameter does by one, a panel a time.

    Parameters
    ----------
    data : xarray.Dataset
        What :func:`.forward.forward` or :func:`.differences.differences` returned.
    """
    found = data.relative.transpose("parameter", "time", "observable").to_numpy()
    weights = np.nan_to_num(np.abs(found)).max(axis=(1, 2))
    order = np.argsort(-weights, kind="stable")[:SHOWN]
    order = order[weights[order] > WEAK] if weights.max(initial=0.0) > WEAK else order
    names = data.parameter.to_numpy()[order]
    observables, times = data.observable.to_numpy().tolist(), data.time.to_numpy().tolist()
    with mpl.rc_context(figures.STYLE):
        width = 2.4 + 0.4 * len(observables) * len(times)
        size = (max(width, 4.2), max(1.6 + 0.18 * len(order), 3.0))
        figure = Figure(figsize=size, layout="constrained")
        panels = figure.subplots(1, len(times), squeeze=False, sharey=True)[0]
        for place, (axes, time) in enumerate(zip(panels, times, strict=True)):
            shown = pd.DataFrame(found[order, place], names, observables)
            figures.heat(axes, shown, (-1, 1), numbers=len(observables) * len(times) <= 8)
            axes.set_title(format_time(time))
        label = "% of the observable per % of the parameter"
        figures.scale(figure, panels, label, extend="both")
    return figure
