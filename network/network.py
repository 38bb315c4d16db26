"""The reaction network as one plain object: what every format is written from.

A :class:`Network` is what BioNetGen generated, told without loss: species with their patterns and
compartments, rate laws with the statistical and the volume factor kept apart and symbolic, and the
rule behind each reaction. It is read from BioNetGen's own ``.net`` file (:mod:`.netfile`), and what
that file does not hold (compartments, units, annotation) is added from the model it came from
(:mod:`.generate`). Nothing here knows PySB, SBML or a simulator.

Expressions are kept as BioNetGen text, for example ``"kf*AA/(1 + AA)"``; :mod:`.expressions` parses
them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from typing import Final

from .display import folded, table

# Rules that a notebook shows at once; the others are behind a line that says how many there are.
_SHOWN: Final = 10


@dataclass(frozen=True)
class Annotation:
    """One statement about an element: ``qualifier`` relates it to ``resource``."""

    qualifier: str  # BioModels.net name without prefix: "is", "hasPart", "isDescribedBy", ...
    resource: str  # https://identifiers.org/... or a DOI URL


@dataclass(frozen=True)
class Parameter:
    """A named number, or a number derived from other parameters."""

    name: str
    expression: str  # a number, or BioNetGen text over other parameters
    value: float
    unit: str | None = None  # as in the tables, e.g. "1/(nM*s)"; None: nobody said
    annotations: tuple[Annotation, ...] = ()
    notes: str = ""  # plain text
    # True for helpers such as `_InitialConc1` and `_rateLaw3` that BioNetGen made up itself.
    generated: bool = False
    range: tuple[float, float] | None = None  # within which the value may lie, where a table says

    @property
    def derived(self) -> bool:
        """Whether the value follows from other parameters."""
        try:
            float(self.expression)
        except ValueError:
            return True
        return False


@dataclass(frozen=True)
class Compartment:
    """A volume (3 dimensions) or a surface (2; its size is already a volume, as in BioNetGen)."""

    name: str
    dimension: int
    size: str  # BioNetGen text over parameters
    outside: str | None = None
    annotations: tuple[Annotation, ...] = ()
    notes: str = ""


@dataclass(frozen=True)
class Function:
    """A named expression that may depend on observables, other functions or time."""

    name: str
    arguments: tuple[str, ...]
    expression: str
    unit: str | None = None
    annotations: tuple[Annotation, ...] = ()
    notes: str = ""
    # True for helpers such as `_rateLaw3` that BioNetGen made up itself.
    generated: bool = False


@dataclass(frozen=True)
class Species:
    """One molecular species; ``initial`` is an amount."""

    pattern: str  # BioNetGen text without the leading compartment, e.g. "L(r!1)@EC.R(l!1,s~u)"
    initial: str
    compartment: str | None = None  # where BioNetGen puts the whole complex; None: no compartments
    fixed: bool = False  # clamped: "$" in BNGL


@dataclass(frozen=True)
class RateLaw:
    """What drives a reaction.

    The rate in amount per time is ``factor * conversion * law``, where ``law`` is

    ========== =======================================================================
    kind       law
    ========== =======================================================================
    elementary ``constants[0]`` times the amounts of all reactants
    function   the function named ``constants[0]`` times the amounts of all reactants
    MM         tQSSA Michaelis-Menten with ``kcat, Km``; substrate first, enzyme second
    Sat        ``k * prod(reactants) / (K + S)`` with the first reactant S; each further
               constant divides by ``K2 + `` the next reactant likewise
    Hill       ``k * S**n / (K**n + S**n)`` with the first reactant S, times the others
    ========== =======================================================================
    """

    kind: str
    constants: tuple[str, ...]
    factor: Fraction = Fraction(1)  # statistical: symmetry and number of equivalent sites
    conversion: str | None = None  # volume factor, BioNetGen text over parameters, e.g. "1/V"


@dataclass(frozen=True)
class Reaction:
    """One reaction; ``reactants`` and ``products`` are species indices, repeated when needed."""

    reactants: tuple[int, ...]
    products: tuple[int, ...]
    law: RateLaw
    rule: str
    reverse: bool = False  # made by the rule's backward direction
    # Further rules that make the very same reaction, each with its direction.
    others: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Group:
    """An observable: a weighted sum of species."""

    name: str
    terms: tuple[tuple[float, int], ...]  # (weight, species index)
    unit: str | None = None
    annotations: tuple[Annotation, ...] = ()
    notes: str = ""


@dataclass(frozen=True)
class Molecule:
    """A monomer: its sites, the states of each, and what it is."""

    name: str
    sites: tuple[str, ...]
    states: Mapping[str, tuple[str, ...]]
    annotations: tuple[Annotation, ...] = ()
    notes: str = ""


@dataclass(frozen=True)
class Rule:
    """A reaction rule as its author wrote it."""

    name: str
    bngl: str
    pysb: str = ""
    reversible: bool = False
    mechanism: str = ""  # the file or module it was written in
    annotations: tuple[Annotation, ...] = ()
    notes: str = ""
    # What the rule does, forwards and backwards, in BioNetGen's words: "Bind(0.0.0,0.1.0)",
    # "StateChange(0.0.0,u->p)", "Delete Molecule L(r,r)", "Add Species L(r)@EC", ...
    actions: tuple[str, ...] = ()
    reverse_actions: tuple[str, ...] = ()


@dataclass(frozen=True)
class EnergyPattern:
    """A pattern each match of which adds ``energy`` to the species that hold it."""

    name: str
    pattern: str
    energy: str  # BioNetGen text over parameters


@dataclass(frozen=True)
class Person:
    """A creator of the model."""

    family: str
    given: str
    organisation: str = ""
    orcid: str = ""


@dataclass(frozen=True)
class Metadata:
    """What the model says of itself as a whole."""

    title: str = ""
    description: str = ""
    version: str = ""
    date: str = ""  # ISO 8601 of the model's version, never the clock
    licence: str = ""  # SPDX URL
    creators: tuple[Person, ...] = ()
    annotations: tuple[Annotation, ...] = ()  # qualifiers at model level, taxon included
    # Base units of the model, as in the tables; None where nobody declared any.
    substance_unit: str | None = None
    volume_unit: str | None = None
    time_unit: str | None = None


@dataclass(frozen=True)
class Network:
    """A generated reaction network and what is known about its parts."""

    name: str
    parameters: tuple[Parameter, ...]
    compartments: tuple[Compartment, ...]
    functions: tuple[Function, ...]
    species: tuple[Species, ...]
    reactions: tuple[Reaction, ...]
    groups: tuple[Group, ...]
    molecules: tuple[Molecule, ...] = ()
    rules: tuple[Rule, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    bngl: str = ""  # the text it was generated from
    energies: tuple[EnergyPattern, ...] = ()
    warnings: tuple[str, ...] = ()  # what a reader of the results should know, a sentence each

    def _repr_html_(self) -> str:
        """Return what a notebook shows: how large it is, its molecules and its rules."""
        counts = ", ".join(
            f"{len(parts):,} {what}"
            for parts, what in (
                (self.molecules, "molecules"),
                (self.rules, "rules"),
                (self.species, "species"),
                (self.reactions, "reactions"),
                (self.groups, "observables"),
            )
        )
        molecules = [
            (
                each.name,
                ", ".join("~".join((site, *each.states.get(site, ()))) for site in each.sites),
                each.notes,
            )
            for each in self.molecules
        ]
        rules = [(rule.name, rule.bngl) for rule in self.rules]
        return (
            f"<div><strong>{escape(self.name)}</strong> {escape(self.metadata.title)}"
            f"<br/>{escape(counts)}{table(('molecule', 'sites', 'what it is'), molecules)}"
            f"{table(('rule', 'BNGL'), rules[:_SHOWN])}"
            f"{folded(f'{len(rules) - _SHOWN} more rules', rules[_SHOWN:])}</div>"
        )
