import json
from collections.abc import Callable
from typing import Any

import pytest
from mtorules.cli.commands.conditions import KINDS
from mtorules.models.perturbations import conditions

Call = Callable[..., Any]


def test_the_kinds_offered_are_the_kinds_there_are() -> None:
    assert tuple(conditions.SORTS) == KINDS


def test_the_list_names_every_condition_with_a_line(mtorules: Call) -> None:
    done = mtorules("conditions")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == list(conditions.table())


def test_the_list_can_be_narrowed(mtorules: Call) -> None:
    lines = mtorules("conditions", "--kind", "genotype", "--search", "lost").out.splitlines()
    assert {"PTEN_null", "TSC2_null", "TSC2_het"} <= {line.split()[0] for line in lines}
    assert all(line.split()[1] == "genotype" for line in lines)


def test_a_model_gets_only_what_it_can_take(mtorules: Call) -> None:
    listed = json.loads(mtorules("conditions", "--model", "rapamycin", "--json").out)
    names = {entry["name"] for entry in listed}
    assert {"FKBP1A_null", "everolimus", "boundless_medium"} <= names
    assert not {"PTEN_null", "GF0", "Torin1"} & names


def test_a_condition_shows_its_values_beside_the_reference(mtorules: Call) -> None:
    done = mtorules("conditions", "pten-null")
    assert done.out.splitlines()[0] == "PTEN_null (genotype): PTEN lost"
    assert done.out.splitlines()[1].split()[:5] == [
        *("PTEN_0", "0", "nM", "reference"),
        f"{conditions.reference()['PTEN_0'].value:g}",
    ]


def test_a_compound_shows_its_class_dose_and_sources(mtorules: Call) -> None:
    out = mtorules("conditions", "RAD001").out
    assert "rapalog" in out
    assert "as RAPA in the medium, 20 nM" in out
    assert "Schuler 1997 Transplantation; remembered" in out


def test_conditions_together(mtorules: Call) -> None:
    shown = json.loads(mtorules("conditions", "PTEN_null", "GF0", "--json").out)
    assert [each["name"] for each in shown["conditions"]] == ["PTEN_null", "GF0"]
    assert shown["values"] == conditions.values("PTEN_null", "GF0")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["FED", "GF0"], "'GF0' and 'FED' both set 'IGF1_0', to 0 and 2; they cannot be combined."),
        (["PTEN_nul"], "no condition called 'PTEN_nul'. Did you mean 'PTEN_null'"),
        (["PTEN_null", "--model", "translation"], "'insulin_mtor' and 'signalling' can."),
        (["paclitaxel"], "paclitaxel acts on tubulin, which no model holds"),
        (["--model", "signaling"], "Did you mean 'signalling'?"),
        (["--kind", "genom"], "'genom' is not one of"),
    ],
)
def test_wrong_usage_gets_one_message(mtorules: Call, arguments: list[str], message: str) -> None:
    done = mtorules("conditions", *arguments)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert len(done.err.splitlines()) == 1


def test_a_search_without_result_fails(mtorules: Call) -> None:
    done = mtorules("conditions", "--search", "unobtainium")
    assert done.status == 1
    assert "There is no such condition" in done.err
