"""The tables and figures of ``docs/analyses/validation.md``, from targets and from a run.

A page holds places for tables, each between ``<!-- table: NAME -->`` and ``<!-- end -->``, and
names its figures as any page does. Fill the tables of data sets anew; and those of scores, and the
figures, from what a run wrote::

    python -m mtorules.analysis.validation.page docs/analyses/validation.md results/validation
"""

from __future__ import annotations

import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ...network.files import replacing
from . import tables, targets
from .question import SPLITS
from .tables import TargetError

_PLACE: Final = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_FIGURE: Final = re.compile(r"!\[[^\]]*\]\((\S+)\)")
_FILES: Final = {
    "scores": "validation_table.csv",
    "repeats": "validation_repeats.csv",
    "missed": "validation_missed.csv",
}
# So many rows of a long table are shown.
_SHOWN: Final = {"missed": 20}
_SHARES: Final = ("sign", "sign_changed", "opposite", "flat")
_COUNTS: Final = ("n", "changed", "went_the_other_way", "stood_still")
# What a count is called outside its column.
_BELOW: Final = {"n": "targets"}


def fill(page: str, results: Path | None = None) -> str:
    """Return a page with its tables made anew; those of scores only from a folder of results.

    Raises
    ------
    TargetError
        If the page names another table, or the folder lacks what a run writes.
    """

    def filled(match: re.Match[str]) -> str:
        name = match[2]
        if name in _STATIC:
            text = _STATIC[name]()
        elif name in (*_FILES, *SPLITS):
            if results is None:
                return match[0]
            text = _scores(results, name)
        else:
            raise TargetError(f"There is no table {name!r}.")
        return f"{match[1]}\n{text}\n\n{match[3]}"

    return _PLACE.sub(filled, page)


def place(page: Path, text: str, results: Path) -> None:
    """Put the figures that a page's text names where it looks for them, from a folder of results.

    Raises
    ------
    TargetError
        If the folder lacks one; none is put anywhere then.
    """
    places = {page.parent / name: results / Path(name).name for name in _FIGURE.findall(text)}
    for source in places.values():
        if not source.is_file():
            raise TargetError(f"There is no figure {source}. Run 'make validate' first.")
    for target, source in places.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as scratch:
            shutil.copyfile(source, scratch)


def _data() -> str:
    rows = _coverage()
    made = Counter(target.dataset for target in targets.read())
    listed = []
    for name, each in targets.datasets().items():
        used = sum(count for dataset, count, why in rows if dataset == name and why == "used")
        total = sum(count for dataset, count, _ in rows if dataset == name)
        ships = f"{made[name]:,}" if each.ships else "not shipped"
        about = "; ".join(filter(None, (each.caution, each.cut and f"left out: {each.cut}")))
        listed.append(
            (name, each.what, each.citation, each.licence, f"{total:,}", f"{used:,}", ships, about)
        )
    head = ("data set", "what", "citation", "licence", "rows", "used", "targets", "to know")
    return _table(head, listed)


def _left() -> str:
    """Return why rows became no targets, over all data sets."""
    counts: Counter[str] = Counter()
    for _, count, why in _coverage():
        counts[why] += count
    return _table(("rows", "what became of them"), [(f"{c:,}", w) for w, c in counts.most_common()])


def _coverage() -> list[tuple[str, int, str]]:
    rows = tables.read(targets.FOLDER / "coverage.csv", ("dataset", "rows", "became"))
    return [(row["dataset"], int(row["rows"]), row["became"]) for _, row in rows]


_STATIC: Final[Mapping[str, Callable[[], str]]] = {"data": _data, "coverage": _left}


def _scores(results: Path, name: str) -> str:
    path = results / _FILES.get(name, f"validation_by_{name}.csv")
    try:
        found = pd.read_csv(path)
    except OSError as error:
        raise TargetError(
            f"{path} cannot be read: {error.strerror}. Run 'make validate' first."
        ) from None
    # A wide table hides its last columns from a reader; what says nothing of a row stands below.
    shared = [
        c for c in found.columns if len(found) > 1 and c in _COUNTS and found[c].nunique() == 1
    ]
    below = ", ".join(f"{_cell(c, found[c].iloc[0])} {_BELOW.get(c, c)}" for c in shared)
    found = found.drop(columns=shared)
    rows = [[_cell(column, value) for column, value in row.items()] for _, row in found.iterrows()]
    rows = rows[: _SHOWN.get(name)]
    text = _table([str(column).replace("_", " ") for column in found.columns], rows)
    return f"{text}\n\nIn every row: {below}." if below else text


def _cell(column: object, value: object) -> str:
    if isinstance(value, str):
        return value
    number = float(value)  # type: ignore[arg-type]
    if number != number:
        return ""
    if column in _SHARES:
        return f"{number:.0%}"
    return f"{number:,.0f}" if column in _COUNTS else f"{number:.2f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    def lines() -> Iterator[str]:
        yield f"| {' | '.join(head)} |"
        yield f"|{'---|' * len(head)}"
        for row in rows:
            yield f"| {' | '.join(row)} |"

    return "\n".join(lines())


def main(words: Sequence[str]) -> int:
    """Fill a page; 0 done, 2 wrong usage."""
    if not 1 <= len(words) <= 2:
        print("Name the page, and the folder of a run for its scores and figures.", file=sys.stderr)
        return 2
    page = Path(words[0])
    results = Path(words[1]) if len(words) > 1 else None
    try:
        text = fill(page.read_text(encoding="utf-8"), results)
        if results is not None:
            place(page, text, results)
    except (OSError, TargetError) as error:
        print(error, file=sys.stderr)
        return 2
    with replacing(page) as scratch:
        scratch.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
