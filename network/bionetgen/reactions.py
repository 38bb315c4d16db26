"""The reactions of BioNetGen's network files.

BioNetGen multiplies statistical factor and volume factor into one number of eight digits and names
the volume factor in a comment: ``0.8*kf #dim unit_conversion=1/(V*2)``. Here the two come apart
again: the volume factor stays a formula, the statistical factor becomes the exact fraction it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction

from ..mathematics import expressions
from ..network import RateLaw, Reaction


class NetFileError(ValueError):
    """The text is no network file; the message says where and what."""


def bad(block: str, line: str) -> NetFileError:
    """Return the error of a line that cannot be read."""
    return NetFileError(f"Cannot read this line of the network file's {block}: {line.strip()!r}.")


REACTION = re.compile(
    r"\s*\d+\s+([\d,]+)\s+([\d,]+)\s+"
    r"(?:([-+.\deEinfa]+)\*)?(\w+(?:\s+\w+)*?)\s*"
    r"(?:#\s*([\w,]*)\s*(?:unit_conversion=(.+?))?\s*)?"
)
_SATURATING = frozenset({"MM", "Sat", "Hill"})
REVERSE = "_reverse_"


class Reactions:
    """Reads reaction lines; many share their rate law and their rule, so those are kept."""

    def __init__(
        self, values: dict[str, float], functions: Collection[str], rules: Collection[str]
    ) -> None:
        self._values, self._functions, self._rules = values, functions, rules
        self._laws: dict[tuple[str | None, str, str | None], RateLaw] = {}
        self._sources: dict[str, tuple[tuple[str, bool], ...]] = {}

    def read(self, line: str) -> Reaction:
        """Return the reaction of a line."""
        match = REACTION.fullmatch(line)
        if match is None:
            raise bad("reactions", line)
        reactants, products, multiplier, law, rules, conversion = match.groups()
        key = multiplier, law, conversion
        if key not in self._laws:
            self._laws[key] = self._law(*key)
        if rules not in self._sources:
            self._sources[rules] = tuple(map(self._source, (rules or "").split(",")))
        (rule, reverse), *others = self._sources[rules]
        return Reaction(
            _indices(reactants), _indices(products), self._laws[key], rule, reverse, tuple(others)
        )

    def _source(self, name: str) -> tuple[str, bool]:
        """Return the rule a reaction was made by, and whether backwards."""
        forward = name.removeprefix(REVERSE)
        if forward == name or name in self._rules:
            return name, False
        return forward, True

    def _law(self, multiplier: str | None, law: str, conversion: str | None) -> RateLaw:
        name, *constants = law.split()
        if name in _SATURATING and constants:
            kind, names = name, tuple(constants)
        else:
            kind, names = ("function" if name in self._functions else "elementary"), (name,)
        scale = 1.0
        if conversion is not None:
            scale = expressions.parse(conversion).evaluate(self._values)
        factor = statistical_factor(multiplier or "1", scale)
        return RateLaw(kind, names, factor, conversion)


def _indices(text: str) -> tuple[int, ...]:
    return () if text == "0" else tuple(int(index) - 1 for index in text.split(","))


def statistical_factor(multiplier: str, conversion: float = 1.0) -> Fraction:
    """Return the simplest fraction that, times ``conversion``, prints as ``multiplier``.

    Parameters
    ----------
    multiplier : str
        The number in front of a rate law, printed by BioNetGen with eight significant digits.
    conversion : float
        Value of the volume factor that is part of it.

    Raises
    ------
    NetFileError
        If there is no such fraction with a denominator up to 5040.

    Examples
    --------
    >>> statistical_factor("0.26666667", 0.4)
    Fraction(2, 3)
    """
    wanted = float(multiplier)
    if conversion == 1 and wanted == int(wanted):
        return Fraction(int(wanted))
    if conversion:
        ratio = wanted / conversion
        for denominator in _DENOMINATORS:
            numerator = round(ratio * denominator)
            if numerator and f"{numerator / denominator * conversion:.8g}" == f"{wanted:.8g}":
                return Fraction(numerator, denominator)
    raise NetFileError(
        f"The factor {multiplier} of a rate law is no fraction of its volume factor "
        f"{conversion!r}. Is the size of a compartment zero?"
    )


# Symmetry gives 1/2, 1/6, 1/24, ...; anything else is only tried for safety.
_DENOMINATORS = range(1, 5041)
