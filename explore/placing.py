"""Where the molecules of a map stand: as in every drawing, or where Graphviz puts them."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from ..export.drawing import placement

# A molecule and the space round it, in points, and how much of that a point of the page is.
_SIZE = (160.0, 60.0)
_PAGE = 2.2


def positions(graph: nx.DiGraph) -> Mapping[str, tuple[float, float]]:
    """Return a place for each molecule, x to the right and y downwards, in points.

    Parameters
    ----------
    graph : networkx.DiGraph
        Molecules, and who acts on whom.
    """
    if placement.suits(list(graph)):
        return {name: (_PAGE * x, _PAGE * y) for name, (x, y) in placement.positions(graph).items()}
    import pygraphviz  # takes a while to load

    drawing = pygraphviz.AGraph(directed=True, rankdir="LR", nodesep=0.2, ranksep=0.7)
    width, height = (size / 72 for size in _SIZE)
    drawing.node_attr.update(
        shape="box", width=width, height=height / 1.6, label="", fixedsize=True
    )
    drawing.add_nodes_from(graph)
    drawing.add_edges_from(graph.edges)
    drawing.layout(prog="dot")
    places = {name: drawing.get_node(name).attr["pos"].split(",") for name in graph}
    return {name: (float(x), -float(y)) for name, (x, y) in places.items()}
