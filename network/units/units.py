"""Units as exact quantities: read from text, multiplied, compared, and written as SBML.

A unit is kept as exponents of base units and of prime numbers, so ``nM`` is
mole * metre^-3 * 2^-6 * 5^-6, and two units are equal exactly when they mean the same. Nothing is
rounded, whatever the prefixes.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ..mathematics import expressions
from ..mathematics.expressions import Binary, Expression, ExpressionError, Name, Number, Unary


class UnitError(ValueError):
    """The text is no unit; the message says why."""


@dataclass(frozen=True)
class Unit:
    """A product of powers; keys are SBML base units and, as numbers, primes."""

    powers: tuple[tuple[str | int, Fraction], ...] = ()

    @classmethod
    def of(cls, powers: Mapping[str | int, Fraction | int]) -> Unit:
        """Return the unit with these exponents."""
        kept = ((base, Fraction(power)) for base, power in powers.items() if power)
        return cls(tuple(sorted(kept, key=lambda pair: (str(type(pair[0])), str(pair[0])))))

    def __mul__(self, other: Unit) -> Unit:
        if not other.powers:
            return self
        powers = dict(self.powers)
        for base, power in other.powers:
            powers[base] = powers.get(base, Fraction(0)) + power
        return Unit.of(powers)

    def __pow__(self, power: Fraction | int) -> Unit:
        return Unit.of({base: one * power for base, one in self.powers})

    def __truediv__(self, other: Unit) -> Unit:
        return self * other**-1

    @property
    def dimensions(self) -> dict[str, Fraction]:
        """Exponents of the base units alone, without the number in front."""
        return {base: power for base, power in self.powers if isinstance(base, str)}

    @property
    def exact(self) -> Fraction | None:
        """The number in front of the base units; None where it is a root."""
        exact = Fraction(1)
        for base, power in self.powers:
            if isinstance(base, int):
                if power.denominator != 1:
                    return None
                exact *= Fraction(base) ** power.numerator
        return exact

    @property
    def factor(self) -> float:
        """The number in front of the base units."""
        exact, rest = Fraction(1), 1.0
        for base, power in self.powers:
            if isinstance(base, int) and power.denominator == 1:
                exact *= Fraction(base) ** power.numerator
            elif isinstance(base, int):
                rest *= float(base) ** float(power)
        return float(exact) * rest

    @property
    def is_substance(self) -> bool:
        """Whether SBML accepts it as the unit of an amount."""
        dimensions = self.dimensions
        return not dimensions or dimensions in (
            {"mole": 1},
            {"item": 1},
            {"kilogram": 1},
        )

    @property
    def is_concentration(self) -> bool:
        """Whether it is an amount per volume."""
        return self.dimensions in ({"mole": 1, "metre": -3}, {"item": 1, "metre": -3})

    @property
    def is_volume(self) -> bool:
        """Whether SBML accepts it as the unit of a volume."""
        return self.dimensions in ({}, {"metre": 3})

    @property
    def is_time(self) -> bool:
        """Whether SBML accepts it as the unit of time."""
        return self.dimensions in ({}, {"second": 1})


DIMENSIONLESS: Final = Unit()
# Beyond these nobody measures, and exact numbers would grow without end.
_SMALLEST: Final = 1e-60
_STEEPEST: Final = 12


@lru_cache(maxsize=1024)
def number(value: Fraction) -> Unit:
    """Return a positive number as a unit.

    Raises
    ------
    UnitError
        If it is not positive, or has a large prime in it.
    """
    if value <= 0:
        raise UnitError("A unit cannot be zero or negative.")
    powers: dict[str | int, int] = {}
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        prime = 2
        while part > 1:
            if prime > 10_000:
                raise UnitError(f"{float(value)!r} is not a number that a unit can hold.")
            while part % prime == 0:
                powers[prime] = powers.get(prime, 0) + sign
                part //= prime
            prime += 1
    return Unit.of(powers)


def _base(kind: str, scale: int = 0) -> Unit:
    return Unit.of({kind: 1}) * number(Fraction(10)) ** scale


_METRE, _SECOND, _MOLE, _ITEM, _KILOGRAM = map(
    _base, ("metre", "second", "mole", "item", "kilogram")
)
_LITRE = _METRE**3 * number(Fraction(1, 1000))
_JOULE = _KILOGRAM * _METRE**2 / _SECOND**2

# Units that take a prefix.
_PREFIXED: Final[Mapping[str, Unit]] = {
    "mol": _MOLE,
    "mole": _MOLE,
    "M": _MOLE / _LITRE,
    "L": _LITRE,
    "l": _LITRE,
    "litre": _LITRE,
    "liter": _LITRE,
    "m": _METRE,
    "metre": _METRE,
    "meter": _METRE,
    "s": _SECOND,
    "g": _base("kilogram", -3),
    "J": _JOULE,
    "cal": _JOULE * number(Fraction(4184, 1000)),
    "K": _base("kelvin"),
    "A": _base("ampere"),
    "V": _JOULE / (_base("ampere") * _SECOND),
    "N": _JOULE / _METRE,
    "Pa": _JOULE / _METRE**3,
    "Hz": _SECOND**-1,
}
# Units that take none.
_PLAIN: Final[Mapping[str, Unit]] = {
    "dimensionless": DIMENSIONLESS,
    "fraction": DIMENSIONLESS,
    "ratio": DIMENSIONLESS,
    "radian": DIMENSIONLESS,
    "rad": DIMENSIONLESS,
    "percent": number(Fraction(1, 100)),
    "item": _ITEM,
    "items": _ITEM,
    "molecule": _ITEM,
    "molecules": _ITEM,
    "count": _ITEM,
    "counts": _ITEM,
    "particles": _ITEM,
    "moles": _MOLE,
    "litres": _LITRE,
    "liters": _LITRE,
    "sec": _SECOND,
    "second": _SECOND,
    "seconds": _SECOND,
    "min": _SECOND * number(Fraction(60)),
    "minute": _SECOND * number(Fraction(60)),
    "minutes": _SECOND * number(Fraction(60)),
    "h": _SECOND * number(Fraction(3600)),
    "hr": _SECOND * number(Fraction(3600)),
    "hour": _SECOND * number(Fraction(3600)),
    "hours": _SECOND * number(Fraction(3600)),
    "day": _SECOND * number(Fraction(86400)),
    "days": _SECOND * number(Fraction(86400)),
    "kilogram": _KILOGRAM,
    "gram": _base("kilogram", -3),
    "joule": _JOULE,
    "kelvin": _base("kelvin"),
}
_PREFIXES: Final = {
    "y": -24, "z": -21, "a": -18, "f": -15, "p": -12, "n": -9, "u": -6, "m": -3, "c": -2, "d": -1,
    "h": 2, "k": 3, "M": 6, "G": 9, "T": 12,
}  # fmt: skip


@lru_cache(maxsize=4096)
def parse(text: str) -> Unit:
    """Read a unit such as ``1/(nM*s)``, ``zmol``, ``nM/s``, ``um^2`` or ``dimensionless``.

    Raises
    ------
    UnitError
        If it is none.

    Examples
    --------
    >>> parse("zmol/pL") == parse("nM")
    True
    """
    cleaned = text.strip().replace("µ", "u").replace("μ", "u").replace("·", "*")
    cleaned = re.sub(r"(?<=[\w)])\s+(?=[\w(])", "*", cleaned)
    if cleaned == "%":
        cleaned = "percent"
    try:
        return _unit(expressions.parse(cleaned))
    except ExpressionError:
        raise UnitError(f"Cannot read the unit {text!r}.") from None


def _unit(tree: Expression) -> Unit:
    if isinstance(tree, Number):
        if tree.value and not _SMALLEST <= tree.value <= 1 / _SMALLEST:
            raise UnitError(f"{str(tree)!r} is not a number that a unit can hold.")
        return number(Fraction(str(tree)))
    if isinstance(tree, Name):
        return _named(tree.name)
    if isinstance(tree, Binary):
        if tree.operator in ("*", "/"):
            left, right = _unit(tree.left), _unit(tree.right)
            return left * right if tree.operator == "*" else left / right
        if tree.operator == "^":
            return _unit(tree.left) ** _exponent(tree.right)
    raise UnitError(f"Cannot read the unit {str(tree)!r}.")


def _exponent(tree: Expression) -> Fraction:
    if isinstance(tree, Number):
        if tree.value > _STEEPEST:
            raise UnitError(f"The exponent {str(tree)!r} of a unit is above {_STEEPEST}.")
        return Fraction(str(tree))
    if isinstance(tree, Unary) and tree.operator == "-":
        return -_exponent(tree.operand)
    raise UnitError(f"The exponent {str(tree)!r} of a unit is no number.")


def _named(name: str) -> Unit:
    if name in _PLAIN:
        return _PLAIN[name]
    if name in _PREFIXED:
        return _PREFIXED[name]
    prefix, base = name[:1], name[1:]
    if prefix in _PREFIXES and base in _PREFIXED:
        return _PREFIXED[base] * number(Fraction(10)) ** _PREFIXES[prefix]
    near = difflib.get_close_matches(name, [*_PLAIN, *_PREFIXED], n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise UnitError(f"There is no unit {name!r}.{hint}")


# -- SBML -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One ``<unit>`` element: ``(multiplier * 10^scale * kind)^exponent``."""

    kind: str
    exponent: Fraction
    scale: int = 0
    multiplier: float = 1.0


def rows(unit: Unit) -> tuple[Row, ...]:
    """Return a unit as SBML spells it, volumes in litres, with one power of ten where possible."""
    kinds = unit.dimensions
    primes = {base: power for base, power in unit.powers if isinstance(base, int)}
    metres = kinds.pop("metre", Fraction(0))
    if metres and metres % 3 == 0:
        kinds["litre"] = metres / 3
        for prime in (2, 5):
            primes[prime] = primes.get(prime, Fraction(0)) + metres
    elif metres:
        kinds["metre"] = metres
    # Split the number into a power of ten and the rest.
    twos, fives = primes.pop(2, Fraction(0)), primes.pop(5, Fraction(0))
    tens = min(twos, fives, key=abs) if twos * fives > 0 else Fraction(0)
    rest = Unit.of({**primes, 2: twos - tens, 5: fives - tens})
    order = sorted(kinds, key=lambda kind: (_ORDER.index(kind) if kind in _ORDER else 9, kind))
    scales, multipliers = dict.fromkeys(order, 0), dict.fromkeys(order, 1.0)
    extra: list[Row] = []
    if tens:
        home = next((k for k in order if (tens / kinds[k]).denominator == 1), None)
        if home is not None:
            scales[home] = int(tens / kinds[home])
        elif tens.denominator == 1:
            extra.append(Row("dimensionless", Fraction(1), int(tens)))
        else:
            extra.append(Row("dimensionless", Fraction(1), 0, 10.0 ** float(tens)))
    if rest.powers:
        home = next(
            (
                kind
                for kind in sorted(order, key=lambda kind: kind != "second")
                if all((p / kinds[kind]).denominator == 1 for _, p in rest.powers)
            ),
            None,
        )
        if home is not None:
            multipliers[home] = (rest ** (1 / kinds[home])).factor
        else:
            extra.append(Row("dimensionless", Fraction(1), 0, rest.factor))
    found = [Row(kind, kinds[kind], scales[kind], multipliers[kind]) for kind in order]
    return (*found, *extra) or (Row("dimensionless", Fraction(1)),)


_ORDER: Final = ("mole", "item", "kilogram", "litre", "metre", "second")

# Units that an SBML document may name without defining them.
BUILT_IN: Final[Mapping[Unit, str]] = {
    DIMENSIONLESS: "dimensionless",
    _ITEM: "item",
    _MOLE: "mole",
    _LITRE: "litre",
    _METRE: "metre",
    _SECOND: "second",
    _KILOGRAM: "kilogram",
    _base("kelvin"): "kelvin",
    _JOULE: "joule",
}
