"""What the fit makes small: claims that could fail, and parameters away from their priors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ..engines.base import Vector
from . import margins
from .measuring import Measured, Measurer

# What one standard deviation away from its prior counts, beside a claim that lacks one standard
# deviation of what is to spare.
_MOVED: Final = 0.3
# What counts much less, in standard deviations of the prior.
_UNMOVED: Final = 0.1


@dataclass(frozen=True)
class Objective:
    """Residuals, half of whose sum of squares is made small.

    Attributes
    ----------
    measurer : Measurer
        What checks come to.
    free : array of bool, of shape (parameters,)
        Which parameters move; the others stay at their priors.
    sways : array of shape (checks,), optional
        Standard deviation of each margin when all free parameters are off by
        :data:`margins.JITTER`. Without, checks are only asked to hold.
    """

    measurer: Measurer
    free: NDArray[np.bool_]
    sways: Vector | None = None

    @classmethod
    def near(cls, measurer: Measurer, measured: Measured, free: NDArray[np.bool_]) -> Objective:
        """Return the objective that asks for as much as margins sway at a parameter set."""
        sways = margins.JITTER * np.linalg.norm(measured.slopes[:, free], axis=1)
        return cls(measurer, free, sways)

    def residuals(self, measured: Measured) -> Vector:
        """Return what is squared: what checks lack to hold and to be sturdy, then parameters."""
        checks, _ = self._checks(measured)
        moved, _ = self._moved(measured)
        return np.concatenate([*checks, moved[self.free]])

    def jacobian(self, measured: Measured) -> Vector:
        """Return how residuals follow the logarithms of the free parameters."""
        _, factors = self._checks(measured)
        _, slopes = self._moved(measured)
        of_checks = [each[:, None] * measured.slopes[:, self.free] for each in factors]
        return np.vstack([*of_checks, np.diag(slopes[self.free])])

    def added(self, measured: Measured) -> Vector:
        """Return which part of the squares of sways is due to each parameter.

        A check counts by how likely it is to be lost or won when parameters are off.
        """
        assert self.sways is not None
        sways = np.maximum(self.sways, 1e-12)
        near = stats.norm.pdf(measured.margins / sways)
        parts = (margins.JITTER * measured.slopes / sways[:, None]) ** 2
        return np.where(self.free, near @ parts, 0.0)

    def costs(self, measured: Measured) -> tuple[float, float]:
        """Return what checks and what parameters add to the objective."""
        squares = self.residuals(measured) ** 2 / 2
        parameters = int(self.free.sum())
        checks = len(squares) - parameters
        return float(squares[:checks].sum()), float(squares[checks:].sum())

    def cost(self, measured: Measured) -> float:
        """Return the objective."""
        return sum(self.costs(measured))

    def _checks(self, measured: Measured) -> tuple[Vector, Vector]:
        """Return residuals and their slopes, both of shape (1 or 2, checks)."""
        aims, found = self.measurer.aims, measured.margins.tolist()
        asked = [[margins.held(*each) for each in zip(aims, found, strict=True)]]
        if self.sways is not None:
            checks = zip(aims, found, self.sways.tolist(), strict=True)
            asked.append([margins.sturdy(*each) for each in checks])
        residuals, slopes = np.moveaxis(np.array(asked), 2, 0)
        return residuals, slopes

    def _moved(self, measured: Measured) -> tuple[Vector, Vector]:
        # Nearly the absolute value, so that few parameters move and the others stay.
        far = (measured.logs - self.measurer.centre) / self.measurer.spread / _UNMOVED
        residual, slope = margins.bent(far)
        weight = np.sqrt(_MOVED * _UNMOVED)
        return weight * residual, weight * slope / (self.measurer.spread * _UNMOVED)
