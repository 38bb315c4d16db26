"""Species that the rate of a reaction depends on through expressions and observables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

from ...network.network import Network, Reaction
from ...network.rules import sbo
from ...network.rules.wiring import Wiring

# An observable of more species is none that a graph of reactions could show, and would be listed
# with each reaction that depends on it.
MOST: Final = 32

_ROLES: Final = {1: sbo.STIMULATOR, -1: sbo.INHIBITOR}


class Regulators:
    """Tells who regulates a reaction from outside.

    Parameters
    ----------
    network : Network
        Whose expressions and observables are meant.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._terms = {group.name: group.terms for group in network.groups}

    @cached_property
    def _sensitivities(self) -> Mapping[str, Mapping[str, int]]:
        return Wiring(self._network).sensitivities

    def of(self, forward: Iterable[Reaction], backward: Iterable[Reaction]) -> dict[int, int]:
        """Return the species that regulate reactions written as one, and the term of their role.

        One that speeds all of it up, whatever else there is, stimulates; one that slows it down
        inhibits; of others, and of those that matter for a backward direction, all that is said is
        that they matter. Observables of more than :data:`MOST` species are left out.
        """
        signs: dict[int, int] = {}
        for reactions, known in ((forward, True), (backward, False)):
            for name in {name for one in reactions for name in one.law.constants}:
                for index, sign in self._signs(name).items():
                    told = sign if known else 0
                    signs[index] = told if signs.get(index, told) == told else 0
        return {index: _ROLES.get(sign, sbo.MODIFIER) for index, sign in sorted(signs.items())}

    def _signs(self, constant: str) -> dict[int, int]:
        found: dict[int, int] = {}
        if not self._network.functions:
            return found
        for observable, sign in self._sensitivities.get(constant, {}).items():
            terms = self._terms[observable]
            for weight, index in terms if len(terms) <= MOST else ():
                told = sign if weight > 0 else -sign
                found[index] = told if found.get(index, told) == told else 0
        return found
