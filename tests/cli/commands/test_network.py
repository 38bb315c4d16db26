import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.cli.main import main
from mtorules.network.bionetgen import netfile

Call = Callable[..., Any]


def test_it_counts_species_and_reactions(mtorules: Call, binding: Path) -> None:
    done = mtorules("network", binding)
    assert done.status == 0
    assert done.err == ""
    counts = dict(line.split() for line in done.out.splitlines())
    assert (counts["species"], counts["reactions"], counts["rules"]) == ("3", "2", "1")


def test_json_is_all_there_is_on_standard_output(mtorules: Call, binding: Path) -> None:
    counts = json.loads(mtorules("network", binding, "--json").out)
    assert (counts["name"], counts["species"], counts["observables"]) == ("binding", 3, 2)


def test_a_python_file_and_a_module_are_models(mtorules: Call, in_python: Path) -> None:
    assert json.loads(mtorules("network", in_python, "--json").out)["species"] == 1
    module = mtorules("network", "pysb.examples.robertson", "--json")
    assert json.loads(module.out)["species"] == 3
    attribute = mtorules("network", "pysb.examples.robertson:model", "--json")
    assert json.loads(attribute.out)["species"] == 3


def test_the_net_file_holds_the_network(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    done = mtorules("network", binding, "--output", tmp_path / "b.net")
    assert done.status == 0
    read = netfile.read((tmp_path / "b.net").read_text(encoding="utf-8"))
    assert [species.pattern for species in read.species] == ["A(b)", "B(a)", "A(b!1).B(a!1)"]
    assert len(read.reactions) == 2


def test_the_json_file_holds_the_network(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    assert mtorules("network", binding, "--output", tmp_path / "b.json").status == 0
    data = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert [species["pattern"] for species in data["species"]][2] == "A(b!1).B(a!1)"


def test_the_bngl_file_gives_the_same_network(
    mtorules: Call, in_python: Path, tmp_path: Path
) -> None:
    assert mtorules("network", in_python, "--output", tmp_path / "again.bngl").status == 0
    again = json.loads(mtorules("network", tmp_path / "again.bngl", "--json").out)
    assert (again["species"], again["reactions"], again["observables"]) == (1, 1, 1)


def test_a_file_that_is_there_is_replaced(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    target = tmp_path / "b.net"
    target.write_text("old")
    assert mtorules("network", binding, "--output", target).status == 0
    assert "begin species" in target.read_text(encoding="utf-8")


def test_a_model_that_fails_leaves_the_old_file(mtorules: Call, tmp_path: Path) -> None:
    (tmp_path / "bad.bngl").write_text("begin model\nbegin parameters\n  k 1 1 1\n")
    target = tmp_path / "b.net"
    target.write_text("old")
    done = mtorules("network", tmp_path / "bad.bngl", "--output", target)
    assert done.status == 1
    assert "bad.bngl" in done.err
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.net", "bad.bngl"]


@pytest.mark.parametrize("suffix", [".txt", ".xml", ""])
def test_a_format_it_does_not_know(mtorules: Call, binding: Path, suffix: str) -> None:
    done = mtorules("network", binding, "--output", binding.with_suffix(suffix))
    assert done.status == 2
    assert ".net or .bngl or .json" in done.err


POLYMER = """begin model
begin parameters
  k 1
end parameters
begin molecule types
  A(l,r)
end molecule types
begin seed species
  A(l,r) 10
end seed species
begin reaction rules
  grow: A(l) + A(r) <-> A(l!1).A(r!1) k,k
end reaction rules
end model
"""


def test_an_endless_network_is_bounded_by_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "polymer.bngl"
    path.write_text(POLYMER)
    assert main(["network", str(path), "--max-stoich", "A=3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["species"] == 3
    for words, status, said in (
        (["--max-species", "5"], 1, "rule 'grow' made most of it"),
        (["--limit", "1 s"], 1, "was not ready after 1 s"),
        (["--limit", "1 nM"], 2, "is a concentration, not a time"),
        (["--limit", "0 s"], 2, "a time between 0 and 1e+06 s is wanted"),
        (["--max-stoich", "A"], 2, "is no molecule type with a number"),
        (["--max-stoich", "B=2"], 1, "max_stoich names 'B', which is no molecule type"),
    ):
        assert main(["network", str(path), *words]) == status
        assert said in capsys.readouterr().err
