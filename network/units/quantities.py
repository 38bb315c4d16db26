"""Times, concentrations and other quantities as people write them: ``"24 h"``, ``"10 nM"``.

Text needs a unit, always: a bare ``"24"`` is refused, because nobody can tell hours from seconds.
Numbers that come from Python code are in the project's own units, seconds and nM.

    >>> seconds("15 min")
    900.0
    >>> nanomolar("0.5 uM")
    500.0
    >>> format_time(86400.0)
    '24 h'
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from ...models.numbers import decimals
from . import units


class QuantityError(ValueError):
    """A quantity that cannot be read; the message says what was found and what would do."""


@dataclass(frozen=True)
class Unit:
    """A unit as a multiple of moles, litres and seconds.

    Parameters
    ----------
    scale : Fraction
        How much of ``mol**mole * L**litre * s**second`` one unit is; exact.
    mole, litre, second : int
        Exponents of the three.
    """

    scale: Fraction
    mole: int = 0
    litre: int = 0
    second: int = 0

    @property
    def dimension(self) -> tuple[int, int, int]:
        """The exponents alone: equal for units that can be converted into each other."""
        return (self.mole, self.litre, self.second)

    def factor_to(self, other: Unit) -> float:
        """Return what a number in this unit is multiplied by to be in the other.

        Raises
        ------
        QuantityError
            If the two measure different things.
        """
        if self.dimension != other.dimension:
            raise QuantityError(f"{kind(self)} cannot be turned into {kind(other)}.")
        return float(self.scale / other.scale)


_PREFIXES: Final = {
    "z": -21,
    "a": -18,
    "f": -15,
    "p": -12,
    "n": -9,
    "u": -6,
    "m": -3,
    "": 0,
}


def _table() -> dict[str, Unit]:
    units = {
        name: Unit(Fraction(size), second=1)
        for names, size in (
            ("ms", "1/1000"),
            ("s sec second seconds", "1"),
            ("min minute minutes", "60"),
            ("h hr hour hours", "3600"),
            ("d day days", "86400"),
        )
        for name in names.split()
    }
    for prefix, power in _PREFIXES.items():
        scale = Fraction(10) ** power
        units[f"{prefix}M"] = Unit(scale, mole=1, litre=-1)
        units[f"{prefix}mol"] = Unit(scale, mole=1)
        for litre in ("l", "L"):
            units[f"{prefix}mol/{litre}"] = Unit(scale, mole=1, litre=-1)
            units[f"{prefix}{litre}"] = Unit(scale, litre=1)
    units["/s"] = units["1/s"] = Unit(Fraction(1), second=-1)
    units["1/(nM*s)"] = units["1/nM/s"] = Unit(Fraction(10) ** 9, mole=-1, litre=1, second=-1)
    units["1"] = units["dimensionless"] = Unit(Fraction(1))
    return units


UNITS: Final[Mapping[str, Unit]] = MappingProxyType(_table())
"""Every unit that can be written, by name."""

SECOND: Final = UNITS["s"]
NANOMOLAR: Final = UNITS["nM"]

_KINDS: Final = {
    (0, 0, 1): "a time",
    (1, -1, 0): "a concentration",
    (1, 0, 0): "an amount",
    (0, 1, 0): "a volume",
    (0, 0, -1): "a rate per time",
    (-1, 1, -1): "an association rate",
    (0, 0, 0): "a plain number",
}
_EXAMPLES: Final = {
    (0, 0, 1): "'90 s', '15 min' or '24 h'",
    (1, -1, 0): "'10 nM', '0.5 uM' or '20 pM'",
    (1, 0, 0): "'5 zmol'",
    (0, 1, 0): "'2 pL'",
    (0, 0, -1): "'0.01 1/s'",
    (-1, 1, -1): "'0.001 1/(nM*s)'",
}
_MASS: Final = re.compile(r"[fpnumkµμ]?g(/.*)?", re.IGNORECASE)
_WRITTEN: Final = re.compile(
    rf"\s*(?P<number>{decimals.PATTERN}|[-+]?(?:nan|inf(?:inity)?)\b)\s*(?P<unit>.*?)\s*",
    re.IGNORECASE,
)


def kind(unit: Unit) -> str:
    """Return in words what a unit measures, with its article."""
    return _KINDS.get(unit.dimension, "something else")


def unit_named(name: str) -> Unit:
    """Return the unit written as ``name``; the Greek mu may stand for the ``u`` of micro.

    Units may be put together, as ``nM/h`` or ``1/(M*s)``.

    Raises
    ------
    QuantityError
        If there is none, with the nearest name.
    """
    plain = name.replace("µ", "u").replace("μ", "u")
    if plain in UNITS:
        return UNITS[plain]
    if _MASS.fullmatch(name):
        raise QuantityError(
            f"{name!r} measures mass, and how many molecules a mass is depends on the compound: "
            "divide by the molar mass and write it in nM."
        )
    if (composed := _composed(plain)) is not None:
        return composed
    by_case = {known.lower(): known for known in UNITS}
    if plain.lower() in by_case:
        near = by_case[plain.lower()]
    else:
        near = next(iter(difflib.get_close_matches(plain, UNITS, n=1)), None)
    hint = f" Did you mean {near!r}?" if near else " There are, for example, s, min, h, nM and uM."
    raise QuantityError(f"There is no unit {name!r}.{hint}")


def _composed(name: str) -> Unit | None:
    """Return a unit that is put together of others; None where it is none of ours."""
    if not re.search(r"[/*^]", name):
        return None
    try:
        made = units.parse(name)
    except units.UnitError:
        return None
    powers = made.dimensions
    litre = powers.pop("metre", Fraction(0)) / 3
    mole, second = powers.pop("mole", Fraction(0)), powers.pop("second", Fraction(0))
    scale = made.exact
    if powers or scale is None or any(p.denominator != 1 for p in (mole, litre, second)):
        return None
    return Unit(scale * Fraction(1000) ** int(litre), int(mole), int(litre), int(second))


def parse(text: str, expected: Unit | None = None) -> tuple[float, Unit]:
    """Read a number with its unit.

    Parameters
    ----------
    text : str
        For example ``"24 h"``, ``"10nM"`` or ``"1e-3 uM"``.
    expected : Unit, optional
        A unit of the kind that is wanted.

    Returns
    -------
    (float, Unit)
        The number as written, and its unit.

    Raises
    ------
    QuantityError
        If it is no quantity, has no unit, measures something else than ``expected``, or is NaN,
        infinite or negative.

    Examples
    --------
    >>> parse("24 h")[0]
    24.0
    """
    example = _EXAMPLES.get(expected.dimension) if expected else "'10 nM', '24 h' or '0.01 1/s'"
    like = f" Write it like {example}." if example else " Write a plain number in the model's unit."
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise QuantityError(f"{text!r} is not a number with a unit.{like}")
    name = match["unit"]
    try:
        number = decimals.number(match["number"])
    except ValueError:
        size = "too small a" if math.isfinite(float(match["number"])) else "not a finite"
        raise QuantityError(f"{text!r} is {size} number.{like}") from None
    if not name:
        raise QuantityError(f"{text!r} has no unit.{like}")
    if re.match(r"(?!1/)[,\d._]", name):
        raise QuantityError(f"{text!r} is not one number with a unit; write 1500, not 1,500.{like}")
    if name == "m" and expected is not None and expected.second == 1:
        raise QuantityError(f"{text!r}: 'm' could be metres or minutes; write 'min'.")
    unit = unit_named(name)
    if expected is not None and unit.dimension != expected.dimension:
        raise QuantityError(f"{text!r} is {kind(unit)}, not {kind(expected)}.{like}")
    return _nonnegative(number, text), unit


def convert(quantity: str | float, into: Unit) -> float:
    """Return a quantity as a number in the unit ``into``.

    Parameters
    ----------
    quantity : str or float
        Text with a unit, or a number that already is in ``into``.
    into : Unit
        The unit wanted.

    Raises
    ------
    QuantityError
        As :func:`parse` does; also if a number is NaN, infinite or negative.
    """
    if isinstance(quantity, str):
        number, unit = parse(quantity, into)
        # Exact up to the last step, so that "24 h" is 86400 s and "0.1 uM" is 100 nM.
        try:
            value = float(Fraction(repr(number)) * unit.scale / into.scale)
        except OverflowError:
            raise QuantityError(f"{quantity!r} is too large.") from None
        if number and not value:
            raise QuantityError(f"{quantity!r} is too small.")
        return value
    number = float(quantity)
    if not math.isfinite(number):
        raise QuantityError(f"{number!r} is not a finite number.")
    return _nonnegative(number, repr(quantity))


def _nonnegative(number: float, text: str) -> float:
    if number < 0:
        raise QuantityError(f"{text!r} is negative.")
    return number + 0.0  # -0.0 becomes 0.0


def seconds(time: str | float) -> float:
    """Return a time in seconds; numbers are seconds already."""
    return convert(time, SECOND)


def nanomolar(concentration: str | float) -> float:
    """Return a concentration in nM; numbers are nM already."""
    return convert(concentration, NANOMOLAR)


def signed(text: str) -> float:
    """Return a number without a unit, which may be negative.

    Raises
    ------
    QuantityError
        If it is anything else.
    """
    try:
        return decimals.number(text)
    except ValueError as error:
        raise QuantityError(f"{error}.") from None


def plain(text: str) -> float:
    """Return a number without a unit, not negative.

    Raises
    ------
    QuantityError
        If it is anything else.
    """
    return _nonnegative(signed(text), text)


def fraction(text: str | float) -> float:
    """Return a share between 0 and 1, written as ``"90 %"`` or as a number.

    Raises
    ------
    QuantityError
        If it is no number or lies outside.
    """
    try:
        if isinstance(text, str) and text.strip().endswith("%"):
            value = decimals.number(text.strip()[:-1]) / 100
        else:
            value = decimals.number(text) if isinstance(text, str) else float(text)
    except ValueError:
        raise QuantityError(f"{text!r} is not a share; write it like '90 %' or 0.9.") from None
    if not 0 <= value <= 1:  # also catches NaN
        raise QuantityError(f"{text!r} is not a share between 0 and 1, or 0 % and 100 %.")
    return value


def format_time(time: float) -> str:
    """Return a time in seconds as text that :func:`seconds` reads back to the same number.

    Examples
    --------
    >>> [format_time(time) for time in (0, 90, 900, 259200, 864000)]
    ['0 s', '90 s', '15 min', '72 h', '10 d']
    """
    # Cell biologists count hours up to four days.
    names = ("d", "h", "min") if time > 4 * 86400 else ("h", "min")
    return _format(float(time), SECOND, names)


def format_concentration(concentration: float) -> str:
    """Return a concentration in nM as text that :func:`nanomolar` reads back.

    Examples
    --------
    >>> [format_concentration(c) for c in (0, 0.001, 0.5, 20, 1000)]
    ['0 nM', '1 pM', '500 pM', '20 nM', '1 uM']
    """
    return _format(float(concentration), NANOMOLAR, ("M", "mM", "uM", "nM", "pM", "fM"))


def _format(value: float, base: Unit, names: tuple[str, ...]) -> str:
    """Use the largest unit in which the value is a whole number; otherwise the base unit."""
    for name in names if value else ():
        # Twelve digits are what a person would have written; reading it back makes sure.
        rounded = float(f"{value * base.factor_to(UNITS[name]):.12g}")
        text = f"{_number(rounded)} {name}"
        if rounded >= 1 and rounded.is_integer() and convert(text, base) == value:
            return text
    return f"{_number(value)} {next(name for name, unit in UNITS.items() if unit == base)}"


def _number(value: float) -> str:
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
