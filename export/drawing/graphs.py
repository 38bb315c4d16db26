"""A network as graphs: who touches whom, what influences what, which complexes turn into which.

Each function returns a :class:`networkx.DiGraph` that carries all it shows as plain attributes, so
that it can be drawn (:mod:`.pictures`), written for other programs or examined. ``room`` groups
what one mechanism holds; the graph's attribute ``rooms`` lists them in the order of the rules.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import networkx as nx

from ...network.network import Network
from ...network.rules.wiring import Change, Composition, Wiring
from .elements import Element, Elements
from .pace import Pace
from .rooms import Rooms
from .workers import Workers


def contact_map(network: Network) -> nx.DiGraph:
    """Return the molecules, their sites, which sites bind, and which molecules change which sites.

    Nodes are molecules (``kind`` molecule) and sites (``kind`` site, ``parent`` its molecule,
    ``states``). Edges join sites that bind (``kind`` bond) and lead from a molecule to a site whose
    state it changes (``kind`` change; ``sign`` 1 towards the last state, -1 away from it), to a
    molecule whose making or loss it speeds up (``kind`` amount), and from an inhibitor to the
    molecules whose work, or whose own change of state, it slows throughout (``kind`` inhibition).
    """
    reading = _Reading(network)
    graph = nx.DiGraph(name=network.name, kind="contact", rooms=reading.rooms.names)
    for molecule in network.molecules:
        graph.add_node(
            molecule.name,
            kind="molecule",
            label=molecule.name,
            room=reading.rooms.of(molecule.name),
            title=molecule.notes,
            role="inhibitor" if molecule.name in reading.rooms.inhibitors else "",
        )
        for site in dict.fromkeys(molecule.sites):
            graph.add_node(
                f"{molecule.name}.{site}",
                kind="site",
                label=site,
                parent=molecule.name,
                room=reading.rooms.of(molecule.name),
                states=" ".join(molecule.states.get(site, ())),
            )
    for bond in reading.wiring.bonds:
        graph.add_edge(str(bond.one), str(bond.other), kind="bond")
    for change in reading.wiring.changes:
        for enzyme in reading.workers.enzymes(change.rule):
            sign = reading.elements.direction(change)
            known = graph.get_edge_data(enzyme, str(change.place))
            if known is not None and known["sign"] != sign:
                sign = 0
            graph.add_edge(enzyme, str(change.place), kind="change", sign=sign)
    for turnover in reading.wiring.turnovers:
        for maker in reading.workers.makers(turnover.rule):
            if maker != turnover.molecule and not graph.has_edge(maker, turnover.molecule):
                sign = 1 if turnover.made else -1
                graph.add_edge(maker, turnover.molecule, kind="amount", sign=sign)
    for inhibitor, target in reading.workers.inhibitions():
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
    graph = nx.DiGraph(name=network.name, kind="influence", rooms=reading.rooms.names)
    edges: dict[tuple[str, str], set[int]] = defaultdict(set)
    needs: dict[tuple[str, str], set[int]] = defaultdict(set)
    behind: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (rule, backwards), facts in reading.wiring.by_direction.items():
        # A substrate that leaves once it is changed is no effect of its own.
        changes = [fact for fact in facts if isinstance(fact, Change)]
        effects = [
            (reading.elements.element(fact), reading.elements.direction(fact))
            for fact in (changes or facts)
        ]
        for effect, towards in effects:
            reading.place_element(graph, effect, rule)
            for causes, found in (
                (reading.pace.of(rule), edges),
                (reading.elements.context(rule, backwards, facts), needs),
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
    for hub in (*reading.pace.hubs, *reading.pace.outputs):
        kind = "activity" if hub in reading.pace.hubs else "output"
        for cause, sign in reading.pace.inputs(hub):
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
    graph = nx.DiGraph(name=network.name, kind="reactions", rooms=reading.rooms.names)
    compositions = reading.wiring.compositions
    for composition, count in Counter(compositions).items():
        graph.add_node(
            _called(composition),
            kind="complex",
            label=_called(composition),
            room=reading.rooms.of(_newest(composition, reading)),
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
            once, into = dict.fromkeys(consumed), dict.fromkeys(made)
            counts.update((one, other) for one in once for other in into)
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
    return max(composition, key=lambda name: reading.rooms.names.index(reading.rooms.of(name)))


class _Reading:
    """What the graphs need to know of one network."""

    def __init__(self, network: Network) -> None:
        self.wiring = Wiring(network)
        self.rooms = Rooms(network, self.wiring)
        self.elements = Elements(network, self.wiring)
        self.pace = Pace(network, self.wiring, self.elements)
        self.workers = Workers(network, self.wiring, self.elements, self.pace, self.rooms)

    def place_element(self, graph: nx.DiGraph, element: Element, rule: str | None) -> None:
        if not element.molecules:  # a named activity, which is placed by itself
            return
        if element.name not in graph:
            alone = self.rooms.inhibitors.issuperset(element.molecules)
            home = rule and not alone and self.rooms.of_rule[rule]
            own = self.rooms.of(
                max(element.molecules, key=lambda n: self.rooms.names.index(self.rooms.of(n)))
            )
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

    def function_room(self, function: str) -> str:
        """Return the last room that the inputs of a function are in."""
        if function in self.pace.outputs:
            return "outputs"
        rooms = [
            self.rooms.of(name)
            for element, _ in self.pace.inputs(function)
            for name in element.molecules
        ]
        return max(filter(None, rooms), key=self.rooms.names.index, default="")
