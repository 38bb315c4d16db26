"""The numbers of a network: parameters, observables, functions and rates at given amounts.

This is the plain meaning of a :class:`~.network.Network`, one reaction at a time, for checks and
for reading; simulators have their own, faster ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from math import prod, sqrt

from ..network import Network, Parameter, RateLaw
from . import expressions
from .expressions import ExpressionError


def parameter_values(
    parameters: Iterable[Parameter], changes: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the value of every parameter, derived ones computed from the others.

    Parameters
    ----------
    parameters : iterable of Parameter
        In any order.
    changes : mapping, optional
        Values that replace those of the named parameters, derived ones included.

    Raises
    ------
    ExpressionError
        If an expression cannot be evaluated, or parameters refer to each other in a circle.
    """
    texts = {parameter.name: parameter.expression for parameter in parameters}
    found: dict[str, float] = dict(changes or {})
    open_names: list[str] = []

    def value(name: str) -> float:
        if name not in found:
            if name in open_names:
                circle = " -> ".join([*open_names[open_names.index(name) :], name])
                raise ExpressionError(f"Parameters refer to each other in a circle: {circle}.")
            open_names.append(name)
            tree = expressions.parse(texts[name])
            found[name] = tree.evaluate(_Lazy(texts, value))
            open_names.pop()
        return found[name]

    for name, text in texts.items():
        if name not in found:
            try:
                found[name] = float(text)
            except ValueError:
                value(name)
    return {name: found[name] for name in texts}


class _Lazy(Mapping[str, float]):
    """A mapping whose values are worked out when asked for."""

    def __init__(self, names: Mapping[str, object], value: Callable[[str], float]) -> None:
        self._names, self._compute = names, value

    def __getitem__(self, name: str) -> float:
        if name not in self._names:
            raise KeyError(name)
        return self._compute(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Values:
    """Values of everything that has a name in a network, at one moment.

    Parameters
    ----------
    network : Network
        What is evaluated.
    amounts : sequence of float, optional
        Amount of each species; by default the initial one.
    time : float, optional
        Model time.
    changes : mapping, optional
        Values that replace those of the named parameters.
    """

    def __init__(
        self,
        network: Network,
        amounts: Sequence[float] | None = None,
        *,
        time: float = 0.0,
        changes: Mapping[str, float] | None = None,
    ) -> None:
        self.network = network
        self.parameters = parameter_values(network.parameters, changes)
        if amounts is None:
            amounts = [self._constant(species.initial) for species in network.species]
        self._functions = {function.name: function for function in network.functions}
        self._set(amounts, time)

    def at(self, amounts: Sequence[float], time: float = 0.0) -> Values:
        """Return the values at other amounts and another time, with the same parameters."""
        other = copy(self)
        other._set(amounts, time)
        return other

    def _set(self, amounts: Sequence[float], time: float) -> None:
        self.amounts = list(amounts)
        self.time = time
        self._known: dict[str, float] = dict(self.parameters)
        for group in self.network.groups:
            self._known[group.name] = sum(w * self.amounts[i] for w, i in group.terms)
        names = dict.fromkeys([*self._known, *self._functions])
        self._scope = _Lazy(names, self.__getitem__)

    def __getitem__(self, name: str) -> float:
        """Return the value of a parameter, an observable or a function without arguments."""
        if name not in self._known:
            if name not in self._functions:
                raise KeyError(name)
            self._known[name] = self.evaluate(self._functions[name].expression)
        return self._known[name]

    def evaluate(self, text: str) -> float:
        """Return the value of any expression over the network's names."""
        return expressions.parse(text).evaluate(self._scope, self.time)

    def changes(self) -> list[float]:
        """Return the rate of change of each species, in amount per time."""
        change = [0.0] * len(self.amounts)
        for reaction, rate in zip(self.network.reactions, self.rates(), strict=True):
            for index in reaction.reactants:
                change[index] -= rate
            for index in reaction.products:
                change[index] += rate
        for index, species in enumerate(self.network.species):
            if species.fixed:
                change[index] = 0.0
        return change

    def _constant(self, text: str) -> float:
        try:
            return float(text)
        except ValueError:
            return expressions.parse(text).evaluate(self.parameters)

    def sizes(self) -> dict[str, float]:
        """Return the size of each compartment."""
        return {c.name: self._constant(c.size) for c in self.network.compartments}

    def constant(self, law: RateLaw) -> float:
        """Return factor times conversion times first constant, which amounts are multiplied by."""
        conversion = 1.0 if law.conversion is None else self._constant(law.conversion)
        return float(law.factor) * conversion * self.evaluate(law.constants[0])

    def rates(self) -> list[float]:
        """Return the rate of every reaction, in amount per time."""
        return [
            self._rate(r.law, [self.amounts[i] for i in r.reactants])
            for r in self.network.reactions
        ]

    def _rate(self, law: RateLaw, amounts: list[float]) -> float:
        first = self.constant(law)
        if law.kind in ("elementary", "function"):
            return first * prod(amounts)
        others = [self[name] for name in law.constants[1:]]
        if law.kind == "MM":
            (km,), (substrate, enzyme) = others, amounts
            b = substrate - km - enzyme
            free = 0.5 * (b + sqrt(b * b + 4 * km * substrate))
            return first * free * enzyme / (km + free)
        if law.kind == "Sat":
            return (
                first * prod(amounts) / prod(k + s for k, s in zip(others, amounts, strict=False))
            )
        (k, n), (substrate, *rest) = others, amounts
        return first * prod(rest) * substrate**n / (k**n + substrate**n)
