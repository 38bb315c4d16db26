"""What everything in an SBML document is: ontology terms, references and notes.

Species are what their monomers are: one molecule in its ground state *is* the protein, a modified
one *is a version of* it, a complex *has* its proteins as *parts*. Reactions and rate constants
refer to what their rules refer to. Reactions of one rule share their text, so it is put together
once, and stands in full only in the group of the rule, where there are groups.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from typing import Final

from ....network.network import Annotation, Molecule, Network, Reaction, Rule
from ....network.network import Group as Observed
from ....network.rules import patterns, sbo
from ..ids import Names
from ..mathematics.formulas import Formulas
from ..xml import Said, attribute, content
from . import notes, references
from .groups import Group
from .parameters import Roles
from .references import Statement

# Where the text that the network was generated from stands in the document.
SOURCE: Final = "urn:mtorules:source"
# Where it stands what the observables are.
OBSERVABLES: Final = "urn:mtorules:observables"


class Meaning:
    """Says what the elements of a document are. Long, since each kind of element has a method.

    Parameters
    ----------
    network : Network
        What the document is about.
    names : Names
        The identifiers in it.
    found : Formulas
        Tells units, which decide whether a starting value is an amount or a concentration.
    vcard4 : bool
        Whether creators are written as Level 3 Version 2 wants them.
    stochastic : bool
        Whether the document is meant for stochastic simulation.
    grouped : bool
        Whether the document has groups, which tell the text of each rule once.
    """

    def __init__(
        self,
        network: Network,
        names: Names,
        found: Formulas,
        *,
        vcard4: bool = True,
        stochastic: bool = False,
        grouped: bool = True,
    ) -> None:
        self._network, self._names = network, names
        self._roles = Roles(network, names, found.units)
        self._vcard4, self._stochastic, self._grouped = vcard4, stochastic, grouped
        self._refused: dict[str, None] = {}
        self._rules = {rule.name: rule for rule in network.rules}
        self._molecules = {molecule.name: molecule for molecule in network.molecules}
        self._groups = {group.name: group for group in network.groups}
        self._kinds = {m.name: sbo.of_molecule(m.annotations) for m in network.molecules}
        self._identities = {m.name: self._identity(m) for m in network.molecules}
        self.contents = [tuple(_MOLECULE.findall(one.pattern)) for one in network.species]
        self._species: dict[tuple[tuple[str, ...], bool], tuple[int, str, str]] = {}
        self._reactions: dict[object, tuple[int, str, str]] = {}
        self._laws: dict[object, str] = {}
        self._about: dict[str, str] = {}  # of what has a formula, by identifier
        self._rule_references = {
            rule.name: self._statements(rule.annotations, f"rule {rule.name!r}")
            for rule in network.rules
        }

    @property
    def refused(self) -> tuple[str, ...]:
        """What annotations could not be kept, and why, a sentence each."""
        return tuple(self._refused)

    def _statements(
        self, annotations: Iterable[Annotation], subject: str, *, model: bool = False
    ) -> tuple[Statement, ...]:
        found = references.statements(annotations, subject, model=model)
        self._refused.update(dict.fromkeys(found.refused))
        return found.statements

    def _said(
        self, key: str, term: int | None, text: str = "", about: str = "", metaid: str = ""
    ) -> Said:
        """Return attributes, notes and annotation of the element with this identifier."""
        metaid = metaid or f"meta_{key}"
        ontology = "" if term is None else f' sboTerm="{sbo.term(term)}"'
        annotation = f"<annotation>{references.rdf(metaid, about)}</annotation>" if about else ""
        return Said(f' metaid="{metaid}"{ontology}', notes.notes(text) + annotation)

    # -- the model --------------------------------------------------------------------------------

    def model(self, remarks: Iterable[str] = ()) -> Said:
        """Say what the model is, whose, of when, and what it was generated from.

        Raises
        ------
        CitationError
            If its date or ``SOURCE_DATE_EPOCH`` cannot be read.
        """
        network = self._network
        metaid = f"meta_{self._names.model}"
        about = references.history(
            network.metadata, os.environ.get("SOURCE_DATE_EPOCH"), vcard4=self._vcard4
        ) + references.inner(
            self._statements(network.metadata.annotations, "the model", model=True)
        )
        annotation = references.rdf(metaid, about) if about else ""
        if network.bngl:
            annotation += (
                f'<source:text xmlns:source="{SOURCE}" language="BNGL">{content(network.bngl)}'
                "</source:text>"
            )
        annotation += self._observables()
        framework = sbo.DISCRETE_FRAMEWORK if self._stochastic else sbo.CONTINUOUS_FRAMEWORK
        return Said(
            f' metaid="{metaid}" sboTerm="{sbo.term(framework)}"',
            notes.notes(notes.of_model(network, remarks))
            + (f"<annotation>{annotation}</annotation>\n" if annotation else ""),
        )

    def _observables(self) -> str:
        """Return what the observables are, and what those that are species are called as such."""
        names = self._names
        own = {id: name for name, id in names.aliases.items()}
        ids = [names.symbols[group.name] for group in self._network.groups]
        told = "".join(
            f'<observable id="{id}"' + (f' species="{own[id]}"/>' if id in own else "/>")
            for id in ids
        )
        if not told:
            return ""
        return f'<observables xmlns="{OBSERVABLES}">{told}</observables>'

    # -- compartments and species -----------------------------------------------------------------

    def compartment(self, name: str | None) -> Said:
        """Say what a compartment is."""
        key = self._names.compartments[name]
        if name is None:
            return self._said(key, sbo.PHYSICAL_COMPARTMENT)
        one = next(c for c in self._network.compartments if c.name == name)
        about = references.inner(self._statements(one.annotations, f"compartment {name!r}"))
        self._about[key] = about
        return self._said(key, sbo.PHYSICAL_COMPARTMENT, notes.paragraphs(one.notes), about)

    def _identity(self, molecule: Molecule) -> tuple[Statement, ...]:
        return self._statements(molecule.annotations, f"monomer {molecule.name!r}")

    def species(self, index: int) -> Said:
        """Say what a species is made of."""
        contents = self.contents[index]
        ground = len(contents) == 1 and self._is_ground(index)
        key = contents, ground
        if key not in self._species:
            kinds = [self._kinds.get(name, sbo.MATERIAL_ENTITY) for name in contents]
            self._species[key] = (
                sbo.of_species(kinds) if kinds else sbo.MATERIAL_ENTITY,
                self._species_notes(contents),
                references.inner(self._species_statements(contents, ground)),
            )
        term, text, about = self._species[key]
        if index in self._names.observed:
            group = self._groups[self._names.observed[index]]
            text += notes.paragraphs(group.notes)
            about += references.inner(self._statements(group.annotations, f"{group.name!r}"))
        self._about[self._names.species[index]] = about
        return self._said(self._names.species[index], term, text, about)

    def _is_ground(self, index: int) -> bool:
        (molecule,) = patterns.read(self._network.species[index].pattern)
        known = self._molecules.get(molecule.name)
        states = {} if known is None else known.states
        return all(
            not site.bonds and (site.state is None or site.state in states.get(site.name, ())[:1])
            for site in molecule.sites
        )

    def _species_notes(self, contents: Sequence[str]) -> str:
        if len(contents) != 1 or contents[0] not in self._molecules:
            return ""
        return notes.paragraphs(self._molecules[contents[0]].notes)

    def _species_statements(self, contents: Sequence[str], ground: bool) -> list[Statement]:
        found: dict[Statement, None] = {}
        for name in contents:
            for one in self._identities.get(name, ()):
                if len(contents) > 1:
                    if one.qualifier in _IDENTITY:
                        found[Statement("bqbiol:hasPart", one.resources)] = None
                elif one.qualifier == "bqbiol:is" and not ground:
                    found[Statement("bqbiol:isVersionOf", one.resources)] = None
                else:
                    found[one] = None
        return list(found)

    # -- parameters -------------------------------------------------------------------------------

    def parameter(self, name: str, annotations: Iterable[Annotation] = (), text: str = "") -> Said:
        """Say what a parameter, an expression or an observable is."""
        key, term = self._names.symbols[name], self._roles.term(name)
        about = list(self._statements(annotations, f"{name!r}"))
        for rule in self._roles.users(name):
            known = self._rule_references.get(rule, ())
            about += [one for one in known if one.qualifier == "bqbiol:isDescribedBy"]
        if name in self._groups:
            about += self._measured(self._groups[name])
        self._about[key] = references.inner(dict.fromkeys(about or [_instance(sbo.term(term))]))
        return self._said(key, term, notes.paragraphs(text), self._about[key])

    def _measured(self, group: Observed) -> list[Statement]:
        """Return what an observable is an amount of: the molecules that all it counts hold."""
        held = [set(self.contents[index]) for _, index in group.terms]
        return [
            Statement("bqbiol:isPropertyOf", one.resources)
            for name in sorted(set.intersection(*held) if held else ())
            for one in self._identities.get(name, ())
            if one.qualifier in _IDENTITY
        ]

    def depth(self, key: str) -> Said:
        """Say what the thickness of surfaces is."""
        return self._said(
            key, sbo.LENGTH, about=references.inner([_instance(sbo.term(sbo.LENGTH))])
        )

    def formula(self, tag: str, key: str) -> Said:
        """Say what the formula for a value is, as the value itself says it.

        Parameters
        ----------
        tag : str
            ``"assignmentRule"`` or ``"initialAssignment"``.
        key : str
            Identifier of what it gives a value to, which was told before.
        """
        said = self._said(
            key, sbo.MATHEMATICAL_EXPRESSION, about=self._about.get(key, ""), metaid=f"{tag}_{key}"
        )
        name = f"{_FORMULAS[tag]} {key}"
        return Said(
            f"{said.attributes} name={attribute(name)}" if self._vcard4 else said.attributes,
            said.inner,
        )

    # -- reactions --------------------------------------------------------------------------------

    def reaction(self, key: str, forward: Reaction, backward: Reaction | None) -> Said:
        """Say what a reaction does, by which rule, and how that is known."""
        cached = (
            forward.rule,
            forward.reverse,
            forward.others,
            forward.law.factor,
            None if backward is None else (backward.others, backward.law.factor),
        )
        if cached not in self._reactions:
            self._reactions[cached] = self._reaction(forward, backward)
        term, text, about = self._reactions[cached]
        return self._said(key, term, text, about)

    def _reaction(self, forward: Reaction, backward: Reaction | None) -> tuple[int, str, str]:
        rule = self._rules.get(forward.rule)
        others = dict.fromkeys(forward.others)
        if backward is not None:
            others |= dict.fromkeys(o for o in backward.others if (o[0], not o[1]) not in others)
        about = {_instance(sbo.process_resource(self.process(forward))): None}
        for name in (forward.rule, *(name for name, _ in others)):
            about |= dict.fromkeys(self._rule_references.get(name, ()))
        return (
            self.process(forward),
            notes.of_reaction(
                forward.rule, forward, backward, rule, tuple(others), brief=self._grouped
            ),
            references.inner(about),
        )

    def process(self, reaction: Reaction) -> int:
        """Return the ontology's term for what a reaction does."""
        rule = self._rules.get(reaction.rule)
        if rule is None:
            return sbo.PROCESS
        return sbo.of_actions(rule.reverse_actions if reaction.reverse else rule.actions)

    def modifier(self, reaction: Reaction) -> int:
        """Return the ontology's term for what a reaction needs and leaves as it was."""
        binding = self.process(reaction) in (sbo.BINDING, sbo.DISSOCIATION)
        return sbo.STIMULATOR if binding else sbo.CATALYST

    def law(self, forward: Reaction, backward: Reaction | None) -> str:
        """Return the ``sboTerm`` of a rate law."""
        other = None if backward is None else (backward.law.kind, backward.reactants)
        key = (
            forward.law.kind,
            len(forward.reactants),
            len(set(forward.reactants)),
            None if other is None else (other[0], len(other[1]), len(set(other[1]))),
        )
        if key not in self._laws:
            opposite = None if backward is None else (backward.law, backward.reactants)
            self._laws[key] = sbo.term(sbo.of_law(forward.law, forward.reactants, opposite))
        return self._laws[key]

    # -- groups -----------------------------------------------------------------------------------

    def group(self, group: Group) -> Said:
        """Say what the members of a group have in common."""
        if group.subject in self._rules and group.id.startswith("rule_"):
            rule: Rule = self._rules[group.subject]
            about = references.inner(self._rule_references[rule.name])
            return self._said(group.id, sbo.of_actions(rule.actions), notes.of_rule(rule), about)
        if group.subject in self._molecules:
            molecule = self._molecules[group.subject]
            about = references.inner(self._identities[molecule.name])
            text = notes.paragraphs(molecule.notes)
            return self._said(group.id, self._kinds[molecule.name], text, about)
        return self._said(group.id, None)


def _instance(resource: str) -> Statement:
    """Return that something is an instance of what an ontology has a term for."""
    address = references.address(resource)
    assert address is not None
    return Statement("bqbiol:isVersionOf", (address,))


_MOLECULE: Final = re.compile(r"(?:^|\.)(\w+)")
_FORMULAS: Final = {"assignmentRule": "value of", "initialAssignment": "start of"}
# Qualifiers that say what a molecule is.
_IDENTITY: Final = frozenset(
    {"bqbiol:is", "bqbiol:isVersionOf", "bqbiol:hasPart", "bqbiol:hasVersion"}
)
