"""Local parameters of kinetic laws as parameters of the model, so that they can be set."""

from __future__ import annotations

import libsbml

from . import checks


def promoted(text: str) -> str:
    """Return an SBML text whose local parameters are global; one without any as it is.

    Each is called after its reaction: ``k1`` of ``reaction_9`` becomes ``reaction_9_k1``, as
    libSBML has it.
    """
    document = checks.read(text)
    model = document.getModel()
    if not any(_local(reaction) for reaction in model.getListOfReactions()):
        return text
    properties = libsbml.ConversionProperties()
    properties.addOption("promoteLocalParameters", True)
    document.convert(properties)
    return libsbml.writeSBMLToString(document)


def _local(reaction: libsbml.Reaction) -> bool:
    law = reaction.getKineticLaw()
    return law is not None and law.getNumParameters() > 0
