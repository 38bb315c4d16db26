"""SBML with handles: what happens during an experiment, as events whose sizes SED-ML can set.

SED-ML changes a model before it runs. What is done while it runs it can say in ways that few tools
take, so doses, wash-outs and later conditions become events of the model here, each dose with a
parameter of its own, which is 0 in the file. An experiment sets it, and a series of doses varies
it. Every tool that reads SBML then does the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import libsbml

from .description import ArchiveError


@dataclass(frozen=True)
class Happening:
    """What happens at one time; settings first, then wash-outs, then doses.

    Parameters
    ----------
    time : float
        In the model's own time.
    settings : tuple of (str, float)
        What gets a new value; a species an amount.
    washouts : tuple of (str, float)
        From which species which share is taken away.
    doses : tuple of (str, str)
        Which species rises in concentration, and the parameter that says by how much.
    """

    time: float
    settings: tuple[tuple[str, float], ...] = ()
    washouts: tuple[tuple[str, float], ...] = ()
    doses: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.settings or self.washouts or self.doses)

    @property
    def only_doses(self) -> bool:
        """Whether nothing happens as long as doses are 0."""
        return not (self.settings or self.washouts)


def with_handles(
    text: str,
    happenings: tuple[Happening, ...],
    freed: Mapping[str, float] | None = None,
    amounts: Mapping[str, str] | None = None,
) -> str:
    """Return an SBML text with events and parameters; the text itself where nothing is asked.

    Parameters
    ----------
    text : str
        A model.
    happenings : tuple of Happening
        In order of time.
    freed : mapping, optional
        Start value of what is to have a number of its own, though the file may compute it from
        others; of a species its amount. Not every tool computes it anew after a change.
    amounts : mapping, optional
        Parameter by species, which is to hold its amount: where a symbol stands for an amount,
        tools do not agree on whether SED-ML means it or the concentration.
    """
    if not (happenings or freed or amounts):
        return text
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for id, value in (freed or {}).items():
        model.removeInitialAssignment(id)
        _start(model, id, value)
    for species, parameter in (amounts or {}).items():
        _parameter(model, parameter, constant=False)
        rule = model.createAssignmentRule()
        rule.setVariable(parameter)
        rule.setMath(libsbml.parseL3Formula(species))
    for number, happening in enumerate(happenings, start=1):
        _event(model, number, happening)
    return libsbml.writeSBMLToString(document)


def unused(start: str, text: str) -> str:
    """Return an id that a text does not hold."""
    while f'"{start}"' in text:
        start += "_"
    return start


def _start(model: libsbml.Model, id: str, value: float) -> None:
    species, compartment = model.getSpecies(id), model.getCompartment(id)
    if species is not None:
        species.unsetInitialConcentration()
        species.setInitialAmount(value)
    elif compartment is not None:
        compartment.setSize(value)
    else:
        model.getParameter(id).setValue(value)


def _parameter(model: libsbml.Model, id: str, *, constant: bool) -> None:
    parameter = model.createParameter()
    parameter.setId(id)
    parameter.setConstant(constant)
    if constant:
        parameter.setValue(0.0)


def _event(model: libsbml.Model, number: int, happening: Happening) -> None:
    for _, parameter in happening.doses:
        _parameter(model, parameter, constant=True)
    event = model.createEvent()
    event.setId(unused(f"happening_{number}", libsbml.writeSBMLToString(model.getSBMLDocument())))
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    if model.getLevel() > 2:
        trigger.setInitialValue(False)
        trigger.setPersistent(True)
    trigger.setMath(libsbml.parseL3Formula(f"time >= {happening.time!r}"))
    for id, formula in _assignments(model, happening):
        element = model.getElementBySId(id)
        if isinstance(element, libsbml.Species | libsbml.Parameter | libsbml.Compartment):
            element.setConstant(False)
        assignment = event.createEventAssignment()
        assignment.setVariable(id)
        assignment.setMath(libsbml.parseL3Formula(formula))


def _assignments(model: libsbml.Model, happening: Happening) -> Iterator[tuple[str, str]]:
    """Yield what is assigned, with the formula, in which all symbols stand for values before."""
    settings, washouts, doses = map(dict, (happening.settings, happening.washouts, happening.doses))
    for id in dict.fromkeys((*settings, *washouts, *doses)):
        species = model.getSpecies(id)
        if species is None:
            yield id, repr(settings[id])
            continue
        size = species.getCompartment()
        if size in settings:
            raise ArchiveError(
                f"{id!r} is changed at the same time as the size of its compartment {size!r}, "
                "which an event cannot say in one; let one happen later."
            )
        in_amount = species.getHasOnlySubstanceUnits()
        formula = id
        if id in settings:
            formula = repr(settings[id])
            formula = formula if in_amount else f"{formula} / {size}"
        if id in washouts:
            formula = f"({formula}) * (1 - {washouts[id]!r})"
        if id in doses:
            dose = doses[id]
            formula = f"{formula} + {dose} * {size}" if in_amount else f"{formula} + {dose}"
        yield id, formula
