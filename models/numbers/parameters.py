"""Numbers with units, ranges, evidence and sources: the tables beside the mechanism files.

A table is a CSV file with the columns of :data:`COLUMNS`. It holds what the model chose; what the
literature says is in ``evidence.csv``, into which ``source`` points. Values may stand in the unit
of their source; they are converted to the model's units (s, nM, pL, zmol) here and nowhere else.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from . import evidence
from .decimals import number
from .metadata import EVIDENCE, NOTE, RANGE, UNIT

if TYPE_CHECKING:
    from pysb import Parameter

COLUMNS: Final = ("name", "value", "unit", "low", "high", "evidence", "source", "note")
KINDS: Final = ("measured", "fitted", "transferred", "assumed")

# Unit of a table -> (unit of the model, factor).
UNITS: Final[Mapping[str, tuple[str, float]]] = {
    "s": ("s", 1.0),
    "min": ("s", 60.0),
    "h": ("s", 3600.0),
    "1/s": ("1/s", 1.0),
    "1/min": ("1/s", 1 / 60),
    "1/h": ("1/s", 1 / 3600),
    "nM": ("nM", 1.0),
    "uM": ("nM", 1e3),
    "pM": ("nM", 1e-3),
    "nM/s": ("nM/s", 1.0),
    "1/nM": ("1/nM", 1.0),
    "1/(nM*s)": ("1/(nM*s)", 1.0),
    "1/(M*s)": ("1/(nM*s)", 1e-9),
    "pL": ("pL", 1.0),
    "L": ("pL", 1e12),
    "pL/s": ("pL/s", 1.0),
    "zmol": ("zmol", 1.0),
    "dimensionless": ("dimensionless", 1.0),
}


class ParameterError(ValueError):
    """A table with faults, or a parameter that a table does not hold."""


@dataclass(frozen=True)
class Quantity:
    """One row, in the units of the model."""

    name: str
    value: float
    unit: str
    low: float
    high: float
    evidence: str
    sources: tuple[str, ...]  # ids of evidence.csv
    note: str
    prior: float | None = None  # the table's value, where another was fitted


class Rates(Mapping[str, Quantity]):
    """The quantities of one or more tables, by name."""

    def __init__(self, quantities: Mapping[str, Quantity], origin: str) -> None:
        self._quantities = dict(quantities)
        self.origin = origin

    def __getitem__(self, name: str) -> Quantity:
        if name not in self._quantities:
            near = get_close_matches(name, self._quantities, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise ParameterError(f"{self.origin} has no parameter {name!r}.{hint}")
        return self._quantities[name]

    def __contains__(self, name: object) -> bool:
        return name in self._quantities

    def __iter__(self) -> Iterator[str]:
        return iter(self._quantities)

    def __len__(self) -> int:
        return len(self._quantities)

    def parameter(self, name: str) -> Parameter:
        """Create the PySB parameter ``name`` with its unit, range, evidence, note and sources.

        Call it inside :func:`.drafting.drafting`.
        """
        from pysb import Annotation, Parameter  # which take longer to load than tables to read

        quantity = self[name]
        component = Parameter(name, quantity.value)
        Annotation(component, quantity.unit, UNIT)
        Annotation(component, f"{quantity.low!r} {quantity.high!r}", RANGE)
        Annotation(component, quantity.evidence, EVIDENCE)
        Annotation(component, f"{quantity.evidence}; {quantity.note}".removesuffix("; "), NOTE)
        evidence.cite(component, *quantity.sources)
        return component


def read(path: Path) -> Rates:
    """Read one table, checking all of it.

    Raises
    ------
    ParameterError
        If anything is wrong; the message lists every fault with its line.
    """
    faults: list[str] = []
    quantities: dict[str, Quantity] = {}
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ParameterError(f"{path.name}:1: the columns are not {', '.join(COLUMNS)}.")
        for row in reader:
            where = f"{path.name}:{reader.line_num}"
            if None in row or None in row.values():
                faults.append(f"{where}: {len(COLUMNS)} cells were expected.")
                continue
            cells = {key: cell.strip() for key, cell in row.items()}
            problems = list(_faults(cells))
            if cells["name"] in quantities:
                problems.append(f"{cells['name']!r} stands twice.")
            faults += [f"{where}: {problem}" for problem in problems]
            if not problems:
                quantities[cells["name"]] = _quantity(cells)
    if faults:
        raise ParameterError("\n".join(faults))
    return Rates(quantities, path.name)


def _faults(cells: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with one row."""
    name = cells["name"]
    if not name.isidentifier():
        yield f"{name!r} is not a name of letters, digits and underscores."
    numbers: dict[str, float] = {}
    for column in ("value", "low", "high"):
        try:
            numbers[column] = number(cells[column])
        except ValueError:
            yield f"{name!r} has {column} {cells[column]!r}, which is not a number."
    if len(numbers) == 3:
        if any(each < 0 for each in numbers.values()):
            yield f"{name!r} has a negative number."
        elif not numbers["low"] <= numbers["value"] <= numbers["high"]:
            yield f"{name!r} has a value outside its range {cells['low']} to {cells['high']}."
    if cells["unit"] not in UNITS:
        near = get_close_matches(cells["unit"], UNITS, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(UNITS)}."
        yield f"{name!r} has the unknown unit {cells['unit']!r}{hint}"
    if cells["evidence"] not in KINDS:
        yield f"{name!r} has evidence {cells['evidence']!r}; it is one of {', '.join(KINDS)}."
    elif cells["evidence"] == "assumed":
        if not cells["note"]:
            yield f"{name!r} is assumed but does not say why."
    elif not cells["source"]:
        yield f"{name!r} is {cells['evidence']} but names no source."
    for source in cells["source"].split():
        if source not in evidence.table():
            yield (
                f"{name!r} cites {source!r}, which evidence.csv does not hold and is no "
                "doi:, pubmed: or pmc: identifier."
            )


def _quantity(cells: Mapping[str, str]) -> Quantity:
    """Convert a sound row to the model's units."""
    unit, factor = UNITS[cells["unit"]]
    value, low, high = (
        in_unit(number(cells[column]), factor) for column in ("value", "low", "high")
    )
    return Quantity(
        cells["name"],
        value,
        unit,
        low,
        high,
        cells["evidence"],
        tuple(cells["source"].split()),
        cells["note"],
    )


def in_unit(value: float, factor: float) -> float:
    """Return a value times a factor of :data:`UNITS`, multiplied as decimals would be.

    Examples
    --------
    >>> in_unit(1.92e6, 1e-9), 1.92e6 * 1e-9
    (0.00192, 0.0019200000000000003)
    """
    return value if factor == 1 else float(f"{value * factor:.15g}")
