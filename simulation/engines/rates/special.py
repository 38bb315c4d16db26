"""Rate laws that are no products; the first constant of each is among the coefficients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final


def _michaelis(constants: Sequence[float], amounts: Sequence[float]) -> float:
    (km,), (substrate, enzyme) = constants, amounts
    # The complex, in a form that divides by zero only where nothing is there at all.
    both = substrate + enzyme
    root = ((substrate - enzyme) ** 2 + km * (km + 2 * both)) ** 0.5
    return 2 * substrate * enzyme / (both + km + root)


def _saturating(constants: Sequence[float], amounts: Sequence[float]) -> float:
    found = 1.0
    for index, amount in enumerate(amounts):
        found *= amount / (constants[index] + amount) if index < len(constants) else amount
    return found


def _hill(constants: Sequence[float], amounts: Sequence[float]) -> float:
    (half, n), (first, *rest) = constants, amounts
    found = 1 / (1 + (half / first) ** n) if first > 0 else 0.0
    for amount in rest:
        found *= amount
    return found


SPECIAL: Final[Mapping[str, Callable[[Sequence[float], Sequence[float]], float]]] = {
    "MM": _michaelis,
    "Sat": _saturating,
    "Hill": _hill,
}
