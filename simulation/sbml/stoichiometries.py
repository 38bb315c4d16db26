"""Stoichiometries that formulas give or change, made into parameters.

Engines work a start value out once, when they load a file, and know no way to change it, nor to set
a stoichiometry that events have moved; and where a species stands twice in one reaction, rules for
both confuse them. So the stoichiometry becomes a parameter of the same id, which keeps
its start value, its rule and what events do to it; what the reaction takes follows it by a rule.
"""

from __future__ import annotations

from collections.abc import Iterator

import libsbml

from . import formula_text
from .starts import references, sides, stoichiometry


def follow(document: libsbml.SBMLDocument) -> frozenset[str]:
    """Make such stoichiometries into parameters, and return the ids of what follows these."""
    model = document.getModel()
    moved = {entry.getSymbol() for entry in model.getListOfInitialAssignments()}
    moved |= {rule.getVariable() for rule in model.getListOfRules()}
    for event in model.getListOfEvents():
        moved |= {one.getVariable() for one in event.getListOfEventAssignments()}
    made: set[str] = set()
    for alike in list(_alike(model)):
        if moved.isdisjoint(reference.getId() for _, reference in alike):
            continue
        (side, first), *others = alike
        name = first.getId() or first.getSpecies()
        total = libsbml.ASTNode(libsbml.AST_PLUS)
        for sign, reference in alike:
            total.addChild(_term(model, reference, moved, sign * side))
        first.setId(_free(model, f"{name}_taken"))
        first.setConstant(False)
        rule = model.createAssignmentRule()
        rule.setVariable(first.getId())
        rule.setMath(total)
        made.add(first.getId())
        for _, reference in others:
            reference.removeFromParentAndDelete()
    return frozenset(made)


def loosen(document: libsbml.SBMLDocument) -> bool:
    """Let go of constants that a Level 2 formula for a stoichiometry names; tell if there are any.

    Engines put the file's value of a constant into such a formula, and experiments may set others.
    """
    model = document.getModel()
    found = False
    for _, _, reference in references(model):
        formula = reference.isSetStoichiometryMath() and reference.getStoichiometryMath().getMath()
        for name in formula_text.names(formula) if formula else ():
            one = model.getParameter(name) or model.getCompartment(name)
            if one is not None and one.getConstant():
                one.setConstant(False)
                found = True
    return found


def divide(document: libsbml.SBMLDocument) -> bool:
    """Write the rational numbers of Level 2 as decimals, which libRoadRunner takes for one."""
    found = False
    if document.getLevel() == 2:
        for _, _, reference in references(document.getModel()):
            if reference.getDenominator() != 1:
                reference.setStoichiometry(stoichiometry(reference))
                reference.setDenominator(1)
                found = True
    return found


def _alike(model: libsbml.Model) -> Iterator[list[tuple[float, libsbml.SpeciesReference]]]:
    """Yield all that stands for one species in a reaction, with -1 for taken and 1 for given."""
    for reaction in model.getListOfReactions():
        found: dict[str, list[tuple[float, libsbml.SpeciesReference]]] = {}
        for sign, reference in sides(reaction):
            found.setdefault(reference.getSpecies(), []).append((sign, reference))
        yield from found.values()


def _term(
    model: libsbml.Model, reference: libsbml.SpeciesReference, moved: set[str], sign: float
) -> libsbml.ASTNode:
    """Return what a reference stands for, from now on as a parameter if it has an id."""
    id = reference.getId()
    node = libsbml.ASTNode(libsbml.AST_NAME if id else libsbml.AST_REAL)
    if id:
        reference.unsetId()
        parameter = model.createParameter()
        parameter.setId(id)
        parameter.setValue(stoichiometry(reference))
        parameter.setConstant(id not in moved)
        node.setName(id)
    else:
        node.setValue(stoichiometry(reference))
    if sign > 0:
        return node
    minus = libsbml.ASTNode(libsbml.AST_MINUS)
    minus.addChild(node)
    return minus


def _free(model: libsbml.Model, wanted: str) -> str:
    """Return an id that nothing in the model has."""
    while model.getElementBySId(wanted) is not None:
        wanted += "_"
    return wanted
