"""Two models, or one with two parameter sets, in the same experiments: where they differ most.

Both are asked the same readouts under the same conditions at the same times; what either does not
have is left out and said. A difference is told as the fold from the first to the second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr

from ..network.units.quantities import format_time
from ..simulation.results import figures
from ..simulation.results.figures import COLOURS
from .asking.answer import Answer, Drawn
from .asking.grid import AnalysisError
from .time_course import readouts

TRACE: Final = 1e-6
"""What is below this share of the largest value of its readout in either counts as nothing."""
_SHOWN: Final = 20


def answer(
    data: Mapping[str, xr.Dataset],
    settings: Mapping[str, Any] | None = None,
    alone: Mapping[str, Sequence[str]] | None = None,
) -> Answer:
    """Return the differences of two as an answer.

    Parameters
    ----------
    data : mapping
        Of each of the two by name: readouts over what is varied and ``time``, as
        :func:`.grid.ask` returns them, over the same grid.
    settings : mapping, optional
        What was asked, for the record.
    alone : mapping, optional
        Readouts that only one of them has, by its name.

    Raises
    ------
    AnalysisError
        If the two share no readout, or a readout has another unit in each.
    """
    one, other = data
    shared = [name for name in readouts(data[one]) if name in data[other]]
    if not shared:
        raise AnalysisError(f"{one} and {other} share no readout; name some with --readout.")
    for name in shared:
        units = [data[each][name].attrs.get("units", "") for each in (one, other)]
        if units[0] != units[1]:
            raise AnalysisError(
                f"{name!r} is in {units[0] or 'no unit'} in {one} and in {units[1] or 'no unit'} "
                f"in {other}; nothing can be compared."
            )
    table = _ranked(data, one, other, shared)
    both = xr.concat(
        [data[one][shared], data[other][shared]],
        pd.Index([one, other], name="model"),
        join="exact",
    )
    return Answer(
        "compare_models",
        f"{one} and {other} in the same experiments",
        list(_said(data, table, one, other, alone or {})),
        table,
        both,
        lambda: draw(table, one, other),
        settings or {},
    )


def _ranked(
    data: Mapping[str, xr.Dataset], one: str, other: str, shared: Sequence[str]
) -> pd.DataFrame:
    """Return a row a number, those first that differ by the largest fold."""
    parts = []
    for name in shared:
        first, second = data[one][name], data[other][name].transpose(*data[one][name].dims)
        frame = first.drop_attrs().to_dataframe(name=one).reset_index()
        frame[other] = second.to_numpy().ravel()
        sizes = np.abs(frame[[one, other]].to_numpy())
        trace = TRACE * np.nanmax(sizes, initial=0.0)
        before, after = frame[one].to_numpy(), frame[other].to_numpy()
        same = np.isclose(before, after, rtol=0, atol=trace) & np.isfinite(before)
        with np.errstate(divide="ignore", invalid="ignore"):
            fold = np.where((sizes > trace).all(axis=1), after / before, np.nan)
        frame["fold"] = np.where(same, 1.0, fold)
        frame["difference"] = after - before
        frame.insert(0, "readout", name)
        frame["unit"] = first.attrs.get("units", "")
        parts.append(frame)
    table = pd.concat(parts, ignore_index=True)
    table["time"] = [format_time(time) for time in table["time"]]
    fold = table["fold"].to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(fold > 0, np.abs(np.log(np.where(fold > 0, fold, 1.0))), np.inf)
    # One that is nothing in one of them, or of the other sign, has no fold, and differs most.
    known = np.isfinite(table[one].to_numpy() + table[other].to_numpy())
    table["_size"] = np.where(known, size, -1.0)
    table = table.sort_values("_size", ascending=False, kind="stable").drop(columns="_size")
    return table.reset_index(drop=True)


def _said(
    data: Mapping[str, xr.Dataset],
    table: pd.DataFrame,
    one: str,
    other: str,
    alone: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    known = table[np.isfinite(table[one] + table[other])]
    fold = known["fold"].to_numpy()
    near = ((fold > 1 / 1.1) & (fold < 1.1)).sum()
    yield (
        f"Of {len(known):,} numbers that both have, {near:,} differ by less than 10 %; "
        f"{(~np.isfinite(fold)).sum():,} are nothing in one of them or have another sign."
    )
    for name, each in data.items():
        failed = int((each.message != "").sum())
        if failed:
            first = next(filter(None, each.message.to_numpy().ravel().tolist()))
            yield f"{name}: {failed} of {each.message.size} experiments gave no numbers; {first}"
    for name, words in alone.items():
        if words:
            yield f"Only {name} has {', '.join(words[:8])}{' and more' if len(words) > 8 else ''}."


def draw(table: pd.DataFrame, one: str, other: str) -> Drawn:
    """Draw each number of the one over that of the other, and the largest folds as bars."""
    with mpl.rc_context(figures.STYLE):
        figure, (left, right) = figures.panels(1, 2, width=4.2, height=4.4)
        for index, (name, part) in enumerate(table.groupby("readout", sort=False)):
            colour = list(COLOURS.values())[index % len(COLOURS)]
            mark = "osD^v"[index // len(COLOURS) % 5]
            left.plot(part[one], part[other], mark, color=colour, markersize=4, label=str(name))
        numbers = table[[one, other]].to_numpy().ravel()
        positive = numbers[np.isfinite(numbers) & (numbers > 0)]
        if positive.size:
            ends = [positive.min() / 1.5, positive.max() * 1.5]
            left.plot(ends, ends, color="black", linewidth=0.8)
            left.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        left.set(xlabel=one, ylabel=other, title="All numbers")
        folds = table[table["fold"] > 0].drop_duplicates("readout").head(_SHOWN)
        places = np.arange(len(folds))[::-1]
        right.barh(places, np.log2(folds["fold"]), color=COLOURS["blue"])
        right.set_yticks(places, list(folds["readout"]), fontsize=7)
        right.axvline(0, color="black", linewidth=0.8)
        right.set(xlabel=f"log2 of {other} over {one}", title="Largest of each readout")
        if table["readout"].nunique() <= 12:
            figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return {"compare_models": (figure, table)}
