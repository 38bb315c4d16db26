"""The figure of knockouts: a map of what each loss does, and what shifts the effect of a drug."""

from __future__ import annotations

from typing import Final

import matplotlib as mpl
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from ..asking.answer import Drawn
from .effects import INTACT, UNTREATED, drawn, readouts
from .effects import effects as effects_of

SHOWN: Final = 30
"""So many targets fit one under the other; those with the largest effects are taken."""
# So many bars on each side of what shifts the effect of a drug.
_BARS: Final = 10
# Effects beyond this are drawn as this.
_END: Final = 2.0


def draw(data: xr.Dataset) -> Drawn:
    """Draw the loss of each target in the first cell at the last time, and shifts under drugs."""
    first = data.isel(cell=0, time=-1)
    first = first.sel(share=float(first.share.min()))
    names = readouts(data)
    effects = {name: effects_of(data, name) for name in names}
    place = {"cell": first.cell.item(), "time": first.time.item(), "share": first.share.item()}
    alone = pd.DataFrame(
        {
            name: effect.sel(place).sel(treatment=UNTREATED).to_series()
            for name, (effect, _) in effects.items()
        }
    ).drop(index=INTACT)
    order = alone.abs().clip(upper=_END).sum(axis=1, min_count=1).sort_values(ascending=False)
    chosen = alone.loc[order.dropna().index[:SHOWN]].dropna(axis="columns", how="all")
    treatments = [t for t in data.treatment.to_numpy().tolist() if t != UNTREATED]
    shown = [alone.rename_axis("target").reset_index().melt("target", var_name="readout")]
    shown[0] = shown[0].assign(treatment=UNTREATED, what="effect")
    with mpl.rc_context(figures.STYLE):
        height = 1.6 + 0.19 * max(len(chosen), 12)
        figure = Figure(figsize=(7.2 if treatments else 4.6, height), layout="constrained")
        widths = [1.25, 1.0] if treatments else [1.0]
        panels = figure.subplots(1, len(widths), squeeze=False, width_ratios=widths)[0]
        _map(figure, panels[0], chosen)
        left = f"{place['share']:.0%} left"
        panels[0].set_title("a  without" if treatments else f"without ({left})")
        if treatments:
            name = drawn(data, treatments[-1], place)
            shifts = effects[name][1].sel(place).sel(treatment=treatments[-1]).to_series()
            shifts = shifts.drop(INTACT).dropna()
            _bars(panels[1], shifts)
            panels[1].set_title(f"b  {treatments[-1]}\n     on {name}", fontsize=8)
            shown.append(
                shifts.rename("value")
                .rename_axis("target")
                .reset_index()
                .assign(readout=name, treatment=treatments[-1], what="shift")
            )
    return {"knockouts": (figure, pd.concat(shown, ignore_index=True))}


def _map(figure: Figure, axes: Axes, chosen: pd.DataFrame) -> None:
    palette = mpl.colormaps["RdBu_r"].with_extremes(bad="#D9D9D9")
    image = axes.imshow(
        chosen.to_numpy(dtype=float), cmap=palette, vmin=-_END, vmax=_END, aspect="auto"
    )
    axes.set_xticks(
        range(chosen.shape[1]),
        list(chosen.columns),
        rotation=50,
        ha="right",
        rotation_mode="anchor",
        fontsize=7,
    )
    axes.set_yticks(range(len(chosen)), [_short(name) for name in chosen.index], fontsize=7)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    bar = figure.colorbar(image, ax=axes, extend="both", shrink=0.5, aspect=15, pad=0.02)
    bar.set_label(
        "log$_2$ fold; of what may be negative,\nchange in shares of its range", fontsize=7
    )
    bar.ax.tick_params(labelsize=7)


def _bars(axes: Axes, shifts: pd.Series) -> None:
    ordered = shifts.sort_values()
    ends = pd.concat([ordered[ordered < 0].head(_BARS), ordered[ordered > 0].tail(_BARS)])
    colours = [COLOURS["vermilion"] if value < 0 else COLOURS["blue"] for value in ends]
    axes.barh(range(len(ends)), ends, color=colours, height=0.75)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(range(len(ends)), [_short(name) for name in ends.index], fontsize=7)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(ends) - 0.5, -0.5)
    axes.set_xlabel("shift of the drug's effect\n← loss sensitises      loss protects →")


def _short(name: str, most: int = 34) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"
