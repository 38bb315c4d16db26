import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


def shared(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_a_model_of_ones_own_is_shared_and_opened(
    mtorules: Call, binding: Path, tmp_path: Path
) -> None:
    """A and B bind; what comes back is what `simulate` says."""
    archive = tmp_path / "mine.omex"
    words = ("--until", "20 min", "--points", "4", "--set", "kf=2e-3 @ 10 min")
    done = mtorules("share", binding, *words, "--output", archive)
    assert done.status == 0
    assert "experiments/experiment.sedml" in done.out
    assert shared(archive, "model.bngl").count("A(b) + B(a) <-> ") == 1
    opened = mtorules("open", archive, "--output", tmp_path / "out")
    assert opened.status == 0
    assert opened.err == ""
    theirs = (tmp_path / "out" / "experiment_report.csv").read_text().splitlines()
    ours = mtorules("simulate", binding, *words, "--wide", "--quiet").out.splitlines()
    assert theirs[0] == ours[0]
    for line, other in zip(theirs[1:], ours[1:], strict=True):
        found, wanted = ([float(cell) for cell in each.split(",")] for each in (line, other))
        assert found == pytest.approx(wanted, rel=1e-6)


def test_sbml_of_others_is_shared_in_its_own_time(
    mtorules: Call, tmp_path: Path, antimony_sbml: Callable[[str], str]
) -> None:
    model = tmp_path / "theirs.xml"
    model.write_text(antimony_sbml("model m\nA = 4; J: A -> ; 0.5 * A\nend"))
    archive = tmp_path / "theirs.omex"
    done = mtorules("share", model, "--until", "2", "--points", "2", "-o", archive, "--json")
    assert done.status == 0
    assert "model.xml" in json.loads(done.out)["contents"]
    assert mtorules("open", archive, "--output", tmp_path / "out").status == 0
    last = (tmp_path / "out" / "experiment_report.csv").read_text().splitlines()[-1]
    assert [float(cell) for cell in last.split(",")] == pytest.approx(
        [2.0, 4 * 2.718281828459045**-1]
    )


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--until", "0 s"), "nothing happens"),
        (("--until", "x"), "--until"),
        (("--observable", "AC"), "no observable 'AC'"),
        (("--dose", "A(b)=5 nM"), "does not say in which unit"),
        (("--set", "kf"), "sets no value"),
    ],
)
def test_wrong_words_leave_nothing_behind(
    mtorules: Call, binding: Path, tmp_path: Path, words: tuple[str, str], why: str
) -> None:
    done = mtorules("share", binding, *words, "--output", tmp_path / "x.omex")
    assert done.status == 2
    assert why in done.err
    assert not (tmp_path / "x.omex").exists()


def test_an_archive_ends_in_omex(mtorules: Call, binding: Path, tmp_path: Path) -> None:
    done = mtorules("share", binding, "--output", tmp_path / "x.zip")
    assert done.status == 2
    assert ".omex" in done.err
