"""Layout and render, read back by libSBML and by COPASI."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import libsbml
import pytest
from mtorules.export.drawing.fanning import species_boxes
from mtorules.export.sbml import writer
from mtorules.network import generate
from mtorules.network.network import Network

_COPASI = "{http://www.copasi.org/static/schema}"


@pytest.fixture(scope="module")
def network() -> Network:
    return generate.network("rapamycin")


@pytest.mark.parametrize("level", ["3.2", "3.1"])
def test_libsbml_reads_a_glyph_for_everything(
    level: str, network: Network, findings: Callable[..., list[str]]
) -> None:
    text = writer.document(network, level, layout=True).text
    assert findings(text) == findings(writer.text(network, level))
    model = libsbml.readSBMLFromString(text).getModel()
    layout = model.getPlugin("layout").getLayout(0)
    shown = {glyph.getSpeciesId() for glyph in layout.getListOfSpeciesGlyphs()}
    assert shown == {species.getId() for species in model.getListOfSpecies()}
    for glyph in layout.getListOfReactionGlyphs():
        reaction = model.getReaction(glyph.getReactionId())
        taking_part = (
            reaction.getNumReactants() + reaction.getNumProducts() + reaction.getNumModifiers()
        )
        assert glyph.getNumSpeciesReferenceGlyphs() == taking_part
    assert layout.getNumReactionGlyphs() == model.getNumReactions()
    assert layout.getNumCompartmentGlyphs() == model.getNumCompartments()
    style = layout.getPlugin("render").getRenderInformation(0)
    ids = [style.getStyle(place) for place in range(style.getNumStyles())]
    kinds = {kind for one in ids for kind in one.createTypeString().split()}
    assert {"SPECIESGLYPH", "REACTIONGLYPH", "TEXTGLYPH", "COMPARTMENTGLYPH"} <= kinds


def test_every_construct_has_a_layout(construct: Path, findings: Callable[..., list[str]]) -> None:
    network = generate.network(construct)
    text = writer.document(network, layout=True).text
    assert findings(text) == findings(writer.text(network))


def test_copasi_reads_the_places(network: Network) -> None:
    copasi = pytest.importorskip("COPASI", reason="COPASI is not installed")
    text = writer.document(network, layout=True)
    data = copasi.CRootContainer.addDatamodel()
    try:
        assert data.importSBMLFromString(text.text)
        root = ElementTree.fromstring(data.saveModelToString())
    finally:
        copasi.CRootContainer.removeDatamodel(data)
    places: dict[str, tuple[float, float]] = {}
    for glyph in root.iter(f"{_COPASI}MetaboliteGlyph"):
        (at,) = glyph.iter(f"{_COPASI}Position")
        places[glyph.attrib["name"]] = float(at.attrib["x"]), float(at.attrib["y"])
    boxes, _ = species_boxes(network)
    keys = text.report.species
    shift = {
        (places[f"glyph_{key}"][0] - box.left, places[f"glyph_{key}"][1] - box.top)
        for key, box in zip(keys, boxes, strict=True)
    }
    assert len(places) == len(keys)
    assert shift == {(40.0, 40.0)}  # the margin


def test_the_model_itself_is_the_same(network: Network) -> None:
    text = writer.document(network, layout=True).text
    head, _, rest = text.partition("<layout:listOfLayouts")
    plain = writer.text(network)
    assert (
        head[head.index("<model") :] + rest.partition("</layout:listOfLayouts>\n")[2]
        == (plain[plain.index("<model") :])
    )
    assert text == writer.document(network, layout=True).text


def test_level_2_has_no_room_for_it(network: Network) -> None:
    with pytest.raises(writer.SbmlError, match="no room for a layout"):
        writer.document(network, "2.4", layout=True)
