"""What is expected of a number: ``<= 0.25``, ``>= 1.5``, ``0.3 .. 0.85``, or times with units."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ...models.numbers import decimals
from ...network.units.quantities import QuantityError

_QUANTITY: Final = rf"({decimals.PATTERN}(?:\s*[^\d\s.<>=][^\s<>=]*)?)"
_ONE: Final = re.compile(rf"(<=|>=|<|>)\s*{_QUANTITY}")
_TWO: Final = re.compile(rf"{_QUANTITY}\s*\.\.\s*{_QUANTITY}")
# What stands for zero on a logarithmic scale.
_TINY: Final = 1e-12


class BoundsError(ValueError):
    """Bounds that cannot be read, or that nothing can meet."""


@dataclass(frozen=True)
class Bounds:
    """The interval in which a number is expected; its ends belong to it."""

    low: float = -math.inf
    high: float = math.inf

    def holds(self, value: float) -> bool:
        """Tell whether a number lies inside."""
        return self.low <= value <= self.high

    def margin(self, value: float, *, logarithmic: bool) -> float:
        """Return how far inside a number lies; negative outside.

        Parameters
        ----------
        value : float
            The number.
        logarithmic : bool
            Whether the distance is the logarithm of a ratio, as befits folds; otherwise it is a
            difference. Where zero is the only bound there is no fold, and it is a difference too.

        Returns
        -------
        float
            The distance to the nearer bound; ``-inf`` for a value that is not a number.
        """
        if math.isnan(value):
            return -math.inf
        if (self.low, self.high) in ((0.0, math.inf), (-math.inf, 0.0)):
            logarithmic = False
        return min(
            _distance(value, self.low, logarithmic), _distance(self.high, value, logarithmic)
        )

    def __str__(self) -> str:
        if self.low == -math.inf:
            return f"<= {self.high:g}"
        if self.high == math.inf:
            return f">= {self.low:g}"
        return f"{self.low:g} .. {self.high:g}"


def _distance(upper: float, lower: float, logarithmic: bool) -> float:
    if math.isinf(upper) or math.isinf(lower):
        return math.inf if upper > lower else (0.0 if upper == lower else -math.inf)
    if logarithmic and upper >= 0 and lower >= 0 and max(upper, lower) > 0:
        if min(upper, lower) <= 0 and upper == 0 and lower > 0:
            return math.log(_TINY / lower)
        return math.log(max(upper, _TINY) / max(lower, _TINY))
    return upper - lower


def read(text: str, number: Callable[[str], float] = decimals.number) -> Bounds:
    """Read bounds.

    Parameters
    ----------
    text : str
        ``<= x``, ``>= x``, ``< x``, ``> x`` or ``x .. y``.
    number : callable
        What turns the text of one number into a float; for times :func:`..quantities.seconds`.

    Raises
    ------
    BoundsError
        If they cannot be read, or the first is above the second.

    Examples
    --------
    >>> read("0.3 .. 0.85").holds(0.5)
    True
    """
    plain = text.strip()
    try:
        if match := _ONE.fullmatch(plain):
            value = number(match[2])
            return Bounds(high=value) if match[1][0] == "<" else Bounds(low=value)
        if match := _TWO.fullmatch(plain):
            low, high = number(match[1]), number(match[2])
            if low > high:
                raise BoundsError(f"the bounds {text!r} are the wrong way round")
            return Bounds(low, high)
    except QuantityError as error:
        raise BoundsError(f"the bounds {text!r} cannot be read: {str(error).rstrip('.')}") from None
    except ValueError as error:
        if isinstance(error, BoundsError):
            raise
        raise BoundsError(f"the bounds {text!r} hold something that is no number") from None
    raise BoundsError(f"{text!r} are no bounds; write '<= 0.25', '>= 1.5' or '0.3 .. 0.85'")
