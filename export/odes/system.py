"""A network as a system of equations, with one identifier for everything in every language.

Identifiers, starting values and formulas are those of the SBML document (:mod:`..sbml.ids`,
:mod:`..sbml.mathematics.formulas`), which no language of :data:`..sbml.ids.RESERVED` takes for a
word of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from ...network.mathematics.numerics import Values
from ...network.network import Network
from ...network.units.units import DIMENSIONLESS, Unit
from ..sbml import reactions
from ..sbml.ids import Names, name_all
from ..sbml.mathematics import formulas
from ..sbml.mathematics.base_units import base_units
from ..sbml.mathematics.formulas import Formulas, spelled
from ..sbml.mathematics.mathml import Ci, Cn, Node, Symbol, walk
from ..sbml.mathematics.rate_laws import Signature, signature


@dataclass(frozen=True)
class Constant:
    """A number that stays: a parameter, or the size of a compartment."""

    id: str
    name: str
    value: float
    unit: str
    formula: Node | None = None  # over other constants, where it follows from them


@dataclass(frozen=True)
class State:
    """A species: an amount, or a concentration where ``volume`` is what an amount is divided by."""

    id: str
    name: str
    value: float
    unit: str
    formula: Node | None = None  # of its start, over constants
    volume: str | None = None
    fixed: bool = False


@dataclass(frozen=True)
class Output:
    """What follows from states and time: an expression, or an observable that is no state."""

    id: str
    name: str
    unit: str
    formula: Node


@dataclass(frozen=True)
class Flux:
    """A reaction: its law, the species that stand in the law's slots, and what it changes."""

    rule: str
    law: Signature
    species: tuple[str, ...]
    changes: Mapping[int, int]  # by place of the state


@dataclass(frozen=True)
class System:
    """A network as equations.

    Attributes
    ----------
    id, title : str
        Of the model.
    constants : sequence of Constant
        Those that follow from others come after them.
    states, outputs : sequence
        In the order of the network; each output comes after those it rests on.
    laws : mapping
        Rate laws, in amount per time, with ``{0}``, ``{1}`` in the places of species.
    fluxes : sequence of Flux
        Every reaction of the network, each in one direction.
    time_unit : str
        Unit of time.
    timed : bool
        Whether anything depends on time itself.
    units : mapping
        The unit of everything that has an identifier, and of ``time``.
    literals : mapping
        The unit of every number in a formula.
    """

    id: str
    title: str
    constants: Sequence[Constant]
    states: Sequence[State]
    outputs: Sequence[Output]
    laws: Mapping[Signature, Node]
    fluxes: Sequence[Flux]
    time_unit: str
    timed: bool
    units: Mapping[str, Unit]
    literals: Mapping[Cn, Unit]

    @property
    def ids(self) -> frozenset[str]:
        """Every identifier that is taken."""
        return frozenset(each.id for each in (*self.constants, *self.states, *self.outputs))

    def free(self, name: str) -> str:
        """Return a name that no identifier takes: ``name``, with underscores if need be."""
        while name in self.ids:
            name += "_"
        return name

    @property
    def balance(self) -> list[list[tuple[int, int]]]:
        """For each state the fluxes that change it, as place and number; none for a fixed one."""
        found: list[list[tuple[int, int]]] = [[] for _ in self.states]
        for place, flux in enumerate(self.fluxes):
            for state, number in flux.changes.items():
                if not self.states[state].fixed:
                    found[state].append((place, number))
        return found


def system(network: Network) -> System:
    """Return a network as equations.

    Raises
    ------
    FormulaError, UnitError
        If something has no counterpart in mathematics; the message says what and where.
    """
    base = base_units(network)
    merged = reactions.pairs(network.reactions, merge=True)
    surfaces = any(c.dimension == 2 for c in network.compartments)
    names = name_all(network, [one.forward for one in merged], depth=base.deep and surfaces)
    found = formulas.build(network, names, base)
    values = Values(network)
    compartments = {c.name: c for c in network.compartments}
    dense = found.base.concentrations
    fluxes = [
        Flux(
            reaction.rule,
            signature(reaction, network, compartments),
            tuple(names.species[i] for i in reaction.reactants),
            _net(reaction.reactants, reaction.products),
        )
        for reaction in network.reactions
    ]
    states = [
        State(
            key,
            species.pattern,
            values.amounts[index],
            _unit(found, key),
            found.initial.get(index),
            names.compartments[species.compartment] if dense else None,
            species.fixed,
        )
        for index, (key, species) in enumerate(zip(names.species, network.species, strict=True))
    ]
    titles = {g.name: g for g in network.groups} | {f.name: f for f in network.functions}
    outputs = [
        Output(names.symbols[name], name, _unit(found, names.symbols[name]), node)
        for name, node in found.rules.items()
        if name in titles
    ]
    everything = (*found.laws.values(), *found.rules.values())
    return System(
        names.model,
        network.metadata.title or network.name,
        _constants(network, names, found, values),
        states,
        outputs,
        found.laws,
        fluxes,
        spelled(found.base.time) if found.base.time else "",
        any(isinstance(n, Symbol) and n.name == "time" for each in everything for n in walk(each)),
        {**found.units, "time": found.base.time or DIMENSIONLESS},
        dict(found.literals),
    )


def _net(reactants: Sequence[int], products: Sequence[int]) -> dict[int, int]:
    net = Counter(products)
    net.subtract(reactants)
    return {species: number for species, number in sorted(net.items()) if number}


def _unit(found: Formulas, key: str) -> str:
    unit: Unit | None = found.units.get(key)
    return "" if unit is None else spelled(unit)


def _constants(
    network: Network, names: Names, found: Formulas, values: Values
) -> tuple[Constant, ...]:
    """Return sizes and parameters, in order of dependency."""
    every: dict[str, Constant] = {}
    sizes = values.sizes()
    for name, key in names.compartments.items():
        size = 1.0 if name is None else sizes[name]
        formula = None if name is None else found.sizes.get(name)
        every[key] = Constant(key, name or "everywhere", size, _unit(found, key), formula)
    if names.depth is not None:
        depth = names.depth
        every[depth] = Constant(depth, "thickness of surfaces", 1.0, _unit(found, depth))
    for name in _named(network, found):
        key = names.symbols[name]
        every[key] = Constant(key, name, values[name], _unit(found, key), found.derived.get(name))
    graph = {
        key: [n.id for n in walk(one.formula) if isinstance(n, Ci) and n.id in every]
        if one.formula is not None
        else []
        for key, one in every.items()
    }
    return tuple(every[key] for key in TopologicalSorter(graph).static_order())


def _named(network: Network, found: Formulas) -> Iterator[str]:
    skipped = set(found.skipped)
    yield from (p.name for p in network.parameters if p.name not in skipped)
    yield from (f.name for f in network.functions if f.name in found.derived)
