"""What has to be known of a document before simulators are compared on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import libsbml

from ...simulation.apart import Question, ask
from ...simulation.engines.base import Loaded
from ...simulation.sbml.formula_text import names
from ...simulation.sbml.model import SbmlError, SbmlModel
from .constructs import constructs
from .switches import switches

_HERE: Final = ".analysis.comparing.survey"


@dataclass(frozen=True)
class Survey:
    """A document looked over.

    Attributes
    ----------
    constructs : tuple
        What it uses that not every simulator has, each with an example.
    switches : tuple of float
        When formulas jump by the clock.
    moving : frozenset of str
        Ids of what depends on how the model's state changes.
    """

    constructs: tuple[tuple[str, str], ...]
    switches: tuple[float, ...]
    moving: frozenset[str]


def survey_apart(loaded: Loaded, end: float, *, limit: float | None = None) -> Survey:
    """Look a model's document over in a process of its own, unless we wrote it ourselves.

    Raises
    ------
    ApartError
        If libSBML crashes on it, or takes longer than ``limit`` seconds.
    """
    if loaded.network is not None:
        return survey(loaded, end)
    asked = {"sbml": loaded.sbml, "model": loaded.model.to_data(), "end": end}
    found = ask(Question(_HERE, asked, limit))
    return Survey(
        tuple((name, where) for name, where in found["constructs"]),
        tuple(found["switches"]),
        frozenset(found["moving"]),
    )


def answer(question: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was found as data."""
    model = SbmlModel.from_data(question["model"])
    found = survey(Loaded(question["sbml"], model), question["end"])
    return {
        "constructs": found.constructs,
        "switches": found.switches,
        "moving": sorted(found.moving),
    }


def survey(loaded: Loaded, end: float) -> Survey:
    """Look a model's document over, up to the time ``end``."""
    document = libsbml.readSBMLFromString(loaded.sbml)
    document.expandFunctionDefinitions()
    promoting = libsbml.ConversionProperties()
    promoting.addOption("promoteLocalParameters", True)
    document.convert(promoting)
    used = constructs(document.getModel())
    _flatten(document)
    model = document.getModel()
    jumps = switches(model, _constants(model, loaded), end) if loaded.model.timed else ()
    return Survey(used, jumps, _moving(model, loaded))


def _flatten(document: Any) -> None:
    """Make one model of a model and its submodels; where that fails, all stays as it was."""
    if document.getModel().getPlugin("comp") is None:
        return
    flattening = libsbml.ConversionProperties()
    flattening.addOption("flatten comp", True)
    document.convert(flattening)


def _constants(model: Any, loaded: Loaded) -> dict[str, float]:
    """Return the value of everything that stays as it is during a run."""
    try:
        found, _ = loaded.model.initial({})
    except SbmlError:  # something has no value; that is for the simulators to say
        return {}
    was_local = [p for p in model.getListOfParameters() if p.getId() not in loaded.model.parameters]
    return found | {p.getId(): p.getValue() for p in was_local}


def _moving(model: Any, loaded: Loaded) -> frozenset[str]:
    """Return ids of what depends on how the state changes; sums that are kept do not."""
    set_by_events = {
        assignment.getVariable()
        for event in model.getListOfEvents()
        for assignment in event.getListOfEventAssignments()
    }
    rated = {rule.getVariable() for rule in model.getListOfRules() if rule.isRate()}
    declared = loaded.model
    still = {s.getId() for s in model.getListOfSpecies() if _is_still(s)}
    reacting = {
        end.getSpecies()
        for reaction in model.getListOfReactions()
        for end in (*reaction.getListOfReactants(), *reaction.getListOfProducts())
    } - still
    moving = set_by_events | rated | reacting
    moving |= {reaction.getId() for reaction in model.getListOfReactions()}
    rules = [r for r in model.getListOfRules() if r.isAssignment() and r.getMath() is not None]
    rest = {rule.getVariable(): names(rule.getMath()) for rule in rules}
    kept = {
        id
        for id, weights in declared.sums.items()
        if not (weights.keys() & (set_by_events | rated)) and _is_kept(weights, declared.reactions)
    }
    while True:
        more = {id for id, used in rest.items() if id not in kept and used & moving} - moving
        if not more:
            return frozenset(moving)
        moving |= more


def _is_still(species: Any) -> bool:
    """Tell whether no reaction changes a species."""
    return species.getBoundaryCondition() or species.getConstant()


def _is_kept(
    weights: dict[str, float], reactions: tuple[tuple[tuple[str, float], ...], ...]
) -> bool:
    """Tell whether no reaction changes a weighted sum of amounts."""
    return not any(
        abs(sum(weights.get(id, 0.0) * amount for id, amount in reaction)) > 1e-9
        for reaction in reactions
    )
