"""What a part of the network sees of the rest: activities held at fixed values.

A model that holds only a part of the network lacks some of the enzymes that act on it. Each of them
is then a parameter with the name of the concentration that the whole model computes, at the level
it has there in fed cells.
"""

from __future__ import annotations

from pysb import Model

from .composing import Mechanism
from .drafting import drafting
from .parameters import Rates


def held(*names: str) -> Mechanism:
    """Return a mechanism that adds each of ``names`` as a parameter."""

    def add_boundaries(model: Model, rates: Rates) -> None:
        with drafting(model):
            for name in names:
                rates.parameter(name)

    return add_boundaries
