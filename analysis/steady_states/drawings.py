"""Bifurcation diagrams: readouts over the parameter, stable states solid, unstable ones dashed."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from ..asking.answer import Drawn
from .equations import Span

_COLUMNS: Final = 3
_MARKS: Final = {"fold": "o", "Hopf point": "D", "branch point": "s"}


def draw(
    curves: pd.DataFrame, table: pd.DataFrame, varied: Span, units: Mapping[str, str]
) -> Drawn:
    """Draw a panel a readout; ``units`` has the unit of each."""
    names = list(units)
    columns = min(_COLUMNS, len(names))
    with mpl.rc_context(figures.STYLE):
        figure, panels = figures.panels(-(-len(names) // columns), columns, 3.4, 2.8)
        for axes, name in zip(panels, names, strict=False):
            _panel(axes, curves, table, varied, name)
            axes.set_ylabel(units[name] if units[name] not in ("1", "dimensionless") else "")
        for axes in panels[len(names) :]:
            axes.set_axis_off()
        handles = [
            Line2D([], [], color="black", label="stable"),
            Line2D([], [], color="black", linestyle="--", label="unstable"),
        ]
        handles += [
            Line2D([], [], color="black", linestyle="", marker=_MARKS[kind], label=kind)
            for kind in dict.fromkeys(table["point"])
        ]
        figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    return {"steady_states": (figure, curves)}


def _panel(axes: Axes, curves: pd.DataFrame, table: pd.DataFrame, varied: Span, name: str) -> None:
    for (_, branch), colour in zip(
        curves.groupby("branch"), list(COLOURS.values()) * 9, strict=False
    ):
        values, sizes = branch[varied.name].to_numpy(), branch[name].to_numpy()
        stable = branch["stable"].to_numpy()
        cuts = [0, *(np.flatnonzero(np.diff(stable.astype(int))) + 1), len(stable)]
        for first, last in itertools.pairwise(cuts):
            part = slice(first, min(last + 1, len(stable)))
            axes.plot(values[part], sizes[part], "-" if stable[first] else "--", color=colour)
    for kind, mark in _MARKS.items():
        points = table[table["point"] == kind]
        axes.plot(points[varied.name], points[name], mark, color="black", markersize=5)
    if varied.log:
        axes.set_xscale("log")
    axes.set(xlabel=varied.name, title=name)
    axes.set_xlim(varied.low, varied.high)
