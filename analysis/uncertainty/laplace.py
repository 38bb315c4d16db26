"""What data pin down, by the curvature at the best set: the Laplace approximation.

Claims and data are taken by the slopes of their residuals, as Gauss and Newton took them, and each
parameter for normal about its best value with the standard deviation that its range stands for.
For residuals in straight lines that is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from ...simulation.engines.base import Vector
from ..calibration.measuring import Measured
from .linear import Asking, asked


@dataclass(frozen=True)
class Laplace:
    """The approximation; what does not move is left out.

    Attributes
    ----------
    names : tuple of str
        The parameters that move.
    best : array of shape (parameters,)
        Logarithms of their best values.
    prior, posterior : array of shape (parameters,)
        Standard deviations of the logarithms before and after claims and data spoke.
    directions : float
        How many directions they pin down: the sum over all of which share of what is known they
        tell.
    """

    names: tuple[str, ...]
    best: Vector
    prior: Vector
    posterior: Vector
    directions: float

    @property
    def ratios(self) -> Vector:
        """What is left of the spread of each; 1 where nothing was learned."""
        return self.posterior / self.prior


def laplace(objective: Asking, measured: Measured) -> Laplace:
    """Return the approximation at a set that was measured with slopes."""
    free, measurer = objective.free, objective.measurer
    spread = measurer.spread[free]
    rows = objective.jacobian(measured)[: len(asked(objective, measured))]
    _, sizes, turned = linalg.svd(rows * spread, full_matrices=False)
    told = sizes**2 / (1 + sizes**2)
    # What data tell is taken off what was open, direction by direction.
    left = 1 - (told[:, None] * turned**2).sum(axis=0)
    return Laplace(
        tuple(name for name, moves in zip(measurer.names, free, strict=True) if moves),
        measured.logs[free],
        spread,
        spread * np.sqrt(np.maximum(left, 0)),
        float(told.sum()),
    )
