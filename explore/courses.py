"""Courses of a scenario: chosen readouts over time, and bands of an ensemble."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from ..analysis import time_course
from ..analysis.asking import cells, ensembles
from ..simulation.experiments import from_text as single
from ..simulation.experiments.experiments import Experiment
from ..simulation.scans import from_text
from ..simulation.simulator import Course
from .errors import ExploreError
from .opened import Opened
from .scenario import POINTS, Scenario


def experiment(
    opened: Opened, scenario: Scenario, fixed: Mapping[str, float] | None = None
) -> Experiment:
    """Return the experiment of a scenario.

    Parameters
    ----------
    opened : Opened
        The model.
    scenario : Scenario
        What is done.
    fixed : mapping, optional
        A parameter set below it.

    Raises
    ------
    ScanError, ProtocolError
        If it makes no sense for the model.
    """
    if not scenario.uploaded:
        words = scenario.words()
        planned = from_text.scan(opened.loaded.model, scenario.model, words, fixed)
        return planned.experiment(planned.point(0))
    if scenario.conditions or scenario.drugs:
        raise ExploreError(
            "Cells and compounds are of the models of this package; of a model of your own, "
            "parameters can be set."
        )
    words = single.Words(settings=scenario.set_words)
    times = [scenario.until * step / POINTS for step in range(POINTS + 1)]
    return single.experiment(words, times, counted=True)


def run(opened: Opened, scenario: Scenario) -> Course:
    """Return the course of a scenario with all that is recorded."""
    key = json.dumps(scenario.model_dump(exclude={"readouts"}), sort_keys=True)
    return opened.course(key, experiment(opened, scenario))


def data(opened: Opened, scenario: Scenario, course: Course) -> xr.Dataset:
    """Return the chosen readouts of a course, with their units."""
    asked = opened.readouts(scenario.readouts or opened.default)
    return asked.of(course.arrays(asked.outputs))


def course(opened: Opened, scenario: Scenario) -> dict[str, Any]:
    """Return the chosen readouts over time, as data that JSON can hold."""
    ran = run(opened, scenario)
    found = data(opened, scenario, ran)
    own = scenario.uploaded
    return {
        "time": plain(ran.times if own else ran.times / 3600),
        "time_unit": ran.time_unit if own else "h",
        "readouts": [
            {
                "name": str(name),
                "unit": unit(str(array.attrs.get("units", ""))),
                "formula": str(array.attrs.get("long_name", name)),
                "values": plain(array.to_numpy()),
            }
            for name, array in found.data_vars.items()
        ],
    }


def bands(
    opened: Opened, scenario: Scenario, sets: Sequence[Mapping[str, float]]
) -> dict[str, Any]:
    """Return where most members of an ensemble lie, by readout: low, median and high.

    Parameters
    ----------
    opened : Opened
        The model.
    scenario : Scenario
        What is done to every member.
    sets : sequence of mapping
        Values of parameters by member; the scenario's own go on top.
    """
    asked = opened.readouts(scenario.readouts or opened.default)
    planned = ensembles.plan(opened.loaded.model, scenario.words(), sets, {})
    members = []
    for place in range(planned.size):
        ran = opened.simulator.course(planned.experiment(planned.point(place)))
        members.append(asked.of(ran.arrays(asked.outputs)))
    together = xr.concat(members, dim=ensembles.MEMBER)
    return {
        "share": time_course.BAND,
        "members": len(members),
        "readouts": {
            str(name): [
                plain(each) for each in time_course.quantiles(array).transpose("quantile", "time")
            ]
            for name, array in together.data_vars.items()
        },
    }


def amounts(opened: Opened) -> list[dict[str, Any]]:
    """Return the parameters of a model that sliders may move, those of start amounts first."""
    model = opened.loaded.model
    try:
        first = list(cells.amounts(model))
    except ValueError:
        first = []
    volumes = [name for name in model.settable if model.parameters[name].compartment]
    names = dict.fromkeys([*(n for n in first if n in model.parameters), *model.settable])
    names = dict.fromkeys([*(n for n in names if n not in volumes), *volumes])
    values, _ = model.initial({})
    notes = (
        {p.name: p.notes for p in opened.loaded.network.parameters} if opened.loaded.network else {}
    )
    return [
        {
            "name": name,
            "value": values[name],
            "unit": model.parameters[name].unit_id or "",
            "about": notes.get(name, ""),
        }
        for name in names
        if name in values and np.isfinite(values[name])
    ]


def unit(said: str) -> str:
    """Return a unit as it is shown."""
    return "" if said in ("1", "dimensionless") else said


def plain(values: Any) -> list[float | None]:
    """Return numbers as JSON has them, to seven digits, which is what was integrated to."""
    return [float(f"{v:.7g}") if np.isfinite(v) else None for v in np.asarray(values, float)]
