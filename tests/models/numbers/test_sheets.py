"""Tables as spreadsheets save them, some of which are no comma-separated text."""

from __future__ import annotations

from pathlib import Path

import pytest
from mtorules.models.numbers import sheets
from mtorules.models.numbers.sheets import SheetError


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes("\ufeffa,b\nµ,2\n".encode())
    assert sheets.text(path) == "a,b\nµ,2\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a\nb\nµ\n".encode("latin-1"), "table.csv:3: this is no text in UTF-8"),
        (b"a,b\n1,mi\0ne\n", "table.csv:2: there is a character"),
    ],
)
def test_what_is_no_text_is_told_with_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(SheetError, match=said):
        sheets.text(path)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["name;value"], "parted by commas"),
        (["name\tvalue"], "parted by commas"),
        (["name", "value;unit"], "parted by commas"),
        (["sep=", ""], "begins with 'sep='"),
        (["sep=;"], "parted by commas"),
    ],
)
def test_another_mark_between_cells_is_named(columns: list[str], said: str) -> None:
    assert said in sheets.parted(columns)
    assert sheets.parted(["name", "value"]) == sheets.parted([]) == ""
