"""Whose work a change is: the enzymes, makers and inhibitors of a network."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from ...network.mathematics import expressions
from ...network.network import Network
from ...network.rules.wiring import Composition, Wiring
from .elements import Elements
from .pace import Pace
from .rooms import Rooms


class Workers:
    """Who works on what."""

    def __init__(
        self, network: Network, wiring: Wiring, elements: Elements, pace: Pace, rooms: Rooms
    ) -> None:
        self._network = network
        self._wiring = wiring
        self._elements = elements
        self._pace = pace
        self._rooms = rooms

    def enzymes(self, rule: str) -> tuple[str, ...]:
        """Return the molecules whose work a change of state is, if it is anybody's.

        That is whose amount the rate is proportional to, or else what stands in the rule and comes
        out as it went in, or else all that speeds it up. Of a complex it is the molecule that the
        fewest enzymes hold, as Raptor is in fewer than mTOR, and of these the one that holds most
        of the others, as Rictor holds mTOR and SIN1.
        """
        sites = {molecule.name: len(molecule.sites) for molecule in self._network.molecules}
        return tuple(
            dict.fromkeys(
                min(
                    complex_,
                    key=lambda name, members=frozenset(complex_): (
                        self._frequency[name],
                        -len(self._held[name] & members),
                        -sites.get(name, 0),
                        name,
                    ),
                )
                for complex_ in self._working.get(rule, ())
            )
        )

    def makers(self, rule: str) -> tuple[str, ...]:
        """Return the molecules that speed up a rule which makes or loses something."""
        names = {
            element.molecules
            for law in self._wiring.laws.get(rule, ())
            for hub in self._expanded(law)
            for element, sign in self._pace.inputs(hub)
            if sign > 0 and element.molecules
        }
        return tuple(
            dict.fromkeys(
                min(each, key=lambda name: (self._frequency[name], name)) for each in sorted(names)
            )
        )

    def _expanded(self, function: str) -> list[str]:
        """Return a function and the activities that raise it."""
        signs = self._pace.signs_of(function)
        hubs = [name for name, sign in signs.items() if sign > 0 and name in self._pace.hubs]
        return [function, *(name for hub in hubs for name in self._expanded(hub))]

    def inhibitions(self) -> list[tuple[str, str]]:
        """Return each inhibitor with the molecules that it inhibits."""
        slowed: dict[str, set[str]] = defaultdict(set)
        for rule in self._network.rules:
            for actor in self._wiring.actors(rule.name):
                for name in self._rooms.inhibitors.intersection(actor.molecules):
                    slowed[name].add(rule.name)
        work: dict[str, set[str]] = defaultdict(set)
        rise: dict[str, set[str]] = defaultdict(set)
        for change in self._wiring.changes:
            for enzyme in self.enzymes(change.rule):
                work[enzyme].add(change.rule)
            if self._wiring.laws.get(change.rule) and self._elements.direction(change) > 0:
                rise[change.place.molecule].add(change.rule)
        found = []
        for name, rules in sorted(slowed.items()):
            # A ligand's work ends with its receptor's: what has no sites is not what is inhibited.
            able = {molecule.name for molecule in self._network.molecules if molecule.sites}
            targets = [molecule for molecule, own in work.items() if own <= rules]
            targets = [molecule for molecule in targets if molecule in able] or [
                molecule for molecule, own in rise.items() if own <= rules
            ]
            # An antibody may spare what a ligand makes its receptor do.
            targets = targets or [
                molecule for molecule, own in work.items() if molecule in able and own & rules
            ]
            found += [(name, molecule) for molecule in sorted(targets) if molecule != name]
        return found

    @cached_property
    def _frequency(self) -> Counter[str]:
        every = {complex_ for complexes in self._working.values() for complex_ in complexes}
        return Counter(name for complex_ in every for name in complex_)

    @cached_property
    def _held(self) -> dict[str, set[str]]:
        """For each molecule those that it binds."""
        held: dict[str, set[str]] = defaultdict(set)
        for bond in self._wiring.bonds:
            held[bond.one.molecule].add(bond.other.molecule)
            held[bond.other.molecule].add(bond.one.molecule)
        return held

    @cached_property
    def _working(self) -> dict[str, tuple[Composition, ...]]:
        """For each rule that changes a state the complexes whose work it is."""
        changed: dict[str, set[str]] = defaultdict(set)
        for change in self._wiring.changes:
            changed[change.rule].add(change.place.molecule)
        return {
            rule: tuple(filter(None, self._workers(rule, molecules)))
            for rule, molecules in changed.items()
        }

    def _workers(self, rule: str, changed: set[str]) -> list[Composition]:
        laws = sorted(self._wiring.laws.get(rule, ()))
        direct = {n for law in laws for n, sign in self._pace.signs_of(law).items() if sign > 0}
        observed = sorted(name for name in direct & self._pace.groups if self._wiring.held[name])
        shared = self._shared(observed)
        if shared and all(self._proportional(law, shared) for law in laws):
            return [shared]
        left, _ = self._wiring.sides[rule]
        others = tuple(sorted({molecule.name for molecule in left.molecules} - changed))
        if self._wiring.helpers(rule):
            return [others]
        if observed:
            return [shared] if shared else [self._wiring.held[name] for name in observed]
        # All that sets the pace is named activities: whose, their own inputs tell.
        owners = [set(own) for hub in sorted(direct) if (own := self._shared(self._raising(hub)))]
        if owners:
            return [tuple(sorted(set.intersection(*owners) or owners[0]))]
        return [others]

    def _raising(self, hub: str) -> list[str]:
        """Return the observables that raise an activity, also through further activities."""
        names = [name for name, sign in self._pace.signs_of(hub).items() if sign > 0]
        return [
            leaf
            for name in sorted(names)
            for leaf in ([name] if name in self._pace.groups else self._raising(name))
        ]

    def _shared(self, observables: Iterable[str]) -> Composition:
        """Return the molecules that all of some observables count."""
        held = [set(self._wiring.held[name]) for name in observables if self._wiring.held[name]]
        return tuple(sorted(set.intersection(*held))) if held else ()

    def _proportional(self, law: str, molecules: Composition) -> bool:
        """Return whether twice as much of some molecules, in every state, doubles a rate."""
        tree = self._pace.functions[law]
        while names := tree.names & self._pace.functions.keys() - set(self._pace.hubs):
            tree = tree.substitute({name: self._pace.functions[name] for name in names})
        varied = {
            n for n in tree.names & self._pace.groups if set(molecules) & {*self._wiring.held[n]}
        }
        one = {
            **self._pace.constants,
            **dict.fromkeys(tree.names & {*self._pace.groups, *self._pace.hubs}, 3.0),
        }
        two = {name: value * 2 if name in varied else value for name, value in one.items()}
        try:
            base, more = tree.evaluate(one, 1.0), tree.evaluate(two, 1.0)
        except expressions.ExpressionError:
            return False
        return abs(more - 2 * base) <= 1e-9 * abs(base)
