"""Lines that run along a page from box to box, around all boxes, those of one origin together.

A grid of points, each with a sideways and an upright layer, holds all ways a line can take; to turn
costs something, and so does to run where another line runs, or across it. A net is a tree that
grows by the shortest way from what it has reached to the next of its ends (Dijkstra's algorithm),
so that lines of one origin part as late as they can. All costs are whole numbers, and of two equal
ways the first is taken, so that every machine finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

STEP: Final = 4
"""Between two points of the grid, in points of the page."""
_WALL: Final = 1_000_000.0
_TURN: Final = 5.0
_BESIDE: Final = 2.0  # along a box
_SHARED: Final = 40.0  # where another net runs
_CROSSED: Final = 4.0
_TAKEN: Final = 30.0  # a port that another net uses
_NEAR: Final = 8.0  # one beside it
_TIP: Final = 3  # states
_SIDEWAYS, _UPRIGHT = 0, 1

Point = tuple[float, float]


@dataclass(frozen=True)
class Rectangle:
    """A rectangle on the page, by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        """Return whether two rectangles share more than an edge."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class Port:
    """A point of the grid where a line may meet a box, and the point of the box beside it."""

    x: int
    y: int
    layer: int
    at: Point


def ports(box: Rectangle, sides: str = "tblr") -> list[Port]:
    """Return the ports at some sides (top, bottom, left, right) of a box."""
    found = []
    across = [x for x in range(int(box.left), int(box.right) + 1) if x % STEP == 0]
    down = [y for y in range(int(box.top), int(box.bottom) + 1) if y % STEP == 0]
    across = [x for x in across if box.left < x < box.right]
    down = [y for y in down if box.top < y < box.bottom]
    above, below = _before(box.top), _after(box.bottom)
    before, after = _before(box.left), _after(box.right)
    for side in sides:
        match side:
            case "t":
                found += [Port(x // STEP, above, _UPRIGHT, (x, box.top)) for x in across]
            case "b":
                found += [Port(x // STEP, below, _UPRIGHT, (x, box.bottom)) for x in across]
            case "l":
                found += [Port(before, y // STEP, _SIDEWAYS, (box.left, y)) for y in down]
            case _:
                found += [Port(after, y // STEP, _SIDEWAYS, (box.right, y)) for y in down]
    return found


def _before(edge: float) -> int:
    return int(-(-edge // STEP)) - 1


def _after(edge: float) -> int:
    return int(edge // STEP) + 1


class Router:
    """Finds ways on a page of a width and height, around boxes."""

    def __init__(self, width: float, height: float, boxes: Iterable[Rectangle]) -> None:
        self.columns, self.rows = int(width // STEP) + 1, int(height // STEP) + 1
        shape = (self.rows, self.columns)
        self._count = self.rows * self.columns
        blocked, beside = np.zeros(shape, bool), np.zeros(shape, bool)
        for box in boxes:
            left, right = _before(box.left) + 1, _after(box.right)
            top, bottom = _before(box.top) + 1, _after(box.bottom)
            beside[max(top - 1, 0) : bottom + 1, max(left - 1, 0) : right + 1] = True
            blocked[top:bottom, left:right] = True
        edge = np.ones(shape, bool)
        edge[2:-2, 2:-2] = False
        self._base = 1.0 + _BESIDE * beside + 4 * _BESIDE * edge + _WALL * blocked
        # Which nets use a step to the right or down from a point, a point, and a port.
        self._used = np.zeros((2, *shape), int)
        self._through = np.zeros((2, *shape), int)
        self._turned = np.zeros(shape, int)
        self._taken: set[tuple[int, int]] = set()
        index = np.arange(self._count).reshape(shape)
        sideways = index[:, :-1].ravel(), index[:, 1:].ravel()
        upright = (index[:-1].ravel() + self._count, index[1:].ravel() + self._count)
        change = index.ravel(), index.ravel() + self._count
        pairs = [sideways, upright, change]
        one = np.concatenate([p[0] for p in pairs] + [p[1] for p in pairs])
        other = np.concatenate([p[1] for p in pairs] + [p[0] for p in pairs])
        order = np.lexsort((other, one))
        self._order, self._columns_of = order, other[order]
        self._starts = np.searchsorted(one[order], np.arange(2 * self._count + 1))

    def tree(
        self, origin: Sequence[Port], ends: Sequence[Sequence[Port]]
    ) -> list[list[Point] | None]:
        """Return the ways from one of some ports to one of the ports of each end.

        Each way is a list of points from box to box; none where there is no way. The ways are
        remembered, and later trees keep away from them.
        """
        sideways, upright, turn = self._costs()
        graph = self._graph(sideways, upright, turn)
        free = [port for port in origin if (port.x, port.y) not in self._taken] or list(origin)
        starts = {self._state(port): port for port in free}
        parents: dict[int, int | None] = dict.fromkeys(starts)
        ways: list[list[Point] | None] = [None] * len(ends)
        left = set(range(len(ends)))
        used: list[list[int]] = []
        tips: set[int] = set()  # nothing parts from a line where its arrow stands
        while left:
            seeds = sorted(parents.keys() - tips)
            distance = dijkstra(graph, indices=seeds, min_only=True)
            reached = min(
                (
                    distance[self._state(port)] + self._occupied(port),
                    number,
                    place,
                )
                for number in sorted(left)
                for place, port in enumerate(ends[number])
            )
            length, number, place = reached
            if length >= _WALL:
                break
            left.remove(number)
            port = ends[number][place]
            states = self._back(distance, self._state(port), seeds, sideways, upright, turn)
            for before, after in pairwise(states):
                parents.setdefault(after, before)
            whole = [states[-1]]
            while (before := parents[whole[-1]]) is not None:
                whole.append(before)
            whole.reverse()
            used.append(whole)
            tips |= set(whole[max(1, len(whole) - _TIP) :])
            ways[number] = [starts[whole[0]].at, *map(self._point, whole), port.at]
            self._taken.add((port.x, port.y))
            if len(used) == 1:  # what follows grows from the tree, not from elsewhere at the box
                parents = {state: parents[state] for state in whole}
        self._remember(used)
        return ways

    def _occupied(self, port: Port) -> float:
        """Return what it costs to end at a port, by what other nets use at and beside it."""
        across, down = (1, 0) if port.layer == _UPRIGHT else (0, 1)
        beside = {(port.x + way * across, port.y + way * down) for way in (-1, 1)}
        taken = (port.x, port.y) in self._taken
        return _TAKEN * taken + _NEAR * len(self._taken & beside)

    def _state(self, port: Port) -> int:
        return port.layer * self._count + port.y * self.columns + port.x

    def _point(self, state: int) -> Point:
        row, column = divmod(state % self._count, self.columns)
        return float(column * STEP), float(row * STEP)

    def _costs(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        base = self._base
        crossed = _CROSSED * self._through + _SHARED * self._turned
        sideways = np.maximum(base[:, :-1], base[:, 1:]) + _SHARED * self._used[0][:, :-1]
        sideways += crossed[1][:, 1:]
        upright = np.maximum(base[:-1], base[1:]) + _SHARED * self._used[1][:-1]
        upright += crossed[0][1:]
        turn = _TURN + _SHARED * self._through.sum(axis=0) + _WALL * (base >= _WALL)
        return sideways, upright, turn

    def _graph(
        self,
        sideways: NDArray[np.float64],
        upright: NDArray[np.float64],
        turn: NDArray[np.float64],
    ) -> csr_array:
        weights = np.concatenate([sideways.ravel(), upright.ravel(), turn.ravel()] * 2)
        shape = (2 * self._count, 2 * self._count)
        return csr_array((weights[self._order], self._columns_of, self._starts), shape=shape)

    def _back(
        self,
        distance: NDArray[np.float64],
        state: int,
        seeds: Iterable[int],
        sideways: NDArray[np.float64],
        upright: NDArray[np.float64],
        turn: NDArray[np.float64],
    ) -> list[int]:
        """Return the states from the tree to one, which the distances lead back from."""
        found = [state]
        reached = set(seeds)
        while state not in reached:
            layer, place = divmod(state, self._count)
            row, column = divmod(place, self.columns)
            if layer == _SIDEWAYS:
                steps = [(state - 1, sideways, row, column - 1), (state + 1, sideways, row, column)]
                steps = [s for s in steps if 0 <= s[3] < self.columns - 1]
            else:
                steps = [
                    (state - self.columns, upright, row - 1, column),
                    (state + self.columns, upright, row, column),
                ]
                steps = [s for s in steps if 0 <= s[2] < self.rows - 1]
            other = place if layer == _UPRIGHT else place + self._count
            steps.append((other, turn, row, column))
            state = next(
                near for near, cost, y, x in steps if distance[near] + cost[y, x] == distance[state]
            )
            found.append(state)
        return found[::-1]

    def _remember(self, ways: Sequence[Sequence[int]]) -> None:
        """Mark what a net uses, each step once however many of its ways run there."""
        steps = {(min(pair), max(pair)) for way in ways for pair in pairwise(way)}
        passed = {state for way in ways for state in way}
        for one, other in steps:
            layer, place = divmod(one, self._count)
            row, column = divmod(place, self.columns)
            if other - one == self._count:
                self._turned[row, column] += 1
            else:
                self._used[layer][row, column] += 1
        for state in passed:
            layer, place = divmod(state, self._count)
            row, column = divmod(place, self.columns)
            self._through[layer][row, column] += 1
        self._taken |= {
            (way[0] % self._count % self.columns, way[0] % self._count // self.columns)
            for way in ways
        }
