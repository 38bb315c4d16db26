from xml.etree import ElementTree

from mtorules.export.archive.metadata import Content, day, page, rdf
from mtorules.network.network import Annotation, Metadata, Person

ABOUT = Metadata(
    title="A & B",
    description="binds <tightly>",
    date="2026-11-21",
    licence="https://spdx.org/licenses/MIT.html",
    creators=(Person("Doe", "Jo", orcid="0000-0001-2345-6789"),),
    annotations=(Annotation("hasTaxon", "https://identifiers.org/taxonomy:9606"),),
)
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def test_it_is_rdf_about_the_archive_and_its_files() -> None:
    root = ElementTree.fromstring(
        rdf("ab", ABOUT, [Content("model.xml", "it")], ["https://identifiers.org/pubmed:1"])
    )
    whole, file = root
    assert file.get(f"{RDF}about") == "http://omex-library.org/ab.omex/model.xml"
    told = {each.tag.rpartition("}")[2]: each for each in whole}
    assert told["title"].text == "A & B"
    assert told["hasTaxon"].get(f"{RDF}resource") == "https://identifiers.org/taxonomy:9606"
    assert told["isDescribedBy"].get(f"{RDF}resource") == "https://identifiers.org/pubmed:1"
    assert told["license"].get(f"{RDF}resource") == "https://spdx.org/licenses/MIT.html"
    assert "Jo Doe" in "".join(told["creator"].itertext())
    assert "2026-11-21T00:00:00Z" in "".join(told["created"].itertext())


def test_the_page_names_everything() -> None:
    text = page("ab", ABOUT, [Content("model.xml", "it")], ["A note."])
    for said in ("# A & B", "| `model.xml` | it |", "A note.", "By Jo Doe.", "MIT"):
        assert said in text


def test_dates_come_from_the_model_or_the_surroundings() -> None:
    assert day("2026-11-21", None) == (2026, 11, 21)
    assert day("2026-11-21", "1000000000") == (2001, 9, 9)
    for date, epoch in (
        ("", None),
        ("soon", None),
        ("1066-10-14", None),
        ("", "-1"),
        ("", "9" * 30),
    ):
        assert day(date, epoch) == (1980, 1, 1)
