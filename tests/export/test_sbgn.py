"""SBGN-ML maps, read and checked by libsbgnpy: its schema and the rules of the specification."""

from collections import Counter
from pathlib import Path

import pytest
from mtorules.export.formats import FORMATS
from mtorules.export.sbml import reactions
from mtorules.network import generate
from mtorules.network.network import Network

sbgn = pytest.importorskip("libsbgnpy", reason="libsbgnpy is not installed")


def read(network: Network, kind: str, path: Path) -> tuple[Counter[str], Counter[str]]:
    """Write a map, let the reader find fault, and count classes of glyphs and arcs."""
    FORMATS["sbgn"].write(network, path, kind)
    assert [str(error) for error in sbgn.validate(path)] == []
    (map_,) = sbgn.read_sbgn_from_file(path).map
    glyphs = Counter(glyph.class_value.value for glyph in map_.glyph)
    return glyphs, Counter(arc.class_value.value for arc in map_.arc)


def test_every_construct_is_a_map(construct: Path, tmp_path: Path) -> None:
    network = generate.network(construct)
    glyphs, _ = read(network, "reactions", tmp_path / "model.sbgn")
    assert glyphs["process"] == len(reactions.pairs(network.reactions, merge=True))
    read(network, "influence", tmp_path / "model.sbgn")


def test_a_process_description_shows_every_species_and_who_takes_part(tmp_path: Path) -> None:
    network = generate.network("complexes")
    glyphs, arcs = read(network, "reactions", tmp_path / "model.sbgn")
    shown = ("complex", "macromolecule", "simple chemical", "unspecified entity")
    assert sum(glyphs[kind] for kind in shown) >= len(network.species)
    assert glyphs["compartment"] == len({species.compartment for species in network.species})
    assert arcs["production"] > arcs["consumption"] > 0


def test_an_activity_flow_shows_signs(tmp_path: Path) -> None:
    glyphs, arcs = read(generate.network("insulin_mtor"), "influence", tmp_path / "model.sbgn")
    assert glyphs["biological activity"] > 30
    assert arcs["positive influence"] > arcs["negative influence"] > 10


def test_the_same_model_gives_the_same_bytes() -> None:
    network = generate.network("rapamycin")
    assert FORMATS["sbgn"].text(network) == FORMATS["sbgn"].text(network)
