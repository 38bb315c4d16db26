"""Formulas as Python over SymPy, as PySB takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...network.mathematics import expressions
from ...network.mathematics.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Name,
    Number,
    Time,
    Unary,
)
from ..holding import CannotHoldError
from ..sbml.mathematics.mathml import logical

_CALLS: Final = {
    "exp": "sympy.exp({0})", "ln": "sympy.log({0})", "log10": "sympy.log({0}, 10)",
    "log2": "sympy.log({0}, 2)", "sqrt": "sympy.sqrt({0})", "abs": "sympy.Abs({0})",
    "floor": "sympy.floor({0})", "ceil": "sympy.ceiling({0})",
    "rint": "sympy.floor({0} + sympy.Rational(1, 2))", "sign": "sympy.sign({0})",
    **{
        name: f"sympy.{name}({{0}})"
        for name in (
            *("sin", "cos", "tan", "asin", "acos", "atan"),
            *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        )
    },
}  # fmt: skip
_RELATIONS: Final = {"<": "Lt", "<=": "Le", ">": "Gt", ">=": "Ge", "==": "Eq", "!=": "Ne"}


def written(tree: Expression, names: Mapping[str, str]) -> str:
    """Return a formula as Python over SymPy.

    Parameters
    ----------
    tree : Expression
        The formula.
    names : mapping
        The Python variable of each name.

    Raises
    ------
    CannotHoldError
        If SymPy lacks a function.
    """

    def number(node: Expression) -> str:
        match node:
            case _ if logical(node):
                return f"sympy.Piecewise((1, {truth(node)}), (0, True))"
            case Number():
                return expressions.format_number(node.value)
            case Name(name=name):
                return names[name]
            case Time():
                return "pysb.core.time"
            case Constant(name=name):
                return {"_pi": "sympy.pi", "_e": "sympy.E"}[name]
            case Unary(operator=operator, operand=operand):
                return f"({operator}{number(operand)})"
            case Binary(operator=operator, left=left, right=right):
                sign = "**" if operator == "^" else operator
                return f"({number(left)} {sign} {number(right)})"
            case Call(name="if", arguments=(condition, then, otherwise)):
                pieces = f"({number(then)}, {truth(condition)}), ({number(otherwise)}, True)"
                return f"sympy.Piecewise({pieces})"
            case Call(name=name, arguments=arguments):
                return call(name, [number(each) for each in arguments])
        raise TypeError(f"no Python for {node!r}")

    def truth(node: Expression) -> str:
        match node:
            case Unary(operator="!", operand=operand):
                return f"sympy.Not({truth(operand)})"
            case Binary(operator="&&" | "||" as operator, left=left, right=right):
                kind = "And" if operator == "&&" else "Or"
                return f"sympy.{kind}({truth(left)}, {truth(right)})"
            case Binary(operator=operator, left=left, right=right) if operator in _RELATIONS:
                return f"sympy.{_RELATIONS[operator]}({number(left)}, {number(right)})"
        return f"sympy.Ne({number(node)}, 0)"

    def call(name: str, given: list[str]) -> str:
        if name in names and name not in expressions.BUILT_IN:
            return f"{names[name]}({', '.join(given)})" if given else names[name]
        if name in ("min", "max"):
            return f"sympy.{name.title()}({', '.join(given)})"
        if name in ("sum", "avg"):
            total = " + ".join(given)
            return f"({total})" if name == "sum" else f"(({total})/{len(given)})"
        if name not in _CALLS:
            raise CannotHoldError(f"PySB has no function {name!r}.")
        return _CALLS[name].format(*given)

    return number(tree)
