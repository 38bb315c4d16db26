"""How small an amount still matters: absolute tolerances, one for each part of the state.

One tolerance for all, taken from the densest species, loses whatever is rarer by so much. So each
part has its own, from what it starts with. What starts from nothing takes the scale of what it is
made from, or of how fast it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from .base import Loaded, Vector

# An amount may fall to this share of its scale, times the relative tolerance, and is still known.
_SHARE: Final = 1e-8
# Nothing is followed below this share of the largest scale: what is left at rest is rounding.
_LEAST: Final = 1e-32


class Scales:
    """The scale of each part of a model's state.

    Parameters
    ----------
    loaded : Loaded
        The model.
    """

    def __init__(self, loaded: Loaded) -> None:
        model = loaded.model
        place = {id: index for index, id in enumerate(model.state_ids)}
        self._count = len(place)
        sides: list[tuple[list[int], list[int]]] = []
        for reaction in model.reactions:
            used = [place[id] for id, amount in reaction if amount < 0]
            made = [place[id] for id, amount in reaction if amount > 0]
            sides.append((used, made))
            if model.reversible:
                sides.append((made, used))
        sides = [(used, made) for used, made in sides if used and made]
        width = max((len(used) for used, _ in sides), default=0)
        # Behind the state stands what never limits a reaction.
        self._used = np.full((len(sides), width), self._count)
        for row, (used, _) in enumerate(sides):
            self._used[row, : len(used)] = used
        self._rows = np.array([row for row, (_, made) in enumerate(sides) for _ in made], dtype=int)
        self._made = np.array([one for _, made in sides for one in made], dtype=int)

    def of(self, state: Vector, rates: Vector) -> Vector:
        """Return the scale of each part, all of them above zero.

        Parameters
        ----------
        state : array
            Where integration begins.
        rates : array
            How fast each part changes there.
        """
        scale = self._spread(np.append(np.abs(state), np.inf))
        # What is made from nothing, or by a rule. Elsewhere rates may be nothing but rounding.
        changes = np.append(np.where(np.isfinite(rates), np.abs(rates), 0.0), np.inf)
        scale = self._spread(np.where(scale > 0.0, scale, changes))
        known = scale[:-1]
        some = known[known > 0.0]
        if not some.size:
            return np.ones(self._count)
        known = np.where(known > 0.0, known, some.min())
        return np.maximum(known, _LEAST * some.max())

    def _spread(self, scale: Vector) -> Vector:
        """Give a scale to what is made from what has one."""
        while self._made.size:
            # What is made from several is no more than the rarest of them.
            limits = scale[self._used].min(axis=1)
            found = np.zeros_like(scale)
            np.maximum.at(found, self._made, limits[self._rows])
            fresh = (scale == 0.0) & (found > 0.0)
            if not fresh.any():
                break
            scale = np.where(fresh, found, scale)
        return scale


def tolerances(scales: Vector, relative: float, slack: float) -> Vector:
    """Return absolute tolerances; ``slack`` times what they are at their best."""
    return scales * (relative * min(_SHARE * slack, 1.0))
