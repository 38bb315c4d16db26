"""What the literature says: one table of citable evidence, and the way to attach it to a model."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from .metadata import CITATION, NOTE, SOURCE

if TYPE_CHECKING:
    from pysb.core import Component

_TABLE = Path(__file__).with_name("evidence.csv")
_MOLECULES = Path(__file__).with_name("molecules.csv")
_COMPACT = re.compile(r"doi:10\.\d{4,9}/\S+|pubmed:[1-9]\d*|pmc:PMC\d+")


class EvidenceError(ValueError):
    """A citation or a molecule that the tables do not hold, or a table with faults."""


@dataclass(frozen=True)
class Evidence:
    """One row of ``evidence.csv``: a statement of the literature and where it stands."""

    id: str
    quantity: str
    value: str
    unit: str
    system: str  # cell line or assay
    citation: str
    identifier: str  # doi:..., pubmed:..., biomodels.db:...; empty where there is none
    confidence: str  # high, medium or low
    note: str
    checked: str  # whether the identifier was looked up: yes or no; empty where there is none

    @property
    def resource(self) -> str:
        """The address of the source; empty without an identifier or if nobody looked it up."""
        return f"https://identifiers.org/{self.identifier}" if self.checked == "yes" else ""


@dataclass(frozen=True)
class MoleculeRecord:
    """One row of ``molecules.csv``: what a monomer stands for."""

    name: str
    title: str  # full name, with the common name in brackets
    identifiers: tuple[str, ...]  # compact identifiers, the defining one first
    note: str


class _Table(Mapping[str, Evidence]):
    """Evidence by id, with the nearest id in the message for an unknown one.

    A compact identifier, as ``doi:10.1126/science.abi6983``, is evidence by itself: so a project of
    one's own cites papers without a table of them.
    """

    def __init__(self, rows: dict[str, Evidence]) -> None:
        self._rows = rows

    def __getitem__(self, key: str) -> Evidence:
        if _COMPACT.fullmatch(key):
            return Evidence(key, "", "", "", "", key, key, "", "", "yes")
        if key not in self._rows:
            near = get_close_matches(key, self._rows, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise EvidenceError(f"evidence.csv has no row {key!r}.{hint}")
        return self._rows[key]

    def __contains__(self, key: object) -> bool:
        return key in self._rows or (isinstance(key, str) and bool(_COMPACT.fullmatch(key)))

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield line number and stripped cells of each row."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for row in reader:
            if None in row or None in row.values():
                raise EvidenceError(f"{path.name}:{reader.line_num}: wrong number of cells.")
            yield reader.line_num, {key: cell.strip() for key, cell in row.items()}


@cache
def table() -> Mapping[str, Evidence]:
    """Return every row of ``evidence.csv`` by its id."""
    rows: dict[str, Evidence] = {}
    for line, row in _rows(_TABLE):
        if row["id"] in rows:
            raise EvidenceError(f"{_TABLE.name}:{line}: {row['id']!r} stands twice.")
        rows[row["id"]] = Evidence(**row)
    return _Table(rows)


@cache
def molecules() -> Mapping[str, MoleculeRecord]:
    """Return every row of ``molecules.csv`` by the name of its monomer."""
    return {
        row["name"]: MoleculeRecord(
            row["name"], row["title"], tuple(row["identifiers"].split()), row["note"]
        )
        for _, row in _rows(_MOLECULES)
    }


def cite(component: Component, *ids: str) -> None:
    """Attach evidence ``ids`` to a component, and their addresses as ``isDescribedBy``.

    Call it inside :func:`.drafting.drafting`. A row without an identifier (an unpublished or
    remembered source) adds no address; its text is in the table. Neither does a row whose
    identifier nobody looked up, for a wrong address is worse than none: its citation goes along
    as text.

    Raises
    ------
    EvidenceError
        If ``evidence.csv`` has no such row.
    """
    from pysb import Annotation  # which takes longer to load than the tables to read

    resources = dict.fromkeys(table()[key].resource for key in ids)
    for resource in filter(None, resources):
        Annotation(component, resource, "isDescribedBy")
    for key in ids:
        Annotation(component, key, SOURCE)
    unchecked = dict.fromkeys(table()[key].citation for key in ids if table()[key].checked == "no")
    for citation in unchecked:
        Annotation(component, citation, CITATION)


def identify(monomer: Component) -> None:
    """Attach what ``molecules.csv`` knows of a monomer: its identifiers and its full name.

    The first identifier is what the monomer *is*; the others are further names of the same thing.

    Raises
    ------
    EvidenceError
        If the table has no row for this monomer.
    """
    from pysb import Annotation

    if monomer.name not in molecules():
        raise EvidenceError(f"molecules.csv has no row for the monomer {monomer.name!r}.")
    record = molecules()[monomer.name]
    for identifier in record.identifiers:
        Annotation(monomer, f"https://identifiers.org/{identifier}", "is")
    Annotation(monomer, record.title, NOTE)
