"""Writing a PySB model as BNGL, so that it goes the same way as a ``.bngl`` file.

PySB's own generator supplies the patterns. The rest is written here, because PySB hands BNG2.pl
functions it does not know, numbers of 15 digits inside expressions, and ``-x^2`` where BNG2.pl
squares ``-x``; and because BNG2.pl refuses some names that PySB allows (``time``, ``max``,
``begin``, ...).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pysb
import sympy
from pysb.core import SpecialSymbol
from pysb.generator.bng import (
    format_complexpattern,
    format_monomer_site,
    format_reactionpattern,
)
from sympy.core.function import AppliedUndef

from ..mathematics import expressions
from ..mathematics.expressions import format_number
from .pysb_expressions import TranslationError, formulas, translate

if TYPE_CHECKING:
    from pysb import Model, Rule

# What BNG2.pl reads as a function, a rate law or a modifier of a rule.
_RESERVED: Final = frozenset(
    {*expressions.BUILT_IN, *expressions.CONSTANTS, "time", "TFUN", "end"}
    | {"Sat", "MM", "Hill", "Arrhenius", "FunctionProduct"}
    | {"TotalRate", "DeleteMolecules", "MoveConnected", "priority"}
)


class ModelError(ValueError):
    """A PySB model that cannot be written as BNGL; the message names the component."""


@dataclass(frozen=True)
class Bngl:
    """A model as text."""

    text: str
    # Name in the text -> name in the model, where BNG2.pl refuses the latter.
    renamed: Mapping[str, str] = field(default_factory=dict)


def write(model: Model) -> Bngl:
    """Return a model as BNGL text; the model is not touched.

    Raises
    ------
    ModelError
        If the model has no rules, or a component cannot be said in BNGL.
    """
    _check_names(model)
    return _Writer(model).write()


def _check_names(model: Model) -> None:
    """Raise an error if two components share a name, which PySB lets pass in some ways."""
    kinds: dict[str, list[str]] = {}
    for components in (
        *(model.monomers, model.compartments, model.tags, model.parameters, model.expressions),
        *(model.observables, model.rules, model.energypatterns),
    ):
        for component in components:
            kinds.setdefault(component.name, []).append(type(component).__name__)
    shared = [
        f"{name!r} is the name of {' and '.join(f'a {kind}' for kind in found)}"
        for name, found in kinds.items()
        if len(found) > 1
    ]
    if shared:
        raise ModelError(f"{'; '.join(shared)}. Each component needs a name of its own.")


def _constants(formulas: Mapping[str, sympy.Basic]) -> list[str]:
    """Return the expressions that depend on parameters and numbers alone, in order of their needs.

    PySB counts anything with pi, e or a condition in it as dynamic. BNG2.pl takes these for
    parameters, and wants each after those that it needs.

    Raises
    ------
    ModelError
        If some need each other.
    """
    needs = {
        name: {atom.name for atom in formula.atoms(pysb.Expression)}
        for name, formula in formulas.items()
    }
    changing = {
        name
        for name, formula in formulas.items()
        if formula.atoms(AppliedUndef)
        or any(
            isinstance(atom, pysb.Observable | pysb.Tag | SpecialSymbol)
            for atom in formula.atoms(sympy.Symbol)
        )
    }
    while more := {name for name in needs if name not in changing and needs[name] & changing}:
        changing |= more
    waiting = [name for name in formulas if name not in changing]
    done: list[str] = []
    while waiting:
        ready = [name for name in waiting if not needs[name] & set(waiting)]
        if not ready:
            raise ModelError(f"Expressions need each other in a circle: {', '.join(waiting)}.")
        done += ready
        waiting = [name for name in waiting if name not in ready]
    return done


class _Writer:
    def __init__(self, model: Model) -> None:
        self.model = model
        try:
            self.formulas = formulas(model)
        except TranslationError as error:
            raise ModelError(f"{error}.") from None
        self.constants = _constants(self.formulas)
        taken = {component.name for component in model.all_components()}
        self.names: dict[str, str] = {}
        for component in model.all_components():
            name = component.name
            if name in _RESERVED or name.startswith("begin"):
                if isinstance(component, pysb.Monomer | pysb.Compartment) and name in _RESERVED:
                    continue  # read where nothing else can stand
                if name in expressions.CONSTANTS or isinstance(
                    component, pysb.Monomer | pysb.Compartment | pysb.Tag
                ):
                    raise ModelError(
                        f"BioNetGen means something else by the name of {component!r}. "
                        "Give it another."
                    )
                new = f"_{name}"
                while new in taken:
                    new = f"_{new}"
                taken.add(new)
                self.names[name] = new

    def write(self) -> Bngl:
        if not self.model.rules:
            raise ModelError(f"The model {self.model.name!r} has no rules.")
        blocks = {
            "parameters": self.parameters(),
            "compartments": self.compartments(),
            "molecule types": self.molecules(),
            "observables": self.observables(),
            "functions": self.functions(),
            "seed species": self.seeds(),
            "energy patterns": self.energies(),
            "reaction rules": self.rules(),
        }
        lines = ["begin model"]
        for title, content in blocks.items():
            inner = [f"  {line}" for line in content]
            if inner:
                lines += [f"begin {title}", *inner, f"end {title}"]
        lines.append("end model")
        return Bngl("\n".join(lines) + "\n", {new: old for old, new in self.names.items()})

    def name(self, component: Any) -> str:
        name = str(component.name)
        return self.names.get(name, name)

    def parameters(self) -> Iterator[str]:
        for parameter in self.model.parameters:
            if not math.isfinite(parameter.value):
                raise ModelError(
                    f"Parameter {parameter.name!r} has the value {parameter.value}; "
                    "BioNetGen needs finite numbers."
                )
            yield f"{self.name(parameter)} {format_number(parameter.value)}"
        for name in self.constants:
            yield f"{self.names.get(name, name)} = {self.formula(name)}"

    def functions(self) -> Iterator[str]:
        # Without the sign, BNG2.pl takes the first lone one in the formula away: ">=" becomes ">".
        for name in self.formulas:
            if name not in self.constants:
                yield f"{self.names.get(name, name)}({self.tags(name)}) = {self.formula(name)}"

    def tags(self, name: str) -> str:
        return ",".join(sorted(tag.name for tag in self.formulas[name].atoms(pysb.Tag)))

    def formula(self, name: str) -> str:
        try:
            tree = translate(self.formulas[name], self.names, native=True)
        except TranslationError as error:
            raise ModelError(f"Expression {name!r}: {error}.") from None
        return expressions.parenthesised(tree)

    def compartments(self) -> Iterator[str]:
        # BNG2.pl wants the outer one first.
        done: set[str] = set()
        waiting = list(self.model.compartments)
        while waiting:
            ready = [c for c in waiting if c.parent is None or c.parent.name in done]
            if not ready:
                raise ModelError(f"Compartment {waiting[0].name!r} has a parent outside the model.")
            for compartment in ready:
                size = "1" if compartment.size is None else self.name(compartment.size)
                parent = "" if compartment.parent is None else f" {compartment.parent.name}"
                yield f"{compartment.name} {compartment.dimension} {size}{parent}"
            done.update(c.name for c in ready)
            waiting = [c for c in waiting if c.name not in done]

    def molecules(self) -> Iterator[str]:
        for monomer in self.model.monomers:
            sites = ",".join(format_monomer_site(monomer, site) for site in monomer.sites)
            yield f"{monomer.name}({sites})"

    def observables(self) -> Iterator[str]:
        for observable in self.model.observables:
            pattern = format_reactionpattern(observable.reaction_pattern, for_observable=True)
            yield f"{observable.match.title()} {self.name(observable)} {pattern}"

    def seeds(self) -> Iterator[str]:
        for initial in self.model.initials:
            pattern = format_complexpattern(initial.pattern, initial.fixed)
            yield f"{pattern} {self.name(initial.value)}"

    def energies(self) -> Iterator[str]:
        for energy in self.model.energypatterns:
            pattern = format_complexpattern(energy.pattern)
            yield f"{self.name(energy)}: {pattern} {self.name(energy.energy)}"

    def rules(self) -> Iterator[str]:
        for rule in self.model.rules:
            yield self.rule(rule)

    def rule(self, rule: Rule) -> str:
        sides = [
            format_reactionpattern(side if side.complex_patterns else None)
            for side in (rule.reactant_pattern, rule.product_pattern)
        ]
        arrow = " <-> " if rule.is_reversible else " -> "
        words = [f"{self.name(rule)}: {arrow.join(sides)}"]
        if rule.energy:
            words.append(
                f"Arrhenius({self.rate(rule.rate_forward)},{self.rate(rule.rate_reverse)})"
            )
        elif rule.is_reversible:
            words.append(f"{self.rate(rule.rate_forward)},{self.rate(rule.rate_reverse)}")
        else:
            words.append(self.rate(rule.rate_forward))
        words += ["DeleteMolecules"] if rule.delete_molecules else []
        words += ["MoveConnected"] if rule.move_connected else []
        words += ["TotalRate"] if rule.total_rate else []
        return " ".join(words)

    def rate(self, value: pysb.Parameter | pysb.Expression) -> str:
        if isinstance(value, pysb.Expression) and value.name not in self.constants:
            return f"{self.name(value)}({self.tags(value.name)})"
        return self.name(value)
