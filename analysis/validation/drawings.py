"""The figures of a validation: measured against predicted, and residuals as a map."""

from __future__ import annotations

from typing import Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from ..asking.answer import Drawn
from .scores import BIG, clipped, given

# So many readouts and conditions fit on a page.
_READOUTS: Final = 30
_CONDITIONS: Final = 36
# Residuals beyond have the colour of this.
_REACH: Final = 2.0


def draw(known: pd.DataFrame, by_readout: pd.DataFrame) -> Drawn:
    """Draw predictions over measurements with the score of each readout, and a map of residuals.

    Parameters
    ----------
    known : pandas.DataFrame
        From :func:`.scores.frame`, with predictions alone.
    by_readout : pandas.DataFrame
        From :func:`.scores.by`.
    """
    with mpl.rc_context(figures.STYLE):
        height = max(4.2, 1.2 + 0.17 * min(len(by_readout), _READOUTS))
        figure, (left, right) = figures.panels(1, 2, width=4.4, height=height)
        _over(left, known)
        _readouts(right, known, by_readout.head(_READOUTS))
        over = known[["dataset", "line", "treatment", "readout", "log2", "predicted"]]
        drawn = {"validation": (figure, over)}
        shown = residuals(known)
        width, height = 2.6 + 0.24 * shown.shape[1], 2.4 + 0.17 * shown.shape[0]
        figure, (axes,) = figures.panels(1, 1, width=width, height=height)
        figures.heat(axes, shown, (-_REACH, _REACH))
        axes.set_title("Predicted less measured (log2)")
        figures.scale(figure, [axes], "blue: the model is too low, red: too high", extend="both")
        drawn["validation_residuals"] = figure, shown.rename_axis("readout").reset_index()
    return drawn


def residuals(known: pd.DataFrame) -> pd.DataFrame:
    """Return the mean residual of each readout (rows) under each condition (columns).

    A condition is a class of drugs, or else the ligands that were given, in one data set; those
    with most targets are kept.
    """
    table = known.assign(condition=known["dataset"] + ": " + given(known))
    most = table["condition"].value_counts().index[:_CONDITIONS]
    readouts = table["readout"].value_counts().index[:_READOUTS]
    table = table[table["condition"].isin(most) & table["readout"].isin(readouts)]
    return table.pivot_table(index="readout", columns="condition", values="residual")


def _over(axes: Axes, known: pd.DataFrame) -> None:
    measured, predicted = clipped(known["log2"]), clipped(known["predicted"])
    reach = 1.05 * max(1.0, float(np.abs(np.concatenate([measured, predicted])).max()))
    axes.axvspan(-BIG, BIG, color=COLOURS["grey"], alpha=0.15, linewidth=0)
    axes.plot([-reach, reach], [-reach, reach], color="black", linewidth=0.8)
    axes.axhline(0, color="black", linewidth=0.5)
    drugged = (known["reference"] == "vehicle").to_numpy()
    for chosen, name, colour in ((~drugged, "stimuli", "orange"), (drugged, "drugs", "blue")):
        if chosen.any():
            axes.plot(
                measured[chosen],
                predicted[chosen],
                ".",
                color=COLOURS[colour],
                markersize=3,
                alpha=0.5,
                label=f"{name} ({chosen.sum():,})",
            )
    axes.legend(loc="upper left", markerscale=3)
    axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
    axes.set(xlabel="measured (log2 of the ratio)", ylabel="predicted (log2 of the ratio)")
    axes.set_title(f"a  {len(known):,} targets")


def _readouts(axes: Axes, known: pd.DataFrame, by_readout: pd.DataFrame) -> None:
    size = known.assign(square=clipped(known["log2"]) ** 2)
    still = np.sqrt(size.groupby("readout")["square"].mean())
    places = np.arange(len(by_readout))
    names = by_readout["readout"]
    axes.hlines(places, 0, by_readout["rmse"], color=COLOURS["blue"], linewidth=1.5)
    axes.plot(by_readout["rmse"], places, "o", color=COLOURS["blue"], markersize=4, label="model")
    axes.plot(
        still[names].to_numpy(),
        places,
        "|",
        color="black",
        markersize=8,
        markeredgewidth=1.5,
        label="no change",
    )
    axes.set_yticks(places, [f"{n} ({c})" for n, c in zip(names, by_readout["n"], strict=True)])
    axes.tick_params(axis="y", labelsize=7, length=0)
    axes.set(ylim=(len(places) - 0.5, -0.5), xlabel="RMSE (log2)")
    axes.set_xlim(left=0)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.07), ncols=2)
    axes.set_title("b  how far off each readout is")
