"""SBML made ready for libRoadRunner: events that begin with a run, and changes that are events.

libRoadRunner fires an event that is true at the start, and was false before, when it loads a model,
with the values of the file; it then may wait for its delay through all that follows. So such events
wait for :data:`BEGUN`. And it does not see that a change from outside, as a dose, makes a trigger
true; so a change from outside is made within an event of its own, which happens just after
:data:`CHANGED`.

An integrator steps over what lasts shorter than a step: a rate that jumps where a state passes a
whole number, and a trigger that is true between two of its comparisons. So each of these gets an
event that changes nothing, for the integrator to stop at.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
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
        formula: None
        for node in _formulas(plain.getModel())
        for formula in _jumps(node)
        if (read := libsbml.parseL3Formula(formula)) is not None
        and any(name not in settable for name in formula_text.names(read))
    }
    if not jumps:
        return text
    model = document.getModel()
    parameter = model.createParameter()
    parameter.setId(_STOPPED)
    parameter.setConstant(False)
    parameter.setValue(0.0)
    for number, formula in enumerate(jumps):
        event = model.createEvent()
        event.setId(f"mtorules_stop_{number}")
        event.setUseValuesFromTriggerTime(True)
        trigger = event.createTrigger()
        if model.getLevel() > 2:
            trigger.setInitialValue(True)
            trigger.setPersistent(True)
        trigger.setMath(libsbml.parseL3Formula(formula))
        assignment = event.createEventAssignment()
        assignment.setVariable(_STOPPED)
        assignment.setMath(libsbml.parseL3Formula("0"))
    return libsbml.writeSBMLToString(document)


_STOPPED: Final = "mtorules_stopped"
# MathML may bear a prefix.
_JUMPING: Final = re.compile(r"<(?:[\w.-]+:)?(?:floor|ceiling|and|or|xor)\b")


def _formulas(model: libsbml.Model) -> Iterator[libsbml.ASTNode]:
    for reaction in model.getListOfReactions():
        law = reaction.getKineticLaw()
        if law is not None and law.isSetMath() and not law.getNumLocalParameters():
            yield law.getMath()
    for each in (*model.getListOfRules(), *(e.getTrigger() for e in model.getListOfEvents())):
        if each is not None and each.isSetMath():
            yield each.getMath()


def _jumps(node: libsbml.ASTNode, joined: bool = False) -> Iterator[str]:
    """Yield a condition that changes sides wherever the formula jumps."""
    import libsbml

    kind = node.getType()
    steps = kind in (libsbml.AST_FUNCTION_FLOOR, libsbml.AST_FUNCTION_CEILING)
    if steps and node.getNumChildren() == 1:
        yield f"sin(pi * ({libsbml.formulaToL3String(node.getChild(0))})) > 0"
    if joined and node.isRelational() and node.getNumChildren() > 1:
        yield libsbml.formulaToL3String(node)
    for place in range(node.getNumChildren()):
        yield from _jumps(node.getChild(place), joined or node.isLogical())


def delayed(text: str) -> bool:
    """Tell whether any event of an SBML text has a delay."""
    import libsbml

    model = libsbml.readSBMLFromString(text).getModel()
    return any(event.isSetDelay() for event in model.getListOfEvents())
