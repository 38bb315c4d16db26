"""The figures of the rapamycin study, each with the numbers it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import matplotlib as mpl
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from .question import USUAL_DOSE, fractions

KD_FRB: Final = 12.0  # nM, FKBP12-rapamycin on the FRB (evidence KD_FRB_FKBPRAPA)

_CELLS: Final = {
    "reference": COLOURS["blue"],
    "sequestration-prone": COLOURS["vermilion"],
    "irreversible drug": COLOURS["purple"],
    "without FKBP12": COLOURS["grey"],
}


def _doses(axes: Axes, data: xr.Dataset) -> None:
    doses = data.dose.to_numpy()[1:]
    axes.set(xscale="log", xlim=(doses[0], doses[-1]), xlabel="rapamycin in the medium (nM)")


def _hours(axes: Axes, data: xr.Dataset) -> None:
    hours = data.time.to_numpy()
    axes.set(xscale="log", xlim=(hours[0], hours[-1]), xlabel="time in rapamycin (h)")
    ticks = [hour for hour in (0.1, 0.25, 1, 4, 24, 72) if hours[0] <= hour <= hours[-1]]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()


def _legend(axes: Axes) -> None:
    """Put the legend below the panel, where it hides no curve."""
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2)


def engagement(axes: Axes, data: xr.Dataset) -> pd.DataFrame:
    """Draw intact mTORC1 against the dose after the longest time."""
    left = fractions(data).mtorc1_intact.isel(time=-1)
    parts = []
    for cell in (cell for cell in left.cell.to_numpy() if cell != "irreversible drug"):
        for bath in left.bath.to_numpy():
            if bath != "finite" and cell != "reference":
                continue
            curve = left.sel(cell=cell, bath=bath)
            dashed = "--" if bath != "finite" else "-"
            label = cell if bath == "finite" else f"{cell}, boundless bath"
            axes.plot(curve.dose, curve, dashed, color=_CELLS[cell], label=label)
            parts.append(
                curve.to_series().rename("intact mTORC1").reset_index().assign(cell=cell, bath=bath)
            )
    axes.axvline(KD_FRB, color=COLOURS["grey"], linewidth=0.8)
    axes.annotate(
        "Kd of the FRB", (KD_FRB, 1.0), xytext=(3, 0), textcoords="offset points", fontsize=7
    )
    _doses(axes, data)
    axes.set(ylim=(0, 1.05), ylabel="intact mTORC1 (of vehicle)")
    axes.set_title(f"FKBP12 makes small doses do ({float(left.time):g} h)")
    _legend(axes)
    return pd.concat(parts)[["cell", "bath", "dose", "intact mTORC1"]]


def depletion(axes: Axes, data: xr.Dataset) -> pd.DataFrame:
    """Draw what is left of the drug in the bath against the dose, at several times."""
    left = fractions(data).bath_left.sel(cell="reference", bath="finite")
    shown = left.sel(time=[1, 4, 24], method="nearest")
    for curve, colour in zip(
        shown.transpose("time", "dose"), ("sky", "green", "blue"), strict=True
    ):
        axes.plot(curve.dose, curve, color=COLOURS[colour], label=f"{float(curve.time):g} h")
    _doses(axes, data)
    axes.set(ylim=(0, 1.05), ylabel="drug left in the medium (of dose)")
    axes.set_title("FKBP12 drains the bath below 10 nM")
    _legend(axes)
    return shown.to_series().rename("bath left").reset_index()[["time", "dose", "bath left"]]


def loss(axes: Axes, data: xr.Dataset) -> pd.DataFrame:
    """Draw both complexes against time in the usual dose."""
    left = fractions(data).sel(bath="finite").sel(dose=USUAL_DOSE, method="nearest")
    parts = []
    for cell in (cell for cell in left.cell.to_numpy() if cell != "without FKBP12"):
        curves = left.sel(cell=cell)
        axes.plot(curves.time, curves.mtorc2, color=_CELLS[cell], label=f"mTORC2, {cell}")
        if cell == "reference":
            axes.plot(
                curves.time,
                curves.mtorc1_intact,
                ":",
                color=_CELLS[cell],
                label="intact mTORC1, reference",
            )
        parts.append(curves[["mtorc1_intact", "mtorc2"]].to_dataframe().reset_index())
    _hours(axes, data)
    axes.set(ylim=(0, 1.05), ylabel="of vehicle")
    axes.set_title(f"mTORC2 is spared, then lost ({float(left.dose):.3g} nM)")
    _legend(axes)
    return pd.concat(parts)[["cell", "dose", "time", "mtorc1_intact", "mtorc2"]]


def pools(axes: Axes, data: xr.Dataset) -> pd.DataFrame:
    """Draw where all mTOR is against time in the usual dose."""
    course = data.sel(cell="reference", bath="finite").sel(dose=USUAL_DOSE, method="nearest")
    parts = {
        "mTORC2": (course.MTORC2, "green"),
        "intact mTORC1": (course.MTORC1_intact, "blue"),
        "mTORC1 with drug": (course.MTORC1_RAPA, "sky"),
        "captured, in no complex": (course.MTOR_captured, "orange"),
        "free": (course.MTOR_free, "grey"),
    }
    axes.stackplot(
        course.time,
        *(values for values, _ in parts.values()),
        colors=[COLOURS[colour] for _, colour in parts.values()],
        labels=list(parts),
        linewidth=0,
    )
    _hours(axes, data)
    total = sum(float(values.isel(time=-1)) for values, _ in parts.values())
    axes.set(ylabel="mTOR (nM)", ylim=(0, total))
    axes.set_title(f"Where mTOR goes ({float(course.dose):.3g} nM)")
    _legend(axes)
    table = pd.DataFrame({name: values.to_numpy() for name, (values, _) in parts.items()})
    return table.assign(time=course.time.to_numpy())[["time", *parts]]


PANELS: Final[Mapping[str, Callable[[Axes, xr.Dataset], pd.DataFrame]]] = {
    "engagement": engagement,
    "depletion": depletion,
    "loss": loss,
    "pools": pools,
}


def draw(data: xr.Dataset) -> dict[str, tuple[Figure, pd.DataFrame]]:
    """Draw every panel on its own, and all of them together as ``rapamycin``.

    Returns
    -------
    dict
        Figure and table by name; the table of ``rapamycin`` holds those of all panels, one below
        the other, with the panel in the first column.
    """
    with mpl.rc_context(figures.STYLE):
        return _draw(data)


def _draw(data: xr.Dataset) -> dict[str, tuple[Figure, pd.DataFrame]]:
    drawn: dict[str, tuple[Figure, pd.DataFrame]] = {}
    for name, panel in PANELS.items():
        figure, (axes,) = figures.panels(1, 1, width=4.6, height=3.8)
        drawn[name] = figure, panel(axes, data)
    figure, axes_ = figures.panels(2, 2, width=4.6, height=3.8)
    tables = {
        name: panel(axes, data) for axes, (name, panel) in zip(axes_, PANELS.items(), strict=True)
    }
    table = pd.concat([part.assign(panel=name) for name, part in tables.items()])
    drawn["rapamycin"] = figure, table[["panel", *(c for c in table if c != "panel")]]
    return drawn
