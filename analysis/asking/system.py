"""A model's equations at the end of one experiment: where it is, and how it would move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import xarray as xr

from ...simulation import steady_state
from ...simulation.engines import Engine, EngineError, Loaded, Tolerances
from ...simulation.engines.base import Vector
from ...simulation.sbml.model import SbmlModel
from ...simulation.scans import from_text
from ...simulation.scans.from_text import Words
from ...simulation.simulator import Simulator
from ...simulation.steady_state import NoSteadyStateError
from .grid import AnalysisError
from .readouts import Readouts

# What sums of fluxes may differ by from the same rates.
_ROUNDING: Final = 1e-9


class NoRestError(AnalysisError):
    """The experiment fails, for instance since the model never comes to rest."""


@dataclass(frozen=True)
class System:
    """Equations of a model with values, and a state.

    Attributes
    ----------
    simulator : Simulator
        What computes rates; it may be moved.
    values : mapping
        Of all settable parameters, in the model's units.
    state : array
        In the order of the model's ``state_ids``, with amounts for species.
    """

    simulator: Simulator
    values: Mapping[str, float]
    state: Vector

    @property
    def engine(self) -> Engine:
        """What computes rates."""
        return self.simulator.engine

    def rates(self, state: Vector) -> Vector:
        """Return how fast each part of a state changes."""
        self.engine.change(self.values, state)
        return self.engine.rates()

    def looked_at(
        self, readouts: Readouts, values: Sequence[Mapping[str, float]], states: Vector
    ) -> xr.Dataset:
        """Return the readouts of states, a row each with its own values, over ``point``."""
        names = self.simulator.observables
        numbers = [self.simulator.read(*each) for each in zip(values, states, strict=True)]
        found = np.array(numbers).reshape(len(states), len(names))
        units = self.simulator.units
        data = {
            name: xr.DataArray(found[:, column], dims="point", attrs={"units": units.get(name, "")})
            for column, name in enumerate(names)
        }
        return readouts.of(data)

    def jacobian(self, state: Vector) -> Vector:
        """Return how fast each part of a state changes with each other."""
        return steady_state.slopes(self.engine, self.values, state)


def check_reactions_alone(model: SbmlModel) -> None:
    """Refuse a model that more than reactions moves, whose rest does not follow from their rates.

    Raises
    ------
    AnalysisError
        If it has events, explicit time or rate rules.
    """
    ruled = [*model.species.values(), *model.parameters.values()]
    if model.events or model.timed or any(each.rule == "rate" for each in ruled):
        raise AnalysisError(
            f"Model {model.id!r} has events, explicit time or rate rules; this is for models that "
            "reactions alone move."
        )


def check_numbers_of_molecules(system: System) -> None:
    """Refuse reactions that take or give other numbers than the model tells.

    A stoichiometry or a conversion factor may follow a formula, or be set.

    Raises
    ------
    AnalysisError
        If the rates of reactions, times what each changes, are not how fast the state does.
    """
    # Only here: it takes long to load, and networks do without.
    from ...simulation.engines.roadrunner import RoadRunnerEngine

    engine, loaded = system.engine, system.engine.loaded
    if not isinstance(engine, RoadRunnerEngine) or loaded.network is not None:
        return
    state = loaded.scale * np.random.default_rng(0).uniform(0.5, 1.5, len(system.state))
    rates = system.rates(state)
    terms = loaded.changes[:, : len(engine.reactions)] * engine.fluxes()
    missed = np.abs(terms.sum(axis=1) - rates)
    wrong = missed > _ROUNDING * (np.abs(terms).sum(axis=1) + np.abs(rates))
    if wrong.any():
        id = loaded.model.state_ids[int(np.argmax(wrong))]
        raise AnalysisError(
            f"What reactions of model {loaded.model.id!r} do to {id!r} follows a formula or was "
            "set, as a stoichiometry or a conversion factor; this is for numbers that the file "
            "gives."
        )


def at_end(
    loaded: Loaded,
    words: Words,
    readouts: Readouts,
    *,
    fixed: Mapping[str, float] | None = None,
    tolerances: Tolerances | None = None,
) -> System:
    """Return a model as an experiment leaves it.

    Parameters
    ----------
    loaded : Loaded
        The model.
    words : Words
        One experiment; its last time may be ``inf``, for rest.
    readouts : Readouts
        What is looked at.
    fixed : mapping, optional
        A parameter set, in the model's units.
    tolerances : Tolerances, optional
        How exactly to integrate.

    Raises
    ------
    ScanError
        If words make no sense for this model.
    AnalysisError
        If they describe several experiments.
    NoRestError
        If the one fails.
    """
    told = replace(words, outputs=readouts.outputs)
    planned = from_text.scan(loaded.model, loaded.model.id, told, fixed)
    if planned.size > 1:
        raise AnalysisError(
            f"One experiment is asked for, and {planned.size} are described; give one value each, "
            "and one cell."
        )
    # An SBML file is no network, which the other engines need.
    engine = planned.engine if loaded.network is not None else "roadrunner"
    simulator = Simulator(loaded, list(planned.outputs), engine=engine, tolerances=tolerances)
    try:
        values, state = simulator.final(planned.experiment(planned.point(0)))
    except (EngineError, NoSteadyStateError) as error:
        raise NoRestError(str(error)) from None
    return System(simulator, values, state)
