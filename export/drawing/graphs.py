"""A network as graphs: who touches whom, what influences what, which complexes turn into which.

Each function returns a :class:`networkx.DiGraph` that carries all it shows as plain attributes, so
that it can be drawn (:mod:`.pictures`), written for other programs or examined. ``room`` groups
what one mechanism holds; the graph's attribute ``rooms`` lists them in the order of the rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import networkx as nx

from ...network.mathematics import expressions
from ...network.network import Network
from ...network.rules.wiring import (
    Bond,
    Change,
    Composition,
    Fact,
    Move,
    Place,
    Turnover,
    Wiring,
    signs,
)

_AMOUNT: Final = "amount"


def contact_map(network: Network) -> nx.DiGraph:
    """Return the molecules, their sites, which sites bind, and which molecules change which sites.

    Nodes are molecules (``kind`` molecule) and sites (``kind`` site, ``parent`` its molecule,
    ``states``). Edges join sites that bind (``kind`` bond) and lead from a molecule to a site whose
    state it changes (``kind`` change; ``sign`` 1 towards the last state, -1 away from it), to a
    molecule whose making or loss it speeds up (``kind`` amount), and from an inhibitor to the
    molecules whose work, or whose own change of state, it slows throughout (``kind`` inhibition).
    """
    reading = _Reading(network)
    graph = nx.DiGraph(name=network.name, kind="contact", rooms=reading.rooms)
    for molecule in network.molecules:
        graph.add_node(
            molecule.name,
            kind="molecule",
            label=molecule.name,
            room=reading.room(molecule.name),
            title=molecule.notes,
            role="inhibitor" if molecule.name in reading.inhibitors else "",
        )
        for site in dict.fromkeys(molecule.sites):
            graph.add_node(
                f"{molecule.name}.{site}",
                kind="site",
                label=site,
                parent=molecule.name,
                room=reading.room(molecule.name),
                states=" ".join(molecule.states.get(site, ())),
            )
    for bond in reading.wiring.bonds:
        graph.add_edge(str(bond.one), str(bond.other), kind="bond")
    for change in reading.wiring.changes:
        for enzyme in reading.enzymes(change.rule):
            sign = reading.direction(change)
            known = graph.get_edge_data(enzyme, str(change.place))
            if known is not None and known["sign"] != sign:
                sign = 0
            graph.add_edge(enzyme, str(change.place), kind="change", sign=sign)
    for turnover in reading.wiring.turnovers:
        for maker in reading.makers(turnover.rule):
            if maker != turnover.molecule and not graph.has_edge(maker, turnover.molecule):
                sign = 1 if turnover.made else -1
                graph.add_edge(maker, turnover.molecule, kind="amount", sign=sign)
    for inhibitor, target in reading.inhibitions():
        graph.add_edge(inhibitor, target, kind="inhibition", sign=-1)
    return graph


def influence_map(network: Network) -> nx.DiGraph:
    """Return how the things that rules change influence each other.

    Rules that change one thing are one node: a site's state, a bond, the amount of a molecule. An
    edge leads to it from whatever sets the pace of such a rule or must hold for it: ``sign`` is 1
    where more of the one gives more of the other, -1 where less, 0 where it depends. Functions on
    which several rates depend are nodes (``kind`` activity), and so are those that only report
    (``kind`` output). ``rules`` names the rules behind each node and each edge.
    """
    reading = _Reading(network)
    graph = nx.DiGraph(name=network.name, kind="influence", rooms=reading.rooms)
    edges: dict[tuple[str, str], set[int]] = defaultdict(set)
    needs: dict[tuple[str, str], set[int]] = defaultdict(set)
    behind: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (rule, backwards), facts in reading.wiring.by_direction.items():
        # A substrate that leaves once it is changed is no effect of its own.
        changes = [fact for fact in facts if isinstance(fact, Change)]
        effects = [(reading.element(fact), reading.direction(fact)) for fact in (changes or facts)]
        for effect, towards in effects:
            reading.place_element(graph, effect, rule)
            for causes, found in (
                (reading.pace(rule), edges),
                (reading.context(rule, backwards, facts), needs),
            ):
                for cause, sign in causes:
                    if cause != effect:
                        found[cause.name, effect.name].add(sign * towards)
                        behind[cause.name, effect.name].add(rule)
                        reading.place_element(graph, cause, None)
    # What must hold both for a change and for its reverse decides neither.
    for ends, found in needs.items():
        if len(found) == 1:
            edges[ends] |= found
    for hub in (*reading.hubs, *reading.outputs):
        kind = "activity" if hub in reading.hubs else "output"
        for cause, sign in reading.inputs(hub):
            reading.place_element(graph, cause, None)
            edges[cause.name, hub].add(sign)
        if hub not in graph:
            graph.add_node(hub, rules="")
        label = hub.removesuffix("_nM").replace("_", " ")
        graph.add_node(hub, kind=kind, label=label, room=reading.function_room(hub))
    for (cause, effect), found in edges.items():
        graph.add_edge(
            cause,
            effect,
            kind="influence",
            sign=next(iter(found)) if len(found) == 1 else 0,
            rules=" ".join(sorted(behind[cause, effect])),
        )
    graph.remove_nodes_from([node for node, degree in list(graph.degree()) if not degree])
    return graph


def reaction_map(network: Network) -> nx.DiGraph:
    """Return which complexes turn into which.

    Species that hold the same molecules are one node, with the number of ``species`` and of the
    reactions ``within`` them, which change states only. An edge stands for ``reactions`` that turn
    one complex into another; it is ``main`` between the largest complexes of a reaction. What is
    made or lost has no edge, but counts as ``made`` and ``lost``.
    """
    reading = _Reading(network)
    graph = nx.DiGraph(name=network.name, kind="reactions", rooms=reading.rooms)
    compositions = reading.wiring.compositions
    for composition, count in Counter(compositions).items():
        graph.add_node(
            _called(composition),
            kind="complex",
            label=_called(composition),
            room=reading.room(_newest(composition, reading)),
            molecules=len(composition),
            species=count,
            within=0,
            made=0,
            lost=0,
        )
    size = {_called(composition): len(composition) for composition in compositions}
    counts: Counter[tuple[str, str]] = Counter()
    main: set[tuple[str, str]] = set()
    for reaction in network.reactions:
        before = Counter(_called(compositions[index]) for index in reaction.reactants)
        after = Counter(_called(compositions[index]) for index in reaction.products)
        consumed, made = list((before - after).elements()), list((after - before).elements())
        if not consumed and not made:
            for name in before:
                graph.nodes[name]["within"] += 1
        elif not consumed:
            for name in made:
                graph.nodes[name]["made"] += 1
        elif not made:
            for name in consumed:
                graph.nodes[name]["lost"] += 1
        else:
            counts.update((one, other) for one in set(consumed) for other in set(made))
            largest = [max(map(size.__getitem__, each)) for each in (consumed, made)]
            main |= {
                (one, other)
                for one in consumed
                for other in made
                if [size[one], size[other]] == largest
            }
    for (one, other), count in counts.items():
        chief = (one, other) in main or (other, one) in main
        graph.add_edge(one, other, kind="reaction", reactions=count, main=int(chief))
    return graph


def _called(composition: Composition) -> str:
    return ":".join(
        f"{count} {name}" if count > 1 else name for name, count in Counter(composition).items()
    )


def _newest(composition: Composition, reading: _Reading) -> str:
    """Return the molecule whose room comes last, as the complex is made there."""
    return max(composition, key=lambda name: reading.rooms.index(reading.room(name)))


@dataclass(frozen=True)
class _Element:
    """Something that rules change: the state of a site, a bond, or the amount of a molecule."""

    kind: str
    molecules: tuple[str, ...]
    label: str

    @property
    def name(self) -> str:
        return self.label


class _Reading:
    """What the graphs need to know of one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.wiring = Wiring(network)

    # -- rooms -------------------------------------------------------------------------------------

    @cached_property
    def rooms(self) -> tuple[str, ...]:
        """The rooms, in the order of the rules; the last, without name, is for the rest."""
        return tuple(dict.fromkeys((*self._room_of_rule.values(), "outputs", "")))

    @cached_property
    def _room_of_rule(self) -> dict[str, str]:
        parts = {rule.name: rule.mechanism.split("/") for rule in self.network.rules}
        # A model within one folder is divided by its files.
        level = 0 if len({part[0] for part in parts.values()}) > 1 else -1
        return {name: part[level] for name, part in parts.items()}

    @cached_property
    def inhibitors(self) -> frozenset[str]:
        """Molecules without sites that only move about and slow what others do."""
        signs_of: dict[str, set[int]] = defaultdict(set)
        for rule in self.network.rules:
            for actor in self.wiring.actors(rule.name):
                for name in actor.molecules:
                    signs_of[name].add(actor.sign)
        still = {m.name for m in self.network.molecules if not m.sites} - {
            turnover.molecule for turnover in self.wiring.turnovers
        }
        return frozenset(name for name in still if signs_of[name] == {-1})

    @cached_property
    def _room_of_molecule(self) -> dict[str, str]:
        found = dict.fromkeys(self.inhibitors, "")  # they stand beside what they inhibit
        for rule in self.network.rules:
            for name in sorted(self.wiring.acted_on(rule.name)):
                found.setdefault(name, self._room_of_rule[rule.name])
        for rule in self.network.rules:
            acting = {name for actor in self.wiring.actors(rule.name) for name in actor.molecules}
            for name in sorted(self.wiring.helpers(rule.name) | acting):
                found.setdefault(name, self._room_of_rule[rule.name])
        return found

    def room(self, molecule: str) -> str:
        return self._room_of_molecule.get(molecule, "")

    # -- elements ----------------------------------------------------------------------------------

    def element(self, fact: Fact) -> _Element:
        match fact:
            case Bond(one=one, other=other):
                return self.bond(one, other)
            case Change(place=place):
                return self.state(place)
            case Turnover(molecule=molecule) | Move(molecule=molecule):
                return self.amount(molecule)

    @staticmethod
    def bond(one: Place, other: Place) -> _Element:
        names = (one.molecule, other.molecule)
        return _Element("bond", names, ":".join(names))

    @staticmethod
    def state(place: Place) -> _Element:
        return _Element("state", (place.molecule,), f"{place.molecule} {place.site}")

    @staticmethod
    def amount(molecule: str) -> _Element:
        return _Element(_AMOUNT, (molecule,), molecule)

    @cached_property
    def _states(self) -> dict[Place, tuple[str, ...]]:
        return {
            Place(molecule.name, site): states
            for molecule in self.network.molecules
            for site, states in molecule.states.items()
        }

    def direction(self, fact: Fact) -> int:
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

    def place_element(self, graph: nx.DiGraph, element: _Element, rule: str | None) -> None:
        if not element.molecules:  # a named activity, which is placed by itself
            return
        if element.name not in graph:
            alone = self.inhibitors.issuperset(element.molecules)
            home = rule and not alone and self._room_of_rule[rule]
            own = self.room(max(element.molecules, key=lambda n: self.rooms.index(self.room(n))))
            graph.add_node(
                element.name,
                kind=element.kind,
                label=element.label,
                room=own or home or "",
                rules="",
            )
        if rule:
            known = graph.nodes[element.name]["rules"].split()
            graph.nodes[element.name]["rules"] = " ".join(dict.fromkeys((*known, rule)))

    # -- what a rule needs -------------------------------------------------------------------------

    @cached_property
    def _partners(self) -> dict[Place, tuple[Bond, ...]]:
        found: dict[Place, dict[Bond, None]] = defaultdict(dict)
        for bond in self.wiring.bonds:
            for place in (bond.one, bond.other):
                found[place][Bond("", bond.one, bond.other, True)] = None
        return {place: tuple(bonds) for place, bonds in found.items()}

    @cached_property
    def _changed(self) -> frozenset[Place]:
        return frozenset(change.place for change in self.wiring.changes)

    def context(
        self, rule: str, backwards: bool, facts: Iterable[Fact]
    ) -> list[tuple[_Element, int]]:
        """Return what must hold for a rule besides what it changes itself."""
        left, right = self.wiring.sides[rule]
        side = right if backwards else left
        own = {self.element(fact) for fact in facts}
        found: dict[tuple[_Element, int], None] = {}
        for molecule in side.molecules:
            for site in molecule.sites:
                place = Place(molecule.name, site.name)
                if site.state is not None and place in self._changed:
                    found[self.state(place), self._state_sign(place, {site.state})] = None
                if site.bonds == ("?",):
                    continue
                for bond in self._partners.get(place, ()):
                    element = self.bond(bond.one, bond.other)
                    other = bond.other if bond.one == place else bond.one
                    held = bool(site.bonds) and (
                        site.bonds == ("+",)
                        or any(m.name == other.molecule for m in side.molecules)
                    )
                    if held or not site.bonds:
                        found[element, 1 if held else -1] = None
        for name in sorted(self.wiring.helpers(rule)):
            if not any(name in element.molecules for element, _ in found):
                found[self.amount(name), 1] = None
        return [(element, sign) for element, sign in found if element not in own and sign]

    def _state_sign(self, place: Place, states: set[str]) -> int:
        """Return 1 where only later states will do, -1 where only earlier ones, else 0."""
        order = self._states.get(place, ())
        if len(order) < 2 or not states < set(order):
            return 0
        return 1 if order[0] not in states else -1 if order[-1] not in states else 0

    # -- what sets its pace ------------------------------------------------------------------------

    @cached_property
    def _functions(self) -> dict[str, expressions.Expression]:
        return {
            function.name: expressions.parse(function.expression)
            for function in self.network.functions
            if not function.arguments
        }

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(group.name for group in self.network.groups)

    @cached_property
    def _constants(self) -> Mapping[str, float]:
        return {p.name: p.value if p.value > 0 else 1.0 for p in self.network.parameters}

    @cached_property
    def _rates(self) -> frozenset[str]:
        return frozenset(name for names in self.wiring.laws.values() for name in names)

    @cached_property
    def _users(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for name, tree in self._functions.items():
            for used in tree.names & self._functions.keys():
                found[used].add(name)
        return found

    def _leaves(self, function: str) -> frozenset[str]:
        return frozenset(self.wiring.sensitivities.get(function, {}))

    @cached_property
    def _paced(self) -> frozenset[str]:
        """The functions that some rate depends on."""
        found: set[str] = set()
        todo = list(self._rates)
        while todo:
            name = todo.pop()
            if name not in found and name in self._functions:
                found.add(name)
                todo += self._functions[name].names
        return frozenset(found)

    @cached_property
    def hubs(self) -> tuple[str, ...]:
        """Functions of several observables on which several others depend."""
        return tuple(
            name
            for name in self._functions
            if name in self._paced
            and name not in self._rates
            and len(self._users[name]) > 1
            and len({self.wiring.held[leaf] for leaf in self._leaves(name)}) > 1
        )

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """Functions of several things on which no rate depends: what the model reports."""
        return tuple(
            name
            for name in self._functions
            if name not in self._paced
            and name not in self._rates
            and (
                len(self._leaves(name)) > 1 or self._functions[name].names & self._functions.keys()
            )
        )

    def _signs_of(self, function: str) -> dict[str, int]:
        """Return the observables and named activities that a function depends on directly."""
        stops = {name for name in (*self.hubs, *self.outputs) if name != function}
        trees = {name: tree for name, tree in self._functions.items() if name not in stops}
        return signs(trees[function], trees, self._groups | stops, self._constants)

    def pace(self, rule: str) -> list[tuple[_Element, int]]:
        return [
            found for law in sorted(self.wiring.laws.get(rule, ())) for found in self.inputs(law)
        ]

    def inputs(self, function: str) -> list[tuple[_Element, int]]:
        """Return the elements and activities behind a function, each with its sign."""
        found: dict[tuple[_Element, int], None] = {}
        for name, sign in self._signs_of(function).items():
            if name in self._groups:
                for element, way in self._observed(name):
                    found[element, sign * way] = None
            else:
                found[_Element("activity", (), name), sign] = None
        # In a share, the whole stands below the line: that is no influence of its own.
        parts = {m for element, sign in found if element.kind != _AMOUNT for m in element.molecules}
        return [
            (element, sign)
            for element, sign in found
            if element.kind != _AMOUNT or sign > 0 or not parts.issuperset(element.molecules)
        ]

    @cached_property
    def _seen(self) -> dict[str, tuple[tuple[_Element, int], ...]]:
        return {}

    def _observed(self, group: str) -> tuple[tuple[_Element, int], ...]:
        """Return what the species that an observable counts have in common that others lack."""
        if group not in self._seen:
            self._seen[group] = tuple(self._tested(group))
        return self._seen[group]

    def _tested(self, group: str) -> list[tuple[_Element, int]]:
        indices = {
            index for each in self.network.groups if each.name == group for _, index in each.terms
        }
        counted = [self.wiring.species[index] for index in sorted(indices)]
        names = dict.fromkeys(self.wiring.held.get(group, ()))
        found: list[tuple[_Element, int]] = []
        for name in names:
            inside = [m for species in counted for m in species if m.name == name]
            everywhere = [m for species in self.wiring.species for m in species if m.name == name]
            for place in sorted({Place(name, site.name) for m in inside for site in m.sites}):
                states = _seen_states(inside, place)
                if place in self._changed and states < _seen_states(everywhere, place):
                    found.append((self.state(place), self._state_sign(place, states)))
                bound, ever = _seen_bonds(inside, place), _seen_bonds(everywhere, place)
                if len(bound) == 1 and len(ever) == 2:
                    bonds = self._partners.get(place, ())
                    named = [b for b in bonds if {b.one.molecule, b.other.molecule} <= {*names}]
                    way = 1 if bound == {True} else -1
                    for bond in named if way > 0 and named else bonds:
                        found.append((self.bond(bond.one, bond.other), way))
        found = [each for each in dict.fromkeys(found) if each[1]]
        return found or [(self.amount(name), 1) for name in names]

    # -- enzymes -----------------------------------------------------------------------------------

    def enzymes(self, rule: str) -> tuple[str, ...]:
        """Return the molecules whose work a change of state is, if it is anybody's.

        That is whose amount the rate is proportional to, or else what stands in the rule and comes
        out as it went in, or else all that speeds it up. Of a complex it is the molecule that the
        fewest enzymes hold, as Raptor is in fewer than mTOR.
        """
        sites = {molecule.name: len(molecule.sites) for molecule in self.network.molecules}
        return tuple(
            dict.fromkeys(
                min(complex_, key=lambda name: (self._frequency[name], -sites.get(name, 0), name))
                for complex_ in self._working.get(rule, ())
            )
        )

    def makers(self, rule: str) -> tuple[str, ...]:
        """Return the molecules that speed up a rule which makes or loses something."""
        names = {
            element.molecules
            for law in self.wiring.laws.get(rule, ())
            for hub in self._expanded(law)
            for element, sign in self.inputs(hub)
            if sign > 0 and element.molecules
        }
        return tuple(
            dict.fromkeys(
                min(each, key=lambda name: (self._frequency[name], name)) for each in sorted(names)
            )
        )

    def _expanded(self, function: str) -> list[str]:
        """Return a function and the activities that raise it."""
        hubs = [n for n, sign in self._signs_of(function).items() if sign > 0 and n in self.hubs]
        return [function, *(name for hub in hubs for name in self._expanded(hub))]

    def inhibitions(self) -> list[tuple[str, str]]:
        """Return each inhibitor with the molecules that it inhibits."""
        slowed: dict[str, set[str]] = defaultdict(set)
        for rule in self.network.rules:
            for actor in self.wiring.actors(rule.name):
                for name in self.inhibitors.intersection(actor.molecules):
                    slowed[name].add(rule.name)
        work: dict[str, set[str]] = defaultdict(set)
        rise: dict[str, set[str]] = defaultdict(set)
        for change in self.wiring.changes:
            for enzyme in self.enzymes(change.rule):
                work[enzyme].add(change.rule)
            if self.wiring.laws.get(change.rule) and self.direction(change) > 0:
                rise[change.place.molecule].add(change.rule)
        found = []
        for name, rules in sorted(slowed.items()):
            # A ligand's work ends with its receptor's: what has no sites is not what is inhibited.
            able = {molecule.name for molecule in self.network.molecules if molecule.sites}
            targets = [molecule for molecule, own in work.items() if own <= rules]
            targets = [molecule for molecule in targets if molecule in able] or [
                molecule for molecule, own in rise.items() if own <= rules
            ]
            found += [(name, molecule) for molecule in sorted(targets) if molecule != name]
        return found

    @cached_property
    def _frequency(self) -> Counter[str]:
        every = {complex_ for complexes in self._working.values() for complex_ in complexes}
        return Counter(name for complex_ in every for name in complex_)

    @cached_property
    def _working(self) -> dict[str, tuple[Composition, ...]]:
        """For each rule that changes a state the complexes whose work it is."""
        changed: dict[str, set[str]] = defaultdict(set)
        for change in self.wiring.changes:
            changed[change.rule].add(change.place.molecule)
        return {
            rule: tuple(filter(None, self._workers(rule, molecules)))
            for rule, molecules in changed.items()
        }

    def _workers(self, rule: str, changed: set[str]) -> list[Composition]:
        laws = sorted(self.wiring.laws.get(rule, ()))
        direct = {n for law in laws for n, sign in self._signs_of(law).items() if sign > 0}
        observed = sorted(name for name in direct & self._groups if self.wiring.held[name])
        shared = self._shared(observed)
        if shared and all(self._proportional(law, shared) for law in laws):
            return [shared]
        left, _ = self.wiring.sides[rule]
        others = tuple(sorted({molecule.name for molecule in left.molecules} - changed))
        if self.wiring.helpers(rule):
            return [others]
        if observed:
            return [shared] if shared else [self.wiring.held[name] for name in observed]
        # All that sets the pace is named activities: whose, their own inputs tell.
        owners = [set(own) for hub in sorted(direct) if (own := self._shared(self._raising(hub)))]
        if owners:
            return [tuple(sorted(set.intersection(*owners) or owners[0]))]
        return [others]

    def _raising(self, hub: str) -> list[str]:
        """Return the observables that raise an activity, also through further activities."""
        names = [name for name, sign in self._signs_of(hub).items() if sign > 0]
        return [
            leaf
            for name in sorted(names)
            for leaf in ([name] if name in self._groups else self._raising(name))
        ]

    def _shared(self, observables: Iterable[str]) -> Composition:
        """Return the molecules that all of some observables count."""
        held = [set(self.wiring.held[name]) for name in observables if self.wiring.held[name]]
        return tuple(sorted(set.intersection(*held))) if held else ()

    def _proportional(self, law: str, molecules: Composition) -> bool:
        """Return whether twice as much of some molecules, in every state, doubles a rate."""
        tree = self._functions[law]
        while names := tree.names & self._functions.keys() - set(self.hubs):
            tree = tree.substitute({name: self._functions[name] for name in names})
        varied = {n for n in tree.names & self._groups if set(molecules) & {*self.wiring.held[n]}}
        one = {**self._constants, **dict.fromkeys(tree.names & {*self._groups, *self.hubs}, 3.0)}
        two = {name: value * 2 if name in varied else value for name, value in one.items()}
        try:
            base, more = tree.evaluate(one, 1.0), tree.evaluate(two, 1.0)
        except expressions.ExpressionError:
            return False
        return abs(more - 2 * base) <= 1e-9 * abs(base)

    def function_room(self, function: str) -> str:
        """Return the last room that the inputs of a function are in."""
        if function in self.outputs:
            return "outputs"
        rooms = [
            self.room(name) for element, _ in self.inputs(function) for name in element.molecules
        ]
        return max(filter(None, rooms), key=self.rooms.index, default="")


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
