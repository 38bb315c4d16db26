"""Formulas as Python text, see :mod:`.formula_text`, turned into numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, Final


class FormulaError(ValueError):
    """A formula that cannot be turned into numbers here."""


def compiled(text: str) -> CodeType:
    """Return the text that :func:`.formula_text.python` wrote, ready for :func:`evaluate`."""
    return compile(text, "<formula>", "eval")


def evaluate(code: CodeType, scope: Mapping[str, float]) -> float:
    """Return the value of a formula; ``scope`` holds the value of each id.

    Raises
    ------
    FormulaError
        If the arithmetic fails.
    """
    try:
        value = eval(code, _FUNCTIONS, {"x": scope})
        if isinstance(value, complex):
            raise FormulaError("it is no real number")
        return float(value)
    except KeyError as error:
        raise FormulaError(f"{error} has none at the start") from None
    except (ArithmeticError, ValueError, TypeError) as error:
        raise FormulaError(str(error)) from None


def _reciprocals() -> dict[str, Callable[[float], float]]:
    """Return secants, cosecants and cotangents, plain, hyperbolic and inverse."""

    def reciprocal_of(function: Callable[[float], float]) -> Callable[[float], float]:
        return lambda value: 1 / function(value)

    def of_reciprocal(function: Callable[[float], float]) -> Callable[[float], float]:
        return lambda value: function(1 / value)

    found: dict[str, Callable[[float], float]] = {}
    for name, of in (("sec", "cos"), ("csc", "sin"), ("cot", "tan")):
        for kind in ("", "h"):
            found[f"{name}{kind}"] = reciprocal_of(getattr(math, f"{of}{kind}"))
            found[f"a{name}{kind}"] = of_reciprocal(getattr(math, f"a{of}{kind}"))
    return found


_OWN: Final = (
    *("acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "exp", "floor"),
    *("fmod", "log", "sin", "sinh", "tan", "tanh"),
)
_FUNCTIONS: Final[dict[str, Any]] = {
    "__builtins__": {},
    **{name: getattr(math, name) for name in _OWN},
    "inf": math.inf,
    "nan": math.nan,
    "added": lambda *terms: sum(terms),
    "multiplied": lambda *factors: math.prod(factors),
    "abs": abs,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "factorial": lambda value: math.gamma(value + 1) if value % 1 else math.factorial(int(value)),
    "quotient": lambda value, divisor: math.trunc(value / divisor),
    "negated": lambda value: not value,
    "implies": lambda first, then: not first or bool(then),
    "odd": lambda *values: sum(map(bool, values)) % 2 == 1,
    **_reciprocals(),
    "root": lambda degree, value: value ** (1 / degree),
    "log_of": lambda base, value: math.log10(value) if base == 10 else math.log(value, base),
}
