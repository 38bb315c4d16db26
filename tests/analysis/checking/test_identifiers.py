from importlib.resources import files

import pytest
from mtorules.analysis.checking.identifiers import collections, resource


@pytest.mark.parametrize(
    ("uri", "collection"),
    [
        ("https://identifiers.org/uniprot:P42345", "uniprot"),
        ("https://identifiers.org/uniprot:A0A024R161", "uniprot"),
        ("https://identifiers.org/GO:0031931", "go"),
        ("https://identifiers.org/CHEBI:9168", "chebi"),
        ("https://identifiers.org/pubmed:16603397", "pubmed"),
        ("https://identifiers.org/doi:10.1016/j.molcel.2006.03.029", "doi"),
        ("https://identifiers.org/taxonomy:9606", "taxonomy"),
        ("https://identifiers.org/hgnc:3942", "hgnc"),
        ("https://doi.org/10.1038/nature12122", "doi.org"),
    ],
)
def test_todays_form_is_without_fault(uri: str, collection: str) -> None:
    found = resource(uri)
    assert (found.collection, found.fault, found.outdated) == (collection, "", "")


@pytest.mark.parametrize(
    ("uri", "collection"),
    [
        ("http://identifiers.org/uniprot/P42345", "uniprot"),
        ("https://identifiers.org/chebi/CHEBI:9168", "chebi"),
        ("http://identifiers.org/uniprot:P42345", "uniprot"),
        ("urn:miriam:uniprot:P42345", "uniprot"),
        ("urn:miriam:obo.go:GO%3A0031931", "obo.go"),
    ],
)
def test_older_forms_are_outdated_but_no_fault(uri: str, collection: str) -> None:
    found = resource(uri)
    assert (found.collection, found.fault) == (collection, "")
    assert found.outdated


@pytest.mark.parametrize(
    ("uri", "says"),
    [
        ("", "empty"),
        ("P42345", "no web address"),
        ("mailto:someone@example.org", "no web address"),
        ("https://identifiers.org/uniprot:MTOR", "'MTOR' is no accession of uniprot"),
        ("https://identifiers.org/pubmed:PMC123", "no accession of pubmed"),
        ("urn:miriam:taxonomy:human", "no accession of taxonomy"),
        ("https://identifiers.org/", "no collection"),
        ("https://identifiers.org/uniprot", "no collection"),
        ("https://identifiers.org/uniprot:P42345 ", "no URI may hold"),
    ],
)
def test_what_is_wrong_is_said(uri: str, says: str) -> None:
    assert says in resource(uri).fault


def test_the_patterns_are_a_table_without_repetition() -> None:
    table = files("mtorules.analysis.checking").joinpath("namespaces.csv")
    rows = table.read_text(encoding="utf-8").splitlines()[1:]
    assert len(collections()) == len(rows)
