"""Which rules of the network matter for a claim, and why.

A rule matters if it changes what the claim looks at, if its rate holds a value that the claim's
experiments set, or if it takes in what they dose. Rules further up the pathway are not among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from ....network.mathematics import expressions
from ....network.network import Network
from ....network.rules import sentences
from ....simulation.engines import Loaded
from ....simulation.experiments.experiments import EQUILIBRATION
from .. import schema
from ..binding import Binder, readouts_of
from ..plans import Plan
from ..schema import Claim
from ..species import holds

# How many rules are named for a claim; the others are counted.
MOST: Final = 40

READ: Final = "change what is read"
DIFFERS: Final = "work at a rate that differs between the experiments"
DOSED: Final = "take in what is dosed"
SHARED: Final = "work at a rate that all experiments set alike"


@dataclass(frozen=True)
class Involved:
    """A rule that matters for a claim.

    Attributes
    ----------
    name, sentence, mechanism : str
        What it is called, what it does, and the file it was written in.
    why : tuple of str
        Observables that it changes, values in its rate, or species that it takes in.
    """

    name: str
    sentence: str
    mechanism: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Rules that matter for one reason; ``more`` are not named."""

    reason: str
    rules: tuple[Involved, ...]
    more: int


class Rules:
    """Knows what each rule of a network changes, takes in and goes by.

    Parameters
    ----------
    network : Network
        Where the rules are.
    loaded : Loaded
        The model that was written from it.
    """

    def __init__(self, network: Network, loaded: Loaded) -> None:
        self.network, self.model = network, loaded.model
        report = loaded.report
        symbols = (report.symbols if report else None) or {}
        self._name = {id: name for name, id in symbols.items()}
        self._place = {id: i for i, id in enumerate(report.species if report else ())}
        self._groups = {group.name: group for group in network.groups}
        self._rules = {rule.name: rule for rule in network.rules}
        self._order = {name: place for place, name in enumerate(self._rules)}
        self._sentences: dict[str, str] = {}
        self._changing: dict[str, frozenset[str]] = {}
        self._expressions = {f.name: f.expression for f in network.functions}
        self._expressions |= {p.name: p.expression for p in network.parameters if p.derived}
        self._below: dict[str, frozenset[str]] = {}
        # Sizes of compartments turn amounts into concentrations in most rates, and drive none.
        self._sizes = frozenset(
            name for one in network.compartments for name in self._names_below(one.size)
        )

    # -- what a claim asks for --------------------------------------------------------------------

    def of(self, claim: Claim, binder: Binder) -> list[Group]:
        """Return the rules that matter for a claim, by reason; a rule stands where it fits first.

        No more than :data:`MOST` are named, of each reason as many where there are enough.
        """
        differing, shared, dosed = self._done(claim, binder)
        reasons = {
            READ: self._read(claim, binder),
            DIFFERS: self._by_rate(differing),
            DOSED: self._by_species(dosed),
            SHARED: self._by_rate(shared),
        }
        found: dict[str, list[str]] = {}
        seen: set[str] = set()
        for reason, rules in reasons.items():
            new = sorted(set(rules) - seen, key=self._order.__getitem__)
            seen.update(new)
            if new:
                found[reason] = new
        room = _shared_out({reason: len(names) for reason, names in found.items()}, MOST)
        return [
            Group(
                reason,
                tuple(
                    Involved(
                        name,
                        self._sentence(name),
                        self._rules[name].mechanism,
                        tuple(sorted(reasons[reason][name])),
                    )
                    for name in names[: room[reason]]
                ),
                len(names) - room[reason],
            )
            for reason, names in found.items()
        ]

    def _sentence(self, name: str) -> str:
        if name not in self._sentences:
            self._sentences[name] = sentences.sentence(self._rules[name])
        return self._sentences[name]

    def _done(self, claim: Claim, binder: Binder) -> tuple[set[str], set[str], set[str]]:
        """Return the values that experiments set differently and alike, and the species dosed."""
        settings: list[dict[str, tuple]] = []
        dosed: set[str] = set()
        for plan in _plans(claim, binder):
            values: dict[str, list] = defaultdict(list)
            for period in Plan(plan.words).experiment([0.0]).periods:
                for id, value in period.values.items():
                    # What holds from the start on and is the model's own is not set.
                    if period.start != EQUILIBRATION or value != self._own(id):
                        values[id].append((period.start, value))
                for done in (*period.doses, *period.washouts):
                    dosed.update(self.model.species_of(done.species))
            settings.append({id: tuple(value) for id, value in values.items()})
        ids = set(chain.from_iterable(settings))
        differing = {id for id in ids if len({setting.get(id) for setting in settings}) > 1}
        return differing, ids - differing, dosed

    def _own(self, id: str) -> float | None:
        entry = self.model.parameters.get(id)
        return entry.value if entry else None

    # -- what rules do ----------------------------------------------------------------------------

    def _read(self, claim: Claim, binder: Binder) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for check in claim.checks:
            for formula in readouts_of(check):
                for id in binder.readouts.observables(formula):
                    for name in self._observed(id):
                        for rule in self._changers(name):
                            found[rule].add(name)
            if isinstance(check, schema.Exists | schema.Absent):
                pattern = schema.pattern_of(check)
                for rule in self._changers(pattern):
                    found[rule].add(pattern)
        return found

    def _observed(self, id: str) -> Iterable[str]:
        """Return the observables that a symbol of the model rests on, or the species that it is."""
        name = self._name.get(id, id)
        if id in self._place and name not in self._groups:
            return [self.network.species[self._place[id]].pattern]
        return sorted(n for n in self._names_below(name) if n in self._groups)

    def _changers(self, name: str) -> frozenset[str]:
        """Return the rules with a reaction that changes an observable, or what holds a pattern."""
        if name not in self._changing:
            if name in self._groups:
                weights = {place: weight for weight, place in self._groups[name].terms}
            else:
                species = enumerate(self.network.species)
                weights = {
                    place: 1.0
                    for place, one in species
                    if one.pattern == name or _may_hold(name, one.pattern)
                }
            self._changing[name] = frozenset(
                rule
                for reaction in self.network.reactions
                if sum(weights.get(place, 0.0) for place in reaction.products)
                != sum(weights.get(place, 0.0) for place in reaction.reactants)
                for rule in (reaction.rule, *(other for other, _ in reaction.others))
                if rule in self._rules
            )
        return self._changing[name]

    def _by_rate(self, ids: Iterable[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for id in ids:
            name = self._name.get(id, id)
            for rule in self._held_by.get(name, ()):
                found[rule].add(name)
        return found

    def _by_species(self, ids: Iterable[str]) -> dict[str, set[str]]:
        places = {self._place[id] for id in ids if id in self._place}
        found: dict[str, set[str]] = defaultdict(set)
        for reaction in self.network.reactions:
            for place in places.intersection(reaction.reactants):
                if reaction.rule in self._rules:
                    found[reaction.rule].add(self.network.species[place].pattern)
        return found

    @cached_property
    def _held_by(self) -> Mapping[str, set[str]]:
        """The rules whose rates hold a name, by that name."""
        found: dict[str, set[str]] = defaultdict(set)
        for law, rule in {(r.law, r.rule) for r in self.network.reactions}:
            if rule in self._rules:
                for constant in law.constants:
                    for name in self._names_below(constant):
                        found[name].add(rule)
        return {name: rules for name, rules in found.items() if name not in self._sizes}

    def _names_below(self, name: str) -> frozenset[str]:
        """Return a name with all that its expression, if it has one, rests on."""
        if name not in self._below:
            found = {name}
            if name in self._expressions:
                for other in expressions.parse(self._expressions[name]).names:
                    found |= self._names_below(other)
            self._below[name] = frozenset(found)
        return self._below[name]


def _may_hold(pattern: str, species: str) -> bool:
    return "(" in pattern and holds(pattern, species)


def _plans(claim: Claim, binder: Binder) -> list[Plan]:
    """Return the experiments that a claim's checks look at, in every kind of cell once."""
    plans = {}
    for check in claim.checks:
        for cell in {tuple(cell) for cell, _ in binder.cells(check.panel).values()}:
            for need in binder.needed(claim, check, cell, {}):
                plans[need.plan.key] = need.plan
    return list(plans.values())


def _shared_out(wanted: Mapping[str, int], most: int) -> dict[str, int]:
    """Share places out in turns until all have what they want or none are left."""
    given = dict.fromkeys(wanted, 0)
    while most and any(given[one] < wanted[one] for one in wanted):
        for one in wanted:
            if most and given[one] < wanted[one]:
                given[one] += 1
                most -= 1
    return given
