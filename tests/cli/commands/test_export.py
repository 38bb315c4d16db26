import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libsbml
import pytest
from mtorules.cli.commands import export
from mtorules.cli.main import main
from mtorules.export.sbml import writer

Call = Callable[..., Any]


def read(text: str) -> libsbml.SBMLDocument:
    document = libsbml.readSBMLFromString(text)
    assert document.getNumErrors(libsbml.LIBSBML_SEV_ERROR) == 0
    return document


def test_the_levels_offered_are_those_that_exist() -> None:
    assert tuple(writer.LEVELS) == export.LEVELS


def test_sbml_goes_to_standard_output(mtorules: Call, binding: Path) -> None:
    done = mtorules("export", binding)
    assert done.status == 0
    document = read(done.out)
    assert (document.getLevel(), document.getVersion()) == (3, 2)
    model = document.getModel()
    assert (model.getNumSpecies(), model.getNumReactions()) == (3, 1)
    assert model.getReaction(0).getReversible()


@pytest.mark.parametrize("level", export.LEVELS)
def test_each_level_is_what_it_says(mtorules: Call, binding: Path, level: str) -> None:
    document = read(mtorules("export", binding, "--level", level).out)
    assert f"{document.getLevel()}.{document.getVersion()}" == level


def test_irreversible_splits_the_pair(mtorules: Call, binding: Path) -> None:
    model = read(mtorules("export", binding, "--irreversible").out).getModel()
    assert model.getNumReactions() == 2
    assert not any(reaction.getReversible() for reaction in model.getListOfReactions())


def test_the_file_is_what_standard_output_shows(
    mtorules: Call, binding: Path, tmp_path: Path
) -> None:
    done = mtorules("export", binding, "--output", tmp_path / "b.xml", "--format", "sbml")
    assert done.status == 0
    assert done.out == ""
    assert (tmp_path / "b.xml").read_text(encoding="utf-8") == mtorules("export", binding).out


def test_what_is_lost_is_said_on_standard_error(mtorules: Call, binding: Path) -> None:
    done = mtorules("export", binding, "--level", "2.4")
    assert "lost at SBML 2.4" in done.err
    assert mtorules("export", binding, "--level", "2.4", "--quiet").err == ""


def test_what_is_renamed_is_said_on_standard_error(mtorules: Call, tmp_path: Path) -> None:
    path = tmp_path / "clash.bngl"
    path.write_text(
        "begin parameters\n  time_ 1\n  lambda 2\nend parameters\n"
        "begin species\n  A() 1\nend species\n"
        "begin reaction rules\n  lambda_: A() -> 0 lambda\nend reaction rules\n"
    )
    done = mtorules("export", path)
    assert "'lambda' is written as" in done.err
    assert done.status == 0


def test_the_report_as_json(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    done = mtorules("export", binding, "--level", "2.4", "--json", "-o", tmp_path / "b.xml")
    report = json.loads(done.out)
    assert report["level"] == "2.4"
    assert len(report["lost"]) == len(writer.LEVELS["2.4"].lost)
    assert Path(report["output"]).exists()


def test_the_report_as_json_needs_a_file(mtorules: Call, binding: Path) -> None:
    done = mtorules("export", binding, "--json")
    assert done.status == 2
    assert "--output" in done.err
    assert done.out == ""


def test_many_renamings_of_one_kind_are_one_line(mtorules: Call, tmp_path: Path) -> None:
    values = "\n".join(f"  A{n} 1" for n in range(9))
    seeds = "\n".join(f"  A{n}() 1" for n in range(9))
    path = tmp_path / "clash.bngl"
    path.write_text(
        f"begin parameters\n{values}\nend parameters\nbegin species\n{seeds}\nend species\n"
        "begin reaction rules\n  off: A0() -> 0 1\nend reaction rules\n"
    )
    first, *rest = mtorules("export", path).err.splitlines()
    assert first == (
        "9 species names are written otherwise, as 'A0' is as 'A0_': the name belongs to a "
        "parameter. --verbose names them all."
    )
    named = mtorules("export", path, "--verbose").err.splitlines()
    assert len(named) == 9 + len(rest)
    assert all(line.startswith(f"species 'A{n}' is written") for n, line in enumerate(named[:9]))
    told = json.loads(mtorules("export", path, "--json", "-o", tmp_path / "a.xml").out)
    assert len(told["renamed"]) == 9


@pytest.mark.parametrize("words", [[], ["--quiet"]])
def test_a_network_that_is_not_what_the_rules_say_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    path = Path(__file__).parents[2] / "constructs" / "total_rate.bngl"
    assert main(["export", str(path), "--output", str(tmp_path / "model.xml"), *words]) == 0
    assert capsys.readouterr().err.count("do not know total rates") == 1


def test_ranges_are_said_where_level_3_has_room(mtorules: Call) -> None:
    text = mtorules("export", "rapamycin", "--ranges").out
    assert "distrib:uncertSpan" in text
    assert "distrib" not in mtorules("export", "rapamycin").out
    done = mtorules("export", "rapamycin", "--ranges", "--level", "2.4")
    assert (done.status, done.out) == (2, "")
    assert "--ranges needs Level 3" in done.err


def test_a_layout_is_said_where_level_3_has_room(mtorules: Call) -> None:
    assert "layout:speciesGlyph" in mtorules("export", "rapamycin", "--layout").out
    assert "layout:" not in mtorules("export", "rapamycin").out
    done = mtorules("export", "rapamycin", "--layout", "--level", "2.5")
    assert (done.status, done.out) == (2, "")
    assert "--layout needs Level 3" in done.err


def test_what_a_format_cannot_do_is_wrong_usage(
    mtorules: Call, binding: Path, tmp_path: Path
) -> None:
    for arguments, message in (
        (["--format", "csv"], "csv is no text, so it needs --output"),
        (
            ["--format", "python", "--kind", "influence"],
            "--kind influence is of graphml, cx2, sbgn",
        ),
        (["--format", "sbgn", "--kind", "contact"], "of sbgn, it shows reactions or influence"),
        (["--format", "pysb", "--ranges"], "--ranges is of SBML"),
        (["--format", "sbgn", "--layout"], "--layout is of SBML"),
        (["--format", "sbgn", "--kind", "nothing"], "'contact', 'influence', 'reactions'"),
    ):
        done = mtorules("export", binding, *arguments)
        assert (done.status, done.out) == (2, ""), arguments
        assert message in " ".join(done.err.split()), done.err


def test_a_kind_of_graph_can_be_chosen(mtorules: Call, tmp_path: Path) -> None:
    path = tmp_path / "model.sbgn"
    done = mtorules("export", "rapamycin", "--kind", "influence", "--output", path)
    assert done.status == 0, done.err
    assert "sbgn.af" in path.read_text(encoding="utf-8")


def test_what_a_format_cannot_hold_leaves_no_file(mtorules: Call, tmp_path: Path) -> None:
    done = mtorules("export", "rapamycin", "--output", tmp_path / "model.ka")
    assert done.status == 1
    assert "kappa cannot hold this model: Kappa has no compartments" in done.err
    assert not list(tmp_path.iterdir())
