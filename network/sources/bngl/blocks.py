"""The grammar of each block's lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from . import patterns
from .cursor import WORD, Cursor


@dataclass(frozen=True)
class Entry:
    """A line of a block."""

    written: str  # again, from its pieces
    label: str = ""  # of a rule or an energy pattern
    name: str = ""  # of a parameter, a function, an observable or a molecule type
    words: str = ""  # the author's own, without label or index
    parts: tuple[Any, ...] = ()  # what it is written from, as the reader of its block says
    line: int = 0  # where it stands, from 1


_INDEX: Final = re.compile(r"\d++\s++", re.ASCII)
_LABEL: Final = re.compile(r"([A-Za-z_]\w*+)\s*+:\s++", re.ASCII)
_RULE_LABEL: Final = re.compile(r"\w[\w\s]*+:(?!:)\s*+", re.ASCII)
_NO_INDEX: Final = re.compile(r"0\s*+(?:\+|->|<->)", re.ASCII)
_EQUALS: Final = re.compile(r"=(?!=)")
_ARGUMENT: Final = re.compile(r"[,\s]*+(\w++)[,\s]*+", re.ASCII)
_OPEN: Final = re.compile(r"\(\s*+", re.ASCII)
_CLOSE: Final = re.compile(r"\s*+\)", re.ASCII)
_COMMA: Final = re.compile(r"\s*+,\s*+", re.ASCII)
_PLUS: Final = re.compile(r"\s*+\+\s*+", re.ASCII)
_ARROW: Final = re.compile(r"\s*+<?->\s*+", re.ASCII)
_NUMBER: Final = re.compile(r"\d++", re.ASCII)
_REAL: Final = re.compile(r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?", re.ASCII)
_ANY_WORD: Final = re.compile(r"\w++", re.ASCII)
_KIND: Final = re.compile(r"Molecules|Species|Counter")


def _lead(cursor: Cursor) -> tuple[str, str]:
    """Take an index and a label; return them as they are written, and the label's name."""
    index = cursor.take(_INDEX) or ""
    label = cursor.take(_LABEL) or ""
    name = label.partition(":")[0].strip()
    return (f"{index.strip()} " if index else "") + (f"{name}: " if name else ""), name


def parameter(cursor: Cursor) -> Entry:
    """Read ``[index] [label:] name [=] expression``."""
    lead, _ = _lead(cursor)
    name = cursor.need(WORD, "The name of a parameter")
    cursor.blanks()
    cursor.take(_EQUALS)
    formula = cursor.expression()
    return Entry(f"{lead}{name} = {formula}", name=name, parts=(name, formula))


def _function(cursor: Cursor) -> Entry:
    lead, _ = _lead(cursor)
    name = cursor.need(WORD, "The name of a function")
    cursor.blanks()
    arguments: list[str] = []
    if cursor.take(_OPEN):
        while taken := cursor.take(_ARGUMENT):
            arguments.append(taken.strip(", \t\n\r\f\v"))
        cursor.need(_CLOSE, "An argument or ')'")
    cursor.blanks()
    cursor.take(_EQUALS)
    # BNG2.pl strikes the first lone '=', so without one it would take '>=' for '>'.
    formula = cursor.expression()
    written = f"{lead}{name}({','.join(arguments)}) = {formula}"
    return Entry(written, name=name, parts=(name, tuple(arguments), formula))


def _compartment(cursor: Cursor) -> Entry:
    lead, _ = _lead(cursor)
    name = cursor.need(WORD, "The name of a compartment")
    cursor.blanks()
    dimension = cursor.need(_NUMBER, "The number of dimensions, 2 or 3,")
    size = cursor.expression()
    cursor.blanks()
    outside = cursor.take(_ANY_WORD)
    written = f"{lead}{name} {dimension} {size}" + (f" {outside}" if outside else "")
    return Entry(written, parts=(name, int(dimension), size, outside))


def _molecule_type(cursor: Cursor) -> Entry:
    lead, _ = _lead(cursor)
    written = patterns.molecule_type(cursor)
    return Entry(lead + written, name=written.partition("(")[0].strip())


def _species(cursor: Cursor) -> Entry:
    lead, label = _lead(cursor)
    pattern = patterns.pattern(cursor)
    if not cursor.blanks():
        cursor.fail("A blank and an amount after the pattern")
    formula = cursor.expression()
    return Entry(f"{lead}{pattern} {formula}", label, parts=(label, pattern, formula))


def _observable(cursor: Cursor) -> Entry:
    lead, _ = _lead(cursor)
    kind = cursor.need(_KIND, "Molecules or Species")
    cursor.blanks()
    name = cursor.need(WORD, "The name of an observable")
    if not cursor.blanks():
        cursor.fail("A blank and a pattern after the observable's name")
    found = [patterns.pattern(cursor)]
    while not cursor.done:
        if not (cursor.take(_COMMA) or cursor.blanks()):
            cursor.fail("',' or a blank between patterns")
        found.append(patterns.pattern(cursor))
    written = f"{lead}{kind} {name} {', '.join(found)}"
    return Entry(written, name=name, parts=(kind, name, tuple(found)))


# -- rules ----------------------------------------------------------------------------------------


def rule(cursor: Cursor) -> Entry:
    """Read ``[label:] reactants -> products rates keywords``."""
    lead = label = ""
    if taken := cursor.take(_RULE_LABEL):
        label = " ".join(taken.partition(":")[0].split())
        lead = f"{label}: "
    elif not cursor.sees(_NO_INDEX) and (taken := cursor.take(_INDEX)):
        lead = taken.strip() + " "
    words = " ".join(cursor.text[cursor.at :].split())
    left = _side(cursor)
    arrow = cursor.need(_ARROW, "'+', '->' or '<->' after a pattern").strip()
    right = _side(cursor)
    if not cursor.blanks():
        cursor.fail("'+', or a blank and a rate, after the products")
    before = _keywords(cursor)
    rates = [_rate(cursor)]
    if cursor.take(_COMMA):
        rates.append(_rate(cursor))
    after = _keywords(cursor)
    sides = [" + ".join(side) for side in (left, right)]
    written = " ".join([sides[0], arrow, sides[1], *before, ", ".join(rates), *after])
    parts = (left, arrow, right, tuple(rates), (*before, *after))
    return Entry(lead + written, label, words=words, parts=parts)


def _side(cursor: Cursor) -> tuple[str, ...]:
    found = [patterns.pattern(cursor)]
    while cursor.take(_PLUS):
        found.append(patterns.pattern(cursor))
    return tuple(found)


_SATURATING: Final = re.compile(r"(?:Sat|MM|Hill)(?=\()")
_ARRHENIUS: Final = re.compile(r"Arrhenius(?=\()")
_PRODUCT: Final = re.compile(r"FunctionProduct(?=\()")
_QUOTED: Final = re.compile(r'"[^"]*+"')


def _rate(cursor: Cursor) -> str:
    cursor.blanks()
    if law := cursor.take(_SATURATING):
        take: Callable[[Cursor], str] = _constant
    elif law := cursor.take(_ARRHENIUS):
        take = Cursor.expression
    elif law := cursor.take(_PRODUCT):
        take = _quoted
    else:
        return cursor.expression()
    cursor.take(_OPEN)
    arguments = [take(cursor)]
    while cursor.take(_COMMA):
        arguments.append(take(cursor))
    cursor.need(_CLOSE, "',' or ')'")
    return f"{law}({','.join(arguments)})"


def _constant(cursor: Cursor) -> str:
    return cursor.need(_ANY_WORD, "The name of a parameter")


def _quoted(cursor: Cursor) -> str:
    inner = Cursor(cursor.need(_QUOTED, "An expression in double quotes")[1:-1])
    written = inner.expression()
    inner.end("The end of the expression")
    return f'"{written}"'


_KEYWORD: Final = re.compile(r"(?:TotalRate|DeleteMolecules|MoveConnected)(?=\s|$)", re.ASCII)
_PRIORITY: Final = re.compile(r"priority\s*+=\s*+", re.ASCII)
_CONTEXT: Final = re.compile(r"(?:ex|in)clude_(?:reactants|products)(?=\()")


def _keywords(cursor: Cursor) -> list[str]:
    found: list[str] = []
    while True:
        cursor.blanks()
        if keyword := cursor.take(_KEYWORD):
            found.append(keyword)
        elif cursor.take(_PRIORITY):
            found.append(f"priority={cursor.need(_REAL, 'A number')}")
        elif keyword := cursor.take(_CONTEXT):
            cursor.take(_OPEN)
            arguments = [cursor.need(_NUMBER, "The number of a reactant or product")]
            while cursor.take(_COMMA):
                arguments.append(patterns.pattern(cursor))
            cursor.need(_CLOSE, "',' or ')'")
            found.append(f"{keyword}({','.join(arguments)})")
        else:
            return found


# -- every block there is --------------------------------------------------------------------------

BLOCKS: Final[Mapping[str, Callable[[Cursor], Entry]]] = {
    "parameters": parameter,
    "compartments": _compartment,
    "molecule types": _molecule_type,
    "species": _species,
    "seed species": _species,
    "observables": _observable,
    "functions": _function,
    "reaction rules": rule,
    "energy patterns": _species,
    "population types": _molecule_type,
    "population maps": rule,
}
