"""How our figures look, and how they are saved: PNG, SVG, and the table behind them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...network.files import replacing

# Okabe and Ito's palette, which colour-blind readers can tell apart.
COLOURS: Final = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "vermilion": "#D55E00",
    "purple": "#CC79A7",
    "sky": "#56B4E9",
    "grey": "#8A8A8A",
}
STYLE: Final[dict[Any, Any]] = {
    "font.size": 9,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "lines.linewidth": 1.8,
    # The same figure gives the same bytes.
    "svg.hashsalt": "mtorules",
    "svg.fonttype": "none",
}


def panels(
    rows: int, columns: int, width: float = 4.0, height: float = 3.0
) -> tuple[Figure, list[Axes]]:
    """Return an empty figure with a grid of panels, each ``width`` by ``height`` inches.

    Draw on it inside ``matplotlib.rc_context(STYLE)``.
    """
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, [panel for row in axes for panel in row]


def heat(
    axes: Axes, shown: pd.DataFrame, limits: tuple[float, float], *, numbers: bool = False
) -> None:
    """Draw a table as a map of colours, its names along the sides; what has no number is grey.

    Parameters
    ----------
    axes : Axes
        Where.
    shown : pandas.DataFrame
        Numbers; index and columns name them.
    limits : tuple of float
        Ends of the colours, which run from blue to red if zero lies between, and otherwise upwards.
    numbers : bool
        Whether each number stands on its colour.
    """
    low, high = limits
    values = shown.to_numpy(dtype=float)
    palette = mpl.colormaps["RdBu_r" if low < 0 < high else "viridis"].with_extremes(bad="#D9D9D9")
    axes.imshow(values, cmap=palette, vmin=low, vmax=high, aspect="auto")
    axes.set_xticks(
        range(shown.shape[1]),
        [str(name) for name in shown.columns],
        rotation=50,
        ha="right",
        rotation_mode="anchor",
        fontsize=7,
    )
    axes.set_yticks(range(shown.shape[0]), [str(name) for name in shown.index], fontsize=7)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    if numbers:
        for (row, column), value in np.ndenumerate(values):
            if np.isfinite(value):
                dark = abs(value) > 0.6 * max(abs(low), abs(high))
                colour = "white" if dark else "black"
                text = f"{value:z.2f}" if abs(value) < 10 else f"{value:.0f}"
                axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=6)


def scale(figure: Figure, panels: Sequence[Axes], label: str, *, extend: str = "neither") -> None:
    """Draw what the colours of maps (:func:`heat`) mean beside their panels."""
    image = panels[0].images[0]
    bar = figure.colorbar(image, ax=list(panels), shrink=0.6, aspect=20, pad=0.02, extend=extend)
    bar.set_label(label, fontsize=7)
    bar.ax.tick_params(labelsize=7)


def write(figure: Figure, path: Path) -> None:
    """Write a figure as PNG or SVG, as the ending says; the same figure gives the same bytes."""
    metadata = {"Software": None} if path.suffix.lower() == ".png" else {"Date": None}
    with mpl.rc_context(STYLE), replacing(path) as scratch:
        figure.savefig(scratch, dpi=160, metadata=metadata, format=path.suffix.lower()[1:])


def save(figure: Figure, table: pd.DataFrame, stem: Path) -> list[Path]:
    """Write ``stem`` as PNG and SVG with its table as CSV beside them; return the paths.

    Raises
    ------
    OSError
        If a file cannot be written; none is left half-written.
    """
    paths = [stem.with_suffix(suffix) for suffix in (".png", ".svg", ".csv")]
    for path in paths[:2]:
        write(figure, path)
    with replacing(paths[2]) as scratch:
        table.to_csv(scratch, index=False, float_format="%.6g")
    return paths
