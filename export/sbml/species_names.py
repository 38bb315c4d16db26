"""Readable names for species.

A species is named after its molecules in alphabetical order. A site shows only if its state is not
the first one of its molecule type: residue ``t389`` in state ``p`` reads ``pT389``; a state that is
a word of its own within the molecule type reads alone (``gtp``); any other reads ``site_state``.
Equal molecules are counted: ``EGFRx2``. Where two species would share a name, both get their
compartment, or else their bound sites, or else four or more digits of a digest of the species. So a
name depends on the species and its namesakes, never on the order in which a network was generated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final

from ...network.network import Molecule, Species
from ...network.rules import patterns
from ...network.rules.patterns import PatternMolecule
from .states import UNKNOWN, MoleculeType

# Longest identifier built here: MATLAB cuts names after 63 characters.
LONGEST: Final = 60


class _Name:
    """The names of one species, from the shortest on."""

    def __init__(self, species: Species, types: Mapping[str, MoleculeType]) -> None:
        self._types = types
        self.compartment = species.compartment
        self.molecules = patterns.read(species.pattern)

    @cached_property
    def plain(self) -> str:
        return self._joined(self._token)

    @cached_property
    def placed(self) -> str:
        return f"{self.plain}_{self.compartment}" if self.compartment else self.plain

    @cached_property
    def bound(self) -> str:
        text = self._joined(lambda m: "_".join([self._token(m), *_bound_sites(m)]))
        return f"{text}_{self.compartment}" if self.compartment else text

    @cached_property
    def digest(self) -> str:
        return patterns.digest(self.molecules, self.compartment)

    def digested(self, digits: int) -> str:
        return f"{self.plain}_{self.digest[:digits]}"

    def _token(self, molecule: PatternMolecule) -> str:
        kind = self._types.get(molecule.name, UNKNOWN)
        return "_".join([molecule.name, *filter(None, map(kind.shown, molecule.sites))])

    def _joined(self, token: Callable[[PatternMolecule], str]) -> str:
        counts = Counter(map(token, self.molecules))
        text = "_".join(f"{t}x{counts[t]}" if counts[t] > 1 else t for t in sorted(counts))
        if len(text) <= LONGEST:
            return text
        names = Counter(molecule.name for molecule in self.molecules)
        short = "_".join(f"{n}x{names[n]}" if names[n] > 1 else n for n in sorted(names))
        return f"{short[: LONGEST - 9]}_{self.digest[:8]}"


def _bound_sites(molecule: PatternMolecule) -> list[str]:
    return sorted(site.name for site in molecule.sites if site.bonds)


def species_names(species: Sequence[Species], molecules: Iterable[Molecule]) -> list[str]:
    """Return a distinct readable name for each species.

    Examples
    --------
    >>> s6k = Molecule("S6K", ("tos", "t389"), {"t389": ("u", "p")})
    >>> species_names([Species("S6K(tos,t389~u)", "1"), Species("S6K(tos,t389~p)", "0")], [s6k])
    ['S6K', 'S6K_pT389']
    """
    types = {molecule.name: MoleculeType(molecule) for molecule in molecules}
    names = [_Name(one, types) for one in species]
    found: dict[int, str] = {}
    open_ = list(range(len(names)))
    for variant in (lambda n: n.plain, lambda n: n.placed, lambda n: n.bound):
        open_ = _settle(open_, names, variant, found)
    for digits in range(4, 65, 4):
        open_ = _settle(open_, names, lambda n, d=digits: n.digested(d), found)
    for order, index in enumerate(open_):  # twins that no refinement tells apart
        found[index] = f"{names[index].digested(64)}_{order}"
    return [found[index] for index in range(len(names))]


def _settle(
    open_: Sequence[int],
    names: Sequence[_Name],
    variant: Callable[[_Name], str],
    found: dict[int, str],
) -> list[int]:
    """Keep the names that are unique, and return those that are not."""
    taken = set(found.values())
    texts = {index: variant(names[index]) for index in open_}
    counts = Counter(texts.values())
    left = []
    for index, text in texts.items():
        if counts[text] == 1 and text not in taken and len(text) <= LONGEST + 5:
            found[index] = text
        else:
            left.append(index)
    return left
