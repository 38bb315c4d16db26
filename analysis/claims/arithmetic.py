"""Arithmetic on named numbers or time courses: the readouts and formulas of claims."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

_BINARY: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "min": lambda *values: np.minimum.reduce(values),
    "max": lambda *values: np.maximum.reduce(values),
    "abs": np.abs,
    "log": np.log,
}


class FormulaError(ValueError):
    """Text that is no arithmetic."""


@dataclass(frozen=True)
class Formula:
    """Arithmetic over names."""

    text: str
    names: frozenset[str]

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Return its value; division by zero gives infinity or NaN, as arrays do."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return _value(ast.parse(self.text, mode="eval").body, values)


def read(text: str) -> Formula:
    """Read a formula of ``+ - * / **``, parentheses, numbers, names, min, max, abs and log.

    Raises
    ------
    FormulaError
        If there is anything else in it.

    Examples
    --------
    >>> float(read("pS6K / (S6K + 1)")({"pS6K": 3.0, "S6K": 5.0}))
    0.5
    """
    try:
        tree = ast.parse(str(text).strip(), mode="eval")
    except SyntaxError:
        raise FormulaError(f"{text!r} is no formula") from None
    names: set[str] = set()
    _check(tree.body, names, str(text))
    return Formula(str(text).strip(), frozenset(names))


def _check(node: ast.AST, names: set[str], text: str) -> None:
    match node:
        case ast.Constant(value=int() | float()):
            return
        case ast.Name(id=name):
            names.add(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            _check(operand, names, text)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            _check(left, names, text)
            _check(right, names, text)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
            for argument in arguments:
                _check(argument, names, text)
        case _:
            raise FormulaError(
                f"{text!r} holds more than + - * / **, numbers, names, min, max, abs and log"
            )


def _value(node: ast.AST, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as value):
            return np.float64(value)
        case ast.Name(id=name):
            return np.asarray(values[name], dtype=float)
        case ast.UnaryOp(operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, values), _value(right, values))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name](*(_value(argument, values) for argument in arguments))
    raise AssertionError(node)
