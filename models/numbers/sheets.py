"""Tables as people save them: comma-separated text, and what is said of other files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class SheetError(ValueError):
    """A file that holds no text; the message names it and the line."""


def text(path: Path) -> str:
    """Return what a file holds, without a byte order mark.

    Raises
    ------
    OSError
        If it cannot be read.
    SheetError
        If it is no text in UTF-8, or holds what no table does.
    """
    content = path.read_bytes()
    try:
        found = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SheetError(
            f"{path.name}:{line}: this is no text in UTF-8; save the table as CSV in UTF-8."
        ) from None
    if "\0" in found:
        line = found.count("\n", 0, found.index("\0")) + 1
        raise SheetError(f"{path.name}:{line}: there is a character that belongs into no text.")
    return found


def parted(columns: Sequence[str]) -> str:
    """Return what to say of a first line whose cells are not parted by commas; else nothing."""
    if columns and columns[0].strip().lower() == "sep=":
        return " Take out the line that begins with 'sep='."
    if any(mark in column for column in columns for mark in ";\t|"):
        return " Cells are parted by commas; save the table as comma-separated."
    return ""
