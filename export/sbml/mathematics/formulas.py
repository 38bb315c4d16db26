"""All mathematics of a network as MathML nodes, with a unit for every symbol and literal.

Reactions of the same kind share their rate law: it is built once, with ``{0}``, ``{1}``, ... in the
place of the reactants, so a network of thousands of reactions needs tens of formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from ....network.mathematics import expressions
from ....network.mathematics.expressions import Binary, Expression, ExpressionError, Number
from ....network.mathematics.numerics import parameter_values
from ....network.network import Compartment, Network, RateLaw, Reaction
from ....network.units import units
from ....network.units.units import DIMENSIONLESS, Unit, UnitError
from ..ids import Names
from .dimensions import NOTHING, Checker, Mended, Product, Solver
from .mathml import Apply, Ci, Cn, MathError, Node, fraction, product, pure, ratio, total, translate


class FormulaError(ValueError):
    """Something in the model cannot be said in SBML; the message says what and where."""


@dataclass(frozen=True)
class BaseUnits:
    """What amounts, volumes and time are measured in; None: to be found out."""

    substance: Unit | None
    volume: Unit
    time: Unit | None
    # Whether species stand for concentrations: the model has no compartments and counts in nM.
    concentrations: bool = False

    @property
    def deep(self) -> bool:
        """Whether a surface needs a thickness to be a volume."""
        return self.volume != DIMENSIONLESS


_DEFAULT_SUBSTANCE: Final = units.parse("item")
_DEFAULT_TIME: Final = units.parse("s")

Signature = tuple[RateLaw, int, tuple[str, ...]]


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


def base_units(network: Network) -> BaseUnits:
    """Return the units a network is counted in, as far as it says."""
    said = network.metadata
    substance, volume, time = (
        None if text is None else units.parse(text)
        for text in (said.substance_unit, said.volume_unit, said.time_unit)
    )
    texts = [
        thing.unit
        for thing in (*network.parameters, *network.functions, *network.groups)
        if thing.unit is not None
    ]
    declared = [units.parse(text) for text in texts]
    if time is None:
        time = _only_time(texts)
    spatial = any("metre" in unit.dimensions for unit in declared)
    if not declared:  # nothing to find them out from
        substance = substance or _DEFAULT_SUBSTANCE
        time = time or _DEFAULT_TIME
    if not network.compartments:
        dense = spatial or (substance is not None and substance.is_concentration)
        if dense and volume is None:
            volume = units.parse("L")
        if dense and substance is not None and not substance.is_concentration:
            assert volume is not None
            substance /= volume
        return BaseUnits(substance, volume or DIMENSIONLESS, time, concentrations=dense)
    if volume is None:
        volume = units.parse("L") if spatial else DIMENSIONLESS
    return BaseUnits(substance, volume, time)


def _only_time(texts: Iterable[str]) -> Unit | None:
    """Return the one unit of time that units are declared with, if it is one."""
    found = set()
    for word in {word for text in texts for word in re.findall(r"[A-Za-z]+", text)}:
        with suppress(UnitError):
            unit = units.parse(word)
            if unit.is_time and unit.dimensions:
                found.add(unit)
    return found.pop() if len(found) == 1 else None


def build(network: Network, names: Names, base: BaseUnits) -> Formulas:
    """Translate all mathematics of a network and find all units.

    Raises
    ------
    FormulaError
        If something has no counterpart in SBML.
    """
    built = _Builder(network, names, base).build()
    if base.time is None and not (built.base.time is not None and built.base.time.is_time):
        base = replace(base, time=_DEFAULT_TIME)
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
        self.values = parameter_values(network.parameters)
        self.functions = {f.name: f for f in network.functions if not f.arguments}
        self.inlined = {
            f.name: (f.arguments, expressions.parse(f.expression))
            for f in network.functions
            if f.arguments
        }
        self.ids: dict[str, str] = dict(names.symbols)
        self.sizes = {c.name: expressions.parse(c.size) for c in network.compartments}
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
        for slot in range(64):
            self.symbols[_slot(slot)] = self.substance

    # -- order: what fixes units most surely comes first ------------------------------------------

    def build(self) -> Formulas:
        out = self.out
        for reaction in self.network.reactions:
            key = signature(reaction, self.network, self.compartments)
            if key not in out.laws:
                where = f"the rate law of rule {reaction.rule!r}"
                rate = self.amount / self.time
                out.laws[key] = self.checker.require(self._law(key, where), rate, where)
        changing = self._changing()
        for group in self.network.groups:
            where = f"observable {group.name!r}"
            node = total([_term(weight, self.names.species[i]) for weight, i in group.terms])
            out.rules[group.name] = self.checker.require(node, self._symbol(group.name), where)
        for function in self._ordered():
            where = f"expression {function!r}"
            node = self._translated(self.functions[function].expression, where)
            node = self.checker.require(node, self._symbol(function), where)
            (out.rules if function in changing else out.derived)[function] = node
        used_once = self._initial()
        for parameter in self.network.parameters:
            if parameter.derived and parameter.name not in used_once:
                where = f"parameter {parameter.name!r}"
                node = self._translated(parameter.expression, where)
                out.derived[parameter.name] = self.checker.require(
                    node, self._symbol(parameter.name), where
                )
        for compartment in self.network.compartments:
            self._size(compartment)
        self._settle()
        out.skipped = (*used_once, *self.inlined)
        return out

    @property
    def amount(self) -> Product:
        """Unit of an amount; where species are concentrations, that times the volume."""
        volume = Product(self.base.volume)
        return self.substance * volume if self.base.concentrations else self.substance

    def _symbol(self, name: str) -> Product:
        return self.symbols[self.names.symbols[name]]

    def _translated(self, text: str, where: str) -> Node:
        try:
            return translate(expressions.parse(text), self.ids, self.inlined)
        except (MathError, ExpressionError) as error:
            raise FormulaError(f"In {where}: {error}") from None

    # -- parameters, functions, starting values ---------------------------------------------------

    def _changing(self) -> set[str]:
        """Return the functions that depend on time or observables, directly or not."""
        trees = {n: expressions.parse(f.expression) for n, f in self.functions.items()}
        changing = {group.name for group in self.network.groups}
        changing |= {name for name, tree in trees.items() if tree.timed}
        bodies = {name: body for name, (_, body) in self.inlined.items()}
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
                node = self._translated(text, where)
                self.out.initial[index] = self.checker.require(node, self.substance, where)
        return tuple(inlined)

    def _size(self, compartment: Compartment) -> None:
        if _number(compartment.size) is None:
            where = f"the size of compartment {compartment.name!r}"
            node = self._translated(compartment.size, where)
            if compartment.dimension == 2 and self.names.depth is not None:
                node = ratio(node, [Ci(self.names.depth)])
            key = self.names.compartments[compartment.name]
            self.out.sizes[compartment.name] = self.checker.require(node, self.symbols[key], where)

    # -- rate laws --------------------------------------------------------------------------------

    def _law(self, key: Signature, where: str) -> Node:
        law, count, places = key
        above: list[Node] = []
        below: list[Node] = []
        factor = law.factor
        if factor.numerator != 1 or (factor.denominator & (factor.denominator - 1)) == 0:
            if factor != 1:
                above.append(fraction(factor))
        else:
            below.append(pure(factor.denominator))
        if law.conversion is not None:
            over, under = self._conversion(law.conversion, places, where)
            above += over
            below += under
        if self.base.concentrations:
            above.insert(0, Ci(self.names.compartments[None]))
        slots: list[Node] = [Ci(_slot(index)) for index in range(count)]
        constants = [Ci(self._constant(name, where)) for name in law.constants]
        over, under = _LAWS[law.kind](constants, slots)
        return ratio(product([*above, *over]), [*below, *under])

    def _constant(self, name: str, where: str) -> str:
        if name not in self.names.symbols:
            raise FormulaError(f"In {where}: the model has no {name!r}.")
        return self.names.symbols[name]

    def _conversion(
        self, text: str, places: tuple[str, ...], where: str
    ) -> tuple[list[Node], list[Node]]:
        """Return numerator and denominator of the volume factor, with compartments for sizes."""
        tree = expressions.parse(text)
        if not places:
            return [self._sized(tree, (), where)], []
        if self._matches(tree, places[0]) and len(places) == 1 and not _is_ratio(tree):
            return self._place(places[0]), []
        terms: list[Expression] = []
        while isinstance(tree, Binary) and tree.operator == "/":
            terms.insert(0, tree.right)
            tree = tree.left
        if len(terms) != len(places) or not (isinstance(tree, Number) and tree.value == 1):
            return [self._sized(expressions.parse(text), places, where)], []
        below: list[Node] = []
        for term, place in zip(terms, places, strict=True):
            if self._matches(term, place):
                below += self._place(place)
            elif (
                isinstance(term, Binary)
                and term.operator == "*"
                and self._matches(term.right, place)
            ):
                below += [self._translated(str(term.left), where), *self._place(place)]
            else:
                below.append(self._sized(term, places, where))
        return [], below

    def _place(self, name: str) -> list[Node]:
        place: list[Node] = [Ci(self.names.compartments[name])]
        if self.compartments[name].dimension == 2 and self.names.depth is not None:
            place.append(Ci(self.names.depth))
        return place

    def _matches(self, tree: Expression, place: str) -> bool:
        size = self.sizes[place]
        if tree == size:
            return True
        try:
            return tree.evaluate(self.values) == size.evaluate(self.values) and not tree.names
        except ExpressionError:
            return False

    def _sized(self, tree: Expression, places: Iterable[str], where: str) -> Node:
        """Return a volume factor of an unforeseen shape over the parameters it is written in."""
        del places
        return self._translated(str(tree), where)

    # -- units ------------------------------------------------------------------------------------

    def _settle(self) -> None:
        solver, out = self.solver, self.out
        solver.equal(self.time, Product(_DEFAULT_TIME))
        solver.equal(self.substance, Product(_DEFAULT_SUBSTANCE))
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


def signature(
    reaction: Reaction, network: Network, compartments: Mapping[str, Compartment]
) -> Signature:
    """Return what decides the rate law of a reaction but for the species in it."""
    law = reaction.law
    places: tuple[str, ...] = ()
    if law.conversion is not None and compartments:
        places = _places(reaction, network, compartments)
    return law, len(reaction.reactants), places


def _places(
    reaction: Reaction, network: Network, compartments: Mapping[str, Compartment]
) -> tuple[str, ...]:
    """Return the compartments whose sizes BioNetGen divides by, in its order.

    Of the reactants, one counts as the anchor, a surface if there is one; the volume factor is one
    over the sizes of the others' compartments. Synthesis is times the size where the product
    appears.
    """
    found = [network.species[i].compartment for i in reaction.reactants]
    if not found:
        found = [network.species[i].compartment for i in reaction.products][:1]
        return tuple(name for name in found if name is not None)
    places = [name for name in found if name is not None]
    surfaces = [name for name in places if compartments[name].dimension == 2]
    volumes = [name for name in places if compartments[name].dimension != 2]
    (surfaces or volumes).pop(0)
    return (*surfaces, *volumes)


def _slot(index: int) -> str:
    return f"{{{index}}}"


def _term(weight: float, species: str) -> Node:
    if weight == 1:
        return Ci(species)
    return Apply("times", [pure(expressions.format_number(weight)), Ci(species)])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _is_ratio(tree: Expression) -> bool:
    return isinstance(tree, Binary) and tree.operator == "/" and str(tree.left) == "1"


def _parsed(text: str, name: str) -> Unit:
    try:
        return units.parse(text)
    except UnitError as error:
        raise FormulaError(f"The unit of {name!r}: {error}") from None


# -- rate laws: numerator and denominator from constants and amounts ------------------------------

_Parts = tuple[list[Node], list[Node]]


def _elementary(constants: list[Ci], amounts: list[Node]) -> _Parts:
    return [constants[0], *amounts], []


def _michaelis(constants: list[Ci], amounts: list[Node]) -> _Parts:
    """Total quasi-steady state: the free substrate solves a quadratic."""
    kcat, km = constants
    substrate, enzyme = amounts
    rest = Apply("minus", [Apply("minus", [substrate, km]), enzyme])
    square = Apply("power", [rest, pure(2)])
    root = Apply("root", [total([square, product([pure(4), km, substrate])])])
    free = ratio(total([rest, root]), [pure(2)])
    return [kcat, enzyme, free], [total([km, free])]


def _saturating(constants: list[Ci], amounts: list[Node]) -> _Parts:
    k, *halves = constants
    below = [total([half, amount]) for half, amount in zip(halves, amounts, strict=False)]
    return [k, *amounts], below


def _hill(constants: list[Ci], amounts: list[Node]) -> _Parts:
    k, half, n = constants
    first, *rest = amounts
    power = Apply("power", [first, n])
    return [k, *rest, power], [total([Apply("power", [half, n]), power])]


_LAWS: Final = {
    "elementary": _elementary,
    "function": _elementary,
    "MM": _michaelis,
    "Sat": _saturating,
    "Hill": _hill,
}
