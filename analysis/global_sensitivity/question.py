"""Which parameters matter for which readout, when all vary at once, with and without a drug."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import matplotlib as mpl
import numpy as np
import pandas as pd
import xarray as xr
from matplotlib.figure import Figure

from ...simulation.engines import Loaded
from ...simulation.results import figures
from ...simulation.scans.from_text import REFERENCE
from ...simulation.scans.parts import DOSE, Axis, Setting
from ...simulation.scans.sampling import Range
from ...simulation.scans.scan import Scan
from ..asking import cells
from ..asking.answer import Answer, Drawn
from ..asking.grid import AnalysisError
from .indices import MAIN, Vector, indices, sample

SAMPLE: Final = "sample"
UNTREATED: Final = "untreated"
# Between the parts of a treatment.
_AND: Final = ", "
# A model with no more parameters than this has all of them varied.
_FEW: Final = 25
# Parameters that fit one under the other.
_SHOWN: Final = 30
# So many letters fit above a panel.
_TITLE: Final = 16
# So many panels stand beside each other.
_PANELS: Final = 6
# So many are named in a sentence.
_NAMED: Final = 3
# A correlation that chance makes more rarely than this is marked.
_SURE: Final = 1e-3

Run = Callable[[str, Scan], xr.Dataset]


@dataclass(frozen=True)
class Plan:
    """What is varied, how, and at which points."""

    ranges: Mapping[str, Range]
    method: str
    size: int
    seed: int
    shares: Vector


def ranges(
    loaded: Loaded,
    names: Sequence[str],
    fold: float,
    base: Mapping[str, float] | None = None,
    besides: Collection[str] = (),
) -> dict[str, Range]:
    """Return the range of each parameter, so many fold below and above its value.

    Parameters
    ----------
    loaded : Loaded
        The model.
    names : sequence of str
        Parameters; if none is named, the amounts of what the model starts with, and all that other
        parameters do not determine where there are few.
    fold : float
        How far each end lies from the value.
    base : mapping, optional
        Values other than the model's own.
    besides : collection of str
        What cells or settings set, and is varied only where it is named.

    Raises
    ------
    AnalysisError
        If a parameter is unknown, or zero.
    """
    model = loaded.model
    values, state = model.initial(base or {})
    own = {**state, **values}
    derived = {start.target for start in model.starts if start.names}
    chosen = list(names)
    if not chosen:
        free = [
            id
            for id in model.startable
            if own[id] and id not in derived and not model.parameters[id].compartment
        ]
        chosen = free if len(free) <= _FEW else list(cells.amounts(model, base))
        chosen = [name for name in chosen if name not in besides]
    if not fold > 1:
        raise AnalysisError(f"A range of {fold:g} fold holds nothing; take more than 1.")
    found = {}
    for name in chosen:
        if name not in own:
            raise AnalysisError(f"Model {model.id!r} has no parameter {name!r} to vary.")
        if not 0 < own[name] < np.inf:
            raise AnalysisError(f"{name!r} is {own[name]:g}, which has no multiples to vary.")
        found[name] = Range(own[name] / fold, own[name] * fold, "log")
    if len(found) < 2:
        raise AnalysisError("At least two parameters are varied; name more with --vary.")
    return found


def plan(found: Mapping[str, Range], method: str, size: int, seed: int) -> Plan:
    """Return the points at which the model is asked."""
    return Plan(found, method, size, seed, sample(list(found.values()), method, size, seed))


def sampled(planned: Scan, told: Plan) -> Scan:
    """Return a scan over the points of a plan, for each of its cells."""
    ours = set(told.ranges)
    return replace(
        planned,
        axes=[
            *planned.axes,
            *(
                Axis(
                    f"varied_{name}",
                    tuple(span.at(column).tolist()),
                    dimension=SAMPLE,
                    about="varied",
                )
                for (name, span), column in zip(told.ranges.items(), told.shares.T, strict=True)
            ),
        ],
        fixed={name: value for name, value in planned.fixed.items() if name not in ours},
        settings=[*planned.settings, *(Setting(name, f"varied_{name}") for name in told.ranges)],
        sampling={"method": told.method, "count": told.size, "seed": told.seed},
    )


def study(told: Plan, scans: Mapping[str, Scan], run: Run) -> xr.Dataset:
    """Return readouts over what words varied, ``treatment``, ``sample`` and time.

    Parameters
    ----------
    told : Plan
        What is varied.
    scans : mapping
        The experiment as words planned it, by treatment.
    run : callable
        Runs a scan under a name.
    """
    parts = []
    for place, planned in enumerate(scans.values()):
        data = run(f"global-{place}", sampled(planned, told))
        parts.append(data.drop_vars([f"varied_{name}" for name in told.ranges], errors="ignore"))
    given = [d for part in parts for d in part.message.dims if d not in parts[0].message.dims]
    data = xr.concat(parts, pd.Index(list(scans), name="treatment"))
    # What only treatments have, such as doses.
    data.attrs["given"] = list(dict.fromkeys(map(str, given)))
    return data.assign(share=((SAMPLE, "parameter"), told.shares, {"units": "1"})).assign_coords(
        parameter=list(told.ranges)
    )


def readouts(data: xr.Dataset) -> list[str]:
    """Return what was looked at."""
    return [str(name) for name in data.data_vars if name not in ("message", "share")]


def answer(data: xr.Dataset, told: Plan, settings: Mapping[str, Any] | None = None) -> Answer:
    """Return the indices of every parameter, ranked.

    Raises
    ------
    AnalysisError
        If too few points have a number.
    """
    table = _table(data, told)
    return Answer(
        "global_sensitivity",
        "Which parameters matter",
        list(_said(data, table, told)),
        table,
        data,
        lambda: draw(table, told.method, readouts(data), _besides(data)),
        {
            **(settings or {}),
            "method": told.method,
            "size": told.size,
            "points": len(told.shares),
            "ranges": {name: [span.low, span.high] for name, span in told.ranges.items()},
        },
    )


def _table(data: xr.Dataset, told: Plan) -> pd.DataFrame:
    parts = []
    given = data.attrs.get("given", [])
    for name in readouts(data):
        stacked = data[name].stack(place=[d for d in data[name].dims if d != SAMPLE])
        for place in range(stacked.sizes["place"]):
            one = stacked.isel(place=place)
            where = {
                str(d): data[d].to_numpy().tolist()[index]
                for d, index in zip(
                    [d for d in data[name].dims if d != SAMPLE],
                    np.unravel_index(
                        place, [data.sizes[d] for d in data[name].dims if d != SAMPLE]
                    ),
                    strict=True,
                )
            }
            where["time"] = float(where["time"]) / 3600
            if where["treatment"] == UNTREATED:
                # The same at every dose that others get, and told once.
                if any(where[d] != data[d].to_numpy().tolist()[0] for d in given):
                    continue
                where |= dict.fromkeys(given, np.nan)
            found = indices(told.method, told.shares, one.to_numpy(), told.seed)
            parts.append(found.assign(parameter=list(told.ranges), readout=name, **where))
    table = pd.concat(parts, ignore_index=True).rename(columns={"time": "time (h)"})
    main = MAIN[told.method]
    order = table[main].abs().fillna(-1).sort_values(ascending=False, kind="stable").index
    first = ["parameter", "readout", "treatment", main]
    rest = [name for name in table.columns if name not in first]
    return table.loc[order, [*first, *rest]].reset_index(drop=True)


def treatment(words: Sequence[str], planned: Scan) -> str:
    """Return what a treatment is called: its words, of what is varied the name alone."""
    varied = {axis.name.removeprefix(DOSE) for axis in planned.axes}
    names = [word.partition("=")[0].strip() for word in words]
    return _AND.join(
        name if name in varied else word for name, word in zip(names, words, strict=True)
    )


def _besides(data: xr.Dataset) -> dict[str, str]:
    """Return what was varied besides parameters, treatments and times, each with its unit."""
    dimensions = [d for d in data.message.dims if d not in (SAMPLE, "treatment", "time")]
    units = {str(d): str(data[d].attrs.get("units", "")) for d in dimensions}
    return {name: "" if unit == "1" else unit for name, unit in units.items()}


def _places(table: pd.DataFrame, besides: Mapping[str, str]) -> pd.Series:
    """Return where each index holds, in words: treatment, and what else was varied."""

    def words(row: Mapping[str, Any]) -> str:
        told = {}
        for name, unit in besides.items():
            value = row[name]
            if isinstance(value, str):
                told |= {value: value} if value != REFERENCE else {}
            elif np.isfinite(value):
                bare = name.removeprefix(DOSE)
                told[bare] = " ".join(filter(None, (bare, f"at {value:g}", unit)))
        plain = [part for part in str(row["treatment"]).split(_AND) if part not in told]
        return _AND.join((*plain, *told.values()))

    return pd.Series([words(row) for row in table.to_dict("records")], table.index, name="at")


def _said(data: xr.Dataset, table: pd.DataFrame, told: Plan) -> Iterator[str]:
    failed = int((data.message != "").sum())
    if failed:
        first = next(filter(None, data.message.to_numpy().ravel().tolist()))
        yield f"{failed} of {data.message.size} points gave no numbers; the first: {first}"
    main = MAIN[told.method]
    yield f"{len(told.ranges)} parameters vary at once, at {len(told.shares)} points; by {main}:"
    last = table[table["time (h)"] == table["time (h)"].max()]
    last = last.assign(at=_places(last, _besides(data)))
    for (name, place), rows in last.groupby(["readout", "at"], sort=False):
        if not rows[main].abs().max() > 0:
            yield f"{name}, {place}, does not change."
            continue
        named = rows.head(_NAMED)
        words = [f"{p} ({v:.2g})" for p, v in zip(named.parameter, named[main], strict=True)]
        yield f"{name}, {place}, follows {', '.join(words)}."


def draw(
    table: pd.DataFrame, method: str, names: Sequence[str], besides: Mapping[str, str]
) -> Drawn:
    """Draw a map of parameters by readouts, a panel a treatment and dose, at the last time."""
    main = MAIN[method]
    last = table[table["time (h)"] == table["time (h)"].max()]
    if "cell" in last:
        last = last[last["cell"] == last["cell"].iloc[0]]
    within = {name: unit for name, unit in besides.items() if name != "cell"}
    last = last.assign(at=_places(last, within))
    untreated = set(last["at"][last.treatment == UNTREATED])
    treatments = sorted(dict.fromkeys(last["at"]), key=lambda each: each not in untreated)
    treatments = treatments[:_PANELS]
    last = last[last["at"].isin(treatments)]
    # Elementary effects come in the unit of the readout, so each is told against the largest.
    scaled = last.assign(shown=last[main])
    if method == "morris":
        largest = scaled.groupby("readout")["shown"].transform("max")
        scaled["shown"] = scaled["shown"] / largest.where(largest > 0, 1.0)
    wide = scaled.pivot_table(
        index="parameter", columns=["at", "readout"], values="shown", sort=False
    )
    order = wide.abs().max(axis=1).sort_values(ascending=False, kind="stable").index[:_SHOWN]
    names = [name for name in names if name in set(last.readout)]
    sure = (
        last.pivot_table(index="parameter", columns=["at", "readout"], values="p") < _SURE
        if "p" in last
        else None
    )
    with mpl.rc_context(figures.STYLE):
        size = (2.2 + 0.24 * len(names) * len(treatments), 1.9 + 0.17 * len(order))
        figure = Figure(figsize=(max(size[0], 4.2), max(size[1], 3.2)), layout="constrained")
        panels = figure.subplots(1, len(treatments), squeeze=False, sharey=True)[0]
        for axes, treatment in zip(panels, treatments, strict=True):
            shown = wide[treatment].reindex(index=order, columns=names)
            figures.heat(axes, shown, (-1 if method == "prcc" else 0, 1))
            axes.set_title(textwrap.fill(treatment, _TITLE), fontsize=8)
            if sure is not None:
                marked = sure[treatment].reindex(index=order, columns=names).to_numpy(dtype=bool)
                rows, columns = np.nonzero(marked)
                axes.plot(columns, rows, ".", color="black", markersize=2)
        figures.scale(figure, panels, _LABELS[method])
    return {"global_sensitivity": (figure, last.drop(columns="at"))}


_LABELS: Final = {
    "prcc": f"partial rank correlation; dot: p < {_SURE:g}",
    "morris": "mu*, as a share of the largest",
    "sobol": "total Sobol index",
}
