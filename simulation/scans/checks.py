"""Whether a scan makes sense, found out before hours are spent on it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from itertools import product
from typing import Any, Final

from ..experiments.experiments import EQUILIBRATION
from ..sbml.model import near
from .parts import REPLICATE, RESERVED, Axis, Number, ScanError

# What is no name of a folder of its own in the store.
_NO_NAME: Final = re.compile(r"\.|__|.*[/\\\0-\x1f]", re.DOTALL)
# So many points are more than anybody waits for.
_MOST: Final = 100_000_000

Planned = Any
"""A :class:`.scan.Scan`, which calls :func:`check` and so cannot be imported here."""


def check(scan: Planned) -> None:
    """Refuse names that clash, lengths that differ, numbers from nowhere and contradictions.

    Raises
    ------
    ScanError
        At the first of them; the message says which part and what would make sense.
    """
    _check_names(scan)
    _check_dimensions(scan)
    _check_size(scan)
    _check_numbers(scan)
    _check_contradictions(scan)


def _check_names(scan: Planned) -> None:
    names = [axis.name for axis in scan.axes]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise ScanError(f"Two axes are called {name!r}.")
        if _NO_NAME.match(name):
            raise ScanError(
                f"An axis cannot be called {name!r}, as results are kept in folders; leave out "
                "'/' and '\\', and begin with a letter or digit."
            )
        if name in RESERVED:
            raise ScanError(f"An axis cannot be called {name!r}: results hold that already.")
    for index, output in enumerate(scan.outputs):
        if output in scan.outputs[:index]:
            raise ScanError(f"The output {output!r} is named twice.")


def _check_dimensions(scan: Planned) -> None:
    for dimension in scan.dimensions:
        if dimension in RESERVED:
            raise ScanError(f"A dimension cannot be called {dimension!r}; results hold that.")
        axes = [axis for axis in scan.axes if axis.dimension == dimension]
        lengths = {len(axis.values) for axis in axes}
        if len(lengths) > 1:
            told = ", ".join(f"{axis.name!r} has {len(axis.values)}" for axis in axes)
            raise ScanError(f"The axes of {dimension!r} vary together, but {told} values.")


def _check_size(scan: Planned) -> None:
    if scan.size > _MOST:
        told = ", ".join(f"{name!r} {length:,}" for name, length in scan.dimensions.items())
        raise ScanError(f"These are {scan.size:,} points ({told}); a scan has at most {_MOST:,}.")


def _check_numbers(scan: Planned) -> None:
    used = {REPLICATE, *_named(scan, *scan.cells)}
    for setting in scan.settings:
        used |= _named(scan, setting.value, setting.at)
        if not isinstance(setting.value, str) and not math.isfinite(setting.value):
            raise ScanError(f"{setting.target!r} is set to {setting.value}; values are finite.")
    for dose in scan.doses:
        used |= _named(scan, dose.concentration, dose.at)
    for washout in scan.washouts:
        used |= _named(scan, washout.fraction, washout.at)
    given = [*scan.doses, *scan.washouts]
    amounts = {number for each in given for number in vars(each).values()}
    amounts |= {setting.at for setting in scan.settings}
    for axis in scan.axes:
        if axis.name in amounts and (least := min(map(float, axis.values))) < 0:
            raise ScanError(
                f"The axis {axis.name!r} holds {least}; doses, shares and times are not negative."
            )
        if axis.name not in used:
            raise ScanError(f"The axis {axis.name!r} changes nothing.")
        if axis.name in scan.cells:
            for label in axis.values:
                if label not in scan.cells[axis.name]:
                    raise ScanError(f"Nobody says what {label!r} on {axis.name!r} means.")


def _check_contradictions(scan: Planned) -> None:
    """Find conditions that cannot be combined before hours are spent on it."""
    sets: list[tuple[str, Mapping[str, Mapping[str, Any]]]] = [("the experiment", {"": scan.fixed})]
    for axis, labels in scan.cells.items():
        sets.append((f"axis {axis!r}", labels))
    for setting in scan.settings:
        if setting.at == EQUILIBRATION:
            value = {setting.target: setting.value}
            sets.append((f"the setting of {setting.target!r}", {"": value}))
    for index, (one, values) in enumerate(sets):
        for other, others in sets[:index]:
            mine = {name for entry in values.values() for name in entry}
            theirs = {name for entry in others.values() for name in entry}
            for name in sorted(mine & theirs):
                pairs = product(values.values(), others.values())
                if any(name in a and name in b and a[name] != b[name] for a, b in pairs):
                    raise ScanError(
                        f"Both {other} and {one} set {name!r}, to different values; they "
                        "cannot be combined."
                    )


def _named(scan: Planned, *numbers: Number) -> set[str]:
    return {_axis(scan, number).name for number in numbers if isinstance(number, str)}


def _axis(scan: Planned, name: str) -> Axis:
    for axis in scan.axes:
        if axis.name == name:
            return axis
    raise ScanError(f"There is no axis {name!r}.{near(name, [a.name for a in scan.axes])}")
