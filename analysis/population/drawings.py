"""The figure of a population: responses, ROC curves, and how well each candidate tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from ..asking.answer import Drawn
from .roc import roc

# So many candidates fit one under the other, and so many curves into a panel.
_SHOWN: Final = 20
_CURVES: Final = 4


def draw(
    falls: pd.DataFrame,
    candidates: pd.DataFrame,
    groups: Mapping[str, pd.Series],
    table: pd.DataFrame,
    response: str,
) -> Drawn:
    """Draw responses in order, ROC curves for the first treatment, and a map of areas."""
    palette = list(COLOURS.values())
    first = next(iter(groups))
    wide = table.pivot_table(index="candidate", columns="treatment", values="AUC", sort=False)
    wide = wide[list(groups)]
    wide = wide.loc[(wide - 0.5).abs().max(axis=1).sort_values(ascending=False).index[:_SHOWN]]
    curves = []
    with mpl.rc_context(figures.STYLE):
        figure = Figure(figsize=(7.2, 5.6), layout="constrained")
        grid = figure.add_gridspec(2, 2, width_ratios=[1.15, 1])
        left, below, right = (
            figure.add_subplot(grid[place]) for place in ((0, 0), (1, 0), (slice(None), 1))
        )
        for colour, treatment in zip(palette, falls, strict=False):
            ordered = np.sort(falls[treatment].dropna())
            known = ordered[np.isfinite(ordered)]
            # Those that lose all stand below the others.
            ordered = np.maximum(ordered, known.min(initial=0.0) - 1.0)
            left.plot(
                100 * (np.arange(len(ordered)) + 0.5) / len(ordered),
                ordered,
                color=colour,
                label=treatment,
            )
        left.axhline(0, color="black", linewidth=0.8)
        left.set(xlabel="cells, in order (%)", ylabel=f"change of {response}")
        left.set_title("a  responses")
        left.legend(fontsize=7)
        best = table[table.treatment == first].head(_CURVES)
        for colour, name, area in zip(palette, best.candidate, best.AUC, strict=False):
            chosen = groups[first]
            values = candidates.loc[chosen.index, name].to_numpy(dtype=float)
            known = np.isfinite(values)
            # A candidate of which responders have less tells as well as one of which more.
            x, y = roc(
                values[known] if area >= 0.5 else -values[known],
                chosen.to_numpy(dtype=bool)[known],
            )
            label = f"{'high' if area >= 0.5 else 'low'} {name}: {max(area, 1 - area):.2f}"
            below.plot(100 * x, 100 * y, color=colour, label=label)
            curves.append(pd.DataFrame({"candidate": name, "treatment": first, "x": x, "y": y}))
        below.plot([0, 100], [0, 100], "--", color=COLOURS["grey"], linewidth=1)
        below.set(xlabel="others called responders (%)", ylabel="responders found (%)")
        below.set_title(f"b  what tells: {first}", fontsize=9)
        below.legend(loc="lower right", fontsize=7, title="AUC", title_fontsize=7)
        image = right.imshow(
            wide.to_numpy(dtype=float), cmap="RdBu_r", vmin=0, vmax=1, aspect="auto"
        )
        right.set_xticks(
            range(len(groups)),
            list(groups),
            rotation=40,
            ha="right",
            rotation_mode="anchor",
            fontsize=7,
        )
        right.set_yticks(range(len(wide)), list(wide.index), fontsize=7)
        right.tick_params(length=0)
        right.spines[:].set_visible(False)
        right.set_title("c  AUC")
        bar = figure.colorbar(image, ax=right, shrink=0.5, aspect=18)
        bar.set_label("responders have less  ←  AUC  →  more", fontsize=7)
        bar.ax.tick_params(labelsize=7)
    return {"population": (figure, pd.concat(curves, ignore_index=True))}
