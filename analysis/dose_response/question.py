"""The question how readouts answer to doses: what is given, and the table of what comes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from ...simulation.sbml.model import SbmlModel
from ...simulation.scans.from_text import Words
from ..asking import treatments
from ..asking.answer import Answer
from ..asking.grid import AnalysisError, failures
from ..asking.treatments import TREATMENT, Agent, Treatment
from . import telling
from .curves import curve
from .hill import FEWEST

ALL: Final = "all"
"""Instead of a compound: every one that takes a dose and has its target in the model."""
DEFAULT: Final = "everolimus"
"""The compound that is asked for unless the user says, where the model has its target."""
_FOLD: Final = "0.01..100 fold log 13"
# Before the name of a readout: its values without what is given. No readout has a name like this.
_CONTROL: Final = "control of "


def question(
    model: SbmlModel, words: Words, fixed: Mapping[str, float], named: Sequence[str] = ()
) -> tuple[Words, list[Agent], str]:
    """Return what is to be given.

    Parameters
    ----------
    model : SbmlModel
        Whose names are meant.
    words : Words
        The experiment; drugs, doses and settings with several values are agents.
    fixed : mapping
        A parameter set.
    named : sequence of str
        Compounds besides, as ``NAME``, ``NAME=DOSES`` or :data:`ALL`.

    Returns
    -------
    (Words, list of Agent, str)
        The experiment, what is given, and a sentence on what was chosen where nobody said.

    Raises
    ------
    AnalysisError, ScanError
        If a compound has no target in the model, or there are too few doses.
    """
    agents = treatments.of_words(model, words, fixed)
    for text in named:
        agents += _all(model, agents) if text.strip() == ALL else [treatments.compound(model, text)]
    chosen = ""
    if not agents:
        words, agents, chosen = _default(model, words, fixed)
    names = [agent.name for agent in agents]
    for agent in agents:
        if names.count(agent.name) > 1:
            raise AnalysisError(f"{agent.name!r} is asked for twice.")
        if len(_doses(agent)) < FEWEST:
            raise AnalysisError(
                f"{agent.name} has {len(_doses(agent))} doses above zero, and a curve needs "
                f"{FEWEST} at least; write them as in '{agent.name}=0.01..1000 nM log 15'."
            )
    return words, agents, chosen


def _doses(agent: Agent) -> tuple[float, ...]:
    """Return the levels but zero, which has no place on a logarithmic axis and is the control."""
    return tuple(level for level in agent.levels if level > 0)


def _all(model: SbmlModel, given: Sequence[Agent]) -> list[Agent]:
    """Return all compounds but those whose species is given already."""
    taken = {agent.target for agent in given}
    found = [c.name for c in treatments.usable(model) if c.medium not in taken]
    if not found:
        raise AnalysisError(
            f"Model {model.id!r} holds the target of no compound; dose a species, as in "
            "--dose 'SPECIES=0.01..1000 nM log 15', or vary a parameter, as in "
            f"--set 'NAME={_FOLD}'."
        )
    return [treatments.compound(model, name) for name in found]


def _default(
    model: SbmlModel, words: Words, fixed: Mapping[str, float]
) -> tuple[Words, list[Agent], str]:
    if there := [each.name for each in treatments.usable(model)]:
        name = DEFAULT if DEFAULT in there else there[0]
        return words, [treatments.compound(model, name)], f"Nothing was named, so {name} is given."
    name = _parameter(model)
    words = replace(words, settings=(*words.settings, f"{name}={_FOLD}"))
    chosen = (
        f"Nothing was named and no compound has a target here, so {name} is varied, from a "
        "hundredth to a hundred times its value; --dose or --set take something else."
    )
    return words, treatments.of_words(model, words, fixed), chosen


def _parameter(model: SbmlModel) -> str:
    """Return a parameter that is worth varying: a start amount, or else what rates rest on."""
    begun = {name for start in model.starts for name in start.names}
    settable = [
        name
        for name in model.settable
        if model.parameters[name].value and not model.parameters[name].compartment
    ]
    for among in (begun, model.used):
        if name := next((each for each in settable if each in among), None):
            return name
    raise AnalysisError(
        f"Model {model.id!r} holds no compound's target and no parameter that could be varied; "
        "dose a species, as in --dose 'SPECIES=0.01..1000 nM log 15'."
    )


def rows(agents: Sequence[Agent]) -> list[Treatment]:
    """Return the treatments: none, and each level of each agent alone."""
    return [{}, *({agent.name: level} for agent in agents for level in agent.levels)]


def responses(data: xr.Dataset, agents: Sequence[Agent]) -> xr.Dataset:
    """Return readouts over agent, level and whatever else was varied, from those over treatments.

    Parameters
    ----------
    data : xarray.Dataset
        Readouts at :func:`rows`.
    agents : sequence of Agent
        What was given.

    Returns
    -------
    xarray.Dataset
        The readouts at each ``level`` of each ``agent``, of which ``dose`` tells the size, and
        as ``control of NAME`` without any; of a parameter with a level of zero, at that.
    """
    most = max(len(_doses(agent)) for agent in agents)
    dose = np.full((len(agents), most), np.nan)
    place = np.zeros((len(agents), most), int)
    control = np.zeros(len(agents), int)  # the treatment that stands first is none
    first = 1
    for row, agent in enumerate(agents):
        count, zeros = len(_doses(agent)), len(agent.levels) - len(_doses(agent))
        if zeros:
            control[row] = first
        dose[row, :count] = _doses(agent)
        place[row, :count] = np.arange(first + zeros, first + zeros + count)
        first += zeros + count
    names = [agent.name for agent in agents]
    index = xr.DataArray(place, dims=("agent", "level"))
    plain = data.drop_vars([name for name in data.coords if data[name].dims == (TREATMENT,)])
    found = plain.isel({TREATMENT: index}).assign_coords(
        agent=np.array(names, dtype=str),
        dose=(("agent", "level"), dose),
        dose_unit=("agent", np.array([agent.unit for agent in agents], dtype=str)),
        has_control=(
            "agent",
            [a.kind != "setting" or a.without == 0 or 0 in a.levels for a in agents],
        ),
    )
    kept = found.where(np.isfinite(found.dose)).assign(message=found.message)
    none = plain.isel({TREATMENT: xr.DataArray(control, dims="agent")})
    kept = kept.assign({_CONTROL + name: none[name] for name in _readouts(data)})
    for name in _readouts(data):
        kept[name].attrs = kept[_CONTROL + name].attrs = dict(data[name].attrs)
    return kept


def _readouts(data: xr.Dataset) -> list[str]:
    names = [str(name) for name in data.data_vars if name != "message"]
    return [name for name in names if not name.startswith(_CONTROL)]


def places(data: xr.Dataset) -> Iterator[dict[str, Any]]:
    """Yield where each family of curves stands: cell, time and whatever else was varied."""
    first = data[_readouts(data)[0]]
    names = [str(name) for name in first.dims if name not in ("agent", "level")]
    for values in product(*(data[name].to_numpy().tolist() for name in names)):
        yield dict(zip(names, values, strict=True))


def curves(data: xr.Dataset) -> list[dict[str, Any]]:
    """Return each curve with where it stands: ``agent``, ``readout``, place and ``curve``."""
    found = []
    for agent, name, place in product(
        data.agent.to_numpy().tolist(), _readouts(data), list(places(data))
    ):
        one = data.sel(agent=agent).sel(place)
        doses, values = one.dose.to_numpy(), one[name].to_numpy()
        there = np.isfinite(values) & np.isfinite(doses)
        control = float(one[_CONTROL + name]) if bool(one.has_control) else None
        if there.sum() < 2 or (control is not None and not np.isfinite(control)):
            made = None
        else:
            scale = float(np.abs(data[name]).max())
            made = curve(doses[there], values[there], control, scale=scale)
        found.append({"agent": agent, "readout": name, "place": place, "curve": made})
    return found


def answer(
    data: xr.Dataset,
    agents: Sequence[Agent],
    settings: Mapping[str, Any] | None = None,
    chosen: str = "",
) -> Answer:
    """Return dose-response as an answer.

    Parameters
    ----------
    data : xarray.Dataset
        Readouts at :func:`rows`, as :func:`.grid.run` returns them.
    agents : sequence of Agent
        What was given.
    settings : mapping, optional
        What was asked, for the record.
    chosen : str
        A sentence on what was chosen where nobody said.
    """
    from . import drawings

    made = responses(data, agents)
    found = curves(made)
    crowded = drawings.lines(found) > drawings.MOST
    if crowded and len(agents) < drawings.MAPPED:
        raise AnalysisError(
            f"{drawings.lines(found)} curves would share a panel, and no more than "
            f"{drawings.MOST} can be told apart; ask for fewer cells or times."
        )
    units = {agent.name: agent.unit for agent in agents}
    ends = {agent.name: (_doses(agent)[0], _doses(agent)[-1]) for agent in agents}
    table = pd.DataFrame([telling.row(each, units, ends, made) for each in found])
    numbers = pd.DataFrame(
        [
            {
                "agent": each["agent"],
                "readout": each["readout"],
                **each["place"],
                **telling.numbers(each["curve"]),
                "dose_unit": units[each["agent"]],
            }
            for each in found
        ]
    )
    said = [*([chosen] if chosen else []), *failures(data), *telling.said(found)]
    return Answer(
        "dose_response",
        "Dose-response",
        said,
        table,
        _with(made, found),
        lambda: drawings.draw(made, found),
        {**(settings or {}), "agents": {a.name: list(a.levels) for a in agents}},
        {"dose_response_numbers": numbers},
    )


def _with(data: xr.Dataset, found: Sequence[Mapping[str, Any]]) -> xr.Dataset:
    """Return the responses with the numbers of each curve beside them."""
    names = _readouts(data)
    dims = [str(each) for each in data[names[0]].dims if each != "level"]
    shape = (len(names), *(data.sizes[each] for each in dims))
    tables = {number: np.full(shape, np.nan) for number in telling.NUMBERS}
    shapes = np.full(shape, "", dtype="<U24")
    index = {each: {v: i for i, v in enumerate(data[each].to_numpy().tolist())} for each in dims}
    for each in found:
        at = {**each["place"], "agent": each["agent"]}
        where = (names.index(each["readout"]), *(index[name][at[name]] for name in dims))
        shapes[where] = each["curve"].shape if each["curve"] else ""
        for number, value in telling.numbers(each["curve"]).items():
            if number in tables:
                tables[number][where] = value
    over = ("readout", *dims)
    return data.assign_coords(readout=np.array(names, dtype=str)).assign(
        {f"curve_{n}": (over, each) for n, each in tables.items()} | {"curve_shape": (over, shapes)}
    )
