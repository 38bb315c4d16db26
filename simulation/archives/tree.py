"""Looking around in a SED-ML document."""

from __future__ import annotations

import math
from xml.dom.minidom import Element

from ...models.numbers import decimals
from .xpath import RefusedError


def children(element: Element | None, name: str = "") -> list[Element]:
    """Return the elements right inside one, of one name or of all."""
    if element is None:
        return []
    return [
        node
        for node in element.childNodes
        if isinstance(node, Element) and (not name or node.localName == name)
    ]


def inside(element: Element | None, name: str) -> Element | None:
    """Return the first element of a name right inside one."""
    return next(iter(children(element, name)), None)


def formula(element: Element, what: str) -> Element:
    """Return the MathML of an element that holds one formula.

    Raises
    ------
    RefusedError
        If it holds none, or several.
    """
    found = children(element, "math")
    if len(found) != 1:
        raise RefusedError(f"{what} has {'several formulas' if found else 'no formula'}.")
    return found[0]


def listed(element: Element | None, holder: str) -> list[Element]:
    """Return what a list inside an element holds."""
    return children(inside(element, holder))


def number(element: Element, *names: str) -> float:
    """Return the finite number of the first attribute there is of some names.

    Raises
    ------
    RefusedError
        If there is none.
    """
    for name in names:
        if element.hasAttribute(name):
            return finite(element.getAttribute(name), f"{name!r} of {said(element)}")
    raise RefusedError(f"{said(element)} has no {names[0]!r}.")


def finite(text: str, what: str) -> float:
    """Return a text as a finite number, or refuse it."""
    try:
        found = decimals.number(text.strip())
    except ValueError:
        found = math.nan
    if not math.isfinite(found):
        raise RefusedError(f"{what} is {text!r}, which is no finite number.")
    return found


def parameters(element: Element) -> dict[str, float]:
    """Return the numbers that a formula brings along."""
    return {
        each.getAttribute("id"): number(each, "value")
        for each in listed(element, "listOfParameters")
    }


def plain(variable: Element) -> Element:
    """Return a variable that is the value of a symbol, or refuse what more it asks for.

    Raises
    ------
    RefusedError
        If it sums up a dimension, or is a quantity made of symbols, such as how fast one changes.
    """
    if variable.hasAttribute("dimensionTerm") or listed(variable, "listOfAppliedDimensions"):
        raise RefusedError(f"{said(variable)} sums up a dimension, which is not done.")
    for name in ("term", "target2", "symbol2"):
        if asked := variable.getAttribute(name):
            raise RefusedError(f"{said(variable)} has the {name} {asked!r}, which is not done.")
    return variable


def said(element: Element) -> str:
    """Return what messages call an element."""
    id = element.getAttribute("id")
    return f"<{element.localName}> {id!r}" if id else f"<{element.localName}>"
