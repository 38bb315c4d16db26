"""Tables of pages that are filled from the repository: each between two comments that name it.

    python docs/tables.py docs/model.md docs/calibrate.md docs/uncertainty.md

``statements``: the reviews make 219 statements that can be asked of a model. Those in the table,
which are rows of ``docs/statements.csv``, were wrong in the model once, had no effect, or were not
there. What shows each today is a claim, which holds or says in its entry why it fails, or a test.

``ends``: parameters that the fit left at an end of their range, from its record.

``least certain``: claims that hold with the fitted set and in fewer than nine of ten of the sets
that fit as well, from their record.

``cuts``: how many claims fail without each mechanism, from what
``mtorules claims --cut all --json`` printed into ``docs/cuts.json``; and, where none does, what
fails of what any cell shows, from ``mtorules claims --cell --cut MECHANISM --json`` of each, their
cuts together in ``docs/cuts_cell.json``.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mtorules.analysis.claims import reading
from mtorules.models.numbers import ensemble, fitted

HERE = Path(__file__).parent
_PLACE = re.compile(
    r"(<!-- (statements|ends|least certain|cuts) -->\n).*?(<!-- end of \2 -->)", re.DOTALL
)
# How many claims are named beside a mechanism.
_NAMED = 3


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


def cuts() -> str:
    """Return the table of claims that fail without each mechanism in Markdown."""
    record = json.loads((HERE / "cuts.json").read_text(encoding="utf-8"))
    count = Counter(claim for cut in record["cuts"] for claim in cut["lost"])
    lines = [
        f"Of {record['claims']} claims {record['held']} hold in the whole model.",
        "",
        "| without | fail | of these unanswered | among them, those that fewest other cuts fail |",
        "|---|---|---|---|",
    ]
    for cut in sorted(record["cuts"], key=lambda cut: (-len(cut["lost"]), cut["mechanism"])):
        if cut["lost"]:
            own = sorted(cut["lost"], key=lambda claim: (count[claim], claim))[:_NAMED]
            named = ", ".join(f"`{claim}`" for claim in own)
            cells = f"`{cut['mechanism']}`", len(cut["lost"]), len(cut["unanswered"]), named
            lines.append(f"| {' | '.join(map(str, cells))} |")
    lines += ["", *_unclaimed()]
    return "\n".join(lines)


def _unclaimed() -> list[str]:
    """Return what is said of mechanisms that no claim rests on."""
    record = json.loads((HERE / "cuts_cell.json").read_text(encoding="utf-8"))
    said = [
        f"No claim of the reviews rests on these {len(record['cuts'])}. Of {record['claims']} "
        "other claims, of [what any cell shows](claims.md#what-any-cell-shows) and held out of "
        f"the fit, {record['held']} hold, and fail without",
        "",
    ]
    idle = []
    for cut in record["cuts"]:
        if cut["lost"]:
            named = ", ".join(f"`{claim}`" for claim in sorted(cut["lost"])[:_NAMED])
            others = len(cut["lost"]) - _NAMED
            more = f" and {others} more" if others > 0 else ""
            said.append(f"- `{cut['mechanism']}`: {named}{more};")
        else:
            idle.append(f"`{cut['mechanism']}`")
    return [*said, f"- {', '.join(idle)}: none. Nobody claims anything of them."]


def fill(page: str) -> str:
    """Return a page with the tables in it made anew."""
    made = {
        "statements": statements,
        "ends": ends,
        "least certain": least_certain,
        "cuts": cuts,
    }
    return _PLACE.sub(lambda place: f"{place[1]}\n{made[place[2]]()}\n\n{place[3]}", page)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(fill(path.read_text(encoding="utf-8")), encoding="utf-8")
