"""What the parameters of a network are: constants of rate laws, starting amounts, sizes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from ....network.mathematics import expressions
from ....network.network import Network
from ....network.rules import sbo
from ....network.units.units import Unit
from ..ids import Names


class Roles:
    """Tells parameters by what the network uses them for.

    Parameters
    ----------
    network, names
        What is written, under which identifiers.
    units : mapping
        Unit by identifier, which decides whether a starting value is an amount or a concentration.
    """

    def __init__(self, network: Network, names: Names, units: Mapping[str, Unit]) -> None:
        self._network, self._names, self._units = network, names, units

    def term(self, name: str) -> int:
        """Return the ontology's term for a parameter, an expression or an observable."""
        kinds, _ = self._constants
        if name in kinds:
            return kinds[name]
        unit = self._units[self._names.symbols[name]]
        if name in self._sizing and (unit.is_volume or name not in self._starting):
            return sbo.VOLUME
        if name in self._starting or name in self._groups:
            if unit.is_concentration:
                return sbo.CONCENTRATION
            if name in self._groups:
                return sbo.QUANTITY
            if unit.is_substance:
                return sbo.AMOUNT
        return sbo.SYSTEM_PARAMETER

    def users(self, name: str) -> Iterable[str]:
        """Return the rules whose rate laws use a parameter."""
        return self._constants[1].get(name, ())

    @cached_property
    def _constants(self) -> tuple[dict[str, int], dict[str, dict[str, None]]]:
        """Return what each constant of a rate law is, and the rules that use it."""
        kinds: defaultdict[str, set[int]] = defaultdict(set)
        users: defaultdict[str, dict[str, None]] = defaultdict(dict)
        seen: set[object] = set()
        for reaction in self._network.reactions:
            law = reaction.law
            key = law.kind, law.constants, len(reaction.reactants), reaction.rule, reaction.reverse
            if key in seen:
                continue
            seen.add(key)
            terms = sbo.of_constants(law, len(reaction.reactants), reverse=reaction.reverse)
            for name in law.constants:
                users[name][reaction.rule] = None
                if name in terms:
                    kinds[name].add(terms[name])
        return {name: sbo.common(terms) for name, terms in kinds.items()}, dict(users)

    @cached_property
    def _starting(self) -> frozenset[str]:
        """Return the parameters that starting amounts are made of, directly or not."""
        return self._needed(species.initial for species in self._network.species)

    @cached_property
    def _sizing(self) -> frozenset[str]:
        return self._needed(compartment.size for compartment in self._network.compartments)

    def _needed(self, texts: Iterable[str]) -> frozenset[str]:
        formulas = {p.name: p.expression for p in self._network.parameters}
        open_, found = set(texts), set[str]()
        while open_:
            names = {name for text in open_ for name in expressions.parse(text).names} - found
            found |= names
            open_ = {formulas[name] for name in names if name in formulas}
        return frozenset(found)

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset(group.name for group in self._network.groups)
