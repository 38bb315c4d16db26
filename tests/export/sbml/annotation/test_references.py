import pytest
from mtorules.export.sbml.annotation import references
from mtorules.export.sbml.annotation.references import CitationError, Statement
from mtorules.network.network import Annotation, Metadata, Person

HOST = "https://identifiers.org/"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://identifiers.org/uniprot:P42345", "uniprot:P42345"),
        ("http://identifiers.org/uniprot/P42345", "uniprot:P42345"),
        ("http://www.identifiers.org/uniprot/P42345", "uniprot:P42345"),
        ("urn:miriam:uniprot:P42345", "uniprot:P42345"),
        ("uniprot:P42345", "uniprot:P42345"),
        ("https://www.uniprot.org/uniprotkb/P42345/entry", "uniprot:P42345"),
        ("http://identifiers.org/chebi/CHEBI:9168", "CHEBI:9168"),
        ("https://identifiers.org/CHEBI:9168", "CHEBI:9168"),
        ("chebi:9168", "CHEBI:9168"),
        ("urn:miriam:obo.go:GO%3A0031929", "GO:0031929"),
        ("https://identifiers.org/GO:0031929", "GO:0031929"),
        ("https://identifiers.org/hgnc/HGNC:3942", "hgnc:3942"),
        ("https://doi.org/10.1016/s0092-8674(02)00808-5", "doi:10.1016/s0092-8674(02)00808-5"),
        ("http://dx.doi.org/10.1002/a<1>", "doi:10.1002/a%3C1%3E"),
        ("https://identifiers.org/doi:10.1126/science.abi6983", "doi:10.1126/science.abi6983"),
        ("https://pubmed.ncbi.nlm.nih.gov/12150925/", "pubmed:12150925"),
        ("https://identifiers.org/pmc:PMC3069769", "pmc:PMC3069769"),
    ],
)
def test_every_spelling_becomes_a_compact_identifier(text: str, expected: str) -> None:
    assert references.address(text) == HOST + expected
    assert references.address(HOST + expected) == HOST + expected


def test_other_addresses_stay_and_words_are_none() -> None:
    assert references.address("https://example.org/a b") is None
    assert references.address("https://example.org/a?b=<c>") == "https://example.org/a?b=%3Cc%3E"
    assert references.address("mTOR, a kinase") is None
    assert references.address("") is None


@pytest.mark.parametrize(
    ("name", "model", "expected"),
    [
        ("is", False, "bqbiol:is"),
        ("is", True, "bqmodel:is"),
        ("isDerivedFrom", False, "bqmodel:isDerivedFrom"),
        ("hasTaxon", True, "bqbiol:hasTaxon"),
        ("bqbiol:isversionof", False, "bqbiol:isVersionOf"),
        ("http://biomodels.net/biology-qualifiers/hasPart", False, "bqbiol:hasPart"),
    ],
)
def test_qualifiers_get_their_prefix(name: str, model: bool, expected: str) -> None:
    assert references.qualified(name, model=model) == expected


def test_what_cannot_be_said_is_told() -> None:
    found = references.statements(
        [
            Annotation("isDescribdBy", "https://doi.org/10.1/x"),
            Annotation("is", "no address"),
            Annotation("is", "uniprot:P42345"),
        ],
        "monomer 'MTOR'",
    )
    assert found.statements == (Statement("bqbiol:is", (f"{HOST}uniprot:P42345",)),)
    first, second = found.refused
    assert "monomer 'MTOR'" in first
    assert "Did you mean 'isDescribedBy'?" in first
    assert "'no address' is no address" in second


def test_names_of_one_thing_share_a_bag_and_papers_do_not() -> None:
    found = references.statements(
        [
            Annotation("is", "uniprot:P42345"),
            Annotation("is", "hgnc:3942"),
            Annotation("isDescribedBy", "doi:10.1/x"),
            Annotation("isDescribedBy", "doi:10.1/y"),
        ],
        "x",
    )
    assert [(s.qualifier, len(s.resources)) for s in found.statements] == [
        ("bqbiol:is", 2),
        ("bqbiol:isDescribedBy", 1),
        ("bqbiol:isDescribedBy", 1),
    ]


def test_dates_are_the_models_and_the_epochs() -> None:
    said = Metadata(date="2026-11-21")
    assert "2026-11-21T00:00:00Z" in references.history(said, None, vcard4=True)
    both = references.history(said, "86400", vcard4=True)
    assert both.index("2026-11-21T00:00:00Z") < both.index("1970-01-02T00:00:00Z")
    assert references.history(Metadata(date="2026-11-21T10:00:00+02:00"), None, vcard4=True).count(
        "2026-11-21T08:00:00Z"
    )
    assert references.history(Metadata(), None, vcard4=True) == ""


@pytest.mark.parametrize(
    ("date", "epoch", "message"),
    [
        ("last week", None, "'last week' cannot be read"),
        ("", "soon", "SOURCE_DATE_EPOCH is 'soon'"),
    ],
)
def test_dates_that_cannot_be_read_are_named(date: str, epoch: str | None, message: str) -> None:
    with pytest.raises(CitationError, match=message):
        references.history(Metadata(date=date), epoch, vcard4=True)


def test_older_levels_part_the_name_of_a_group() -> None:
    said = Metadata(creators=(Person("mTORules authors", ""), Person("Consortium", "")))
    text = references.history(said, None, vcard4=False)
    assert "<vCard:Family>authors</vCard:Family><vCard:Given>mTORules</vCard:Given>" in text
    assert "Consortium" not in text  # the level demands two names
    assert "<vCard4:text>Consortium</vCard4:text>" in references.history(said, None, vcard4=True)
