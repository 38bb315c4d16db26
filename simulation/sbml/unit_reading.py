"""Units of an SBML file: what they measure, and how the file calls them."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import libsbml

from ...network.units.quantities import Unit

_BASE: Final = {
    libsbml.UNIT_KIND_MOLE: Unit(Fraction(1), mole=1),
    # Since 2019 a mole is this number of items exactly.
    libsbml.UNIT_KIND_ITEM: Unit(1 / Fraction(602214076 * 10**15), mole=1),
    libsbml.UNIT_KIND_LITRE: Unit(Fraction(1), litre=1),
    libsbml.UNIT_KIND_SECOND: Unit(Fraction(1), second=1),
    libsbml.UNIT_KIND_DIMENSIONLESS: Unit(Fraction(1)),
}
# Powers beyond these are no numbers any more, and take for ever to be written out.
_LARGEST_SCALE: Final = 100
_LARGEST_EXPONENT: Final = 9
_MOST_BITS: Final = 800
# Level 2 has these names for units that a model may define anew, and then they say nothing.
_BUILT_IN: Final = frozenset(("substance", "volume", "area", "length", "time"))


class Units:
    """Units of substance, volume and time; None for anything else, as kilograms."""

    def __init__(self, model: libsbml.Model) -> None:
        self._model = model
        self._level2 = model.getLevel() < 3
        self._known: dict[str, Unit | None] = {}

    # -- what they measure ------------------------------------------------------------------------

    def named(self, name: str) -> Unit | None:
        """Return the unit of that id."""
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def substance(self, species: libsbml.Species) -> Unit | None:
        """Return the unit of a species' amount."""
        return self._only(self.substance_id(species), (1, 0, 0))

    def volume(self, compartment: libsbml.Compartment) -> Unit | None:
        """Return the unit of a compartment's volume."""
        return self._only(self.size_id(compartment), (0, 1, 0))

    def time(self) -> Unit | None:
        """Return the unit of time."""
        return self._only(self.time_id(), (0, 0, 1))

    # -- what they are called ---------------------------------------------------------------------

    def substance_id(self, species: libsbml.Species) -> str:
        """Return the id of the unit of a species' amount; empty where none is declared."""
        return species.getSubstanceUnits() or self._default("substance", "mole")

    def size_id(self, compartment: libsbml.Compartment) -> str:
        """Return the id of the unit of a compartment's size; empty where none is declared."""
        given = compartment.getUnits()
        if given:
            return given
        kinds = {3.0: ("volume", "litre"), 2.0: ("area", ""), 1.0: ("length", "metre")}
        kind = kinds.get(compartment.getSpatialDimensionsAsDouble())
        return self._default(*kind) if kind else ""

    def time_id(self) -> str:
        """Return the id of the unit of time; empty where none is declared."""
        return self._default("time", "second")

    def extent_id(self) -> str:
        """Return the id of the unit in which reactions happen; empty where none is declared."""
        return self._default("extent" if not self._level2 else "substance", "mole")

    def said(self, id: str) -> str:
        """Return a unit's id, or what it is where the id says nothing."""
        definition = self._model.getUnitDefinition(id) if id in _BUILT_IN else None
        if definition is None:
            return id
        return "*".join(map(_said, definition.getListOfUnits())) or "dimensionless"

    # -- looking up -------------------------------------------------------------------------------

    def _default(self, what: str, in_level2: str) -> str:
        if self._level2:  # a model may redefine what 'substance' means
            return what if self._model.getUnitDefinition(what) is not None else in_level2
        return getattr(self._model, f"get{what.capitalize()}Units")()

    def _only(self, name: str, dimension: tuple[int, int, int]) -> Unit | None:
        unit = self.named(name)
        return unit if unit is not None and unit.dimension == dimension else None

    def _find(self, name: str) -> Unit | None:
        definition = self._model.getUnitDefinition(name) if name else None
        if definition is None:
            return _BASE.get(libsbml.UnitKind_forName(name)) if name else None
        product = Unit(Fraction(1))
        for unit in definition.getListOfUnits():
            exponent = unit.getExponentAsDouble()
            if abs(unit.getScale()) > _LARGEST_SCALE or abs(exponent) > _LARGEST_EXPONENT:
                return None
            factor = Fraction(repr(unit.getMultiplier())) * Fraction(10) ** unit.getScale()
            if unit.getKind() == libsbml.UNIT_KIND_METRE and exponent % 3 == 0:
                base, exponent = Unit(1000 * factor**3, litre=1), exponent / 3
            elif unit.getKind() in _BASE and exponent == int(exponent):
                base = _BASE[unit.getKind()]
                base = Unit(factor * base.scale, base.mole, base.litre, base.second)
            else:
                return None
            power = int(exponent)
            product = Unit(
                product.scale * base.scale**power,
                product.mole + power * base.mole,
                product.litre + power * base.litre,
                product.second + power * base.second,
            )
        # What no number can hold is no unit to convert from.
        bits = product.scale.numerator.bit_length() - product.scale.denominator.bit_length()
        return product if abs(bits) < _MOST_BITS else None


def _said(unit: libsbml.Unit) -> str:
    """Return ``1e-09 mole`` or ``60 second``, with a power where it has one."""
    factor = unit.getMultiplier() * 10.0 ** max(min(unit.getScale(), 300), -300)
    kind = libsbml.UnitKind_toString(unit.getKind())
    power = unit.getExponentAsDouble()
    said = kind if factor == 1 else f"{factor:g} {kind}"
    return said if power == 1 else f"({said})^{power:g}"
