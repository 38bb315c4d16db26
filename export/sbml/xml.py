"""Pieces of XML text: attributes, escaped text, numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from ...network.mathematics.expressions import format_number

# What XML 1.0 cannot hold at all.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Said:
    """What is said of an element: attributes with a blank in front, and notes and annotation."""

    attributes: str
    inner: str = ""


def content(text: str) -> str:
    """Return text as the content of an element."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def attribute(text: str) -> str:
    """Return text as the value of an attribute, quotes included."""
    cleaned = content(text).replace('"', "&quot;")
    return '"' + cleaned.replace("\n", "&#10;").replace("\t", "&#9;") + '"'


def number(value: float) -> str:
    """Return the shortest decimal text that reads back as the same number."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "INF" if value > 0 else "-INF"
    return format_number(value)


# What a formula stands in.
MATH: Final = '<math xmlns="http://www.w3.org/1998/Math/MathML">{}</math>'
