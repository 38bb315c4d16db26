"""Species patterns taken apart: molecules, their sites, states and bonds.

BioNetGen writes a species as ``L(r!1)@EC.R(l!1,s~p)``. Reading it here gives a small graph, and two
things that depend on nothing but the species itself: an order of its molecules, and a digest that
is the same however the pattern was written down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Site:
    """A site of a molecule; ``bonds`` are the bond labels as written."""

    name: str
    state: str | None = None
    bonds: tuple[str, ...] = ()


@dataclass(frozen=True)
class PatternMolecule:
    """A molecule within a species; ``compartment`` only where it differs from the species'."""

    name: str
    sites: tuple[Site, ...] = ()
    compartment: str | None = None


_MOLECULE = re.compile(r"(\w+)(?:%\w+)?(?:\(([^)]*)\))?(?:%\w+)?(?:@(\w+))?")
_SITE = re.compile(r"(\w+)((?:[~!%][\w?+]+)*)")
_MARK = re.compile(r"([~!%])([\w?+]+)")


class PatternError(ValueError):
    """The text is no species pattern."""


def read(pattern: str) -> tuple[PatternMolecule, ...]:
    """Return the molecules of a species.

    Raises
    ------
    PatternError
        If the text is no species pattern.

    Examples
    --------
    >>> [molecule.name for molecule in read("L(r!1)@EC.R(l!1,s~p)")]
    ['L', 'R']
    """
    found: list[PatternMolecule] = []
    at = 0
    while True:
        match = _MOLECULE.match(pattern, at)
        if match is None:
            raise PatternError(f"Cannot read the species {pattern!r} at {pattern[at:]!r}.")
        name, inside, compartment = match.groups()
        sites = tuple(site(text, pattern) for text in (inside or "").split(",") if text)
        found.append(PatternMolecule(name, sites, compartment))
        at = match.end()
        if at == len(pattern):
            return tuple(found)
        if pattern[at] != ".":
            raise PatternError(f"Cannot read the species {pattern!r} at {pattern[at:]!r}.")
        at += 1


def site(text: str, pattern: str) -> Site:
    """Return a site of a pattern, which a message names."""
    match = _SITE.fullmatch(text)
    if match is None:
        raise PatternError(f"Cannot read the site {text!r} of the species {pattern!r}.")
    state, bonds = None, []
    for mark, value in _MARK.findall(match[2]):
        if mark == "~":
            state = value
        elif mark == "!":
            bonds.append(value)
    return Site(match[1], state, tuple(bonds))


def digest(molecules: Sequence[PatternMolecule], compartment: str | None = None) -> str:
    """Return 64 hexadecimal digits that depend on the species, not on how it was written.

    Colours of molecules are refined along their bonds until every molecule has heard of every other
    one, so two species differ in their digest whenever that refinement can tell them apart.
    """
    ends: dict[str, list[tuple[int, str]]] = {}
    for index, molecule in enumerate(molecules):
        for site in molecule.sites:
            for bond in site.bonds:
                ends.setdefault(bond, []).append((index, site.name))
    bonds = [pair for pair in ends.values() if len(pair) == 2]
    colours = [
        _hash(
            [
                molecule.name,
                molecule.compartment or "",
                *sorted(f"{s.name}~{s.state or ''}!{len(s.bonds)}" for s in molecule.sites),
            ]
        )
        for molecule in molecules
    ]
    for _ in range(len(molecules) - 1):
        heard: list[list[str]] = [[] for _ in molecules]
        for (one, here), (other, there) in bonds:
            heard[one].append(f"{here}-{there}:{colours[other]}")
            heard[other].append(f"{there}-{here}:{colours[one]}")
        colours = [
            _hash([colour, *sorted(news)]) for colour, news in zip(colours, heard, strict=True)
        ]
    return _hash([compartment or "", *sorted(colours)])


def _hash(parts: Sequence[str]) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
