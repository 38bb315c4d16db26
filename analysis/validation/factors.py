"""By how much cell lines differ from the reference in the amounts of a few molecules.

``mapping/varying.csv`` says which amounts vary between lines, and by how much: the standard
deviation of their natural logarithms. What a line's factors are is found by a fit and stands beside
its parameter set, for ``fitted.csv`` in ``fitted_lines.csv``. A factor multiplies the amount of the
reference cell; what the conditions of a line say of it, such as a gene amplified tenfold or one
allele mutated, comes on top.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from ...models.numbers import evidence, fitted
from ...models.numbers.decimals import number
from ...models.perturbations import conditions
from ...network.files import replacing
from ...simulation.sbml.model import SbmlModel, near
from . import names, tables
from .tables import TargetError

Factors = Mapping[str, Mapping[str, float]]
"""By line and parameter, how many times the amount of the reference cell there is."""

VARYING: Final = names.FOLDER / "varying.csv"
VARYING_COLUMNS: Final = ("parameter", "spread", "evidence", "note")
COLUMNS: Final = ("line", "parameter", "factor")
ASSUMED: Final = "assumed"
"""What stands for evidence where there is none."""
# Digits of what is written.
_DIGITS: Final = 6


class FactorsError(TargetError):
    """Factors of lines with faults; the message names each with its line."""


class Varying(NamedTuple):
    """An amount that varies between lines.

    Attributes
    ----------
    parameter : str
        Of the model.
    spread : float
        Standard deviation of the natural logarithm.
    evidence : str
        Where it is from: an id of the evidence, or :data:`ASSUMED`.
    """

    parameter: str
    spread: float
    evidence: str


@cache
def varying(path: Path = VARYING) -> Mapping[str, Varying]:
    """Return what varies between lines, by parameter.

    Raises
    ------
    TargetError
        If the table has faults; the message lists them with their lines.
    """
    faults: list[str] = []
    found: dict[str, Varying] = {}
    for where, row in tables.read(path, VARYING_COLUMNS):
        name, source = row["parameter"], row["evidence"]
        problems = []
        if name not in conditions.tables():
            hint = near(name, conditions.tables())
            problems.append(f"no mechanism has a parameter {name!r}.{hint}")
        if name in found:
            problems.append(f"{name!r} stands twice.")
        if source != ASSUMED and source not in evidence.table():
            problems.append(f"evidence.csv does not hold {source!r}; or write {ASSUMED!r}.")
        spread = _above_zero(row["spread"], f"the spread of {name!r}", problems)
        faults += [f"{where}: {problem}" for problem in problems]
        found[name] = Varying(name, spread, source)
    tables.refuse(faults)
    return found


def beside(path: Path) -> Path:
    """Return where the factors of a parameter set are: ``mine_lines.csv`` beside ``mine.csv``."""
    return path.with_name(f"{path.stem}_lines.csv")


def read(path: Path) -> Factors:
    """Read the factors of lines.

    Raises
    ------
    FactorsError
        If anything is wrong; the message lists every fault with its line.
    """
    try:
        return _read(path)
    except TargetError as error:
        raise FactorsError(str(error)) from None


def _read(path: Path) -> Factors:
    faults: list[str] = []
    found: dict[str, dict[str, float]] = {}
    for where, row in tables.read(path, COLUMNS):
        line, name = row["line"], row["parameter"]
        problems = list(_unknown(line, name))
        if name in found.get(line, {}):
            problems.append(f"{name!r} of {line!r} stands twice.")
        factor = _above_zero(row["factor"], f"the factor of {name!r} of {line!r}", problems)
        faults += [f"{where}: {problem}" for problem in problems]
        found.setdefault(line, {})[name] = factor
    tables.refuse(faults)
    return found


def _unknown(line: str, name: str) -> Iterator[str]:
    lines = names.table("lines")
    if line not in lines:
        yield f"mapping/lines.csv has no line {line!r}.{near(line, lines)}"
    if name not in varying():
        yield (
            f"{name!r} does not vary between lines.{near(name, varying())} mapping/varying.csv has "
            f"{', '.join(varying())}."
        )


def _above_zero(text: str, what: str, problems: list[str]) -> float:
    try:
        found = number(text)
    except ValueError:
        problems.append(f"{what} is {text[:40]!r}, which is not a number.")
        return math.nan
    if not 0 < found < math.inf:
        problems.append(f"{what} is {text}, which is not above zero.")
    return found


def found_beside(path: Path) -> Factors:
    """Return the factors beside a parameter set; none where there is no such file."""
    there = beside(path)
    return read(there) if there.exists() else {}


def package() -> Factors:
    """Return the factors of the package's own parameter set."""
    return found_beside(fitted.FILE)


def write(factors: Factors, path: Path) -> None:
    """Write factors as CSV; those that are 1 are left out."""
    with replacing(path) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for line, each in factors.items():
            for name, factor in each.items():
                text = f"{factor:.{_DIGITS}g}"
                if text != "1":
                    writer.writerow([line, name, text])


def held_by(factors: Factors, model: SbmlModel) -> Factors:
    """Return the factors of what a model has; a part of the network may lack the rest."""
    kept = {
        line: {name: factor for name, factor in own.items() if name in model.settable}
        for line, own in factors.items()
    }
    return {line: own for line, own in kept.items() if own}


def of_line(factors: Factors, line: str) -> Mapping[str, float]:
    """Return the factors of a line; the reference and lines without a row of their own have none.

    ``reference`` and conditions that stand for a line say all that there is to say of it.
    """
    return factors.get(line, {}) if line in names.table("lines") else {}
