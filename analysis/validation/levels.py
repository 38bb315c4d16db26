"""The numbers that comparisons rest on: each readout where it is looked at, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ..asking.readouts import known
from ..claims.arithmetic import Formula
from ..claims.readouts import Readouts
from .comparing import Comparisons, Look

NOTHING: Final = 1e-6
"""Less than this, in nM or the readout's own unit, is no more seen than nothing."""
# By which share an output is moved to see how a readout follows it.
_SHARE: Final = 1e-6
Vector = NDArray[np.float64]


class Seen(Protocol):
    """What was seen of an experiment: for each output an array over its times."""

    @property
    def values(self) -> Mapping[str, Vector]: ...  # noqa: D102

    @property
    def error(self) -> str: ...  # noqa: D102


class Slope(NamedTuple):
    """How a level follows an output at a time of an experiment."""

    experiment: str
    place: int
    output: str
    slope: float


class Levels:
    """What targets rest on.

    Parameters
    ----------
    compared : Comparisons
        Targets held against a model.

    Attributes
    ----------
    above, below : array of int of shape (targets,)
        Which levels each target compares.
    looks : sequence of (Look, Formula)
        Where each level is read, and as what.
    """

    def __init__(self, compared: Comparisons) -> None:
        self._readouts = Readouts(known(compared.names.model), compared.names.model)
        places: dict[tuple[Look, Formula], int] = {}
        for each in compared.comparisons:
            for look in (each.above, each.below):
                places.setdefault((look, each.formula), len(places))
        self.looks = tuple(places)
        self.above, self.below = (
            np.array([places[getattr(c, side), c.formula] for c in compared.comparisons], dtype=int)
            for side in ("above", "below")
        )

    @property
    def outputs(self) -> tuple[str, ...]:
        """The outputs of the model that have to be recorded."""
        formulas = {formula for _, formula in self.looks}
        return tuple(sorted({n for each in formulas for n in self._readouts.observables(each)}))

    def values(self, seen: Mapping[str, Seen], times: Mapping[str, Sequence[float]]) -> Vector:
        """Return each level; NaN where its experiment failed.

        Parameters
        ----------
        seen : mapping
            What was seen, by experiment.
        times : mapping
            When, at least as often as was asked for.
        """
        found = np.full(len(self.looks), np.nan)
        for number, (look, formula) in enumerate(self.looks):
            course = seen[look.experiment]
            if not course.error:
                at = _at(course, self._place(look, times))
                found[number] = float(self._readouts.value(formula, at))
        return found

    def slopes(
        self, number: int, seen: Mapping[str, Seen], times: Mapping[str, Sequence[float]]
    ) -> Iterator[Slope]:
        """Yield how a level follows what was recorded; nothing where its experiment failed."""
        look, formula = self.looks[number]
        course = seen[look.experiment]
        if course.error:
            return
        place = self._place(look, times)
        at = _at(course, place)
        now = float(self._readouts.value(formula, at))
        for name in self._readouts.observables(formula):
            step = _SHARE * abs(at[name]) or 1e-9
            moved = float(self._readouts.value(formula, {**at, name: at[name] + step}))
            if np.isfinite(moved) and moved != now:
                yield Slope(look.experiment, place, name, (moved - now) / step)

    def _place(self, look: Look, times: Mapping[str, Sequence[float]]) -> int:
        return int(np.searchsorted(times[look.experiment], look.time))


def _at(course: Seen, place: int) -> dict[str, float]:
    return {name: float(values[place]) for name, values in course.values.items()}
