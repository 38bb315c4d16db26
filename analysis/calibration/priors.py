"""What is known of a parameter before the claims speak: the value and range of its table.

On the logarithm, a range is taken for four standard deviations of a normal distribution with the
table's value in its middle, and nothing may leave it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ...models.numbers.parameters import Quantity
from ...models.perturbations import conditions
from ...simulation.engines.base import Vector
from ...simulation.sbml.model import SbmlModel

# A range that begins at zero is taken to begin at this share of the value.
_LEAST: Final = 0.1
# An amount that was counted in one line of cells may be so many times more or less in the reference
# cell; the plausibility conditions ask the same of totals.
_COUNTED: Final = 1.9
# What the dish offers, and the constants of a drug, are no property of the cell.
_SET_BY: Final = ("environment", "compound")


@dataclass(frozen=True)
class Prior:
    """A parameter that may be fitted, in the unit of the model."""

    name: str
    value: float
    low: float
    high: float
    unit: str

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm."""
        return math.log(self.high / self.low) / 4


def free(model: SbmlModel) -> list[Prior]:
    """Return the parameters of a model that may move.

    These are assumed and transferred ones, and within a factor of nearly two the amounts of
    proteins that were counted in one line of cells. Volumes are left out, numbers that stand at the
    top of their range, like an activity of 1, and those that the literature disagrees about, for
    which there are switches to either side.

    Parameters
    ----------
    model : SbmlModel
        The model.

    Returns
    -------
    list of Prior
        In the order of the model.
    """
    table = conditions.tables()
    drugs = ("ATP_competing", "Km_ATP_", "free_fraction_", "permeability_surface_inhibitors")
    absolute = {
        parameter
        for condition in conditions.table().values()
        if condition.kind in _SET_BY
        for parameter in condition.values
        if parameter not in condition.folds
    }
    disputed = _disputed(table)
    found = []
    for name in model.settable:
        quantity = table.get(name)
        if quantity is None or name in absolute or name in disputed:
            continue
        counted = quantity.evidence == "measured" and name.endswith("_0")
        if quantity.evidence == "measured" and not counted:
            continue
        if name.startswith(drugs):
            continue
        prior = _prior(quantity, counted)
        if prior is not None:
            found.append(prior)
    return found


def _disputed(table: Mapping[str, Quantity]) -> set[str]:
    """Return what one switch sets higher than its table and another lower: no fit takes a side."""
    above: set[str] = set()
    below: set[str] = set()
    for condition in conditions.table().values():
        if condition.kind == "switch":
            for name, value in condition.values.items():
                if value > table[name].value:
                    above.add(name)
                if value < table[name].value:
                    below.add(name)
    return above & below


def _prior(quantity: Quantity, counted: bool) -> Prior | None:
    if quantity.value <= 0 or quantity.value >= quantity.high or quantity.unit == "pL":
        return None
    low, high = quantity.low or _LEAST * quantity.value, quantity.high
    if counted:
        low, high = max(low, quantity.value / _COUNTED), min(high, quantity.value * _COUNTED)
    return Prior(quantity.name, quantity.value, low, high, quantity.unit)


def logarithms(priors: Sequence[Prior]) -> tuple[Vector, Vector, Vector]:
    """Return the logarithms of values, and of the lower and upper ends of ranges."""
    columns = [[getattr(prior, what) for prior in priors] for what in ("value", "low", "high")]
    value, low, high = np.log(np.array(columns, dtype=float))
    return value, low, high
