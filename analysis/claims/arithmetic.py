"""Arithmetic on named numbers or time courses: the readouts and formulas of claims."""

from __future__ import annotations

import ast
import keyword
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final

import numpy as np

from ...models.numbers import decimals

_BINARY: Final[Mapping[type, Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
# How many arguments a function takes at least and at most, and what it does with them.
_FUNCTIONS: Final[Mapping[str, tuple[int, float, Callable[..., Any]]]] = {
    "min": (2, math.inf, lambda *values: reduce(np.minimum, values)),
    "max": (2, math.inf, lambda *values: reduce(np.maximum, values)),
    "abs": (1, 1, lambda value: np.abs(value)),
    "log": (1, 1, lambda value: np.log(value)),
}
# Nobody writes longer or deeper formulas by hand, and Python's own reader gives up beyond.
_LONGEST: Final = 5_000
_DEEPEST: Final = 300


class FormulaError(ValueError):
    """Text that is no arithmetic."""


@dataclass(frozen=True)
class Formula:
    """Arithmetic over names."""

    text: str
    names: frozenset[str]

    def __call__(self, values: Mapping[str, Any]) -> Any:
        """Return its value; as with arrays, what has none is infinite or NaN."""
        with np.errstate(all="ignore"):
            return _value(_tree(self.text), values)


def read(text: str) -> Formula:
    """Read a formula of ``+ - * / **``, parentheses, numbers, names, min, max, abs and log.

    Raises
    ------
    FormulaError
        If there is anything else in it, a function has too many or too few arguments, or it is
        longer or deeper than anybody would write.

    Examples
    --------
    >>> float(read("pS6K / (S6K + 1)")({"pS6K": 3.0, "S6K": 5.0}))
    0.5
    """
    plain = text.strip()
    if len(plain) > _LONGEST:
        raise FormulaError(
            f"{_short(plain)} has {len(plain):,} characters; a formula has {_LONGEST:,} at most"
        )
    try:
        tree = _tree(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError(f"{_short(plain)} is no formula{_hint(plain)}") from None
    names: set[str] = set()
    _check(tree, names, plain, _DEEPEST)
    return Formula(plain, frozenset(names))


def in_order(named: Mapping[str, Formula]) -> tuple[str, ...]:
    """Return the names of formulas, each after those that its formula names.

    Raises
    ------
    FormulaError
        If some name each other in a circle.
    """
    graph = {name: sorted(formula.names & named.keys()) for name, formula in named.items()}
    try:
        return tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        circle = error.args[1]
        shown = [*circle[:5], "...", circle[-1]] if len(circle) > 7 else circle
        raise FormulaError(f"names itself in a circle: {' -> '.join(shown[::-1])}") from None


@lru_cache(maxsize=4096)
def _tree(text: str) -> ast.expr:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's, of what is refused here anyway
        return ast.parse(text, mode="eval").body


def _short(text: str) -> str:
    return repr(text if len(text) <= 80 else f"{text[:80]}...")


def _hint(text: str) -> str:
    words = (word for word in re.findall(r"[^\W\d]\w*", text) if keyword.iskeyword(word))
    word = next(words, None)
    return f"; {word!r} is a word of Python and cannot name anything" if word else ""


def _check(node: ast.expr, names: set[str], text: str, deeper: int) -> None:
    """Collect the names below a node, and refuse what is no arithmetic."""
    if not deeper:
        raise FormulaError(f"{_short(text)} is nested too deeply; {_DEEPEST} levels are allowed")
    below: Iterable[ast.expr] = ()
    match node:
        case ast.Constant():
            segment = ast.get_source_segment(text, node) or ""
            try:
                decimals.number(segment)
            except ValueError:
                raise FormulaError(
                    f"{_short(text)} holds {_short(segment)}, which is no number that can be read"
                ) from None
        case ast.Name(id=name):
            names.add(name)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            below = (operand,)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            below = (left, right)
        case ast.Call(func=ast.Name(id=name), args=below, keywords=[]) if name in _FUNCTIONS:
            least, most, _ = _FUNCTIONS[name]
            if not least <= len(below) <= most:
                wanted = "one argument" if most == 1 else f"{least} arguments or more"
                raise FormulaError(f"{name} takes {wanted}, not {len(below)}, in {_short(text)}")
        case ast.Call(func=ast.Name(id=name)) if name not in _FUNCTIONS:
            known = ", ".join(_FUNCTIONS)
            raise FormulaError(f"{_short(text)} calls {name!r}; there are only {known}")
        case _:
            raise FormulaError(
                f"{_short(text)} holds more than + - * / **, numbers, names, min, max, abs and log"
            )
    for one in below:
        _check(one, names, text, deeper - 1)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
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
            *_, function = _FUNCTIONS[name]
            return function(*(_value(argument, values) for argument in arguments))
    raise AssertionError(node)
