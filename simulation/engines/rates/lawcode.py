"""BioNetGen's expressions as Python code, compiled once and run at every step."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ....network.mathematics.expressions import (
    BUILT_IN,
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

# Functions with arguments, by name: what the arguments are called, and the body.
Bodies = Mapping[str, tuple[tuple[str, ...], Expression]]

_PLAIN: Final = frozenset("+-*/")
_RELATIONS: Final = frozenset(("<", "<=", ">", ">=", "==", "!="))
_SCOPE: Final[dict[str, Any]] = {
    **{f"_{name}": one.function for name, one in BUILT_IN.items()},
    "_power": math.pow,
}


def expanded(tree: Expression, bodies: Bodies) -> Expression:
    """Return the expression with bodies in place of calls that take arguments."""
    match tree:
        case Unary():
            return Unary(tree.operator, expanded(tree.operand, bodies))
        case Binary():
            left, right = expanded(tree.left, bodies), expanded(tree.right, bodies)
            return Binary(tree.operator, left, right)
        case Call():
            arguments = tuple(expanded(argument, bodies) for argument in tree.arguments)
            if arguments and tree.name in bodies:
                names, body = bodies[tree.name]
                replaced = body.substitute(dict(zip(names, arguments, strict=True)))
                return expanded(replaced, bodies)
            return Call(tree.name, arguments)
    return tree


def code(tree: Expression, name: Callable[[str], str]) -> str:
    """Return Python code for an expression without calls of the model's own functions.

    Parameters
    ----------
    tree : Expression
        What is translated; time is called ``t`` in the code.
    name : callable
        Returns the code for a name.
    """
    match tree:
        case Number() | Constant():
            return f"({tree.value!r})"
        case Name():
            return name(tree.name)
        case Time():
            return "t"
        case Unary(operator="!"):
            return f"float(not {code(tree.operand, name)})"
        case Unary():
            return f"({tree.operator}{code(tree.operand, name)})"
        case Binary():
            return _binary(tree, name)
        case Call(arguments=()):
            return name(tree.name)
        case Call(name="if"):
            condition, then, otherwise = (code(one, name) for one in tree.arguments)
            return f"({then} if {condition} else {otherwise})"
        case Call() if tree.name in BUILT_IN:
            return f"_{tree.name}({', '.join(code(one, name) for one in tree.arguments)})"
    raise ExpressionError(f"{tree} cannot be computed.")


def _binary(tree: Binary, name: Callable[[str], str]) -> str:
    left, right = code(tree.left, name), code(tree.right, name)
    if tree.operator in _PLAIN:
        return f"({left} {tree.operator} {right})"
    if tree.operator in _RELATIONS:
        return f"float({left} {tree.operator} {right})"
    if tree.operator == "^":
        return f"_power({left}, {right})"
    word = "and" if tree.operator == "&&" else "or"
    return f"float(bool({left}) {word} bool({right}))"


def compiled(
    parameters: Sequence[str], lines: Sequence[tuple[str, str]], *, valueless: bool = False
) -> Callable[..., tuple[float, ...]]:
    """Return a function that computes named values one after the other and returns them all.

    Parameters
    ----------
    parameters : sequence of str
        Names of the arguments.
    lines : sequence of (str, str)
        Name and code of each value; the code may use those before it.
    valueless : bool
        Whether what has no finite value becomes infinite or nan, as other simulators have it,
        where arithmetic otherwise fails; give NumPy's numbers then.
    """
    body = [f"    {target} = {source}" for target, source in lines]
    returned = "".join(f"{target}, " for target, _ in lines)
    text = "\n".join((f"def compute({', '.join(parameters)}):", *body, f"    return ({returned})"))
    scope = _without_value() if valueless else dict(_SCOPE)
    exec(compile(text, "<rate laws>", "exec"), scope)
    return scope["compute"]


def _without_value() -> dict[str, Any]:
    """Return functions that fail at nothing, of NumPy's numbers, whose division does not either."""
    import numpy as np

    same = {"_ln": np.log, "_power": np.power}

    def lenient(name: str, function: Callable[..., float]) -> Callable[..., float]:
        def value(*arguments: float) -> float:
            try:
                return np.float64(function(*arguments))
            except (ArithmeticError, ValueError):
                other = same.get(name) or getattr(np, name[1:], None)
                return np.float64(other(*map(np.float64, arguments)) if other else np.nan)

        return value

    functions = {name: lenient(name, function) for name, function in _SCOPE.items()}
    return {**functions, "float": np.float64}
