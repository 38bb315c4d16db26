"""Conditions: what sets one cell, drug or dish apart from the reference, as data.

A condition never edits a model. It is a set of values for named parameters (PEtab v2 means the
same by it), kept in ``conditions.csv``, so that one table serves a simulation, an SED-ML change and
a PEtab file. Conditions combine as long as no two of them set one parameter differently.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Final

from . import evidence
from .parameters import KINDS, UNITS

_TABLE = Path(__file__).with_name("conditions.csv")
COLUMNS: Final = (
    "condition",
    "kind",
    "parameter",
    "value",
    "unit",
    "evidence",
    "source",
    "note",
)


class ConditionError(ValueError):
    """An unknown condition, two that contradict each other, or a table with faults."""


@dataclass(frozen=True)
class Condition:
    """A named set of parameter values, in the units of the model."""

    name: str
    kind: str  # context, genotype, environment, drug or probe
    values: dict[str, float]
    notes: dict[str, str]  # by parameter


@cache
def table() -> Mapping[str, Condition]:
    """Return every condition by name.

    Raises
    ------
    ConditionError
        If the table has faults; the message lists each with its line.
    """
    faults: list[str] = []
    found: dict[str, Condition] = {}
    with _TABLE.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ConditionError(f"{_TABLE.name}:1: the columns are not {', '.join(COLUMNS)}.")
        for row in reader:
            problem = _fault(row)
            if problem:
                faults.append(f"{_TABLE.name}:{reader.line_num}: {problem}")
                continue
            condition = found.setdefault(
                row["condition"], Condition(row["condition"], row["kind"], {}, {})
            )
            condition.values[row["parameter"]] = float(row["value"]) * UNITS[row["unit"]][1]
            condition.notes[row["parameter"]] = row["note"]
    if faults:
        raise ConditionError("\n".join(faults))
    return found


def _fault(row: Mapping[str, str]) -> str | None:
    """Return what is wrong with a row, if anything."""
    if None in row or None in row.values():
        return f"{len(COLUMNS)} cells were expected."
    try:
        if not float(row["value"]) >= 0:
            return f"{row['parameter']!r} is negative or not a number."
    except ValueError:
        return f"{row['parameter']!r} has value {row['value']!r}, which is not a number."
    if row["unit"] not in UNITS:
        return f"{row['parameter']!r} has the unknown unit {row['unit']!r}."
    if row["evidence"] not in KINDS:
        return f"evidence {row['evidence']!r} is not one of {', '.join(KINDS)}."
    missing = [source for source in row["source"].split() if source not in evidence.table()]
    if missing:
        return f"evidence.csv does not hold {', '.join(missing)}."
    return None


def values(*names: str) -> dict[str, float]:
    """Return the parameter values of one or more conditions taken together.

    Raises
    ------
    ConditionError
        If a name is unknown (the message names the nearest), or if two conditions set the same
        parameter to different values.
    """
    merged: dict[str, tuple[float, str]] = {}
    for name in names:
        if name not in table():
            near = get_close_matches(name, table(), n=3)
            hint = f"Did you mean {' or '.join(map(repr, near))}?" if near else ""
            raise ConditionError(f"There is no condition called {name!r}. {hint}".rstrip())
        for parameter, value in table()[name].values.items():
            if parameter in merged and merged[parameter][0] != value:
                raise ConditionError(
                    f"{name!r} and {merged[parameter][1]!r} both set {parameter!r}, to "
                    f"{value:g} and {merged[parameter][0]:g}; they cannot be combined."
                )
            merged[parameter] = value, name
    return {parameter: value for parameter, (value, _) in merged.items()}
