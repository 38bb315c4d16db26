"""Graphs of a network as files for graph programs: GraphML, Cytoscape JSON and CX2.

All carry every attribute of the graphs in :mod:`.graphs`, and the positions of the picture.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import networkx as nx

from ...network.network import Network
from . import graphs, placement
from .fanning import fanned, middle
from .layout import laid_out
from .routing import Point

KINDS: Final[Mapping[str, Callable[[Network], nx.DiGraph]]] = {
    "contact": graphs.contact_map,
    "influence": graphs.influence_map,
    "reactions": graphs.reaction_map,
}
"""What can be drawn of a network."""
_SCALE: Final = 3.0  # of the page
_CELL: Final = (120.0, 60.0)  # that a node takes


def graphml(network: Network, kind: str) -> str:
    """Return a graph of a network, one of :data:`KINDS`, as GraphML."""
    return as_graphml(KINDS[kind](network))


def cx2(network: Network, kind: str) -> str:
    """Return a graph of a network, one of :data:`KINDS`, as CX2."""
    return as_cx2(KINDS[kind](network))


def as_graphml(graph: nx.DiGraph) -> str:
    """Return a graph as GraphML."""
    flat = placed(graph)
    flat.graph = {key: _flat(value) for key, value in flat.graph.items()}
    text = "\n".join(nx.generate_graphml(flat))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def as_cyjs(graph: nx.DiGraph) -> str:
    """Return a graph as Cytoscape JSON."""
    data = nx.cytoscape_data(placed(graph))
    data["data"] = [[key, _flat(value)] for key, value in graph.graph.items()]
    for node in data["elements"]["nodes"]:
        node["position"] = {key: node["data"].pop(key) for key in ("x", "y")}
    for number, edge in enumerate(data["elements"]["edges"]):
        edge["data"]["id"] = f"e{number}"
    return json.dumps(data, indent=1) + "\n"


_TYPES: Final = {str: "string", int: "integer", float: "double"}


def as_cx2(graph: nx.DiGraph) -> str:
    """Return a graph as CX2, Cytoscape's and NDEx's exchange format, version 2.0."""
    of_graph = {"name": graph.graph.get("name", ""), "kind": graph.graph.get("kind", "")}
    nodes, numbers = [], {}
    for number, (name, data) in enumerate(placed(graph).nodes(data=True)):
        numbers[name] = number
        place = {axis: data.pop(axis) for axis in ("x", "y")}
        nodes.append({"id": number, **place, "v": {"name": name, **data}})
    edges = [
        {"id": number, "s": numbers[one], "t": numbers[other], "v": _edge(data)}
        for number, (one, other, data) in enumerate(graph.edges(data=True))
    ]
    aspects: dict[str, list[Any]] = {
        "attributeDeclarations": [
            {
                "networkAttributes": _declared([of_graph]),
                "nodes": _declared(node["v"] for node in nodes),
                "edges": _declared(edge["v"] for edge in edges),
            }
        ],
        "networkAttributes": [of_graph],
        "nodes": nodes,
        "edges": edges,
    }
    counts = [{"name": name, "elementCount": len(found)} for name, found in aspects.items()]
    document = [
        {"CXVersion": "2.0", "hasFragments": False},
        {"metaData": counts},
        *({name: found} for name, found in aspects.items()),
        {"status": [{"success": True}]},
    ]
    return "[\n" + ",\n".join(json.dumps(part, ensure_ascii=False) for part in document) + "\n]\n"


def _edge(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return an edge's attributes, with what Cytoscape shows edges by."""
    return {"interaction": data["kind"], **data}


def _declared(rows: Any) -> dict[str, dict[str, str]]:
    """Return the attributes of rows, each with its type."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        for key, value in row.items():
            found.setdefault(key, {"d": _TYPES[type(value)]})
    return found


def _flat(value: Any) -> str | int | float:
    return value if isinstance(value, str | int | float) else " ".join(map(str, value))


def placed(graph: nx.DiGraph) -> nx.DiGraph:
    """Return a copy with the ``x`` and ``y`` of the picture; a site stands below its molecule.

    Molecules of a network that suits the page of :mod:`.placement` stand where they stand on it,
    enlarged, and what else the graph holds stands near to them.
    """
    found = graph.copy()
    members = {name: _members(name, data) for name, data in graph.nodes(data=True)}
    molecules = list(dict.fromkeys(name for names in members.values() for name in names))
    suits = placement.suits(molecules)
    positions = _on_the_page(graph, members) if suits else _laid_out(graph)
    rank: dict[str, int] = {}
    for name, data in found.nodes(data=True):
        home = data.get("parent", name)
        x, y = positions.get(home, (0.0, 0.0))
        if home != name:
            rank[home] = rank.get(home, 0) + 1
            x, y = x + 30 * ((rank[home] - 1) % 4), y + 20 * (1 + (rank[home] - 1) // 4)
        data["x"], data["y"] = round(x, 1), round(y, 1)
    return found


def _laid_out(graph: nx.DiGraph) -> dict[str, Point]:
    positions = {}
    with laid_out(graph) as drawing:
        for node in drawing.nodes():
            x, y = map(float, node.attr["pos"].split(","))
            positions[str(node)] = (x, -y)  # screens count downwards
    return positions


def _members(name: str, data: Mapping[str, Any]) -> list[str]:
    """Return the molecules that a node is about."""
    match data["kind"]:
        case "site":
            return [data["parent"]]
        case "state":
            return [name.partition(" ")[0]]
        case "bond":
            return name.split(":")
        case "complex":  # which counts what it holds several of
            return [part.rpartition(" ")[2] for part in name.split(":")]
        case "activity" | "output":
            return []
        case _:
            return [name]


def _on_the_page(graph: nx.DiGraph, members: Mapping[str, list[str]]) -> dict[str, Point]:
    spots = placement.positions(name for names in members.values() for name in names)
    spots |= {name: (spot.x, spot.y) for name, spot in placement.phenotypes().items()}
    wanted: dict[str, Point] = {}
    for name, data in graph.nodes(data=True):
        if data["kind"] != "site":
            near = members[name] or ([name] if name in spots else [])
            near = near or [m for cause in graph.predecessors(name) for m in members[cause]]
            x, y = middle(near, spots) or (placement.PAGE[0] / 2, placement.PAGE[1])
            wanted[name] = (_SCALE * x, _SCALE * y)
    return dict(zip(wanted, fanned(list(wanted.values()), _CELL), strict=True))
