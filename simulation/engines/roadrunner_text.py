"""SBML made ready for libRoadRunner: events that begin with a run, and changes that are events.

libRoadRunner fires an event that is true at the start, and was false before, when it loads a model,
with the values of the file; it then may wait for its delay through all that follows. So such events
wait for :data:`BEGUN`. And it does not see that a change from outside, as a dose, makes a trigger
true; so a change from outside is made within an event of its own, which happens just after
:data:`CHANGED`.

An integrator steps over what lasts shorter than a step: between two jumps or corners of a rate, as
a state passes a whole number or the other side of a comparison, and while a trigger is true between
two of its comparisons. So each of these gets an event that changes nothing, for the integrator to
stop at.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import libsbml

BEGUN: Final = "mtorules_begun"
CHANGED: Final = "mtorules_changed"
_SEEN: Final = "mtorules_seen"
CHANGE: Final = "mtorules_change"
# Before anything that the change makes true.
_FIRST: Final = 1e300


def with_hooks(text: str) -> str:
    """Return an SBML text with events that wait for a run to begin, and one for changes."""
    import libsbml

    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for number, event in enumerate(model.getListOfEvents()):
        if not event.isSetIdAttribute():
            event.setIdAttribute(f"mtorules_event_{number}")  # asked for ids, it crashes otherwise
        trigger = event.getTrigger()
        if trigger is None or trigger.getMath() is None:
            continue
        if trigger.isSetInitialValue() and not trigger.getInitialValue():
            waiting = libsbml.parseL3Formula(f"({BEGUN} > 0) && true")
            waiting.replaceChild(1, trigger.getMath().deepCopy())
            trigger.setMath(waiting)
    for id, value in ((BEGUN, 0.0), (CHANGED, 1e300), (_SEEN, 0.0)):
        parameter = model.createParameter()
        parameter.setId(id)
        parameter.setConstant(False)
        parameter.setValue(value)
    event = model.createEvent()
    event.setId(CHANGE)
    event.setUseValuesFromTriggerTime(True)
    trigger = event.createTrigger()
    if model.getLevel() > 2:
        trigger.setInitialValue(True)
        trigger.setPersistent(True)
        event.createPriority().setMath(libsbml.parseL3Formula(repr(_FIRST)))
    trigger.setMath(libsbml.parseL3Formula(f"time > {CHANGED}"))
    assignment = event.createEventAssignment()
    assignment.setVariable(_SEEN)
    assignment.setMath(libsbml.parseL3Formula(CHANGED))
    return libsbml.writeSBMLToString(document)


def with_stops(text: str, settable: Container[str]) -> str:
    """Return an SBML text with events where a moving state makes a formula jump.

    Parameters
    ----------
    text : str
        SBML.
    settable : container of str
        What moves only when it is set; what rests on that and on time alone is found otherwise.

    Returns
    -------
    str
        The text itself where nothing of the kind is in it.
    """
    if not _JUMPING.search(text):
        return text
    import libsbml

    from ..sbml import formula_text

    document = libsbml.readSBMLFromString(text)
    plain = document.clone()
    plain.expandFunctionDefinitions()
    jumps = {
        libsbml.formulaToL3String(jump): jump
        for formula, inside in _formulas(plain.getModel())
        for jump in _jumps(formula, inside)
        if any(name not in settable for name in formula_text.names(jump))
    }
    if not jumps:
        return text
    model = document.getModel()
    parameter = model.createParameter()
    parameter.setId(_STOPPED)
    parameter.setConstant(False)
    parameter.setValue(0.0)
    for number, jump in enumerate(jumps.values()):
        event = model.createEvent()
        event.setId(f"mtorules_stop_{number}")
        event.setUseValuesFromTriggerTime(True)
        trigger = event.createTrigger()
        if model.getLevel() > 2:
            trigger.setInitialValue(True)
            trigger.setPersistent(True)
        trigger.setMath(jump)
        assignment = event.createEventAssignment()
        assignment.setVariable(_STOPPED)
        assignment.setMath(libsbml.parseL3Formula("0"))
    return libsbml.writeSBMLToString(document)


_STOPPED: Final = "mtorules_stopped"
# MathML may bear a prefix.
_JUMPING: Final = re.compile(
    r"<(?:[\w.-]+:)?(?:floor|ceiling|quotient|rem|abs|min|max|lt|gt|leq|geq|eq|neq)\b"
)


def _formulas(model: libsbml.Model) -> Iterator[tuple[libsbml.ASTNode, bool]]:
    """Yield formulas, and whether nobody else stops where they change sides as a whole."""
    from ..sbml import formula_text

    for reaction in model.getListOfReactions():
        law = reaction.getKineticLaw()
        if law is None or not law.isSetMath():
            continue
        math = law.getMath().deepCopy()
        for own in formula_text.local(law):
            math.replaceArgument(own.getId(), _number(own.getValue()))
        yield math, True
    for rule in model.getListOfRules():
        if rule.isSetMath():
            yield rule.getMath(), True
    for event in model.getListOfEvents():
        if event.getTrigger() is not None and event.getTrigger().isSetMath():
            yield event.getTrigger().getMath(), False


def _jumps(node: libsbml.ASTNode, inside: bool) -> Iterator[libsbml.ASTNode]:
    """Yield conditions that change sides wherever a formula jumps or has a corner."""
    import libsbml

    kind = node.getType()
    parts = [node.getChild(place) for place in range(node.getNumChildren())]
    if kind in (libsbml.AST_FUNCTION_FLOOR, libsbml.AST_FUNCTION_CEILING) and len(parts) == 1:
        yield _above(_wave(parts[0]), _number(0.0))
    elif kind in (libsbml.AST_FUNCTION_QUOTIENT, libsbml.AST_FUNCTION_REM) and len(parts) == 2:
        yield _above(_wave(_joined(libsbml.AST_DIVIDE, *parts)), _number(0.0))
    elif kind == libsbml.AST_FUNCTION_ABS and len(parts) == 1:
        yield _above(parts[0], _number(0.0))
    elif kind in (libsbml.AST_FUNCTION_MIN, libsbml.AST_FUNCTION_MAX):
        yield from (_above(*pair) for pair in combinations(parts, 2))
    elif node.isRelational() and (inside or len(parts) > 2):
        for left, right in pairwise(parts):
            if not (left.isBoolean() or right.isBoolean()):
                yield _above(left, right)
    for part in parts:
        yield from _jumps(part, inside or node.isLogical())


def _wave(node: libsbml.ASTNode) -> libsbml.ASTNode:
    """Return what passes zero wherever a formula passes a whole number."""
    import libsbml

    turned = _joined(libsbml.AST_TIMES, libsbml.ASTNode(libsbml.AST_CONSTANT_PI), node)
    return _joined(libsbml.AST_FUNCTION_SIN, turned)


def _above(left: libsbml.ASTNode, right: libsbml.ASTNode) -> libsbml.ASTNode:
    import libsbml

    return _joined(libsbml.AST_RELATIONAL_GT, left, right)


def _joined(kind: int, *parts: libsbml.ASTNode) -> libsbml.ASTNode:
    import libsbml

    node = libsbml.ASTNode(kind)
    for part in parts:
        node.addChild(part.deepCopy())
    return node


def _number(value: float) -> libsbml.ASTNode:
    import libsbml

    node = libsbml.ASTNode(libsbml.AST_REAL)
    node.setValue(value)
    return node


def delayed(text: str) -> bool:
    """Tell whether any event of an SBML text has a delay."""
    import libsbml

    model = libsbml.readSBMLFromString(text).getModel()
    return any(event.isSetDelay() for event in model.getListOfEvents())
