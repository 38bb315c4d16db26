"""Parameter sets that fit as well as the fitted one: a parameter a row, a set a column.

``ensemble.csv`` is written by ``mtorules uncertainty sets`` and never by hand; ``ensemble.json``
says how it was found.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from . import decimals
from .fitted import Fitted
from .parameters import UNITS, ParameterError, in_unit

FILE: Final = Path(__file__).with_suffix(".csv")
HEADS: Final = ("name", "unit")
"""How the first line begins; the rest of it numbers the sets."""
# So many faults are listed.
_TOLD: Final = 5


@dataclass(frozen=True)
class Sets:
    """Parameter sets.

    Attributes
    ----------
    ones : dict
        By name of a parameter 1 of the unit of its row, as a value of a fitted set.
    numbers : sequence of mapping
        For each set, how many of these a parameter is.
    """

    ones: Mapping[str, Fitted]
    numbers: Sequence[Mapping[str, float]]


def is_one(path: Path) -> bool:
    """Tell whether a file begins as one with a parameter a row does."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            heads = next(csv.reader(file), [])
    except (UnicodeDecodeError, csv.Error):
        return False
    return tuple(head.strip() for head in heads[:2]) == HEADS


def read(path: Path = FILE) -> Sets:
    """Read parameter sets.

    Raises
    ------
    ParameterError
        If anything is wrong; the message lists the first faults with their lines.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ParameterError(f"{path.name} cannot be read: {error}") from None
    count = len(rows[0]) - len(HEADS) if rows else 0
    if count < 1 or len(rows) < 2:
        raise ParameterError(
            f"{path.name} holds no parameter sets; its first line is name, unit and a number for "
            "each set, and each further line gives a parameter."
        )
    faults: list[str] = []
    ones: dict[str, Fitted] = {}
    sets: list[dict[str, float]] = [{} for _ in range(count)]
    for line, row in enumerate(rows[1:], 2):
        if not any(row):
            continue
        where = f"{path.name}:{line}"
        name, unit, *cells = (cell.strip() for cell in [*row, "", ""][: max(len(row), 2)])
        if len(cells) != count:
            faults.append(f"{where}: {count} values were expected, and there are {len(cells)}.")
        elif name in ones:
            faults.append(f"{where}: {name!r} stands twice.")
        elif unit and unit not in UNITS:
            faults.append(f"{where}: {name!r} has the unknown unit {unit!r}.")
        else:
            own, factor = UNITS[unit] if unit else ("", 1.0)
            ones[name] = Fitted(name, in_unit(1.0, factor), own, 1.0, 0.0, where)
            faults += _filled(sets, name, cells, where)
    if faults:
        more = f"\nAnd {len(faults) - _TOLD} more." if len(faults) > _TOLD else ""
        raise ParameterError("\n".join(faults[:_TOLD]) + more)
    return Sets(ones, sets)


def _filled(
    sets: Sequence[dict[str, float]], name: str, cells: Sequence[str], where: str
) -> list[str]:
    """Put the values of a parameter into its sets, and return what is wrong with them."""
    faults = []
    for number, (each, cell) in enumerate(zip(sets, cells, strict=True), 1):
        try:
            each[name] = decimals.number(cell)
        except ValueError:
            faults.append(f"{where}: {name!r} is {cell!r} in set {number}, which is no number.")
            continue
        if each[name] <= 0:
            faults.append(f"{where}: {name!r} is not above zero in set {number}.")
    return faults
