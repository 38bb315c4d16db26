"""All mathematics of a network as MathML nodes, with a unit for every symbol and literal.

Reactions of the same kind share their rate law (:mod:`.rate_laws`), so a network of thousands of
reactions needs tens of formulas.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from ....network.mathematics import expressions
from ....network.mathematics.numerics import parameter_values
from ....network.network import Compartment, Network
from ....network.units import units
from ....network.units.units import DIMENSIONLESS, Unit, UnitError
from ..ids import Names
from .base_units import DEFAULT_SUBSTANCE, DEFAULT_TIME, BaseUnits
from .dimensions import NOTHING, Checker, Mended, Product, Solver
from .mathml import Apply, Ci, Cn, Node, pure, ratio, total
from .rate_laws import RateLaws, Signature, signature, slot
from .translation import FormulaError, Translation


@dataclass
class Formulas:
    """The mathematics of a network."""

    base: BaseUnits  # with nothing left open
    sizes: dict[str, Node] = field(default_factory=dict)  # by compartment name, unless a number
    initial: dict[int, Node] = field(default_factory=dict)  # by species, unless a number
    derived: dict[str, Node] = field(default_factory=dict)  # constant, by name in the network
    rules: dict[str, Node] = field(default_factory=dict)  # changing, in order of dependency
    laws: dict[Signature, Node] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)  # by identifier
    literals: list[tuple[Cn, Unit]] = field(default_factory=list)
    skipped: tuple[str, ...] = ()  # parameters and functions that are not written
    mended: tuple[str, ...] = ()  # a sentence for each formula whose units disagreed


def build(network: Network, names: Names, base: BaseUnits) -> Formulas:
    """Translate all mathematics of a network and find all units.

    Raises
    ------
    FormulaError
        If something has no counterpart in SBML.
    """
    built = _Builder(network, names, base).build()
    if base.time is None and not (built.base.time is not None and built.base.time.is_time):
        base = replace(base, time=DEFAULT_TIME)
        built = _Builder(network, names, base).build()
    if base.substance is None and not _fits(built.base):
        # The declared units contradict each other; count in items and mend what disagrees.
        base = BaseUnits(units.parse("item"), base.volume, base.time)
        built = _Builder(network, names, base).build()
    return built


def _fits(base: BaseUnits) -> bool:
    assert base.substance is not None
    amount = base.substance * base.volume if base.concentrations else base.substance
    return amount.is_substance


class _Builder:
    def __init__(self, network: Network, names: Names, base: BaseUnits) -> None:
        self.network, self.names, self.base = network, names, base
        self.solver = Solver()
        self.substance = self._base_unit(base.substance, "substance", 0)
        self.time = self._base_unit(base.time, "time", 1)
        self.functions = {f.name: f for f in network.functions if not f.arguments}
        self.translation = Translation(network, names)
        self.laws = RateLaws(
            network, names, base, self.translation, parameter_values(network.parameters)
        )
        self.compartments = {c.name: c for c in network.compartments}
        self.symbols: dict[str, Product] = {}
        self._declare()
        exponents = {names.symbols[p.name]: p.value for p in network.parameters if not p.derived}
        self.checker = Checker(self.solver, self.symbols.__getitem__, self.time, exponents)
        self.out = Formulas(base)

    def _base_unit(self, unit: Unit | None, key: str, rank: int) -> Product:
        return self.solver.unknown(key, rank) if unit is None else Product(unit)

    def _declare(self) -> None:
        names = self.names
        for rank, things in (
            (3, self.network.parameters),
            (5, self.functions.values()),
            (6, self.network.groups),
        ):
            for thing in things:
                key = names.symbols[thing.name]
                known = None if thing.unit is None else Product(_parsed(thing.unit, thing.name))
                self.symbols[key] = known or self.solver.unknown(
                    key, rank + getattr(thing, "generated", False)
                )
        volume = Product(self.base.volume)
        area = volume / Product(units.parse("um")) if self.base.deep else volume
        for name, key in names.compartments.items():
            flat = name is not None and self.compartments[name].dimension == 2
            self.symbols[key] = area if flat else volume
        if names.depth is not None:
            self.symbols[names.depth] = Product(units.parse("um"))
        for key in names.species:
            self.symbols[key] = self.substance
        for index in range(64):
            self.symbols[slot(index)] = self.substance

    # -- order: what fixes units most surely comes first ------------------------------------------

    def build(self) -> Formulas:
        out = self.out
        for reaction in self.network.reactions:
            key = signature(reaction, self.network, self.compartments)
            if key not in out.laws:
                where = f"the rate law of rule {reaction.rule!r}"
                rate = self.amount / self.time
                out.laws[key] = self.checker.require(self.laws.law(key, where), rate, where)
        changing = self._changing()
        for group in self.network.groups:
            if group.name in self.names.observed.values():
                continue
            where = f"observable {group.name!r}"
            node = total([_term(weight, self.names.species[i]) for weight, i in group.terms])
            out.rules[group.name] = self.checker.require(node, self._symbol(group.name), where)
        for function in self._ordered():
            where = f"expression {function!r}"
            node = self.translation.formula(self.functions[function].expression, where)
            node = self.checker.require(node, self._symbol(function), where)
            (out.rules if function in changing else out.derived)[function] = node
        used_once = self._initial()
        for parameter in self.network.parameters:
            if parameter.derived and parameter.name not in used_once:
                where = f"parameter {parameter.name!r}"
                node = self.translation.formula(parameter.expression, where)
                out.derived[parameter.name] = self.checker.require(
                    node, self._symbol(parameter.name), where
                )
        for compartment in self.network.compartments:
            self._size(compartment)
        self._settle()
        out.skipped = (*used_once, *self.translation.inlined)
        return out

    @property
    def amount(self) -> Product:
        """Unit of an amount; where species are concentrations, that times the volume."""
        volume = Product(self.base.volume)
        return self.substance * volume if self.base.concentrations else self.substance

    def _symbol(self, name: str) -> Product:
        return self.symbols[self.names.symbols[name]]

    # -- parameters, functions, starting values ---------------------------------------------------

    def _changing(self) -> set[str]:
        """Return the functions that depend on time or observables, directly or not."""
        trees = {n: expressions.parse(f.expression) for n, f in self.functions.items()}
        changing = {group.name for group in self.network.groups}
        changing |= {name for name, tree in trees.items() if tree.timed}
        bodies = {name: body for name, (_, body) in self.translation.inlined.items()}
        changing |= {name for name, body in bodies.items() if body.timed}
        trees |= bodies
        while True:
            more = {n for n, tree in trees.items() if n not in changing and tree.names & changing}
            if not more:
                return changing
            changing |= more

    def _ordered(self) -> list[str]:
        """Return the functions so that each comes after those it uses."""
        found: dict[str, None] = {}
        open_: list[str] = []

        def visit(name: str) -> None:
            if name in found:
                return
            if name in open_:
                circle = " -> ".join([*open_[open_.index(name) :], name])
                raise FormulaError(f"Expressions refer to each other in a circle: {circle}.")
            open_.append(name)
            for other in sorted(expressions.parse(self.functions[name].expression).names):
                if other in self.functions:
                    visit(other)
            open_.pop()
            found[name] = None

        for name in self.functions:
            visit(name)
        return list(found)

    def _initial(self) -> tuple[str, ...]:
        """Translate starting amounts; return generated parameters that live on only in them."""
        used: set[str] = set()
        for parameter in self.network.parameters:
            used |= expressions.parse(parameter.expression).names
        for function in self.network.functions:
            used |= expressions.parse(function.expression).names
        for reaction in self.network.reactions:
            used |= set(reaction.law.constants)
        generated = {
            p.name: p
            for p in self.network.parameters
            if p.generated and p.derived and p.name not in used
        }
        inlined: dict[str, None] = {}
        for index, species in enumerate(self.network.species):
            text = species.initial
            if text in generated:
                inlined[text] = None
                text = generated[text].expression
            if _number(text) is None:
                where = f"the starting amount of {species.pattern}"
                node = self.translation.formula(text, where)
                self.out.initial[index] = self.checker.require(node, self.substance, where)
        return tuple(inlined)

    def _size(self, compartment: Compartment) -> None:
        if _number(compartment.size) is None:
            where = f"the size of compartment {compartment.name!r}"
            node = self.translation.formula(compartment.size, where)
            if compartment.dimension == 2 and self.names.depth is not None:
                node = ratio(node, [Ci(self.names.depth)])
            key = self.names.compartments[compartment.name]
            self.out.sizes[compartment.name] = self.checker.require(node, self.symbols[key], where)

    # -- units ------------------------------------------------------------------------------------

    def _settle(self) -> None:
        solver, out = self.solver, self.out
        solver.equal(self.time, Product(DEFAULT_TIME))
        solver.equal(self.substance, Product(DEFAULT_SUBSTANCE))
        self.checker.settle()
        for unit in self.symbols.values():
            for key in list(solver.reduced(unit).unknown):
                solver.equal(Product(unknown={key: Fraction(1)}), NOTHING)
        for key, unit in self.symbols.items():
            out.units[key] = solver.value(unit) or DIMENSIONLESS
        out.base = BaseUnits(
            solver.value(self.substance),
            self.base.volume,
            solver.value(self.time),
            self.base.concentrations,
        )
        out.mended = tuple(dict.fromkeys(_sentence(one, solver) for one in self.checker.mended))
        out.literals = [(one, self.checker.literal(one)) for one in self.checker.literals]


def _sentence(mended: Mended, solver: Solver) -> str:
    found, needed = (
        spelled(solver.value(unit) or DIMENSIONLESS) for unit in (mended.found, mended.needed)
    )
    return f"In {mended.where} a factor 1 turns {found} into {needed}, so that the units agree."


def spelled(unit: Unit) -> str:
    """Return a unit for the reader, such as ``10^-9 mole litre^-1``."""
    parts = []
    for row in units.rows(unit):
        text = row.kind
        scale = f"10^{row.scale} " if row.scale else ""
        number = f"{row.multiplier:g} " if row.multiplier != 1 else ""
        if scale or number:
            text = f"({number}{scale}{row.kind})"
        parts.append(text if row.exponent == 1 else f"{text}^{row.exponent}")
    return " ".join(parts)


def _term(weight: float, species: str) -> Node:
    if weight == 1:
        return Ci(species)
    return Apply("times", [pure(expressions.format_number(weight)), Ci(species)])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _parsed(text: str, name: str) -> Unit:
    try:
        return units.parse(text)
    except UnitError as error:
        raise FormulaError(f"The unit of {name!r}: {error}") from None
