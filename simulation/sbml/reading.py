"""Reading SBML, ours or anybody's, into an :class:`~.model.SbmlModel`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

import libsbml

from . import checks, formula_text, stoichiometries
from .formula_values import FormulaError
from .model import Parameter, SbmlError, SbmlModel, Species, digest
from .starts import references, starts, stoichiometry
from .unit_reading import Units


def read(text: str) -> SbmlModel:
    """Read an SBML text; see :func:`prepared`."""
    return prepared(text)[0]


def prepared(text: str, *, own: bool = False, sound: bool = False) -> tuple[SbmlModel, str]:
    """Read an SBML text, and make it ready for engines.

    Parameters
    ----------
    text : str
        The text.
    own : bool
        Whether our writer wrote it just now, so that libSBML need not check it.
    sound : bool
        Whether it is a model of the catalogue besides, which tests hold against all checks.

    Returns
    -------
    (SbmlModel, str)
        What it declares, and the text as the engines are to have it, which is the same for nearly
        every file.

    Raises
    ------
    SbmlError
        If it is not SBML, or holds what no engine of ours simulates.
    """
    document = checks.read(text)
    if not sound:
        checks.check(document, own=own)
    model = document.getModel()
    following = stoichiometries.follow(document)
    rewritten = [stoichiometries.loosen(document), stoichiometries.divide(document)]
    if following or any(rewritten):
        text = libsbml.writeSBMLToString(document)
    if model.getNumFunctionDefinitions():
        document.expandFunctionDefinitions()
    try:
        found = _model(model, text, following)
    except RecursionError:
        raise SbmlError(
            f"A formula of model {model.getId()!r} is nested too deeply to be read."
        ) from None
    except FormulaError as error:
        raise SbmlError(f"Model {model.getId()!r}: {error}") from None
    if not sound:
        checks.check_supported(document)
    return found, text


def _model(model: libsbml.Model, text: str, following: frozenset[str]) -> SbmlModel:
    units = Units(model)
    kinds: dict[str, str] = {}
    for event in model.getListOfEvents():
        for assignment in event.getListOfEventAssignments():
            kinds[assignment.getVariable()] = "event"
    rules: dict[str, libsbml.ASTNode] = {}
    for rule in model.getListOfRules():
        if rule.isAlgebraic():
            continue
        kinds[rule.getVariable()] = "rate" if rule.isRate() else "assignment"
        if rule.isAssignment() and rule.getMath() is not None:
            rules[rule.getVariable()] = rule.getMath()
    species = {
        s.getId(): Species(
            s.getId(),
            s.getName() or s.getId(),
            s.getCompartment(),
            amounts=s.getHasOnlySubstanceUnits(),
            rule=kinds.get(s.getId(), "").replace("event", ""),
            unit=units.substance(s),
            unit_id=units.said(units.substance_id(s)),
        )
        for s in model.getListOfSpecies()
    }
    needless = _needless(model, kinds)
    parameters = {
        c.getId(): Parameter(
            c.getId(),
            c.getSize() if c.isSetSize() else 1.0 if c.getId() in needless else None,
            compartment=True,
            sized=c.getId() not in needless,
            rule=kinds.get(c.getId(), ""),
            unit=units.volume(c),
            unit_id=units.said(units.size_id(c)),
        )
        for c in model.getListOfCompartments()
    }
    for p in model.getListOfParameters():
        parameters[p.getId()] = Parameter(
            p.getId(),
            p.getValue() if p.isSetValue() else None,
            rule=kinds.get(p.getId(), ""),
            unit=units.named(p.getUnits()),
            unit_id=p.getUnits(),
        )
    outright, starting = starts(model, species)
    observed = dict(_OBSERVABLE.findall(text))
    defined = dict.fromkeys((*observed, *rules))
    return SbmlModel(
        id=model.getId() or "model",
        sha256=digest(text),
        species=species,
        parameters=parameters,
        sums=_sums(rules, species),
        outputs=tuple(id for id in defined if id in species or id in parameters),
        aliases={name: id for id, name in observed.items() if name and id in species},
        varying=tuple(_varying(model, kinds, following)),
        amounts=outright,
        starts=starting,
        time_unit=units.time(),
        time_unit_id=units.said(units.time_id()),
        extent_unit_id=units.said(units.extent_id()),
        reactions=(*_changes(model), *_variable(model, kinds)),
        fluxes=tuple(r.getId() for r in model.getListOfReactions()),
        stoichiometries=tuple(r.getId() for _, _, r in references(model) if r.getId()),
        used=_used(text),
        events=model.getNumEvents() > 0,
        timed="symbols/time" in text,
        reversible=tuple(
            place for place, r in enumerate(model.getListOfReactions()) if r.getReversible()
        ),
        ours=_OURS in text,
    )


def _needless(model: libsbml.Model, kinds: Mapping[str, str]) -> frozenset[str]:
    """Return the compartments that have no size, and for which nothing depends on it."""
    without = {
        c.getId()
        for c in model.getListOfCompartments()
        if not c.isSetSize()
        and c.getId() not in kinds
        and model.getInitialAssignmentBySymbol(c.getId()) is None
    }
    if not without:
        return frozenset()
    named = frozenset().union(*(formula_text.names(node) for _, node in checks.formulas(model)))
    needed = {
        s.getCompartment()
        for s in model.getListOfSpecies()
        if s.isSetInitialConcentration()
        or (not s.getHasOnlySubstanceUnits() and s.getId() in named)
        # In a point, every symbol of a species means an amount.
        if model.getCompartment(s.getCompartment()).getSpatialDimensionsAsDouble() > 0
    }
    return frozenset(without - needed - named)


# What our own files say in their notes, whatever units they count in.
_OURS: Final = "<p>Generated by BioNetGen from "
# How they say what the observables are, and what one that is a species is called as such.
_OBSERVABLE: Final = re.compile(r'<observable id="(\w+)"(?: species="(\w+)")?/>')


def _varying(
    model: libsbml.Model, kinds: Mapping[str, str], following: frozenset[str]
) -> Iterator[str]:
    """Yield the ids of all that may change with time, species first."""
    # What a reaction takes moves as the parameter does that it follows, which is shown.
    moving = kinds.keys() - following
    for s in model.getListOfSpecies():
        if s.getId() in moving or not (s.getBoundaryCondition() or s.getConstant()):
            yield s.getId()
    for element in (
        *model.getListOfCompartments(),
        *model.getListOfParameters(),
        *(reference for _, _, reference in references(model)),
    ):
        if element.getId() in moving:
            yield element.getId()


def _sums(
    rules: Mapping[str, libsbml.ASTNode], species: Mapping[str, Species]
) -> dict[str, dict[str, float]]:
    known = {s.id: {s.id: 1.0} for s in species.values() if s.amounts and s.rule != "assignment"}
    sums: dict[str, dict[str, float]] = {}
    for target, node in rules.items():
        terms = formula_text.weights(node, known)
        if terms is not None:
            sums[target] = known[target] = terms
    return sums


def _changes(model: libsbml.Model) -> Iterator[tuple[tuple[str, float], ...]]:
    """Yield what each reaction does to amounts."""
    still = {
        s.getId() for s in model.getListOfSpecies() if s.getBoundaryCondition() or s.getConstant()
    }
    total: dict[str, dict[str, float]] = {r.getId(): {} for r in model.getListOfReactions()}
    factors = {s.getId(): _factor(model, s) or 1.0 for s in model.getListOfSpecies()}
    for reaction, sign, reference in references(model):
        id, own = reference.getSpecies(), total[reaction.getId()]
        own[id] = own.get(id, 0.0) + sign * stoichiometry(reference) * factors[id]
    for own in total.values():
        yield tuple(
            (id, amount) for id, amount in sorted(own.items()) if amount and id not in still
        )


def _variable(
    model: libsbml.Model, kinds: Mapping[str, str]
) -> Iterator[tuple[tuple[str, float], ...]]:
    """Yield, for each stoichiometry that is no number, what no sum of amounts can rely on."""
    for _, _, reference in references(model):
        species = model.getSpecies(reference.getSpecies())
        moved = reference.getId() in kinds or reference.isSetStoichiometryMath()
        if moved or _factor(model, species) is None:
            yield ((species.getId(), 1.0),)


def _factor(model: libsbml.Model, species: libsbml.Species) -> float | None:
    """Return by what extents of reactions are multiplied for a species; None if a formula says."""
    id = species.getConversionFactor() or model.getConversionFactor()
    if not id:
        return 1.0
    parameter = model.getParameter(id)
    if model.getInitialAssignmentBySymbol(id) is not None or not parameter.isSetValue():
        return None
    return parameter.getValue()


def _used(text: str) -> frozenset[str]:
    """Ids in formulas other than start values; the text is searched, which is fast."""
    rest = re.sub(
        r"<listOfInitialAssignments.*?</listOfInitialAssignments>", "", text, flags=re.DOTALL
    )
    return frozenset(re.findall(r"<(?:\w+:)?ci[^>]*>\s*(\w+)\s*</", rest))
