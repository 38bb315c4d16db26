"""The mechanisms of a network, and the rate constants that drive each of them.

A mechanism is what one file of rules describes, as a group of reactions of the SBML; a rule that
was written in no file is one by itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .mathematics import expressions
from .mathematics.expressions import ExpressionError
from .network import Network


@dataclass(frozen=True)
class Mechanism:
    """A group of rules.

    Attributes
    ----------
    name : str
        The file it was written in, or its only rule.
    rules : tuple of str
        Its rules.
    constants : tuple of str
        Constants without which its rules stand still: such as no other mechanism uses, and where a
        rule has none, the one that fewest others use.
    dividing : frozenset of str
        Those of them that cannot be 0, as something else is divided by them.
    along : tuple of str
        Rules of other mechanisms that stand still then too.
    beyond : tuple of str
        Rules that go on, as nothing but starting amounts or volumes drives them.
    """

    name: str
    rules: tuple[str, ...]
    constants: tuple[str, ...]
    dividing: frozenset[str]
    along: tuple[str, ...]
    beyond: tuple[str, ...]


def mechanisms(network: Network) -> dict[str, Mechanism]:
    """Return the mechanisms of a network by name, in the order of their first rules."""
    return _Rates(network).mechanisms()


class _Rates:
    def __init__(self, network: Network) -> None:
        self._of = {rule.name: rule.mechanism or rule.name for rule in network.rules}
        self._texts = {f.name: f.expression for f in network.functions}
        self._texts |= {p.name: p.expression for p in network.parameters if p.derived}
        # What is 0 today still drives what it would drive.
        self._values = {p.name: p.value or 1.0 for p in network.parameters if not p.derived}
        self._below: dict[str, frozenset[str]] = {}
        self._laws: dict[str, set[str]] = {rule.name: set() for rule in network.rules}
        for reaction in network.reactions:
            for rule in (reaction.rule, *(other for other, _ in reaction.others)):
                if rule in self._laws:
                    self._laws[rule].add(reaction.law.constants[0])
        self._elsewhere = {
            name
            for text in (
                *(species.initial for species in network.species),
                *(compartment.size for compartment in network.compartments),
            )
            for part in expressions.parse(text).names
            for name in self._names(part)
        }

    def mechanisms(self) -> dict[str, Mechanism]:
        members: dict[str, list[str]] = {}
        for rule, name in self._of.items():
            members.setdefault(name, []).append(rule)
        found = {}
        for name, rules in members.items():
            driving = {
                law: self._driving(law, name) for rule in rules for law in sorted(self._laws[rule])
            }
            constants = tuple(dict.fromkeys(c for each in driving.values() for c in each))
            found[name] = Mechanism(
                name,
                tuple(rules),
                constants,
                frozenset(c for c in constants if self._divides(c)),
                tuple(r for r in self._of if self._of[r] != name and self._stopped(r, constants)),
                tuple(r for r in rules if not all(driving[law] for law in self._laws[r])),
            )
        return found

    def _divides(self, constant: str) -> bool:
        above = (name for name in self._texts if constant in self._names(name))
        return any(not math.isfinite(self._value(name, {constant})) for name in above)

    def _stopped(self, rule: str, constants: tuple[str, ...]) -> bool:
        return any(
            self._value(law, {c}) == 0
            for law in self._laws[rule]
            for c in self._names(law).intersection(constants)
        )

    def _driving(self, law: str, mechanism: str) -> list[str]:
        """Return the constants to be 0 for a rate to be so."""
        names = sorted(self._names(law) & self._values.keys() - self._elsewhere)
        fit = [name for name in names if self._value(law, {name}) == 0]
        own = [name for name in fit if self._users[name] == {mechanism}]
        return own or sorted(fit, key=lambda name: len(self._users[name]))[:1]

    @cached_property
    def _users(self) -> Mapping[str, set[str]]:
        """The mechanisms whose rates hold a name."""
        found: dict[str, set[str]] = {}
        for rule, laws in self._laws.items():
            for law in laws:
                for name in self._names(law):
                    found.setdefault(name, set()).add(self._of[rule])
        return found

    def _names(self, name: str) -> frozenset[str]:
        """Return a name with all that its expression, if it has one, rests on."""
        if name not in self._below:
            below = {name}
            if name in self._texts:
                for other in expressions.parse(self._texts[name]).names:
                    below |= self._names(other)
            self._below[name] = frozenset(below)
        return self._below[name]

    def _value(self, name: str, zeros: set[str]) -> float:
        """Return what a name comes to where some constants are 0 and all amounts 1."""
        known = {**self._values, **dict.fromkeys(zeros, 0.0)}

        def value(name: str) -> float:
            if name not in known:
                text = self._texts.get(name)
                if text is None:
                    known[name] = 1.0
                else:
                    tree = expressions.parse(text)
                    known[name] = tree.evaluate({other: value(other) for other in tree.names})
            return known[name]

        try:
            return value(name)
        except (ExpressionError, ArithmeticError, ValueError):
            return math.nan
