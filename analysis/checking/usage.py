"""What nothing refers to, and what refers to nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...simulation.sbml.starts import stoichiometry
from .elements import Elements, formula, label, locals_of, names
from .report import Finding, about

# Packages whose references say how something is shown or sorted, not that it is needed.
_SHOWING = ("groups", "layout", "render", "annot")


def usage(elements: Elements, text: str) -> list[Finding]:
    """Return findings on elements without use.

    Parameters
    ----------
    elements : Elements
        Of the document.
    text : str
        The document, for what other packages refer to.
    """
    model = elements.model
    used = _in_formulas(elements) | _elsewhere(text)
    targets = {r.getVariable() for r in elements["rules"] if not r.isAlgebraic()}
    for event in elements["events"]:
        targets |= {a.getVariable() for a in event.getListOfEventAssignments()}
    factors = {s.getConversionFactor() for s in elements["species"]} | {model.getConversionFactor()}
    ends = {e.getSpecies() for e in (*elements["reactants and products"], *elements["modifiers"])}
    housed = {s.getCompartment() for s in elements["species"]}
    return [
        *about(
            "note",
            "usage",
            "unused parameter",
            "Parameters that nothing refers to",
            (
                id
                for p in elements["parameters"]
                if (id := p.getId()) not in used | targets | factors
            ),
        ),
        *about(
            "note",
            "usage",
            "unused local parameter",
            "Parameters of kinetic laws that these do not use",
            _unused_locals(elements),
        ),
        *about(
            "note",
            "usage",
            "unused species",
            "Species that take part in nothing",
            (id for id in elements.species if id not in used | targets | ends),
        ),
        *about(
            "note",
            "usage",
            "unused compartment",
            "Compartments that hold nothing",
            (
                id
                for c in elements["compartments"]
                if (id := c.getId()) not in used | targets | housed
            ),
        ),
        *about(
            "note",
            "usage",
            "idle size",
            "Compartments whose size no formula uses: changing it changes nothing",
            _idle_sizes(elements, used | targets, housed),
        ),
        *about(
            "note",
            "usage",
            "unused function definition",
            "Function definitions that nothing calls",
            (id for f in elements["function definitions"] if (id := f.getId()) not in used),
        ),
        *about(
            "note",
            "usage",
            "unused unit definition",
            "Unit definitions that nothing is measured in",
            _unused_units(elements, text),
        ),
        *about(
            "note",
            "usage",
            "unchanging species",
            "Species that nothing changes, though they are not declared constant",
            _unchanging(elements, targets),
        ),
        *about(
            "warning",
            "usage",
            "no kinetic law",
            "Reactions without kinetic law do not happen",
            (label(r) for r in elements["reactions"] if r.getKineticLaw() is None),
        ),
        *about(
            "warning",
            "usage",
            "empty reaction",
            "Reactions that neither use nor make anything",
            (
                label(r)
                for r in elements["reactions"]
                if not r.getNumReactants() and not r.getNumProducts()
            ),
        ),
        *_groups(elements),
    ]


# -- references -----------------------------------------------------------------------------------


def _in_formulas(elements: Elements) -> set[str]:
    """Return every id that a formula refers to."""
    found: set[str] = set()
    for reaction, law in zip(elements["reactions"], elements.laws, strict=True):
        if law:
            local = locals_of(reaction.getKineticLaw())
            found |= names(law) - {p.getId() for p in local} if local else names(law)
    for kind in ("rules", "initial assignments", "constraints"):
        for element in elements[kind]:
            found |= names(formula(element))
    for element in _event_parts(elements):
        found |= names(formula(element))
    for definition in elements["function definitions"]:
        # It may call other functions; its own arguments are nobody else's.
        arguments = {
            definition.getArgument(i).getName() for i in range(definition.getNumArguments())
        }
        found |= names(formula(definition)) - arguments
    if elements.model.getLevel() == 2:
        for end in elements["reactants and products"]:
            if end.isSetStoichiometryMath():
                found |= names(formula(end.getStoichiometryMath()))
    return found


def _event_parts(elements: Elements) -> Iterator[Any]:
    for event in elements["events"]:
        parts = (event.getTrigger(), event.getDelay(), event.getPriority())
        yield from (part for part in parts if part is not None)
        yield from event.getListOfEventAssignments()


_FOREIGN = re.compile(r"""\s(\w+):\w+\s*=\s*["'](\w+)["']""")


def _elsewhere(text: str) -> set[str]:
    """Return ids that attributes of other packages hold, such as the bounds of fluxes."""
    return {id for prefix, id in _FOREIGN.findall(text) if prefix not in _SHOWING}


def _unused_locals(elements: Elements) -> Iterator[str]:
    for reaction, law in zip(elements["reactions"], elements.laws, strict=True):
        kinetic = reaction.getKineticLaw()
        local = [] if kinetic is None else locals_of(kinetic)
        if local:
            known = names(law)
            yield from (f"{label(reaction)}: {p.getId()}" for p in local if p.getId() not in known)


def _idle_sizes(elements: Elements, used: set[str], housed: set[str]) -> Iterator[str]:
    """Yield compartments whose species are amounts and whose size is in no formula."""
    concentrations = {
        s.getCompartment() for s in elements["species"] if not s.getHasOnlySubstanceUnits()
    }
    for compartment in elements["compartments"]:
        id = compartment.getId()
        if id in housed and id not in used | concentrations:
            yield id


_UNIT = re.compile(r"""\s(?:\w+:)?\w*[uU]nits\s*=\s*["'](\w+)["']""")


def _unused_units(elements: Elements, text: str) -> Iterator[str]:
    known = set(_UNIT.findall(text))
    if elements.model.getLevel() < 3:  # redefining a built-in one is to use it
        known |= {"substance", "volume", "area", "length", "time"}
    return (id for u in elements["unit definitions"] if (id := u.getId()) not in known)


def _unchanging(elements: Elements, targets: set[str]) -> Iterator[str]:
    changed = set(targets)
    for reaction in elements["reactions"]:
        net: dict[str, float] = {}
        for sign, ends in (
            (-1.0, reaction.getListOfReactants()),
            (1.0, reaction.getListOfProducts()),
        ):
            for end in ends:
                if end.isSetIdAttribute() or not end.isSetStoichiometry():
                    changed.add(end.getSpecies())  # something may set it
                else:
                    species = end.getSpecies()
                    net[species] = net.get(species, 0.0) + sign * stoichiometry(end)
        changed |= {species for species, sum in net.items() if sum}
    for id, species in elements.species.items():
        fixed = species.getConstant() or species.getBoundaryCondition()
        if id not in changed and not fixed:
            yield id


# -- groups ---------------------------------------------------------------------------------------


def _groups(elements: Elements) -> Iterator[Finding]:
    empty: list[str] = []
    dangling: dict[str, None] = {}
    known = _known(elements) if elements["groups"] else set()
    for group in elements["groups"]:
        if not group.getNumMembers():
            empty.append(label(group))
        for member in group.getListOfMembers():
            wanted = member.getIdRef() if member.isSetIdRef() else f"#{member.getMetaIdRef()}"
            if wanted not in known:
                dangling[f"{label(group)}: {wanted.lstrip('#') or 'nothing'}"] = None
    yield from about("note", "usage", "empty group", "Groups without members", empty)
    yield from about(
        "warning", "usage", "dangling member", "Members of groups that do not exist", dangling
    )


def _known(elements: Elements) -> set[str]:
    """Return every id, and every metaid behind a ``#``; libSBML would search anew for each."""
    found: set[str] = set()
    everything = elements.model.getListOfAllElements()
    for element in (everything.get(index) for index in range(everything.getSize())):
        if element.isSetIdAttribute():
            found.add(element.getIdAttribute())
        if element.isSetMetaId():
            found.add(f"#{element.getMetaId()}")
    return found
