"""The graphs of a network: what they hold follows from rules whose meaning is plain."""

import networkx as nx
import pytest
from mtorules.export.drawing import graphs
from mtorules.network import generate
from mtorules.network.network import Network

CASCADE = """
begin model
begin parameters
  k 1e-3
  kf 1e-3
  kr 1e-2
  Ki 10
  start 10
end parameters
begin molecule types
  Kinase(site)
  Middle(kinase,loop~u~p)
  Target(tail~u~p)
  Drug()
  Gene()
end molecule types
begin seed species
  Kinase(site) start
  Middle(kinase,loop~u) start
  Target(tail~u) start
  Drug() start
  Gene() start
end seed species
begin observables
  Molecules Middle_on Middle(loop~p)
  Molecules Target_on Target(tail~p)
  Molecules drug Drug()
end observables
begin functions
  middle_rate() = k*Middle_on/(1 + drug/Ki)
  gene_rate() = k*Target_on
end functions
begin reaction rules
  meet: Kinase(site) + Middle(kinase) <-> Kinase(site!1).Middle(kinase!1) kf, kr
  one: Kinase(site!1).Middle(kinase!1,loop~u) -> Kinase(site!1).Middle(kinase!1,loop~p) k
  two: Target(tail~u) -> Target(tail~p) middle_rate()
  off: Target(tail~p) -> Target(tail~u) k
  make: 0 -> Gene() gene_rate()
  lose: Gene() -> 0 k
end reaction rules
end model
"""


@pytest.fixture(scope="module")
def cascade() -> Network:
    return generate.from_bngl(CASCADE, "cascade")


def edges(graph: nx.DiGraph, kind: str) -> dict[tuple[str, str], int]:
    return {
        (one, other): data.get("sign", 0)
        for one, other, data in graph.edges(data=True)
        if data["kind"] == kind
    }


def test_the_contact_map_holds_every_molecule_and_site(cascade: Network) -> None:
    graph = graphs.contact_map(cascade)
    molecules = {name for name, data in graph.nodes(data=True) if data["kind"] == "molecule"}
    assert molecules == {"Kinase", "Middle", "Target", "Drug", "Gene"}
    assert graph.nodes["Middle.loop"] == {
        "kind": "site",
        "label": "loop",
        "parent": "Middle",
        "room": graph.nodes["Middle"]["room"],
        "states": "u p",
    }


def test_the_contact_map_says_who_binds_changes_makes_and_inhibits(cascade: Network) -> None:
    graph = graphs.contact_map(cascade)
    assert edges(graph, "bond").keys() == {("Kinase.site", "Middle.kinase")}
    assert edges(graph, "change") == {("Kinase", "Middle.loop"): 1, ("Middle", "Target.tail"): 1}
    assert edges(graph, "amount") == {("Target", "Gene"): 1}
    assert edges(graph, "inhibition") == {("Drug", "Middle"): -1}


def test_the_influence_map_follows_the_cascade(cascade: Network) -> None:
    graph = graphs.influence_map(cascade)
    assert edges(graph, "influence") == {
        ("Kinase:Middle", "Middle loop"): 1,
        ("Middle loop", "Target tail"): 1,
        ("Drug", "Target tail"): -1,
        ("Target tail", "Gene"): 1,
    }
    assert graph.nodes["Target tail"]["rules"] == "two off"
    assert graph.edges["Drug", "Target tail"]["rules"] == "two"


def test_the_reaction_map_counts_species_and_reactions(cascade: Network) -> None:
    graph = graphs.reaction_map(cascade)
    nodes = {name: (d["species"], d["within"], d["made"]) for name, d in graph.nodes(data=True)}
    assert nodes == {
        "Kinase": (1, 0, 0),
        "Middle": (2, 0, 0),
        "Kinase:Middle": (2, 1, 0),
        "Target": (2, 2, 0),
        "Drug": (1, 0, 0),
        "Gene": (1, 0, 1),
    }
    counts = {(one, other): d["reactions"] for one, other, d in graph.edges(data=True)}
    assert counts == {
        ("Kinase", "Kinase:Middle"): 2,
        ("Middle", "Kinase:Middle"): 2,
        ("Kinase:Middle", "Kinase"): 2,
        ("Kinase:Middle", "Middle"): 2,
    }


def test_every_species_is_on_the_map() -> None:
    network = generate.network("rapamycin")
    graph = graphs.reaction_map(network)
    assert sum(data["species"] for _, data in graph.nodes(data=True)) == len(network.species)


@pytest.fixture(scope="module")
def contact(signalling: Network) -> nx.DiGraph:
    return graphs.contact_map(signalling)


@pytest.mark.parametrize(
    ("enzyme", "site", "sign"),
    [
        ("RPTOR", "S6K.t389", 1),
        ("RPTOR", "ULK1.s758", 1),
        ("RICTOR", "AKT.s473", 1),
        ("PDPK1", "AKT.t308", 1),
        ("AKT", "TSC2.s939", 1),
        ("TSC2", "RHEB.nucleotide", -1),
        ("PTEN", "PIP.head", -1),
        ("STK11", "AMPK.t172", 1),
        ("GSK3B", "CCNE1.t395", 1),
        ("EGF", "EGFR.y", 1),
        ("NF1", "KRAS.nucleotide", -1),
    ],
)
def test_the_enzyme_is_who_a_biologist_says_it_is(
    contact: nx.DiGraph, enzyme: str, site: str, sign: int
) -> None:
    assert edges(contact, "change")[enzyme, site] == sign


@pytest.mark.parametrize(
    ("inhibitor", "target"),
    [("TORKI", "RPTOR"), ("TORKI", "RICTOR"), ("AKTI", "AKT"), ("MEKI", "MEK"), ("RAFI", "BRAF")],
)
def test_an_inhibitor_points_at_its_target(
    contact: nx.DiGraph, inhibitor: str, target: str
) -> None:
    assert (inhibitor, target) in edges(contact, "inhibition")


def test_rooms_stand_in_the_order_of_the_pathway(contact: nx.DiGraph) -> None:
    rooms = contact.graph["rooms"]
    path = [rooms.index(contact.nodes[name]["room"]) for name in ("IGF1R", "AKT", "TSC2", "S6K")]
    assert path == sorted(path)


def test_what_disarms_bad_lowers_death(signalling: Network) -> None:
    """BAD kills unless AKT or RSK phosphorylate it, and FOXO unless AKT drives it out."""
    influence = graphs.influence_map(signalling)
    for cause in ("BAD s75", "BAD s99", "FOXO4 place"):
        assert influence.edges[cause, "death"]["sign"] == -1
