"""Names and definitions of the units in an SBML document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from hashlib import sha256

from ....network.mathematics import expressions
from ....network.mathematics.expressions import Binary, Expression, Name, Number
from ....network.network import Network
from ....network.units import units
from ....network.units.units import BUILT_IN, Unit
from ..ids import RESERVED, Names
from ..xml import attribute, number
from .formulas import Formulas

# Names for units that follow from declared ones.
_COMMON = ("M", "mM", "uM", "nM", "pM", "mol", "mmol", "umol", "nmol", "pmol", "min", "h", "um")


class UnitNames:
    """Gives each unit one identifier, and writes those that SBML does not know.

    A unit has the name it was declared with (``1/(nM*s)`` is ``per_nM_per_s``), or one that tells
    it as amount, volume and time of the model (``per_item_per_s``).
    """

    def __init__(self, formulas: Formulas, network: Network, names: Names) -> None:
        del names
        self._ids: dict[Unit, str] = {}
        self._taken: set[str] = set()
        base = formulas.base
        said = network.metadata
        texts: list[str | None] = [said.substance_unit, said.volume_unit, said.time_unit]
        for things in (network.parameters, network.functions, network.groups):
            texts += [thing.unit for thing in things]
        self._texts: dict[Unit, str] = {}
        for text in texts:
            if text is not None:
                self._texts.setdefault(units.parse(text), text)
        for text in _COMMON:
            self._texts.setdefault(units.parse(text), text)
        micrometre = units.parse("um")
        if (volume := self._texts.get(base.volume, BUILT_IN.get(base.volume))) is not None:
            self._texts.setdefault(base.volume / micrometre, f"{volume}/um")
        assert base.substance is not None
        assert base.time is not None
        self._basis = (base.substance, base.volume, base.time)

    def id(self, unit: Unit) -> str:
        """Return the identifier of a unit."""
        if unit in BUILT_IN:
            return BUILT_IN[unit]
        if unit not in self._ids:
            name = self._named(unit)
            while name in self._taken or name in RESERVED:
                name += "_"
            self._taken.add(name)
            self._ids[unit] = name
        return self._ids[unit]

    def _named(self, unit: Unit) -> str:
        if unit in self._texts:
            return spelled_id(self._texts[unit])
        powers = self._in_basis(unit)
        if powers is not None:
            parts = [
                (BUILT_IN.get(one) or spelled_id(self._texts.get(one, "unit")), power)
                for one, power in zip(self._basis, powers, strict=True)
            ]
            if all(name != "unit" or not power for name, power in parts):
                return _joined((_short(name), power) for name, power in parts if power)
        return f"unit_{sha256(repr(units.rows(unit)).encode()).hexdigest()[:6]}"

    def _in_basis(self, unit: Unit) -> tuple[Fraction, ...] | None:
        """Return the powers of amount, volume and time that make up a unit, if they do."""
        substance, volume, time = self._basis
        powers: list[Fraction] = []
        rest = unit
        for one, kinds in (
            (substance, ("mole", "item")),
            (time, ("second",)),
            (volume, ("metre",)),
        ):
            mine, dimensions = one.dimensions, rest.dimensions
            kind = next((k for k in kinds if k in mine), None)
            power = Fraction(0)
            if kind is not None:
                power = dimensions.get(kind, Fraction(0)) / mine[kind]
            rest /= one**power
            powers.append(power)
        return None if rest.powers else (powers[0], powers[2], powers[1])

    def definitions(self, three: bool) -> Iterator[str]:
        """Yield the definitions of all units asked for so far."""
        for unit, key in sorted(self._ids.items(), key=lambda pair: pair[1]):
            yield definition(key, self._texts.get(unit, key), unit, three=three)


def definition(key: str, name: str, unit: Unit, *, three: bool) -> str:
    """Return the definition of a unit; before Level 3, exponents are whole numbers."""
    parts = []
    for row in units.rows(unit):
        exponent = row.exponent
        if not three and exponent.denominator != 1:
            exponent = Fraction(round(exponent))
        parts.append(
            f'<unit kind="{row.kind}" exponent="{number(float(exponent))}"'
            f' scale="{row.scale}" multiplier="{number(row.multiplier)}"/>'
        )
    return (
        f'<unitDefinition id="{key}" name={attribute(name)}><listOfUnits>{"".join(parts)}'
        "</listOfUnits></unitDefinition>\n"
    )


def spelled_id(text: str) -> str:
    """Return a unit's text as an identifier.

    Examples
    --------
    >>> spelled_id("1/(nM*s)")
    'per_nM_per_s'
    """
    cleaned = text.strip().replace("µ", "u").replace("μ", "u").replace("·", "*")
    cleaned = re.sub(r"(?<=[\w)])\s+(?=[\w(])", "*", cleaned)
    return _joined(_factors(expressions.parse(cleaned), Fraction(1)))


def _factors(tree: Expression, power: Fraction) -> Iterator[tuple[str, Fraction]]:
    match tree:
        case Name():
            yield tree.name, power
        case Binary(operator="*"):
            yield from _factors(tree.left, power)
            yield from _factors(tree.right, power)
        case Binary(operator="/"):
            yield from _factors(tree.left, power)
            yield from _factors(tree.right, -power)
        case Binary(operator="^"):
            yield from _factors(tree.left, power * Fraction(str(tree.right).strip("()")))
        case Number() if tree.value != 1:
            yield str(tree), power


def _joined(factors: Iterable[tuple[str, Fraction]]) -> str:
    above, below = [], []
    for name, power in factors:
        size = abs(power)
        text = name if size == 1 else f"{name}{size}"
        (above if power > 0 else below).append(re.sub(r"\W", "_", text))
    text = "_".join([*above, *(f"per_{name}" for name in below)]) or "dimensionless"
    return text if not text[0].isdigit() else f"_{text}"


def _short(name: str) -> str:
    return {"second": "s", "litre": "L", "mole": "mol"}.get(name, name)
