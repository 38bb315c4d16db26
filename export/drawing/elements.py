"""The things that rules change, and what must hold for a rule besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ...network.network import Network
from ...network.rules.wiring import Bond, Change, Fact, Move, Place, Turnover, Wiring

AMOUNT: Final = "amount"


@dataclass(frozen=True)
class Element:
    """Something that rules change: the state of a site, a bond, or the amount of a molecule."""

    kind: str
    molecules: tuple[str, ...]
    label: str

    @property
    def name(self) -> str:
        """What it is called in a graph."""
        return self.label


class Elements:
    """The elements of a network."""

    def __init__(self, network: Network, wiring: Wiring) -> None:
        self._network = network
        self._wiring = wiring

    def element(self, fact: Fact) -> Element:
        """Return what a fact about a rule changes."""
        match fact:
            case Bond(one=one, other=other):
                return self.bond(one, other)
            case Change(place=place):
                return self.state(place)
            case Turnover(molecule=molecule) | Move(molecule=molecule):
                return self.amount(molecule)

    @staticmethod
    def bond(one: Place, other: Place) -> Element:
        """Return the bond between two sites."""
        names = (one.molecule, other.molecule)
        return Element("bond", names, ":".join(names))

    @staticmethod
    def state(place: Place) -> Element:
        """Return the state of a site."""
        return Element("state", (place.molecule,), f"{place.molecule} {place.site}")

    @staticmethod
    def amount(molecule: str) -> Element:
        """Return the amount of a molecule."""
        return Element(AMOUNT, (molecule,), molecule)

    def direction(self, fact: Fact) -> int:
        """Return 1 where a rule gives more of what it changes, -1 where less."""
        match fact:
            case Bond(joins=joins):
                return 1 if joins else -1
            case Turnover(made=made):
                return 1 if made else -1
            case Change(place=place, before=before, after=after):
                states = self._states.get(place, (before, after))
                return 1 if states.index(after) > states.index(before) else -1
            case Move():
                return 1

    @cached_property
    def _states(self) -> dict[Place, tuple[str, ...]]:
        return {
            Place(molecule.name, site): states
            for molecule in self._network.molecules
            for site, states in molecule.states.items()
        }

    @cached_property
    def partners(self) -> dict[Place, tuple[Bond, ...]]:
        """The bonds that each site can make."""
        found: dict[Place, dict[Bond, None]] = defaultdict(dict)
        for bond in self._wiring.bonds:
            for place in (bond.one, bond.other):
                found[place][Bond("", bond.one, bond.other, True)] = None
        return {place: tuple(bonds) for place, bonds in found.items()}

    @cached_property
    def changed(self) -> frozenset[Place]:
        """The sites whose state some rule changes."""
        return frozenset(change.place for change in self._wiring.changes)

    def context(
        self, rule: str, backwards: bool, facts: Iterable[Fact]
    ) -> list[tuple[Element, int]]:
        """Return what must hold for a rule besides what it changes itself."""
        left, right = self._wiring.sides[rule]
        side = right if backwards else left
        own = {self.element(fact) for fact in facts}
        found: dict[tuple[Element, int], None] = {}
        for molecule in side.molecules:
            for site in molecule.sites:
                place = Place(molecule.name, site.name)
                if site.state is not None and place in self.changed:
                    found[self.state(place), self.state_sign(place, {site.state})] = None
                if site.bonds == ("?",):
                    continue
                for bond in self.partners.get(place, ()):
                    element = self.bond(bond.one, bond.other)
                    other = bond.other if bond.one == place else bond.one
                    held = bool(site.bonds) and (
                        site.bonds == ("+",)
                        or any(m.name == other.molecule for m in side.molecules)
                    )
                    if held or not site.bonds:
                        found[element, 1 if held else -1] = None
        for name in sorted(self._wiring.helpers(rule)):
            if not any(name in element.molecules for element, _ in found):
                found[self.amount(name), 1] = None
        return [(element, sign) for element, sign in found if element not in own and sign]

    def state_sign(self, place: Place, states: set[str]) -> int:
        """Return 1 where only later states will do, -1 where only earlier ones, else 0."""
        order = self._states.get(place, ())
        if len(order) < 2 or not states < set(order):
            return 0
        return 1 if order[0] not in states else -1 if order[-1] not in states else 0
