"""Which room of the house each rule and each molecule of a network is in."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from ...network.network import Network
from ...network.rules.wiring import Wiring


class Rooms:
    """The rooms of a network: the folders, or files, of the mechanisms that its rules come from."""

    def __init__(self, network: Network, wiring: Wiring) -> None:
        self._network = network
        self._wiring = wiring

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The rooms, in the order of the rules; the last, without name, is for the rest."""
        return tuple(dict.fromkeys((*self.of_rule.values(), "outputs", "")))

    @cached_property
    def of_rule(self) -> dict[str, str]:
        """The room of each rule."""
        parts = {rule.name: rule.mechanism.split("/") for rule in self._network.rules}
        # A model within one folder is divided by its files.
        level = 0 if len({part[0] for part in parts.values()}) > 1 else -1
        return {name: part[level] for name, part in parts.items()}

    @cached_property
    def inhibitors(self) -> frozenset[str]:
        """Molecules without sites that only move about and slow what others do."""
        signs_of: dict[str, set[int]] = defaultdict(set)
        for rule in self._network.rules:
            for actor in self._wiring.actors(rule.name):
                for name in actor.molecules:
                    signs_of[name].add(actor.sign)
        still = {m.name for m in self._network.molecules if not m.sites} - {
            turnover.molecule for turnover in self._wiring.turnovers
        }
        return frozenset(name for name in still if signs_of[name] == {-1})

    @cached_property
    def _of_molecule(self) -> dict[str, str]:
        found = dict.fromkeys(self.inhibitors, "")  # they stand beside what they inhibit
        for rule in self._network.rules:
            for name in sorted(self._wiring.acted_on(rule.name)):
                found.setdefault(name, self.of_rule[rule.name])
        for rule in self._network.rules:
            acting = {name for actor in self._wiring.actors(rule.name) for name in actor.molecules}
            for name in sorted(self._wiring.helpers(rule.name) | acting):
                found.setdefault(name, self.of_rule[rule.name])
        return found

    def of(self, molecule: str) -> str:
        """Return the room of a molecule; none where it stands beside others."""
        return self._of_molecule.get(molecule, "")
