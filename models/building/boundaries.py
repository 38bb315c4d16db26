"""What a part of the network sees of the rest: activities held at fixed values.

A model that holds only a part of the network lacks some of the enzymes that act on it. Each of them
is then a parameter with the name of the concentration that the whole model computes, at the level
it has there in fed cells (`python -m mtorules.analysis.boundaries` writes them).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pysb import Model

from ..numbers.parameters import Rates
from .composing import Mechanism
from .drafting import drafting

FILE: Final = Path(__file__).with_suffix(".csv")
# What a row of the table says of a value that comes from the whole network.
FROM_WHOLE: Final = "level in the fed cell of the whole network"


def held(*names: str) -> Mechanism:
    """Return a mechanism that adds each of ``names`` as a parameter."""

    def add_boundaries(model: Model, rates: Rates) -> None:
        with drafting(model):
            for name in names:
                rates.parameter(name)

    return add_boundaries
