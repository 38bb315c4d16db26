import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mtorules.models
import pytest
from mtorules.models import catalogue

Call = Callable[..., Any]

MODELS = Path(mtorules.models.__file__).parent


def table(*parts: str) -> dict[str, dict[str, str]]:
    with MODELS.joinpath(*parts).open(newline="", encoding="utf-8") as file:
        return {row.get("name") or row["id"]: row for row in csv.DictReader(file)}


def line_of(text: str, name: str) -> str:
    (line,) = (line for line in text.splitlines() if line.startswith(f"  {name} "))
    return line


def test_the_table_names_everything_in_the_model(mtorules: Call) -> None:
    done = mtorules("models", "rapamycin", "--provenance")
    assert (done.status, done.err) == (0, "")
    model = catalogue.build("rapamycin")
    for component in (*model.monomers, *model.rules, *model.parameters, *model.expressions):
        assert line_of(done.out, component.name)
    assert "lacks" not in done.out


def test_a_line_says_value_unit_range_evidence_source_and_note(mtorules: Call) -> None:
    out = mtorules("models", "rapamycin", "--provenance").out
    row = table("pathways", "complexes", "mtorc1.csv")["RPTOR_0"]
    line = line_of(out, "RPTOR_0")
    for column in ("value", "unit", "evidence", "source", "note"):
        assert row[column] in line
    assert f"{row['low']} to {row['high']}" in line
    cited = table("numbers", "evidence.csv")[row["source"]]
    assert cited["citation"] in line_of(out, row["source"])
    assert cited["identifier"] in line_of(out, row["source"])
    identifiers = table("numbers", "molecules.csv")["MTOR"]["identifiers"]
    assert identifiers in line_of(out, "MTOR")
    assert "= MTOR_0*V_cell" in line_of(out, "MTOR_seed")


def test_an_identifier_that_nobody_looked_up_says_so(mtorules: Call) -> None:
    out = mtorules("models", "signalling", "--provenance").out
    sources = out[out.index("Sources (") :]
    rows = table("numbers", "evidence.csv")
    shown = {line.split()[0]: line for line in sources.splitlines()[1:]}
    assert len(shown) > 100
    for name, line in shown.items():
        assert rows[name]["identifier"] in line
        assert ("(not looked up)" in line) == (rows[name]["checked"] == "no"), name


def test_the_same_as_json(mtorules: Call) -> None:
    data = json.loads(mtorules("models", "rapamycin", "--provenance", "--json").out)
    assert data["name"] == "rapamycin"
    model = catalogue.build("rapamycin")
    assert [each["name"] for each in data["monomers"]] == list(model.monomers.keys())
    assert [each["name"] for each in data["rules"]] == list(model.rules.keys())
    values = {each["name"]: each["value"] for each in data["parameters"]}
    assert values == {
        **{parameter.name: parameter.value for parameter in model.parameters},
        **dict.fromkeys(model.expressions.keys()),
    }
    assert all(not each["gaps"] for each in data["parameters"])
    assert {"KD_FRB_RAPA"} <= {each["id"] for each in data["sources"]}


def test_no_network_is_needed(mtorules: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")  # so that Perl cannot be found
    assert mtorules("models", "rapamycin", "--provenance").status == 0


def test_gaps_are_all_that_is_listed(mtorules: Call, in_python: Path) -> None:
    out = mtorules("models", in_python, "--gaps").out
    assert line_of(out, "A").endswith("lacks identifier, full name")
    assert line_of(out, "decay").endswith("lacks reference")
    assert line_of(out, "k").endswith("lacks unit, range, evidence, source")
    data = json.loads(mtorules("models", in_python, "--gaps", "--json").out)
    assert [each["name"] for each in data["parameters"]] == ["A_0", "k"]


def test_no_gaps_are_said_to_be_none(mtorules: Call) -> None:
    done = mtorules("models", "rapamycin", "--gaps")
    assert (done.status, done.out) == (0, "")
    assert done.err == "Nothing in rapamycin lacks its provenance.\n"
    assert mtorules("models", "rapamycin", "--gaps", "--quiet").err == ""
    data = json.loads(mtorules("models", "rapamycin", "--gaps", "--json").out)
    assert (data["monomers"], data["rules"], data["parameters"]) == ([], [], [])


@pytest.mark.parametrize("option", ["--provenance", "--gaps"])
def test_it_takes_one_model_that_can_have_provenance(
    mtorules: Call, binding: Path, option: str
) -> None:
    done = mtorules("models", option)
    assert (done.status, done.out) == (2, "")
    assert f"{option} needs a MODEL; there are {', '.join(catalogue.names())}." in done.err
    done = mtorules("models", binding, option)
    assert (done.status, done.out) == (2, "")
    assert "is BNGL, which has no room for" in done.err
