"""When formulas of a model jump by the clock: integrators step over what they do not know of.

A pulse of ten minutes in a day has no influence on an integrator that takes a step of an hour, and
two that both miss it agree. So the places are looked up in the formulas: comparisons, and functions
such as ``floor``, of nothing but time and constants.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import libsbml
import numpy as np

from ...simulation.sbml import formula_text, formula_values
from ...simulation.sbml.formula_values import FormulaError
from .constructs import formulas
from .task import Vector

# More are not looked for.
MOST: Final = 1000
# Into so many parts time is cut, to see in which of them a formula jumps.
_PARTS: Final = 2000
# What stands for the time in formulas as text; no id has a blank.
_TIME: Final = "the time"

_COMPARISONS: Final = frozenset(
    {
        *(libsbml.AST_RELATIONAL_EQ, libsbml.AST_RELATIONAL_NEQ),
        *(libsbml.AST_RELATIONAL_LT, libsbml.AST_RELATIONAL_LEQ),
        *(libsbml.AST_RELATIONAL_GT, libsbml.AST_RELATIONAL_GEQ),
    }
)
_STEPS: Final = frozenset(
    {
        *(libsbml.AST_FUNCTION_FLOOR, libsbml.AST_FUNCTION_CEILING),
        *(libsbml.AST_FUNCTION_QUOTIENT, libsbml.AST_FUNCTION_REM),
    }
)

Step = Callable[[float], float]


def switches(model: Any, constants: Mapping[str, float], end: float) -> tuple[float, ...]:
    """Return the times between 0 and ``end`` at which a formula jumps, in order.

    Parameters
    ----------
    model : libsbml.Model
        With calls of functions written out, and local parameters made global.
    constants : mapping
        Value of everything that stays as it is.
    end : float
        How far to look.
    """
    rules = {
        rule.getVariable(): rule.getMath()
        for rule in model.getListOfRules()
        if rule.isAssignment() and rule.getMath() is not None
    }
    found: set[float] = set()
    # Within the argument of a comparison another may jump, so the inner ones come first.
    for step in _steps(model, rules, constants):
        for time in _jumps(step, sorted(found), end):
            if len(found) < MOST:
                found.add(time)
    return tuple(_apart(sorted(found), end))


def _steps(model: Any, rules: Mapping[str, Any], constants: Mapping[str, float]) -> list[Step]:
    """Return each different jumping part of a formula as a function of time, inner ones first."""
    seen: dict[str, Step] = {}
    resolved: dict[str, frozenset[str] | None] = {}
    for _, element in formulas(model):
        if element.getMath() is None:
            continue
        for node in reversed(_jumping(element.getMath())):
            if _rests_on(node, rules, constants, resolved, ()) != {_TIME}:
                continue
            try:
                text = formula_text.python(_timed(node))
                if text not in seen:
                    seen[text] = _function(node, rules, constants)
            except (FormulaError, RecursionError):
                continue
    # A rule that another one reads comes to be looked at again from there; the order is by depth.
    return [seen[text] for text in sorted(seen, key=len)]


def _jumping(root: Any) -> list[Any]:
    """Return all parts of a formula that may jump, outer ones first."""
    found, pending = [], [root]
    while pending:
        node = pending.pop()
        if node.getType() in _COMPARISONS or node.getType() in _STEPS:
            found.append(node)
        pending += [node.getChild(index) for index in range(node.getNumChildren())]
    return found


def _rests_on(
    node: Any,
    rules: Mapping[str, Any],
    constants: Mapping[str, float],
    resolved: dict[str, frozenset[str] | None],
    above: tuple[str, ...],
) -> frozenset[str] | None:
    """Return ``{_TIME}`` or nothing for what rests on time and constants alone; else None."""
    found: frozenset[str] = frozenset()
    pending = [node]
    while pending:
        one = pending.pop()
        kind = one.getType()
        if kind == libsbml.AST_NAME_TIME:
            found = frozenset({_TIME})
        elif kind in (libsbml.AST_FUNCTION_DELAY, libsbml.AST_FUNCTION_RATE_OF):
            return None
        elif kind == libsbml.AST_NAME and one.getName() in rules and one.getName() not in above:
            name = one.getName()
            if name not in resolved:
                resolved[name] = _rests_on(rules[name], rules, constants, resolved, (*above, name))
            part = resolved[name]
            if part is None:
                return None
            found |= part
        elif kind == libsbml.AST_NAME and one.getName() not in constants:
            return None
        pending += [one.getChild(index) for index in range(one.getNumChildren())]
    return found


def _timed(node: Any) -> Any:
    """Return a copy in which time is a name like others."""
    copy = node.deepCopy()
    pending = [copy]
    while pending:
        one = pending.pop()
        if one.getType() == libsbml.AST_NAME_TIME:
            one.setType(libsbml.AST_NAME)
            one.setName(_TIME)
        pending += [one.getChild(index) for index in range(one.getNumChildren())]
    return copy


class _Scope(dict[str, float]):
    """Constants, the time, and what rules make of them when it is asked for."""

    def __init__(self, constants: Mapping[str, float], rules: Mapping[str, Any]) -> None:
        super().__init__(constants)
        self._rules = rules

    def __missing__(self, id: str) -> float:
        if id not in self._rules:
            raise KeyError(id)
        text = formula_text.python(_timed(self._rules[id]))
        return formula_values.evaluate(formula_values.compiled(text), self)


def _function(node: Any, rules: Mapping[str, Any], constants: Mapping[str, float]) -> Step:
    """Return a formula as a function of time; it has no value where it cannot be worked out."""
    code = formula_values.compiled(formula_text.python(_timed(_leap(node))))
    scope = _Scope(constants, rules)

    def value(time: float) -> float:
        scope[_TIME] = time
        try:
            return formula_values.evaluate(code, scope)
        except FormulaError:
            return math.nan

    return value


def _leap(node: Any) -> Any:
    """Return what changes only where a part jumps; of a remainder that is the quotient."""
    if node.getType() != libsbml.AST_FUNCTION_REM:
        return node
    copy = node.deepCopy()
    copy.setType(libsbml.AST_FUNCTION_QUOTIENT)
    return copy


def _jumps(step: Step, known: list[float], end: float) -> list[float]:
    """Return where a function that is constant but for its jumps has them."""
    grid: Vector = np.linspace(0.0, end, _PARTS + 1)
    beside = [np.nextafter(time, side) for time in known for side in (0.0, np.inf)]
    points = np.unique(np.concatenate([grid, known, beside])).tolist()
    values = [step(point) for point in points]
    found: list[float] = []
    for left, right, before, after in zip(points, points[1:], values, values[1:], strict=False):
        if before != after and not (math.isnan(before) or math.isnan(after)):
            found.append(_narrowed(step, left, right, before))
            if len(found) == MOST:
                break
    return found


def _narrowed(step: Step, left: float, right: float, before: float) -> float:
    """Return the jump between two times, to the last bit."""
    while True:
        middle = left + (right - left) / 2
        if not left < middle < right:
            return right
        if step(middle) == before:
            left = middle
        else:
            right = middle


def _apart(times: list[float], end: float) -> list[float]:
    """Leave out what is at the ends, or no more than rounding away from another."""
    found: list[float] = []
    for time in times:
        least = (found[-1] if found else 0.0) + 1e-9 * end
        if least < time < end * (1 - 1e-9):
            found.append(time)
    return found
