"""What a look at an SBML file finds, as plain data that text, JSON and a page are made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

SEVERITIES: Final = ("error", "warning", "note")
SHOWN: Final = 10  # how many examples are kept of anything


@dataclass(frozen=True)
class Finding:
    """Something to say about the file, once, however often it occurs.

    Attributes
    ----------
    severity : str
        ``"error"``: the file is wrong. ``"warning"``: it is not what its author meant, or tools
        will differ. ``"note"``: worth knowing.
    category : str
        libSBML's, or the subject of our own check.
    code : str
        libSBML's number, or our own words.
    title : str
        What it is, in a line.
    detail : str
        What it says of the first place it occurs at.
    count : int
        How often it occurs.
    lines : tuple of int
        Where, for the first few; empty where libSBML knows no line.
    ids : tuple of str
        Which elements, for the first few; libSBML's own findings carry them in ``detail``.
    """

    severity: str
    category: str
    code: str
    title: str
    detail: str = ""
    count: int = 1
    lines: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"{self.severity!r} is no severity; known are {SEVERITIES}.")


def about(
    severity: str, category: str, code: str, title: str, ids: Iterable[str], detail: str = ""
) -> list[Finding]:
    """Return the finding on these elements, or nothing where there are none of them."""
    found = list(ids)
    if not found:
        return []
    return [Finding(severity, category, code, title, detail, len(found), ids=tuple(found[:SHOWN]))]


@dataclass(frozen=True)
class Share:
    """How many elements of a kind have something."""

    kind: str
    having: int
    total: int
    without: tuple[str, ...] = ()  # ids of the first few that have not

    @property
    def fraction(self) -> float:
        """From 0 to 1; nothing to have counts as all."""
        return self.having / self.total if self.total else 1.0


def share(kind: str, elements: Iterable[tuple[str, bool]]) -> Share:
    """Count pairs of an element's id and whether it has what is asked for."""
    pairs = list(elements)
    without = [id for id, has in pairs if not has]
    return Share(kind, len(pairs) - len(without), len(pairs), tuple(without[:SHOWN]))


@dataclass(frozen=True)
class Mark:
    """How far a file does what somebody asks of it."""

    code: str
    source: str  # who asks: "MIRIAM" or "BioModels"
    points: int  # if all is done
    title: str  # what is asked
    having: int
    total: int
    lacking: tuple[str, ...] = ()  # the first few that have not

    @property
    def full(self) -> bool:
        """Whether all is done."""
        return self.having == self.total

    @property
    def earned(self) -> float:
        """Points in proportion to what is done; nothing to be done counts as all."""
        return self.points * (self.having / self.total if self.total else 1.0)


def mark(
    code: str, source: str, points: int, title: str, asked: Iterable[tuple[str, bool]]
) -> Mark:
    """Count pairs of what is asked for and whether it is there."""
    one = share(code, asked)
    return Mark(code, source, points, title, one.having, one.total, one.without)


@dataclass(frozen=True)
class Units:
    """Which units are declared, and how far that goes.

    ``checked`` of ``reactions`` kinetic laws were looked at by libSBML, one of each form; it is 0
    where unit checks were switched off.
    """

    model: dict[str, str]  # what of: its unit; "" where none is declared
    shares: tuple[Share, ...]
    checked: int
    reactions: int


@dataclass(frozen=True)
class Annotations:
    """What the elements say they are, in controlled terms."""

    shares: tuple[Share, ...]
    qualifiers: dict[str, dict[str, int]]  # kind of element: qualifier: number of resources
    databases: dict[str, int]  # collection of the resources: how many
    resources: int
    malformed: int


@dataclass(frozen=True)
class Ontology:
    """The Systems Biology Ontology's terms."""

    shares: tuple[Share, ...]
    terms: dict[str, dict[str, int]]  # kind of element: term: how often


@dataclass(frozen=True)
class Documentation:
    """Notes, names, metaids, and who made the model and when."""

    shares: dict[str, tuple[Share, ...]]  # "notes", "names", "metaids"
    creators: tuple[str, ...]
    created: str
    modified: tuple[str, ...]


@dataclass(frozen=True)
class MonomerBalance:
    """What reactions do to the number of copies of one monomer."""

    name: str
    species: int
    kept: int
    made: int
    removed: int
    unbalanced: int
    examples: tuple[str, ...] = ()  # "reaction: 2 in, 1 out"


@dataclass(frozen=True)
class Balance:
    """Whether monomers are conserved; ``unknown`` says why that cannot be told."""

    source: str  # what tells which species holds what
    monomers: tuple[MonomerBalance, ...] = ()
    unknown: str = ""


@dataclass(frozen=True)
class Report:
    """All that was found in one file."""

    file: str
    sha256: str
    level: int
    version: int
    packages: dict[str, str]  # prefix: "version 1", with ", required" where it is
    id: str
    name: str
    counts: dict[str, int]
    findings: tuple[Finding, ...]
    units: Units
    annotations: Annotations
    ontology: Ontology
    documentation: Documentation
    balance: Balance
    tool: str  # "libSBML 5.21.2"
    marks: tuple[Mark, ...] = ()  # what BioModels and MIRIAM ask

    def number(self, severity: str) -> int:
        """Return how many things of this severity were found, each as often as it occurs."""
        return sum(f.count for f in self.findings if f.severity == severity)

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return self.number("error")

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return self.number("warning")

    def to_data(self) -> dict[str, Any]:
        """Return everything as data that JSON can hold."""
        totals = {f"{severity}s": self.number(severity) for severity in SEVERITIES}
        return {**totals, **asdict(self)}
