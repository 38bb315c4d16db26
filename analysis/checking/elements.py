"""The elements of an SBML document by kind, and what their formulas refer to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import libsbml

# A libSBML object; the library has no types.
SBase = Any

# What may carry meaning of its own, in the order in which reports list it.
KINDS: Final = (
    "model",
    "compartments",
    "species",
    "parameters",
    "local parameters",
    "reactions",
    "reactants and products",
    "modifiers",
    "kinetic laws",
    "rules",
    "initial assignments",
    "events",
    "constraints",
    "function definitions",
    "unit definitions",
    "groups",
)

# Not the exponent of a number, as in 2e3.
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


def names(formula: str) -> set[str]:
    """Return everything in a formula that may be an id."""
    return set(_NAME.findall(formula))


def formula(element: SBase) -> str:
    """Return the element's formula as text; nothing where it has none."""
    math = element.getMath()
    return (libsbml.formulaToL3String(math) or "") if math is not None else ""


@dataclass
class Elements:
    """Elements by kind; :attr:`laws` are formulas of kinetic laws, by position of the reaction."""

    model: SBase
    by_kind: dict[str, list[SBase]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        model = self.model
        reactions = list(model.getListOfReactions())
        laws = [r.getKineticLaw() for r in reactions]
        groups = model.getPlugin("groups")
        self.by_kind = {
            "model": [model],
            "compartments": list(model.getListOfCompartments()),
            "species": list(model.getListOfSpecies()),
            "parameters": list(model.getListOfParameters()),
            "local parameters": [p for law in laws if law is not None for p in locals_of(law)],
            "reactions": reactions,
            "reactants and products": [
                end for r in reactions for end in (*r.getListOfReactants(), *r.getListOfProducts())
            ],
            "modifiers": [end for r in reactions for end in r.getListOfModifiers()],
            "kinetic laws": [law for law in laws if law is not None],
            "rules": list(model.getListOfRules()),
            "initial assignments": list(model.getListOfInitialAssignments()),
            "events": list(model.getListOfEvents()),
            "constraints": list(model.getListOfConstraints()),
            "function definitions": list(model.getListOfFunctionDefinitions()),
            "unit definitions": list(model.getListOfUnitDefinitions()),
            "groups": list(groups.getListOfGroups()) if groups is not None else [],
        }

    def __getitem__(self, kind: str) -> list[SBase]:
        return self.by_kind[kind]

    def items(self) -> Iterator[tuple[str, list[SBase]]]:
        """Yield each kind that there is any of, with its elements."""
        return ((kind, self.by_kind[kind]) for kind in KINDS if self.by_kind[kind])

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each kind, model apart."""
        return {kind: len(found) for kind, found in self.items() if kind != "model"}

    @cached_property
    def species(self) -> dict[str, SBase]:
        """Species by id."""
        return {s.getId(): s for s in self["species"]}

    @cached_property
    def laws(self) -> list[str]:
        """The formula of each reaction's kinetic law; nothing where there is none."""
        return [
            formula(law) if (law := r.getKineticLaw()) is not None else ""
            for r in self["reactions"]
        ]

    @cached_property
    def forms(self) -> list[int]:
        """For each reaction, the first one whose kinetic law has the same form.

        Two laws have one form if they differ only in species, and these agree in compartment and
        units; then they agree in units too.
        """
        roles: dict[str, str] = {}
        for id, s in self.species.items():
            unit = (s.getSubstanceUnits(), s.getHasOnlySubstanceUnits(), s.getConversionFactor())
            roles[id] = f"<{s.getCompartment()} {unit}>"
        first: dict[tuple[object, ...], int] = {}
        found: list[int] = []
        for index, (reaction, law) in enumerate(zip(self["reactions"], self.laws, strict=True)):
            kinetic = reaction.getKineticLaw()
            local = [] if kinetic is None else locals_of(kinetic)
            key: tuple[object, ...] = (
                _NAME.sub(lambda match: roles.get(match[0], match[0]), law),
                *((p.getId(), p.getUnits()) for p in local),
                # Stoichiometry and the species' own units matter through the conversion factor.
                *sorted(
                    {roles.get(end.getSpecies(), "") for end in reaction.getListOfReactants()}
                    | {roles.get(end.getSpecies(), "") for end in reaction.getListOfProducts()}
                ),
            )
            found.append(first.setdefault(key, index))
        return found


def locals_of(law: SBase) -> list[SBase]:
    """Return the parameters of a kinetic law; they have different names in Level 2 and 3."""
    level3 = law.getLevel() > 2
    return list(law.getListOfLocalParameters() if level3 else law.getListOfParameters())


def ids(elements: Iterable[SBase]) -> list[str]:
    """Return what each element is called in a report."""
    return [label(element) for element in elements]


def label(element: SBase) -> str:
    """Return the element's id, or what it belongs to where it has none of its own."""
    own = element.getIdAttribute() if element.isSetIdAttribute() else ""
    if own:
        return own
    code = element.getTypeCode()
    if element.getPackageName() == "core":
        if code in (
            libsbml.SBML_ASSIGNMENT_RULE,
            libsbml.SBML_RATE_RULE,
        ):
            return element.getVariable()
        if code == libsbml.SBML_INITIAL_ASSIGNMENT:
            return element.getSymbol()
        if code in (libsbml.SBML_SPECIES_REFERENCE, libsbml.SBML_MODIFIER_SPECIES_REFERENCE):
            return f"{_reaction(element)}: {element.getSpecies()}"
        if code == libsbml.SBML_KINETIC_LAW:
            return _reaction(element)
    return element.getName() or element.getElementName()


def _reaction(element: SBase) -> str:
    reaction = element.getAncestorOfType(libsbml.SBML_REACTION)
    return reaction.getId() if reaction is not None else ""
