"""What the loss of a target does, and how it shifts the effect of a drug.

A readout that never falls below zero is compared as a fold, on the logarithm to base 2; one that
does, such as net growth, as a difference, in shares of the range of all cells. The shift
is how much more the drug does without the target than it does to the intact cell: below zero, its
absence sensitises; above, it protects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import xarray as xr

INTACT: Final = "intact"
UNTREATED: Final = "untreated"
LEAST: Final = 1e-3
"""What is left of a readout counts as so much at least; of less a drug takes no share."""
# This share of the largest value of a readout is nothing.
_TRACE: Final = 1e-6


def readouts(data: xr.Dataset) -> list[str]:
    """Return what was looked at."""
    return [str(name) for name in data.data_vars if name != "message"]


def signed(values: xr.DataArray) -> bool:
    """Return whether a readout goes below zero, so that its shares mean nothing."""
    return bool((values < -_traces(values)).any())


def _traces(values: xr.DataArray) -> float:
    """Return what is nothing, as integration has it, beside the largest there is."""
    return _TRACE * float(np.abs(values).max())


def _folds(values: xr.DataArray, reference: xr.DataArray) -> xr.DataArray:
    """Return log2 of how many times a reference values are; of what is nearly gone, that."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = xr.apply_ufunc(lambda fold: np.log2(np.maximum(fold, LEAST)), values / reference)
    return found.where(np.isfinite(found))


def effects(data: xr.Dataset, name: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Return what the loss of each target does, and how the drug does more or less without it.

    Parameters
    ----------
    data : xarray.Dataset
        From :func:`study`.
    name : str
        Of the readout.

    Returns
    -------
    (DataArray, DataArray)
        The effect, against the intact cell with the same treatment; and the shift of the effect
        of each treatment, which of the untreated cell is zero.
    """
    values = data[name]
    untreated = values.sel(treatment=UNTREATED, drop=True)
    if signed(values):
        span = float(values.max() - values.min()) or 1.0
        effect = (values - _intact(values)) / span
        drug = (values - untreated) / span
        return effect, drug - _intact(drug)
    # What the intact cell has nothing of cannot be told in multiples.
    values = values.where(np.abs(_intact(values)) > _traces(values))
    drug = _folds(values, untreated).where(untreated >= LEAST * _intact(untreated))
    return _folds(values, _intact(values)), drug - _intact(drug)


def _intact(values: xr.DataArray) -> xr.DataArray:
    return values.sel(target=INTACT, drop=True)


def drawn(data: xr.Dataset, treatment: str, place: Mapping[str, Any]) -> str:
    """Return the readout whose shifts are shown: one with a sign, such as growth, or most moved."""

    def moved(name: str) -> tuple[bool, float]:
        values = data[name].sel(place).sel(target=INTACT)
        one, other = (values.sel(treatment=each) for each in (UNTREATED, treatment))
        if signed(data[name]):
            return True, abs(float(other - one))
        there = float(one) > _traces(data[name])
        size = abs(float(_folds(other, one)))
        return False, size if there and np.isfinite(size) else 0.0

    return max(readouts(data), key=moved)
