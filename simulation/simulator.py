"""The one door to every simulation engine: experiments in, tables with units out.

    >>> simulator = Simulator("rapamycin", ["MTORC1_RAPA"])
    >>> course = simulator.run(exposure(["1 h", "24 h"], doses={"RAPA_medium": "20 nM"}))
    >>> course.MTORC1_RAPA.attrs["units"]
    'nM'

A :class:`Simulator` holds one model in one engine and runs any number of experiments on it. Nothing
of one run lingers in the next: each begins with all values and amounts set anew. Cells at rest are
kept, one for each set of conditions, in memory and in the cache folder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..network.network import Network
from ..network.units.quantities import NANOMOLAR, SECOND
from .courses import Course, Outputs
from .engines import DETERMINISTIC, Loaded, Tolerances, UnsupportedError, engine_named
from .engines.base import Vector
from .experiments.experiments import EQUILIBRATION, Experiment, exposure
from .load import load
from .periods import Preparation, SimulationError, concentration_unit
from .resting import CellsAtRest
from .sbml.model import SbmlModel, UnknownNameError, near
from .steady_state import SteadyState

if TYPE_CHECKING:
    import xarray as xr
    from pysb import Model

__all__ = ["Course", "SimulationError", "Simulator", "exposure", "load"]


class Simulator:
    """A model in a simulation engine.

    Long, since one run is handed out in four ways: as a table, a course, numbers, or its end.

    Parameters
    ----------
    model : Loaded, Network, pysb.Model, str or Path
        What :func:`.load.load` takes, or gave.
    observables : sequence of str, optional
        What to record: observables, expressions, species (by id or pattern), parameters. By default
        all observables and expressions that the model declares.
    engine : str
        One of :data:`.engines.ENGINES`.
    method : str
        ``"ode"``, or ``"ssa"`` for molecules one by one, where the engine can.
    tolerances : Tolerances, optional
        How exactly to integrate.
    cache : bool
        Whether cells at rest are kept in the cache folder.

    Raises
    ------
    UnsupportedError
        If there is no such engine, or it cannot do what is asked.
    UnknownNameError
        If the model has no such observable.
    """

    def __init__(
        self,
        model: Loaded | Network | Model | str | Path,
        observables: Sequence[str] | None = None,
        *,
        engine: str = "roadrunner",
        method: str = DETERMINISTIC,
        tolerances: Tolerances | None = None,
        cache: bool = True,
    ) -> None:
        kind = engine_named(engine)
        if method not in kind.methods:
            raise UnsupportedError(
                f"The engine {engine!r} cannot do {method!r}; it can {', '.join(kind.methods)}."
            )
        stochastic = method != DETERMINISTIC
        self.loaded = model if isinstance(model, Loaded) else load(model, irreversible=stochastic)
        declared = self.loaded.model
        asked = list(declared.outputs) if observables is None else list(observables)
        self._outputs = Outputs(declared, {name: declared.output(name) for name in asked})
        if "time" in self._outputs.ids:
            raise SimulationError(
                f"Model {declared.id!r} calls something 'time', which is what results are over; "
                "name other observables."
            )
        if not self._outputs.ids:
            raise SimulationError(f"Model {declared.id!r} has no observables; name a species.")
        self.method = method
        self.tolerances = self._tolerances(tolerances or Tolerances())
        extra = {"method": method} if stochastic else {}
        self.engine = kind(self.loaded, list(self._outputs.ids.values()), self.tolerances, **extra)
        self._preparation = Preparation(declared)
        # The model's own unit of time; without one its numbers are taken for seconds.
        self._second = SECOND.factor_to(declared.time_unit) if declared.time_unit else 1.0
        self._resting = CellsAtRest(self.engine, self._second, cache=cache)

    def _tolerances(self, given: Tolerances) -> Tolerances:
        """Return tolerances that suit the smallest room: a trace in a dish fills a cell.

        They rest on the highest concentration at the start, or on 1 nM where all starts at zero.
        """
        if given.absolute is not None:
            return given
        settable, state = self.model.initial({})
        volume = {
            id: settable[species.compartment]
            for id, species in self.model.species.items()
            if settable.get(species.compartment, 0.0) > 0 and id in state
        }
        dense = max((abs(state[id]) / volume[id] for id in volume), default=0.0)
        if dense == 0.0:
            units = (
                concentration_unit(self.model, id) for id in volume if self._outputs.dissolved(id)
            )
            dense = max((NANOMOLAR.factor_to(unit) for unit in units if unit), default=0.0)
        if dense == 0.0:
            return given
        return replace(given, absolute=given.relative * 1e-4 * dense * min(volume.values()))

    @property
    def model(self) -> SbmlModel:
        """What the model declares."""
        return self.loaded.model

    @property
    def observables(self) -> tuple[str, ...]:
        """What is recorded."""
        return tuple(self._outputs.ids)

    @property
    def units(self) -> dict[str, str]:
        """Unit of each of :attr:`observables` that has one."""
        about = {name: self._outputs.about(name) for name in self._outputs.ids}
        return {name: told["units"] for name, told in about.items() if "units" in told}

    def run(
        self,
        experiment: Experiment,
        observables: Sequence[str] | None = None,
        *,
        seed: int = 0,
    ) -> xr.Dataset:
        """Run an experiment.

        Parameters
        ----------
        experiment : Experiment
            What is done, and when one looks.
        observables : sequence of str, optional
            Some of :attr:`observables`; by default all.
        seed : int
            Of the random numbers of a stochastic method.

        Returns
        -------
        xarray.Dataset
            Each observable over ``time`` in seconds, with its unit as the attribute ``units``.
            Amounts of species that share a compartment become concentrations in nM. The attribute
            ``rest`` of the dataset tells, where cells came to rest first, how still they were.

        Raises
        ------
        SimulationError
            If the experiment does not fit the model.
        NoSteadyStateError
            If cells never come to rest where they should.
        EngineError
            If integration fails.
        """
        chosen = self._chosen(observables)
        course = self.course(experiment, seed=seed)
        places = {name: place for place, name in enumerate(self._outputs.ids)}
        return course.dataset([places[name] for name in chosen])

    def course(self, experiment: Experiment, *, seed: int = 0) -> Course:
        """Run an experiment and return what :meth:`run` does, without xarray.

        The meaning of the arguments, and the errors, are those of :meth:`run`.
        """
        numbers, rest, _ = self._run(experiment, seed)
        about: dict[str, Any] = {
            "title": experiment.name,
            "model": self.model.id,
            "engine": f"{self.engine.name} {self.engine.version}",
            "method": self.method,
        }
        if rest is not None:
            about["rest"] = {key: v for key, v in asdict(rest).items() if key != "state"}
        return Course(
            np.array(experiment.times, dtype=float),
            {name: self._outputs.about(name) for name in self._outputs.ids},
            numbers,
            about,
        )

    def values(self, experiment: Experiment, *, seed: int = 0) -> Vector:
        """Run an experiment and return numbers alone, of shape (times, observables).

        Units, meaning and errors are those of :meth:`run`.
        """
        return self._run(experiment, seed)[0]

    def ended(self, experiment: Experiment) -> tuple[dict[str, float], Vector]:
        """Run an experiment and return all values and the state at its end, in the model's units.

        The engine is left there. Errors are those of :meth:`run`.
        """
        _, _, settable = self._run(experiment, 0)
        return settable, self.engine.state

    def read(self, values: Mapping[str, float], state: Vector) -> Vector:
        """Return each of :attr:`observables` for given values and a state at time 0."""
        self.engine.start(values, state, 0.0)
        return self._outputs.scaled(self.engine.integrate(np.zeros(1)), values)[0]

    def _chosen(self, observables: Sequence[str] | None) -> Sequence[str]:
        chosen = self.observables if observables is None else observables
        for name in chosen:
            if name not in self._outputs.ids:
                raise UnknownNameError(
                    f"{name!r} is not among what is recorded.{near(name, self._outputs.ids)}"
                )
        return chosen

    # -- running ----------------------------------------------------------------------------------

    def _run(
        self, experiment: Experiment, seed: int
    ) -> tuple[Vector, SteadyState | None, dict[str, float]]:
        periods = list(experiment.periods)
        given: dict[str, float] = {}
        rest = None
        state: Vector | None = None
        if periods[0].start == EQUILIBRATION:
            given = self._preparation.started(periods[0], given)
            settable, begun = self._preparation.begin(given)
            state = self._preparation.changed(periods[0], settable, begun)
            if self.method != DETERMINISTIC:
                raise SimulationError(
                    "Cells simulated molecule by molecule never come to rest; start without "
                    "pre-equilibration, or from amounts that an ODE engine found."
                )
            rest = self._resting.started(settable, state)
            state = rest.state
            periods.pop(0)
        if self.method != DETERMINISTIC:
            self.engine.random(seed)
        times = np.array(experiment.times, dtype=float)
        starts = [float(period.start) for period in periods]
        ends = [*starts[1:], math.inf]
        parts: list[Vector] = []
        settable: dict[str, float] = {}
        for index, (period, start, end) in enumerate(zip(periods, starts, ends, strict=True)):
            if state is None:
                given = self._preparation.started(period, given)
                settable, now = self._preparation.begin(given)
            else:
                given = self._preparation.given(period, given)
                settable, _ = self._preparation.begin(given)
                now = self._preparation.placed(period, settable, state)
            now = self._preparation.changed(period, settable, now)
            if index == 0:
                self.engine.start(settable, now, start * self._second)
            else:
                self.engine.change(settable, now)
            wanted = times[(times >= start) & (times < end)]
            parts.append(self._stretch(wanted, start, end, settable))
            if not np.isfinite(end):
                break
            state = self.engine.state
        if times[-1] == math.inf:
            if self.method != DETERMINISTIC:
                raise SimulationError(
                    "A stochastic run has no steady state; give a last time that is finite."
                )
            reached = float(np.max([starts[-1], *times[:-1]])) * self._second
            rest = self._resting.find(settable, self.engine.state, reached)
            ended = np.array([reached + rest.time])
            parts.append(self._outputs.scaled(self.engine.integrate(ended), settable))
        return np.concatenate(parts), rest, settable

    def _stretch(
        self, wanted: Vector, start: float, end: float, settable: Mapping[str, float]
    ) -> Vector:
        """Integrate from the start of a period to its end, or to the last time wanted."""
        points = list(wanted)
        if np.isfinite(end) and (not points or points[-1] < end):
            points.append(end)
        if not points:
            return np.empty((0, len(self._outputs.ids)))
        found = self.engine.integrate(np.array(points) * self._second)
        return self._outputs.scaled(found[: len(wanted)], settable)
