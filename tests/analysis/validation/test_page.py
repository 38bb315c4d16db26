"""The tables of the page: those of data sets are as the files have them, scores as a run has."""

from pathlib import Path

import pytest
from mtorules.analysis.validation import page
from mtorules.analysis.validation.tables import TargetError

PAGE = Path(__file__).parents[3] / "docs" / "analyses" / "validation.md"


def test_the_page_tells_the_data_sets_that_ship() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page.fill(text) == text, "run python -m mtorules.analysis.validation.page"


def test_scores_come_from_a_run(tmp_path: Path) -> None:
    (tmp_path / "validation_by_line.csv").write_text("line,n,sign,rmse\nMCF7,1234,0.5,\n")
    found = page.fill("a\n<!-- table: line -->\nold\n<!-- end -->\nb", tmp_path)
    assert "| MCF7 | 1,234 | 50% |  |" in found
    assert "old" not in found


def test_what_all_rows_have_in_common_stands_below_a_table(tmp_path: Path) -> None:
    (tmp_path / "validation_by_line.csv").write_text(
        "line,n,changed,rmse\nA,1234,5,1\nB,1234,6,1\n"
    )
    found = page.fill("<!-- table: line -->\n<!-- end -->", tmp_path)
    assert "| line | changed | rmse |" in found
    assert "| A | 5 | 1.00 |\n| B | 6 | 1.00 |\n\nIn every row: 1,234 targets." in found


def test_figures_of_a_run_are_put_where_the_page_looks_for_them(tmp_path: Path) -> None:
    page_at = tmp_path / "docs" / "analyses" / "page.md"
    page_at.parent.mkdir(parents=True)
    page_at.write_text("![One](../figures/one.svg)\n\n![Two](../figures/two.png)\n")
    results = tmp_path / "results"
    results.mkdir()
    (results / "one.svg").write_text("<svg/>")
    assert page.main([str(page_at), str(results)]) == 2
    assert not (tmp_path / "docs" / "figures").exists()
    (results / "two.png").write_bytes(b"two")
    assert page.main([str(page_at), str(results)]) == 0
    assert (tmp_path / "docs" / "figures" / "one.svg").read_text() == "<svg/>"
    assert (tmp_path / "docs" / "figures" / "two.png").read_bytes() == b"two"


def test_a_run_that_is_not_there_and_a_table_that_is_none_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(TargetError, match="make validate"):
        page.fill("<!-- table: scores -->\n<!-- end -->", tmp_path)
    with pytest.raises(TargetError, match="no table 'score'"):
        page.fill("<!-- table: score -->\n<!-- end -->")
    assert page.main([str(tmp_path / "nowhere.md")]) == 2
    assert page.main([]) == 2
    assert "nowhere.md" in capsys.readouterr().err
