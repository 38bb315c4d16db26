"""Which values a scan goes through: lists, ranges, Latin hypercubes and Sobol sequences.

Values are written as people write them::

    0.001..1000 nM log 25       25 values, equal steps on a logarithmic scale
    0..48 h lin 13              13 values, equal steps
    0, 1, 10 nM                 these; a unit holds for what stands before it
    0, 0.01..100 nM log 5       a list may hold ranges
    0.1..10 uM log              a range without a number of values, to be sampled from
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from ...network.units.quantities import QuantityError

Scale = Literal["lin", "log"]
MOST: Final = 1_000_000
"""How many values a range has at most, and how many samples are drawn."""
METHODS: Final = ("lhs", "sobol")


class SamplingError(ValueError):
    """Values that cannot be read or drawn; the message says which and what would do."""


@dataclass(frozen=True)
class Range:
    """An interval to be sampled from.

    Parameters
    ----------
    low, high : float
        Its ends, in the unit of what is varied.
    scale : "lin" or "log"
        On which scale it is filled evenly.
    """

    low: float
    high: float
    scale: Scale = "lin"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise SamplingError(f"The range {self.low:g}..{self.high:g} is not finite.")
        if not self.low < self.high:
            raise SamplingError(f"The range {self.low:g}..{self.high:g} does not go upwards.")
        if self.scale == "log" and self.low <= 0:
            raise SamplingError(
                f"The range {self.low:g}..{self.high:g} cannot be logarithmic, as it does not lie "
                "above 0; use lin, or add 0 to the list: '0, 0.001..1000 nM log 25'."
            )

    def levels(self, count: int) -> tuple[float, ...]:
        """Return ``count`` values from one end to the other, both included."""
        if count < 2:
            raise SamplingError(f"A range needs at least 2 values, not {count}.")
        if count > MOST:
            raise SamplingError(f"A range has at most {MOST:,} values, not {count:,}.")
        space = np.geomspace if self.scale == "log" else np.linspace
        return tuple(float(value) for value in space(self.low, self.high, count))

    def at(self, shares: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values that lie at shares between 0 and 1 of the way."""
        if self.scale == "log":
            low, high = math.log(self.low), math.log(self.high)
            return np.clip(np.exp(low + shares * (high - low)), self.low, self.high)
        return self.low + shares * (self.high - self.low)


_RANGE = re.compile(
    r"(?P<low>.+?)\s*\.\.\s*(?P<high>[^.].*?)"
    r"(?:\s+(?P<scale>lin|log)(?:\s+(?P<count>[-+]?\d\S*))?|\s+(?P<alone>[-+]?\d+))?"
)
_WHOLE = re.compile(r"[-+]?\d+")
_BARE = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?nan|[-+]?inf", re.IGNORECASE)


def read(text: str, value: Callable[[str], float]) -> tuple[float, ...] | Range:
    """Read values, or a range to be sampled from.

    Parameters
    ----------
    text : str
        See the head of this module.
    value : callable
        Turns one value with its unit, ``"10 nM"``, into a number; raises ``ValueError``.

    Returns
    -------
    tuple of float or Range
        The values as listed, or a range if ``text`` is one without a number of values.

    Raises
    ------
    SamplingError
        If nothing is listed, a value cannot be read, or one occurs twice.

    Examples
    --------
    >>> read("0, 1..100 nM log 3", lambda text: float(text.removesuffix(" nM")))
    (0.0, 1.0, 10.0, 100.0)
    """
    parts = [part.strip() for part in text.split(",")]
    if not any(parts):
        raise SamplingError("There are no values; write them like '0, 1, 10 nM'.")
    if not all(parts):
        raise SamplingError(f"{text!r} lists a value that is empty.")
    found: list[float] = []
    unit = ""
    # Backwards, because a unit holds for the bare numbers before it.
    for part in reversed(parts):
        levels, unit = _part(part, unit, value)
        if isinstance(levels, Range):
            if len(parts) > 1:
                raise SamplingError(f"{part!r} needs a number of values: '{part} 9'.")
            return levels
        found[:0] = levels
    twice = [level for level, times in Counter(found).items() if times > 1]
    if twice:
        raise SamplingError(f"{text!r} lists {min(twice):g} twice.")
    return tuple(found)


def _part(
    part: str, unit: str, value: Callable[[str], float]
) -> tuple[tuple[float, ...] | Range, str]:
    match = _RANGE.fullmatch(part)
    if match is None:
        number, unit = _number(part, unit, value)
        return (number,), unit
    high, unit = _number(match["high"], unit, value)
    low, _ = _number(match["low"], unit, value)
    if match["alone"]:
        raise SamplingError(f"{part!r} does not say on which scale: write lin or log.")
    if match["count"] and not _WHOLE.fullmatch(match["count"]):
        raise SamplingError(f"{part!r} wants {match['count']} values; write a number like 25.")
    span = Range(low, high, "log" if match["scale"] == "log" else "lin")
    return (span.levels(int(match["count"])) if match["count"] else span), unit


def _number(text: str, unit: str, value: Callable[[str], float]) -> tuple[float, str]:
    text = text.strip()
    bare = _BARE.match(text)
    own = text[bare.end() :].strip() if bare else ""
    unit = own or unit
    try:
        number = value(f"{bare[0]} {unit}".strip() if bare else text)
    except QuantityError as error:
        raise SamplingError(str(error)) from None
    if not math.isfinite(number):
        raise SamplingError(f"{text!r} is not a finite number.")
    return number, unit


def sample(
    ranges: Sequence[Range], count: int, method: str = "lhs", seed: int = 0
) -> NDArray[np.float64]:
    """Draw points that fill the box spanned by ranges evenly.

    Parameters
    ----------
    ranges : sequence of Range
        One for each column.
    count : int
        How many points. Sobol sequences are balanced only for powers of two, so others are
        refused.
    method : "lhs" or "sobol"
        Latin hypercube or scrambled Sobol sequence, from ``scipy.stats.qmc``.
    seed : int
        The same seed gives the same points.

    Returns
    -------
    array of shape (count, len(ranges))

    Raises
    ------
    SamplingError
        If there is nothing to draw, or the method is unknown.
    """
    from scipy.stats import qmc  # takes seconds to import, and grids need none of it

    if not ranges:
        raise SamplingError("Nothing is to be sampled; give a range such as '0.1..10 nM log'.")
    if count < 1:
        raise SamplingError(f"{count} samples cannot be drawn; the least is 1.")
    if count > MOST:
        raise SamplingError(f"{count:,} samples cannot be drawn; the most is {MOST:,}.")
    if method not in METHODS:
        raise SamplingError(f"There is no method {method!r}; use {' or '.join(METHODS)}.")
    if seed < 0:
        raise SamplingError(f"The seed is {seed}; it must not be negative.")
    generator = np.random.default_rng(seed)
    if method == "sobol":
        power = round(math.log2(count))
        if 2**power != count:
            low, high = 2 ** math.floor(math.log2(count)), 2 ** math.ceil(math.log2(count))
            raise SamplingError(
                f"A Sobol sequence is balanced only for powers of two; use {low} or {high} "
                f"instead of {count}."
            )
        if len(ranges) > qmc.Sobol.MAXDIM:
            raise SamplingError(f"A Sobol sequence has at most {qmc.Sobol.MAXDIM} dimensions.")
        shares = qmc.Sobol(len(ranges), seed=generator).random_base2(power)
    else:
        shares = qmc.LatinHypercube(len(ranges), seed=generator).random(count)
    return np.column_stack([span.at(shares[:, i]) for i, span in enumerate(ranges)])
