"""Changes that SED-ML makes to a model before it runs: to its text, as the standard says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.dom import minidom
from xml.dom.minidom import Element

from . import xpath
from .formulas import Formula
from .tree import children, formula, listed, parameters, plain, said
from .unpacking import tree
from .xpath import RefusedError

Others = Mapping[str, Callable[[], str]]
"""What gives the text of each other model."""


def changed(text: str, changes: list[Element], others: Others) -> str:
    """Return an SBML text after changes, in their order.

    Parameters
    ----------
    text : str
        SBML.
    changes : list of Element
        What is done to it.
    others : mapping
        By id, how to come to the text of each other model, which a change may rest on.

    Raises
    ------
    RefusedError
        If one is of a kind that is not done, or its target is not in the model.
    """
    if not changes:
        return text
    document = tree(text, "the model")
    for change in changes:
        if change.localName == "computeChange":
            _computed(document, change, others)
        else:
            _KINDS.get(change.localName, _refused)(document, change)
    return document.toxml(encoding="UTF-8").decode()


def _refused(document: minidom.Document, change: Element) -> None:
    raise RefusedError(f"A change of a kind that is not done: <{change.localName}>.")


def _attribute(document: minidom.Document, change: Element) -> None:
    target = change.getAttribute("target")
    element, attribute = xpath.find(document, target)
    if not attribute:
        raise RefusedError(
            f"The path {target!r} leads to an element, and not to what is to change."
        )
    _set(element, attribute, change.getAttribute("newValue"))


def _set(element: Element, attribute: str, value: str) -> None:
    element.setAttribute(attribute, value)
    # An amount and a concentration exclude each other.
    other = {
        "initialAmount": "initialConcentration",
        "initialConcentration": "initialAmount",
    }.get(attribute)
    if other and element.hasAttribute(other):
        element.removeAttribute(other)


def _computed(document: minidom.Document, change: Element, others: Others) -> None:
    target = change.getAttribute("target")
    scope = parameters(change)
    for variable in listed(change, "listOfVariables"):
        id, path = variable.getAttribute("id"), plain(variable).getAttribute("target")
        model = variable.getAttribute("modelReference")
        # What is no other model is this one, as far as it has been changed.
        there = tree(others[model](), model) if model in others else document
        element, attribute = _found(there, path)
        try:
            scope[id] = float(element.getAttribute(attribute))
        except ValueError:
            raise RefusedError(
                f"The change of {target!r} rests on {path!r}, which is no number in the file of "
                f"model {model!r}."
            ) from None
    math = formula(change, f"The change of {target!r}")
    _set(*_found(document, target), repr(Formula(math, target).value(scope)))


def _found(document: minidom.Document, target: str) -> tuple[Element, str]:
    """Return an element and the attribute that is meant, or that holds what its id means."""
    element, attribute = xpath.find(document, target)
    if attribute:
        return element, attribute
    id, kind = element.getAttribute("id"), element.localName
    if kind == "species":
        amount = element.getAttribute("hasOnlySubstanceUnits") in ("true", "1")
        attribute = "initialAmount" if amount else "initialConcentration"
    elif kind in _VALUES:
        attribute = _VALUES[kind]
    else:
        raise RefusedError(f"The path {target!r} leads to {said(element)}, which has no value.")
    own = kind != "localParameter" and any(
        one.getAttribute("symbol") == id or one.getAttribute("variable") == id
        for name in ("initialAssignment", "assignmentRule")
        for one in document.getElementsByTagNameNS("*", name)
    )
    if own:
        raise RefusedError(
            f"The path {target!r} leads to {id!r}, whose value a formula of the model gives."
        )
    return element, attribute


_VALUES = {"parameter": "value", "localParameter": "value", "compartment": "size"}


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
    "removeXML": _removed,
    "addXML": _added,
    "changeXML": _exchanged,
}
