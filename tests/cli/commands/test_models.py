import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.models import catalogue

Call = Callable[..., Any]


def test_the_list_names_every_model_with_a_line(mtorules: Call) -> None:
    done = mtorules("models")
    assert done.status == 0
    assert done.err == ""
    lines = done.out.splitlines()
    assert len(lines) == len(catalogue.names())
    for name, line in zip(catalogue.names(), lines, strict=True):
        assert line.startswith(f"{name} ")
        assert line.endswith(catalogue.entry(name).summary)


def test_the_list_as_json(mtorules: Call) -> None:
    listed = json.loads(mtorules("models", "--json").out)
    assert [entry["name"] for entry in listed] == list(catalogue.names())


def test_the_list_with_sizes_counts_what_each_model_has(mtorules: Call) -> None:
    listed = json.loads(mtorules("models", "--size", "--json").out)
    lines = mtorules("models", "--size").out.splitlines()
    for entry, line in zip(listed, lines, strict=True):
        model = catalogue.build(entry["name"])
        assert (entry["monomers"], entry["rules"]) == (len(model.monomers), len(model.rules))
        assert entry["species"] >= len(model.monomers)
        assert entry["reactions"] >= len(model.rules)
        for what in ("monomers", "rules", "species", "reactions"):
            assert f" {entry[what]:,} {what} " in line


def test_one_model_shows_what_is_in_it(mtorules: Call) -> None:
    done = mtorules("models", "rapamycin")
    assert done.status == 0
    model = catalogue.build("rapamycin")
    for component in (*model.monomers, *model.rules, *model.parameters, *model.observables):
        assert component.name in done.out
    assert "uniprot:P42345" in done.out  # mTOR
    assert "1/(nM*s)" in done.out


def test_one_model_as_json_counts_what_pysb_counts(mtorules: Call) -> None:
    shown = json.loads(mtorules("models", "rapamycin", "--json").out)
    model = catalogue.build("rapamycin")
    assert {m["name"] for m in shown["monomers"]} == set(model.monomers.keys())
    assert {r["name"] for r in shown["rules"]} == set(model.rules.keys())
    assert {p.name for p in model.parameters} <= {p["name"] for p in shown["parameters"]}
    values = {p["name"]: p["value"] for p in shown["parameters"]}
    for parameter in model.parameters:
        assert values[parameter.name] == pytest.approx(parameter.value, rel=1e-12)


def test_a_file_is_shown_as_well(mtorules: Call, binding: Path) -> None:
    shown = json.loads(mtorules("models", binding, "--json").out)
    assert shown["species"] == 3
    assert shown["reactions"] == 2
    assert [m["name"] for m in shown["monomers"]] == ["A", "B"]
    assert "bind" in mtorules("models", binding).out


def test_an_unknown_name_gets_the_nearest(mtorules: Call) -> None:
    done = mtorules("models", "rapamicyn")
    assert done.status == 2
    assert done.out == ""
    assert "Did you mean 'rapamycin'?" in done.err
