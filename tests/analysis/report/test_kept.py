from pathlib import Path

import pytest
from mtorules.analysis.report import kept
from mtorules.analysis.report.kept import Kept


def test_what_is_kept_comes_back_for_the_same_question_alone(tmp_path: Path) -> None:
    part = Kept(kept.key("a", "b"), "mtorules", 1.0, "2020-01-01", {"said": ["x"]}, ["drawn"])
    assert kept.read(tmp_path, part.key) is None
    kept.write(tmp_path, part)
    assert kept.read(tmp_path, part.key) is None  # its figure is gone
    (tmp_path / "drawn.png").touch()
    assert kept.read(tmp_path, part.key) == part
    assert kept.key("ab", "") != part.key != kept.key("a", "c")
    assert kept.read(tmp_path, kept.key("a", "c")) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"key": "k"}', "null"])
def test_a_broken_record_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "part.json").write_text(text, encoding="utf-8")
    assert kept.read(tmp_path, "k") is None
