"""What a scan is made of: axes, and what is done with the numbers on them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..experiments.experiments import EQUILIBRATION

Number = float | str
"""A number, or the name of the axis that it comes from."""
Point = Mapping[str, float | str]
"""The value of each axis, by name."""

DOSE: Final = "dose_"
"""What stands before the name of a compound or species in that of the axis of its doses."""
REPLICATE: Final = "replicate"
TIME: Final = "time"
# Names of variables that a store holds besides the outputs.
RESERVED: Final = frozenset({TIME, "status", "message", "checksums"})


class ScanError(ValueError):
    """A scan that makes no sense; the message says which part and what would."""


@dataclass(frozen=True)
class Axis:
    """Something that is varied.

    Parameters
    ----------
    name : str
        What it is called in the results.
    values : sequence of float or of str
        Numbers; or labels, which are keys of the scan's ``cells``.
    unit : str
        Of the numbers.
    dimension : str, optional
        Axes of one dimension vary together; by default each axis is its own.
    about : str
        What a reader should know, for instance what is varied.
    """

    name: str
    values: Sequence[float] | Sequence[str]
    unit: str = ""
    dimension: str = ""
    about: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        object.__setattr__(self, "dimension", self.dimension or self.name)
        if not self.values:
            raise ScanError(f"The axis {self.name!r} has no values.")
        for value in self.values:
            if not isinstance(value, str) and not math.isfinite(value):
                raise ScanError(f"The axis {self.name!r} holds {value}; values are finite.")


@dataclass(frozen=True)
class Setting:
    """A parameter, compartment or species that is set; both numbers may come from axes."""

    target: str
    value: Number
    at: Number = EQUILIBRATION  # from the start


@dataclass(frozen=True)
class Addition:
    """A dose, in nM or in what the model counts in; both numbers may come from axes."""

    species: str
    concentration: Number
    at: Number = 0.0
    counted: bool = False  # as a model without units takes it


@dataclass(frozen=True)
class Removal:
    """A wash-out; both numbers may come from axes."""

    species: str
    fraction: Number = 1.0
    at: Number = 0.0
