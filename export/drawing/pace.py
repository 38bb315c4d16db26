"""What sets the pace of the rules: which elements and named activities stand behind a rate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from ...network.mathematics import expressions
from ...network.network import Network
from ...network.rules.wiring import Place, Wiring, signs
from .elements import AMOUNT, Element, Elements


class Pace:
    """The functions of a network, and what they depend on."""

    def __init__(self, network: Network, wiring: Wiring, elements: Elements) -> None:
        self._network = network
        self._wiring = wiring
        self._elements = elements
        self._seen: dict[str, tuple[tuple[Element, int], ...]] = {}

    @cached_property
    def functions(self) -> dict[str, expressions.Expression]:
        """The functions without arguments, parsed."""
        return {
            function.name: expressions.parse(function.expression)
            for function in self._network.functions
            if not function.arguments
        }

    @cached_property
    def groups(self) -> frozenset[str]:
        """The names of the observables."""
        return frozenset(group.name for group in self._network.groups)

    @cached_property
    def constants(self) -> Mapping[str, float]:
        """A positive value for every parameter, as only signs and proportions are asked for."""
        return {p.name: p.value if p.value > 0 else 1.0 for p in self._network.parameters}

    @cached_property
    def _rates(self) -> frozenset[str]:
        return frozenset(name for names in self._wiring.laws.values() for name in names)

    @cached_property
    def _users(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name, tree in self.functions.items():
            for used in tree.names & self.functions.keys():
                found[used].add(name)
        return found

    def _leaves(self, function: str) -> frozenset[str]:
        return frozenset(self._wiring.sensitivities.get(function, {}))

    @cached_property
    def _paced(self) -> frozenset[str]:
        """The functions that some rate depends on."""
        found: set[str] = set()
        todo = list(self._rates)
        while todo:
            name = todo.pop()
            if name not in found and name in self.functions:
                found.add(name)
                todo += self.functions[name].names
        return frozenset(found)

    @cached_property
    def hubs(self) -> tuple[str, ...]:
        """Functions of several observables on which several others depend."""
        return tuple(
            name
            for name in self.functions
            if name in self._paced
            and name not in self._rates
            and len(self._users[name]) > 1
            and len({self._wiring.held[leaf] for leaf in self._leaves(name)}) > 1
        )

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Functions of several things on which no rate depends: what the model reports."""
        return tuple(
            name
            for name in self.functions
            if name not in self._paced
            and name not in self._rates
            and (len(self._leaves(name)) > 1 or self.functions[name].names & self.functions.keys())
        )

    def signs_of(self, function: str) -> dict[str, int]:
        """Return the observables and named activities that a function depends on directly."""
        stops = {name for name in (*self.hubs, *self.outputs) if name != function}
        trees = {name: tree for name, tree in self.functions.items() if name not in stops}
        counts = {group.name: group.terms for group in self._network.groups}
        return signs(trees[function], trees, self.groups | stops, self.constants, counts)

    def of(self, rule: str) -> list[tuple[Element, int]]:
        """Return what sets the pace of a rule, each with its sign."""
        return [
            found for law in sorted(self._wiring.laws.get(rule, ())) for found in self.inputs(law)
        ]

    def inputs(self, function: str) -> list[tuple[Element, int]]:
        """Return the elements and activities behind a function, each with its sign."""
        found: dict[tuple[Element, int], None] = {}
        for name, sign in self.signs_of(function).items():
            if name in self.groups:
                for element, way in self._observed(name):
                    found[element, sign * way] = None
            else:
                found[Element("activity", (), name), sign] = None
        # In a share, the whole stands below the line: that is no influence of its own.
        parts = {m for element, sign in found if element.kind != AMOUNT for m in element.molecules}
        return [
            (element, sign)
            for element, sign in found
            if element.kind != AMOUNT or sign > 0 or not parts.issuperset(element.molecules)
        ]

    def _observed(self, group: str) -> tuple[tuple[Element, int], ...]:
        """Return what the species that an observable counts have in common that others lack."""
        if group not in self._seen:
            self._seen[group] = tuple(self._tested(group))
        return self._seen[group]

    def _tested(self, group: str) -> list[tuple[Element, int]]:
        indices = {
            index for each in self._network.groups if each.name == group for _, index in each.terms
        }
        counted = [self._wiring.species[index] for index in sorted(indices)]
        names = dict.fromkeys(self._wiring.held.get(group, ()))
        found: list[tuple[Element, int]] = []
        for name in names:
            inside = [m for species in counted for m in species if m.name == name]
            everywhere = [m for species in self._wiring.species for m in species if m.name == name]
            for place in sorted({Place(name, site.name) for m in inside for site in m.sites}):
                states = _seen_states(inside, place)
                if place in self._elements.changed and states < _seen_states(everywhere, place):
                    sign = self._elements.state_sign(place, states)
                    found.append((self._elements.state(place), sign))
                bound, ever = _seen_bonds(inside, place), _seen_bonds(everywhere, place)
                if len(bound) == 1 and len(ever) == 2:
                    bonds = self._elements.partners.get(place, ())
                    named = [b for b in bonds if {b.one.molecule, b.other.molecule} <= {*names}]
                    way = 1 if bound == {True} else -1
                    for bond in named if way > 0 and named else bonds:
                        found.append((self._elements.bond(bond.one, bond.other), way))
        found = [each for each in dict.fromkeys(found) if each[1]]
        return found or [(self._elements.amount(name), 1) for name in names]


def _seen_states(molecules: Iterable[Any], place: Place) -> set[str]:
    return {
        site.state
        for molecule in molecules
        for site in molecule.sites
        if site.name == place.site and site.state is not None
    }


def _seen_bonds(molecules: Iterable[Any], place: Place) -> set[bool]:
    return {
        bool(site.bonds)
        for molecule in molecules
        for site in molecule.sites
        if site.name == place.site
    }
