import json
from pathlib import Path

import click
import pytest
from mtorules.cli.output import OutputFolder, OutputPath, print_json, table


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "is a folder; name a file"),
        ("missing/result.csv", "there is no folder"),
        ("file.txt/result.csv", "is not a folder"),
        ("result.xlsx", "does not end in .csv or .nc"),
        ("result", "does not end in .csv or .nc"),
        ("/proc/result.csv", "cannot write '/proc/result.csv': "),
        ("loop.csv", "cannot write"),
        ("dangling.csv", "there is no folder"),
        ("a" * 300 + ".csv", "File name too long"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file.txt").touch()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "dangling.csv").symlink_to("missing/result.csv")
    with pytest.raises(click.BadParameter) as caught:
        OutputPath(".csv", ".nc").convert(str(tmp_path / name), None, None)
    assert message in caught.value.message
    assert names(tmp_path) == ["dangling.csv", "file.txt", "loop.csv"]


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
        ("a" * 300, "File name too long"),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file.txt").touch()
    with pytest.raises(click.BadParameter) as caught:
        OutputFolder().convert(str(tmp_path / name), None, None)
    assert message in caught.value.message


@pytest.mark.parametrize("kind", [OutputPath(".csv"), OutputPath(), OutputFolder()])
def test_no_name_at_all_is_refused(kind: click.ParamType) -> None:
    """As that of a shell's variable that is not set; it would be the folder one is in."""
    with pytest.raises(click.BadParameter, match="is empty"):
        kind.convert("", None, None)


@pytest.mark.parametrize("name", [".", "new", "new/deep"])
def test_a_folder_that_can_be_made_is_not_made_yet(tmp_path: Path, name: str) -> None:
    assert OutputFolder().convert(str(tmp_path / name), None, None) == tmp_path / name
    assert not names(tmp_path)


def test_a_table_has_straight_columns_and_no_trailing_blanks() -> None:
    assert table([["a", "bcd", "x"], ["abc", "", ""]]) == "a    bcd  x\nabc"


def test_an_empty_table_is_empty() -> None:
    assert table([]) == ""


def test_json_has_null_for_what_is_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    data = {"a": [float("nan"), 1.5], "b": {"c": (float("-inf"), "µ")}}
    print_json(data)
    assert json.loads(capsys.readouterr().out) == {"a": [None, 1.5], "b": {"c": [None, "µ"]}}
