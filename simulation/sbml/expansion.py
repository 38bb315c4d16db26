"""How large formulas become when functions and rules are written out in them, as engines do.

A function that calls another twice, which calls another twice, and so on, is a short text that
fills any memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Final

import libsbml

from . import formula_text
from .model import SbmlError

# Of the largest model here, all rules written out, no formula has 400.
_MOST: Final = 2_000_000


@dataclass(frozen=True)
class _Size:
    """Terms of a formula, and how often each argument of a function stands in its own."""

    terms: int
    arguments: tuple[int, ...] | None = None


def check(model: libsbml.Model, formulas: Iterable[tuple[libsbml.SBase, libsbml.ASTNode]]) -> None:
    """Refuse a model with a formula that becomes too long.

    Parameters
    ----------
    model : Model
        One in which nothing refers to itself.
    formulas : iterable of (SBase, ASTNode)
        Its elements with formulas.

    Raises
    ------
    SbmlError
        If there is one; the message says in which line.
    """
    known = _sizes(model)
    for element, node in formulas:
        if not node.isLambda() and _size(node, known)[0] > _MOST:
            raise SbmlError(
                f"A formula of model {model.getId()!r} (line {element.getLine()}) becomes more "
                f"than {_MOST:,} terms long when the functions and rules that it refers to are "
                "written out in it; no engine can take it."
            )


def _sizes(model: libsbml.Model) -> dict[str, _Size]:
    """Return the size of everything that is written out elsewhere."""
    functions = {
        f.getId(): f for f in model.getListOfFunctionDefinitions() if f.getBody() is not None
    }
    bodies = {id: function.getBody() for id, function in functions.items()}
    for rule in model.getListOfRules():
        if rule.isAssignment() and rule.getMath() is not None:
            bodies[rule.getVariable()] = rule.getMath()
    graph = {
        # A function's arguments may be called as rules are.
        id: formula_text.functions(body) & functions.keys()
        if id in functions
        else (formula_text.names(body) | formula_text.functions(body)) & bodies.keys()
        for id, body in bodies.items()
    }
    known: dict[str, _Size] = {}
    for id in TopologicalSorter(graph).static_order():
        function = functions.get(id)
        if function is None:
            known[id] = _Size(_size(bodies[id], known)[0])
            continue
        names = [function.getArgument(i).getName() for i in range(function.getNumArguments())]
        terms, found = _size(bodies[id], known, frozenset(names))
        known[id] = _Size(terms, tuple(found[name] for name in names))
    return known


def _size(
    node: libsbml.ASTNode, known: Mapping[str, _Size], arguments: frozenset[str] = frozenset()
) -> tuple[int, Counter[str]]:
    """Return the terms of a formula that is written out, and how often arguments are among them."""
    terms, found = 0, Counter[str]()
    pending = [(node, 1)]
    while pending:
        one, times = pending.pop()
        kind, id = one.getType(), one.getName()
        if kind == libsbml.AST_NAME and id in arguments:
            found[id] += times
        own = _Size(1)
        if kind == libsbml.AST_FUNCTION or (kind == libsbml.AST_NAME and id not in arguments):
            own = known.get(id, own)
        terms += times * own.terms
        for place in range(one.getNumChildren()):
            factor = own.arguments[place] if own.arguments and place < len(own.arguments) else 1
            pending.append((one.getChild(place), times * factor))
    return terms, found
