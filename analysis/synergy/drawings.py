"""The figures of synergy: effects, what exceeds each law, isoboles, and maps of many pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from scipy.interpolate import interp1d

from ...simulation.results import figures
from ...simulation.results.figures import COLOURS
from ..asking.answer import Drawn, when
from ..dose_response.hill import Array

if TYPE_CHECKING:
    from .question import Surface

MOST: Final = 8
"""So many rows fit on a page; more surfaces are in the tables alone."""
_SHOWN: Final = ("Bliss", "Loewe")
# An effect below this alone has no half to draw an isobole at.
_LEAST: Final = 0.05


def pair(found: Sequence[Surface]) -> Drawn:
    """Draw a row for each surface: effects, excess over Bliss and Loewe, and an isobole."""
    shown = found[:MOST]
    with mpl.rc_context(figures.STYLE):
        figure, panels = figures.panels(len(shown), 2 + len(_SHOWN), width=2.9, height=2.5)
        parts = []
        for row, each in enumerate(shown):
            axes = panels[row * (2 + len(_SHOWN)) : (row + 1) * (2 + len(_SHOWN))]
            last = row == len(shown) - 1
            _effects(figure, axes[0], each, last)
            for panel, law in zip(axes[1:], _SHOWN, strict=False):
                _excess(figure, panel, each, law, last)
            parts.append(_isobole(axes[-1], each))
            where = ", ".join(
                when(v) if n == "time" else str(v)
                for n, v in each.place.items()
                if len({str(other.place[n]) for other in found}) > 1
            )
            axes[0].set_title(f"{each.readout}{f' ({where})' if where else ''}: effect")
    return {"synergy": (figure, pd.concat(parts, ignore_index=True))}


def _grid(axes: Axes, each: Surface, last: bool) -> None:
    """Label the doses of a map, of which the first is none."""
    for direction, doses, agent in (
        ("x", each.pair.doses[0], each.pair.first),
        ("y", each.pair.doses[1], each.pair.second),
    ):
        step = max(1, -(-doses.size // 5))
        places = [0, *range(doses.size - 1, 0, -step)]
        labels = [f"{float(f'{doses[place]:.2g}'):g}" for place in places]
        getattr(axes, f"set_{direction}ticks")(places, labels, fontsize=7)
        unit = f" ({agent.unit})" if agent.unit not in ("", "1", "dimensionless") else ""
        if direction == "y" or last:
            getattr(axes, f"set_{direction}label")(f"{agent.name}{unit}", fontsize=8)
    axes.tick_params(length=2)


def _effects(figure: Any, axes: Axes, each: Surface, last: bool) -> None:
    low, high = min(0.0, float(np.nanmin(each.seen))), max(0.0, float(np.nanmax(each.seen)))
    image = axes.imshow(
        each.seen.T, origin="lower", cmap="viridis", vmin=low, vmax=high or 1, aspect="auto"
    )
    if high > low and np.isfinite(each.seen).all():
        axes.contour(each.seen.T, levels=5, colors="white", linewidths=0.7)
    figure.colorbar(image, ax=axes, shrink=0.9).ax.tick_params(labelsize=7)
    _grid(axes, each, last)


def _excess(figure: Any, axes: Axes, each: Surface, law: str, last: bool) -> None:
    excess = each.excess[law]
    most = max(float(np.nanmax(np.abs(excess))), 0.01)
    norm = TwoSlopeNorm(0, -most, most)
    image = axes.imshow(excess.T, origin="lower", cmap="PuOr_r", norm=norm, aspect="auto")
    figure.colorbar(image, ax=axes, shrink=0.9).ax.tick_params(labelsize=7)
    _grid(axes, each, last)
    axes.set_ylabel("")
    axes.set_title(f"beyond {law}: {each.scores[law]:+.2f}")


def isobole(each: Surface) -> tuple[float, Array, Array]:
    """Return an effect, and the pairs of doses that have it as shares of the doses alone.

    The effect is half of what the weaker agent does alone at most.

    Returns
    -------
    (float, array, array)
        NaN and nothing if one of them does nothing alone.
    """
    weaker = min(float(np.nanmax(each.seen[:, 0])), float(np.nanmax(each.seen[0])))
    level = weaker / 2
    if weaker < _LEAST or not np.isfinite(each.seen).all():
        return np.nan, np.array([]), np.array([])
    one, other = each.pair.doses
    ends = _crossing(one, each.seen[:, 0], level), _crossing(other, each.seen[0], level)
    points = [(_crossing(one, each.seen[:, j], level), d) for j, d in enumerate(other)]
    points += [(d, _crossing(other, each.seen[i], level)) for i, d in enumerate(one)]
    there = np.array([p for p in points if np.isfinite(p).all()])
    shares = there[np.argsort(there[:, 0], kind="stable")] / ends
    return level, shares[:, 0], shares[:, 1]


def _crossing(doses: Array, seen: Array, level: float) -> float:
    """Return the first dose with an effect; NaN if there is none, or it is there at once."""
    above = np.flatnonzero(seen >= level)
    if not above.size or above[0] == 0:
        return np.nan
    i = int(above[0])
    # From zero on a line, then along the logarithm.
    scale = np.log(doses[i - 1 : i + 1]) if i > 1 else doses[:2]
    found = float(interp1d(seen[i - 1 : i + 1], scale)(level))
    return float(np.exp(found)) if i > 1 else found


def _isobole(axes: Axes, each: Surface) -> pd.DataFrame:
    level, x, y = isobole(each)
    axes.plot([0, 1], [1, 0], "--", color=COLOURS["grey"], lw=1)
    head = {"pair": each.pair.name, "readout": each.readout, **each.place, "effect": level}
    if x.size:
        axes.plot(x, y, "o-", ms=3, color=COLOURS["blue"], lw=1.2)
        most = max(1.05, float(x.max()) * 1.05, float(y.max()) * 1.05)
        axes.set(xlim=(0, most), ylim=(0, most))
        axes.set_title(f"isobole at {level:.2g}")
    else:
        axes.text(0.5, 0.5, "no isobole:\none does nothing alone", ha="center", va="center",
                  fontsize=7, transform=axes.transAxes)  # fmt: skip
        axes.set_title("isobole")
    axes.tick_params(labelsize=7)
    axes.set_xlabel(f"{each.pair.first.name}, of its dose alone", fontsize=8)
    axes.set_ylabel(f"{each.pair.second.name}, of its dose", fontsize=8)
    return pd.DataFrame({**head, "share_first": x, "share_second": y})


def screen(found: Sequence[Surface], table: pd.DataFrame) -> Drawn:
    """Draw a map of all pairs for each readout: above the diagonal by Bliss, below by Loewe."""
    first = found[0].place
    here = [each for each in found if each.place == first]
    names = list(dict.fromkeys(n for e in here for n in (e.pair.first.name, e.pair.second.name)))
    readouts = list(dict.fromkeys(each.readout for each in here))[:MOST]
    columns = min(2, len(readouts))
    size = 1.6 + 0.2 * len(names)
    with mpl.rc_context(figures.STYLE):
        figure, panels = figures.panels(
            -(-len(readouts) // columns), columns, width=size + 0.6, height=size
        )
        for axes, name in zip(panels, readouts, strict=False):
            matrix = np.full((len(names), len(names)), np.nan)
            for each in here:
                if each.readout == name:
                    i, j = names.index(each.pair.first.name), names.index(each.pair.second.name)
                    matrix[i, j] = each.scores["Bliss"]
                    matrix[j, i] = each.scores["Loewe"]
            most = max(float(np.nanmax(np.abs(matrix), initial=0)), 0.01)
            image = axes.imshow(matrix, cmap="PuOr_r", vmin=-most, vmax=most)
            axes.plot([-0.5, len(names) - 0.5], [-0.5, len(names) - 0.5], color="black", lw=0.5)
            axes.set_xticks(range(len(names)), names, rotation=60, ha="right", fontsize=7,
                            rotation_mode="anchor")  # fmt: skip
            axes.set_yticks(range(len(names)), names, fontsize=7)
            axes.tick_params(length=0)
            axes.spines[:].set_visible(False)
            figure.colorbar(image, ax=axes, shrink=0.7, label="mean excess effect")
            axes.set_title(f"{name}: Bliss above, Loewe below")
        for axes in panels[len(readouts) :]:
            axes.set_axis_off()
    return {"synergy_screen": (figure, table)}
