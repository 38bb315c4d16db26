"""SBML made ready for libRoadRunner's Gillespie, which takes one unit of amount for one molecule.

A reaction event of a model that counts in zmol changes an amount by one molecule, 1/602 of the
unit, and happens 602 times as often as the rate in units says. So stoichiometries are divided by
the molecules in a unit and rate laws multiplied by them; amounts, parameters and volumes stay what
they are. Where two molecules of one species react, the second is one of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import libsbml

from .base import Loaded, UnsupportedError


def in_molecules(loaded: Loaded, molecules: float) -> str:
    """Return the SBML with events of single molecules.

    Parameters
    ----------
    loaded : Loaded
        A model whose reactions have one direction each.
    molecules : float
        How many molecules make one unit of amount.

    Raises
    ------
    UnsupportedError
        If a reaction is reversible.
    """
    if loaded.model.reversible:
        raise UnsupportedError(
            f"Model {loaded.model.id!r} has reversible reactions; a stochastic simulation needs "
            "each direction as a reaction of its own."
        )
    document = libsbml.readSBMLFromString(loaded.sbml)
    moving = {rule.getVariable() for rule in document.getModel().getListOfRules()}
    for event in document.getModel().getListOfEvents():
        moving |= {one.getVariable() for one in event.getListOfEventAssignments()}
    for reaction in document.getModel().getListOfReactions():
        law = reaction.getKineticLaw()
        if law is None or law.getMath() is None:
            continue
        sides = (reaction.getListOfReactants(), reaction.getListOfProducts())
        for side in (*sides[0], *sides[1]):
            if side.getId() in moving or side.isSetStoichiometryMath():
                raise UnsupportedError(
                    f"Reaction {reaction.getId()!r} of model {loaded.model.id!r} takes or gives a "
                    f"number of {side.getSpecies()!r} that a formula says; molecules react in "
                    "fixed numbers, so take the method 'ode'."
                )
        needed: Counter[str] = Counter()
        for side in sides[0]:
            size = side.getStoichiometry() if side.isSetStoichiometry() else 1.0
            needed[side.getSpecies()] += round(size)
        math = law.getMath().deepCopy()
        _without_oneself(math, needed, molecules)
        times = libsbml.ASTNode(libsbml.AST_TIMES)
        times.addChild(_number(molecules))
        times.addChild(math)
        law.setMath(times)
        for side in (*sides[0], *sides[1]):
            size = side.getStoichiometry() if side.isSetStoichiometry() else 1.0
            side.setStoichiometry(size / molecules)
    return libsbml.writeSBMLToString(document)


def _without_oneself(math: libsbml.ASTNode, needed: Counter[str], molecules: float) -> None:
    """Turn A * A, where both react, into A * (A - one molecule)."""
    seen: Counter[str] = Counter()
    for parent, place in list(_factors(math)):
        name = parent.getChild(place).getName()
        if needed[name] < 2:
            continue
        before = seen[name]
        seen[name] += 1
        if 0 < before < needed[name]:
            minus = libsbml.ASTNode(libsbml.AST_MINUS)
            minus.addChild(parent.getChild(place).deepCopy())
            minus.addChild(_number(before / molecules))
            parent.replaceChild(place, minus)


def _factors(node: libsbml.ASTNode) -> Iterator[tuple[libsbml.ASTNode, int]]:
    """Yield where the named factors of a product stand."""
    kind = node.getType()
    if kind not in (libsbml.AST_TIMES, libsbml.AST_DIVIDE):
        return
    for place in range(node.getNumChildren() if kind == libsbml.AST_TIMES else 1):
        child = node.getChild(place)
        if child.getType() == libsbml.AST_NAME:
            yield node, place
        else:
            yield from _factors(child)


def _number(value: float) -> libsbml.ASTNode:
    node = libsbml.ASTNode(libsbml.AST_REAL)
    node.setValue(float(value))
    return node
