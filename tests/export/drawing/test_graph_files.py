"""Graphs read back by the programs that they are for."""

import json
from pathlib import Path

import networkx as nx
import pytest
from mtorules.export.drawing import graph_files
from mtorules.export.formats import FORMATS
from mtorules.network import generate
from mtorules.network.network import Network


@pytest.fixture(scope="module")
def network() -> Network:
    return generate.network("complexes")


@pytest.mark.parametrize("kind", graph_files.KINDS)
def test_graphml_is_read_by_networkx(kind: str, network: Network, tmp_path: Path) -> None:
    wanted = graph_files.KINDS[kind](network)
    FORMATS["graphml"].write(network, tmp_path / "model.graphml", kind)
    read = nx.read_graphml(tmp_path / "model.graphml")
    assert set(read.nodes) == set(wanted.nodes)
    assert {ends: data for *ends_, data in read.edges(data=True) for ends in [tuple(ends_)]} == {
        (one, other): data for one, other, data in wanted.edges(data=True)
    }


@pytest.mark.parametrize("kind", graph_files.KINDS)
def test_cx2_is_read_by_ndex(kind: str, network: Network) -> None:
    factory = pytest.importorskip("ndex2.cx2", reason="ndex2 is not installed")
    wanted = graph_files.KINDS[kind](network)
    aspects = json.loads(FORMATS["cx2"].text(network, kind))
    read = factory.RawCX2NetworkFactory().get_cx2network(aspects)
    names = {number: node["v"]["name"] for number, node in read.get_nodes().items()}
    assert sorted(names.values()) == sorted(wanted.nodes)
    for edge in read.get_edges().values():
        data = dict(edge["v"])
        assert data.pop("interaction") == data["kind"]
        assert data == wanted.edges[names[edge["s"]], names[edge["t"]]]
    assert len(read.get_edges()) == wanted.number_of_edges()
    assert read.get_network_attributes()["name"] == network.name
    # What NDEx writes of it is again the same.
    again = factory.RawCX2NetworkFactory().get_cx2network(read.to_cx2())
    assert again.get_nodes() == read.get_nodes()


def test_cx2_counts_what_it_holds(network: Network) -> None:
    _, counts, *aspects, status = json.loads(FORMATS["cx2"].text(network))
    held = {name: len(found) for aspect in aspects for name, found in aspect.items()}
    assert {each["name"]: each["elementCount"] for each in counts["metaData"]} == held
    assert status == {"status": [{"success": True}]}
