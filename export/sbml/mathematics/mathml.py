"""Mathematics on its way from BioNetGen's expressions to MathML.

:func:`translate` turns an expression tree into MathML's own vocabulary, nothing else: ``if``
becomes a piecewise, ``rint`` a floor, truth values and numbers are kept apart as SBML demands. The
result is mutable in one point: every literal can be given a unit (:mod:`.dimensions` does).
:func:`written` prints.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Final

from ....network.mathematics import expressions
from ....network.mathematics.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    ExpressionError,
    Name,
    Number,
    Time,
    Unary,
)


class MathError(ValueError):
    """The expression has no counterpart in MathML; the message says what is missing."""


@dataclass(eq=False, slots=True)
class Cn:
    """A literal. ``unit`` is the id of its unit; ``pure`` literals have none by nature."""

    text: str
    unit: str | None = None
    pure: bool = False


@dataclass(eq=False, slots=True)
class Ci:
    """A reference to something with an identifier."""

    id: str


@dataclass(eq=False, slots=True)
class Symbol:
    """``time``, ``pi``, ``true`` or ``false``."""

    name: str


@dataclass(eq=False, slots=True)
class Apply:
    """An operator of MathML and its operands."""

    operator: str
    operands: list[Node]


@dataclass(eq=False, slots=True)
class Piecewise:
    """``value`` if ``condition``, else ``otherwise``."""

    value: Node
    condition: Node
    otherwise: Node


Node = Cn | Ci | Symbol | Apply | Piecewise


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    yield node
    for operand in operands(node):
        yield from walk(operand)


def operands(node: Node) -> tuple[Node, ...]:
    """Return the nodes one step below."""
    match node:
        case Apply():
            return tuple(node.operands)
        case Piecewise():
            return (node.value, node.condition, node.otherwise)
    return ()


# -- short forms ----------------------------------------------------------------------------------


def pure(value: int | str) -> Cn:
    """Return a literal that counts and so has no unit."""
    return Cn(str(value), pure=True)


def product(factors: list[Node]) -> Node:
    """Return the product; of nothing, 1."""
    if len(factors) > 1:
        return Apply("times", factors)
    return factors[0] if factors else pure(1)


def total(terms: list[Node]) -> Node:
    """Return the sum; of nothing, 0."""
    if len(terms) > 1:
        return Apply("plus", terms)
    return terms[0] if terms else Cn("0")


def ratio(numerator: Node, denominators: list[Node]) -> Node:
    """Return the numerator divided by the product of the denominators."""
    return Apply("divide", [numerator, product(denominators)]) if denominators else numerator


def fraction(value: Fraction) -> Node:
    """Return an exact number without a unit."""
    if value.denominator == 1:
        return pure(value.numerator)
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1:
        return pure(format(Decimal(value.numerator) / Decimal(value.denominator), "f"))
    return Apply("divide", [pure(value.numerator), pure(value.denominator)])


# -- from BioNetGen's expressions -----------------------------------------------------------------

_ARITHMETIC: Final = {"+": "plus", "-": "minus", "*": "times", "/": "divide"}
_RELATIONS: Final = {"<": "lt", "<=": "leq", ">": "gt", ">=": "geq", "==": "eq", "!=": "neq"}
_LOGIC: Final = {"&&": "and", "||": "or"}
_SAME: Final = {
    "exp": "exp", "ln": "ln", "abs": "abs", "floor": "floor", "ceil": "ceiling", "sin": "sin",
    "cos": "cos", "tan": "tan", "asin": "arcsin", "acos": "arccos", "atan": "arctan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "asinh": "arcsinh", "acosh": "arccosh",
    "atanh": "arctanh", "sqrt": "root", "min": "min", "max": "max",
}  # fmt: skip
_CONSTANTS: Final = {"_pi": "pi"}


def translate(
    tree: Expression,
    ids: Mapping[str, str],
    inlined: Mapping[str, tuple[tuple[str, ...], Expression]] | None = None,
) -> Node:
    """Return an expression as MathML would say it.

    Parameters
    ----------
    tree : Expression
        What is translated.
    ids : mapping
        Identifier of each name that may occur.
    inlined : mapping, optional
        Functions with arguments: names of the arguments and body; calls are replaced by the body.

    Raises
    ------
    MathError
        If a name has no identifier or a function no counterpart.
    """
    return _Translator(ids, inlined or {}).number(tree)


class _Translator:
    def __init__(
        self, ids: Mapping[str, str], inlined: Mapping[str, tuple[tuple[str, ...], Expression]]
    ) -> None:
        self._ids, self._inlined = ids, inlined

    def number(self, tree: Expression) -> Node:
        """Translate where a number is wanted; truth becomes 1, falsehood 0."""
        node = self._node(tree)
        return Piecewise(Cn("1"), node, Cn("0")) if logical(tree) else node

    def truth(self, tree: Expression) -> Node:
        """Translate where a truth value is wanted; anything but 0 is true."""
        node = self._node(tree)
        return node if logical(tree) else Apply("neq", [node, Cn("0")])

    def _node(self, tree: Expression) -> Node:
        match tree:
            case Number():
                return self._literal(tree)
            case Name():
                return Ci(self._id(tree.name))
            case Time():
                return Symbol("time")
            case Constant(name="_e"):
                # Not <exponentiale/>, whose unit libSBML does not know.
                return Apply("exp", [pure(1)])
            case Constant():
                return Symbol(_CONSTANTS[tree.name])
            case Unary(operator="!"):
                return Apply("not", [self.truth(tree.operand)])
            case Unary(operator="-"):
                return Apply("minus", [self.number(tree.operand)])
            case Unary():
                return self.number(tree.operand)
            case Binary(operator="^") | Call() if (literal := _folded(tree)) is not None:
                return self._literal(literal)
            case Binary(operator="^"):
                return self._power(tree)
            case Binary():
                return self._binary(tree)
            case Call():
                return self._call(tree)
        raise MathError(f"{str(tree)!r} has no counterpart in SBML.")

    def _literal(self, tree: Number) -> Node:
        if tree.value != tree.value or tree.value in (float("inf"), float("-inf")):
            raise MathError(f"The number {tree} is not finite.")
        text = expressions.format_number(tree.value)
        if text.startswith("-"):
            return Apply("minus", [Cn(text[1:])])
        return Cn(text)

    def _id(self, name: str) -> str:
        if name not in self._ids:
            near = difflib.get_close_matches(name, self._ids, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise MathError(f"The model has no {name!r}.{hint}")
        return self._ids[name]

    def _binary(self, tree: Binary) -> Node:
        if tree.operator in _LOGIC:
            return Apply(_LOGIC[tree.operator], [self.truth(tree.left), self.truth(tree.right)])
        if tree.operator in _RELATIONS:
            return Apply(
                _RELATIONS[tree.operator], [self.number(tree.left), self.number(tree.right)]
            )
        operator = _ARITHMETIC[tree.operator]
        left, right = self.number(tree.left), self.number(tree.right)
        if operator in ("plus", "times") and isinstance(left, Apply) and left.operator == operator:
            return Apply(operator, [*left.operands, right])
        return Apply(operator, [left, right])

    def _power(self, tree: Binary) -> Node:
        """Translate a power, without a minus at its exponent: libSBML tells no unit of such."""
        base, exponent = self.number(tree.left), _folded(tree.right) or tree.right
        if isinstance(exponent, Number) and exponent.value < 0:
            exponent = Unary("-", Number(-exponent.value))
        if isinstance(exponent, Unary) and exponent.operator == "-":
            below = Apply("power", [base, self.number(exponent.operand)])
            return Apply("divide", [pure(1), below])
        return Apply("power", [base, self.number(exponent)])

    def _call(self, tree: Call) -> Node:
        name = tree.name
        if not tree.arguments:
            return Ci(self._id(name))
        if name in self._inlined:
            arguments, body = self._inlined[name]
            return self.number(body.substitute(dict(zip(arguments, tree.arguments, strict=True))))
        if name == "if":
            condition, then, otherwise = tree.arguments
            return Piecewise(self.number(then), self.truth(condition), self.number(otherwise))
        values = [self.number(argument) for argument in tree.arguments]
        if name in ("min", "max", "sum") and len(values) == 1:
            return values[0]
        if name in _SAME:
            return Apply(_SAME[name], values)
        match name:
            case "log10":
                return Apply("log", [pure(10), *values])
            case "log2":
                return Apply("log", [pure(2), *values])
            case "rint":  # BioNetGen rounds halves up
                return Apply("floor", [Apply("plus", [values[0], Cn("0.5")])])
            case "sign":
                (value,) = tree.arguments
                negative = Piecewise(
                    Apply("minus", [Cn("1")]),
                    Apply("lt", [self.number(value), Cn("0")]),
                    Cn("0"),
                )
                return Piecewise(Cn("1"), Apply("gt", [values[0], Cn("0")]), negative)
            case "sum":
                return total(values)
            case "avg":
                return ratio(total(values), [pure(len(values))])
        if name in expressions.BUILT_IN:
            raise MathError(f"The function {name!r} has no counterpart in SBML.")
        raise MathError(str(expressions.UnknownFunctionError(name)))


def _folded(tree: Expression) -> Number | None:
    """Return the value of a formula of literals alone, which is then a literal with a unit."""
    if any(isinstance(node, Name | Time | Constant) for node in tree.walk()):
        return None
    try:
        value = tree.evaluate()
    except ExpressionError:  # a function of the model's own, or nothing finite
        return None
    return Number(float(value)) if isfinite(value) else None


def logical(tree: Expression) -> bool:
    """Whether the translation of the tree is a truth value."""
    match tree:
        case Binary():
            return tree.operator in _RELATIONS or tree.operator in _LOGIC
        case Unary():
            return tree.operator == "!" or (tree.operator == "+" and logical(tree.operand))
    return False


# -- to text --------------------------------------------------------------------------------------

_SYMBOLS: Final = {
    "time": '<csymbol encoding="text" definitionURL="http://www.sbml.org/sbml/symbols/time">'
    "time</csymbol>",
    "pi": "<pi/>",
    "true": "<true/>",
    "false": "<false/>",
}


def written(node: Node, *, units: bool = True, lacking: Collection[str] = ()) -> str:
    """Return the MathML of a node, without the ``<math>`` around it.

    Parameters
    ----------
    node : Node
        What is printed.
    units : bool
        Whether literals say their units; Level 2 has no place for them.
    lacking : collection of str
        Operators the target lacks; ``min`` and ``max`` are then written as piecewise.
    """
    match node:
        case Ci():
            return f"<ci>{node.id}</ci>"
        case Cn():
            return _cn(node, units)
        case Symbol():
            return _SYMBOLS[node.name]
        case Piecewise():
            parts = [written(part, units=units, lacking=lacking) for part in operands(node)]
            value, condition, otherwise = parts
            return (
                f"<piecewise><piece>{value}{condition}</piece>"
                f"<otherwise>{otherwise}</otherwise></piecewise>"
            )
    if node.operator in lacking:
        return written(_extreme(node), units=units, lacking=lacking)
    parts = [written(part, units=units, lacking=lacking) for part in node.operands]
    if node.operator == "log":
        parts[0] = f"<logbase>{parts[0]}</logbase>"
    return f"<apply><{node.operator}/>{''.join(parts)}</apply>"


def _cn(node: Cn, units: bool) -> str:
    name = "dimensionless" if node.pure else node.unit
    unit = f' sbml:units="{name}"' if units and name is not None else ""
    text = node.text
    if text.isdigit() and len(text) <= 9:
        return f'<cn{unit} type="integer">{text}</cn>'
    # Digit by digit, however long: libSBML multiplies the parts of an e-notation itself, which
    # rounds twice, and the number would not be read back as the very same.
    return f"<cn{unit}>{Decimal(text):f}</cn>"


def _extreme(node: Apply) -> Node:
    """Return ``min`` or ``max`` without using them."""
    relation = "leq" if node.operator == "min" else "geq"
    first, *rest = node.operands
    if not rest:
        return first
    other = rest[0] if len(rest) == 1 else _extreme(Apply(node.operator, rest))
    return Piecewise(first, Apply(relation, [first, other]), other)
