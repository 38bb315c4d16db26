import re
from dataclasses import replace

import pytest
from mtorules.models import catalogue
from mtorules.models.building.drafting import drafting
from mtorules.models.numbers import evidence
from pysb import Model, Monomer, Rule

COMPACT = re.compile(r"[A-Za-z][\w.]*:\S+")


def test_identifiers_are_compact() -> None:
    for row in evidence.table().values():
        assert not row.identifier or COMPACT.fullmatch(row.identifier), row.id
        assert row.citation, row.id
        assert row.confidence in {"high", "medium", "low"}, row.id
        assert row.checked in ({"yes", "no"} if row.identifier else {""}), row.id


def test_every_molecule_has_a_database_entry() -> None:
    patterns = {
        "uniprot": r"[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2}",
        "hgnc": r"\d+",
        "CHEBI": r"\d+",
        "pubchem.compound": r"\d+",
        "drugbank": r"DB\d{5}",
    }
    for molecule in evidence.molecules().values():
        assert molecule.identifiers, molecule.name
        for identifier in molecule.identifiers:
            prefix, _, accession = identifier.partition(":")
            if prefix in patterns:
                assert re.fullmatch(patterns[prefix], accession), identifier


def test_unknown_names_are_refused() -> None:
    model = Model("m", _export=False)
    with drafting(model):
        monomer = Monomer("MTORR")
        with pytest.raises(evidence.EvidenceError, match="no row for the monomer 'MTORR'"):
            evidence.identify(monomer)
        with pytest.raises(evidence.EvidenceError, match="Did you mean 'KD_FRB_RAPA'"):
            evidence.cite(monomer, "KD_FRB_RAPPA")


def test_only_an_identifier_that_was_looked_up_becomes_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known = evidence.table()["KD_FRB_RAPA"]
    rows = {
        "seen": replace(known, identifier="doi:10.1/seen", citation="Seen 2001", checked="yes"),
        "unseen": replace(known, identifier="doi:10.1/not", citation="Unseen 2002", checked="no"),
        "bare": replace(known, identifier="", citation="Bare 2003", checked=""),
    }
    monkeypatch.setattr(evidence, "table", lambda: rows)
    model = Model("m", _export=False)
    with drafting(model):
        monomer = Monomer("MTOR")
        evidence.cite(monomer, *rows)
    assert {(note.predicate, note.object) for note in model.get_annotations(monomer)} == {
        ("isDescribedBy", "https://identifiers.org/doi:10.1/seen"),
        ("citation", "Unseen 2002"),
        ("source", "seen"),
        ("source", "unseen"),
        ("source", "bare"),
    }


@pytest.mark.parametrize("name", catalogue.names())
def test_no_model_gives_an_address_that_nobody_looked_up(name: str) -> None:
    rows = evidence.table().values()
    given = {
        str(note.object).removeprefix("https://identifiers.org/")
        for note in catalogue.build(name).annotations
        if note.predicate == "isDescribedBy"
    }
    assert given
    assert not given & {row.identifier for row in rows if row.checked == "no"}


@pytest.mark.parametrize("name", catalogue.names())
def test_every_rule_rests_on_a_source_or_says_what_is_assumed(name: str) -> None:
    model = catalogue.build(name)

    def backed(rule: Rule) -> bool:
        notes = model.get_annotations(rule)
        return any(note.predicate in {"isDescribedBy", "citation", "note"} for note in notes)

    assert [rule.name for rule in model.rules if not backed(rule)] == []
