"""Stoichiometries whose start value is a formula, made to follow what the formula is made of.

Engines work such a value out once, when they load a file, and know no way to change it. So it
becomes a parameter of the same start value, and the stoichiometry follows that by a rule.
"""

from __future__ import annotations

import libsbml

from .starts import references


def follow(document: libsbml.SBMLDocument) -> frozenset[str]:
    """Let stoichiometries follow their start values, and return which do."""
    model = document.getModel()
    known = {reference.getId(): reference for _, _, reference in references(model)}
    found: set[str] = set()
    for entry in model.getListOfInitialAssignments():
        id = entry.getSymbol()
        if id not in known or entry.getMath() is None:
            continue
        found.add(id)
        start = model.createParameter()
        start.setId(_free(model, f"{id}_start"))
        start.setConstant(True)
        entry.setSymbol(start.getId())
        known[id].setConstant(False)
        rule = model.createAssignmentRule()
        rule.setVariable(id)
        name = libsbml.ASTNode(libsbml.AST_NAME)
        name.setName(start.getId())
        rule.setMath(name)
    return frozenset(found)


def _free(model: libsbml.Model, wanted: str) -> str:
    """Return an id that nothing in the model has."""
    while model.getElementBySId(wanted) is not None:
        wanted += "_"
    return wanted
