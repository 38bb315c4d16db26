"""What can be taken out of a model: proteins by their amounts, rules by their rate parameters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from ...network.mathematics.expressions.parsing import parse
from ...network.mathematics.expressions.tree import Expression, ExpressionError
from ...network.network import Network, RateLaw
from ...simulation.engines import Loaded
from ...simulation.sbml.model import SbmlError, SbmlModel, near
from ..asking.cells import amounts
from ..asking.grid import AnalysisError

PROTEIN: Final = "protein"
RULE: Final = "rule"
PARAMETER: Final = "parameter"
# Names of so many rules are told where one parameter drives several.
_NAMED: Final = 2


@dataclass(frozen=True)
class Target:
    """Something that can be taken out: what it is called, and what is set lower for it."""

    name: str
    kind: str
    sets: tuple[str, ...]

    def at(self, share: float, own: Mapping[str, float]) -> dict[str, float]:
        """Return what is set to leave a share of it, where ``own`` holds values as they are."""
        return {name: share * own[name] for name in self.sets}


def proteins(model: SbmlModel, base: Mapping[str, float] | None = None) -> list[Target]:
    """Return what starts with an amount above zero."""
    return [Target(_plain(id, model), PROTEIN, (id,)) for id in amounts(model, base)]


def rules(loaded: Loaded, base: Mapping[str, float] | None = None) -> list[Target]:
    """Return the rules that have rate parameters above zero.

    Rules that share their parameters are one target. Of a model without rules, which SBML is,
    each parameter is one that formulas use and that is no amount.
    """
    model = loaded.model
    own, _ = model.initial(base or {})
    if loaded.network is None:
        taken = set(amounts(model, base))
        derived = {start.target for start in model.starts if start.names}
        return [
            Target(id, PARAMETER, (id,))
            for id in model.settable
            if own[id]
            and id in model.used
            and id not in taken | derived
            and not model.parameters[id].compartment
        ]
    made = set(amounts(model, base))
    # A rule that makes a protein as its amount says is that protein.
    found = _Rules(loaded.network, loaded, own).targets()
    return [each for each in found if not made.issuperset(each.sets)]


def of_all(cells: Iterable[Sequence[Target]]) -> list[Target]:
    """Return the targets of several cells, each once, with all that is set for it in any."""
    found: dict[str, Target] = {}
    for each in (target for targets in cells for target in targets):
        known = found.get(each.name, each)
        sets = tuple(dict.fromkeys((*known.sets, *each.sets)))
        found[each.name] = Target(each.name, each.kind, sets)
    return list(found.values())


def chosen(found: Sequence[Target], names: str) -> list[Target]:
    """Return the targets that are named, separated by commas.

    Raises
    ------
    AnalysisError
        If there is none of a name.
    """
    known = {each.name: each for each in found}
    wanted = [name.strip() for name in names.split(",")]
    for name in wanted:
        if name not in known:
            raise AnalysisError(f"There is no {name!r} to take out.{near(name, known)}")
    return [known[name] for name in wanted]


def _plain(id: str, model: SbmlModel) -> str:
    if id in model.species:
        return model.species[id].name or id
    return id.removesuffix("_0")


class _Rules:
    """Which parameters stop which rule: those without which its rate law is zero."""

    def __init__(self, network: Network, loaded: Loaded, own: Mapping[str, float]) -> None:
        self.network, self.loaded, self.own = network, loaded, own
        symbols = (loaded.report.symbols if loaded.report else None) or {}
        self.ids = {each.name: symbols.get(each.name, each.name) for each in network.parameters}
        self.derived = {s.target for s in loaded.model.starts if s.names}
        random = np.random.default_rng(0)
        self.scope: dict[str, float] = {
            **{name: own[id] for name, id in self.ids.items() if id in own},
            **{each.name: float(random.uniform(1, 2)) for each in network.groups},
        }

    @cached_property
    def functions(self) -> Mapping[str, Expression]:
        return {each.name: parse(each.expression) for each in self.network.functions}

    @cached_property
    def parameters(self) -> Mapping[str, Expression]:
        return {each.name: parse(each.expression) for each in self.network.parameters}

    def targets(self) -> list[Target]:
        laws: dict[tuple[str, bool], RateLaw] = {}
        for reaction in self.network.reactions:
            for rule, reverse in ((reaction.rule, reaction.reverse), *reaction.others):
                laws.setdefault((rule, reverse), reaction.law)
        stops = {key: self._stops(law) for key, law in laws.items()}
        shared = Counter(name for names in stops.values() for name in names)
        sets: dict[str, set[str]] = {}
        for (rule, _), names in stops.items():
            if names:  # the one that stops the fewest others
                sets.setdefault(rule, set()).add(min(names, key=lambda each: (shared[each], each)))
        together: dict[tuple[str, ...], list[str]] = {}
        for rule, chosen in sets.items():
            together.setdefault(tuple(sorted(chosen)), []).append(rule)
        return [Target(_name(names), RULE, chosen) for chosen, names in together.items()]

    def _stops(self, law: RateLaw) -> list[str]:
        """Return the ids of the parameters without which a rate law is zero."""
        name = law.constants[0]
        upstream = self._upstream(name)
        return [
            self.ids[each]
            for each in upstream
            if self.own.get(self.ids[each])
            and self.ids[each] not in self.derived
            and self._without(name, each, upstream)
        ]

    def _upstream(self, name: str) -> list[str]:
        """Return the parameters that an expression rests on, itself among them if it is one."""
        seen: dict[str, None] = {}
        left = [name]
        while left:
            each = left.pop()
            if each in seen:
                continue
            seen[each] = None
            expression = self.functions.get(each) or self.parameters.get(each)
            left += sorted(expression.names) if expression is not None else []
        return [each for each in seen if each in self.ids]

    def _without(self, name: str, parameter: str, upstream: Iterable[str]) -> bool:
        changed = {**self.scope, parameter: 0.0}
        derived = [each for each in upstream if self.ids[each] in self.derived]
        try:
            values, _ = (
                self.loaded.model.initial({self.ids[parameter]: 0.0}) if derived else ({}, {})
            )
            changed.update({each: values[self.ids[each]] for each in derived})
            return self._value(name, changed) == 0.0
        except (ExpressionError, SbmlError):
            return False

    def _value(self, name: str, scope: dict[str, float]) -> float:
        if name not in scope:
            expression = self.functions[name]
            for each in expression.names:
                if each in self.functions:
                    scope[each] = self._value(each, scope)
            scope[name] = expression.evaluate(scope)
        return scope[name]


def _name(rules: list[str]) -> str:
    first = ", ".join(rules[:_NAMED])
    return first if len(rules) <= _NAMED else f"{first} and {len(rules) - _NAMED} more"
