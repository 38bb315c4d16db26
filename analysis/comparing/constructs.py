"""What an SBML document uses that not every simulator has, and which simulator lacks what.

What is lacking was found with the cases of the SBML Test Suite: of each construct here, a tool that
lacks it gets next to no case right, and most of the others nearly all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import libsbml

# A libSBML object; the library has no types.
SBase = Any

ALGEBRAIC: Final = "algebraic rules"
AVOGADRO: Final = "Avogadro's constant"
CONVERSION: Final = "conversion factors"
DELAY: Final = "delays in formulas"
EVENT_DELAY: Final = "events with a delay"
FAST: Final = "fast reactions"
PERSISTENCE: Final = "events that are not persistent"
PRIORITY: Final = "events with a priority"
RATE: Final = "rateOf"
RATIONAL: Final = "stoichiometries with a denominator"
STOICHIOMETRY: Final = "stoichiometries that change"
SUBMODELS: Final = "submodels"
VOLUME: Final = "rules for concentrations in compartments that change their size"

# By the name of the tool on the command line.
LACKING: Final[dict[str, frozenset[str]]] = {
    "roadrunner": frozenset({ALGEBRAIC, DELAY, FAST, SUBMODELS}),
    "copasi": frozenset({ALGEBRAIC, CONVERSION, DELAY, FAST, RATIONAL, STOICHIOMETRY, VOLUME}),
    "bngsim": frozenset({ALGEBRAIC, AVOGADRO, DELAY, FAST, RATE, RATIONAL}),
}

_SYMBOLS: Final = {
    libsbml.AST_NAME_AVOGADRO: AVOGADRO,
    libsbml.AST_FUNCTION_DELAY: DELAY,
    libsbml.AST_FUNCTION_RATE_OF: RATE,
}


def lacking(tool: str, constructs: Iterable[tuple[str, str]]) -> str:
    """Return what a tool lacks of these constructs, each with its example; nothing if it has all.

    Examples
    --------
    >>> lacking("copasi", [("fast reactions", "J0"), ("rateOf", "rule of x")])
    'fast reactions (J0)'
    """
    without = LACKING.get(tool, frozenset())
    return ", ".join(f"{name} ({where})" for name, where in constructs if name in without)


def constructs(model: SBase) -> tuple[tuple[str, str], ...]:
    """Return each construct that is in a model, with the first element that has it."""
    found: dict[str, str] = {}
    for name, where in _all(model):
        found.setdefault(name, where)
    return tuple(sorted(found.items()))


def formulas(model: SBase) -> Iterator[tuple[str, SBase]]:
    """Yield every formula of a model, and where it stands."""
    for rule in model.getListOfRules():
        yield f"rule of {rule.getVariable()}" if rule.getVariable() else "algebraic rule", rule
    for start in model.getListOfInitialAssignments():
        yield f"start of {start.getSymbol()}", start
    for reaction in model.getListOfReactions():
        if reaction.getKineticLaw() is not None:
            yield f"rate of {reaction.getId()}", reaction.getKineticLaw()
        for end in _ends(reaction):
            if end.isSetStoichiometryMath():
                yield f"stoichiometry of {end.getSpecies()}", end.getStoichiometryMath()
    for event in model.getListOfEvents():
        name = f"event {event.getId()}".strip()
        for part in (event.getTrigger(), event.getDelay(), event.getPriority()):
            if part is not None:
                yield name, part
        for assignment in event.getListOfEventAssignments():
            yield name, assignment


def nodes(element: SBase) -> Iterator[SBase]:
    """Yield every node of an element's formula; there may be none."""
    pending = [element.getMath()] if element.getMath() is not None else []
    while pending:
        node = pending.pop()
        yield node
        pending += [node.getChild(index) for index in range(node.getNumChildren())]


def _ends(reaction: SBase) -> Iterator[SBase]:
    yield from reaction.getListOfReactants()
    yield from reaction.getListOfProducts()


def _all(model: SBase) -> Iterator[tuple[str, str]]:
    if model.getPlugin("comp") is not None:
        for submodel in model.getPlugin("comp").getListOfSubmodels():
            yield SUBMODELS, submodel.getIdAttribute()
    if model.isSetConversionFactor():
        yield CONVERSION, "of the model"
    for species in model.getListOfSpecies():
        if species.isSetConversionFactor():
            yield CONVERSION, f"of {species.getId()}"
    for rule in model.getListOfRules():
        if rule.isAlgebraic():
            yield ALGEBRAIC, libsbml.formulaToL3String(rule.getMath()) or "empty"
    changing = _changing(model)
    for reaction in model.getListOfReactions():
        if reaction.isSetFast() and reaction.getFast():
            yield FAST, reaction.getId()
        for end in _ends(reaction):
            if end.getIdAttribute() in changing or (
                end.isSetStoichiometryMath() and _names(end.getStoichiometryMath())
            ):
                yield STOICHIOMETRY, f"of {end.getSpecies()} in {reaction.getId()}"
            if end.getDenominator() != 1:
                yield RATIONAL, f"of {end.getSpecies()} in {reaction.getId()}"
    for rule in model.getListOfRules():
        species = model.getSpecies(rule.getVariable()) if rule.isRate() else None
        if (
            species is not None
            and not species.getHasOnlySubstanceUnits()
            and species.getCompartment() in changing
        ):
            yield VOLUME, species.getId()
    for event in model.getListOfEvents():
        name = event.getId() or "an event"
        if event.isSetDelay():
            yield EVENT_DELAY, name
        if event.isSetPriority():
            yield PRIORITY, name
        if event.isSetTrigger() and not event.getTrigger().getPersistent():
            yield PERSISTENCE, name
    for where, element in formulas(model):
        for node in nodes(element):
            if node.getType() in _SYMBOLS:
                yield _SYMBOLS[node.getType()], where


def _changing(model: SBase) -> set[str]:
    """Return what changes in the course of time by rules or events."""
    found = {rule.getVariable() for rule in model.getListOfRules()}
    for event in model.getListOfEvents():
        found |= {assignment.getVariable() for assignment in event.getListOfEventAssignments()}
    return found - {""}


def _names(element: SBase) -> list[SBase]:
    return [node for node in nodes(element) if node.isName()]
