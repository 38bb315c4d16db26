"""Marks for what BioModels and MIRIAM ask, on files that lack one thing each."""

from collections.abc import Callable, Mapping

import pytest
from mtorules.analysis.checking.check import check_text
from mtorules.analysis.checking.report import Mark
from mtorules.analysis.checking.text import marked
from mtorules.export.sbml import writer
from mtorules.network import generate


@pytest.fixture(scope="module")
def sbml() -> str:
    return writer.text(generate.network("rapamycin"))


def marks(text: str) -> Mapping[str, Mark]:
    return {mark.code: mark for mark in check_text(text, "model.xml").marks}


def test_a_model_of_the_catalogue_has_full_marks(sbml: str) -> None:
    found = marks(sbml)
    assert [code for code, mark in found.items() if not mark.full] == []
    assert sum(mark.points for mark in found.values()) == 92  # 8 more are for running
    assert marked(tuple(found.values()), "m.xml").startswith("m.xml: 92 of 92 points, full marks")


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("units", ' units="per_s"', ""),
        ("name", ' name="', ""),
        ("licence", "icen", "iken"),
        ("creators", "mTORules</vCard4:organization-name>", "</vCard4:organization-name>"),
        ("dates", "dcterms:created", "dcterms:issued"),
        ("taxon", "https://identifiers.org/taxonomy:9606", "https://identifiers.org/GO:0031929"),
        ("reference", "bqmodel:isDerivedFrom", "bqmodel:hasInstance"),
        ("compartments", "https://identifiers.org/CL:0000000", "cell"),
        ("species", "https://identifiers.org/", "https://example.org/"),
        ("reactions", "https://identifiers.org/GO:0005488", "binding"),
        ("identifiers", "uniprot:P42345", "uniprot:mTOR"),
        ("terms", ' sboTerm="SBO:0000290"', ""),
        ("complete", '<kineticLaw sboTerm="SBO:0000049">', ""),
    ],
)
def test_what_is_taken_out_is_what_lacks(sbml: str, code: str, old: str, new: str) -> None:
    assert old in sbml
    if code == "complete":
        before, _, after = sbml.partition(old)
        text = before + after.partition("</kineticLaw>")[2]
    elif code == "name":
        before, _, after = sbml.partition(old)  # the first is the model's
        text = before + after.partition('"')[2]
    else:
        text = sbml.replace(old, new)
    found = marks(text)[code]
    assert not found.full
    assert found.earned < found.points


def test_elements_that_lack_something_are_named(sbml: str) -> None:
    found = marks(sbml.replace("https://identifiers.org/CL:0000000", "https://identifiers.org/x"))
    assert found["compartments"].lacking == ("cell",)
    assert (found["compartments"].having, found["compartments"].total) == (1, 2)
    assert "lacking: cell" in marked(tuple(found.values()), "m.xml")


def test_a_bare_model_has_few_marks(antimony_sbml: Callable[[str], str]) -> None:
    found = marks(antimony_sbml("A = 1; k = 1; J: A -> B; k*A;"))
    lacking = {code for code, mark in found.items() if not mark.full}
    assert lacking >= {"units", "notes", "creators", "dates", "licence", "taxon", "reference"}
    assert lacking >= {"species", "reactions", "compartments", "complete", "terms"}
    assert found["valid"].full
    assert found["complete"].lacking == ("B",)
