import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtorules.cli.commands.init import FILES

Call = Callable[..., Any]


def test_a_new_project_passes_its_own_tests(mtorules: Call, tmp_path: Path) -> None:
    done = mtorules("init", tmp_path / "deep" / "my-kinase")
    assert done.status == 0, done.err
    folder = tmp_path / "deep" / "my-kinase"
    made = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert made == {name.replace("NAME", "my_kinase") for name in FILES.values()}
    assert [path.name for path in folder.parent.iterdir()] == ["my-kinase"]
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout
    assert "6 passed" in ran.stdout


def test_its_tests_can_fail(mtorules: Call, tmp_path: Path) -> None:
    """A project whose numbers are other than its claims say is told so."""
    assert mtorules("init", tmp_path / "a").status == 0
    table = tmp_path / "a" / "a.csv"
    row = "kr_DRUG_binds_TARGET,0.01,1/s,0.001,0.1"
    assert row in table.read_text()
    table.write_text(table.read_text().replace(row, "kr_DRUG_binds_TARGET,10,1/s,0.001,10"))
    words = ["--file", tmp_path / "a" / "claims.yaml", "--model", tmp_path / "a" / "a.py"]
    done = mtorules("claims", *words)
    assert done.status == 1
    assert "FAIL  drug-turns-the-target-off" in done.out


def test_the_makefile_runs_its_targets(mtorules: Call, tmp_path: Path) -> None:
    assert mtorules("init", tmp_path / "p", "--name", "kin").status == 0
    us = f"{sys.executable} -c 'from mtorules.cli.main import main; raise SystemExit(main())'"
    ran = subprocess.run(
        ["make", f"MTORULES={us}", "network", "sbml", "build/course.csv", "claims"],
        cwd=tmp_path / "p",
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    made = sorted(path.name for path in (tmp_path / "p" / "build").iterdir())
    assert made == ["course.csv", "course.svg", "kin.net", "kin.xml"]


def test_nothing_is_written_over(mtorules: Call, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = mtorules("init", tmp_path)
    assert done.status == 2
    assert "is not empty" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["2nd", "a b", "class", "", "x" * 51, "naïve", "../x"])
def test_a_name_that_no_model_can_have_is_refused(
    mtorules: Call, tmp_path: Path, name: str
) -> None:
    done = mtorules("init", tmp_path / "new", "--name", name)
    assert done.status == 2
    assert "--name" in done.err
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_taken(mtorules: Call, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert mtorules("init", tmp_path / "empty").status == 0
    assert (tmp_path / "empty" / "empty.py").is_file()
