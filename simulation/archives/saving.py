"""What came of SED-ML, as tables and figures in a folder."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import matplotlib as mpl
import numpy as np

from ...network.files import replacing
from ..results import figures
from ..results.figures import COLOURS
from .running import Curve, Results
from .tasks import Rows

# More runs than this are drawn without a legend of their own.
_NAMED = 14


def save(results: Results, folder: Path) -> list[Path]:
    """Write each report as CSV and each plot as SVG, named by their ids; return the paths.

    Parameters
    ----------
    results : Results
        What came out.
    folder : Path
        Where to; it is made if need be.

    Raises
    ------
    OSError
        If a file cannot be written; none is left half-written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for (id, _), columns in results.reports.items():
        path = folder / f"{_plain(id)}.csv"
        with replacing(path) as scratch:
            scratch.write_text(table(columns), encoding="utf-8")
        written.append(path)
    for (id, title), curves in results.plots.items():
        path = folder / f"{_plain(id)}.svg"
        with mpl.rc_context(figures.STYLE):
            figures.write(_drawn(title or id, curves), path)
        written.append(path)
    return written


def table(columns: dict[str, Rows]) -> str:
    """Return a report as CSV, run after run; of several runs the first column is their number.

    Where data sets are of different lengths, the shorter end in empty cells.
    """
    runs = max((len(rows) for rows in columns.values()), default=0)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*(["run"] if runs > 1 else []), *columns])
    for run in range(runs):
        rows = [one[run].tolist() if run < len(one) else [] for one in columns.values()]
        for point in range(max(map(len, rows), default=0)):
            cells = [row[point] if point < len(row) else "" for row in rows]
            writer.writerow([*([run + 1] if runs > 1 else []), *cells])
    return file.getvalue()


def _plain(text: str) -> str:
    """Return a name as one of a file, which leads nowhere."""
    return re.sub(r"[^\w-]", "_", text, flags=re.ASCII)[:100] or "_"


def _drawn(title: str, curves: list[Curve]):
    figure, (axes,) = figures.panels(1, 1, width=7.0, height=3.4)
    palette = list(COLOURS.values())
    for number, curve in enumerate(curves):
        colour = palette[number % len(palette)]
        for run, (x, y) in enumerate(zip(curve.x, curve.y, strict=True)):
            label = curve.label if not run else None
            mark = "o" if len(x) == 1 else "-"
            axes.plot(np.asarray(x), np.asarray(y), mark, color=colour, label=label, linewidth=1.2)
    for axis in "xy":
        if any(axis in curve.logarithmic for curve in curves):
            axes.set(**{f"{axis}scale": "log"})
    axes.set_title(title)
    if 0 < len(curves) <= _NAMED:
        axes.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure
