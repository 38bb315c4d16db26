"""Rooms in rows that fill a slide, near to those that they have to do with.

A large network is several times as high as a slide if its rooms stand one below the other. Here
they stand in rows, in the order of the rules to begin with; then rooms change places as long as
that shortens the lines between them, makes fewer of them run upwards, or the whole smaller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final, NamedTuple

Size = tuple[float, float]
Place = tuple[float, float]

SHAPE: Final = 16 / 9
"""Width by height of a slide."""
_GAP: Final = 30.0  # between rooms, in points
# How wide the rows may become, as a multiple of what would just hold all rooms.
_WIDTHS: Final = (0.9, 1.0, 1.1, 1.2, 1.3, 1.4)
_UPWARDS: Final = 4.0  # what it costs if what comes first stands below


class Row(NamedTuple):
    """Columns of rooms side by side."""

    columns: list[list[str]]
    widths: list[float]
    width: float
    height: float


def arranged(sizes: Mapping[str, Size], ties: Mapping[tuple[str, str], int]) -> dict[str, Place]:
    """Return the lower left corner of each room.

    Parameters
    ----------
    sizes : mapping
        Width and height of each room, in the order of the pathway.
    ties : mapping
        How many lines run between two rooms, of which the first comes first on the pathway.
    """
    area = sum((width + _GAP) * (height + _GAP) for width, height in sizes.values())
    widest = max(width for width, _ in sizes.values())
    found = []
    for share in _WIDTHS:
        limit = max(widest, share * (area * SHAPE) ** 0.5)
        order = list(sizes)
        best, former = _cost(order, limit, sizes, ties), float("inf")
        while best < former:
            former = best
            for change in _changes(len(order)):
                new = change(order)
                cost = _cost(new, limit, sizes, ties)
                if cost < best - 1e-6:
                    best, order = cost, new
        found.append((best, order, limit))
    _, order, limit = min(found, key=lambda each: each[0])
    return _corners(_rows(order, limit, sizes), sizes)


def _changes(count: int) -> Iterator[Callable[[list[str]], list[str]]]:
    """Yield ways to change an order: two rooms change places, or one moves elsewhere."""
    for one, other in combinations(range(count), 2):
        yield lambda order, a=one, b=other: [
            *order[:a],
            order[b],
            *order[a + 1 : b],
            order[a],
            *order[b + 1 :],
        ]
        yield lambda order, a=one, b=other: [
            *order[:a],
            *order[a + 1 : b + 1],
            order[a],
            *order[b + 1 :],
        ]
        yield lambda order, a=one, b=other: [*order[:a], order[b], *order[a:b], *order[b + 1 :]]


def _rows(order: Sequence[str], limit: float, sizes: Mapping[str, Size]) -> list[Row]:
    """Fill rows up to a width, small rooms one below the other."""
    rows: list[Row] = []
    members: list[str] = []
    for room in order:
        row = _columns([*members, room], sizes)
        if members and row.width > limit:
            rows.append(_columns(members, sizes))
            members = [room]
        else:
            members.append(room)
    return [*rows, _columns(members, sizes)]


def _columns(rooms: Sequence[str], sizes: Mapping[str, Size]) -> Row:
    """Stand rooms side by side, those below each other that the highest leaves space for."""
    height = max(sizes[room][1] for room in rooms)
    columns: list[list[str]] = []
    filled = height
    for room in rooms:
        high = sizes[room][1] + _GAP
        if filled + high > height:
            columns.append([])
            filled = -_GAP
        columns[-1].append(room)
        filled += high
    widths = [max(sizes[room][0] for room in column) for column in columns]
    return Row(columns, widths, sum(widths) + _GAP * (len(widths) - 1), height)


def _corners(rows: Sequence[Row], sizes: Mapping[str, Size]) -> dict[str, Place]:
    """Spread rows over a slide that just holds them."""
    heights = sum(row.height for row in rows)
    height = heights + _GAP * (len(rows) - 1)
    width = max(*(row.width for row in rows), height * SHAPE)
    height = max(height, width / SHAPE)
    between = (height - heights) / max(len(rows) - 1, 1)
    corners = {}
    top = height
    for row in rows:
        spare = (width - row.width) / (len(row.columns) + 1)
        left = spare
        for column, wide in zip(row.columns, row.widths, strict=True):
            room_left = row.height - sum(sizes[room][1] for room in column)
            apart = room_left / (len(column) + 1)
            y = top
            for room in column:
                y -= apart + sizes[room][1]
                corners[room] = left + (wide - sizes[room][0]) / 2, y
            left += wide + _GAP + spare
        top -= row.height + between
    return corners


def _cost(
    order: Sequence[str],
    limit: float,
    sizes: Mapping[str, Size],
    ties: Mapping[tuple[str, str], int],
) -> float:
    """Return the mean length of a line, more where it runs upwards, and the width of it all."""
    corners = _corners(_rows(order, limit, sizes), sizes)
    middle = {
        room: (x + sizes[room][0] / 2, y + sizes[room][1] / 2) for room, (x, y) in corners.items()
    }
    length = 0.0
    for (one, other), lines in ties.items():
        across = middle[one][0] - middle[other][0]
        down = middle[one][1] - middle[other][1]
        length += lines * ((across**2 + down**2) ** 0.5 + _UPWARDS * max(-down, 0.0))
    width = max(x + sizes[room][0] for room, (x, _) in corners.items())
    return length / max(sum(ties.values()), 1) + 2 * width
