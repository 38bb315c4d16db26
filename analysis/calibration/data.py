"""Measured changes as residuals, and how they follow the levels of a model.

Each is seen over a background of its assay (:mod:`..validation.assays`), which is the best for the
levels at hand: since the objective does not change with it there, slopes need not know of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from ...simulation.engines.base import Vector
from ...simulation.sbml.model import SbmlModel
from .. import losses
from ..claims.plans import Plan
from ..validation import assays, scores
from ..validation.comparing import compare
from ..validation.levels import NOTHING, Levels
from ..validation.targets import Target
from .lines import Lines

Rows = NDArray[np.int64]
# What a model of typical cells is off for reasons of its own, in log2, besides the spread of what
# was measured.
_MODEL: Final = 0.5
# What is measured of one readout in one line by one laboratory is off together: so many rows count
# as many as this power of their number.
_TOGETHER: Final = 0.5
# What a row that counts once adds, beside a claim that lacks one standard deviation.
_WEIGHT: Final = 0.3
# What a level counts that could not be had, in standard deviations.
_LOST: Final = 5.0


class Data:
    """Targets that are fitted.

    Parameters
    ----------
    targets : sequence of Target
        What was measured.
    model : SbmlModel
        The model that is to show it.
    lines : Lines, optional
        Factors of cell lines; none without.

    Attributes
    ----------
    levels : Levels
        What the targets rest on.
    plans, times : dict
        Experiments by key, and when each is looked at (s).
    """

    def __init__(
        self, targets: Sequence[Target], model: SbmlModel, lines: Lines | None = None
    ) -> None:
        self.lines = lines or Lines()
        compared = compare(targets, model, factors=self.lines.at(self.lines.begin))
        self.targets = tuple(targets)
        self.levels = Levels(compared)
        self.plans: Mapping[str, Plan] = compared.plans
        self.times: Mapping[str, set[float]] = compared.times
        self.measured = scores.clipped([each.log2 for each in targets])
        self.spread = np.hypot([each.spread for each in targets], _MODEL)
        groups = [(each.dataset, each.readout, each.line) for each in targets]
        counts = Counter(groups)
        self.weight = _WEIGHT * np.array([counts[each] ** (_TOGETHER - 1) for each in groups])
        self.batches = assays.batches(
            [each.dataset for each in targets], [each.readout for each in targets]
        )

    def told(self) -> bytes:
        """Return a digest of what is measured of a model; it does not depend on what was found."""
        rows = [(look.experiment, look.time, formula.text) for look, formula in self.levels.looks]
        digest = hashlib.sha256(repr(rows).encode())
        # Without any, as it was before there were factors.
        if self.lines.held:
            digest.update(repr(self.lines.held).encode())
        return digest.digest()

    def shares(self, levels: Vector) -> dict[assays.Batch, float]:
        """Return the background of each batch, as share of its typical level."""
        found = {}
        for batch, rows in self.batches.items():
            above, below, known = self._sides(levels, rows)
            kept = rows[known]
            if len(kept):
                found[batch] = assays.fitted(
                    above[known],
                    below[known],
                    self.measured[kept],
                    self.spread[kept],
                    self.weight[kept] / _WEIGHT,
                )
        return found

    def residuals(self, levels: Vector) -> tuple[Vector, LinearOperator]:
        """Return what is squared, and how it follows the levels.

        Parameters
        ----------
        levels : array of shape (levels,)
            Those of :attr:`levels`; NaN where there is none.

        Returns
        -------
        residuals : array of shape (targets + batches,)
            The last are those of backgrounds, which follow no level.
        slopes : LinearOperator of shape (targets, levels)
            Each follows its own two levels, and through the background all of its batch.
        """
        residuals = self.weight**0.5 * float(losses.bent(_LOST)[0])
        none = np.empty(0, dtype=int)
        # Slopes with their rows and levels: by its own, by the background, and of the background.
        own = [(none, none, np.empty(0))]
        by_background, of_background = [(none, none, np.empty(0))], [(none, none, np.empty(0))]
        shares = self.shares(levels)
        for place, (batch, share) in enumerate(shares.items()):
            rows = self.batches[batch]
            above, below, known = self._sides(levels, rows)
            rows, above, below = rows[known], above[known], below[known]
            background = share * assays.typical(above, below)
            off = assays.seen(above, below, background) - self.measured[rows]
            residual, slope = losses.bent(off / self.spread[rows])
            residuals[rows] = self.weight[rows] ** 0.5 * residual
            factor = self.weight[rows] ** 0.5 * slope / self.spread[rows] / np.log(2)
            up = factor / (np.maximum(above, NOTHING) + background)
            down = factor / (np.maximum(below, NOTHING) + background)
            sides = self.levels.above[rows], self.levels.below[rows]
            own.append((rows, sides[0], np.where(above > NOTHING, up, 0.0)))
            own.append((rows, sides[1], np.where(below > NOTHING, -down, 0.0)))
            # All levels of a batch together make its background.
            both, size = np.concatenate(sides), np.concatenate([above, below])
            share_of = np.where(size > NOTHING, 1 / np.maximum(size, NOTHING), 0.0) / len(size)
            by_background.append((rows, np.full(len(rows), place), background * (up - down)))
            of_background.append((np.full(len(both), place), both, share_of))
        far = _WEIGHT**0.5 * assays.prior(np.log(np.array(list(shares.values()))))
        count, batches, seen = len(residuals), len(shares), len(levels)
        slopes = _operator(own, (count, seen)) + _operator(
            by_background, (count, batches)
        ) @ _operator(of_background, (batches, seen))
        return np.concatenate([residuals, far]), slopes

    def _sides(self, levels: Vector, rows: Rows) -> tuple[Vector, Vector, NDArray[np.bool_]]:
        above, below = levels[self.levels.above[rows]], levels[self.levels.below[rows]]
        return above, below, np.isfinite(above) & np.isfinite(below)


def _operator(entries: Sequence[tuple[Rows, Rows, Vector]], shape: tuple[int, int]) -> Any:
    """Return a sparse matrix that can be added and multiplied without being written out."""
    at, column, value = (np.concatenate(each) for each in zip(*entries, strict=True))
    return aslinearoperator(sparse.coo_matrix((value, (at, column)), shape).tocsr())
