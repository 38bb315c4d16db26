"""The words of the language: functions, constants, operators, numbers."""

from __future__ import annotations

import difflib
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn


class ExpressionError(ValueError):
    """The text is no expression, or cannot be evaluated."""


class UnknownFunctionError(ExpressionError):
    """A function that is neither built in nor defined by the model."""

    def __init__(self, name: str) -> None:
        near = difflib.get_close_matches(name, BUILT_IN, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        super().__init__(f"There is no function {name!r}.{hint}")
        self.name = name


@dataclass(frozen=True)
class BuiltIn:
    """A function of the language; ``most`` None: any number of arguments."""

    function: Callable[..., float]
    least: int = 1
    most: int | None = 1


def _mratio(a: float, b: float, z: float) -> float:
    """M(a+1, b+1, z) / M(a, b, z) of Kummer's function M.

    The functions themselves leave the range of a double long before their ratio does.
    """
    from sympy import hyper  # only models of this rare kind pay for the import

    above: Any = hyper([a + 1], [b + 1], z)
    ratio = (above / hyper([a], [b], z)).evalf(17)
    if not ratio.is_real or not ratio.is_finite:
        raise ValueError(f"mratio({a:g}, {b:g}, {z:g}) is no real number")
    return float(ratio)


def _unreachable(*_: float) -> NoReturn:
    raise AssertionError("'if' is evaluated lazily")


BUILT_IN: Final[Mapping[str, BuiltIn]] = {
    **{
        name: BuiltIn(getattr(math, name))
        for name in (
            *("exp", "sqrt", "log10", "log2", "floor", "ceil"),
            *("sin", "cos", "tan", "asin", "acos", "atan"),
            *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh"),
        )
    },
    "ln": BuiltIn(math.log),
    "abs": BuiltIn(math.fabs),
    # BioNetGen rounds halves up, not to even.
    "rint": BuiltIn(lambda x: float(math.floor(x + 0.5))),
    "sign": BuiltIn(lambda x: float((x > 0) - (x < 0))),
    "if": BuiltIn(_unreachable, 3, 3),
    "min": BuiltIn(lambda *x: min(x), 1, None),
    "max": BuiltIn(lambda *x: max(x), 1, None),
    "sum": BuiltIn(lambda *x: math.fsum(x), 1, None),
    "avg": BuiltIn(lambda *x: math.fsum(x) / len(x), 1, None),
    "mratio": BuiltIn(_mratio, 3, 3),
}

CONSTANTS: Final = {"_pi": math.pi, "_e": math.e}

OPERATIONS: Final[Mapping[str, Callable[[float, float], float]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": math.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
LEVELS: Final = {
    **dict.fromkeys(["||"], 1),
    **dict.fromkeys(["&&"], 2),
    **dict.fromkeys(["<", "<=", ">", ">=", "==", "!="], 3),
    **dict.fromkeys(["+", "-"], 4),
    **dict.fromkeys(["*", "/"], 5),
    "^": 7,
}
UNARY: Final = 6


def format_number(value: float) -> str:
    """Return the shortest text that reads back as the same number; ``3`` rather than ``3.0``."""
    return repr(value)[:-2] if repr(value).endswith(".0") else repr(value)
