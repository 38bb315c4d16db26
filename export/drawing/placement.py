"""Where each molecule of the large network stands, in every drawing of it.

``placement.csv`` gives the middle of each molecule and phenotype on a landscape A4 page, in points
from its upper left corner, and the molecules that a drug stands ``beside``; ``regions.csv`` names
the compartments, which have a fixed rectangle, and the rooms, which hold what their rows name.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

PAGE: Final = (842.0, 595.0)
"""Width and height of a landscape A4 page, in points."""
PHENOTYPES: Final = "phenotypes"
OTHERS: Final = "others"
KEY: Final = "key"
_HERE: Final = Path(__file__).parent
_SHARE: Final = 0.5  # of a network's molecules and of the rooms, from which the page suits it
_PITCH: Final = 64.0  # between what the table does not know


@dataclass(frozen=True)
class Spot:
    """Where something stands: its room and its middle; a drug stands beside its targets."""

    region: str
    x: float
    y: float
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Region:
    """A compartment with its rectangle (x, y, width, height), or a room, which has none."""

    name: str
    title: str
    colour: str
    rectangle: tuple[float, float, float, float] | None


@cache
def table() -> Mapping[str, Spot]:
    """Return the table; a drug stands a little to the left of the first that it stands beside."""
    found: dict[str, Spot] = {}
    for row in _rows("placement.csv"):
        beside = tuple(row["beside"].split())
        if beside:
            spot = found[beside[0]]
            rank = sum(beside[0] in one.beside[:1] for one in found.values())
            x, y = spot.x - 40, spot.y + 10 * (rank - 1)
        else:
            x, y = float(row["x"]), float(row["y"])
        found[row["name"]] = Spot(row["region"], x, y, beside)
    return found


@cache
def regions() -> Mapping[str, Region]:
    """Return the compartments, from the top down, and the rooms, by name."""
    return {
        row["region"]: Region(
            row["region"],
            row["title"],
            row["colour"],
            (float(row["x"]), float(row["y"]), float(row["width"]), float(row["height"]))
            if row["x"]
            else None,
        )
        for row in _rows("regions.csv")
    }


def suits(molecules: Sequence[str]) -> bool:
    """Return whether a network fills the page: most of it is known, and most rooms hold some."""
    known = [name for name in molecules if name in table() and _molecule(name)]
    rooms = {spot.region for name, spot in table().items() if _molecule(name)}
    filled = {table()[name].region for name in known}
    return len(known) > _SHARE * len(molecules) and len(filled) > _SHARE * len(rooms)


def positions(molecules: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return the middle of each molecule on the page, in points from its upper left corner.

    What the table does not know stands in rows below the page, in the order given.
    """
    return {name: (spot.x, spot.y) for name, spot in spots(molecules).items()}


def spots(molecules: Iterable[str]) -> dict[str, Spot]:
    """Return the spot of each molecule; as :func:`positions`, with the rooms."""
    found = {}
    unknown = 0
    for name in dict.fromkeys(molecules):
        spot = table().get(name)
        if spot is None or not _molecule(name):
            across = int(PAGE[0] // _PITCH)
            row, column = divmod(unknown, across)
            spot = Spot(OTHERS, 36 + _PITCH * column, PAGE[1] + 28 + 44 * row)
            unknown += 1
        found[name] = spot
    return found


def phenotypes() -> dict[str, Spot]:
    """Return the spots of the phenotypes."""
    return {name: spot for name, spot in table().items() if not _molecule(name)}


def _molecule(name: str) -> bool:
    return table()[name].region != PHENOTYPES


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
