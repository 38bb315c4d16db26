"""What is legal SBML but read differently, or not at all, by some of the tools that open it."""

from __future__ import annotations

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
    ]


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
