"""The figures of dose-response: families of curves, and a map of half-way doses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from ...simulation.scans.from_text import REFERENCE
from ..asking.answer import Drawn, when

Found = Sequence[Mapping[str, Any]]

_COLUMNS: Final = 3
MOST: Final = 14
"""More lines than this in one panel cannot be told apart, and are not drawn."""
MAPPED: Final = 4
"""From so many agents on there is a map of them."""


def draw(data: xr.Dataset, found: Found) -> Drawn:
    """Draw curves of each agent, and of many agents a map of half-way doses."""
    agents = data.agent.to_numpy().tolist()
    with mpl.rc_context(figures.STYLE):
        drawn: dict[str, Any] = {}
        if len(agents) >= MAPPED:
            drawn["dose_response_map"] = _map(data, found)
        if lines(found) <= MOST:
            drawn["dose_response"] = _curves(data, found, agents)
    return drawn


def lines(found: Found) -> int:
    """Return how many lines share a panel."""
    return len(found) // len({each["readout"] for each in found})


def label(place: Mapping[str, Any], data: xr.Dataset) -> str:
    """Return what sets a curve apart: ``PTEN_null, 24 h``; empty where nothing does."""
    parts = []
    for name, value in place.items():
        if data.sizes.get(name, 1) < 2:
            if isinstance(value, str) and value != REFERENCE:
                parts.append(value)
        elif name == "time":
            parts.append(when(value))
        else:
            parts.append(value if isinstance(value, str) else f"{name} {value:.3g}")
    return ", ".join(parts)


def _curves(data: xr.Dataset, found: Found, agents: Sequence[str]) -> tuple[Any, pd.DataFrame]:
    names = list(dict.fromkeys(each["readout"] for each in found))
    columns = min(_COLUMNS, len(names))
    figure, panels = figures.panels(-(-len(names) // columns), columns, width=3.4, height=2.7)
    parts = [
        _panel(axes, data, [e for e in found if e["readout"] == name], name, len(agents) > 1)
        for axes, name in zip(panels, names, strict=False)
    ]
    for axes in panels[len(names) :]:
        axes.set_axis_off()
    handles, labels = panels[0].get_legend_handles_labels()
    if len(labels) > 1:
        figure.legend(handles, labels, loc="outside lower center", ncols=min(len(labels), 4))
    units = set(data.dose_unit.to_numpy().tolist())
    unit = units.pop() if len(units) == 1 else ""
    unit = f" ({unit})" if unit not in ("", "1", "dimensionless") else ""
    for axes in panels[max(len(names) - columns, 0) : len(names)]:
        axes.set_xlabel(f"{agents[0] if len(agents) == 1 else 'dose'}{unit}")
    return figure, pd.concat(parts, ignore_index=True)


def _panel(axes: Axes, data: xr.Dataset, found: Found, name: str, several: bool) -> pd.DataFrame:
    palette = list(COLOURS.values())
    parts = []
    for index, each in enumerate(found):
        one = data.sel(agent=each["agent"]).sel(each["place"])
        doses, values = one.dose.to_numpy(), one[name].to_numpy()
        there = np.isfinite(doses) & np.isfinite(values)
        doses, values = doses[there], values[there]
        made = each["curve"]
        text = label(each["place"], data)
        text = ", ".join(filter(None, [each["agent"] if several else "", text])) or each["agent"]
        fitted = np.full(doses.shape, np.nan)
        if made is not None and made.hill is not None:
            fitted = made.hill.at(doses)
        if doses.size:
            colour = palette[index % len(palette)]
            _line(axes, doses, values, made, colour, text, "o" if index < len(palette) else "s")
        parts.append(
            pd.DataFrame(
                {
                    "readout": name,
                    "agent": each["agent"],
                    **each["place"],
                    "dose": doses,
                    "value": values,
                    "fitted": fitted,
                    "unit": data[name].attrs.get("units", ""),
                }
            )
        )
    unit = data[name].attrs.get("units", "")
    axes.set(xscale="log", ylabel=unit if unit not in ("", "1", "dimensionless") else "")
    bottom, top = axes.get_ylim()
    axes.set_ylim(min(0.0, bottom), top if top > 0 else 0.05 * abs(bottom))
    axes.set_title(name)
    return pd.concat(parts, ignore_index=True)


def _line(
    axes: Axes, doses: Any, values: Any, made: Any, colour: str, text: str, marker: str
) -> None:
    if made is None or made.hill is None:
        axes.plot(doses, values, "-", marker=marker, ms=3, lw=1.2, color=colour, label=text)
        return
    fine = np.geomspace(doses[0], doses[-1], 200)
    axes.plot(fine, made.hill.at(fine), "-", color=colour, lw=1.4)
    axes.plot(doses, values, ls="", marker=marker, ms=3, color=colour)
    # One entry of the legend stands for both.
    axes.plot([], [], "-", marker=marker, ms=3, color=colour, lw=1.4, label=text)
    if np.isfinite(made.relative) and made.relative > 0:
        height = made.hill.at(made.relative)
        axes.plot([made.relative], [height], marker="D", ms=4.5, mfc="white", mec=colour, ls="")


def _map(data: xr.Dataset, found: Found) -> tuple[Any, pd.DataFrame]:
    """Draw half-way doses of all agents on all readouts, in the first place that there is."""
    place = found[0]["place"]
    place = {**place, **({"time": float(data.time[-1])} if "time" in place else {})}
    here = [each for each in found if each["place"] == place]
    agents = list(dict.fromkeys(each["agent"] for each in here))
    names = list(dict.fromkeys(each["readout"] for each in here))
    rows = [_cell(each) for each in here]
    table = pd.DataFrame(
        [
            {"agent": e["agent"], "readout": e["readout"], **place, **row}
            for e, row in zip(here, rows, strict=True)
        ]
    )
    dose = table.pivot(index="agent", columns="readout", values="relative").loc[agents, names]
    share = table.pivot(index="agent", columns="readout", values="change").loc[agents, names]
    signs = table.pivot(index="agent", columns="readout", values="sign").loc[agents, names]
    width, height = 2.3 + 0.36 * len(names), 1.7 + 0.17 * len(agents)
    figure, (left, right) = figures.panels(1, 2, width=width, height=height)
    seen = dose.to_numpy(float)
    finite = seen[np.isfinite(seen) & (seen > 0)]
    norm = LogNorm(*(finite.min(), finite.max() * 1.001) if finite.size else (1, 10))
    image = left.imshow(
        np.ma.masked_invalid(np.where(seen > 0, seen, np.nan)), norm=norm, cmap="viridis_r",
        aspect="auto",
    )  # fmt: skip
    units = set(data.dose_unit.to_numpy().tolist())
    unit = f" ({units.pop()})" if len(units) == 1 else ""
    figure.colorbar(image, ax=left, label=f"relative EC50{unit}", shrink=0.8)
    change = right.imshow(
        share.to_numpy(float).clip(-9, 9), cmap="RdBu_r", vmin=-2, vmax=2, aspect="auto"
    )
    figure.colorbar(
        change, ax=right, label="log2 of value over control,\nfarthest from it", shrink=0.8,
        extend="both",
    )  # fmt: skip
    for axes in (left, right):
        axes.set_xticks(range(len(names)), names, rotation=60, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(agents)), agents)
        axes.tick_params(length=0, labelsize=7)
        axes.spines[:].set_visible(False)
    for (row, column), value in np.ndenumerate(seen):
        text = str(signs.iloc[row, column])
        if text:
            dark = np.isfinite(value) and value > 0 and norm(value) > 0.5
            left.text(column, row, text, ha="center", va="center", fontsize=6,
                      color="white" if dark else "black")  # fmt: skip
    left.set_title("Half-way dose")
    right.set_title("Largest effect")
    figure.supxlabel(
        "\u2191 rises, \u2193 falls, \u2191\u2193 both ways, > beyond the doses, < below them, "
        "\u00b7 does not change", fontsize=7,
    )  # fmt: skip
    return figure, table


_SIGNS: Final = {
    "flat": "\u00b7",
    "rising": "\u2191",
    "falling": "\u2193",
    "rising, then falling": "\u2191\u2193",
    "falling, then rising": "\u2193\u2191",
}


def _cell(each: Mapping[str, Any]) -> dict[str, Any]:
    made = each["curve"]
    if made is None:
        return {"relative": np.nan, "change": np.nan, "shape": "no numbers", "sign": "?"}
    beyond = ">" if np.isinf(made.relative) else "<" if made.relative == 0 else ""
    change = np.nan  # of nothing there is no multiple
    if made.control > 0 and not np.isnan(made.share):
        change = float(np.log2(made.share)) if made.share > 0 else -np.inf
    return {
        "relative": made.relative if np.isfinite(made.relative) else np.nan,
        "change": change,
        "shape": made.shape,
        "sign": _SIGNS[made.shape] + beyond,
    }
