"""The parameter set that was fitted to the claims, which stands before the values of the tables.

``fitted.csv`` is written by ``make calibrate`` and never by hand; ``fitted.json`` says how it was
found. A mechanism's table keeps the value that was chosen before, which is the prior of the fit.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from .parameters import ParameterError, Quantity, Rates

FILE: Final = Path(__file__).with_suffix(".csv")
COLUMNS: Final = ("name", "value", "unit", "prior", "spreads")


@dataclass(frozen=True)
class Fitted:
    """A value that was found by a fit.

    Attributes
    ----------
    name, unit : str
        Of the parameter; the unit is the model's.
    value, prior : float
        What the fit found, and what the table says.
    spreads : float
        How far it moved, in standard deviations of the prior's logarithm.
    """

    name: str
    value: float
    unit: str
    prior: float
    spreads: float


def read(path: Path = FILE) -> dict[str, Fitted]:
    """Read a parameter set.

    Raises
    ------
    ParameterError
        If anything is wrong; the message lists every fault with its line.
    """
    faults: list[str] = []
    found: dict[str, Fitted] = {}
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ParameterError(f"{path.name} is no text in UTF-8, so no parameter set.") from None
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ParameterError(f"{path.name}:1: the columns are not {', '.join(COLUMNS)}.")
    for row in reader:
        where = f"{path.name}:{reader.line_num}"
        try:
            numbers = [float(row[column]) for column in ("value", "prior", "spreads")]
        except (TypeError, ValueError):
            faults.append(f"{where}: value, prior and spreads must be numbers.")
            continue
        if not numbers[0] > 0:
            faults.append(f"{where}: {row['name']!r} is not above zero.")
        if row["name"] in found:
            faults.append(f"{where}: {row['name']!r} stands twice.")
        value, prior, spreads = numbers
        found[row["name"]] = Fitted(row["name"], value, row["unit"], prior, spreads)
    if faults:
        raise ParameterError("\n".join(faults))
    return found


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
