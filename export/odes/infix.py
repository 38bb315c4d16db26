"""Formulas as text in the manner of a programming language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ..sbml.mathematics.mathml import Apply, Ci, Cn, Node, Piecewise, Symbol

# How tightly operators bind; what binds less needs parentheses.
_OR, _AND, _NOT, _RELATION, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(9)
_RELATIONS: Final = {"lt": "<", "leq": "<=", "gt": ">", "geq": ">=", "eq": "==", "neq": "!="}
_PLAIN: Final = {
    "exp": "exp", "ln": "log", "abs": "abs", "floor": "floor", "ceiling": "ceil", "sin": "sin",
    "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh", "root": "sqrt", "min": "min", "max": "max",
}  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """How a language writes what the customary signs do not cover.

    Parameters
    ----------
    functions : mapping
        Names of functions by MathML's, where they are other than C's.
    power, piecewise, log : str
        Templates: ``{0}`` to the ``{1}``; ``{0}`` if ``{1}`` else ``{2}``; logarithm of ``{1}`` to
        the base ``{0}``.
    logic : mapping
        Signs for ``and``, ``or``, ``not`` and relations, where they are other than C's.
    symbols : mapping
        ``time``, ``pi``, ``true`` and ``false``.
    pairs : bool
        Whether ``min`` and ``max`` take two arguments and no more.
    real : bool
        Whether whole numbers are written with a point, lest their quotient be a whole number.
    wary : bool
        Whether operands of relations and of logic stand in parentheses, as where ``a - b > c`` is
        read as ``a - (b > c)``.
    """

    functions: Mapping[str, str] = field(default_factory=dict)
    power: str = "{0}^{1}"
    piecewise: str = "({1} ? {0} : {2})"
    log: str = "log({1})/log({0})"
    logic: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)
    pairs: bool = False
    real: bool = False
    wary: bool = False

    def written(self, node: Node, ids: Mapping[str, str] | None = None) -> str:
        """Return a formula as text.

        Parameters
        ----------
        node : Node
            The formula; a reference to ``{0}`` stays a place to fill in.
        ids : mapping, optional
            What identifiers are called, where it is otherwise.
        """
        return self._text(node, ids or {})[0]

    def _text(self, node: Node, ids: Mapping[str, str]) -> tuple[str, int]:
        match node:
            case Cn(text=text):
                return f"{text}.0" if self.real and text.isdigit() else text, _ATOM
            case Ci(id=id):
                return ids.get(id, id), _ATOM
            case Symbol(name=name):
                return self.symbols.get(name, name), _ATOM
            case Piecewise():
                parts = [
                    self._text(part, ids)[0]
                    for part in (node.value, node.condition, node.otherwise)
                ]
                return self.piecewise.format(*parts), _ATOM
            case Apply(operator=operator, operands=operands):
                return self._apply(operator, operands, ids)
        raise TypeError(f"no text for {node!r}")

    def _apply(
        self, operator: str, operands: list[Node], ids: Mapping[str, str]
    ) -> tuple[str, int]:
        def inside(node: Node, least: int) -> str:
            text, binds = self._text(node, ids)
            return text if binds >= least else f"({text})"

        match operator, operands:
            case ("and" | "or", _):
                binds = _AND if operator == "and" else _OR
                sign = self.logic.get(operator, {"and": "&&", "or": "||"}[operator])
                least = _ATOM if self.wary else binds + 1
                return f" {sign} ".join(inside(each, least) for each in operands), binds
            case "not", [operand]:
                return f"{self.logic.get('not', '!')}({self._text(operand, ids)[0]})", _NOT
            case _, [left, right] if operator in _RELATIONS:
                sign = self.logic.get(operator, _RELATIONS[operator])
                least = _ATOM if self.wary else _SUM
                return f"{inside(left, least)} {sign} {inside(right, least)}", _RELATION
            case "plus", _:
                return " + ".join(inside(each, _PRODUCT) for each in operands), _SUM
            case "minus", [operand]:
                return f"-{inside(operand, _POWER)}", _SIGN
            case "minus", [left, right]:
                return f"{inside(left, _SUM)} - {inside(right, _PRODUCT)}", _SUM
            case "times", _:
                first, *rest = operands
                parts = [inside(first, _PRODUCT), *(inside(each, _POWER) for each in rest)]
                return "*".join(parts), _PRODUCT
            case "divide", [left, right]:
                return f"{inside(left, _PRODUCT)}/{inside(right, _POWER)}", _PRODUCT
            case "power", [base, exponent]:
                return self.power.format(inside(base, _ATOM), inside(exponent, _ATOM)), _POWER
            case "log", [base, argument]:
                parts = [self._text(each, ids)[0] for each in (base, argument)]
                return self.log.format(*parts), _PRODUCT
            case ("min" | "max", [first, *rest]) if self.pairs and len(operands) > 2:
                nested = rest[0] if len(rest) == 1 else Apply(operator, rest)
                return self._apply(operator, [first, nested], ids)
        name = self.functions.get(operator, _PLAIN.get(operator, ""))
        if not name:
            raise TypeError(f"no text for {operator!r}")
        return f"{name}({', '.join(self._text(each, ids)[0] for each in operands)})", _ATOM
