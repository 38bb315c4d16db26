from pathlib import Path

import click
import pytest
from mtorules.cli.output import OutputFolder, OutputPath, replacing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    with replacing(target) as scratch:
        scratch.write_text("half")
        assert not target.exists()
        assert scratch.suffix == ".csv"
        scratch.write_text("whole")
    assert target.read_text() == "whole"
    assert names(tmp_path) == ["result.csv"]


def test_a_file_that_failed_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as scratch:
        scratch.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert names(tmp_path) == ["result.csv"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is a folder; name a file"),
        ("missing/result.csv", "there is no folder"),
        ("file.txt/result.csv", "is not a folder"),
        ("result.xlsx", "does not end in .csv or .nc"),
        ("result", "does not end in .csv or .nc"),
        ("/proc/result.csv", "cannot write '/proc/result.csv': "),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(click.BadParameter) as caught:
        OutputPath(".csv", ".nc").convert(str(tmp_path / name), None, None)
    assert message in caught.value.message
    assert names(tmp_path) == ["file.txt"]


@pytest.mark.parametrize("name", ["result.csv", "RESULT.CSV", "result.nc"])
def test_a_file_that_can_be_written_is_not_made_yet(tmp_path: Path, name: str) -> None:
    assert OutputPath(".csv", ".nc").convert(str(tmp_path / name), None, None) == tmp_path / name
    assert not names(tmp_path)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("file.txt", "is a file; name a folder"),
        ("file.txt/below", "is not a folder"),
        ("/proc/below", "cannot write '/proc/below': "),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(click.BadParameter) as caught:
        OutputFolder().convert(str(tmp_path / name), None, None)
    assert message in caught.value.message


@pytest.mark.parametrize("name", [".", "new", "new/deep"])
def test_a_folder_that_can_be_made_is_not_made_yet(tmp_path: Path, name: str) -> None:
    assert OutputFolder().convert(str(tmp_path / name), None, None) == tmp_path / name
    assert not names(tmp_path)
