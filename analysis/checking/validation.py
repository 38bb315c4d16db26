"""What libSBML itself finds, each kind of finding once."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import libsbml

from .elements import Elements
from .report import SHOWN, Finding

# From this many reactions on, unit checks look at one kinetic law of each form.
ALL_CHECKED: Final = 10_000

_CHECKS: Final = (
    libsbml.LIBSBML_CAT_GENERAL_CONSISTENCY,
    libsbml.LIBSBML_CAT_IDENTIFIER_CONSISTENCY,
    libsbml.LIBSBML_CAT_UNITS_CONSISTENCY,
    libsbml.LIBSBML_CAT_MATHML_CONSISTENCY,
    libsbml.LIBSBML_CAT_SBO_CONSISTENCY,
    libsbml.LIBSBML_CAT_OVERDETERMINED_MODEL,
    libsbml.LIBSBML_CAT_MODELING_PRACTICE,
)

# Said of one element after another where a model declares no units at all: without a unit of model,
# compartment, species or parameter; of time; of extent; of substance; of literals.
_UNDECLARED: Final = frozenset(
    {20511, 20512, 20513, 20518, 20616, 20702, 80701, 99505, 99506, 99507, 99508}
)

_SEVERITIES: Final = {
    libsbml.LIBSBML_SEV_INFO: "note",
    libsbml.LIBSBML_SEV_WARNING: "warning",
    libsbml.LIBSBML_SEV_ERROR: "error",
    libsbml.LIBSBML_SEV_FATAL: "error",
    libsbml.LIBSBML_SEV_SCHEMA_ERROR: "error",
    libsbml.LIBSBML_SEV_GENERAL_WARNING: "warning",
    libsbml.LIBSBML_SEV_NOT_APPLICABLE: "note",
}


class _Log:
    """libSBML's errors, those of one kind counted together."""

    def __init__(self) -> None:
        self._first: dict[tuple[int, str], Finding] = {}
        self._counts: Counter[tuple[int, str]] = Counter()
        self._lines: defaultdict[tuple[int, str], list[int]] = defaultdict(list)

    def take(self, document: Any, lines: _Lines | None = None) -> None:
        """Move all errors of a document in here."""
        for index in range(document.getNumErrors()):
            error = document.getError(index)
            key = error.getErrorId(), error.getPackage()
            line = error.getLine()
            if key not in self._first:
                self._first[key] = _finding(error)
            self._counts[key] += 1 if lines is None else lines.weight(line)
            if line > 0 and len(self._lines[key]) < SHOWN and line not in self._lines[key]:
                self._lines[key].append(line)
        document.getErrorLog().clearLog()

    def findings(self) -> list[Finding]:
        return [
            replace(first, count=self._counts[key], lines=tuple(self._lines[key]))
            for key, first in self._first.items()
        ]


def _finding(error: Any) -> Finding:
    code, package = error.getErrorId(), error.getPackage()
    detail = _detail(error)
    return Finding(
        severity=_SEVERITIES.get(error.getSeverity(), "warning"),
        category=_category(error),
        code=str(code) if package in ("", "core") else f"{package} {code}",
        title=error.getShortMessage() or detail,
        detail=detail,
    )


def _category(error: Any) -> str:
    """Return the category without the word that they all share."""
    name = error.getCategoryAsString().removeprefix("SBML ")
    return "unit consistency" if name == "strict unit consistency" else name[:1].lower() + name[1:]


def _detail(error: Any) -> str:
    """Return what a message says of this very place, or else the rule that is its first line."""
    rule, *rest = (line.strip() for line in error.getMessage().strip().splitlines() or [""])
    here = " ".join(line for line in rest if line and not line.startswith("Reference:"))
    return here or rule


class _Lines:
    """How many reactions each line of a sampled document stands for."""

    def __init__(self, starts: Iterable[tuple[int, int]]) -> None:
        ordered = sorted(starts)
        self._lines = [line for line, _ in ordered]
        self._weights = [weight for _, weight in ordered]
        # All in one line: then nothing tells which reaction is meant.
        self._told = len(set(self._lines)) == len(self._lines)

    @classmethod
    def of(cls, document: Any, weights: Mapping[str, int]) -> _Lines:
        reactions = document.getModel().getListOfReactions()
        return cls((r.getLine(), weights[r.getId()]) for r in reactions)

    def weight(self, line: int) -> int:
        """Return the weight of the reaction that the line belongs to; 1 outside reactions."""
        place = bisect_right(self._lines, line) - 1
        return self._weights[place] if self._told and place >= 0 else 1


@dataclass(frozen=True)
class Validation:
    """libSBML's findings, and the model in which it checked units.

    Where that is a sample of the whole, ``weights`` says how many reactions of the whole each one
    of it stands for.
    """

    findings: tuple[Finding, ...]
    checked: Any | None
    weights: dict[str, int]


def validate(document: Any, elements: Elements, *, units: bool = True) -> Validation:
    """Run all of libSBML's checks on a document just read.

    Parameters
    ----------
    document : libsbml.SBMLDocument
        Its errors so far, from reading, are taken along.
    elements : Elements
        Of the document.
    units : bool
        Whether units are checked too, which takes most of the time.
    """
    log = _Log()
    log.take(document)
    apart = units and len(elements["reactions"]) > ALL_CHECKED
    _choose(document, _CHECKS if units and not apart else _without_units())
    document.checkInternalConsistency()
    log.take(document)
    document.checkConsistency()
    log.take(document)
    checked, weights = (document, {}) if units else (None, {})
    if apart:
        checked, weights = _sample(document, elements)
        _choose(checked, (libsbml.LIBSBML_CAT_UNITS_CONSISTENCY,))
        checked.checkConsistency()
        log.take(checked, _Lines.of(checked, weights))
    findings = tuple(_folded(log.findings(), elements))
    return Validation(findings, checked, weights)


def _without_units() -> tuple[int, ...]:
    return tuple(c for c in _CHECKS if c != libsbml.LIBSBML_CAT_UNITS_CONSISTENCY)


def _choose(document: Any, wanted: Iterable[int]) -> None:
    for category in _CHECKS:
        document.setConsistencyChecks(category, category in wanted)


def _sample(document: Any, elements: Elements) -> tuple[Any, dict[str, int]]:
    """Return the document with one reaction of each form of kinetic law, and how many each is."""
    sizes = Counter(elements.forms)
    chosen = [elements["reactions"][index].clone() for index in sizes]
    sample = document.clone()
    reactions = sample.getModel().getListOfReactions()
    reactions.clear()
    for reaction in chosen:
        reactions.append(reaction)
    weights = {r.getId(): size for r, size in zip(chosen, sizes.values(), strict=True)}
    return sample, weights


def _folded(findings: list[Finding], elements: Elements) -> list[Finding]:
    """Say once, of a model that declares no units, that it declares none."""
    if declares_units(elements):
        return findings
    folded = [f for f in findings if f.code.isdecimal() and int(f.code) in _UNDECLARED]
    if not folded:
        return findings
    said = sum(f.count for f in folded)
    once = Finding(
        "warning",
        "unit consistency",
        "no units",
        "The model declares no units",
        f"Nothing in the model has a unit, so none can be checked; libSBML says so {said:,} times "
        "of its elements.",
    )
    return [once, *(f for f in findings if f not in folded)]


def declares_units(elements: Elements) -> bool:
    """Whether anything in the model has a unit; Level 2 has built-in ones, which do not count."""
    model = elements.model
    if model.getLevel() > 2 and any(
        (
            model.isSetSubstanceUnits(),
            model.isSetTimeUnits(),
            model.isSetVolumeUnits(),
            model.isSetExtentUnits(),
        )
    ):
        return True
    return (
        bool(elements["unit definitions"])
        or any(
            element.isSetUnits()
            for kind in ("compartments", "parameters", "local parameters")
            for element in elements[kind]
        )
        or any(s.isSetSubstanceUnits() for s in elements["species"])
    )
