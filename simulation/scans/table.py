"""The results of a scan as a tidy CSV file, one number a row, block by block."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ...network.files import replacing
from .scan import Scan
from .store import Store


def write(store: Store, scan: Scan, path: Path) -> None:
    """Write what a store holds, whole or not at all.

    Columns are the axes, ``time`` in seconds, ``observable``, ``value``, ``unit`` and, where a
    point failed and has no value, ``message``. Points that are not computed yet are left out.

    Parameters
    ----------
    store : Store
        Whose blocks are read one by one, so that any number of points may be in it.
    scan : Scan
        What it holds.
    path : Path
        The file.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    axes = [axis.name for axis in scan.axes]
    with (
        replacing(path) as scratch,
        scratch.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*axes, "time", "observable", "value", "unit", "message"])
        for block in scan.blocks():
            writer.writerows(_rows(store, scan, block))


def _rows(store: Store, scan: Scan, block: tuple[slice, ...]) -> Iterator[list[Any]]:
    found = store.read(block)
    if found is None:
        return
    units = [store.units[name] for name in scan.outputs]
    for place, number in enumerate(scan.points(block)):
        axes = scan.point(number).values()
        message = found.messages[place]
        for name, unit, values in zip(scan.outputs, units, found.values, strict=True):
            for time, value in zip(scan.times, values[place].tolist(), strict=True):
                yield [*axes, time, name, "" if message else repr(value), unit, message]
