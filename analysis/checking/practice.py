"""What is legal SBML but read differently, or not at all, by some of the tools that open it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from ...export.sbml.ids import RESERVED
from .elements import Elements, formula, label, names
from .report import Finding, about

# Functions that not every simulator has.
_RARE: Final = frozenset(
    {"ceil", "ceiling", "floor", "delay", "factorial", "rateOf", "rem", "quotient", "implies"}
)
_NAMED: Final = (
    "compartments",
    "species",
    "parameters",
    "reactions",
    "function definitions",
    "events",
)


def practice(elements: Elements) -> list[Finding]:
    """Return findings on what keeps the file from being read alike everywhere."""
    model = elements.model
    ends = elements["reactants and products"]
    level3 = model.getLevel() > 2
    return [
        *about(
            "warning",
            "interchange",
            "stoichiometry not set",
            "Stoichiometry is left out: undefined in Level 3, and read as 1, as NaN or not at all",
            (
                label(end)
                for end in ends
                if level3 and not end.isSetStoichiometry() and not _set(end, model)
            ),
        ),
        *about(
            "note",
            "interchange",
            "species repeated",
            "Reactions list a species twice on one side instead of giving it stoichiometry 2",
            _repeated(elements),
        ),
        *about(
            "note",
            "interchange",
            "reversible",
            "Reactions are reversible, which stochastic simulators refuse or misread",
            (label(r) for r in elements["reactions"] if r.getReversible()),
        ),
        *about(
            "note",
            "interchange",
            "fast reaction",
            "Reactions are marked fast, which most simulators ignore",
            (label(r) for r in elements["reactions"] if r.isSetFast() and r.getFast()),
        ),
        *about(
            "note",
            "interchange",
            "reserved name",
            "Identifiers mean something else to a tool that opens SBML",
            (
                f"{id} ({RESERVED[id]})"
                for kind in _NAMED
                for element in elements[kind]
                if (id := label(element)) in RESERVED
            ),
        ),
        *about(
            "note",
            "interchange",
            "rare function",
            "Formulas use functions that not every simulator has",
            _rare(elements),
        ),
        *about(
            "note",
            "interchange",
            "algebraic rule",
            "Algebraic rules are solved by few simulators",
            (formula(r) for r in elements["rules"] if r.isAlgebraic()),
        ),
        *about(
            "note",
            "interchange",
            "no model id",
            "The model has no id, which PEtab and SED-ML need",
            [] if model.isSetIdAttribute() else ["model"],
        ),
        *about(
            "warning",
            "interchange",
            "submodels",
            "Part of the model is in submodels, which COPASI and bngsim read and libRoadRunner and "
            "most others leave out or refuse",
            _submodels(model),
            "libSBML's converter 'flatten comp' makes one model of all.",
        ),
        *about(
            "warning",
            "interchange",
            "required package",
            "The model means something else without packages that most tools do not know",
            _required(model.getSBMLDocument()),
        ),
        *about(
            "warning",
            "interchange",
            "no finite number",
            "Numbers are infinite or none, or multiply a unit by zero; tools differ on them",
            _odd_numbers(elements),
        ),
    ]


def _submodels(model: Any) -> list[str]:
    plugin = model.getPlugin("comp")
    return [] if plugin is None else [s.getIdAttribute() for s in plugin.getListOfSubmodels()]


def _required(document: Any) -> Iterator[str]:
    """Yield the packages that must be understood, but for that of submodels."""
    if document is None or document.getLevel() < 3:
        return
    for index in range(document.getNumPlugins()):
        name = document.getPlugin(index).getPackageName()
        if name not in ("comp", "l3v2extendedmath") and document.getPackageRequired(name):
            yield name
    for index in range(document.getNumUnknownPackages()):
        uri = document.getUnknownPackageURI(index)
        if document.getPackageRequired(uri):
            yield document.getUnknownPackagePrefix(index)


def _odd_numbers(elements: Elements) -> Iterator[str]:
    for definition in elements["unit definitions"]:
        for unit in definition.getListOfUnits():
            if not 0 < abs(unit.getMultiplier()) < math.inf:
                yield f"{label(definition)} (multiplier {unit.getMultiplier()})"
    numbers = (
        ("species", "InitialAmount"),
        ("species", "InitialConcentration"),
        ("compartments", "Size"),
        ("parameters", "Value"),
        ("reactants and products", "Stoichiometry"),
    )
    for kind, name in numbers:
        for element in elements[kind]:
            number = getattr(element, f"get{name}")()
            if getattr(element, f"isSet{name}")() and not math.isfinite(number):
                yield f"{label(element)} ({number})"


def _set(end: Any, model: Any) -> bool:
    """Whether something else gives the stoichiometry of a species reference."""
    if not end.isSetIdAttribute():
        return False
    id = end.getIdAttribute()
    return model.getInitialAssignmentBySymbol(id) is not None or model.getRule(id) is not None


def _repeated(elements: Elements) -> Iterator[str]:
    for reaction in elements["reactions"]:
        for ends in (reaction.getListOfReactants(), reaction.getListOfProducts()):
            species = [end.getSpecies() for end in ends]
            if len(set(species)) < len(species):
                yield label(reaction)
                break


def _rare(elements: Elements) -> Iterator[str]:
    own = {f.getId() for f in elements["function definitions"]}
    for reaction, law in zip(elements["reactions"], elements.laws, strict=True):
        if found := (names(law) & _RARE) - own:
            yield f"{label(reaction)} ({', '.join(sorted(found))})"
    for kind in ("rules", "initial assignments", "function definitions"):
        for element in elements[kind]:
            if found := (names(formula(element)) & _RARE) - own:
                yield f"{label(element)} ({', '.join(sorted(found))})"
