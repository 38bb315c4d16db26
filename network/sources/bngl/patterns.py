"""The grammar of patterns: ``@cell:A(b!1,y~p).B(a!1)``, and of molecule types."""

from __future__ import annotations

import re
from typing import Final

from .cursor import WORD, Cursor

_NOTHING: Final = re.compile(r"0(?=\s|\+|<->|->|,|\)|$)", re.ASCII)
_HEADER: Final = re.compile(
    r"(?P<name>[A-Za-z_]\w*+)?+\s*+(?P<tag>%\w++)?+\s*+(?P<place>@\w++)?+\s*+(?P<colon>::?)\s*+",
    re.ASCII,
)
_FIXED: Final = re.compile(r"[.$]")
_QUANTIFIER: Final = re.compile(r"(?:==?|<=?|>=?)\d++", re.ASCII)
_ATTRIBUTES: Final = re.compile(r"\{\w++(?:=\w++)?+(?:,\w++(?:=\w++)?+)*+\}", re.ASCII)
_MARK: Final = re.compile(r"[~%!@](?:\w++|[+?])", re.ASCII)
_STATE: Final = re.compile(r"[~!@]\w++", re.ASCII)
_OPEN: Final = re.compile(r"\(")
_CLOSE: Final = re.compile(r"\)")
_COMMAS: Final = re.compile(r",++")
_COMMAS_OR_DOTS: Final = re.compile(r"[,.]++")
_POPULATION: Final = re.compile(r"population\b", re.ASCII | re.IGNORECASE)


def pattern(cursor: Cursor) -> str:
    """Take one pattern, which has no blanks inside, and return it."""
    cursor.blanks()
    if nothing := cursor.take(_NOTHING):
        return nothing
    parts = [_header(cursor)]
    start = cursor.at
    while True:
        taken = (
            cursor.take(_FIXED)
            or cursor.take(_QUANTIFIER)
            or cursor.take(_ATTRIBUTES)
            or _molecule(cursor)
        )
        if not taken:
            break
        parts.append(taken)
    if cursor.at == start:
        cursor.fail("A pattern such as A(b!1,y~p).B(a!1)")
    return "".join(parts)


def _header(cursor: Cursor) -> str:
    if (match := _HEADER.match(cursor.text, cursor.at)) is None:
        return ""
    header = "".join(filter(None, match.group("name", "tag", "place")))
    if not header:
        cursor.fail("A pattern such as @cell:A(b)")
    cursor.at = match.end()
    return header + match["colon"]


def _molecule(cursor: Cursor) -> str:
    parts = [cursor.take(WORD) or ""]
    while parts[0]:
        if cursor.take(_OPEN):
            parts.append(f"({_sites(cursor, _MARK, _COMMAS)})")
        elif taken := cursor.take(_MARK) or cursor.take(_ATTRIBUTES):
            parts.append(taken)
        else:
            break
    return "".join(parts)


def _sites(cursor: Cursor, mark: re.Pattern[str], between: re.Pattern[str]) -> str:
    """Take sites with their marks up to the closing parenthesis."""
    parts: list[str] = []
    while True:
        if commas := cursor.take(between):
            parts.append("," * len(commas))
        if cursor.take(_CLOSE):
            return "".join(parts)
        parts.append(cursor.need(WORD, "A site such as b, y~p or a!1, or ')',"))
        while taken := cursor.take(mark):
            parts.append(taken)
        if not (cursor.sees(between) or cursor.sees(_CLOSE)):
            cursor.fail("',' or ')' after a site")


def molecule_type(cursor: Cursor) -> str:
    """Take a molecule type such as ``A(b,y~u~p)`` and return it."""
    cursor.blanks()
    written = cursor.need(WORD, "A molecule type such as A(b,y~u~p)")
    cursor.blanks()
    if cursor.take(_OPEN):
        written += f"({_sites(cursor, _STATE, _COMMAS_OR_DOTS)})"
    cursor.blanks()
    if cursor.take(_POPULATION):
        written += " population"
    return written
