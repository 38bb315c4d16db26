"""Adding to a network what its PySB model says of itself: names, units, notes, references.

PySB keeps such statements as annotations; :mod:`mtorules.models.numbers.metadata` lists the
predicates that take plain text. All others are BioModels.net qualifiers and go through as they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pysb import Component

from ...models.numbers import metadata as words
from ..mathematics import expressions
from ..mathematics.expressions import Name
from ..network import Annotation, Compartment, Metadata, Network, Person, RateLaw
from .pysb_expressions import formulas, translate

if TYPE_CHECKING:
    from pysb import Model


# What the module of a Python file is called while :mod:`.finding` reads it.
FILE_MODULE = re.compile(r"_mtorules_(.+)_[0-9a-f]{8}")


def describe(
    network: Network,
    model: Model,
    *,
    renamed: Mapping[str, str] | None = None,
    description: str = "",
) -> Network:
    """Return the network with everything its PySB model knows about it.

    Parameters
    ----------
    network : Network
        Generated from ``model``.
    model : pysb.Model
        Is not changed.
    renamed : mapping, optional
        Names in ``network`` that stand for others in ``model``.
    description : str, optional
        Taken if the model itself has none.
    """
    if renamed:
        network = _restored(network, renamed)
    said = _Statements(model)
    written = {name: str(translate(formula)) for name, formula in formulas(model).items()}
    return replace(
        network,
        parameters=tuple(
            replace(
                p,
                expression=written.get(p.name, p.expression),
                range=said.range(p.name),
                **said.quantity(p.name),
            )
            for p in network.parameters
        ),
        compartments=tuple(replace(c, **said.element(c.name)) for c in network.compartments),
        functions=tuple(
            replace(f, expression=written.get(f.name, f.expression), **said.quantity(f.name))
            for f in network.functions
        ),
        groups=tuple(replace(g, **said.quantity(g.name)) for g in network.groups),
        molecules=tuple(replace(m, **said.element(m.name)) for m in network.molecules),
        rules=tuple(
            replace(
                r,
                pysb=repr(model.rules[r.name]),
                mechanism=said.text(r.name, words.MECHANISM) or _module(model.rules[r.name]),
                **said.element(r.name),
            )
            for r in network.rules
        ),
        metadata=_metadata(said, description),
    )


class _Statements:
    """The annotations of a model by what they are about."""

    def __init__(self, model: Model) -> None:
        self._about: dict[str | None, list[tuple[str, str]]] = defaultdict(list)
        for annotation in model.annotations:
            subject, value = annotation.subject, annotation.object
            if not isinstance(value, str):
                continue
            if isinstance(subject, Component):
                self._about[subject.name].append((annotation.predicate, value))
            elif subject is model or type(subject) is type(model):
                # The second: PySB's deep copies keep the original as subject.
                self._about[None].append((annotation.predicate, value))
            elif isinstance(subject, str):
                self._about[subject].append((annotation.predicate, value))

    def texts(self, subject: str | None, predicate: str) -> list[str]:
        return [value for said, value in self._about.get(subject, ()) if said == predicate]

    def text(self, subject: str | None, predicate: str) -> str:
        return "\n".join(self.texts(subject, predicate))

    def references(self, subject: str | None) -> tuple[Annotation, ...]:
        return tuple(
            Annotation(predicate, value)
            for predicate, value in self._about.get(subject, ())
            if predicate not in words.PLAIN
        )

    def element(self, subject: str) -> dict[str, Any]:
        notes = self.texts(subject, words.NOTE)
        if cited := self.texts(subject, words.CITATION):
            notes.append(f"Cited without an address: {'; '.join(cited)}.")
        return {"annotations": self.references(subject), "notes": "\n".join(notes)}

    def range(self, subject: str) -> tuple[float, float] | None:
        ends = self.text(subject, words.RANGE).split()
        try:
            low, high = map(float, ends)
        except ValueError:  # nothing, or something of somebody else's
            return None
        return low, high

    def quantity(self, subject: str) -> dict[str, Any]:
        return {**self.element(subject), "unit": self.text(subject, words.UNIT) or None}


def _module(component: Component) -> str:
    """Return the module a component was written in, as far as PySB saw it."""
    for name in component._modules:
        if name.startswith("pysb.macros"):
            continue
        own_file = FILE_MODULE.fullmatch(name)
        return f"{own_file[1]}.py" if own_file else name
    return ""


def _metadata(said: _Statements, description: str) -> Metadata:
    return Metadata(
        title=said.text(None, words.TITLE),
        description=said.text(None, words.DESCRIPTION) or description,
        version=said.text(None, words.VERSION),
        date=said.text(None, words.DATE),
        licence=said.text(None, words.LICENCE),
        creators=tuple(map(person, said.texts(None, words.CREATOR))),
        annotations=said.references(None),
        substance_unit=said.text(None, words.SUBSTANCE_UNIT) or None,
        volume_unit=said.text(None, words.VOLUME_UNIT) or None,
        time_unit=said.text(None, words.TIME_UNIT) or None,
    )


def person(text: str) -> Person:
    """Read a creator: ``"Family, Given; organisation; ORCID"``, the latter two optional.

    Examples
    --------
    >>> person("Franklin, Rosalind; King's College London")
    Person(family='Franklin', given='Rosalind', organisation="King's College London", orcid='')
    """
    name, organisation, orcid = [*(part.strip() for part in text.split(";")), "", ""][:3]
    family, _, given = (part.strip() for part in name.partition(","))
    return Person(family, given, organisation, orcid)


def _restored(network: Network, renamed: Mapping[str, str]) -> Network:
    """Return the network with the model's own names in place of those BNG2.pl accepts."""

    def name(text: str) -> str:
        return renamed.get(text, text)

    trees = {new: Name(old) for new, old in renamed.items()}

    def formula(text: str) -> str:
        tree = expressions.parse(text)
        return str(tree.substitute(trees)) if tree.names & renamed.keys() else text

    def law(given: RateLaw) -> RateLaw:
        return replace(
            given,
            constants=tuple(map(name, given.constants)),
            conversion=None if given.conversion is None else formula(given.conversion),
        )

    def compartment(given: Compartment) -> Compartment:
        return replace(given, size=formula(given.size))

    return replace(
        network,
        parameters=tuple(
            replace(p, name=name(p.name), expression=formula(p.expression))
            for p in network.parameters
        ),
        compartments=tuple(map(compartment, network.compartments)),
        functions=tuple(
            replace(f, name=name(f.name), expression=formula(f.expression))
            for f in network.functions
        ),
        species=tuple(replace(s, initial=formula(s.initial)) for s in network.species),
        reactions=tuple(
            replace(
                r,
                law=law(r.law),
                rule=name(r.rule),
                others=tuple((name(rule), reverse) for rule, reverse in r.others),
            )
            for r in network.reactions
        ),
        groups=tuple(replace(g, name=name(g.name)) for g in network.groups),
        rules=tuple(replace(r, name=name(r.name)) for r in network.rules),
        energies=tuple(
            replace(e, name=name(e.name), energy=formula(e.energy)) for e in network.energies
        ),
    )
