"""Counting molecules, which stochastic simulation does whatever unit a model counts in."""

from __future__ import annotations

from typing import Final

import numpy as np

from .base import Loaded, UnsupportedError, Vector

# In a mole; exact since 2019.
_AVOGADRO: Final = 602214076 * 10**15


def per_amount(loaded: Loaded) -> float:
    """Return how many molecules make one unit of amount; 1 where no unit is declared.

    Raises
    ------
    UnsupportedError
        If species count in different units.
    """
    units = {species.unit for species in loaded.model.species.values()}
    if len(units) > 1:
        raise UnsupportedError(
            f"Species of model {loaded.model.id!r} count in different units; a stochastic "
            "simulation needs one."
        )
    unit = units.pop() if units else None
    if unit is None or unit.dimension != (1, 0, 0):
        return 1.0
    return float(unit.scale * _AVOGADRO)


def counted(molecules: Vector) -> Vector:
    """Return whole numbers of molecules."""
    return np.rint(molecules)
