"""Where everything in a picture stands: each room by itself, and then the rooms among them all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import networkx as nx

from . import rows
from .marks import Marks
from .rows import Place, Size


class PictureError(RuntimeError):
    """A picture that could not be laid out or written."""


_SPACE: Final = 18.0  # around what stands in a room, in points
_TITLE: Final = 22.0  # for the name of a room
_INCH: Final = 72.0
_HIGH: Final = 0.9  # a room of a slide that is higher by its width is turned
_PAGE: Final = 1200.0  # what is higher is laid out in rows


Box = tuple[Size, dict[str, Place]]
"""A room: its size, and where its nodes stand in it."""


@contextmanager
def laid_out(graph: nx.DiGraph) -> Iterator[Any]:
    """Yield a graph as Graphviz has it, with a place for every node and a way for every edge."""
    drawing = _empty(graph.graph.get("name") or "network")
    heard: list[str] = []
    try:
        with _unheard(heard):
            _Layout(graph, drawing).fill()
            drawing.layout(prog="nop1")  # everything stands already; edges find their way
            yield drawing
    except (OSError, ValueError) as error:
        name = graph.graph.get("name")
        said = " ".join([str(error), *heard]).strip()
        raise PictureError(f"Graphviz could not draw {name!r}: {said}") from error
    finally:
        drawing.close()


@contextmanager
def _unheard(lines: list[str]) -> Iterator[None]:
    """Keep back what Graphviz and its fonts grumble about; it is of interest if they fail."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            said.seek(0)
            lines += said.read().decode(errors="replace").splitlines()


def _empty(name: str) -> Any:
    import pygraphviz  # only here: help and tests of other things do without Graphviz

    drawing = pygraphviz.AGraph(
        strict=False,
        directed=True,
        name=name,
        rankdir="TB",
        ranksep="0.35",
        nodesep="0.15",
        splines="true",
        outputorder="nodesfirst",
        bgcolor="white",
    )
    drawing.node_attr.update(fontname="Helvetica", fontsize="12", margin="0.08,0.04")
    drawing.edge_attr.update(fontname="Helvetica", fontsize="9", arrowsize="0.7")
    return drawing


class _Layout:
    """Gives every node of a graph its place."""

    def __init__(self, graph: nx.DiGraph, drawing: Any) -> None:
        self.graph = graph
        self.drawing = drawing
        self.rooms = list(graph.graph["rooms"])
        self.shown = [name for name, data in graph.nodes(data=True) if data["kind"] != "site"]
        self.home = self._homes()
        self.marks = Marks(graph, self.rooms, self.home)

    def _homes(self) -> dict[str, str]:
        """Return the room of each node; what has none stands with what it acts on."""
        homes = {name: self.graph.nodes[name]["room"] for name in self.shown}
        for name in [name for name, room in homes.items() if not room]:
            for _, to in nx.bfs_edges(self.graph, name):
                if found := self.graph.nodes[to]["room"]:
                    homes[name] = found
                    break
        return homes

    def fill(self) -> None:
        """Put every node and edge into the drawing, each node at its place."""
        boxes, corners = self._arranged()
        background = []
        for room, (size, places) in boxes.items():
            x, y = corners[room]
            for name, (within_x, within_y) in places.items():
                self.marks.node(self.drawing, name, self.graph.nodes[name])
                node = self.drawing.get_node(name)
                node.attr["pos"] = f"{x + _SPACE + within_x:.1f},{y + _SPACE + within_y:.1f}"
            if room:
                background.append(self._box(room, x, y, *size))
        self.drawing.graph_attr["_background"] = " ".join(background)
        for one, other, data in self.graph.edges(data=True):
            self.marks.edge(self.drawing, one, other, data)

    def _room(self, room: str, direction: str = "TB") -> Box:
        """Lay out one room by itself; return its size and where its nodes stand in it."""
        inside = _empty("room")
        inside.graph_attr.update(pack="12", packmode="graph", rankdir=direction)
        members = [name for name in self.shown if self.home[name] == room]
        for name in members:
            self.marks.node(inside, name, self.graph.nodes[name])
        for one, other, data in self.graph.edges(data=True):
            if {self.marks.owner(one), self.marks.owner(other)}.issubset(members):
                self.marks.edge(inside, one, other, data)
        inside.layout(prog="dot")
        _, _, width, height = map(float, inside.graph_attr["bb"].split(","))
        places = {}
        for name in members:
            x, y = inside.get_node(name).attr["pos"].split(",")
            places[name] = float(x), float(y)
        inside.close()
        width = max(width, 9.0 * len(room))
        return (width + 2 * _SPACE, height + 2 * _SPACE + (_TITLE if room else 0)), places

    def _arranged(self) -> tuple[dict[str, Box], dict[str, Place]]:
        """Return the rooms and their lower left corners: one below the other if a page holds them.

        Otherwise they fill a slide, where none should be much higher than wide.
        """
        names = sorted(set(self.home.values()), key=self.rooms.index)
        boxes = {room: self._room(room) for room in names}
        corners = self._downwards({room: size for room, (size, _) in boxes.items()})
        height = max((corners[room][1] + boxes[room][0][1] for room in names), default=0.0)
        if height <= _PAGE:
            return boxes, corners
        for room, ((width, height), _) in boxes.items():
            if height > _HIGH * width:
                boxes[room] = min(boxes[room], self._room(room, "LR"), key=lambda box: box[0][1])
        return boxes, rows.arranged({room: size for room, (size, _) in boxes.items()}, self._ties())

    def _downwards(self, sizes: Mapping[str, Size]) -> dict[str, Place]:
        """Lay the rooms out from the top down, in the order of the rules."""
        plan = _empty("rooms")
        plan.graph_attr.update(ranksep="0.5", nodesep="0.4")
        for room, (width, height) in sizes.items():
            plan.add_node(
                f"room {room}",
                shape="box",
                fixedsize="true",
                width=str(width / _INCH),
                height=str(height / _INCH),
            )
        for (one, other), weight in self._ties().items():
            plan.add_edge(f"room {one}", f"room {other}", weight=str(weight))
        plan.layout(prog="dot")
        corners = {}
        for room, (width, height) in sizes.items():
            x, y = map(float, plan.get_node(f"room {room}").attr["pos"].split(","))
            corners[room] = x - width / 2, y - height / 2
        plan.close()
        return corners

    def _ties(self) -> Counter[tuple[str, str]]:
        """Return how many edges run between two rooms, of which the first comes first."""
        ends = (
            {self.home[self.marks.owner(one)], self.home[self.marks.owner(other)]}
            for one, other in self.graph.edges()
        )
        pairs = (sorted(pair, key=self.rooms.index) for pair in ends if len(pair) == 2)
        return Counter((one, other) for one, other in pairs)

    def _box(self, room: str, x: float, y: float, width: float, height: float) -> str:
        """Return a room's box and name in the language of Graphviz's backgrounds."""
        fill, line = self.marks.colour(room)
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        points = " ".join(f"{a:.1f} {b:.1f}" for a, b in corners)
        title = room.replace("_", " ")
        return (
            f"c 7 -{line} C 7 -{fill} P 4 {points} F 16 9 -Helvetica c 7 -{line} "
            f"T {x + 10:.1f} {y + height - 20:.1f} -1 {9 * len(title)} {len(title)} -{title}"
        )
