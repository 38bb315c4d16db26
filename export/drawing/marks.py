"""What nodes and edges of a graph look like, in Graphviz's terms."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from typing import Any, Final

import networkx as nx

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


class Marks:
    """Draws the nodes and edges of one graph."""

    def __init__(self, graph: nx.DiGraph, rooms: Sequence[str], home: Mapping[str, str]) -> None:
        self.graph = graph
        self.rooms = rooms
        self.home = home
        used = [room for room in rooms if room and room in home.values()]
        self.colours = {room: _PALETTE[i % len(_PALETTE)] for i, room in enumerate(used)}

    def colour(self, room: str) -> tuple[str, str]:
        """Return the fill and the line of a room."""
        return self.colours.get(room, ("#ffffff", "#333333"))

    def owner(self, node: str) -> str:
        """Return the molecule of a site; anything else is its own."""
        return self.graph.nodes[node].get("parent", node)

    def node(self, drawing: Any, name: str, data: Mapping[str, Any]) -> None:
        """Add a node to a drawing."""
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

    def edge(self, drawing: Any, one: str, other: str, data: Mapping[str, Any]) -> None:
        """Add an edge to a drawing, if it is one that is shown."""
        nodes = self.graph.nodes
        tail, head = self.owner(one), self.owner(other)
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
        if self.home[tail] != self.home[head] and data["kind"] != "reaction":
            # So that the rooms stand out; most of the lines lead from one to another.
            settings |= {"color": f"{settings['color']}99", "penwidth": "0.9", "arrowsize": "0.6"}
        back = self._order(one) > self._order(other)
        if back and data["kind"] not in ("bond", "reaction", "inhibition"):
            settings |= {"constraint": "false", "style": "dashed"}
        drawing.add_edge(tail, head, **settings)

    def _order(self, node: str) -> int:
        return self.rooms.index(self.home[self.owner(node)])

    def _grows(self, one: str, other: str) -> bool:
        """Complexes are laid out from the smaller to the larger."""
        nodes = self.graph.nodes
        return (nodes[one]["molecules"], one) < (nodes[other]["molecules"], other)
