"""The contact map on a page: nothing overlaps, lines keep out of boxes, everything is legible."""

import hashlib
import re
from itertools import combinations
from xml.etree import ElementTree

import pytest
from mtorules.export.drawing import graphs, page, painting
from mtorules.export.drawing.page import Drawing
from mtorules.export.drawing.painting import Box, Line, Text
from mtorules.export.drawing.routing import Rectangle
from mtorules.network import generate
from mtorules.network.network import Network

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawing(signalling: Network) -> Drawing:
    return Drawing(graphs.contact_map(signalling), graphs.influence_map(signalling))


def test_it_is_a_landscape_a4_page(drawing: Drawing) -> None:
    width, height = drawing.size
    assert width / height == pytest.approx(297 / 210, rel=0.01)
    for place in (*drawing.boxes.values(), *(place for _, place in drawing.pills)):
        assert place.left >= 0 <= place.top
        assert place.right <= width
        assert place.bottom <= height


def test_no_boxes_pills_or_rooms_overlap(drawing: Drawing) -> None:
    boxes = [*drawing.boxes.items(), *drawing.pills]
    for (one, place), (other, elsewhere) in combinations(boxes, 2):
        assert not place.overlaps(elsewhere), (one, other)
    for (room, place), (other_room, elsewhere) in combinations(drawing.rooms().items(), 2):
        assert not place.overlaps(elsewhere), (room.name, other_room.name)


def test_every_line_is_drawn_and_keeps_out_of_boxes(drawing: Drawing) -> None:
    binding, acting = drawing.lines
    lines = [line for line in (*binding, *acting) if isinstance(line, Line) and line.hint]
    contact = drawing.contact
    bonds = {
        tuple(sorted(contact.nodes[end].get("parent", end) for end in (one, other)))
        for one, other, data in contact.edges(data=True)
        if data["kind"] == "bond"
    }
    assert len(binding) == len({ends for ends in bonds if ends[0] != ends[1]})
    assert "AKT raises TSC2 s939" in {line.hint for line in lines}
    assert "TSC2 lowers RHEB nucleotide" in {line.hint for line in lines}
    assert "BAD s99 lowers death" in {line.hint for line in lines}
    walls = [*drawing.boxes.items(), *drawing.pills]
    for line in lines:
        # Only its ends touch boxes; they stand on their edges.
        for (x, y), (to_x, to_y) in zip(line.points, line.points[1:], strict=False):
            way = Rectangle(min(x, to_x), min(y, to_y), max(x, to_x), max(y, to_y))
            thin = Rectangle(way.left - 0.01, way.top - 0.01, way.right + 0.01, way.bottom + 0.01)
            for name, box in walls:
                inner = Rectangle(box.left + 1, box.top + 1, box.right - 1, box.bottom - 1)
                assert not thin.overlaps(inner), (line.hint, name)


def test_no_text_is_below_six_points(drawing: Drawing) -> None:
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    assert min(text.size for text in texts) >= 6.0


def test_names_fit_into_their_boxes(drawing: Drawing) -> None:
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    for name, box in drawing.boxes.items():
        label = name.removeprefix("phenotypes ").replace("_", " ")
        path = TextPath((0, 0), label, size=6.6, prop=FontProperties("DejaVu Sans", weight="bold"))
        assert path.get_extents().width < box.right - box.left, name
    for name, place in drawing.pills:
        path = TextPath((0, 0), name, size=6.0, prop=FontProperties("DejaVu Sans"))
        assert path.get_extents().width < place.right - place.left, name


def test_every_molecule_site_and_drug_is_a_text_of_the_svg(
    drawing: Drawing, signalling: Network
) -> None:
    root = ElementTree.fromstring(painting.svg(drawing.marks, *drawing.size, "map"))
    texts = {each.text for each in root.iter(f"{_SVG}text")}
    for molecule in signalling.molecules:
        assert molecule.name.replace("_", " ") in texts
    assert {"t308", "s473", "proliferation", "mTORC1 on the lysosome"} <= texts
    assert not re.search(r"<image", painting.svg(drawing.marks, *drawing.size, "map"))


def test_the_same_network_gives_the_same_bytes(drawing: Drawing) -> None:
    again = Drawing(drawing.contact, drawing.influence)
    for form in ("png", "pdf"):
        one, other = (painting.painted(each.marks, *each.size, form) for each in (drawing, again))
        assert hashlib.sha256(one).digest() == hashlib.sha256(other).digest()
    svg = [painting.svg(each.marks, *each.size, "map") for each in (drawing, again)]
    assert svg[0] == svg[1]


def test_molecules_that_the_table_does_not_know_lengthen_the_page() -> None:
    text = (
        "begin model\nbegin molecule types\n AKT(t308~u~p)\n Mine(a,s1~u~p)\nend molecule types\n"
        "begin seed species\n AKT(t308~u) 1\n Mine(a,s1~u) 1\nend seed species\n"
        "begin reaction rules\n hit: AKT(t308~p) + Mine(s1~u) -> AKT(t308~p) + Mine(s1~p) 1\n"
        " lit: AKT(t308~u) -> AKT(t308~p) 1\nend reaction rules\nend model\n"
    )
    network = generate.from_bngl(text, "mine")
    drawn = page.draw(network, "svg").decode()
    assert ">Mine<" in drawn
    assert "AKT raises Mine s1" in drawn
    height = float(re.search(r'height="([\d.]+)pt"', drawn)[1])  # type: ignore[index]
    assert height > 600


def test_a_box_holds_its_sites(drawing: Drawing) -> None:
    marks = [mark for mark in drawing.marks if isinstance(mark, Box)]
    (akt,) = [mark for mark in marks if mark.rectangle == drawing.boxes["AKT"]]
    texts = [mark for mark in drawing.marks if isinstance(mark, Text)]
    r = akt.rectangle
    inside = {t.content for t in texts if r.left < t.x < r.right and r.top < t.y < r.bottom}
    assert inside == {"AKT", "t308", "s473"}
