"""The table of places: it knows every molecule, once, and is the same for every reader."""

from collections import defaultdict
from itertools import combinations

import networkx as nx
import pytest
from mtorules.export.drawing import graph_files, graphs, placement
from mtorules.network import generate
from mtorules.network.network import Network

DRUGS = {name for name, spot in placement.table().items() if spot.beside}


def test_every_molecule_of_the_large_network_has_a_place(signalling: Network) -> None:
    names = [molecule.name for molecule in signalling.molecules]
    assert set(names) <= placement.table().keys()
    assert placement.suits(names)


def test_no_two_stand_in_one_place() -> None:
    spots = [spot for spot in placement.table().values() if not spot.beside]
    for one, other in combinations(spots, 2):
        assert abs(one.x - other.x) >= 40 or abs(one.y - other.y) >= 28


def test_everything_stands_in_its_compartment() -> None:
    height = {spot.region: spot.y for spot in placement.table().values()}
    for above, below in (
        ("medium", "receptors"),
        ("receptors", "mapk"),
        ("lipid", "pi3k"),
        ("mtorc1", "cell_cycle"),
        ("hypoxia", "phenotypes"),
    ):
        assert height[above] < height[below]
    rooms = {spot.region for spot in placement.table().values()}
    assert rooms <= placement.regions().keys()


def test_drugs_stand_in_the_room_of_what_they_inhibit(signalling: Network) -> None:
    table = placement.table()
    rooms: dict[str, set[str]] = defaultdict(set)
    for drug, target, data in graphs.contact_map(signalling).edges(data=True):
        if data["kind"] == "inhibition" and drug in DRUGS:
            rooms[drug].add(table[target].region)
    for drug, found in rooms.items():
        assert found.intersection(table[target].region for target in table[drug].beside), drug
    # Those that no enzyme's work tells of.
    assert DRUGS - rooms.keys() <= {"BEVACIZUMAB", "METFORMIN", "SERD", "ULKI"}


@pytest.mark.parametrize(
    ("drug", "targets"),
    [
        ("TORKI", "MTOR PIK3CA"),
        ("PI3KI", "PIK3CA MTOR"),
        ("AKTI", "AKT"),
        ("MEKI", "MEK"),
        ("RAFI", "BRAF"),
        ("HER2I", "ERBB2 EGFR"),
        ("TRASTUZUMAB", "ERBB2"),
        ("SERD", "ESR1"),
        ("ULKI", "ULK1"),
        ("BEVACIZUMAB", "VEGFA"),
    ],
)
def test_drugs_stand_at_what_pharmacology_says(drug: str, targets: str) -> None:
    assert placement.table()[drug].beside == tuple(targets.split())


def test_what_the_table_does_not_know_stands_below_the_page() -> None:
    found = placement.positions(["MTOR", "of_mine", "of_yours"])
    assert found["MTOR"] == (placement.table()["MTOR"].x, placement.table()["MTOR"].y)
    assert found["of_mine"][1] > placement.PAGE[1]
    assert found["of_mine"] != found["of_yours"]


def test_a_phenotype_lends_its_place_to_no_molecule_of_that_name() -> None:
    assert placement.positions(["motility"])["motility"][1] > placement.PAGE[1]


@pytest.mark.parametrize("model", ["complexes", "insulin_mtor", "rapamycin"])
def test_small_networks_are_laid_out_freely(model: str) -> None:
    network = generate.network(model)
    assert not placement.suits([molecule.name for molecule in network.molecules])


def test_graph_files_hand_the_places_on(signalling: Network) -> None:
    placed = graph_files.placed(graphs.contact_map(signalling))
    table = placement.table()
    shown = [name for name, data in placed.nodes(data=True) if data["kind"] == "molecule"]
    fixed = [name for name in shown if not table[name].beside]
    for axis in ("x", "y"):
        theirs = [placed.nodes[name][axis] for name in fixed]
        ours = [getattr(table[name], axis) for name in fixed]
        assert _correlation(theirs, ours) > 0.99
    assert len({(placed.nodes[name]["x"], placed.nodes[name]["y"]) for name in shown}) == len(shown)


def test_states_stand_near_their_molecule(signalling: Network) -> None:
    placed: nx.DiGraph = graph_files.placed(graphs.influence_map(signalling))
    akt, bad = (placed.nodes[name] for name in ("AKT t308", "BAD s99"))
    assert akt["y"] < bad["y"]
    places = [(data["x"], data["y"]) for _, data in placed.nodes(data=True)]
    assert len(set(places)) == len(places)


def _correlation(one: list[float], other: list[float]) -> float:
    import numpy as np

    return float(np.corrcoef(one, other)[0, 1])
