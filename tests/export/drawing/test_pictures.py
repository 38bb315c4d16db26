"""Pictures and graph files: whole, readable by others, and laid out down the pathway."""

import hashlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest
from mtorules.export.drawing import graphs, pictures
from mtorules.network import generate
from mtorules.network.network import Network


@pytest.fixture(scope="module")
def network() -> Network:
    return generate.network("insulin_mtor")


@pytest.fixture(scope="module")
def contact(network: Network) -> nx.DiGraph:
    return graphs.contact_map(network)


@pytest.mark.parametrize("kind", ["contact", "influence"])
def test_the_picture_shows_every_node(kind: str, network: Network, tmp_path: Path) -> None:
    graph = pictures.KINDS[kind](network)
    pictures.write(graph, tmp_path / "picture.svg")
    root = ElementTree.parse(tmp_path / "picture.svg").getroot()
    texts = {each.text for each in root.iter("{http://www.w3.org/2000/svg}text")}
    for _, data in graph.nodes(data=True):
        assert set(data["label"].split(" ")) & texts, data["label"]
    for room in {data["room"] for _, data in graph.nodes(data=True)} - {""}:
        assert room in texts


def test_receptors_stand_above_what_they_act_on(contact: nx.DiGraph, tmp_path: Path) -> None:
    pictures.write(contact, tmp_path / "graph.cyjs")
    nodes = json.loads((tmp_path / "graph.cyjs").read_text(encoding="utf-8"))["elements"]["nodes"]
    height = {node["data"]["id"]: node["position"]["y"] for node in nodes}
    path = ["IGF1", "IGF1R", "IRS1", "PIK3CA", "TSC2", "RPTOR"]
    heights = [height[name] for name in path]
    assert heights == sorted(heights)  # screens count downwards


@pytest.mark.parametrize("model", ["insulin_mtor", "signalling"])
def test_nothing_overlaps(model: str) -> None:
    contact = graphs.contact_map(generate.network(model))
    dot = pictures.draw(contact, "plain").decode()
    if model == "signalling":  # higher than a page, and so laid out for a slide
        _, _, width, height = dot.splitlines()[0].split()
        assert float(width) / float(height) == pytest.approx(16 / 9, rel=0.06)
        assert float(height) < 17  # inches; it was 45
    boxes = [
        tuple(map(float, match.groups()))
        for match in re.finditer(r"^node \S+ (\S+) (\S+) (\S+) (\S+) ", dot, re.MULTILINE)
    ]
    assert len(boxes) == sum(data["kind"] == "molecule" for _, data in contact.nodes(data=True))
    for number, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[:number]:
            aside = abs(x - other_x) > (width + other_width) / 2 - 0.01
            above = abs(y - other_y) > (height + other_height) / 2 - 0.01
            assert aside or above


def test_graphml_comes_back_as_it_was(contact: nx.DiGraph, tmp_path: Path) -> None:
    pictures.write(contact, tmp_path / "graph.graphml")
    read = nx.read_graphml(tmp_path / "graph.graphml")
    for one, other, data in contact.edges(data=True):
        assert read.edges[one, other] == data
    assert set(read.edges()) == set(contact.edges())
    for name, data in contact.nodes(data=True):
        assert {key: read.nodes[name][key] for key in data} == data


def test_cytoscape_json_comes_back_as_it_was(contact: nx.DiGraph, tmp_path: Path) -> None:
    pictures.write(contact, tmp_path / "graph.cyjs")
    data = json.loads((tmp_path / "graph.cyjs").read_text(encoding="utf-8"))
    sites = [n["data"] for n in data["elements"]["nodes"] if n["data"]["kind"] == "site"]
    assert all(site["id"] == f"{site['parent']}.{site['label']}" for site in sites)
    read = nx.cytoscape_graph(data)
    assert set(read.edges()) == set(contact.edges())


def test_the_layout_says_nothing_on_standard_error(
    contact: nx.DiGraph, capfd: pytest.CaptureFixture[str]
) -> None:
    assert pictures.draw(contact).lstrip().startswith(b"<?xml")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("form", "start"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("dot", b"digraph")]
)
def test_other_formats(contact: nx.DiGraph, form: str, start: bytes, tmp_path: Path) -> None:
    pictures.write(contact, tmp_path / f"picture.{form}")
    assert (tmp_path / f"picture.{form}").read_bytes().startswith(start)


def test_an_ending_without_a_format_is_refused(contact: nx.DiGraph, tmp_path: Path) -> None:
    with pytest.raises(pictures.PictureError, match=r"does not end in \.svg or"):
        pictures.write(contact, tmp_path / "picture.jpeg")
    assert not list(tmp_path.iterdir())


def test_odd_names_do_not_break_a_picture(tmp_path: Path) -> None:
    text = (
        "begin model\nbegin molecule types\n node(edge,graph~label~port)\nend molecule types\n"
        "begin seed species\n node(edge,graph~label) 1\nend seed species\n"
        "begin reaction rules\n digraph: node(graph~label) -> node(graph~port) 1\n"
        " strict: node(edge) + node(edge) <-> node(edge!1).node(edge!1) 1, 1\n"
        "end reaction rules\nend model\n"
    )
    odd = generate.from_bngl(text, "subgraph")
    for kind, graph in pictures.KINDS.items():
        pictures.write(graph(odd), tmp_path / f"{kind}.svg")
        ElementTree.parse(tmp_path / f"{kind}.svg")


@pytest.mark.parametrize(
    "name",
    ["awkward_names.py", "homo_oligomers.bngl", "local_functions.bngl", "transport.bngl"],
)
def test_models_of_others_can_be_drawn(
    name: str, network_of: Callable[[str], Network], tmp_path: Path
) -> None:
    for kind, graph in pictures.KINDS.items():
        drawn = graph(network_of(name))
        pictures.write(drawn, tmp_path / f"{kind}.svg")
        pictures.write(drawn, tmp_path / f"{kind}.graphml")
        assert set(nx.read_graphml(tmp_path / f"{kind}.graphml")) == set(drawn)


_HASHES = """
import hashlib
from mtorules.export.drawing import pictures
from mtorules.network import generate
network = generate.network("complexes")
for kind, graph in pictures.KINDS.items():
    for form in ("svg", "dot"):
        print(kind, form, hashlib.sha256(pictures.draw(graph(network), form)).hexdigest())
"""


def test_every_process_draws_the_same_bytes() -> None:
    drawing = [
        subprocess.Popen(
            [sys.executable, "-c", _HASHES],
            env={**os.environ, "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2", "3")
    ]
    said = [process.communicate(timeout=120)[0] for process in drawing]
    assert said[0].count("\n") == 2 * len(pictures.KINDS)
    assert said[0] == said[1] == said[2]


def test_a_picture_does_not_say_when_it_was_drawn(contact: nx.DiGraph) -> None:
    first = pictures.draw(contact, "pdf")
    time.sleep(1.1)  # a PDF counts whole seconds
    again = pictures.draw(contact, "pdf")
    assert hashlib.sha256(first).digest() == hashlib.sha256(again).digest()
    found = re.search(rb"startxref\s+(\d+)", first)
    assert found is not None
    assert found[1] == b"%d" % first.rindex(b"xref\n0 ")
