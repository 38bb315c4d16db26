"""The levels and versions of SBML, and what each has no room for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Level:
    """A level and version of SBML, and what it has no room for."""

    level: int
    version: int
    lost: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()  # operators of MathML

    @property
    def three(self) -> bool:
        """Whether it is Level 3."""
        return self.level == 3

    @property
    def namespace(self) -> str:
        """The XML namespace of the core."""
        if self.three:
            return f"http://www.sbml.org/sbml/level3/version{self.version}/core"
        return f"http://www.sbml.org/sbml/level2/version{self.version}"


_EXTREMES: Final = ("min", "max")
_NO_EXTREMES: Final = "min and max are written as piecewise formulas"
_NO_UNITS: Final = "literals in formulas lose their units, so checks of units stay incomplete"
_NO_GROUPS: Final = "the groups of reactions by rule and mechanism, and of species by monomer"

LEVELS: Final[Mapping[str, Level]] = {
    "3.2": Level(3, 2),
    "3.1": Level(3, 1, (_NO_EXTREMES,), _EXTREMES),
    "2.5": Level(2, 5, (_NO_EXTREMES, _NO_UNITS, _NO_GROUPS), _EXTREMES),
    "2.4": Level(2, 4, (_NO_EXTREMES, _NO_UNITS, _NO_GROUPS), _EXTREMES),
}
