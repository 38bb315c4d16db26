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

from ..simulation.results import figures
from ..simulation.results.figures import COLOURS
from .asking.answer import Answer, Drawn, when
from .asking.grid import AnalysisError
from .time_course import readouts

TRACE: Final = 1e-6
"""What is below this share of the largest value of its readout in either counts as nothing."""
# Ways of saying that a number counts something.
_COUNTED: Final = {"", "1", "dimensionless", "item"}
_SHOWN: Final = 20
_BAND: Final[dict[str, Any]] = {"color": COLOURS["grey"], "alpha": 0.2, "linewidth": 0}


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
        If the two share no readout, or a readout has another unit in each, or an axis other values.
    """
    one, other = data
    shared = [name for name in readouts(data[one]) if name in data[other]]
    if not shared:
        raise AnalysisError(f"{one} and {other} share no readout; name some with --readout.")
    for name in shared:
        units = [data[each][name].attrs.get("units", "") for each in (one, other)]
        if units[0] != units[1] and not {*units} <= _COUNTED:
            raise AnalysisError(
                f"{name!r} is in {units[0] or 'no unit'} in {one} and in {units[1] or 'no unit'} "
                f"in {other}; nothing can be compared."
            )
    for axis in data[one][shared[0]].dims:
        if not np.array_equal(data[one][axis], data[other][axis]):
            raise AnalysisError(
                f"{axis!r} takes other values in {other} than in {one}, as multiples of a "
                "parameter ('fold') do; write the values themselves."
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
            fold = after / before
        fold[~(sizes > trace).all(axis=1) | ~(fold > 0)] = np.nan
        frame["fold"] = np.where(same, 1.0, fold)
        frame["difference"] = after - before
        frame.insert(0, "readout", name)
        frame["unit"] = first.attrs.get("units", "")
        parts.append(frame)
    table = pd.concat(parts, ignore_index=True)
    table["time"] = [when(time) for time in table["time"]]
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
    """Draw each number of the one over that of the other, and the folds of each readout."""
    names = list(dict.fromkeys(table["readout"]))[:_SHOWN]
    with mpl.rc_context(figures.STYLE):
        height = max(3.6, 1.2 + 0.24 * len(names))
        figure, (left, right) = figures.panels(1, 2, width=3.8, height=height)
        numbers = table[[one, other]].to_numpy().ravel()
        positive = numbers[np.isfinite(numbers) & (numbers > TRACE * np.nanmax(np.abs(numbers)))]
        if positive.size:
            ends = np.array([positive.min() / 1.5, positive.max() * 1.5])
            left.fill_between(ends, ends / 2, ends * 2, **_BAND)
            left.plot(ends, ends, color="black", linewidth=0.8)
            left.set(xscale="log", yscale="log", xlim=ends, ylim=ends)
        for place, name in enumerate(names):
            part = table[table["readout"] == name]
            colour = list(COLOURS.values())[place % len(COLOURS)]
            mark = "osD^v"[place // len(COLOURS) % 5]
            left.plot(part[one], part[other], mark, color=colour, markersize=4, alpha=0.8)
            known = part[part["fold"] > 0]
            folds = np.log2(known["fold"])
            row = np.full(len(folds), place)
            right.plot(folds, row, mark, color=colour, markersize=5, alpha=0.8)
        left.set(xlabel=one, ylabel=other, title="All numbers (grey: up to twofold)")
        right.axvspan(-np.log2(1.1), np.log2(1.1), **_BAND)
        right.axvline(0, color="black", linewidth=0.8)
        right.set_yticks(range(len(names)), names, fontsize=7)
        reach = max(1.0, 1.1 * float(np.abs(right.get_xlim()).max()))
        right.set(xlim=(-reach, reach), ylim=(len(names) - 0.5, -0.5))
        right.set(xlabel=f"log2 of {other} over {one}", title="Each readout (grey: within 10 %)")
    return {"compare_models": (figure, table)}
