"""The table of statements in docs/model.md, from docs/statements.csv and the claims.

    python docs/statements.py docs/model.md

The reviews make 219 statements that can be asked of a model. Those in the table were wrong in the
model once, had no effect, or were not there. What shows each today is a claim, which holds or says
in its entry why it fails, or a test.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mtorules.analysis.claims import reading

HERE = Path(__file__).parent
_PLACE = re.compile(r"(<!-- statements -->\n).*?(<!-- end of statements -->)", re.DOTALL)


def rows() -> list[dict[str, str]]:
    """Return the rows of the table as they are written."""
    with (HERE / "statements.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def shown(row: dict[str, str]) -> list[str]:
    """Return the claims and tests that show a statement."""
    return [name.strip() for name in row["shown_by"].split(";") if name.strip()]


def table() -> str:
    """Return the table in Markdown."""
    fails = {c.id: c.fails for c in reading.read([reading.FOLDER, reading.CELL])}

    def told(names: list[str]) -> Iterator[str]:
        for name in names:
            if "::" in name:
                yield f"test {name.rpartition('::')[2]}"
            else:
                yield f"`{name}` {'fails' if fails[name] else 'holds'}"

    lines = ["| | statement | was | shown by | remark |", "|---|---|---|---|---|"]
    for row in rows():
        cells = row["number"], row["statement"], row["was"], ", ".join(told(shown(row)))
        lines.append(f"| {' | '.join(cells)} | {row['remark']} |")
    return "\n".join(lines)


def fill(page: str) -> str:
    """Return a page with the table in it made anew."""
    return _PLACE.sub(lambda place: f"{place[1]}\n{table()}\n\n{place[2]}", page)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(fill(path.read_text(encoding="utf-8")), encoding="utf-8")
