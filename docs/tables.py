"""Tables of pages that are filled from the repository: each between two comments that name it.

    python docs/tables.py docs/model.md docs/calibrate.md docs/uncertainty.md

``statements``: the reviews make 219 statements that can be asked of a model. Those in the table,
which are rows of ``docs/statements.csv``, were wrong in the model once, had no effect, or were not
there. What shows each today is a claim, which holds or says in its entry why it fails, or a test.

``ends``: parameters that the fit left at an end of their range, from its record.

``least certain``: claims that hold with the fitted set and in fewer than nine of ten of the sets
that fit as well, from their record.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from mtorules.analysis.claims import reading
from mtorules.models.numbers import ensemble, fitted

HERE = Path(__file__).parent
_PLACE = re.compile(
    r"(<!-- (statements|ends|least certain) -->\n).*?(<!-- end of \2 -->)", re.DOTALL
)


def rows() -> list[dict[str, str]]:
    """Return the rows of the table of statements as they are written."""
    with (HERE / "statements.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def shown(row: dict[str, str]) -> list[str]:
    """Return the claims and tests that show a statement."""
    return [name.strip() for name in row["shown_by"].split(";") if name.strip()]


def statements() -> str:
    """Return the table of statements in Markdown."""
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


def ends() -> str:
    """Return the table of parameters at ends of their ranges in Markdown."""
    record = json.loads(fitted.FILE.with_suffix(".json").read_text(encoding="utf-8"))
    values = fitted.read(fitted.FILE)
    lines = ["| parameter | end | value | pulled there by |", "|---|---|---|---|"]
    for name, one in record["at_ends"].items():
        value = f"{values[name].value:.3g} {values[name].unit}".removesuffix(" dimensionless")
        pulls = ", ".join(f"{what} ({pull:.2g})" for what, pull in one["pulls"].items())
        lines.append(f"| `{name}` | {one['end']} | {value} | {pulls or 'nothing by now'} |")
    return "\n".join(lines)


def least_certain() -> str:
    """Return the table of claims that hold in some of the sets of the package in Markdown."""
    record = json.loads(ensemble.FILE.with_suffix(".json").read_text(encoding="utf-8"))
    every = reading.read([reading.FOLDER, reading.CELL])
    holds = {claim.id: claim.statement for claim in every if not claim.fails}
    lines = [f"| claim | holds in sets of {record['sets']} | |", "|---|---|---|"]
    for name, count in record["claims"]["hold_in_so_many_sets"].items():
        if name in holds and count < 0.9 * record["sets"]:
            lines.append(f"| `{name}` | {count} | {holds[name]} |")
    return "\n".join(lines)


def fill(page: str) -> str:
    """Return a page with the tables in it made anew."""
    made = {"statements": statements, "ends": ends, "least certain": least_certain}
    return _PLACE.sub(lambda place: f"{place[1]}\n{made[place[2]]()}\n\n{place[3]}", page)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(fill(path.read_text(encoding="utf-8")), encoding="utf-8")
