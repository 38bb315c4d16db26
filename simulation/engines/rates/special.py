"""Rate laws that are no products; the first constant of each is among the coefficients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final


def _michaelis(constants: Sequence[float], amounts: Sequence[float]) -> float:
    (km,), (substrate, enzyme) = constants, amounts
    rest = substrate - km - enzyme
    free = 0.5 * (rest + (rest * rest + 4 * km * substrate) ** 0.5)
    return enzyme * free / (km + free)


def _saturating(constants: Sequence[float], amounts: Sequence[float]) -> float:
    found = 1.0
    for index, amount in enumerate(amounts):
        found *= amount / (constants[index] + amount) if index < len(constants) else amount
    return found


def _hill(constants: Sequence[float], amounts: Sequence[float]) -> float:
    (half, n), (first, *rest) = constants, amounts
    power = first**n
    found = power / (half**n + power)
    for amount in rest:
        found *= amount
    return found


SPECIAL: Final[Mapping[str, Callable[[Sequence[float], Sequence[float]], float]]] = {
    "MM": _michaelis,
    "Sat": _saturating,
    "Hill": _hill,
}
