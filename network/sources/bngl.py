"""Reading BNGL files as far as needed: which lines are the model, which are actions.

BNG2.pl reads the model itself. This module only takes the actions out, because a file that
generates a network, simulates it and scans its parameters is to be read, not run:

* ``generate_network`` keeps what bounds the network (``max_iter``, ``max_agg``, ``max_stoich``,
  ``check_iso``); the first call counts.
* What changes the model before that call is kept: ``setParameter``, ``setConcentration``,
  ``addConcentration``, and options, version and units wherever they are.
* Everything else, and all that follows, is an experiment with the model and is skipped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from ..mathematics import expressions
from ..mathematics.expressions import ExpressionError

Literal: TypeAlias = "float | str | list[Literal] | dict[str, Literal]"

# Arguments of generate_network that decide what the network is.
_BOUNDS: Final = frozenset({"max_iter", "max_agg", "max_stoich", "check_iso"})
# Actions that change the model itself.
_CHANGES: Final = frozenset({"setParameter", "setConcentration", "addConcentration"})
_BEFORE: Final = _CHANGES | {"generate_network"}
# Lines outside blocks that BNG2.pl reads as part of the model.
_SETTINGS: Final = frozenset({"setOption", "version", "substanceUnits"})
_FILES: Final = frozenset({"readFile", "readModel", "readNetwork", "readSBML"})
_ACTION_BLOCKS: Final = frozenset({"actions", "protocol"})


class BnglError(ValueError):
    """The file cannot be read; ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Action:
    """A call such as ``generate_network({max_iter=>5})``."""

    name: str
    arguments: tuple[Literal, ...]

    def __str__(self) -> str:
        return f"{self.name}({','.join(map(_written, self.arguments))})"


@dataclass(frozen=True)
class BnglFile:
    """A BNGL file taken apart."""

    model: str  # the text without actions; lines keep their numbers
    blocks: Mapping[str, tuple[str, ...]]  # logical lines: comments gone, continuations joined
    changes: tuple[Action, ...]  # done to the model before the network is generated
    bounds: Mapping[str, Literal]  # arguments of generate_network
    skipped: tuple[str, ...]  # names of the actions left out

    @property
    def declared(self) -> frozenset[str]:
        """Names of the author's parameters and functions."""
        found = set(self._outside)
        for line in self.blocks.get("parameters", ()):
            if match := re.match(r"(?:\d+\s+)?(?:\w+\s*:\s+)?([A-Za-z_]\w*)", line):
                found.add(match[1])
        for line in self.blocks.get("functions", ()):
            if match := re.match(r"(?:\d+\s+)?(?:\w+\s*:\s+)?([A-Za-z_]\w*)", line):
                found.add(match[1])
        return frozenset(found)

    @property
    def _outside(self) -> list[str]:
        return re.findall(r"(?im)^\s*par(?:am(?:eter)?)?\s+(\w+)", self.model)


def read(text: str) -> BnglFile:
    """Take a BNGL file apart.

    Raises
    ------
    BnglError
        If it reads another file, or the arguments of an action that matters are not literals.
    """
    lines = text.splitlines()
    blocks: dict[str, list[str]] = {}
    changes: list[Action] = []
    bounds: dict[str, Literal] | None = None
    skipped: list[str] = []
    block: str | None = None
    at = 0
    while at < len(lines):
        first, logical = at, _bare(lines[at])
        while logical.endswith("\\") and at + 1 < len(lines):
            at += 1
            logical = logical[:-1] + " " + _bare(lines[at])
        at += 1
        logical = logical.strip()
        if not logical:
            continue
        if match := re.fullmatch(r"(begin|end)\s+(.+)", logical):
            name = " ".join(match[2].split())
            if name != "model":
                block = name if match[1] == "begin" else None
            if name in _ACTION_BLOCKS:
                _blank(lines, first, at)
            continue
        if block is not None and block not in _ACTION_BLOCKS:
            blocks.setdefault(block, []).append(logical)
            continue
        match = re.fullmatch(r"(?:\d+\s+)?(\w+)\s*\((.*)\)\s*;?", logical)
        if match is None:
            if block is not None:
                _blank(lines, first, at)
            continue
        name, inner = match.groups()
        if name in _FILES:
            raise BnglError(f"{name} reads another file; give that file itself.", first + 1)
        if name in _SETTINGS or (bounds is None and name in _BEFORE):
            action = Action(name, _arguments(inner, name, first + 1))
            if name in _SETTINGS:
                # Written again from the values read: nothing but literals reaches BNG2.pl's eval.
                _blank(lines, first, at)
                lines[first] = str(action)
                continue
            if name in _CHANGES:
                changes.append(action)
            else:
                given = action.arguments[0] if action.arguments else {}
                if not isinstance(given, dict):
                    raise BnglError(f"Cannot read the arguments of {name}.", first + 1)
                bounds = {key: value for key, value in given.items() if key in _BOUNDS}
        else:
            skipped.append(name)
        _blank(lines, first, at)
    return BnglFile(
        model="\n".join(lines) + "\n",
        blocks={name: tuple(content) for name, content in blocks.items()},
        changes=tuple(changes),
        bounds=bounds or {},
        skipped=tuple(dict.fromkeys(skipped)),
    )


def _bare(line: str) -> str:
    return line.partition("#")[0].rstrip()


def _blank(lines: list[str], first: int, end: int) -> None:
    lines[first:end] = [""] * (end - first)


# -- arguments of actions --------------------------------------------------------------------------

_LITERAL = re.compile(
    r"""\s*(?:(?P<string>"[^"]*"|'[^']*')|(?P<mark>=>|[{}\[\],()])|(?P<word>[^\s{}\[\],'"=]+|=(?!>)))"""
)


def _arguments(text: str, action: str, line: int) -> tuple[Literal, ...]:
    tokens: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = _LITERAL.match(text, at)
        if match is None:
            raise BnglError(f"Cannot read the arguments of {action}: {text!r}.", line)
        tokens.append(match[0].strip())
        at = match.end()
    try:
        values, rest = _sequence(tokens, 0, "")
    except (IndexError, ExpressionError, ValueError):
        raise BnglError(f"Cannot read the arguments of {action}: {text!r}.", line) from None
    if rest != len(tokens):
        raise BnglError(f"Cannot read the arguments of {action}: {text!r}.", line)
    return tuple(values)


def _sequence(tokens: list[str], at: int, end: str) -> tuple[list[Literal], int]:
    values: list[Literal] = []
    while at < len(tokens) and tokens[at] != end:
        value, at = _value(tokens, at)
        values.append(value)
        if at < len(tokens) and tokens[at] == ",":
            at += 1
    return values, at


def _value(tokens: list[str], at: int) -> tuple[Literal, int]:
    token = tokens[at]
    if token == "[":
        values, at = _sequence(tokens, at + 1, "]")
        _require(tokens, at, "]")
        return values, at + 1
    if token == "{":
        pairs: dict[str, Literal] = {}
        at += 1
        while tokens[at] != "}":
            key = tokens[at].strip("\"'")
            _require(tokens, at + 1, "=>")
            pairs[key], at = _value(tokens, at + 2)
            if tokens[at] == ",":
                at += 1
        return pairs, at + 1
    if token[0] in "\"'":
        return token[1:-1], at + 1
    text = token
    at += 1
    # Arithmetic such as 10*(2+3) may have been cut into pieces.
    while at < len(tokens) and tokens[at] not in (",", "]", "}", "=>"):
        text += tokens[at]
        at += 1
    return expressions.parse(text).evaluate({}), at


def _require(tokens: list[str], at: int, wanted: str) -> None:
    if tokens[at] != wanted:
        raise ValueError(wanted)


def _written(value: Literal) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{key}=>{_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_written, value)) + "]"
    if isinstance(value, str):
        # In single quotes Perl reads nothing into it.
        return "'" + "".join(c for c in value if c not in "'\\") + "'"
    return expressions.format_number(float(value))
