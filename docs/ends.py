"""The table of parameters at the ends of their ranges in docs/calibrate.md, from the fit's record.

python docs/ends.py docs/calibrate.md
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from mtorules.models.numbers import fitted

_PLACE = re.compile(r"(<!-- ends -->\n).*?(<!-- end of ends -->)", re.DOTALL)


def table() -> str:
    """Return the table in Markdown."""
    record = json.loads(fitted.FILE.with_suffix(".json").read_text(encoding="utf-8"))
    values = fitted.read(fitted.FILE)
    lines = ["| parameter | end | value | pulled there by |", "|---|---|---|---|"]
    for name, one in record["at_ends"].items():
        value = f"{values[name].value:.3g} {values[name].unit}".removesuffix(" dimensionless")
        pulls = ", ".join(f"{what} ({pull:.2g})" for what, pull in one["pulls"].items())
        lines.append(f"| `{name}` | {one['end']} | {value} | {pulls or 'nothing by now'} |")
    return "\n".join(lines)


def fill(page: str) -> str:
    """Return a page with the table in it made anew."""
    return _PLACE.sub(lambda place: f"{place[1]}\n{table()}\n\n{place[2]}", page)


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(fill(path.read_text(encoding="utf-8")), encoding="utf-8")
