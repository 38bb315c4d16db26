"""Changes that SED-ML makes to a model before it runs: to its text, as the standard says."""

from __future__ import annotations

from xml.dom import minidom
from xml.dom.minidom import Element

from . import xpath
from .formulas import Formula
from .tree import children, formula, inside, parameters
from .unpacking import tree
from .xpath import RefusedError


def changed(text: str, changes: list[Element]) -> str:
    """Return an SBML text after changes, in their order.

    Raises
    ------
    RefusedError
        If one is of a kind that is not done, or its target is not in the model.
    """
    if not changes:
        return text
    document = tree(text, "the model")
    for change in changes:
        _KINDS.get(change.localName, _refused)(document, change)
    return document.toxml(encoding="UTF-8").decode()


def _refused(document: minidom.Document, change: Element) -> None:
    raise RefusedError(f"A change of a kind that is not done: <{change.localName}>.")


def _attribute(document: minidom.Document, change: Element) -> None:
    _set(document, change.getAttribute("target"), change.getAttribute("newValue"))


def _set(document: minidom.Document, target: str, value: str) -> None:
    element, attribute = xpath.find(document, target)
    if not attribute:
        raise RefusedError(
            f"The path {target!r} leads to an element, and not to what is to change."
        )
    element.setAttribute(attribute, value)
    # An amount and a concentration exclude each other.
    other = {
        "initialAmount": "initialConcentration",
        "initialConcentration": "initialAmount",
    }.get(attribute)
    if other and element.hasAttribute(other):
        element.removeAttribute(other)


def _computed(document: minidom.Document, change: Element) -> None:
    target = change.getAttribute("target")
    scope = parameters(change)
    for variable in children(inside(change, "listOfVariables"), "variable"):
        element, attribute = _found(document, variable.getAttribute("target"))
        try:
            scope[variable.getAttribute("id")] = float(element.getAttribute(attribute))
        except ValueError:
            raise RefusedError(
                f"The change of {target!r} rests on {variable.getAttribute('target')!r}, which is "
                "no number in the model's file."
            ) from None
    math = formula(change, f"The change of {target!r}")
    _set(document, target, repr(Formula(math, target).value(scope)))


def _found(document: minidom.Document, target: str) -> tuple[Element, str]:
    """Return an element and the attribute that is meant, or that holds its value."""
    element, attribute = xpath.find(document, target)
    for usual in () if attribute else _VALUES.get(element.localName, ()):
        if element.hasAttribute(usual):
            attribute = usual
    if not attribute:
        raise RefusedError(f"The path {target!r} leads to an element, and not to a value of it.")
    return element, attribute


_VALUES = {
    "parameter": ("value",),
    "localParameter": ("value",),
    "compartment": ("size",),
    "species": ("initialAmount", "initialConcentration"),
}


def _removed(document: minidom.Document, change: Element) -> None:
    element, attribute = xpath.find(document, change.getAttribute("target"))
    if attribute:
        element.removeAttribute(attribute)
    elif element.parentNode is not None:
        element.parentNode.removeChild(element)


def _added(document: minidom.Document, change: Element) -> None:
    element, _ = xpath.find(document, change.getAttribute("target"))
    for new in _new(change):
        element.appendChild(_at_home(document, new))


def _exchanged(document: minidom.Document, change: Element) -> None:
    element, _ = xpath.find(document, change.getAttribute("target"))
    parent = element.parentNode
    assert parent is not None
    for new in _new(change):
        parent.insertBefore(_at_home(document, new), element)
    parent.removeChild(element)


def _at_home(document: minidom.Document, new: Element) -> Element:
    """Return an element of another document in the words of this one: SBML without a prefix."""
    assert document.documentElement is not None
    home = document.documentElement
    copy = document.importNode(new, deep=True)
    for node in (copy, *copy.getElementsByTagName("*")):
        if node.namespaceURI == home.namespaceURI:
            prefix = f"{home.prefix}:" if home.prefix else ""
            node.tagName = node.nodeName = f"{prefix}{node.localName}"
        for name, value in list(node.attributes.items()):
            if name.startswith("xmlns") and value == home.namespaceURI:
                node.removeAttribute(name)
    return copy


def _new(change: Element) -> list[Element]:
    found = [
        node
        for holder in children(change, "newXML")
        for node in holder.childNodes
        if node.nodeType == node.ELEMENT_NODE
    ]
    if not found:
        raise RefusedError(f"A change <{change.localName}> brings nothing new.")
    return found


_KINDS = {
    "changeAttribute": _attribute,
    "computeChange": _computed,
    "removeXML": _removed,
    "addXML": _added,
    "changeXML": _exchanged,
}
