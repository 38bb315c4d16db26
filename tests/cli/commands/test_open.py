import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


@pytest.fixture
def archive(mtorules: Call, binding: Path, tmp_path: Path) -> Path:
    path = tmp_path / "a.omex"
    done = mtorules("share", binding, "--until", "1 min", "--points", "2", "-q", "-o", path)
    assert done.status == 0
    return path


def test_a_list_runs_nothing(
    mtorules: Call, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    done = mtorules("open", archive, "--list")
    assert done.status == 0
    assert "experiments/experiment.sedml  sed-ml" in done.out
    assert set(tmp_path.iterdir()) == before


def test_results_go_to_a_folder_of_the_files_name(
    mtorules: Call, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = mtorules("open", archive, "--json")
    told = json.loads(done.out)
    (experiment,) = told["experiments"].values()
    assert experiment["files"][0] == "a/experiment_report.csv"
    assert (tmp_path / "a" / "experiment_report.csv").exists()


def test_what_is_not_done_is_named_with_status_1(
    mtorules: Call, archive: Path, tmp_path: Path
) -> None:
    other = tmp_path / "b.omex"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"KISAO:0000019", b"KISAO:0000437"))
    done = mtorules("open", other, "--output", tmp_path / "out", "--quiet")
    assert done.status == 1
    assert "not done" in done.err
    assert "KISAO:0000437" in done.err
    assert not list((tmp_path / "out").glob("*.csv"))


def test_bad_input_is_told(mtorules: Call, archive: Path, tmp_path: Path) -> None:
    assert mtorules("open", tmp_path / "none.omex").status == 2
    done = mtorules("open", archive, "--experiment", "x.sedml")
    assert done.status == 2
    assert "experiments/experiment.sedml" in done.err
    broken = tmp_path / "broken.omex"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:200] if name.endswith(".sedml") else content)
    done = mtorules("open", broken, "--output", tmp_path / "out")
    assert done.status == 1
    assert "cut short" in done.err
    (tmp_path / "text.omex").write_text("no zip")
    assert "no zip file" in mtorules("open", tmp_path / "text.omex").err
