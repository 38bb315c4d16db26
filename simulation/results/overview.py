"""A time course at a glance: the readouts that matter most, at a few of the times.

What matters most a model of the catalogue says itself. Of any other model it is what changes most,
as a share of its largest value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import numpy as np

from ...models import catalogue
from ...network.units.quantities import format_time

MOST: Final = 12
"""Readouts that a glance takes in."""
_LOOKS: Final = 5


class Seen(Protocol):
    """What is looked at: times, and a column of values for each observable, as in a course."""

    @property
    def times(self) -> np.ndarray:
        """Times, of which infinity is rest."""
        ...

    @property
    def time_unit(self) -> str:
        """Their unit."""
        ...

    @property
    def observables(self) -> Mapping[str, Mapping[str, str]]:
        """Attributes of each observable."""
        ...

    @property
    def values(self) -> np.ndarray:
        """A row for each time, a column for each observable."""
        ...

    @property
    def about(self) -> Mapping[str, Any]:
        """Model and title."""
        ...


def main(course: Seen, model: str) -> list[str]:
    """Return the readouts of a course to look at first.

    Parameters
    ----------
    course : Seen
        What was recorded; of up to :data:`MOST` readouts all are returned.
    model : str
        Name in the catalogue, or anything else.
    """
    names = list(course.observables)
    if len(names) <= MOST:
        return names
    known = catalogue.entry(model).readouts if model in catalogue.names() else ()
    chosen = [name for name in known if name in course.observables]
    if chosen:
        return chosen
    values = np.nan_to_num(course.values)
    largest = np.abs(values).max(axis=0)
    change = np.ptp(values, axis=0) / np.where(largest > 0, largest, 1.0)
    most = np.argsort(-change, kind="stable")[:MOST]
    return [names[place] for place in sorted(most)]


def rows(course: Seen, names: Sequence[str]) -> list[list[str]]:
    """Return readouts as rows of text, a few of the times a column, under a head.

    The first and the last time are among them, and the others lie evenly between.
    """
    count = len(course.times)
    looks = dict.fromkeys(np.linspace(0, count - 1, min(count, _LOOKS)).round().astype(int))
    places = {name: place for place, name in enumerate(course.observables)}
    head = ["", *(said(float(course.times[look]), course.time_unit) for look in looks), "unit"]
    return [
        head,
        *(
            [
                name,
                *(f"{course.values[look, places[name]]:.4g}" for look in looks),
                course.observables[name].get("units", ""),
            ]
            for name in names
        ),
    ]


def said(time: float, unit: str = "s") -> str:
    """Return a time in words; infinity is rest."""
    if not np.isfinite(time):
        return "rest"
    return format_time(time) if unit == "s" else f"{time:g} {unit}".rstrip()
