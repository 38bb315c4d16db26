"""Which unit everything has: solved for where nobody said it.

Each equation, rate and starting amount of a model says that two units are equal: a rate is amount
per time, the terms of a sum agree, the argument of ``exp`` has none. In logarithms these are linear
equations over exact fractions, and :class:`Solver` solves them one by one; what is unknown are the
units of parameters and of the literals in formulas. A literal that could have any unit has none.
Where an equation contradicts what is known, a factor 1 that carries the missing unit is put into
the formula, so that the numbers stay and the units agree; each one is reported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from ....network.units.units import DIMENSIONLESS, Unit
from .mathml import Apply, Ci, Cn, Node, Piecewise, Symbol, walk

_ONE: Final = Fraction(1)


@dataclass(frozen=True)
class Product:
    """A known unit times powers of unknown ones."""

    known: Unit = DIMENSIONLESS
    unknown: Mapping[object, Fraction] = field(default_factory=dict)

    def __mul__(self, other: Product) -> Product:
        if not other.unknown:
            return Product(self.known * other.known, self.unknown)
        if not self.unknown:
            return Product(self.known * other.known, other.unknown)
        unknown = dict(self.unknown)
        for key, power in other.unknown.items():
            unknown[key] = unknown.get(key, Fraction(0)) + power
        return Product(
            self.known * other.known, {key: power for key, power in unknown.items() if power}
        )

    def __pow__(self, power: Fraction | int) -> Product:
        if power == 0:
            return NOTHING
        return Product(
            self.known**power, {key: Fraction(one * power) for key, one in self.unknown.items()}
        )

    def __truediv__(self, other: Product) -> Product:
        return self * other**-1


NOTHING: Final = Product()


class Solver:
    """Solves for unknown units, one equation at a time.

    Unknowns have a rank: in an equation, the one of the highest rank is expressed by the others, so
    literals yield to parameters and parameters to the units of amount and time.
    """

    def __init__(self) -> None:
        self._ranks: dict[object, tuple[int, int]] = {}
        self._solved: dict[object, Product] = {}

    def unknown(self, key: object, rank: int) -> Product:
        """Return the unit of ``key``, unknown unless it was met before."""
        self._ranks.setdefault(key, (rank, len(self._ranks)))
        return Product(unknown={key: _ONE})

    def reduced(self, product: Product) -> Product:
        """Return the product with everything solved put in."""
        while any(key in self._solved for key in product.unknown):
            result = Product(product.known)
            for key, power in product.unknown.items():
                known = self._solved.get(key)
                result *= (
                    Product(unknown={key: power}) if known is None else self.reduced(known) ** power
                )
            product = result
        return product

    def equal(self, one: Product, other: Product) -> bool:
        """Demand that two units are equal; return whether that is possible."""
        difference = self.reduced(one / other)
        if not difference.unknown:
            return difference.known == DIMENSIONLESS
        key = max(difference.unknown, key=self._ranks.__getitem__)
        power = difference.unknown[key]
        rest = Product(
            difference.known, {k: p for k, p in difference.unknown.items() if k is not key}
        )
        self._solved[key] = rest ** (-1 / power)
        return True

    def value(self, product: Product) -> Unit | None:
        """Return the unit if it is known by now."""
        reduced = self.reduced(product)
        return None if reduced.unknown else reduced.known


@dataclass(frozen=True)
class Mended:
    """A formula whose units did not agree: where, and what was found and needed there."""

    where: str
    found: Product
    needed: Product


_DIMENSIONLESS_ARGUMENT: Final = frozenset(
    {"exp", "ln", "sin", "cos", "tan", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh"}
    | {"arcsinh", "arccosh", "arctanh"}
)
_RELATIONS: Final = frozenset({"lt", "leq", "gt", "geq", "eq", "neq"})
_LITERAL_RANK: Final = 9


class Checker:
    """Derives the units of formulas and mends those that cannot agree.

    Parameters
    ----------
    solver : Solver
        Holds what is known.
    symbols : callable
        Unit of what an identifier refers to.
    time : Product
        Unit of time.
    exponents : mapping
        Value of each identifier that may stand in an exponent.
    """

    def __init__(
        self,
        solver: Solver,
        symbols: Callable[[str], Product],
        time: Product,
        exponents: Mapping[str, float],
    ) -> None:
        self._solver, self._symbols, self._time = solver, symbols, time
        self._exponents = exponents
        self.literals: list[Cn] = []
        self.mended: list[Mended] = []
        self._where = ""

    def require(self, node: Node, unit: Product, where: str) -> Node:
        """Return the formula, mended if need be so that its unit is ``unit``."""
        self._where = where
        node, found = self._visit(node)
        return self._matched(node, found, unit)

    def infer(self, node: Node, where: str) -> tuple[Node, Product]:
        """Return the formula, mended within if need be, and its unit."""
        self._where = where
        return self._visit(node)

    def settle(self) -> None:
        """Let every literal that may be a plain number be one."""
        for literal in self.literals:
            self._solver.equal(self._literal(literal), NOTHING)

    def literal(self, node: Cn) -> Unit:
        """Return the unit of a literal, once settled."""
        return self._solver.value(self._literal(node)) or DIMENSIONLESS

    def _literal(self, node: Cn) -> Product:
        return self._solver.unknown(node, _LITERAL_RANK)

    def _matched(self, node: Node, found: Product, needed: Product) -> Node:
        if self._solver.equal(found, needed):
            return node
        self.mended.append(Mended(self._where, found, needed))
        one = Cn("1")
        self.literals.append(one)
        self._solver.equal(self._literal(one), needed / found)
        if isinstance(node, Apply) and node.operator == "times":
            return Apply("times", [*node.operands, one])
        return Apply("times", [node, one])

    def _visit(self, node: Node) -> tuple[Node, Product]:
        match node:
            case Cn():
                if node.pure:
                    return node, NOTHING
                self.literals.append(node)
                return node, self._literal(node)
            case Ci():
                return node, self._symbols(node.id)
            case Symbol():
                return node, self._time if node.name == "time" else NOTHING
            case Piecewise():
                return self._piecewise(node)
        return self._apply(node)

    def _piecewise(self, node: Piecewise) -> tuple[Node, Product]:
        node.condition, _ = self._visit(node.condition)
        node.value, unit = self._visit(node.value)
        node.otherwise, other = self._visit(node.otherwise)
        node.otherwise = self._matched(node.otherwise, other, unit)
        return node, unit

    def _apply(self, node: Apply) -> tuple[Node, Product]:
        operator = node.operator
        if operator == "power":
            return self._power(node)
        visited = [self._visit(operand) for operand in node.operands]
        node.operands = [operand for operand, _ in visited]
        found = [unit for _, unit in visited]
        if operator == "times":
            result = NOTHING
            for unit in found:
                result *= unit
            return node, result
        if operator == "divide":
            return node, found[0] / found[1]
        if operator == "root":
            return node, found[0] ** Fraction(1, 2)
        if operator in ("and", "or", "not"):
            return node, NOTHING
        if operator in _DIMENSIONLESS_ARGUMENT or operator == "log":
            node.operands[-1] = self._matched(node.operands[-1], found[-1], NOTHING)
            return node, NOTHING
        # Sums, differences, extremes, relations: all operands alike.
        for index, unit in enumerate(found[1:], start=1):
            node.operands[index] = self._matched(node.operands[index], unit, found[0])
        return node, NOTHING if operator in _RELATIONS else found[0]

    def _power(self, node: Apply) -> tuple[Node, Product]:
        base, exponent = node.operands
        base, unit = self._visit(base)
        value = self._exponent(exponent)
        if value is None or not any(isinstance(one, Ci | Symbol) for one in walk(base)):
            base = self._matched(base, unit, NOTHING)
            exponent, found = self._visit(exponent)
            exponent = self._matched(exponent, found, NOTHING)
            unit = NOTHING
        else:
            for literal in (exponent, *getattr(exponent, "operands", ())):
                if isinstance(literal, Cn):
                    literal.pure = True
                elif isinstance(literal, Ci):
                    self._solver.equal(self._symbols(literal.id), NOTHING)
            unit = unit**value
        node.operands = [base, exponent]
        return node, unit

    def _exponent(self, node: Node) -> Fraction | None:
        """Return the value of an exponent that does not change."""
        match node:
            case Cn():
                return Fraction(node.text)
            case Ci() if node.id in self._exponents:
                return Fraction(str(self._exponents[node.id]))
            case Apply(operator="minus", operands=[operand]):
                value = self._exponent(operand)
                return None if value is None else -value
        return None
