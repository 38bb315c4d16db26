"""MathML in SED-ML, turned into numbers."""

from __future__ import annotations

from collections.abc import Mapping
from types import CodeType
from xml.dom.minidom import Element

import libsbml

from ..sbml import formula_text, formula_values
from .xpath import RefusedError

_MATHML = "http://www.w3.org/1998/Math/MathML"


class Formula:
    """A formula over names.

    Parameters
    ----------
    element : Element
        ``math``.
    where : str
        What messages call it.

    Raises
    ------
    RefusedError
        If it holds what is not computed here.
    """

    def __init__(self, element: Element, where: str) -> None:
        self.where = where
        for node in element.getElementsByTagNameNS("*", "csymbol"):
            address = node.getAttribute("definitionURL")
            raise RefusedError(f"The formula of {where} asks for {address!r}, which is not done.")
        node = libsbml.readMathMLFromString(_alone(element))
        if node is None:
            raise RefusedError(f"The formula of {where} cannot be read.")
        self.names = formula_text.names(node)
        strange = formula_text.functions(node)
        if strange:
            raise RefusedError(
                f"The formula of {where} calls {', '.join(sorted(strange))}, which is not done."
            )
        try:
            self._code: CodeType = formula_values.compiled(formula_text.python(node, {}))
        except formula_values.FormulaError as error:
            raise RefusedError(f"The formula of {where} is not done: {error}") from None

    def value(self, scope: Mapping[str, float]) -> float:
        """Return the value for given values of names.

        Raises
        ------
        RefusedError
            If a name has none, or arithmetic fails.
        """
        missing = self.names - scope.keys()
        if missing:
            raise RefusedError(
                f"The formula of {self.where} names {', '.join(sorted(missing))}, which is neither "
                "a variable nor a parameter of it."
            )
        try:
            return formula_values.evaluate(self._code, scope)
        except formula_values.FormulaError as error:
            raise RefusedError(f"The formula of {self.where} has no value: {error}.") from None


def _alone(element: Element) -> str:
    """Return the text of a formula with all that its prefixes stand for."""
    copy = element.cloneNode(True)
    node = element
    while node is not None and node.nodeType == node.ELEMENT_NODE:
        for name, value in (node.attributes or {}).items():
            if name.startswith("xmlns") and not copy.hasAttribute(name):
                copy.setAttribute(name, value)
        node = node.parentNode
    if not element.prefix:
        copy.setAttribute("xmlns", _MATHML)
    return f'<?xml version="1.0" encoding="UTF-8"?>{copy.toxml()}'
