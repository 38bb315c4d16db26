"""Which parameters a fit pins down: what is left of the spread of each, sorted."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ...network.files import replacing
from ..calibration.measuring import Measured
from ..calibration.priors import Prior
from .laplace import laplace
from .linear import Asking

BELOW: Final = (0.5, 0.8)
"""Ratios below which parameters are counted."""
_PLACE: Final = re.compile(r"(<!-- pinned -->\n).*?(<!-- end of pinned -->)", re.DOTALL)


class PageError(ValueError):
    """A page without a place for the table."""


@dataclass(frozen=True)
class Row:
    """A parameter.

    Attributes
    ----------
    name, unit : str
        The parameter.
    value : float
        At the best set.
    ratio : float
        What is left of the spread that its range stands for; 1 where nothing was learned.
    fold : float
        Within which factor it is known by that: one standard deviation.
    of_sets : float, optional
        What of the spread sets that fit as well have.
    """

    name: str
    value: float
    unit: str
    ratio: float
    fold: float
    of_sets: float | None = None


@dataclass(frozen=True)
class Pinned:
    """The parameters that move in a fit, best known first.

    Attributes
    ----------
    rows : tuple of Row
        The parameters.
    directions : float
        How many directions are pinned down.
    sets : int
        How many sets that fit as well were looked at.
    """

    rows: tuple[Row, ...]
    directions: float
    sets: int = 0

    def below(self, ratio: float) -> int:
        """Return how many parameters have less than this left."""
        return sum(row.ratio < ratio for row in self.rows)


def pinned(
    objective: Asking,
    best: Measured,
    priors: Sequence[Prior],
    sets: Sequence[Mapping[str, float]] = (),
) -> Pinned:
    """Return what is left of the spread of each parameter at the best set.

    That is so whatever the factors of cell lines are, which are open but no rows.

    Parameters
    ----------
    objective : Asking
        What the fit made small.
    best : Measured
        Where it is smallest, with slopes.
    priors : sequence of Prior
        All parameters of the measurer.
    sets : sequence of mapping
        Values by name of sets that fit as well.
    """
    found = laplace(objective, best)
    measurer = objective.measurer
    of_lines = {n for n, is_one in zip(measurer.names, measurer.of_lines, strict=True) if is_one}
    by_name = {prior.name: prior for prior in priors}
    columns = zip(found.names, found.best, found.ratios, found.posterior, strict=True)
    rows = []
    for name, log, ratio, spread in columns:
        if name in of_lines:
            continue
        of_sets = None
        if len(sets) > 1 and all(name in each for each in sets):
            logs = np.log([each[name] for each in sets])
            of_sets = float(logs.std(ddof=1)) / by_name[name].spread
        prior = by_name[name]
        fold = float(np.exp(spread))
        rows.append(Row(name, float(np.exp(log)), prior.unit, float(ratio), fold, of_sets))
    rows.sort(key=lambda row: (row.ratio, row.name))
    return Pinned(tuple(rows), found.directions, len(sets))


def heads(found: Pinned) -> list[str]:
    """Return the heads of the table."""
    return ["parameter", "value", "unit", "ratio", "fold", *["of sets"][: found.sets]]


def cells(found: Pinned) -> list[list[str]]:
    """Return the rows of the table as text."""
    rows = []
    for row in found.rows:
        more = ["-" if row.of_sets is None else f"{row.of_sets:.2f}"][: found.sets]
        numbers = (f"{row.value:.3g}", row.unit, f"{row.ratio:.2f}", f"{row.fold:.3g}")
        rows.append([row.name, *numbers, *more])
    return rows


def said(found: Pinned) -> str:
    """Return what the table comes to, in a sentence or two."""
    half, most = (found.below(ratio) for ratio in BELOW)
    return (
        f"Of {len(found.rows)} parameters {half} have less than half of the spread left that "
        f"their ranges stand for, and {most} less than {BELOW[1]:.0%}; claims and data pin down "
        f"{found.directions:.1f} directions."
    )


def write(found: Pinned, path: Path) -> None:
    """Write every parameter as CSV."""
    with replacing(path) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "value", "unit", "ratio", "fold", "ratio_of_sets"])
        for row in found.rows:
            of_sets = "" if row.of_sets is None else f"{row.of_sets:.4g}"
            numbers = (f"{row.value:.6g}", row.unit, f"{row.ratio:.4g}", f"{row.fold:.4g}")
            writer.writerow([row.name, *numbers, of_sets])


def place(page: Path) -> str:
    """Return the text of a page that has a place for the table.

    Raises
    ------
    PageError
        If it has none.
    """
    try:
        text = page.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PageError(f"'{page}' is no text in UTF-8.") from None
    if not _PLACE.search(text):
        raise PageError(
            f"'{page}' has no place for the table: a line '<!-- pinned -->' and below it a line "
            "'<!-- end of pinned -->'."
        )
    return text


def fill(page: Path, text: str, found: Pinned) -> None:
    """Write a page with the table in its place: of the parameters that count as pinned down."""
    shown = cells(found)[: found.below(max(BELOW))]
    lines = [heads(found), ["---"] * len(heads(found)), *shown]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    with replacing(page) as scratch:
        filled = _PLACE.sub(lambda m: f"{m[1]}\n{said(found)}\n\n{table}\n\n{m[2]}", text)
        scratch.write_text(filled, encoding="utf-8")
