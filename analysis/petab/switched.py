"""What happens while an experiment goes on, as events whose times are parameters."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Final

import libsbml

from ...simulation.engines.base import eve
from .problem import Problem, Stage, Trial
from .stages import REFERENCE

# Later than any experiment or search for rest, and not so late that all times are as far from it.
_NEVER: Final = 1e12


def problem(stated: Problem) -> Problem:
    """Return the same problem with one stage at most after cells came to rest.

    Whatever an experiment does later, or in terms of what is there then, becomes an event of the
    model. A parameter says when it happens: in this experiment at its time, in all others never.
    """
    document = libsbml.readSBMLFromString(stated.sbml)
    model = document.getModel()
    own = model.getNumEvents() > 0
    plain: dict[str, list[Stage]] = {}
    times: dict[str, dict[str, str]] = {}
    for trial in stated.trials:
        plain[trial.id], events = _parted(trial)
        times[trial.id] = {}
        for number, stage in enumerate(events, start=1):
            when = _unused(model, f"time_{trial.id}_{number}")
            _parameter(model, when)
            times[trial.id][when] = repr(eve(stage.time) if own else stage.time)
            _event(model, _unused(model, f"event_{trial.id}_{number}"), stage, when)
    never = {when: repr(_NEVER) for each in times.values() for when in each}
    trials = []
    for trial in stated.trials:
        *before, last = plain[trial.id]
        # While cells rest nothing of this happens.
        first = [replace(stage, changes={**stage.changes, **never}) for stage in before]
        last = replace(last, changes={**last.changes, **never, **times[trial.id]})
        trials.append(replace(trial, stages=(*first, last)))
    sbml = libsbml.writeSBMLToString(document) if never else stated.sbml
    return replace(stated, sbml=sbml, trials=tuple(trials))


def _parted(trial: Trial) -> tuple[list[Stage], list[Stage]]:
    """Return the stages that stay, and those that become events."""
    stages = list(trial.stages)
    before = [stages.pop(0)] if stages and stages[0].time == -math.inf else []
    start, *later = stages or [Stage(0.0)]
    kept = {id: text for id, text in start.changes.items() if _simple(text)}
    moved = {id: text for id, text in start.changes.items() if id not in kept}
    events = [Stage(start.time, moved), *later] if moved else later
    return [*before, Stage(start.time, kept)], events


def _simple(text: str) -> bool:
    """Tell whether a table of conditions of version 1 may hold it: a number, or a parameter."""
    try:
        float(text)
    except ValueError:
        return re.fullmatch(rf"\w+{REFERENCE}(_\d+)?", text) is not None
    return True


def _parameter(model: libsbml.Model, id: str) -> None:
    parameter = model.createParameter()
    parameter.setId(id)
    parameter.setConstant(True)
    parameter.setValue(_NEVER)
    if model.isSetTimeUnits():
        parameter.setUnits(model.getTimeUnits())


def _event(model: libsbml.Model, id: str, stage: Stage, when: str) -> None:
    event = model.createEvent()
    event.setId(id)
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    if model.getLevel() > 2:
        trigger.setInitialValue(False)
        trigger.setPersistent(True)
    trigger.setMath(libsbml.parseL3Formula(f"time >= {when}"))
    for target, text in stage.changes.items():
        element = model.getElementBySId(target)
        if isinstance(element, libsbml.Species | libsbml.Parameter | libsbml.Compartment):
            element.setConstant(False)
        assignment = event.createEventAssignment()
        assignment.setVariable(target)
        assignment.setMath(libsbml.parseL3FormulaWithSettings(text, _settings()))


def _settings() -> libsbml.L3ParserSettings:
    settings = libsbml.L3ParserSettings()
    settings.setParseLog(libsbml.L3P_PARSE_LOG_AS_LN)
    return settings


def _unused(model: libsbml.Model, id: str) -> str:
    while model.getElementBySId(id) is not None:
        id += "_"
    return id
