"""SBML made ready for libRoadRunner: events that begin with a run, and changes that are events.

libRoadRunner fires an event that is true at the start, and was false before, when it loads a model,
with the values of the file; it then may wait for its delay through all that follows. So such events
wait for :data:`BEGUN`. And it does not see that a change from outside, as a dose, makes a trigger
true; so a change from outside is made within an event of its own, which happens just after
:data:`CHANGED`.
"""

from __future__ import annotations

from typing import Final

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


def delayed(text: str) -> bool:
    """Tell whether any event of an SBML text has a delay."""
    import libsbml

    model = libsbml.readSBMLFromString(text).getModel()
    return any(event.isSetDelay() for event in model.getListOfEvents())
