"""Loops as bars of their gain, and modules as bars of their size."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from ..asking.answer import Drawn

_MOST: Final = 12
_WIDTH: Final = 60
_LINES: Final = 3


def draw(table: pd.DataFrame, experiments: Sequence[str], parts: Sequence[Sequence[str]]) -> Drawn:
    """Draw the loops of the largest gain, with and without the drug, and the modules."""
    known = table.dropna(subset=[f"gain, {name}" for name in experiments[:1]])
    shown = (known if len(known) else table).head(_MOST)
    with mpl.rc_context(figures.STYLE):
        height = 1.2 + 0.5 * max(len(shown), min(len(parts), _MOST), 3)
        figure, (left, right) = figures.panels(1, 2, width=5.0, height=height)
        _loops(left, shown, experiments)
        _modules(right, parts)
        if len(experiments) > 1:
            figure.legend(loc="outside lower left", ncols=len(experiments))
    return {"structure": (figure, shown)}


def _loops(axes: Axes, shown: pd.DataFrame, experiments: Sequence[str]) -> None:
    axes.set_title("Loops")
    if shown.empty:
        axes.text(0.5, 0.5, "no loops", ha="center", va="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    places = np.arange(len(shown))[::-1]
    thick = 0.8 / max(len(experiments), 1)
    for index, (name, colour) in enumerate(zip(experiments, COLOURS.values(), strict=False)):
        gains = shown[f"gain, {name}"].fillna(0.0)
        at = places + 0.4 - thick * (index + 0.5)
        axes.barh(at, gains, thick, color=colour, label=name)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(places, [_named(name) for name in shown["loop"]], fontsize=6.5)
    axes.set_xlabel("gain of the loop at rest (% per %)")
    sizes = shown[[f"gain, {name}" for name in experiments]].abs().to_numpy()
    finite = sizes[np.isfinite(sizes) & (sizes > 0)]
    if finite.size and finite.max() > 30 * np.median(finite):
        axes.set_xscale("symlog", linthresh=max(float(np.median(finite)) / 10, 1e-4))
        axes.tick_params(axis="x", labelsize=7, rotation=30)


def _modules(axes: Axes, parts: Sequence[Sequence[str]]) -> None:
    shown = parts[:_MOST]
    places = np.arange(len(shown))[::-1]
    axes.barh(places, [len(part) for part in shown], 0.6, color=COLOURS["sky"])
    axes.set_yticks(places, [_named(", ".join(part[:4])) for part in shown], fontsize=6.5)
    axes.set(title="Modules", xlabel="nodes")


def _named(text: str) -> str:
    lines = textwrap.wrap(text.replace("_", " "), _WIDTH)
    return "\n".join(lines[:_LINES]) + ("…" if len(lines) > _LINES else "")
