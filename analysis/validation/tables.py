"""Small tables as CSV: their cells by column, and where each row stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from ...models.numbers import sheets
from ...models.numbers.sheets import SheetError


class TargetError(ValueError):
    """A table with faults, or targets that do not fit the model; the message names each."""


# So many faults are listed.
_TOLD = 12


def read(path: Path, columns: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
    """Return the rows of a CSV file, each with its place.

    Parameters
    ----------
    path : Path
        The file.
    columns : sequence of str
        What its first line holds, in any order.

    Raises
    ------
    TargetError
        If it cannot be read, has other columns, or rows with more or fewer cells.
    """
    try:
        text = sheets.text(path)
    except SheetError as error:
        raise TargetError(str(error)) from None
    except OSError as error:
        raise TargetError(f"{path.name} cannot be read: {error.strerror}.") from None
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    faults: list[str] = []
    rows: list[tuple[str, dict[str, str]]] = []
    try:
        found = [name.strip() for name in reader.fieldnames or ()]
        reader.fieldnames = found
        if sorted(found) != sorted(columns):
            raise TargetError(f"{path.name}:1: {_differing(found, columns)}")
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                faults.append(f"{where}: {len(found)} cells were expected.")
            else:
                rows.append((where, {name: cell.strip() for name, cell in row.items()}))
    except csv.Error as error:
        raise TargetError(
            f"{path.name}:{reader.reader.line_num}: this is no CSV; {error}."
        ) from None
    refuse(faults)
    return rows


def _differing(found: Sequence[str], columns: Sequence[str]) -> str:
    parts = []
    for text, names in (
        ("missing", [name for name in columns if name not in found]),
        ("unknown", [name[:40] for name in found if name not in columns]),
        ("twice", sorted({name for name in found if found.count(name) > 1})),
    ):
        if names:
            parts.append(f"{text}: {', '.join(map(repr, names))}")
    said = f"the columns are not {', '.join(columns)} ({'; '.join(parts)})."
    return f"{said}{sheets.parted(found)}"


def refuse(faults: Sequence[str]) -> None:
    """Raise one error of all faults, if there are any."""
    if faults:
        more = f"\n... and {len(faults) - _TOLD} more." if len(faults) > _TOLD else ""
        raise TargetError("\n".join(faults[:_TOLD]) + more)
