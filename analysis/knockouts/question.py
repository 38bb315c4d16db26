"""What happens when each protein or rule is taken out, alone and together with a drug."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from ...network.units.quantities import format_time
from ...simulation.sbml.model import SbmlModel
from ...simulation.scans.scan import Scan
from ..asking import cells
from ..asking.answer import Answer
from ..asking.grid import AnalysisError
from . import drawings
from .effects import INTACT, UNTREATED, drawn, effects, readouts, signed
from .targets import Target

Run = Callable[[str, Scan], xr.Dataset]
"""Runs a scan under a name, and returns readouts over its axes and ``message``."""

# So many are named in a sentence.
_NAMED: Final = 3
# Of more readouts than this, what shifts the drug is told of the one that is drawn.
_TOLD: Final = 4
# A change by less than this is none.
_NOTHING: Final = 0.02


def study(
    model: SbmlModel,
    targets: Sequence[Target],
    shares: Sequence[float],
    untreated: Scan,
    treated: Scan | None,
    run: Run,
    treatment: str = "treated",
) -> xr.Dataset:
    """Return readouts over ``cell``, ``treatment``, ``target``, ``share`` that is left, and time.

    Parameters
    ----------
    model : SbmlModel
        The model.
    targets : sequence of Target
        What is taken out, one at a time; the intact cell comes first in the answer.
    shares : sequence of float
        How much of each is left: 0 and 0.5, as a rule.
    untreated, treated : Scan
        The experiment as words planned it, without and with drugs.
    run : callable
        Runs a scan.
    treatment : str
        What the treated cells are given, in words, where no dose of it is varied.

    Raises
    ------
    AnalysisError
        If there is nothing to take out, or more than drugs and doses is varied.
    """
    if not targets:
        raise AnalysisError("There is nothing to take out: nothing starts with an amount above 0.")
    if len(untreated.axes) > 1:
        raise AnalysisError(
            "Drugs and doses alone may take several values here; leave lists and ranges out of "
            "--set."
        )
    found = []
    for which, planned in enumerate([untreated, treated]):
        if planned is None:
            continue
        parts: list[xr.Dataset] = []
        for number, (label, cell) in enumerate(cells.split(planned)):
            changes = _changes(model, targets, shares, cells.values(cell))
            data = run(f"knockouts-{which}-{number}", cells.varied(cell, "knockout", changes))
            parts.append(_unfolded(data, targets, shares).assign_coords(cell=label))
        both = xr.concat(parts, "cell")
        found.append(_treatments(both, treatment if which else UNTREATED))
    data = xr.concat(found, "treatment")
    order = ("cell", "treatment", "target", "share", "time")
    return data.transpose(*order, missing_dims="ignore")


def _changes(
    model: SbmlModel, targets: Sequence[Target], shares: Sequence[float], base: Mapping[str, float]
) -> dict[str, dict[str, float]]:
    values, state = model.initial(base)
    own = {**state, **values}
    changes: dict[str, dict[str, float]] = {INTACT: {}}
    for place, target in enumerate(targets):
        for share in shares:
            changes[f"{place}@{share:g}"] = target.at(share, own)
    return changes


def _unfolded(data: xr.Dataset, targets: Sequence[Target], shares: Sequence[float]) -> xr.Dataset:
    """Return what was run in a row over target and share; the intact cell has every share."""
    parts = []
    for share in shares:
        labels = [INTACT, *(f"{place}@{share:g}" for place in range(len(targets)))]
        parts.append(data.sel(knockout=labels).drop_vars("knockout"))
    unfolded = xr.concat(parts, pd.Index(shares, name="share")).rename(knockout="target")
    return unfolded.assign_coords(
        target=[INTACT, *(each.name for each in targets)],
        kind=("target", [INTACT, *(each.kind for each in targets)]),
    )


def _treatments(data: xr.Dataset, label: str) -> xr.Dataset:
    """Return what drugs and doses varied along one dimension, with a label for each."""
    own = {"cell", "target", "share", "time"}
    varied = [str(name) for name in data.message.dims if name not in own]
    if not varied:
        return data.expand_dims(treatment=[label])
    stacked = data.stack(treatment=varied)
    labels = [
        ", ".join(_told(name, value, data) for name, value in zip(varied, place, strict=True))
        for place in stacked.treatment.to_numpy().tolist()
    ]
    return stacked.drop_vars(["treatment", *varied]).assign_coords(treatment=labels)


def _told(name: str, value: Any, data: xr.Dataset) -> str:
    if isinstance(value, str):
        return value
    unit = data[name].attrs.get("units", "")
    if unit == "s":
        return f"{name} {format_time(value)}"
    return f"{name.removeprefix('dose_')} {value:g} {'' if unit == '1' else unit}".strip()


def answer(data: xr.Dataset, settings: Mapping[str, Any] | None = None) -> Answer:
    """Return what was found, ranked by effect.

    Parameters
    ----------
    data : xarray.Dataset
        From :func:`study`.
    settings : mapping, optional
        What was asked, for the record.
    """
    table = _table(data)
    return Answer(
        "knockouts",
        "What each protein and rule is needed for",
        list(_said(data, table)),
        table,
        data,
        lambda: drawings.draw(data),
        settings or {},
    )


def _table(data: xr.Dataset) -> pd.DataFrame:
    parts = []
    for name in readouts(data):
        effect, shift = effects(data, name)
        frame = xr.Dataset(
            {
                "value": data[name],
                "intact": data[name].sel(target=INTACT, drop=True).broadcast_like(data[name]),
                "effect": effect,
                "shift": shift,
                "reason": data.message.broadcast_like(data[name]),
            }
        ).drop_sel(target=INTACT)
        rows = frame.to_dataframe().reset_index().assign(readout=name)
        rows["effect as"] = "share of range" if signed(data[name]) else "log2 fold"
        rows["unit"] = data[name].attrs.get("units", "")
        parts.append(rows)
    found = pd.concat(parts, ignore_index=True)
    found.loc[found.treatment == UNTREATED, "shift"] = np.nan
    found["time (h)"] = found.pop("time") / 3600
    found["left"] = [f"{share:.0%}" for share in found.pop("share")]
    order = found.effect.abs().fillna(-1).sort_values(ascending=False, kind="stable").index
    columns = ["target", "kind", "left", "cell", "treatment", "readout", "time (h)"]
    columns += ["effect", "effect as", "shift", "value", "intact", "unit", "reason"]
    return found.loc[order, columns].reset_index(drop=True)


def _said(data: xr.Dataset, table: pd.DataFrame) -> Iterator[str]:
    failed = table[table.reason != ""].drop_duplicates(["target", "left", "cell", "treatment"])
    if len(failed):
        names = list(dict.fromkeys(failed.target))
        yield (
            f"{len(failed)} of {int(data.message.size)} experiments gave no number, those "
            f"without {', '.join(names[:8])}{' and others' if len(names) > 8 else ''}; "
            f"the first: {failed.reason.iloc[0]}"
        )
    last = table[table["time (h)"] == table["time (h)"].max()]
    many = len(readouts(data)) > _TOLD
    treatments = data.treatment.to_numpy().tolist()
    place = {"cell": data.cell[0].item(), "share": float(data.share.min()), "time": data.time[-1]}
    shown = drawn(data, treatments[-1], place) if len(treatments) > 1 else ""
    least = last[last.left == last.left.min()] if len(last) else last
    for (name, cell), rows in least.groupby(["readout", "cell"], sort=False):
        alone = rows[rows.treatment == UNTREATED].dropna(subset="effect")
        if alone.empty:
            continue
        moved = alone[alone.effect.abs() > _NOTHING]
        down = moved[moved.effect < 0].sort_values("effect")
        up = moved[moved.effect > 0].sort_values("effect", ascending=False)
        words = _listed(down, "effect", "falls most without")
        words += _listed(up, "effect", "rises most without")
        yield (
            f"{name} ({cell}) {'; it '.join(words)}."
            if words
            else (f"{name} ({cell}) changes by less than {_NOTHING:.0%} whatever is taken out.")
        )
        for treatment, treated in rows.groupby("treatment", sort=False):
            if treatment == UNTREATED or (many and name != shown):
                continue
            moved = treated[treated["shift"].abs() > _NOTHING]
            words = _listed(moved[moved["shift"] < 0].sort_values("shift"), "shift", "loss of")
            more = moved[moved["shift"] > 0].sort_values("shift", ascending=False)
            protects = _listed(more, "shift", "loss of")
            if words:
                yield f"{treatment} lowers {name} ({cell}) further after {words[0]}."
            if protects:
                yield f"{treatment} lowers {name} ({cell}) less after {protects[0]}."


def _listed(rows: pd.DataFrame, column: str, verb: str) -> list[str]:
    first = rows.head(_NAMED)
    named = [f"{t} ({v:+.2g})" for t, v in zip(first.target, first[column], strict=True)]
    return [f"{verb} {', '.join(named)}"] if named else []
