"""How our figures look, and how they are saved: PNG, SVG, and the table behind them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import matplotlib as mpl
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
