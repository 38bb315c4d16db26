"""Parameters that a fit leaves at an end of their range, and what pulls them there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from ...simulation.engines.base import Vector
from .measuring import Measured
from .objective import Objective

NEAR: Final = 0.05
"""At an end is what stands within this share of the range, on the logarithm."""
# What moved less than this, in spreads, stands where its table has it.
_STAYED: Final = 0.1
# So many of what pulls most are named, ...
_NAMED: Final = 3
# ... if the objective falls by so much for each spread further, which is more than rounding.
_LEAST: Final = 0.02


@dataclass(frozen=True)
class AtEnd:
    """A parameter at an end of its range.

    Attributes
    ----------
    name : str
        The parameter.
    end : str
        ``lower`` or ``upper``.
    value : float
        Where it stands, in its own unit.
    moved : float
        How far from its prior, in spreads.
    pulls : dict
        By claim, or ``READOUT of DATA SET``, by how much the objective would fall with one spread
        more beyond the end, as far as slopes say; those that pull most.
    """

    name: str
    end: str
    value: float
    moved: float
    pulls: Mapping[str, float]


def at_ends(objective: Objective, measured: Measured) -> list[AtEnd]:
    """Return the parameters that moved to an end of their range, in the order of the measurer's.

    Factors of cell lines are left out, which have no range but their spread.
    """
    measurer = objective.measurer
    far = (measured.logs - measurer.low) / (measurer.high - measurer.low)
    moved = (measured.logs - measurer.centre) / measurer.spread
    at = objective.free & ~measurer.of_lines & ((far < NEAR) | (far > 1 - NEAR))
    at &= np.abs(moved) > _STAYED
    if not at.any():
        return []
    pulling = _pulling(objective, measured)
    found = []
    for place in np.flatnonzero(at):
        upper = bool(far[place] > 0.5)
        outwards = measurer.spread[place] * (-1 if upper else 1)
        pulls = {name: outwards * slope[place] for name, slope in pulling.items()}
        most = sorted(pulls, key=lambda name: -pulls[name])[:_NAMED]
        found.append(
            AtEnd(
                measurer.names[place],
                "upper" if upper else "lower",
                float(np.exp(measured.logs[place])),
                float(moved[place]),
                {name: float(pulls[name]) for name in most if pulls[name] >= _LEAST},
            )
        )
    return found


def _pulling(objective: Objective, measured: Measured) -> dict[str, Vector]:
    """Return how what each claim and data set adds follows the logarithms of all parameters."""
    count = len(objective.measurer.names)
    found: defaultdict[str, Vector] = defaultdict(lambda: np.zeros(count))
    (checks, _), (by_margin, _) = objective.lacking(measured)
    factors = (checks * by_margin).sum(axis=0)
    for aim, factor, slopes in zip(objective.measurer.aims, factors, measured.slopes, strict=True):
        found[aim.claim.id] += factor * slopes
    data = objective.measurer.data
    if data is not None:
        missed, by_parameter = objective.missed(measured)
        rows = zip(data.targets, missed, by_parameter, strict=False)  # backgrounds come last
        for target, residual, slopes in rows:
            pull = found[f"{target.readout} of {target.dataset}"]
            pull[objective.free] += residual * slopes
    return dict(found)
