"""What happens while an experiment goes on, as events that a parameter switches on."""

from __future__ import annotations

import math
from dataclasses import replace

import libsbml

from .problem import Problem, Stage, Trial
from .stages import REFERENCE


def problem(stated: Problem) -> Problem:
    """Return the same problem with one stage at most after cells came to rest.

    Whatever an experiment does later, or at time 0 in terms of what is there then, becomes an event
    of the model; a parameter that is 1 in this experiment and 0 in all others lets it happen.
    """
    document = libsbml.readSBMLFromString(stated.sbml)
    model = document.getModel()
    plain, switches = {}, {}
    for trial in stated.trials:
        stages, events = _parted(trial)
        plain[trial.id] = stages
        if events:
            switches[trial.id] = _unused(model, f"does_{trial.id}")
            _parameter(model, switches[trial.id])
            for number, stage in enumerate(events, start=1):
                id = _unused(model, f"{trial.id}_event_{number}")
                _event(model, id, stage, switches[trial.id])
    trials = []
    for trial in stated.trials:
        *before, last = plain[trial.id]
        own = switches.get(trial.id)
        # While cells rest nothing of this happens.
        off = dict.fromkeys(switches.values(), "0")
        on = {**off, own: "1"} if own else off
        first = [Stage(stage.time, {**stage.changes, **off}) for stage in before]
        stages = (*first, Stage(last.time, {**last.changes, **on}))
        trials.append(replace(trial, stages=stages))
    sbml = libsbml.writeSBMLToString(document) if switches else stated.sbml
    return replace(stated, sbml=sbml, trials=tuple(trials))


def _parted(trial: Trial) -> tuple[list[Stage], list[Stage]]:
    """Return the stages that stay, and those that become events."""
    first, *later = trial.stages or (Stage(0.0),)
    if first.time != -math.inf:
        return [first], later
    if not later:
        return [first, Stage(0.0)], []
    start, *rest = later
    if all(_simple(text) for text in start.changes.values()):
        return [first, start], rest
    moved = {id: text for id, text in start.changes.items() if not _simple(text)}
    kept = {id: text for id, text in start.changes.items() if _simple(text)}
    return [first, Stage(start.time, kept)], [Stage(start.time, moved), *rest]


def _simple(text: str) -> bool:
    """Tell whether a table of conditions of version 1 may hold it: a number, or a parameter."""
    try:
        float(text)
    except ValueError:
        return text.endswith(REFERENCE)
    return True


def _parameter(model: libsbml.Model, id: str) -> None:
    parameter = model.createParameter()
    parameter.setId(id)
    parameter.setConstant(True)
    parameter.setValue(0.0)
    parameter.setUnits("dimensionless")


def _event(model: libsbml.Model, id: str, stage: Stage, switch: str) -> None:
    event = model.createEvent()
    event.setId(id)
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    if model.getLevel() > 2:
        trigger.setInitialValue(False)
        trigger.setPersistent(True)
    trigger.setMath(libsbml.parseL3Formula(f"(time >= {stage.time!r}) && ({switch} > 0.5)"))
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

