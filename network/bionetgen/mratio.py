"""Ratios of Kummer's functions, ``mratio(a, b, z)``, for which only BioNetGen has a word.

Where their arguments are constants, so are they: the network gets the value. What changes those
constants afterwards no longer reaches it, which a warning says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..mathematics import expressions
from ..mathematics.expressions import Call, Expression, Number, format_number
from ..network import Function, Parameter


class VaryingError(ValueError):
    """An ``mratio`` of what is no constant; ``function`` holds it, ``names`` is what varies."""

    def __init__(self, function: str, names: Sequence[str]) -> None:
        super().__init__(function)
        self.function, self.names = function, names


def settle(
    parameters: Sequence[Parameter], functions: Sequence[Function]
) -> tuple[tuple[Parameter, ...], tuple[Function, ...], tuple[str, ...]]:
    """Put values in the place of every ``mratio``; return what came of it, and warnings.

    A parameter that is made from one becomes a plain number: were only part of its formula fixed,
    its value would fit neither the old constants nor new ones.

    Raises
    ------
    VaryingError
        If the arguments of one depend on observables or time.
    """
    values = {parameter.name: parameter.value for parameter in parameters}
    warnings: list[str] = []
    settled = []
    for one in parameters:
        if _NAME in one.expression and (calls := list(_ratios(expressions.parse(one.expression)))):
            warnings.append(_warning(one.name, calls))
            one = replace(one, expression=format_number(one.value))
        settled.append(one)
    rewritten = []
    for function in functions:
        if _NAME in function.expression:
            tree = expressions.parse(function.expression)
            for call in _ratios(tree):
                varying = sorted(call.names - values.keys())
                if varying or any(isinstance(n, expressions.Time) for n in call.walk()):
                    raise VaryingError(function.name, varying or ["time()"])
            if calls := list(_ratios(tree)):
                warnings.append(_warning(function.name, calls))
                function = replace(function, expression=str(_fixed(tree, values)))
        rewritten.append(function)
    return tuple(settled), tuple(rewritten), tuple(warnings)


_NAME = "mratio"


def _ratios(tree: Expression) -> Iterator[Call]:
    return (node for node in tree.walk() if isinstance(node, Call) and node.name == _NAME)


def _fixed(tree: Expression, values: Mapping[str, float]) -> Expression:
    def fixed(node: Expression, operands: Sequence[Expression]) -> Expression:
        if isinstance(node, Call) and node.name == _NAME:
            return Number(node.evaluate(values))
        return node.over(tuple(operands))

    return tree.fold(fixed)


def _warning(name: str, calls: Sequence[Call]) -> str:
    names = sorted(frozenset().union(*(call.names for call in calls)))
    return (
        f"{name} keeps the value that mratio gives it now, whatever becomes of "
        f"{', '.join(names) or 'its numbers'}."
    )
