from pathlib import Path

import pytest
from mtorules.network.files import replacing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    with replacing(target) as scratch:
        scratch.write_text("half")
        assert not target.exists()
        assert scratch.suffix == ".csv"
        scratch.write_text("whole")
    assert target.read_text(encoding="utf-8") == "whole"
    assert names(tmp_path) == ["result.csv"]


def test_a_file_that_failed_leaves_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "result.csv"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as scratch:
        scratch.write_text("half")
        raise RuntimeError
    assert target.read_text(encoding="utf-8") == "old"
    assert names(tmp_path) == ["result.csv"]
