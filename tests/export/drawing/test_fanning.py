"""Boxes near their places: none over another, each as near as it can be."""

from itertools import combinations

from mtorules.export.drawing import placement
from mtorules.export.drawing.fanning import fanned, species_boxes
from mtorules.network import generate
from mtorules.network.network import Network


def test_the_first_stands_in_its_place_and_others_beside_it() -> None:
    found = fanned([(100, 100)] * 5, (20, 20))
    assert found[0] == (100, 100)
    assert len(set(found)) == 5
    assert {abs(x - 100) + abs(y - 100) for x, y in found[1:]} == {20}


def test_high_boxes_take_several_cells() -> None:
    found = fanned([(0, 0), (0, 20), (0, 0)], (10, 10), [3, 1, 2])
    cells = [
        {(x, y + 10 * below) for below in range(rows)}
        for (x, y), rows in zip(found, [3, 1, 2], strict=True)
    ]
    assert sum(map(len, cells)) == len(set.union(*cells))


def test_species_stand_about_their_molecules_inside_their_compartment(
    signalling: Network,
) -> None:
    boxes, around = species_boxes(signalling)
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)
    for box, species in zip(boxes, signalling.species, strict=True):
        home = around[species.compartment]
        assert home.left < box.left
        assert box.right < home.right
        assert home.top < box.top
        assert box.bottom < home.bottom
    assert not around["medium"].overlaps(around["cell"])
    assert around["medium"].bottom < around["cell"].top
    place = {
        species.pattern.partition("(")[0]: (box.left, box.top)
        for box, species in zip(boxes, signalling.species, strict=True)
        if "." not in species.pattern and species.compartment == "cell"
    }
    for one, other in (("KRAS", "RHEB"), ("BRAF", "ERK"), ("PTEN", "TP53")):
        table = placement.table()
        for axis, wanted in enumerate(("x", "y")):
            first, second = (getattr(table[name], wanted) for name in (one, other))
            if first != second:
                assert (place[one][axis] < place[other][axis]) == (first < second)


def test_a_network_without_places_stands_in_rows() -> None:
    boxes, around = species_boxes(generate.network("rapamycin"))
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)
    for one, other in combinations(around.values(), 2):
        assert not one.overlaps(other)
