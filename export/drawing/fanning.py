"""Many boxes near few places: each takes the free place of a grid that is nearest to its own.

So the species of a large network stand about the molecules that they are made of, where these stand
on the page of :mod:`.placement`, as do the states and bonds of a molecule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil, sqrt
from typing import Final

from ...network.network import Network
from ...network.rules import patterns
from . import placement
from .routing import Point, Rectangle

_WIDE, _HIGH = 120.0, 40.0  # of the box of one molecule
_GAP: Final = 40.0
_SCALE: Final = 6.0  # of the page
_CELL: Final = (_WIDE + _GAP, _HIGH + _GAP / 2)


def fanned(
    wanted: Sequence[Point], cell: tuple[float, float], rows: Sequence[int] | None = None
) -> list[Point]:
    """Return the upper left corner of each box, the nearest to the wanted one that is free.

    Parameters
    ----------
    wanted : sequence of points
        Where each would stand if it were alone; those that come first come nearest.
    cell : (float, float)
        Width and height of the grid's cells.
    rows : sequence of int, optional
        How many cells, one below the other, each takes; one by default.
    """
    high = rows or [1] * len(wanted)
    reach = ceil(sqrt(sum(high))) + max(high, default=0)
    span = range(-reach, reach + 1)
    offsets = sorted(
        ((dx, dy) for dx in span for dy in span),
        key=lambda d: ((d[0] * cell[0]) ** 2 + (d[1] * cell[1]) ** 2, d),
    )
    taken: set[tuple[int, int]] = set()
    found = []
    for (x, y), count in zip(wanted, high, strict=True):
        column, row = round(x / cell[0]), round(y / cell[1])
        for dx, dy in offsets:
            cells = [(column + dx, row + dy + below) for below in range(count)]
            if not taken.intersection(cells):
                taken.update(cells)
                found.append((cells[0][0] * cell[0], cells[0][1] * cell[1]))
                break
    return found


def middle(molecules: Iterable[str], spots: Mapping[str, Point]) -> Point | None:
    """Return the middle of the places of some molecules, if any has one."""
    places = [spots[name] for name in molecules if name in spots]
    if not places:
        return None
    x, y = (sum(axis) / len(places) for axis in zip(*places, strict=True))
    return x, y


def species_boxes(network: Network) -> tuple[list[Rectangle], dict[str | None, Rectangle]]:
    """Return a box for each species of a network, and one around those of each compartment.

    The boxes are as high as their species have molecules. Those of a network that suits the page
    stand about the molecules' places on it, others in rows. Compartments stand one below the other,
    that with most species last.
    """
    members = [[m.name for m in patterns.read(one.pattern)] for one in network.species]
    names = [molecule.name for molecule in network.molecules]
    spots = placement.positions(names) if placement.suits(names) else {}
    homes: dict[str | None, list[int]] = {}
    for index, species in enumerate(network.species):
        homes.setdefault(species.compartment, []).append(index)
    largest = max(homes, key=lambda name: len(homes[name]), default=None)
    homes = {name: homes[name] for name in sorted(homes, key=lambda name: name == largest)}
    boxes: dict[int, Rectangle] = {}
    around: dict[str | None, Rectangle] = {}
    top = 0.0
    for home, indices in homes.items():
        across = ceil(sqrt(len(indices)))
        if spots:  # what is small comes nearest to its place
            indices = sorted(indices, key=lambda index: len(members[index]))
        rows = [len(members[index]) for index in indices]
        wanted = []
        for rank, index in enumerate(indices):
            row, column = divmod(rank, across)
            place = middle(members[index], spots) or (column * _CELL[0], 2 * row * _CELL[1])
            # What is beside the cell stands above it, in rows.
            wanted.append((place[0], place[1] if home == largest or not spots else 0.0))
        scale = _SCALE if spots else 1.0
        corners = fanned([(x * scale, y * scale) for x, y in wanted], _CELL, rows)
        left = min(x for x, _ in corners)
        shift = top + _GAP - min(y for _, y in corners)
        for index, (x, y), count in zip(indices, corners, rows, strict=True):
            height = count * _CELL[1] - _GAP / 2
            left_edge = x if spots else x - left + _GAP
            boxes[index] = Rectangle(left_edge, y + shift, left_edge + _WIDE, y + shift + height)
        own = [boxes[index] for index in indices]
        bottom = max(box.bottom for box in own) + _GAP
        around[home] = Rectangle(
            min(box.left for box in own) - _GAP, top, max(box.right for box in own) + _GAP, bottom
        )
        top = bottom + _GAP
    left = min((box.left for box in around.values()), default=0.0)
    moved = {index: _moved(box, -left) for index, box in boxes.items()}
    return [moved[i] for i in range(len(members))], {
        home: _moved(box, -left) for home, box in around.items()
    }


def _moved(box: Rectangle, across: float) -> Rectangle:
    return Rectangle(box.left + across, box.top, box.right + across, box.bottom)
