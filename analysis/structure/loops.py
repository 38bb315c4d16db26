"""Feedback loops: who influences whom, round which ways, with which sign and how strongly.

Where the model has rules, the nodes are what rules change (the state of a site, a bond, the amount
of a molecule) and the activities between them; elsewhere they are species. The gain of a step at
rest is by how many per cent its end rises, all other nodes held, when its beginning is one per
cent higher. The gain of a loop is the product of its steps': above 1 it may hold two states, below
-1, with delay, it may oscillate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

import networkx as nx
import numpy as np

from ...export.drawing.graphs import influence_map
from ...network.rules.patterns import PatternMolecule
from ...network.rules.wiring import Wiring
from ...simulation import steady_state
from ...simulation.engines import EngineError, Loaded
from ...simulation.engines.base import Vector
from ...simulation.simulator import Simulator
from ..asking.system import System

LONGEST: Final = 12
"""Loops of more nodes are not looked for."""
MOST: Final = 20_000
"""No more loops than this are looked at."""
# So many states are drawn where there is no rest, and less than this share of what moves a state is
# rounding there.
_DRAWN: Final = 8
_ROUNDING: Final = 1e-9
# Of what is rarer than this share of the most frequent, no gain is told.
_TRACE: Final = 1e-12


@dataclass(frozen=True)
class Loop:
    """A way through the graph that ends where it began.

    Attributes
    ----------
    nodes : tuple of str
        In their order.
    sign : int
        1, -1, or 0 where it depends.
    """

    nodes: tuple[str, ...]
    sign: int

    @property
    def name(self) -> str:
        """The way as text."""
        return " → ".join(self.nodes)


def graph(loaded: Loaded, jacobian: Vector | None) -> nx.DiGraph:
    """Return who influences whom, with ``sign`` on the edges.

    Parameters
    ----------
    loaded : Loaded
        The model.
    jacobian : array, optional
        At rest; of a model without rules the graph rests on it. Where there is no rest, it rests on
        those of states drawn at random, and what has one sign here and another there depends.
    """
    if loaded.network is not None:
        return influence_map(loaded.network)
    found = nx.DiGraph()
    ids = loaded.model.state_ids
    found.add_nodes_from(ids)
    drawn = [jacobian] if jacobian is not None else list(_anywhere(loaded))
    seen = np.array(drawn or [np.zeros((len(ids), len(ids)))])
    signs = (seen > 0).any(axis=0).astype(int) - (seen < 0).any(axis=0)
    for row, column in zip(*np.nonzero((seen != 0).any(axis=0)), strict=True):
        if row != column:
            found.add_edge(ids[column], ids[row], sign=int(signs[row, column]))
    return found


def _anywhere(loaded: Loaded) -> Iterator[Vector]:
    """Yield Jacobians at states drawn at random, without what rounding leaves of them."""
    engine = Simulator(loaded).engine
    values, begun = loaded.model.initial({})
    amounts = np.abs(list(begun.values()))
    size = amounts.max(initial=0.0) or 1.0
    random = np.random.default_rng(0)
    for _ in range(_DRAWN):
        state = np.where(amounts > 0, amounts, size) * 10 ** random.uniform(-1, 1, len(amounts))
        try:
            slopes = steady_state.slopes(engine, values, state)
        except EngineError:  # what rates cannot take is no state
            continue
        share = np.abs(slopes) * state
        yield np.where(share > _ROUNDING * share.max(axis=1, keepdims=True), slopes, 0.0)


def loops(influences: nx.DiGraph, longest: int = LONGEST, most: int = MOST) -> list[Loop]:
    """Return loops of two nodes or more, short ones first; no more than ``most``."""
    found = []
    cycles = nx.simple_cycles(influences, length_bound=longest)
    for nodes in islice((each for each in cycles if len(each) > 1), most):
        first = nodes.index(min(nodes))
        way = (*nodes[first:], *nodes[:first])
        sign = 1
        for ends in zip(way, (*way[1:], way[0]), strict=True):
            sign *= influences.edges[ends]["sign"]
        found.append(Loop(way, sign))
    return sorted(found, key=lambda loop: (len(loop.nodes), loop.nodes))


class Gains:
    """The gains of steps and loops where a model rests.

    Parameters
    ----------
    loaded : Loaded
        The model.
    system : System
        The model at rest.
    """

    def __init__(self, loaded: Loaded, system: System) -> None:
        self._jacobian = system.jacobian(system.state)
        self._state = np.maximum(system.state, 0.0)
        self._nodes = _nodes(loaded)

    def loop(self, loop: Loop) -> float:
        """Return the gain of a loop; NaN where a part of it is absent or nothing brings it back.

        Activities follow what they are made of at once, so a step leads from one changed thing to
        the next, through whatever activities connect the two.
        """
        things = [node for node in loop.nodes if node in self._nodes]
        if len(things) < 2:  # its effect cannot be told from how the thing relaxes by itself
            return np.nan
        steps = zip(things, (*things[1:], things[0]), strict=True)
        return float(np.prod([self.step(cause, effect) for cause, effect in steps]))

    def step(self, cause: str, effect: str) -> float:
        """Return the gain of one step."""
        there, towards = self._nodes[effect], self._raised(effect)
        from_cause = self._raised(cause)
        if towards is None or from_cause is None:
            return np.nan
        pull = self._jacobian.T @ there.on
        back = -float(pull @ towards)
        return float(pull @ from_cause) / back if back > 0 else np.nan

    def _raised(self, name: str) -> Vector | None:
        """Return how the state changes when a node rises, relative to what there is of it."""
        node, state = self._nodes[name], self._state
        size = float(node.on @ state)
        if size <= _TRACE * state.max(initial=0.0):
            return None
        change = state * (node.on > 0) * node.share
        for molecules, off in node.off:
            left = float(molecules @ (state * off))
            if left > 0:
                change = change - state * off * (float(molecules @ change) / left)
        gained = float(node.on @ change)
        return change * (size / gained) if gained > 0 else None


@dataclass(frozen=True)
class _Node:
    """What a node weighs states with; ``off`` is what gives way when it rises."""

    on: Vector
    share: Vector
    off: Sequence[tuple[Vector, Vector]]


def _nodes(loaded: Loaded) -> Mapping[str, _Node]:
    """Return the nodes that states make up, by name."""
    ids = loaded.model.state_ids
    unit = np.eye(len(ids))
    if loaded.network is None or loaded.report is None:
        return {id: _Node(unit[i], unit[i], ()) for i, id in enumerate(ids)}
    place = {id: index for index, id in enumerate(ids)}
    where = [place[id] for id in loaded.report.species]
    wiring = Wiring(loaded.network)
    species = wiring.species

    def over(values: Sequence[float]) -> Vector:
        found = np.zeros(len(ids))
        found[where] = values
        return found

    counts = {
        m.name: over([sum(one.name == m.name for one in each) for each in species])
        for m in loaded.network.molecules
    }
    found = {name: _Node(count, (count > 0).astype(float), ()) for name, count in counts.items()}
    for molecule in loaded.network.molecules:
        for site, states in molecule.states.items():
            if len(states) > 1:
                on = over([_later(each, molecule.name, site, states) for each in species])
                count = counts[molecule.name]
                share: Vector = np.divide(on, count, out=np.zeros_like(on), where=count > 0)
                off = (count > 0) * (1.0 - share)
                found[f"{molecule.name} {site}"] = _Node(on, share, [(count, off)])
    for bond in wiring.bonds:
        one, other = bond.one, bond.other
        on = over([_joined(each, one.molecule, other.molecule) for each in species])
        name = f"{one.molecule}:{other.molecule}"
        offs = [
            (counts[each], ((counts[each] > 0) & (on == 0)) * 1.0)
            for each in dict.fromkeys((one.molecule, other.molecule))
        ]
        found[name] = _Node(on, (on > 0).astype(float), offs)
    return found


def _later(
    molecules: Sequence[PatternMolecule], name: str, site: str, states: Sequence[str]
) -> float:
    """Return how far the site has come through its states, over the molecules of a species."""
    return sum(
        states.index(place.state) / (len(states) - 1)
        for molecule in molecules
        if molecule.name == name
        for place in molecule.sites
        if place.name == site and place.state in states
    )


def _joined(molecules: Sequence[PatternMolecule], one: str, other: str) -> float:
    """Return how many bonds between molecules of two names a species holds."""
    ends: dict[str, list[str]] = {}
    for molecule in molecules:
        for site in molecule.sites:
            for label in site.bonds:
                ends.setdefault(label, []).append(molecule.name)
    return float(sum(sorted(names) == sorted((one, other)) for names in ends.values()))
