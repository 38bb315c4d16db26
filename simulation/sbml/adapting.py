"""SBML of others made ready for experiments of ours: constants can be set, its own events go."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import libsbml

from . import checks
from .model import UnknownNameError, near

ALL: Final = "all"
"""What stands for every event."""


def adapted(text: str, without_events: Collection[str] = ()) -> str:
    """Return an SBML text whose local parameters are global, and without some of its events.

    Each parameter is called after its reaction: ``k1`` of ``reaction_9`` becomes ``reaction_9_k1``,
    as libSBML has it. A text in which there is nothing to change is returned as it is.

    Parameters
    ----------
    text : str
        The text, without submodels.
    without_events : collection of str
        Ids or names of events; ``"all"`` for each.

    Raises
    ------
    SbmlError
        If it cannot be read.
    UnknownNameError
        If there is no event of a name.
    """
    document = checks.read(text)
    model = document.getModel()
    local = any(_local(reaction) for reaction in model.getListOfReactions())
    if not local and not without_events:
        return text
    _drop(model, without_events)
    if local:
        properties = libsbml.ConversionProperties()
        properties.addOption("promoteLocalParameters", True)
        document.convert(properties)
    return libsbml.writeSBMLToString(document)


def _drop(model: libsbml.Model, written: Collection[str]) -> None:
    called = [(event.getIdAttribute(), event.getName()) for event in model.getListOfEvents()]
    names = {name for pair in called for name in pair if name}
    for name in written:
        if name != ALL and name not in names:
            raise UnknownNameError(f"There is no event {name!r}.{near(name, names)}")
    for index in reversed(range(len(called))):
        if ALL in written or not {*written}.isdisjoint(called[index]):
            model.removeEvent(index)


def _local(reaction: libsbml.Reaction) -> bool:
    law = reaction.getKineticLaw()
    return law is not None and law.getNumParameters() > 0
