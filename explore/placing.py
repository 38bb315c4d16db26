"""Where the molecules of a map stand."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx

from ..network.network import Network


def positions(network: Network, graph: nx.DiGraph) -> Mapping[str, tuple[float, float]]:
    """Return a place for each molecule, x to the right and y downwards, in points.

    Parameters
    ----------
    network : Network
        The model.
    graph : networkx.DiGraph
        Its molecules, and who acts on whom.
    """
    import pygraphviz  # takes a while to load

    drawing = pygraphviz.AGraph(directed=True, overlap="scale", start="1", splines="false")
    drawing.node_attr.update(shape="box", width=1.3, height=0.5, label="", fixedsize=True)
    drawing.add_nodes_from(graph)
    drawing.add_edges_from(graph.edges)
    drawing.layout(prog="sfdp")
    places = {name: drawing.get_node(name).attr["pos"].split(",") for name in graph}
    return {name: (float(x), -float(y)) for name, (x, y) in places.items()}
