"""Actions: what a file does with its model, and how those that bear on the network are read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from ...mathematics.expressions import ExpressionError, Name, format_number
from ...mathematics.expressions import parse as parse_expression
from . import patterns
from .cursor import Cursor, GrammarError

Literal: TypeAlias = "float | str | list[Literal] | dict[str, Literal]"

# In single quotes Perl reads nothing into these; quotes and backslashes are not among them.
_TEXT: Final = re.compile(r"[\w .,:;@$%~!?+*/^<>=&|(){}\[\]-]*", re.ASCII)
_NAME: Final = re.compile(r"\w+", re.ASCII)
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+[-+]?\s*\w*", re.ASCII)

# Arguments of generate_network that decide what the network is.
_BOUNDS: Final = frozenset({"max_iter", "max_agg", "max_stoich", "check_iso"})
_UNLIMITED: Final = "unlimited"


@dataclass(frozen=True)
class Action:
    """A call such as ``generate_network({max_iter=>5})``."""

    name: str
    arguments: tuple[Literal, ...]
    line: int = field(default=0, compare=False)  # where it stands, from 1

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(_written, self.arguments))})"


def _written(value: Literal) -> str:
    if isinstance(value, dict):
        assert all(_NAME.fullmatch(key) for key in value)
        return "{" + ",".join(f"{key}=>{_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, str):
        assert _TEXT.fullmatch(value)
        return f"'{value}'"
    return format_number(float(value))


# -- what the arguments of each mean ---------------------------------------------------------------


def _name(value: Literal) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise GrammarError(f"a name in quotes was expected, {value!a} was found")
    return value


def _number(value: Literal) -> float:
    if isinstance(value, str):
        value = parse_expression(value).evaluate({})
    if not isinstance(value, float) or not math.isfinite(value):
        raise GrammarError(f"a number was expected, {value!a} was found")
    return value


def _amount(value: Literal) -> Literal:
    """Return a number, or an expression written again."""
    if isinstance(value, str):
        return _whole(value, Cursor.expression)
    return _number(value)


def _species(value: Literal) -> str:
    if not isinstance(value, str):
        raise GrammarError(f"a species in quotes was expected, {value!a} was found")
    return _whole(value, patterns.pattern)


def _whole(text: str, take: Callable[[Cursor], str]) -> str:
    cursor = Cursor(text)
    taken = take(cursor)
    cursor.end()
    return taken


def _label(value: Literal) -> str:
    if not isinstance(value, str) or not _TEXT.fullmatch(value):
        raise GrammarError(f"plain text was expected, {value!a} was found")
    return value


def _option(value: Literal) -> Literal:
    return _label(value) if isinstance(value, str) else _number(value)


def _version(value: Literal) -> str:
    if not isinstance(value, str) or not _VERSION.fullmatch(value):
        raise GrammarError(f'a version such as "2.2.6" was expected, {value!a} was found')
    return value


def _bounds(value: Literal) -> Literal:
    if not isinstance(value, dict):
        raise GrammarError(f"{{name=>value,...}} was expected, {value!a} was found")
    return {
        key: _bound(key, inner)
        for key, inner in value.items()
        if key in _BOUNDS and inner != _UNLIMITED
    }


def _bound(key: str, value: Literal) -> Literal:
    if key == "max_stoich" and isinstance(value, dict):
        limited = {molecule: most for molecule, most in value.items() if most != _UNLIMITED}
        return {molecule: _number(most) for molecule, most in limited.items()}
    return _number(value)


Check: TypeAlias = Callable[[Literal], Literal]

# Lines outside blocks that BNG2.pl reads as part of the model.
SETTINGS: Final = frozenset({"setOption", "version", "substanceUnits"})
# Actions that change the model itself.
CHANGES: Final = frozenset(
    {"setParameter", "setConcentration", "addConcentration", "setVolume"}
    | {"saveConcentrations", "resetConcentrations", "saveParameters", "resetParameters"}
)
GENERATE: Final = "generate_network"
# What reads another file instead.
FILES: Final = frozenset({"readFile", "readModel", "readNetwork", "readSBML"})
# What is done with a model, after which it is no longer as it was.
USES: Final = re.compile(r"simulate\w*|parameter_scan|bifurcate", re.ASCII)
# The arguments of each: those that must be there, and those that may.
_SIGNATURES: Final[Mapping[str, tuple[tuple[Check, ...], tuple[Check, ...]]]] = {
    "setOption": ((_name, _option), (_name, _option) * 20),
    "version": ((_version,), ()),
    "substanceUnits": ((_name,), ()),
    "setParameter": ((_name, _amount), ()),
    "setConcentration": ((_species, _amount), ()),
    "addConcentration": ((_species, _amount), ()),
    "setVolume": ((_name, _number), ()),
    "saveConcentrations": ((), (_label,)),
    "resetConcentrations": ((), (_label,)),
    "saveParameters": ((), (_label,)),
    "resetParameters": ((), (_label,)),
    GENERATE: ((), (_bounds,)),
}
# What a line that is no call must not look like: it would be lost.
MATTERS: Final = re.compile(
    rf"\b(?:{'|'.join([*_SIGNATURES, *FILES])})\b",
    re.ASCII,
)


def action(name: str, cursor: Cursor, line: int) -> Action:
    """Read the arguments of an action behind its opening parenthesis, up to the closing one.

    Raises
    ------
    GrammarError
        If they are not literals of the kind that belongs there.
    """
    values = arguments(cursor)
    needed, further = _SIGNATURES[name]
    if name == "setOption" and len(values) % 2:
        raise GrammarError("a value was expected for each option")
    if not len(needed) <= len(values) <= len(needed) + len(further):
        raise GrammarError(f"{len(values)} arguments were found, {len(needed)} were expected")
    checks = (needed + further)[: len(values)]
    return Action(name, tuple(check(v) for check, v in zip(checks, values, strict=True)), line)


# -- literals of Perl ------------------------------------------------------------------------------

_OPEN: Final = re.compile(r"[\[{]")
_COMMA: Final = re.compile(r"\s*+,\s*+", re.ASCII)
_ARROW: Final = re.compile(r"\s*+=>\s*+", re.ASCII)
_KEY: Final = re.compile(r"\w++|\"\w++\"|'\w++'", re.ASCII)
_STRING: Final = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_CLOSING: Final = {
    "[": re.compile(r"\s*+\]", re.ASCII),
    "{": re.compile(r"\s*+\}", re.ASCII),
    "(": re.compile(r"\s*+\)", re.ASCII),
}
_DEEPEST: Final = 10


def arguments(cursor: Cursor) -> list[Literal]:
    """Take the arguments of a call and its closing parenthesis."""
    return _sequence(cursor, "(", 0)


def _sequence(cursor: Cursor, opened: str, depth: int) -> list[Literal]:
    values: list[Literal] = []
    while not cursor.take(_CLOSING[opened]):
        values.append(_value(cursor, depth))
        if not cursor.take(_COMMA) and not cursor.sees(_CLOSING[opened]):
            cursor.fail("',' or the end of the arguments")
    return values


def _value(cursor: Cursor, depth: int) -> Literal:
    if depth > _DEEPEST:
        cursor.fail("a value that is not nested so deeply")
    cursor.blanks()
    opened = cursor.take(_OPEN)
    if opened == "[":
        return _sequence(cursor, opened, depth + 1)
    if opened == "{":
        pairs: dict[str, Literal] = {}
        while not cursor.take(_CLOSING[opened]):
            cursor.blanks()
            key = cursor.need(_KEY, "A key").strip("\"'")
            cursor.need(_ARROW, "'=>'")
            pairs[key] = _value(cursor, depth + 1)
            if not cursor.take(_COMMA) and not cursor.sees(_CLOSING[opened]):
                cursor.fail("',' or '}'")
        return pairs
    if (text := cursor.take(_STRING)) is not None:
        return text[1:-1]
    try:
        tree = parse_expression(cursor.expression())
        return tree.name if isinstance(tree, Name) else float(tree.evaluate({}))
    except ExpressionError as error:
        raise GrammarError(f"a value was expected: {error}") from None
