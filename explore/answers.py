"""Dose response and synergy of a scenario, on the model that is open already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from ..analysis.asking import treatments
from ..analysis.asking.answer import Answer
from ..analysis.asking.readouts import check_apart
from ..analysis.dose_response import question as dosing
from ..analysis.synergy import answering, effects
from ..analysis.synergy import question as pairing
from ..simulation.engines import EngineError
from ..simulation.scans.from_text import Words
from ..simulation.scans.scan import Scan
from ..simulation.simulator import SimulationError
from ..simulation.steady_state import NoSteadyStateError
from .courses import plain, unit
from .errors import ExploreError
from .opened import Opened
from .scenario import Drug, Scenario, number

_DOSES: Final = 9
_GRID: Final = 5
# At so many doses a fitted curve is drawn.
_FINE: Final = 61
# How far beyond the chosen dose, or the usual one, doses go.
_AROUND: Final = (1e-3, 10.0)
_BELOW: Final = (1e-2, 1.0)


def curve(scenario: Scenario, name: str) -> Words:
    """Return the experiment with doses of a compound round the chosen one."""
    return _varied(scenario, [name], _AROUND, _DOSES)


def surface(scenario: Scenario, names: Sequence[str]) -> Words:
    """Return the experiment with doses of two compounds up to those chosen."""
    return _varied(scenario, names, _BELOW, _GRID)


def _varied(
    scenario: Scenario, names: Sequence[str], around: tuple[float, float], count: int
) -> Words:
    """Return the experiment with doses of compounds varied; all else stays, their times too."""
    drugs = [
        drug.model_copy(update={"dose": _chosen(drug)}) if drug.name in names else drug
        for drug in scenario.drugs
    ]
    given = [drug for drug in drugs if drug.given]
    words = scenario.model_copy(update={"drugs": tuple(given)}).words(when(scenario))
    told = []
    for drug in given:
        low, high = (_rounded(_chosen(drug) * share) for share in around)
        told.append(drug.of(f"{low}..{high} nM log {count}") if drug.name in names else drug.words)
    return replace(words, drugs=tuple(told))


def when(scenario: Scenario) -> str:
    """Return when doses and pairs are looked at: at the end."""
    return f"{number(scenario.until)} h"


def dose_response(opened: Opened, scenario: Scenario, name: str) -> dict[str, Any]:
    """Return how readouts answer to doses of one of the chosen compounds, beside the others.

    Parameters
    ----------
    opened : Opened
        The model.
    scenario : Scenario
        What is done besides.
    name : str
        The compound that is varied.
    """
    _check(scenario, [name])
    words = replace(curve(scenario, name), outputs=_outputs(opened, scenario))
    model = opened.loaded.model
    words, agents, _ = dosing.question(model, words, {})
    planned = treatments.plan(model, words, agents, dosing.rows(agents), {})
    data = _run(opened, scenario, planned)
    answer = dosing.answer(data, agents)
    found = dosing.curves(dosing.responses(data, agents))
    at = np.array(agents[0].levels)
    fine = np.geomspace(at[0], at[-1], _FINE)
    return {
        "compound": name,
        "doses": plain(at),
        "curves": [
            {
                "readout": each["readout"],
                "unit": unit(data[each["readout"]].attrs.get("units", "")),
                "values": plain(_seen(data, each["readout"])[1:]),
                "control": plain(_seen(data, each["readout"])[:1])[0],
                "fitted": _fitted(each, fine),
            }
            for each in found
        ],
        **_said(answer),
    }


def synergy(opened: Opened, scenario: Scenario, names: tuple[str, str]) -> dict[str, Any]:
    """Return what two of the chosen compounds do together: effects, and the excess over Bliss."""
    _check(scenario, names)
    words = replace(surface(scenario, names), outputs=_outputs(opened, scenario))
    model = opened.loaded.model
    pairs, chosen = pairing.pairs(model, words, {})
    planned = treatments.plan(model, words, pairing.agents(pairs), pairing.rows(pairs), {})
    data = _run(opened, scenario, planned)
    found = pairing.surfaces(data, pairs, effects.RATES)
    answer = answering.answer(data, found, pairs, {}, chosen)
    return {
        "compounds": list(names),
        "surfaces": [
            {
                "readout": each.readout,
                "doses": [plain(axis) for axis in each.pair.doses],
                "effect": [plain(row) for row in each.seen],
                "excess": {law: [plain(r) for r in rows] for law, rows in each.excess.items()},
                "scores": {law: plain([score])[0] for law, score in each.scores.items()},
                "verdict": "no effect" if each.idle else answering.verdict(each.scores),
            }
            for each in found
        ],
        **_said(answer),
    }


def _check(scenario: Scenario, names: Sequence[str]) -> None:
    """Refuse to vary what is not chosen, or takes no dose."""
    chosen = {drug.name: drug for drug in scenario.drugs}
    for name in names:
        if name not in chosen:
            raise ExploreError(f"{name!r} is not among the compounds that are chosen.")
        if chosen[name].dose is None:
            raise ExploreError(f"{name} takes no dose, so there is none to vary.")


def _chosen(drug: Drug) -> float:
    return drug.dose or 100.0


def _rounded(value: float) -> str:
    return f"{value:.3g}" if value < 1000 else f"{float(f'{value:.3g}'):.0f}"


def _outputs(opened: Opened, scenario: Scenario) -> tuple[str, ...]:
    return opened.readouts(scenario.readouts or opened.default).outputs


def _run(opened: Opened, scenario: Scenario, planned: Scan) -> xr.Dataset:
    """Run every point of a scan, as :func:`...analysis.asking.grid.run` does in other processes."""
    asked = opened.readouts(scenario.readouts or opened.default)
    check_apart(asked, {"time", *(axis.name for axis in planned.axes)})
    simulator = opened.simulator
    columns = [simulator.observables.index(name) for name in asked.outputs]
    shape = (*planned.shape, len(planned.times))
    values = np.full((planned.size, len(planned.times), len(columns)), np.nan)
    messages = [""] * planned.size
    for place in range(planned.size):
        try:
            ran = simulator.values(planned.experiment(planned.point(place)))
        except (EngineError, NoSteadyStateError, SimulationError) as error:
            messages[place] = str(error)
            continue
        values[place] = ran[:, columns]
    over = (*planned.dimensions, "time")
    units = simulator.units
    coords: dict[str, Any] = {"time": ("time", np.array(planned.times), {"units": "s"})}
    for axis in planned.axes:
        coords[axis.name] = (axis.dimension, np.array(axis.values), {"units": axis.unit})
    recorded = {
        name: xr.DataArray(
            values[..., column].reshape(shape), coords, over, attrs={"units": units.get(name, "")}
        )
        for column, name in enumerate(asked.outputs)
    }
    found = asked.of(recorded)
    message = (tuple(planned.dimensions), np.array(messages, dtype=str).reshape(planned.shape))
    return found.assign(message=message)


def _seen(data: xr.Dataset, name: str) -> Any:
    return data[name].squeeze().to_numpy()


def _fitted(found: Mapping[str, Any], doses: NDArray[np.float64]) -> dict[str, Any] | None:
    """Return the Hill curve that was fitted, if one was."""
    if found["curve"] is None or found["curve"].hill is None:
        return None
    return {"doses": plain(doses), "values": plain(found["curve"].hill.at(doses))}


def _said(answer: Answer) -> dict[str, Any]:
    told = answer.plain()
    return {"table": told["table"], "said": told["said"]}
