"""Graphs of a network as pictures and as files for graph programs.

Graphviz lays them out from the top down, each room by itself and then the rooms among each other
in the order of the rules, so that receptors come to stand above what they act on. What would be
higher than a page stands in rows that fill a slide (:mod:`.rows`). What runs from a later room back
to an earlier one is dashed, and what leads from one room to another is pale. GraphML and Cytoscape
JSON carry every attribute, and the positions of the picture.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import networkx as nx

from ...network.files import replacing
from ...network.network import Network
from . import graphs
from .layout import PictureError, laid_out

KINDS: Final[Mapping[str, Callable[[Network], nx.DiGraph]]] = {
    "contact": graphs.contact_map,
    "influence": graphs.influence_map,
    "reactions": graphs.reaction_map,
}
"""What can be drawn of a network."""

_DATE: Final = re.compile(rb"/CreationDate \(D:[^)]*\)")

DRAWN: Final = (".svg", ".pdf", ".png")
SUFFIXES: Final = (*DRAWN, ".dot", ".graphml", ".cyjs")


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

    The same graph gives the same bytes, whenever and in whichever process.

    Raises
    ------
    PictureError
        If Graphviz cannot lay it out.
    """
    with laid_out(graph) as drawing:
        content = drawing.draw(format=form)
    content = content if isinstance(content, bytes) else str(content).encode()
    # A PDF's table of contents counts bytes, so the date leaves as many blanks.
    return _DATE.sub(lambda date: b" " * len(date[0]), content) if form == "pdf" else content


def _flat(value: Any) -> str | int | float:
    return value if isinstance(value, str | int | float) else " ".join(map(str, value))


# -- positions for other programs ------------------------------------------------------------------


def _placed(graph: nx.DiGraph) -> nx.DiGraph:
    """Return a copy with the ``x`` and ``y`` of the picture; a site stands below its molecule."""
    placed = graph.copy()
    positions: dict[str, tuple[float, float]] = {}
    with laid_out(graph) as drawing:
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
