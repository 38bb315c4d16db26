"""A model as the engines take it, and what its reactions leave unchanged."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ...network.network import Network
from ..sbml.model import SbmlModel
from .threads import alone

if TYPE_CHECKING:
    from ...export.sbml.report import Report

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Loaded:
    """A model as the engines take it.

    Attributes
    ----------
    sbml : str
        The SBML text.
    model : SbmlModel
        What it declares.
    network : Network, optional
        Where it was written from, if it is ours.
    report : Report, optional
        Which id each of the network's names got.
    """

    sbml: str
    model: SbmlModel
    network: Network | None = None
    report: Report | None = None

    @cached_property
    def changes(self) -> Vector:
        """By how much each reaction changes each state, of shape (states, reactions)."""
        place = {id: index for index, id in enumerate(self.model.state_ids)}
        found = np.zeros((len(place), len(self.model.reactions)))
        for column, reaction in enumerate(self.model.reactions):
            for id, amount in reaction:
                found[place[id], column] += amount
        return found

    @cached_property
    def conserved(self) -> Vector:
        """Orthonormal vectors, as columns, whose product with the state no reaction changes.

        States that no reaction touches are among them.
        """
        return conserved(self.changes)

    @cached_property
    def moieties(self) -> tuple[NDArray[np.int64], Vector]:
        """The same as sums; see :func:`moieties`."""
        return moieties(self.changes)

    @cached_property
    def scale(self) -> float:
        """The highest concentration at the start, in the smallest volume; 1 if all starts at zero.

        A trace in a dish fills a cell.
        """
        settable, begun = self.model.begun({})
        state = {id: value for id, value in begun.items() if math.isfinite(value)}
        volumes = {
            id: volume
            for id, species in self.model.species.items()
            if (volume := settable.get(species.compartment, 0.0)) > 0 and id in state
        }
        dense = max((abs(state[id]) / volume for id, volume in volumes.items()), default=0.0)
        if dense > 0:
            return dense * min(volumes.values())
        return max(map(abs, state.values()), default=0.0) or 1.0


# By which share each state counts less than the one before, where one of several is to be chosen.
_FAVOUR: Final = 1e-7


# Numbers of molecules within this of one are as large as one.
_ORDINARY: Final = 100.0


def conserved(changes: Vector) -> Vector:
    """Return orthonormal vectors, as columns, whose product with the state no reaction changes.

    Parameters
    ----------
    changes : array of shape (states, reactions)
        By how much each reaction changes each state.
    """
    kept, rows = _kept(changes)
    if (rows == 1.0).all():
        return kept
    with alone():
        return np.linalg.qr(kept / rows[:, None])[0]


def _kept(changes: Vector) -> tuple[Vector, Vector]:
    """Return the same for states that are counted in numbers near those that react, and these."""
    rows = _sizes(changes)
    scaled = changes / rows[:, None]
    scaled /= _sizes(scaled.T)
    with alone():
        paces, vectors = np.linalg.eigh(scaled @ scaled.T)
    # These are small whole numbers or like them, so what is not zero is far from it.
    return vectors[:, paces < 1e-9 * max(paces.max(initial=0.0), 1.0)], rows


def _sizes(changes: Vector) -> Vector:
    """Return the largest number in each row, or one where that is not far from one, or nothing."""
    largest = np.abs(changes).max(axis=1, initial=0.0)
    far = (largest > _ORDINARY) | ((largest > 0.0) & (largest < 1.0 / _ORDINARY))
    return np.where(far, largest, 1.0)


def moieties(changes: Vector) -> tuple[NDArray[np.int64], Vector]:
    """Return what :func:`conserved` returns as sums of states.

    Returns
    -------
    (array of int, array of shape (sums, states))
        For each sum a state that is in no other, with weight one; and all weights.
    """
    from scipy import linalg

    kept, rows = _kept(changes)
    if not kept.size:  # which not every version of SciPy can factorise
        return np.empty(0, dtype=int), np.empty((0, len(kept)))
    with alone():
        # Of states that would do as well the first is taken, not what rounding favours.
        favour = 1.0 - _FAVOUR * np.arange(len(kept))
        order = linalg.qr(kept.T * favour, mode="r", pivoting=True)[-1]
        leads = order[: kept.shape[1]]
        weights = linalg.solve(kept.T[:, leads], kept.T)
    # Stoichiometries are whole numbers, and so are most weights.
    whole = np.round(weights)
    weights = np.where(np.abs(weights - whole) < 1e-9, whole, weights)
    return leads, weights * (rows[leads][:, None] / rows)
