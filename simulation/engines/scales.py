"""How small an amount still matters: absolute tolerances, one for each part of the state.

One tolerance for all, taken from the densest species, loses whatever is rarer by so much. So each
part has its own, from the most that it holds or can come to: what it is made from, or, where it is
made from nothing, what its rate makes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from .loaded import Loaded, Vector

# An amount may fall to this share of its scale, times the relative tolerance, and is still known.
_SHARE: Final = 1e-4


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
        backwards = set(model.reversible)
        for number, reaction in enumerate(model.reactions):
            used = [place[id] for id, amount in reaction if amount < 0]
            made = [place[id] for id, amount in reaction if amount > 0]
            sides.append((used, made))
            if number in backwards:
                sides.append((made, used))
        self._fed = np.zeros(self._count, dtype=bool)
        self._fed[[one for used, made in sides if not used for one in made]] = True
        ruled = {**model.species, **model.parameters}
        self._led = np.array([ruled[id].rule == "rate" for id in place], dtype=bool)
        sides = [(used, made) for used, made in sides if used and made]
        width = max((len(used) for used, _ in sides), default=0)
        # Behind the state stands what never limits a reaction.
        self._used = np.full((len(sides), width), self._count)
        for row, (used, _) in enumerate(sides):
            self._used[row, : len(used)] = used
        self._rows = np.array([row for row, (_, made) in enumerate(sides) for _ in made], dtype=int)
        self._made = np.array([one for _, made in sides for one in made], dtype=int)

    def of(self, state: Vector, rates: Vector, span: float) -> Vector:
        """Return the scale of each part, all of them above zero.

        Parameters
        ----------
        state : array
            Where integration begins.
        rates : array
            How fast each part changes there.
        span : float
            For how long.
        """
        # Elsewhere rates may be all rounding, and what only becomes less is made of nothing more.
        gains = np.where(self._led, np.abs(rates), np.where(self._fed, np.maximum(rates, 0.0), 0.0))
        made = np.where(np.isfinite(gains), gains, 0.0) * span
        scale = self._spread(np.maximum(np.abs(state), made))
        some = scale[scale > 0.0]
        # What nothing makes yet may be made later by what is rarest now.
        return np.where(scale > 0.0, scale, some.min() if some.size else 1.0)

    def possible(self, state: Vector) -> NDArray[np.bool_]:
        """Tell what is there in a state or may be made from what is."""
        return self._spread(np.where(self._fed | self._led | (state != 0.0), 1.0, 0.0)) > 0.0

    def _spread(self, scale: Vector) -> Vector:
        """Give what is made from others their scale, where it is the larger one."""
        scale = np.append(scale, np.inf)
        while self._made.size:
            # What is made from several is no more than the rarest of them.
            found = scale.copy()
            np.maximum.at(found, self._made, scale[self._used].min(axis=1)[self._rows])
            if np.array_equal(found, scale):
                break
            scale = found
        return scale[:-1]


def tolerances(scales: Vector, relative: float, slack: float) -> Vector:
    """Return absolute tolerances; ``slack`` times what they are at their best."""
    return scales * (relative * min(_SHARE * slack, 1.0))
