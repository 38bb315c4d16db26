from collections.abc import Callable
from typing import Any

import libsbml
import pytest
from mtorules.analysis.checking.elements import Elements
from mtorules.analysis.checking.meaning import annotation, documentation, ontology

TWO = """
model m
  compartment cell = 1;
  species A in cell, B in cell;
  A = 1; B = 0; k = 1;
  J: A -> B; k*A;
  B is "product";
end
"""

Read = Callable[[str], Any]


def annotate(element: Any, qualifier: int, *uris: str) -> Any:
    """Add one term with these resources, and return it."""
    element.setMetaId(f"meta_{element.getId()}")
    term = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
    term.setBiologicalQualifierType(qualifier)
    for uri in uris:
        term.addResource(uri)
    assert element.addCVTerm(term, True) == libsbml.LIBSBML_OPERATION_SUCCESS
    return term


def test_annotation_is_counted_by_kind_qualifier_and_database(document: Read) -> None:
    model = (held := document(TWO)).getModel()
    a, b = model.getSpecies("A"), model.getSpecies("B")
    annotate(a, libsbml.BQB_IS, "https://identifiers.org/uniprot:P42345")
    parts = (
        "https://identifiers.org/uniprot:P42345",
        "https://identifiers.org/uniprot:Q8N122",
        "https://identifiers.org/GO:0031931",
    )
    annotate(b, libsbml.BQB_HAS_PART, *parts)
    found, findings = annotation(Elements(held.getModel()))
    shares = {s.kind: (s.having, s.total) for s in found.shares}
    assert (shares["species"], shares["reactions"], shares["model"]) == ((2, 2), (0, 1), (0, 1))
    assert found.qualifiers == {"species": {"bqbiol:hasPart": 3, "bqbiol:is": 1}}
    assert found.databases == {"uniprot": 3, "go": 1}
    assert (found.resources, found.malformed, findings) == (4, 0, [])


def test_nested_terms_count(document: Read) -> None:
    held = document(TWO)
    term = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
    term.setBiologicalQualifierType(libsbml.BQB_IS)
    term.addResource("https://identifiers.org/uniprot:P42345")
    inner = libsbml.CVTerm(libsbml.BIOLOGICAL_QUALIFIER)
    inner.setBiologicalQualifierType(libsbml.BQB_IS_DESCRIBED_BY)
    inner.addResource("https://identifiers.org/pubmed:16603397")
    term.addNestedCVTerm(inner)
    species = held.getModel().getSpecies("A")
    species.setMetaId("meta_A")
    species.addCVTerm(term)
    found, _ = annotation(Elements(held.getModel()))
    assert found.qualifiers["species"] == {"bqbiol:is": 1, "bqbiol:isDescribedBy": 1}


def test_addresses_that_are_wrong_or_old_are_named(document: Read) -> None:
    held = document(TWO)
    a, b = (held.getModel().getSpecies(id) for id in "AB")
    annotate(a, libsbml.BQB_IS, "https://identifiers.org/uniprot:mTOR")
    annotate(b, libsbml.BQB_IS, "urn:miriam:uniprot:P42345")
    found, (wrong, old) = annotation(Elements(held.getModel()))
    assert found.malformed == 1
    assert (wrong.severity, wrong.ids) == ("warning", ("https://identifiers.org/uniprot:mTOR",))
    assert "(A)" in wrong.detail
    assert (old.severity, old.ids) == ("note", ("urn:miriam:uniprot:P42345",))


def test_terms_are_counted_by_kind(document: Read) -> None:
    model = (held := document(TWO)).getModel()
    model.getSpecies("A").setSBOTerm("SBO:0000252")
    model.getReaction("J").setSBOTerm("SBO:0000177")
    model.getReaction("J").getReactant(0).setSBOTerm("SBO:0000010")
    model.getReaction("J").getKineticLaw().setSBOTerm("SBO:0000012")
    model.getParameter("k").setSBOTerm("SBO:0000009")
    found, findings = ontology(Elements(held.getModel()))
    assert findings == []
    assert found.terms["species"] == {"SBO:0000252": 1}
    shares = {s.kind: (s.having, s.total, s.without) for s in found.shares}
    assert shares["species"] == (1, 2, ("B",))
    assert shares["reactants and products"] == (1, 2, ("J: B",))


@pytest.mark.parametrize(
    ("term", "code"),
    [
        (176, "misplaced term"),  # a biochemical reaction
        (9, "misplaced term"),  # a kinetic constant
        (9999999, "unknown term"),
        (1, "misplaced term"),  # a rate law
    ],
)
def test_terms_that_do_not_fit_a_species(document: Read, term: int, code: str) -> None:
    held = document(TWO)
    held.getModel().getSpecies("A").setSBOTerm(term)
    _, (finding,) = ontology(Elements(held.getModel()))
    assert finding.code == code
    assert finding.ids[0].startswith(f"A (SBO:{term:07d})")


def test_who_made_it_and_when(document: Read) -> None:
    model = (held := document(TWO)).getModel()
    model.setMetaId("meta_m")
    history = libsbml.ModelHistory()
    creator = libsbml.ModelCreator()
    creator.setGivenName("Ada")
    creator.setFamilyName("Lovelace")
    history.addCreator(creator)
    group = libsbml.ModelCreator()
    group.setUseSingleName(True)
    group.setName("The authors")
    history.addCreator(group)
    date = libsbml.Date("2024-02-03T00:00:00Z")
    history.setCreatedDate(date)
    history.setModifiedDate(date)
    assert model.setModelHistory(history) == libsbml.LIBSBML_OPERATION_SUCCESS
    model.getSpecies("A").setNotes("<p xmlns='http://www.w3.org/1999/xhtml'>told</p>")
    found = documentation(Elements(held.getModel()))
    assert found.creators == ("Ada Lovelace", "The authors")
    assert found.created == "2024-02-03T00:00:00Z"
    notes = {s.kind: s.having for s in found.shares["notes"]}
    names = {s.kind: (s.having, s.without) for s in found.shares["names"]}
    assert notes["species"] == 1
    assert names["species"] == (1, ("A",))
