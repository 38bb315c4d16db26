import csv
from pathlib import Path

import mtorules.models
import pytest
from mtorules.models import catalogue
from mtorules.models.building.drafting import drafting
from mtorules.models.numbers import evidence, metadata
from mtorules.models.numbers.parameters import UNITS
from mtorules.models.numbers.provenance import Provenance, provenance
from pysb import Annotation, Expression, Model, Monomer, Parameter, Rule

TABLES = Path(mtorules.models.__file__).parent


@pytest.fixture
def model() -> Model:
    """Two monomers, rules and parameters of each kind: one with its provenance and one without."""
    model = Model("m", _export=False)
    with drafting(model):
        known, unknown = Monomer("Known"), Monomer("Unknown")
        Annotation(known, "https://identifiers.org/uniprot:P42345", "is")
        Annotation(known, "A kinase", metadata.NOTE)
        k, bare = Parameter("k", 2.0), Parameter("bare", 3.0)
        Annotation(k, "1/s", metadata.UNIT)
        Annotation(k, "1.0 4.0", metadata.RANGE)
        Annotation(k, "measured", metadata.EVIDENCE)
        Annotation(k, "measured; by hand", metadata.NOTE)
        evidence.cite(k, "KD_FRB_RAPA")
        Expression("twice", 2 * k)
        cited = Rule("cited", known() >> None, k)
        Rule("uncited", unknown() >> None, bare)
        evidence.cite(cited, "KD_FRB_RAPA", "KON_FKBP12_RAPA")
    return model


def names(origins: Provenance) -> list[str]:
    return [each.name for each in (*origins.monomers, *origins.rules, *origins.parameters)]


def test_everything_has_its_row(model: Model) -> None:
    assert names(provenance(model)) == [
        *("Known", "Unknown", "cited", "uncited", "k", "bare", "twice")
    ]


def test_what_is_said_is_in_the_row(model: Model) -> None:
    found = provenance(model)
    assert found.monomers[0].identifiers == ("uniprot:P42345",)
    assert found.monomers[0].title == "A kinase"
    assert found.rules[0].sources == ("KD_FRB_RAPA", "KON_FKBP12_RAPA")
    assert found.rules[0].references == ("doi:10.1021/ja043277y",)
    k = found.parameters[0]
    assert (k.value, k.unit, k.low, k.high) == (2.0, "1/s", 1.0, 4.0)
    assert (k.evidence, k.note, k.sources) == ("measured", "by hand", ("KD_FRB_RAPA",))
    assert [row.id for row in found.sources] == ["KD_FRB_RAPA", "KON_FKBP12_RAPA"]


def test_what_is_not_said_is_a_gap(model: Model) -> None:
    lacking = provenance(model).lacking
    assert names(lacking) == ["Unknown", "uncited", "bare", "twice"]
    assert lacking.monomers[0].gaps == ("identifier", "full name")
    assert lacking.rules[0].gaps == ("reference",)
    assert [each.gaps for each in lacking.parameters] == [
        ("unit", "range", "evidence", "source"),
        ("unit",),
    ]


@pytest.mark.parametrize(
    ("kind", "note", "source", "gaps"),
    [
        ("assumed", "assumed; nobody looked", "", ()),
        ("assumed", "assumed", "", ("reason",)),
        ("measured", "measured; with care", "", ("source",)),
        ("measured", "measured", "KD_FRB_RAPA", ()),
        ("fitted", "fitted", "KON_FKBP12_RAPA", ()),  # a source without an address is one
    ],
)
def test_an_assumption_needs_a_reason_and_a_measurement_a_source(
    kind: str, note: str, source: str, gaps: tuple[str, ...]
) -> None:
    model = Model("m", _export=False)
    with drafting(model):
        k = Parameter("k", 2.0)
        Annotation(k, "1/s", metadata.UNIT)
        Annotation(k, "1.0 4.0", metadata.RANGE)
        Annotation(k, kind, metadata.EVIDENCE)
        Annotation(k, note, metadata.NOTE)
        evidence.cite(k, *filter(None, [source]))
    assert provenance(model).parameters[0].gaps == gaps


def test_a_range_that_is_none_is_a_gap() -> None:
    model = Model("m", _export=False)
    with drafting(model):
        Annotation(Parameter("k", 2.0), "about two", metadata.RANGE)
    assert "range" in provenance(model).parameters[0].gaps


def test_a_source_that_no_table_holds_does_no_harm() -> None:
    model = Model("m", _export=False)
    with drafting(model):
        Annotation(Parameter("k", 2.0), "my notebook", metadata.SOURCE)
    found = provenance(model)
    assert found.parameters[0].sources == ("my notebook",)
    assert found.sources == ()


@pytest.mark.parametrize("name", catalogue.names())
def test_no_model_of_ours_has_gaps(name: str) -> None:
    lacking = provenance(catalogue.build(name)).lacking
    assert {
        each.name: each.gaps for each in (*lacking.monomers, *lacking.rules, *lacking.parameters)
    } == {}


@pytest.mark.parametrize("name", catalogue.names())
def test_the_rows_say_what_the_tables_say(name: str) -> None:
    """The tables are read anew here, with nothing but the csv module and the units."""
    rows: dict[str, dict[str, str]] = {}
    for path in TABLES.glob("**/*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            if "low" in (reader.fieldnames or ()):
                rows |= {row["name"]: row for row in reader}
    with (TABLES / "numbers" / "fitted.csv").open(newline="", encoding="utf-8") as file:
        fits = {row["name"]: row for row in csv.DictReader(file)}
    numbers = [each for each in provenance(catalogue.build(name)).parameters if not each.formula]
    assert numbers
    for each in numbers:
        row = rows[each.name]
        unit, factor = UNITS[row["unit"]]
        assert each.unit == unit
        said = [float(row[column]) * factor for column in ("value", "low", "high")]
        evidence = row["evidence"]
        if each.name in fits:
            assert float(fits[each.name]["prior"]) == pytest.approx(said[0], rel=1e-12)
            said[0], evidence = float(fits[each.name]["value"]), "fitted"
        assert [each.value, each.low, each.high] == pytest.approx(said, rel=1e-12)
        assert each.evidence == evidence
        assert row["note"] in each.note
        assert list(each.sources) == row["source"].split()
