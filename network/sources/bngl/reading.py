"""From the text of a BNGL file to its parts."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ...files import lines_of
from ...mathematics.expressions import ExpressionError
from . import actions, blocks, naming, tables
from .actions import Action, Literal
from .blocks import Entry
from .cursor import Cursor, GrammarError

# Far above what anybody writes; what is larger costs memory before it can be refused.
MOST_CHARACTERS: Final = 10_000_000
_MOST_LINES: Final = 200_000
_LONGEST_LINE: Final = 200_000
_LONGEST_WORD: Final = 255
_TOO_LONG: Final = re.compile(rf"\w{{{_LONGEST_WORD + 1}}}")

_ACTION_BLOCKS: Final = frozenset({"actions", "protocol"})
_BORDER: Final = re.compile(r"(begin|end)\s+(\S.*)", re.ASCII)
_PARAMETER: Final = re.compile(r"(?:parameter|param|par)\s++", re.ASCII | re.IGNORECASE)
_CALL: Final = re.compile(r"(?:\d++\s++)?+(\w++)\s*+\(\s*+", re.ASCII)
_SEMICOLON: Final = re.compile(r"\s*+;?+\s*+", re.ASCII)
_BLANKS: Final = " \t\n\r\f\v"


class BnglError(ValueError):
    """The file cannot be read; ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class BnglFile:
    """A BNGL file taken apart."""

    model: str  # written again, with what changes it before generation; lines keep their numbers
    declared: frozenset[str]  # names of the author's parameters and functions
    types: tuple[str, ...]  # names of the molecule types that it lists
    rules: tuple[str, ...]  # in the author's words, without labels
    energies: tuple[str, ...]  # labels of the energy patterns, or ""
    changes: tuple[Action, ...]  # done to the model after the network is generated
    bounds: Mapping[str, Literal]  # arguments of generate_network
    skipped: tuple[str, ...]  # names of the actions left out
    warnings: tuple[str, ...]  # what a reader may miss
    entries: Mapping[str, tuple[Entry, ...]]  # the lines of each block


def read(text: str, folder: Path | None = None) -> BnglFile:
    """Take a BNGL file apart.

    Parameters
    ----------
    text : str
        The file.
    folder : Path, optional
        Where tables lie that it names; without one, it may name none.

    Raises
    ------
    BnglError
        If it reads another file, holds what is neither of a model nor a known action, or formulas
        that need each other in a circle.
    """
    if len(text) > MOST_CHARACTERS:
        raise BnglError(f"The file has more than {MOST_CHARACTERS:,} characters.", 1)
    lines = lines_of(text.removeprefix("\ufeff"))
    if len(lines) > _MOST_LINES:
        raise BnglError(f"The file has more than {_MOST_LINES:,} lines.", _MOST_LINES + 1)
    reader = _Reader(len(lines))
    for number, line in _logical(lines):
        try:
            reader.read(number, tables.expand(line, folder))
        except (GrammarError, ExpressionError) as error:
            where = f"this line of {reader.block!r}" if reader.block else "this line"
            raise BnglError(f"Cannot read {where}: {str(error).rstrip('.')}.", number) from None
    file = reader.file()
    if found := naming.circle(file.entries):
        raise BnglError(*found)
    return file


def with_tables(text: str, folder: Path) -> str:
    """Return a text that holds the tables itself which lie in files beside it; see :func:`read`."""
    if "tfun" not in text.lower():
        return text
    lines = lines_of(text)
    for index, line in enumerate(lines):
        if "tfun" in line.lower():
            bare = _bare(line)
            with suppress(GrammarError):  # in a continued line, or said by read()
                lines[index] = tables.expand(bare, folder, inline=True) + line[len(bare) :]
    return "\n".join(lines) + "\n"


def _logical(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Yield the number and text of each line as Perl sees it: continuations join without a blank.

    Comments go first, so a continuation cannot hide in one.
    """
    at = 0
    while at < len(lines):
        number = at + 1
        parts = [_bare(lines[at])]
        while parts[-1].endswith("\\"):
            parts[-1] = parts[-1][:-1]
            at += 1
            if at == len(lines):
                break
            parts.append(_bare(lines[at]))
        at += 1
        line = "".join(parts).strip(_BLANKS)
        if len(line) > _LONGEST_LINE:
            raise BnglError(f"The line has more than {_LONGEST_LINE:,} characters.", number)
        if _TOO_LONG.search(line):
            raise BnglError(f"A name or number has more than {_LONGEST_WORD} characters.", number)
        if line:
            yield number, line


def _bare(line: str) -> str:
    return line.partition("#")[0].rstrip(_BLANKS)


@dataclass
class _Reader:
    """Takes line after line."""

    length: int
    block: str | None = None  # the one that is open
    began: int = 0
    lines: list[str] = field(init=False)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    changes: list[Action] = field(default_factory=list)
    bounds: Mapping[str, Literal] | None = None
    used: bool = False
    skipped: dict[str, None] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = [""] * self.length

    def read(self, number: int, line: str) -> None:
        if match := _BORDER.fullmatch(line):
            self.border(number, match[1], " ".join(match[2].split()))
        elif self.block is not None and self.block in blocks.BLOCKS:
            cursor = Cursor(line)
            entry = blocks.BLOCKS[self.block](cursor)
            cursor.end()
            self.keep(number, self.block, entry.written, entry)
        elif self.block == "protocol":
            return  # defined here, done where it is called
        elif self.block is None and (match := _PARAMETER.match(line)):
            cursor = Cursor(line[match.end() :])
            entry = blocks.parameter(cursor)
            cursor.end()
            self.keep(number, "parameters", f"parameter {entry.written}", entry)
        else:
            self.statements(number, line)

    def keep(self, number: int, block: str, written: str, entry: Entry) -> None:
        self.lines[number - 1] = written
        self.entries.setdefault(block, []).append(replace(entry, line=number))

    def border(self, number: int, word: str, name: str) -> None:
        if name == "model":
            if self.block is not None:
                raise GrammarError(f"'end {self.block}' was expected before '{word} model'")
            self.lines[number - 1] = f"{word} model"
            return
        if word == "begin":
            if self.block is not None:
                raise GrammarError(f"'end {self.block}' was expected before 'begin {name}'")
            known = [*blocks.BLOCKS, *_ACTION_BLOCKS]
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                raise GrammarError(f"there is no block {name!a}{hint}")
            self.block, self.began = name, number
        else:
            if name != self.block:
                wanted = "no block is open" if self.block is None else f"'end {self.block}' was"
                expected = wanted if self.block is None else f"{wanted} expected"
                raise GrammarError(f"{expected}, {f'end {name}'!a} was found")
            self.block = None
        if name not in _ACTION_BLOCKS:
            self.lines[number - 1] = f"{word} {name}"

    # -- outside the model's blocks ----------------------------------------------------------------

    def statements(self, number: int, line: str) -> None:
        """Read calls, of which a line may hold several."""
        cursor = Cursor(line)
        while not cursor.done:
            match = _CALL.match(line, cursor.at)
            name = match[1] if match else ""
            if match is None:
                self.pass_over(number, line, line[cursor.at :])
                return
            if name in actions.FILES:
                raise BnglError(f"{name} reads another file; give that file itself.", number)
            cursor.at = match.end()
            if name in actions.SETTINGS | actions.CHANGES or name == actions.GENERATE:
                try:
                    self.act(number, actions.action(name, cursor, number))
                except (GrammarError, ExpressionError) as error:
                    raise BnglError(
                        f"Cannot read the arguments of {name}: {str(error).rstrip('.')}.", number
                    ) from None
            else:
                self.skipped[name] = None
                self.used = self.used or bool(actions.USES.fullmatch(name))
                try:
                    actions.arguments(cursor)
                except (GrammarError, ExpressionError):
                    if actions.MATTERS.search(line, cursor.at):
                        raise
                    return
            cursor.take(_SEMICOLON)

    def act(self, number: int, action: Action) -> None:
        if action.name in actions.SETTINGS:
            self.write(number, action)
        elif action.name == actions.GENERATE:
            if self.bounds is None:
                given = action.arguments[0] if action.arguments else {}
                assert isinstance(given, dict)
                self.bounds = given
            else:
                self.skipped[action.name] = None
        elif self.used:
            self.skipped[action.name] = None
            self.late.append(f"{action.name} (line {number})")
        elif self.bounds is None:
            self.write(number, action)
        elif action.name == "setVolume":
            raise GrammarError("setVolume must come before generate_network, whose rates need it")
        else:
            self.changes.append(action)

    def write(self, number: int, action: Action) -> None:
        former = self.lines[number - 1]
        if former:  # BNG2.pl takes one call a line; here, its line numbers go
            raise GrammarError(f"{action.name} must stand on a line of its own")
        self.lines[number - 1] = str(action)

    def pass_over(self, number: int, line: str, rest: str) -> None:
        """Leave out what is no statement, as BNG2.pl does, unless it could be one that counts."""
        if actions.MATTERS.search(rest):
            Cursor(rest).fail("A call such as setOption(...) in one line")
        if any(not character.isprintable() and character not in _BLANKS for character in rest):
            Cursor(rest).fail("Plain text")
        self.unknown.append(f"{number}")

    # -- the end -----------------------------------------------------------------------------------

    def file(self) -> BnglFile:
        if self.block is not None:
            raise BnglError(f"'begin {self.block}' has no 'end {self.block}'.", self.began)
        warnings: list[str] = []
        if self.unknown:
            warnings.append(
                f"Not BNGL, and left out as BioNetGen does: line {', '.join(self.unknown)}."
            )
        if self.late:
            warnings.append(
                "Left out, because the model was simulated before: " + ", ".join(self.late) + "."
            )
        named = [*self.entries.get("parameters", ()), *self.entries.get("functions", ())]
        return BnglFile(
            model="\n".join(self.lines) + "\n",
            declared=frozenset(entry.name for entry in named),
            types=tuple(entry.name for entry in self.entries.get("molecule types", ())),
            rules=tuple(entry.words for entry in self.entries.get("reaction rules", ())),
            energies=tuple(entry.label for entry in self.entries.get("energy patterns", ())),
            changes=tuple(self.changes),
            bounds=self.bounds or {},
            skipped=tuple(self.skipped),
            warnings=tuple(warnings),
            entries={block: tuple(found) for block, found in self.entries.items()},
        )
