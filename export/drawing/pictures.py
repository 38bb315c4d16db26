"""Graphs of a network as pictures and as files for graph programs.

Graphviz lays them out from the top down, each room by itself and then the rooms among each other
in the order of the rules, so that receptors come to stand above what they act on. What runs from a
later room back to an earlier one is dashed. GraphML and Cytoscape JSON carry every attribute, and
the positions of the picture.
"""

from __future__ import annotations

import html
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import networkx as nx

from ...network.files import replacing
from ...network.network import Network
from . import graphs

KINDS: Final[Mapping[str, Callable[[Network], nx.DiGraph]]] = {
    "contact": graphs.contact_map,
    "influence": graphs.influence_map,
    "reactions": graphs.reaction_map,
}
"""What can be drawn of a network."""

DRAWN: Final = (".svg", ".pdf", ".png")
SUFFIXES: Final = (*DRAWN, ".dot", ".graphml", ".cyjs")

# A pale fill and a dark line for each room in turn; told apart also by those who see few colours.
_PALETTE: Final = (
    ("#e8f1fa", "#1f5f99"),
    ("#fdeedd", "#a65a00"),
    ("#e7f5e7", "#2a7a2a"),
    ("#fbe6e6", "#a32424"),
    ("#efe8f7", "#5b3a91"),
    ("#f4ebe6", "#6d4636"),
    ("#fbe8f4", "#a03a7c"),
    ("#f0f0f0", "#4d4d4d"),
    ("#f7f6dd", "#6f6a00"),
    ("#e0f5f6", "#0b6b74"),
)
_MIXED: Final = "#888888"
_ARROWS: Final = {1: ("normal", "#2d6e2d"), -1: ("tee", "#b02a2a"), 0: ("dot", _MIXED)}


class PictureError(RuntimeError):
    """A picture that could not be laid out or written."""


def write(graph: nx.DiGraph, path: Path) -> None:
    """Write a graph in the format that the file's ending says, one of :data:`SUFFIXES`.

    Raises
    ------
    PictureError
        If the ending means no format, or Graphviz fails.
    OSError
        If the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise PictureError(f"{str(path)!r} does not end in {' or '.join(SUFFIXES)}.")
    if suffix == ".graphml":
        flat = _placed(graph)
        flat.graph = {key: _flat(value) for key, value in flat.graph.items()}
        text = "\n".join(nx.generate_graphml(flat))
        content = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
    elif suffix == ".cyjs":
        content = json.dumps(_cytoscape(_placed(graph)), indent=1).encode() + b"\n"
    else:
        content = draw(graph, suffix.removeprefix("."))
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def draw(graph: nx.DiGraph, form: str = "svg") -> bytes:
    """Return a graph as a picture: ``svg``, ``pdf``, ``png``, or ``dot`` with positions.

    Raises
    ------
    PictureError
        If Graphviz cannot lay it out.
    """
    with _laid_out(graph) as drawing:
        content = drawing.draw(format=form)
    return content if isinstance(content, bytes) else str(content).encode()


def _flat(value: Any) -> str | int | float:
    return value if isinstance(value, str | int | float) else " ".join(map(str, value))


# -- positions for other programs ------------------------------------------------------------------


def _placed(graph: nx.DiGraph) -> nx.DiGraph:
    """Return a copy with the ``x`` and ``y`` of the picture; a site stands below its molecule."""
    placed = graph.copy()
    positions: dict[str, tuple[float, float]] = {}
    with _laid_out(graph) as drawing:
        for node in drawing.nodes():
            x, y = map(float, node.attr["pos"].split(","))
            positions[str(node)] = (x, -y)  # screens count downwards
    rank: dict[str, int] = {}
    for name, data in placed.nodes(data=True):
        home = data.get("parent", name)
        x, y = positions.get(home, (0.0, 0.0))
        if home != name:
            rank[home] = rank.get(home, 0) + 1
            x, y = x + 30 * ((rank[home] - 1) % 4), y + 20 * (1 + (rank[home] - 1) // 4)
        data["x"], data["y"] = round(x, 1), round(y, 1)
    return placed


def _cytoscape(graph: nx.DiGraph) -> dict[str, Any]:
    data = nx.cytoscape_data(graph)
    data["data"] = [[key, _flat(value)] for key, value in graph.graph.items()]
    for node in data["elements"]["nodes"]:
        node["position"] = {key: node["data"].pop(key) for key in ("x", "y")}
    for number, edge in enumerate(data["elements"]["edges"]):
        edge["data"]["id"] = f"e{number}"
    return data


# -- layout ----------------------------------------------------------------------------------------

_SPACE: Final = 18.0  # around what stands in a room, in points
_TITLE: Final = 22.0  # for the name of a room
_INCH: Final = 72.0


@contextmanager
def _laid_out(graph: nx.DiGraph) -> Iterator[Any]:
    drawing = _empty(graph.graph.get("name") or "network")
    heard: list[str] = []
    try:
        with _unheard(heard):
            _Drawer(graph, drawing).fill()
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


class _Drawer:
    """Puts a graph into Graphviz's terms."""

    def __init__(self, graph: nx.DiGraph, drawing: Any) -> None:
        self.graph = graph
        self.drawing = drawing
        self.rooms = list(graph.graph["rooms"])
        self.shown = [name for name, data in graph.nodes(data=True) if data["kind"] != "site"]
        self.home = self._homes()
        used = [room for room in self.rooms if room and room in self.home.values()]
        self.colours = {room: _PALETTE[i % len(_PALETTE)] for i, room in enumerate(used)}

    def colour(self, room: str) -> tuple[str, str]:
        return self.colours.get(room, ("#ffffff", "#333333"))

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
        boxes = {room: self._room(room) for room in dict.fromkeys(self.home.values())}
        corners = self._arranged({room: size for room, (size, _) in boxes.items()})
        background = []
        for room, (size, places) in boxes.items():
            x, y = corners[room]
            for name, (within_x, within_y) in places.items():
                self._node(self.drawing, name, self.graph.nodes[name])
                node = self.drawing.get_node(name)
                node.attr["pos"] = f"{x + _SPACE + within_x:.1f},{y + _SPACE + within_y:.1f}"
            if room:
                background.append(self._box(room, x, y, *size))
        self.drawing.graph_attr["_background"] = " ".join(background)
        for one, other, data in self.graph.edges(data=True):
            self._edge(self.drawing, one, other, data)

    def _room(self, room: str) -> tuple[tuple[float, float], dict[str, tuple[float, float]]]:
        """Lay out one room by itself; return its size and where its nodes stand in it."""
        inside = _empty("room")
        inside.graph_attr.update(pack="12", packmode="graph")
        members = {name for name in self.shown if self.home[name] == room}
        for name in self.shown:
            if name in members:
                self._node(inside, name, self.graph.nodes[name])
        for one, other, data in self.graph.edges(data=True):
            if {self._owner(one), self._owner(other)} <= members:
                self._edge(inside, one, other, data)
        inside.layout(prog="dot")
        _, _, width, height = map(float, inside.graph_attr["bb"].split(","))
        places = {}
        for name in members:
            x, y = inside.get_node(name).attr["pos"].split(",")
            places[name] = float(x), float(y)
        inside.close()
        width = max(width, 9.0 * len(room))
        return (width + 2 * _SPACE, height + 2 * _SPACE + (_TITLE if room else 0)), places

    def _arranged(self, sizes: Mapping[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        """Lay out the rooms among each other; return their lower left corners."""
        plan = _empty("rooms")
        plan.graph_attr.update(ranksep="0.5", nodesep="0.4")
        for room in sorted(sizes, key=self.rooms.index):
            width, height = sizes[room]
            plan.add_node(
                f"room {room}",
                shape="box",
                fixedsize="true",
                width=str(width / _INCH),
                height=str(height / _INCH),
            )
        ties: dict[tuple[str, str], int] = {}
        for one, other in self.graph.edges():
            ends = sorted(
                (self.home[self._owner(one)], self.home[self._owner(other)]), key=self.rooms.index
            )
            if ends[0] != ends[1]:
                ties[ends[0], ends[1]] = ties.get((ends[0], ends[1]), 0) + 1
        for (one, other), weight in ties.items():
            plan.add_edge(f"room {one}", f"room {other}", weight=str(weight))
        plan.layout(prog="dot")
        corners = {}
        for room, (width, height) in sizes.items():
            x, y = map(float, plan.get_node(f"room {room}").attr["pos"].split(","))
            corners[room] = x - width / 2, y - height / 2
        plan.close()
        return corners

    def _box(self, room: str, x: float, y: float, width: float, height: float) -> str:
        """Return a room's box and name in the language of Graphviz's backgrounds."""
        fill, line = self.colour(room)
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        points = " ".join(f"{a:.1f} {b:.1f}" for a, b in corners)
        title = room.replace("_", " ")
        return (
            f"c 7 -{line} C 7 -{fill} P 4 {points} F 16 9 -Helvetica c 7 -{line} "
            f"T {x + 10:.1f} {y + height - 20:.1f} -1 {9 * len(title)} {len(title)} -{title}"
        )

    def _owner(self, node: str) -> str:
        return self.graph.nodes[node].get("parent", node)

    def _node(self, drawing: Any, name: str, data: Mapping[str, Any]) -> None:
        _, line = self.colour(data["room"])
        common = {"color": line, "fillcolor": "white", "style": "filled"}
        match data["kind"]:
            case "molecule":
                label = self._molecule(name, line)
                common |= {"label": label, "tooltip": data["title"] or name}
                if "<TABLE" in label:
                    drawing.add_node(name, shape="plain", label=label, tooltip=common["tooltip"])
                else:
                    if data["role"] == "inhibitor":
                        common |= {"color": _ARROWS[-1][1], "style": "filled,dashed"}
                    drawing.add_node(name, shape="ellipse", **common)
            case "complex":
                count = f"{data['species']} species" if data["species"] > 1 else "1 species"
                within = f", {data['within']} within" if data["within"] else ""
                parts = html.escape(data["label"]).split(":")
                lines = [":".join(parts[i : i + 3]) for i in range(0, len(parts), 3)]
                small = f'<FONT POINT-SIZE="9">{count}{within}</FONT>'
                label = f"<<B>{'<BR/>'.join(lines)}</B><BR/>{small}>"
                common["style"] = "filled,rounded"
                drawing.add_node(name, shape="box", label=label, **common)
            case kind:
                shape, style = {
                    "state": ("box", "filled"),
                    "bond": ("box", "filled,rounded"),
                    "amount": ("ellipse", "filled"),
                    "activity": ("hexagon", "filled"),
                    "output": ("box", "filled,bold"),
                }[kind]
                common["style"] = style
                label = data["label"].replace(" ", "\n", 1)
                drawing.add_node(
                    name, shape=shape, label=label, tooltip=data.get("rules") or name, **common
                )

    def _molecule(self, name: str, line: str) -> str:
        """Return a molecule as a table: its name, and below it its sites in rows of four."""
        sites = [
            (node, data)
            for node, data in self.graph.nodes(data=True)
            if data.get("parent") == name and data["kind"] == "site"
        ]
        if not sites:
            return f"<<B>{html.escape(name)}</B>>"
        across = min(4, len(sites))
        cells = []
        for start in range(0, len(sites), across):
            row = sites[start : start + across]
            span = across - len(row) + 1  # the last cell fills up the row
            texts = [
                f'<TD PORT="{html.escape(data["label"])}" BGCOLOR="{self._shade(node, data)}"'
                f"{f' COLSPAN={chr(34)}{span}{chr(34)}' if node == row[-1][0] else ''}>"
                f'<FONT POINT-SIZE="10">{html.escape(data["label"])}</FONT></TD>'
                for node, data in row
            ]
            cells.append(f"<TR>{''.join(texts)}</TR>")
        return (
            f'<<TABLE BORDER="0" CELLBORDER="1" CELLSPACING="0" CELLPADDING="3" COLOR="{line}" '
            f'BGCOLOR="white"><TR><TD COLSPAN="{across}"><B>{html.escape(name)}</B></TD></TR>'
            f"{''.join(cells)}</TABLE>>"
        )

    @staticmethod
    def _shade(node: str, data: Mapping[str, Any]) -> str:
        """Sites that are modified are tinted; sites that only bind are white."""
        return "#fff3bf" if data["states"] else "white"

    def _edge(self, drawing: Any, one: str, other: str, data: Mapping[str, Any]) -> None:
        nodes = self.graph.nodes
        tail, head = self._owner(one), self._owner(other)
        if tail == head and data["kind"] == "change":
            return  # a molecule that works on itself
        settings: dict[str, Any] = {}
        for end, side in ((one, "tailport"), (other, "headport")):
            if nodes[end]["kind"] == "site":
                settings[side] = nodes[end]["label"]
        match data["kind"]:
            case "bond":
                settings |= {"dir": "none", "color": "#555555", "penwidth": "1.6"}
            case "reaction":
                if not data["main"]:
                    return  # of a small partner: its name stands in the complex
                count, back = data["reactions"], self.graph.get_edge_data(other, one)
                if back is not None:
                    if not self._grows(one, other):
                        return  # drawn with its reverse
                    count += back["reactions"]
                    settings["dir"] = "both"
                width = min(0.8 + count / 30, 5)
                hint = f"{count} reactions"
                settings |= {"color": "#66666699", "penwidth": f"{width:.2f}", "tooltip": hint}
            case _:
                head_shape, colour = _ARROWS[data["sign"]]
                settings |= {"arrowhead": head_shape, "color": colour}
        back = self._order(one) > self._order(other)
        if back and data["kind"] not in ("bond", "reaction", "inhibition"):
            settings |= {"constraint": "false", "style": "dashed"}
        drawing.add_edge(tail, head, **settings)

    def _order(self, node: str) -> int:
        return self.rooms.index(self.home[self._owner(node)])

    def _grows(self, one: str, other: str) -> bool:
        """Complexes are laid out from the smaller to the larger."""
        nodes = self.graph.nodes
        return (nodes[one]["molecules"], one) < (nodes[other]["molecules"], other)
