"""What the fit makes small: claims that could fail, data missed, parameters away from priors.

Factors of cell lines count as parameters that are log-normal about 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from ...simulation.engines.base import Vector
from .. import losses
from . import margins
from .measuring import Measured, Measurer

# What one standard deviation away from its prior counts, beside a claim that lacks one standard
# deviation of what is to spare. Every further one counts more, as of a normal distribution.
_MOVED: Final = 0.3
# What counts much less, in standard deviations of the prior.
_UNMOVED: Final = 0.1
# Within this share of its range before an end, a value is held off that end: the nearer, the more.
_EDGE: Final = 0.1
# The residual that is added at the end itself.
_HELD_OFF: Final = 2.0
# A table's value that is as near to an end, as a share of the range, stands at that end.
_AT_END: Final = 1e-3
# How many times more that counts, at most, for a parameter with which claims sway more than with
# others.
_DEAR: Final = 4.0
# Keeps what does not sway at all from being divided by zero.
_CERTAIN: Final = 1e-12


class Costs(NamedTuple):
    """What adds to an objective."""

    claims: float
    data: float
    priors: float


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
    prices : array of shape (parameters,), optional
        How many times more each parameter counts that moves; once without.
    """

    measurer: Measurer
    free: NDArray[np.bool_]
    sways: Vector | None = None
    prices: Vector | float = 1.0

    @classmethod
    def near(cls, measurer: Measurer, measured: Measured, free: NDArray[np.bool_]) -> Objective:
        """Return the objective that asks for as much as margins sway at a parameter set."""
        parts = (margins.JITTER * measured.slopes) ** 2 * free
        sways = np.sqrt(parts.sum(axis=1))
        # A check counts by how likely it is to be lost or won when parameters are off.
        certain = np.maximum(sways, _CERTAIN)
        near = stats.norm.pdf(measured.margins / certain) / certain**2
        added = near @ parts
        # No claim sways with the factors of a cell line.
        counted = added[free & ~measurer.of_lines]
        prices = np.clip(added / max(counted.mean(), _CERTAIN), 1, _DEAR)
        return cls(measurer, free, sways, prices)

    def residuals(self, measured: Measured) -> Vector:
        """Return what is squared: what checks lack, what data are missed by, then parameters."""
        return np.concatenate(self._parts(measured))

    def _parts(self, measured: Measured) -> tuple[Vector, Vector, Vector]:
        (checks, moved), _ = self.lacking(measured)
        data = self.measurer.data
        missed = np.empty(0) if data is None else data.residuals(measured.levels)[0]
        return np.concatenate(checks), missed, moved

    def jacobian(self, measured: Measured) -> Vector:
        """Return how residuals follow the logarithms of the free parameters."""
        _, (factors, slopes) = self.lacking(measured)
        rows = [each[:, None] * measured.slopes[:, self.free] for each in factors]
        _, by_parameter = self.missed(measured)
        return np.vstack([*rows, by_parameter, np.diag(slopes)])

    def pulled(self, measured: Measured) -> tuple[Vector, Callable[[Vector], Vector]]:
        """Return residuals, and what gives ``weights @ jacobian`` for a weight of each.

        It takes a small part of the time that the Jacobian does.
        """
        (checks, moved), (by_margin, by_log) = self.lacking(measured)
        residuals, data = [np.concatenate(checks), np.empty(0), moved], self.measurer.data
        by_level = None
        if data is not None:
            residuals[1], by_level = data.residuals(measured.levels)
        ends = np.cumsum([len(each) for each in residuals])[:2]

        def back(weights: Vector) -> Vector:
            of_checks, of_data, of_moved = np.split(weights, ends)
            found = (of_checks.reshape(checks.shape) * by_margin).sum(axis=0) @ measured.slopes
            if by_level is not None:
                by_data = by_level.T @ of_data[: by_level.shape[0]]
                levels = measured.level_slopes
                if not np.isfinite(levels).all():
                    levels = np.nan_to_num(levels)
                found = found + by_data @ levels
            return found[self.free] + of_moved * by_log

        return np.concatenate(residuals), back

    def lacking(self, measured: Measured) -> tuple[tuple[Vector, Vector], tuple[Vector, Vector]]:
        """Return residuals of checks and of free parameters, and their slopes.

        Returns
        -------
        residuals : tuple of array
            Of shape (1 or 2, checks), and of shape (free parameters,).
        slopes : tuple of array
            By the margin of each check, and by the logarithm of each parameter; of the same shapes.
        """
        checks, by_margin = self._checks(measured)
        moved, by_log = self._moved(measured)
        return (checks, moved[self.free]), (by_margin, by_log[self.free])

    def missed(self, measured: Measured) -> tuple[Vector, Vector]:
        """Return residuals of data, and how they follow the logarithms of the free parameters.

        Returns
        -------
        residuals : array of shape (data,)
            Empty without data.
        slopes : array of shape (data, free parameters)
        """
        data, levels = self.measurer.data, measured.level_slopes
        if data is None:
            return np.empty(0), np.empty((0, int(self.free.sum())))
        missed, by_level = data.residuals(measured.levels)
        # Those of backgrounds, which are last, follow nothing.
        slopes = np.zeros((len(missed), int(self.free.sum())))
        slopes[: by_level.shape[0]] = by_level @ np.nan_to_num(levels[:, self.free])
        return missed, slopes

    def costs(self, measured: Measured) -> Costs:
        """Return what checks, data and parameters add to the objective."""
        return Costs(*(float((each**2).sum() / 2) for each in self._parts(measured)))

    def cost(self, measured: Measured) -> float:
        """Return the objective."""
        return sum(self.costs(measured))

    def _checks(self, measured: Measured) -> tuple[Vector, Vector]:
        """Return residuals and their slopes, both of shape (1 or 2, checks)."""
        aims, found = self.measurer.aims, measured.margins.tolist()
        # What is still far off when others have come near is not to be had, and gives way to them;
        # not so the acceptance core.
        first = self.sways is None
        shapes = [losses.bent if first or aim.claim.core else losses.yielding for aim in aims]
        asked = [[margins.held(*each) for each in zip(aims, found, shapes, strict=True)]]
        if self.sways is not None:
            checks = zip(aims, found, self.sways.tolist(), shapes, strict=True)
            asked.append([margins.sturdy(*each) for each in checks])
        residuals, slopes = np.moveaxis(np.array(asked), 2, 0)
        return residuals, slopes

    def _moved(self, measured: Measured) -> tuple[Vector, Vector]:
        spread, of_lines = self.measurer.spread, self.measurer.of_lines
        far = (measured.logs - self.measurer.centre) / spread
        # Nearly the absolute value, so that few parameters move and the others stay.
        near, by_near = losses.bent(far / _UNMOVED)
        weight = _MOVED * _UNMOVED * self.prices
        beyond = np.sign(far) * np.maximum(np.abs(far) - 1, 0)
        edge, by_log = self._at_edge(measured)
        residual = np.sign(far) * np.sqrt(weight * near**2 + beyond**2 + edge**2)
        # Half of the slope of the square.
        slope = weight * near * by_near / _UNMOVED + beyond + edge * by_log * spread
        moved = residual != 0
        slope = np.where(moved, slope / np.where(moved, residual, 1), np.sqrt(weight) / _UNMOVED)
        # Lines do differ: their factors are log-normal.
        return np.where(of_lines, far, residual), np.where(of_lines, 1.0, slope) / spread

    def _at_edge(self, measured: Measured) -> tuple[Vector, Vector]:
        """Return how near to an end of its range each parameter is, and the slope of that.

        It is nothing at the value of the table, however near to an end that stands.
        """
        low, high = self.measurer.inside
        widths = high - low
        edge, by_log = np.zeros(len(widths)), np.zeros(len(widths))
        for end, inwards in ((low, 1.0), (high, -1.0)):
            begins = np.minimum(_EDGE * widths, inwards * (self.measurer.centre - end))
            begins = np.where(begins < _AT_END * widths, 0, begins)
            within = (begins > 0) & (inwards * (measured.logs - end) < begins)
            share = (begins - inwards * (measured.logs - end)) / np.where(within, begins, 1)
            edge = np.where(within, _HELD_OFF * share, edge)
            by_log = np.where(within, -inwards * _HELD_OFF / np.where(within, begins, 1), by_log)
        return edge, by_log
