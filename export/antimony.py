"""SBML as Antimony: text to read and write by hand, from the Antimony library itself."""

from __future__ import annotations

from collections.abc import Iterator

import libsbml

from ..network.network import Network
from .sbml import writer


def text(network: Network, join: bool = False) -> str:
    """Return a network as Antimony, with reactions that differ in their rules only joined or not.

    Raises
    ------
    SbmlError
        If the network cannot be written as SBML, or Antimony cannot read that.
    """
    import antimony

    document = libsbml.readSBMLFromString(writer.text(network, join=join))
    for formula in _formulas(document.getModel()):
        _part_powers(formula)
    antimony.clearPreviousLoads()
    if antimony.loadSBMLString(libsbml.writeSBMLToString(document)) < 0:
        raise writer.SbmlError(f"Antimony cannot read it: {antimony.getLastError()}")
    return antimony.getAntimonyString(None)


def _formulas(model: libsbml.Model) -> Iterator[libsbml.ASTNode]:
    for each in (*model.getListOfInitialAssignments(), *model.getListOfRules()):
        yield each.getMath()
    for reaction in model.getListOfReactions():
        yield reaction.getKineticLaw().getMath()


def _part_powers(node: libsbml.ASTNode) -> None:
    """Put a factor of one before a power that is raised again.

    Antimony writes ``(x^2)^3`` without the parentheses and reads that as ``x^(2^3)``.
    """
    for index in range(node.getNumChildren()):
        _part_powers(node.getChild(index))
    if _is_power(node) and _is_power(node.getChild(0)):
        product = libsbml.ASTNode(libsbml.AST_TIMES)
        one = libsbml.ASTNode(libsbml.AST_INTEGER)
        one.setValue(1)
        one.setUnits("dimensionless")
        product.addChild(one)
        product.addChild(node.getChild(0).deepCopy())
        node.replaceChild(0, product)


def _is_power(node: libsbml.ASTNode) -> bool:
    return node.getType() in (libsbml.AST_POWER, libsbml.AST_FUNCTION_POWER)
