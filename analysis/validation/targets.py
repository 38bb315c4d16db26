"""Targets: what was measured, as log2 of the ratio to a reference of the same data set and line.

A target says in the words of its study what was done and seen; what those words are in a model is
no part of it (:mod:`.names`). Time counts from the stimulus, or from the drug where there is none.
The reference is ``vehicle`` (the same without the drug), ``unstimulated`` (without the stimulus, at
the same time) or ``before`` (the moment of the stimulus).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from ...models.numbers.decimals import number
from ...simulation.sbml.model import near
from . import tables
from .tables import TargetError

FOLDER: Final = Path(__file__).with_name("targets")
DATASETS: Final = FOLDER / "datasets.csv"
COLUMNS: Final = (
    *("dataset", "line", "medium", "stimulus", "drug", "lead_h", "time_h"),
    *("readout", "reference", "log2", "spread", "n", "citation"),
)
REFERENCES: Final = ("vehicle", "unstimulated", "before")


@dataclass(frozen=True)
class Target:
    """One measured ratio.

    Attributes
    ----------
    dataset, citation : str
        Where it is from.
    line, medium : str
        Which cells, in what.
    stimulus, drug : str
        What is given, as in ``EGF=10 nM + INS=100 nM`` or ``AZD8055=300 nM``; empty for nothing.
    lead_h : float
        How long before the stimulus the drug is given, in hours.
    time_h : float
        When it was measured, in hours from the stimulus, or from the drug where there is none.
    readout : str
        What was measured.
    reference : str
        One of :data:`REFERENCES`.
    log2, spread : float
        The ratio, and the standard deviation of one measurement of it.
    n : int
        How many measurements were averaged; of 1 the spread is what is usual in the data set.
    where : str
        Its file and line.
    """

    dataset: str
    line: str
    medium: str
    stimulus: str
    drug: str
    lead_h: float
    time_h: float
    readout: str
    reference: str
    log2: float
    spread: float
    n: int
    citation: str = ""
    where: str = field(default="", compare=False)

    @property
    def treatment(self) -> str:
        """What was done to the cells, in words."""
        given = " + ".join(filter(None, (self.drug, self.stimulus)))
        return f"{given or 'nothing'}, {self.time_h:.3g} h"


class Dataset(NamedTuple):
    """Where targets are from.

    Attributes
    ----------
    name : str
        As targets name it.
    what, citation, licence, terms : str
        Of the data; ``terms`` is the address of the licence.
    spread : float
        The standard deviation of one log2 ratio where nothing was repeated.
    ships : bool
        Whether its targets are part of the package.
    caution, cut : str
        What to know of it, and what of it is no target.
    """

    name: str
    what: str
    citation: str
    licence: str
    terms: str
    spread: float
    ships: bool
    caution: str
    cut: str


def datasets() -> Mapping[str, Dataset]:
    """Return every data set by name."""
    columns = ("dataset", *Dataset._fields[1:])
    found = {}
    for _, row in tables.read(DATASETS, columns):
        name, spread, ships = row.pop("dataset"), row.pop("spread"), row.pop("ships")
        found[name] = Dataset(name=name, spread=number(spread), ships=ships == "yes", **row)
    return found


def shipped() -> list[Path]:
    """Return the tables of the package, one for each data set."""
    return [FOLDER / f"{name}.csv" for name, each in datasets().items() if each.ships]


def read(paths: Sequence[Path] | None = None) -> list[Target]:
    """Read targets.

    Parameters
    ----------
    paths : sequence of Path, optional
        Tables; by default those of the package.

    Raises
    ------
    TargetError
        If anything is wrong; the message lists faults with their lines.
    """
    found: list[Target] = []
    faults: list[str] = []
    for path in paths or shipped():
        for where, row in tables.read(path, COLUMNS):
            wrong = list(_faults(row))
            faults += [f"{where}: {each}" for each in wrong]
            if not wrong:
                found.append(_target(row, where))
    seen: dict[tuple[object, ...], Target] = {}
    for target in found:
        key = tuple(getattr(target, name) for name in COLUMNS[:9])
        if key in seen:
            faults.append(f"{target.where}: the same was measured in {seen[key].where}.")
        seen.setdefault(key, target)
    tables.refuse(faults)
    if not found:
        raise TargetError(f"{', '.join(path.name for path in paths or ())}: there is no target.")
    return found


def select(targets: Iterable[Target], names: Sequence[str]) -> list[Target]:
    """Return the targets of some data sets, or of all if none is named.

    Raises
    ------
    TargetError
        If there is no data set of a name; the message names the nearest.
    """
    given = list(targets)
    known = list(dict.fromkeys(target.dataset for target in given))
    for name in names:
        if name not in known:
            hint = near(name, known)
            raise TargetError(f"There is no data set {name!r}.{hint} There are {', '.join(known)}.")
    return [target for target in given if not names or target.dataset in names]


def left_out(targets: Sequence[Target]) -> Iterator[tuple[str, list[Target], list[Target]]]:
    """Yield each data set with the targets of all others, and its own.

    What was fitted to the former can be tested on the latter.
    """
    for name in dict.fromkeys(target.dataset for target in targets):
        own = [target for target in targets if target.dataset == name]
        yield name, [target for target in targets if target.dataset != name], own


def _target(row: Mapping[str, str], where: str) -> Target:
    numbers = {name: number(row[name]) for name in ("lead_h", "time_h", "log2", "spread")}
    return Target(**{**row, **numbers, "n": int(row["n"]), "where": where})  # type: ignore[arg-type]


def _faults(row: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with one row."""
    for column in ("dataset", "line", "medium", "readout"):
        if not row[column]:
            yield f"there is no {column}."
    for column in ("lead_h", "time_h", "log2", "spread"):
        try:
            value = number(row[column])
        except ValueError:
            yield f"the {column} {row[column][:40]!r} is not a number."
            continue
        if not math.isfinite(value):
            yield f"the {column} {row[column]!r} is not finite."
        elif value < 0 and column != "log2":
            yield f"the {column} {row[column]!r} is below zero."
        elif column == "spread" and not value:
            yield "the spread is zero, which no measurement has."
    if not row["n"].isdecimal() or len(row["n"]) > 9 or not int(row["n"]):
        yield f"n is {row['n'][:40]!r}, not a number of measurements."
    if row["reference"] not in REFERENCES:
        yield f"the reference {row['reference'][:40]!r} is not one of {', '.join(REFERENCES)}."
    elif row["reference"] == "vehicle" and not row["drug"]:
        yield "the reference is the vehicle, but there is no drug."
    elif row["reference"] != "vehicle" and not row["stimulus"]:
        yield f"the reference is {row['reference']!r}, but there is no stimulus."
