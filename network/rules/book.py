"""The rules of a network taken apart, for formats that hold rules themselves.

A :class:`Book` says what its BNGL says, in pieces: patterns as graphs, rates and formulas as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ..mathematics.expressions import format_number
from ..network import Molecule, Network
from ..sources import bngl
from ..sources.bngl.blocks import Entry
from .patterns import PatternError, Site, site

_BOUNDS: Final = frozenset({"max_iter", "max_agg", "max_stoich"})
_LAW: Final = re.compile(r"(Sat|MM|Hill|FunctionProduct|Arrhenius)\(")
_OPTIONS: Final = re.compile(r"setOption\(.(NumberPerQuantityUnit)")


@dataclass(frozen=True)
class Part:
    """A molecule of a pattern; what it does not mention of its sites may be anything."""

    name: str
    sites: tuple[Site, ...] = ()  # a bond is a number, "+" (some) or "?" (some or none)
    compartment: str | None = None
    tag: str | None = None


@dataclass(frozen=True)
class Pattern:
    """A pattern: molecules, and what is said of them together."""

    parts: tuple[Part, ...]
    compartment: str | None = None
    tag: str | None = None
    fixed: bool = False  # "$"
    once: bool = False  # "{MatchOnce}"
    count: str = ""  # "==3", in observables


@dataclass(frozen=True)
class BookRule:
    """A rule: patterns on both sides, a rate for each direction, and keywords."""

    name: str
    left: tuple[Pattern, ...]
    right: tuple[Pattern, ...]
    rates: tuple[str, ...]
    keywords: tuple[str, ...] = ()

    @property
    def reversible(self) -> bool:
        """Whether it has a rate for the way back."""
        return len(self.rates) > 1

    @property
    def laws(self) -> tuple[str, ...]:
        """The names of its rate laws other than mass action: Sat, MM, Hill, Arrhenius, ..."""
        found = (_LAW.match(rate) for rate in self.rates)
        return tuple(match[1] for match in found if match)


@dataclass(frozen=True)
class Book:
    """A model as rules.

    Attributes
    ----------
    parameters : mapping
        Formula of each by its name.
    compartments : sequence
        Name, dimension, size and what is around it.
    seeds : sequence
        Patterns with the formula of their amount.
    observables : sequence
        ``Molecules`` or ``Species``, name, patterns.
    functions : sequence
        Name, arguments, formula.
    energies : sequence
        Label, pattern, formula.
    others : sequence
        Blocks and options that bear on what the model means, by name.
    """

    parameters: dict[str, str]
    compartments: tuple[tuple[str, int, str, str | None], ...]
    molecules: tuple[Molecule, ...]
    seeds: tuple[tuple[Pattern, str], ...]
    observables: tuple[tuple[str, str, tuple[Pattern, ...]], ...]
    functions: tuple[tuple[str, tuple[str, ...], str], ...]
    energies: tuple[tuple[str, Pattern, str], ...]
    rules: tuple[BookRule, ...]
    others: tuple[str, ...] = ()


def book(network: Network) -> Book:
    """Return the rules that a network was generated from, taken apart.

    Raises
    ------
    PatternError
        If a pattern cannot be read, or the file changes an amount by an action.
    """
    file = bngl.read(network.bngl)
    entries = file.entries
    parameters: dict[str, str] = dict(_parts(entries, "parameters"))
    for change in file.changes:
        name, value = (*change.arguments, None)[:2]
        if change.name != "setParameter" or not isinstance(name, str):
            raise PatternError(f"An action of the file, {change}, changes what it starts with.")
        parameters[name] = format_number(value) if isinstance(value, float) else str(value)
    rules = []
    for entry, known in zip(entries.get("reaction rules", ()), network.rules, strict=True):
        left, arrow, right, rates, keywords = entry.parts
        if arrow == "<->" and len(rates) == 1:
            rates = (*rates, *rates)
        rules.append(
            BookRule(entry.label or known.name, _side(left), _side(right), rates, keywords)
        )
    return Book(
        parameters,
        tuple(_parts(entries, "compartments")),
        network.molecules,
        tuple(
            (pattern(text), amount)
            for block in ("species", "seed species")
            for _, text, amount in _parts(entries, block)
        ),
        tuple(
            (kind, name, tuple(map(pattern, found)))
            for kind, name, found in _parts(entries, "observables")
        ),
        tuple(_parts(entries, "functions")),
        tuple((label, pattern(text), of) for label, text, of in _parts(entries, "energy patterns")),
        tuple(rules),
        (
            *(name for name in ("population types", "population maps") if entries.get(name)),
            *sorted(set(_OPTIONS.findall(file.model))),
            *(f"bound on its network, as {name} is" for name in file.bounds if name in _BOUNDS),
        ),
    )


def _parts(entries: Mapping[str, tuple[Entry, ...]], block: str) -> Iterator[tuple[Any, ...]]:
    for entry in entries.get(block, ()):
        yield entry.parts


def _side(texts: tuple[str, ...]) -> tuple[Pattern, ...]:
    return tuple(pattern(text) for text in texts if text != "0")


# -- patterns --------------------------------------------------------------------------------------

_FRONT: Final = re.compile(r"((?:[%@]\w+)*)(::?)")
_PART: Final = re.compile(r"(\w+)((?:[%@]\w+)*)(?:\(([^)]*)\))?((?:[%@]\w+)*)")
_COUNT: Final = re.compile(r"(?:==?|<=?|>=?)\d+$")


def pattern(text: str) -> Pattern:
    """Return a pattern taken apart.

    Raises
    ------
    PatternError
        If the text is no pattern.

    Examples
    --------
    >>> pattern("@cell:A(b!1,y~p).B(a!1)").compartment
    'cell'
    """
    rest = text
    found = Pattern(())
    if "{MatchOnce}" in rest:
        found, rest = replace(found, once=True), rest.replace("{MatchOnce}", "")
    if match := _FRONT.match(rest):
        marks = _marks(match[1])
        found = replace(found, tag=marks.get("%"), compartment=marks.get("@"))
        rest = rest[match.end() :]
    if "$" in rest:
        found, rest = replace(found, fixed=True), rest.replace("$", "")
    if match := _COUNT.search(rest):
        found, rest = replace(found, count=match[0]), rest[: match.start()]
    parts = []
    at = 0
    while match := _PART.match(rest, at):
        name, before, inside, after = match.groups()
        marks = _marks(before + after)
        sites = tuple(site(each, text) for each in (inside or "").split(",") if each)
        parts.append(Part(name, sites, marks.get("@"), marks.get("%")))
        at = match.end() + 1
        if rest[match.end() : at] != ".":
            break
    if not parts or match is None or match.end() != len(rest):
        raise PatternError(f"Cannot read the pattern {text!r}.")
    return replace(found, parts=_numbered(parts))


def _numbered(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return molecules with their bonds numbered from 1, whatever the author called them."""
    numbers: dict[str, str] = {"+": "+", "?": "?"}

    def number(label: str) -> str:
        return numbers.setdefault(label, str(len(numbers) - 1))

    return tuple(
        replace(
            part,
            sites=tuple(replace(each, bonds=tuple(map(number, each.bonds))) for each in part.sites),
        )
        for part in parts
    )


def _marks(text: str) -> dict[str, str]:
    return {mark[0]: mark[1:] for mark in re.findall(r"[%@]\w+", text)}
