"""MathML in SED-ML, turned into numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import CodeType
from xml.dom.minidom import Element

import libsbml
import numpy as np

from ..engines.base import Vector
from ..sbml import formula_text, formula_values
from .xpath import RefusedError

_EXTREMES = (libsbml.AST_FUNCTION_MAX, libsbml.AST_FUNCTION_MIN)
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
        for one in formula_text.nodes(node):
            if one.getType() in _EXTREMES and one.getNumChildren() == 1:
                raise RefusedError(
                    f"The formula of {where} takes the largest or the least of one thing, which "
                    "some tools look for over all times; that is not done."
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
        self._check(scope)
        try:
            return formula_values.evaluate(self._code, scope)
        except formula_values.FormulaError as error:
            raise RefusedError(f"The formula of {self.where} has no value: {error}.") from None

    def values(self, rows: Mapping[str, Vector], numbers: Mapping[str, float]) -> Vector:
        """Return the value for each place of rows; NaN where arithmetic fails."""
        self._check({**rows, **numbers})
        found = []
        for point in zip(*(row.tolist() for row in rows.values()), strict=True):
            try:
                scope = {**numbers, **dict(zip(rows, point, strict=True))}
                found.append(formula_values.evaluate(self._code, scope))
            except formula_values.FormulaError:
                found.append(math.nan)
        return np.array(found)

    def _check(self, scope: Mapping[str, object]) -> None:
        missing = self.names - scope.keys()
        if missing:
            raise RefusedError(
                f"The formula of {self.where} names {', '.join(sorted(missing))}, which is neither "
                "a variable nor a parameter of it."
            )


def _alone(element: Element) -> str:
    """Return the text of a formula with all that its prefixes stand for."""
    copy = element.cloneNode(True)
    assert copy is not None
    node = element
    while node is not None and node.nodeType == node.ELEMENT_NODE:
        for name, value in (node.attributes or {}).items():
            if name.startswith("xmlns") and not copy.hasAttribute(name):
                copy.setAttribute(name, value)
        node = node.parentNode
    if not element.prefix:
        copy.setAttribute("xmlns", _MATHML)
    return f'<?xml version="1.0" encoding="UTF-8"?>{copy.toxml()}'
