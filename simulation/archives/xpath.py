"""The paths by which SED-ML finds things in SBML."""

from __future__ import annotations

import re
from typing import Final
from xml.dom.minidom import Document, Element


class RefusedError(ValueError):
    """A construct of SED-ML that is not done here; the message names it."""


_STEP: Final = re.compile(
    r"(?:descendant::)?(?:[\w.-]+:)?(?P<name>[\w.-]+|\*)(?P<tests>(?:\[[^\]]*\])*)"
)
_TEST: Final = re.compile(
    r"\[\s*@(?P<name>[\w:.-]+)\s*=\s*(?P<quote>['\"])(?P<value>.*?)(?P=quote)\s*\]"
)


def find(document: Document, target: str) -> tuple[Element, str]:
    """Return the element that a path leads to, and the attribute that it ends in, if any.

    Namespaces are not looked at: names and ids tell elements of SBML apart.

    Raises
    ------
    RefusedError
        If it leads to none or to several, or is written in a way that is not read.
    """
    path, _, attribute = target.strip().partition("/@")
    if not path.startswith("/") or not re.fullmatch(r"(?:\w+:)?\w*", attribute):
        raise RefusedError(f"The path {target!r} is not read; write it from the root on.")
    found: list[Element | Document] = [document]
    deep = False
    for step in _steps(path, target):
        if not step:
            deep = True
            continue
        match = _STEP.fullmatch(step)
        tests = list(_TEST.finditer(match["tests"])) if match else []
        if match is None or "".join(test[0] for test in tests) != match["tests"]:
            raise RefusedError(f"The path {target!r} is not read, because of {step!r}.")
        inside = deep or step.startswith("descendant::")
        found = [
            child
            for parent in found
            for child in (parent.getElementsByTagName("*") if inside else parent.childNodes)
            if child.nodeType == child.ELEMENT_NODE
            and match["name"] in ("*", child.localName)
            and all(child.getAttribute(test["name"]) == test["value"] for test in tests)
        ]
        deep = False
    if len(found) != 1 or not isinstance(found[0], Element):
        raise RefusedError(
            f"The path {target!r} leads to {len(found) or 'nothing'}"
            f"{' elements' if found else ''} in the model, and not to one."
        )
    return found[0], attribute.rpartition(":")[2]


def _steps(path: str, target: str) -> list[str]:
    """Return what stands between slashes that are in no quotes."""
    steps, quote = [""], ""
    for letter in path[1:]:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter == "/":
            steps.append("")
            continue
        steps[-1] += letter
    if quote:
        raise RefusedError(f"The path {target!r} has a quote that does not end.")
    return steps
