"""The parameter set that was fitted to the claims, which stands before the values of the tables.

``fitted.csv`` is written by ``make calibrate`` and never by hand; ``fitted.json`` says how it was
found. A mechanism's table keeps the value that was chosen before, which is the prior of the fit.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from . import sheets
from .decimals import number
from .parameters import UNITS, ParameterError, Quantity, Rates, in_unit
from .sheets import SheetError

FILE: Final = Path(__file__).with_suffix(".csv")
COLUMNS: Final = ("name", "value", "unit", "prior", "spreads")


@dataclass(frozen=True)
class Fitted:
    """A value that was found by a fit.

    Attributes
    ----------
    name, unit : str
        Of the parameter; the unit is one of the model's, or empty where the set says none.
    value, prior : float
        What the fit found, and what the table says.
    spreads : float
        How far it moved, in standard deviations of the prior's logarithm.
    where : str
        The file and the line of it.
    """

    name: str
    value: float
    unit: str
    prior: float
    spreads: float
    where: str = field(default="", compare=False)


def read(path: Path = FILE) -> dict[str, Fitted]:
    """Read a parameter set; values are converted to the model's units (s, nM, pL, zmol).

    Raises
    ------
    ParameterError
        If anything is wrong; the message lists every fault with its line.
    """
    faults: list[str] = []
    found: dict[str, Fitted] = {}
    for where, row in _rows(path, faults):
        problems = list(_faults(row))
        if row["name"] in found:
            problems.append(f"{row['name']!r} stands twice.")
        faults += [f"{where}: {problem}" for problem in problems]
        if not problems:
            found[row["name"]] = _fitted(row, where)
    if faults:
        raise ParameterError("\n".join(faults))
    return found


def _rows(path: Path, faults: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield place and cells of every row that has as many cells as there are columns."""
    try:
        text = sheets.text(path)
    except SheetError as error:
        raise ParameterError(str(error)) from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        columns = tuple(reader.fieldnames or ())
        if columns != COLUMNS:
            raise ParameterError(
                f"{path.name}:1: the columns are not {', '.join(COLUMNS)}{_instead(columns)}."
                f"{sheets.parted(columns)}"
            )
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                faults.append(f"{where}: {len(COLUMNS)} cells were expected.")
            else:
                yield where, {column: cell.strip() for column, cell in row.items()}
    except csv.Error as error:
        line = reader.reader.line_num
        raise ParameterError(f"{path.name}:{line}: this is no CSV; {error}.") from None


def _instead(columns: tuple[str, ...]) -> str:
    missing = [repr(column) for column in COLUMNS if column not in columns]
    if missing:
        return f"; {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    unknown = [repr(column[:40]) for column in columns if column not in COLUMNS]
    return f"; there is also {', '.join(unknown)}" if unknown else ", once each and in this order"


def _faults(row: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with one row."""
    if not row["name"]:
        yield "there is no name."
    for column in ("value", "prior", "spreads"):
        try:
            value = number(row[column])
        except ValueError:
            yield f"{row['name']!r} has {column} {_short(row[column])}, which is not a number."
            continue
        if column == "value" and value <= 0:
            yield f"{row['name']!r} is not above zero."
    if row["unit"] and row["unit"] not in UNITS:
        near = get_close_matches(row["unit"], UNITS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(UNITS)}."
        yield f"{row['name']!r} has the unknown unit {_short(row['unit'])}; {hint}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}...")


def _fitted(row: Mapping[str, str], where: str) -> Fitted:
    unit, factor = UNITS[row["unit"]] if row["unit"] else ("", 1.0)
    value, prior = (in_unit(number(row[column]), factor) for column in ("value", "prior"))
    return Fitted(row["name"], value, unit, prior, number(row["spreads"]), where)


@cache
def table() -> Mapping[str, Fitted]:
    """Return the parameter set of this package, by name; empty where none was fitted yet."""
    return read() if FILE.exists() else {}


def about() -> dict[str, Any]:
    """Return how the parameter set was found: seed, versions, objective and starts."""
    return json.loads(FILE.with_suffix(".json").read_text(encoding="utf-8"))


def applied(rates: Rates) -> Rates:
    """Return quantities with fitted values in place of those of their table.

    Raises
    ------
    ParameterError
        If a value was fitted in another unit; the message says what to run.
    """
    return Rates({name: _applied(quantity) for name, quantity in rates.items()}, rates.origin)


def _applied(quantity: Quantity) -> Quantity:
    found = table().get(quantity.name)
    if found is None:
        return quantity
    if found.unit != quantity.unit:
        raise ParameterError(
            f"{quantity.name!r} is in {quantity.unit}, but was fitted in {found.unit}; run "
            "'make calibrate'."
        )
    note = (
        f"to the claims of the reviews, from {quantity.value:g} {quantity.unit} "
        f"({quantity.evidence}); {quantity.note}"
    ).removesuffix("; ")
    return replace(quantity, value=found.value, evidence="fitted", note=note, prior=quantity.value)
