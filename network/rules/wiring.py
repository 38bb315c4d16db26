"""Who does what to whom, on which site: the rules of a network as facts about molecules.

A rule says which patterns turn into which. Read together with its rate law it says more: that AKT
phosphorylates TSC2 on T1462, because the concentration of active AKT stands in the rate of the rule
that turns ``t1462~u`` into ``t1462~p``. This module takes those facts out of any
:class:`~.network.Network`, for pictures and for tests of what a model claims.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from ..mathematics import expressions
from ..mathematics.expressions import Expression, ExpressionError
from ..network import Network, Rule
from . import patterns
from .patterns import PatternError, PatternMolecule

Composition = tuple[str, ...]  # the molecules of a complex, sorted, each as often as it occurs


class WiringError(ValueError):
    """A rule whose text cannot be read."""


@dataclass(frozen=True, order=True)
class Place:
    """A site of a molecule."""

    molecule: str
    site: str

    def __str__(self) -> str:
        return f"{self.molecule}.{self.site}"


@dataclass(frozen=True)
class Actor:
    """What a rate depends on: an observable, and the molecules that every term of it holds."""

    observable: str
    molecules: Composition
    sign: int  # 1: speeds the rule up, -1: slows it down, 0: depends on the rest


@dataclass(frozen=True)
class Bond:
    """A rule direction that joins or parts two sites."""

    rule: str
    one: Place
    other: Place
    joins: bool


@dataclass(frozen=True)
class Change:
    """A rule direction that changes the state of a site."""

    rule: str
    place: Place
    before: str
    after: str


@dataclass(frozen=True)
class Turnover:
    """A rule direction that makes or loses a molecule."""

    rule: str
    molecule: str
    made: bool


@dataclass(frozen=True)
class Move:
    """A rule direction that takes a molecule from one compartment to another."""

    rule: str
    molecule: str
    source: str
    target: str


Fact = Bond | Change | Turnover | Move


@dataclass(frozen=True)
class Side:
    """The patterns on one side of a rule, each a sequence of molecules."""

    patterns: tuple[tuple[PatternMolecule, ...], ...]

    @property
    def molecules(self) -> tuple[PatternMolecule, ...]:
        """All molecules, in the order that BioNetGen counts them in."""
        return tuple(molecule for pattern in self.patterns for molecule in pattern)


_LABEL: Final = re.compile(r"^\s*(?:[\w\s]*\w\s*:(?!:)|\d+\s+(?!\+|->|<->))")
_ARROW: Final = re.compile(r"<?->")
_INSIDE: Final = re.compile(r"\([^()]*\)")
_MODIFIER: Final = re.compile(r"\{[^{}]*\}")


class Wiring:
    """The facts of one network, each worked out when first asked for."""

    def __init__(self, network: Network) -> None:
        self.network = network

    # -- rules -------------------------------------------------------------------------------------

    @cached_property
    def sides(self) -> Mapping[str, tuple[Side, Side]]:
        """The left and the right side of every rule."""
        return {rule.name: _sides(rule) for rule in self.network.rules}

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What the rules do, forwards, in their order; then what they do backwards."""
        return tuple(fact for facts in self.by_direction.values() for fact in facts)

    def of(self, rule: str, backwards: bool = False) -> tuple[Fact, ...]:
        """Return what one rule does, forwards or backwards."""
        return self.by_direction.get((rule, backwards), ())

    @cached_property
    def by_direction(self) -> dict[tuple[str, bool], tuple[Fact, ...]]:
        """What each rule does, forwards (False) and, if it is reversible, backwards (True)."""
        rules = self.network.rules
        return {
            (rule.name, backwards): tuple(self._facts(rule, backwards))
            for backwards in (False, True)
            for rule in rules
            if rule.reversible or not backwards
        }

    @cached_property
    def bonds(self) -> tuple[Bond, ...]:
        """Every joining and parting of two sites."""
        return tuple(fact for fact in self.facts if isinstance(fact, Bond))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change of a state."""
        return tuple(fact for fact in self.facts if isinstance(fact, Change))

    @cached_property
    def turnovers(self) -> tuple[Turnover, ...]:
        """Every making and losing of a molecule."""
        return tuple(fact for fact in self.facts if isinstance(fact, Turnover))

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """Every passage between compartments."""
        return tuple(fact for fact in self.facts if isinstance(fact, Move))

    def acted_on(self, rule: str) -> frozenset[str]:
        """Return the molecules that a rule changes, joins, parts, makes, loses or moves."""
        return self._acted_on.get(rule, frozenset())

    @cached_property
    def _acted_on(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for fact in self.facts:
            named = found.setdefault(fact.rule, set())
            match fact:
                case Bond(one=one, other=other):
                    named |= {one.molecule, other.molecule}
                case Change(place=place):
                    named.add(place.molecule)
                case Turnover(molecule=molecule) | Move(molecule=molecule):
                    named.add(molecule)
        return {rule: frozenset(named) for rule, named in found.items()}

    def actors(self, rule: str) -> tuple[Actor, ...]:
        """Return what sets the pace of a rule besides its reactants."""
        return self._actors.get(rule, ())

    def helpers(self, rule: str) -> frozenset[str]:
        """Return the molecules that stand in a rule and leave it as they came: its catalysts."""
        left, right = self.sides[rule]
        both = {m.name for m in left.molecules} & {m.name for m in right.molecules}
        return frozenset(both - self.acted_on(rule))

    def _facts(self, rule: Rule, backwards: bool) -> Iterator[Fact]:
        left, right = self.sides[rule.name]
        here, there = (right, left) if backwards else (left, right)
        for action in rule.reverse_actions if backwards else rule.actions:
            verb, _, rest = action.partition("(")
            words = rest.removesuffix(")").split(",")
            # BioNetGen counts pattern, molecule and site; bonds it makes it counts in what results.
            match verb:
                case "Bind" | "Unbind":
                    side = there if verb == "Bind" else here
                    one, other = sorted(_place(side, word, rule) for word in words[:2])
                    yield Bond(rule.name, one, other, verb == "Bind")
                case "StateChange":
                    before, _, after = words[1].partition("->")
                    yield Change(rule.name, _place(here, words[0], rule), before, after)
                case "ChangeCompartment":
                    molecule = _molecule(here, words[0], rule).name
                    yield Move(rule.name, molecule, words[1], words[2])
        # What BioNetGen calls adding and deleting follows from the molecules of the two sides.
        before = Counter(molecule.name for molecule in here.molecules)
        after = Counter(molecule.name for molecule in there.molecules)
        for name in sorted((before | after).keys()):
            if before[name] != after[name]:
                yield Turnover(rule.name, name, after[name] > before[name])

    # -- species -----------------------------------------------------------------------------------

    @cached_property
    def species(self) -> tuple[tuple[PatternMolecule, ...], ...]:
        """The molecules of every species."""
        return tuple(patterns.read(species.pattern) for species in self.network.species)

    @cached_property
    def compositions(self) -> tuple[Composition, ...]:
        """The names of the molecules of every species."""
        return tuple(tuple(sorted(m.name for m in species)) for species in self.species)

    # -- rates -------------------------------------------------------------------------------------

    @cached_property
    def laws(self) -> Mapping[str, frozenset[str]]:
        """The functions that drive each rule."""
        found: dict[str, set[str]] = {}
        for reaction in self.network.reactions:
            if reaction.law.kind == "function":
                for rule in (reaction.rule, *(name for name, _ in reaction.others)):
                    found.setdefault(rule, set()).add(reaction.law.constants[0])
        return {rule: frozenset(functions) for rule, functions in found.items()}

    @cached_property
    def sensitivities(self) -> Mapping[str, Mapping[str, int]]:
        """For each function the observables it depends on, each with the sign of its effect."""
        groups = {group.name: group.terms for group in self.network.groups}
        trees = {f.name: expressions.parse(f.expression) for f in self.network.functions}
        constants = {p.name: p.value if p.value > 0 else 1.0 for p in self.network.parameters}
        return {
            function.name: signs(trees[function.name], trees, groups, constants, groups)
            for function in self.network.functions
            if not function.arguments
        }

    @cached_property
    def held(self) -> Mapping[str, Composition]:
        """For each observable the molecules that every species it counts holds."""
        return {
            group.name: _common(self.compositions[index] for _, index in group.terms)
            for group in self.network.groups
        }

    @cached_property
    def _actors(self) -> dict[str, tuple[Actor, ...]]:
        found: dict[str, tuple[Actor, ...]] = {}
        for rule, functions in self.laws.items():
            signs: dict[str, int] = {}
            for function in sorted(functions):
                for observable, sign in self.sensitivities.get(function, {}).items():
                    signs[observable] = sign if signs.get(observable, sign) == sign else 0
            found[rule] = tuple(
                Actor(observable, self.held[observable], sign)
                for observable, sign in sorted(signs.items())
            )
        return found


def _molecule(side: Side, index: str, rule: Rule) -> PatternMolecule:
    pattern, molecule, *_ = map(int, index.split("."))
    try:
        return side.patterns[pattern][molecule]
    except IndexError:
        raise WiringError(f"Rule {rule.name!r} has no molecule {index}: {rule.bngl}") from None


def _place(side: Side, index: str, rule: Rule) -> Place:
    molecule = _molecule(side, index, rule)
    try:
        return Place(molecule.name, molecule.sites[int(index.split(".")[2])].name)
    except IndexError:
        raise WiringError(f"Rule {rule.name!r} has no site {index}: {rule.bngl}") from None


def _sides(rule: Rule) -> tuple[Side, Side]:
    """Read the two sides of a rule from its text."""
    text = _MODIFIER.sub("", _LABEL.sub("", rule.bngl))
    text = _INSIDE.sub(lambda match: "".join(match[0].split()), text)
    arrow = _ARROW.search(text)
    if arrow is None:
        raise WiringError(f"Rule {rule.name!r} has no arrow: {rule.bngl}")
    right = re.sub(r"\s*([+.])\s*", r"\1", text[arrow.end() :].strip()).split()[0]
    return _side(text[: arrow.start()], rule), _side(right, rule)


def _side(text: str, rule: Rule) -> Side:
    found = []
    for pattern in re.split(r"\+(?![^(]*\))", "".join(text.split())):
        # A compartment or a tag may stand in front: "@cell:A()", "@cell::A()", "%x:A()".
        bare = re.sub(r"^(?:[@%]\w+)+::?", "", pattern)
        if bare in ("0", ""):
            continue
        try:
            found.append(patterns.read(bare))
        except PatternError as error:
            raise WiringError(f"Rule {rule.name!r}: {error}") from None
    return Side(tuple(found))


def _common(compositions: Iterator[Composition]) -> Composition:
    """Return what all have in common; where that is nothing, whatever occurs in any."""
    counters = [Counter(composition) for composition in compositions]
    if not counters:
        return ()
    shared = counters[0].copy()
    for counter in counters[1:]:
        shared &= counter
    if not shared:
        shared = Counter({name for counter in counters for name in counter})
    return tuple(sorted(shared.elements()))


_POINTS: Final = 5
_STEP: Final = 1e-4


def signs(
    tree: Expression,
    trees: Mapping[str, Expression],
    variables: Collection[str],
    constants: Mapping[str, float],
    counts: Mapping[str, Sequence[tuple[float, int]]],
) -> dict[str, int]:
    """Return the variables that move a function, each with the sign of its partial derivative.

    The sign is looked up at a few positive points; where they disagree it is 0. What observables
    count is drawn at each point rather than their values, so that a part is never more than the
    whole.

    Parameters
    ----------
    tree : Expression
        The function.
    trees : mapping
        Further functions that it may name, to be put in their place.
    variables : collection of str
        What may vary: observables, or functions taken as given.
    constants : mapping
        The value of every other name.
    counts : mapping
        The factor and the index of each species that an observable counts.
    """
    while names := tree.names & trees.keys():
        before, tree = tree, tree.substitute({name: trees[name] for name in names})
        if tree == before:  # calls with arguments, of which nothing is known
            return dict.fromkeys(sorted(before.names & set(variables)), 0)
    observables = sorted(tree.names & set(variables))
    if not observables:
        return {}
    points = random.Random(0)  # the same points each time
    signs: dict[str, set[int]] = {name: set() for name in observables}
    for _ in range(_POINTS):
        values = {name: 10 ** points.uniform(-1, 3) for name in observables}
        counted = {name: counts[name] for name in observables if counts.get(name)}
        species = sorted({index for terms in counted.values() for _, index in terms})
        amounts = {index: 10 ** points.uniform(-1, 2) for index in species}
        for name, terms in counted.items():
            values[name] = sum(factor * amounts[index] for factor, index in terms)
        scope = {**constants, **values}
        try:
            base = tree.evaluate(scope, 1.0)
        except ExpressionError:
            continue
        for name in observables:
            step = _STEP * abs(scope[name])  # differences may be below zero
            try:
                more = tree.evaluate({**scope, name: scope[name] + step}, 1.0)
            except ExpressionError:
                continue
            if abs(more - base) > 1e-12 * abs(base):
                signs[name].add(1 if more > base else -1)
    return {
        name: next(iter(found)) if len(found) == 1 else 0 for name, found in signs.items() if found
    }
