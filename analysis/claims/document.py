"""YAML as users write it, into plain data, with the line of every part.

It is read as YAML 1.2 does in its core: ``NO``, ``1:30`` and ``2024-01-01`` are text, ``true`` and
``false`` the only truths, numbers decimal. What two readers of YAML take for different things is
refused, and so is what would fill the memory: a file is read as it comes, and how large it will be
with every alias replaced is known before anything is made of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from ...models.numbers import decimals

Place = tuple[str | int, ...]
"""The keys and indices that lead to a part."""

_LARGEST: Final = 10_000_000  # bytes
_MOST: Final = 200_000  # parts, aliases replaced; all claims of the two reviews are 30,000
_DEEPEST: Final = 40

_STRANGE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS: Final = {"": None, "~": None, "null": None, "true": True, "false": False}
_NUMBER: Final = re.compile(decimals.PATTERN)
_BOUND: Final = re.compile(r"(\w+):\s*(>=?\s*[^,}\s]+(?:\s+\w+)?)")
_OCTAL: Final = re.compile(r"[-+]?0[0-9]+")


class DocumentError(ValueError):
    """A file that cannot be read as YAML; holds what is wrong on which line."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True)
class Document:
    """What a file holds.

    Attributes
    ----------
    data : dict, list, str, int, float, bool or None
        All of it; keys are text.
    lines : dict
        The line of every part, by what leads to it.
    twice : tuple of (int, str)
        Keys that stand twice beside each other, with the line of the second.
    """

    data: Any
    lines: dict[Place, int]
    twice: tuple[tuple[int, str], ...]


def read(path: Path) -> Document:
    """Read a file.

    Raises
    ------
    OSError
        If it cannot be read.
    DocumentError
        If it is no YAML, or more than claims need.
    """
    with path.open("rb") as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise DocumentError(1, f"the file is larger than {_LARGEST // 1_000_000} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentError(line, "this is no text in UTF-8") from None
    if strange := _STRANGE.search(text):
        line = text.count("\n", 0, strange.start()) + 1
        raise DocumentError(line, f"the character {strange[0]!r} does not belong into text")
    return parse(text)


def parse(text: str) -> Document:
    """Read a text; see :func:`read`."""
    composer = _Composer()
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        written = text.split("\n")[line - 1 : line]
        hint = _hint(written[0]) if written else ""
        raise DocumentError(line, f"cannot be read as YAML: {error.problem}{hint}") from None
    except yaml.YAMLError as error:
        raise DocumentError(1, f"cannot be read as YAML: {error}") from None
    if composer.root is None:
        raise DocumentError(1, "the file is empty")
    lines: dict[Place, int] = {}
    return Document(_plain(composer.root, (), lines), lines, tuple(composer.twice))


def _hint(written: str) -> str:
    """Return what may be wrong with a line that is no YAML."""
    if re.match(" *\t", written):
        return "; indent with blanks, not tabs"
    if bound := _BOUND.search(written):
        return f"; what begins with '>' stands in quotes: {bound[1]}: '{bound[2]}'"
    return ""


@dataclass
class _Node:
    """A part of the file: a scalar with a value, or a list or mapping that holds others."""

    line: int
    value: Any = None
    kind: type = str
    items: list[_Node] = field(default_factory=list)
    keys: dict[str, tuple[int, _Node]] = field(default_factory=dict)  # with the line of the key
    size: int = 1
    key: tuple[str, int] | None = None  # that waits for its value


class _Composer:
    """Makes a tree of the events that a parser tells, without ever calling itself."""

    def __init__(self) -> None:
        self.root: _Node | None = None
        self.twice: list[tuple[int, str]] = []
        self._open: list[_Node] = []
        self._anchors: dict[str, _Node] = {}
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        """Add what an event tells."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise DocumentError(line, "a second document begins; a file holds one")
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, line)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._add(self._open.pop())

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        if isinstance(event, yaml.AliasEvent):
            node = self._anchors.get(event.anchor)
            if node is None:
                raise DocumentError(line, f"nothing before is called '&{event.anchor}'")
            if any(node is other for other in self._open):
                raise DocumentError(line, f"'*{event.anchor}' stands within what it names")
            self._add(node, line)
            return
        named = getattr(event, "tag", None)
        if named not in (None, "!"):
            tag = named.replace("tag:yaml.org,2002:", "!!")
            raise DocumentError(line, f"the tag {tag[:40]!r} is not read; leave it out")
        if isinstance(event, yaml.ScalarEvent):
            plain = event.style in (None, "") and event.tag is None
            if self._awaits_key:
                self._begin(event.value, line, plain)
                return
            node = _Node(line, _scalar(event.value, line) if plain else event.value)
        else:
            node = _Node(line, kind=dict if isinstance(event, yaml.MappingStartEvent) else list)
        if self._awaits_key:
            raise DocumentError(line, "a key is one word, not a list or a mapping")
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        if node.kind is str:
            self._add(node)
            return
        self._open.append(node)
        if len(self._open) > _DEEPEST:
            raise DocumentError(line, f"this is nested more than {_DEEPEST} levels deep")

    @property
    def _awaits_key(self) -> bool:
        return bool(self._open) and self._open[-1].kind is dict and self._open[-1].key is None

    def _begin(self, text: str, line: int, plain: bool) -> None:
        """Note a key, whose value comes next."""
        if plain and text == "<<":
            raise DocumentError(line, "'<<' is not read; write the keys out")
        above = self._open[-1]
        above.key = text, line
        if text in above.keys:
            self.twice.append((line, text))

    def _add(self, node: _Node, line: int | None = None) -> None:
        """Put a part that is complete into the one that holds it."""
        if not self._open:
            self.root = node
            return
        above = self._open[-1]
        if self._awaits_key:
            raise DocumentError(line or node.line, "a key is one word, not an alias")
        if above.key is None:
            above.items.append(node)
        else:
            text, at = above.key
            above.keys[text] = at, node
            above.key = None
        above.size += node.size
        if above.size > _MOST:
            raise DocumentError(
                line or node.line, f"this makes more than {_MOST:,} parts, aliases replaced"
            )


def _scalar(text: str, line: int) -> Any:
    """Return what a word without quotes means."""
    if text.lower() in _WORDS and text in (text.lower(), text.upper(), text.capitalize()):
        return _WORDS[text.lower()]
    if not _NUMBER.fullmatch(text):
        return text
    if _OCTAL.fullmatch(text):
        raise DocumentError(
            line, f"{text[:40]} is octal to some; write it without the 0, or in quotes"
        )
    try:
        value = decimals.number(text)
    except ValueError:
        short = text if len(text) < 40 else f"{text[:40]}..."
        raise DocumentError(line, f"{short} is no number that can be computed with") from None
    return int(text) if re.fullmatch("[-+]?[0-9]+", text) else value


def _plain(node: _Node, place: Place, lines: dict[Place, int]) -> Any:
    """Return a part as plain data, aliases replaced, and note the lines of all that it holds."""
    lines.setdefault(place, node.line)
    if node.kind is str:
        return node.value
    if node.kind is list:
        return [_plain(one, (*place, index), lines) for index, one in enumerate(node.items)]
    found = {}
    for key, (line, one) in node.keys.items():
        lines[*place, key] = line
        found[key] = _plain(one, (*place, key), lines)
    return found
