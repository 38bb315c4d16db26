"""What the amounts, volumes and time of a network are counted in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ....network.network import Network
from ....network.units import units
from ....network.units.units import DIMENSIONLESS, Unit, UnitError


@dataclass(frozen=True)
class BaseUnits:
    """What amounts, volumes and time are measured in; None: to be found out."""

    substance: Unit | None
    volume: Unit
    time: Unit | None
    # Whether species stand for concentrations: the model has no compartments and counts in nM.
    concentrations: bool = False

    @property
    def deep(self) -> bool:
        """Whether a surface needs a thickness to be a volume."""
        return self.volume != DIMENSIONLESS


DEFAULT_SUBSTANCE: Final = units.parse("item")
DEFAULT_TIME: Final = units.parse("s")


def base_units(network: Network) -> BaseUnits:
    """Return the units a network is counted in, as far as it says."""
    said = network.metadata
    substance, volume, time = (
        None if text is None else units.parse(text)
        for text in (said.substance_unit, said.volume_unit, said.time_unit)
    )
    texts = [
        thing.unit
        for thing in (*network.parameters, *network.functions, *network.groups)
        if thing.unit is not None
    ]
    declared = [units.parse(text) for text in texts]
    if time is None:
        time = _only_time(texts)
    spatial = any("metre" in unit.dimensions for unit in declared)
    if not declared:  # nothing to find them out from
        substance = substance or DEFAULT_SUBSTANCE
        time = time or DEFAULT_TIME
    if not network.compartments:
        dense = spatial or (substance is not None and substance.is_concentration)
        if dense and volume is None:
            volume = units.parse("L")
        if dense and substance is not None and not substance.is_concentration:
            assert volume is not None
            substance /= volume
        return BaseUnits(substance, volume or DIMENSIONLESS, time, concentrations=dense)
    if volume is None:
        volume = units.parse("L") if spatial else DIMENSIONLESS
    return BaseUnits(substance, volume, time)


def _only_time(texts: Iterable[str]) -> Unit | None:
    """Return the one unit of time that units are declared with, if it is one."""
    found = set()
    for word in {word for text in texts for word in re.findall(r"[A-Za-z]+", text)}:
        with suppress(UnitError):
            unit = units.parse(word)
            if unit.is_time and unit.dimensions:
                found.add(unit)
    return found.pop() if len(found) == 1 else None
