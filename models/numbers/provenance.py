"""Where a model's statements come from: identifiers, references, and the origin of each number.

Everything is read from the annotations of a PySB model, so that it works on any model, not only on
ours; ids that stand in ``evidence.csv`` bring their citation along. What is missing is said too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pysb.core import Component

from . import evidence, metadata

if TYPE_CHECKING:
    from pysb import Model

_IDENTIFIERS_ORG = "https://identifiers.org/"


@dataclass(frozen=True)
class MonomerOrigin:
    """What a monomer stands for."""

    name: str
    title: str  # full name
    identifiers: tuple[str, ...]  # compact: uniprot:P42345

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, in words."""
        return _missing({"identifier": self.identifiers, "full name": self.title})


@dataclass(frozen=True)
class RuleOrigin:
    """What a rule rests on."""

    name: str
    mechanism: str  # the file it was written in
    sources: tuple[str, ...]  # ids of evidence.csv
    references: tuple[str, ...]  # compact: doi:10.1021/ja043277y
    note: str

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, in words; a note that says what is assumed stands for a reference."""
        return _missing({"reference": self.references or self.sources or self.note})


@dataclass(frozen=True)
class ParameterOrigin:
    """Where a number comes from; or, with a formula, how it follows from others."""

    name: str
    value: float | None  # None: derived
    formula: str
    unit: str
    low: float | None
    high: float | None
    evidence: str  # measured, fitted, transferred or assumed
    sources: tuple[str, ...]
    references: tuple[str, ...]
    note: str

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, in words; an assumption needs its reason, anything else its source."""
        wanted: dict[str, object] = {"unit": self.unit}
        if not self.formula:
            wanted["range"] = self.low is not None and self.high is not None
            wanted["evidence"] = self.evidence
            cited = self.references or self.sources
            if self.evidence == "assumed":
                wanted["reason"] = self.note
            else:  # what was fitted may tell in its note to what
                wanted["source"] = cited or (self.evidence == "fitted" and self.note)
        return _missing(wanted)


@dataclass(frozen=True)
class Provenance:
    """The origin of everything in a model."""

    monomers: tuple[MonomerOrigin, ...]
    rules: tuple[RuleOrigin, ...]
    parameters: tuple[ParameterOrigin, ...]

    @property
    def sources(self) -> tuple[evidence.Evidence, ...]:
        """The rows of ``evidence.csv`` that rules and parameters name, each once."""
        ids = dict.fromkeys(
            key for element in (*self.rules, *self.parameters) for key in element.sources
        )
        return tuple(evidence.table()[key] for key in ids if key in evidence.table())

    @property
    def lacking(self) -> Provenance:
        """Only what has gaps."""
        return Provenance(
            tuple(monomer for monomer in self.monomers if monomer.gaps),
            tuple(rule for rule in self.rules if rule.gaps),
            tuple(parameter for parameter in self.parameters if parameter.gaps),
        )

    def __bool__(self) -> bool:
        return bool(self.monomers or self.rules or self.parameters)


def provenance(model: Model) -> Provenance:
    """Return the origin of every monomer, rule, parameter and expression of a model.

    Parameters
    ----------
    model : pysb.Model
        Any; what it does not say is a gap.
    """
    said = _Statements(model)
    return Provenance(
        tuple(
            MonomerOrigin(m.name, said.text(m, metadata.NOTE), said.references(m))
            for m in model.monomers
        ),
        tuple(
            RuleOrigin(
                r.name,
                said.text(r, metadata.MECHANISM),
                said.texts(r, metadata.SOURCE),
                said.references(r),
                said.text(r, metadata.NOTE),
            )
            for r in model.rules
        ),
        (*_numbers(model, said), *_formulas(model, said)),
    )


def _numbers(model: Model, said: _Statements) -> Iterator[ParameterOrigin]:
    for parameter in model.parameters:
        low, high = _range(said.text(parameter, metadata.RANGE))
        kind = said.text(parameter, metadata.EVIDENCE)
        yield ParameterOrigin(
            parameter.name,
            parameter.value,
            "",
            said.text(parameter, metadata.UNIT),
            low,
            high,
            kind,
            said.texts(parameter, metadata.SOURCE),
            said.references(parameter),
            # In the notes for readers of the model, the kind of evidence comes first.
            said.text(parameter, metadata.NOTE).removeprefix(kind).removeprefix("; "),
        )


def _formulas(model: Model, said: _Statements) -> Iterator[ParameterOrigin]:
    for expression in model.expressions:
        yield ParameterOrigin(
            expression.name,
            None,
            str(expression.expr),
            said.text(expression, metadata.UNIT),
            None,
            None,
            "",
            said.texts(expression, metadata.SOURCE),
            said.references(expression),
            said.text(expression, metadata.NOTE),
        )


def _range(text: str) -> tuple[float | None, float | None]:
    try:
        low, high = map(float, text.split())
    except ValueError:
        return None, None  # not said, or not in these terms, which is a gap either way
    return low, high


def _missing(wanted: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(name for name, given in wanted.items() if not given)


class _Statements:
    """The annotations of a model by the component they are about."""

    def __init__(self, model: Model) -> None:
        self._about: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for annotation in model.annotations:
            subject: Any = annotation.subject
            if isinstance(subject, Component):
                self._about[subject.name].append((annotation.predicate, str(annotation.object)))

    def texts(self, component: Component, predicate: str) -> tuple[str, ...]:
        said: Sequence[tuple[str, str]] = self._about.get(component.name, ())
        return tuple(dict.fromkeys(value for about, value in said if about == predicate))

    def text(self, component: Component, predicate: str) -> str:
        return " ".join(self.texts(component, predicate))

    def references(self, component: Component) -> tuple[str, ...]:
        """Return what the BioModels.net qualifiers point at, without what all addresses share."""
        return tuple(
            dict.fromkeys(
                value.removeprefix(_IDENTIFIERS_ORG)
                for about, value in self._about.get(component.name, ())
                if about not in metadata.PLAIN
            )
        )
