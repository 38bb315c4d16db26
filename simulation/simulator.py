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
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from ..network.network import Network
from .courses import Course, Outputs
from .engines import DETERMINISTIC, Loaded, Tolerances, UnsupportedError, engine_named
from .engines.base import EngineError, TooFineError, Vector
from .experiments.experiments import EQUILIBRATION, Experiment, exposure
from .load import load
from .periods import Preparation, SimulationError
from .resting import CellsAtRest
from .sbml.model import SbmlModel, UnknownNameError, near
from .steady_state import SteadyState
from .times import ModelTimes

if TYPE_CHECKING:
    import xarray as xr
    from pysb import Model

__all__ = ["Course", "SimulationError", "Simulator", "exposure", "load"]

# In what results of SBML of others may come.
UNITS_OF_RESULTS: Final = ("own", "nM", "file")
# How many times coarser than at their best absolute tolerances may become, one after the other.
_SLACKS: Final = (1.0, 1e4)
# How often and how much finer they may become.
_REFINEMENTS: Final = 3
_FINEST: Final = 1e-16


class _Ran(NamedTuple):
    """What a run gave: numbers, how cells rested, and the values at its end."""

    numbers: Vector
    rest: SteadyState | None
    settable: dict[str, float]


class Simulator:
    """A model in a simulation engine. Long, since most of it says what goes in and comes out.

    Parameters
    ----------
    model : Loaded, Network, pysb.Model, str or Path
        What :func:`.load.load` takes, or gave.
    observables : sequence of str, optional
        What to record: observables, expressions, species (by id or pattern), parameters, reactions
        (how fast they go). By default all observables and expressions that the model declares; of
        an SBML file of others all that varies.
    engine : str
        One of :data:`.engines.ENGINES`.
    method : str
        ``"ode"``, or ``"ssa"`` for molecules one by one, where the engine can.
    tolerances : Tolerances, optional
        How exactly to integrate.
    cache : bool
        Whether cells at rest are kept in the cache folder.
    units : str
        ``"nM"`` for concentrations in nM and times in seconds, which is what our own models have
        always; ``"own"`` for those of the file, in which bare numbers are times as well; ``"file"``
        for what symbols mean in the file's own formulas, of our models too.
    runs : int, optional
        How many are ahead, if that is known: an engine that may compile a model does so for many.

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
        units: str = "own",
        runs: int | None = None,
    ) -> None:
        if units not in UNITS_OF_RESULTS:
            raise ValueError(f"Results come in {' or '.join(UNITS_OF_RESULTS)}, not in {units!r}.")
        kind = engine_named(engine)
        if method not in kind.methods:
            raise UnsupportedError(
                f"The engine {engine!r} cannot do {method!r}; it can {', '.join(kind.methods)}."
            )
        stochastic = method != DETERMINISTIC
        self.loaded = model if isinstance(model, Loaded) else load(model, irreversible=stochastic)
        declared = self.loaded.model
        asked = list(declared.shown) if observables is None else list(observables)
        nanomolar = units == "nM" or (declared.nanomolar and units != "file")
        self._outputs = Outputs(
            declared, {name: declared.output(name) for name in asked}, nanomolar=nanomolar
        )
        if "time" in self._outputs.ids.values():
            raise SimulationError(
                f"Model {declared.id!r} has the id 'time', which the engine takes for time itself; "
                "give it another id in the file, or name other observables."
            )
        if not self._outputs.ids:
            raise SimulationError(
                f"Nothing in model {declared.id!r} varies. Name what to record: a species, a "
                "parameter or a reaction."
            )
        if stochastic and not set(declared.fluxes).isdisjoint(self._outputs.ids.values()):
            raise UnsupportedError(
                "Molecules react one by one, so that there is no rate of a reaction to record; "
                "name other observables, or take the method 'ode'."
            )
        self.method = method
        self.tolerances = tolerances or Tolerances()
        extra: dict[str, Any] = {"method": method} if stochastic else {}
        if kind.compiles:
            extra["runs"] = runs
        self.engine = kind(self.loaded, self._outputs.recorded, self.tolerances, **extra)
        self._preparation = Preparation(declared)
        self._times = ModelTimes(declared, own=not nanomolar)
        self._resting = CellsAtRest(self.engine, self._times.second, cache=cache)

    @property
    def model(self) -> SbmlModel:
        """What the model declares."""
        return self.loaded.model

    @property
    def time_unit(self) -> str:
        """Unit of times in results; empty where an SBML file of others names none."""
        return self._times.unit

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
            Each observable over ``time``, with its unit as the attribute ``units``. Of our own
            models, and where it was asked for, times are seconds, and amounts of species that share
            a compartment become concentrations in nM; of SBML of others, times and values are in
            the file's units, and a species is an amount or a concentration as its symbol is there.
            The attribute ``rest`` tells, where cells came to rest first, how still they were. A
            species named ``time`` is ``time_`` there.

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
            self._times.shown(experiment),
            {name: self._outputs.about(name) for name in self._outputs.ids},
            numbers,
            about,
            self.time_unit,
        )

    def values(self, experiment: Experiment, *, seed: int = 0) -> Vector:
        """Run an experiment and return numbers alone, of shape (times, observables).

        Units, meaning and errors are those of :meth:`run`.
        """
        return self._run(experiment, seed).numbers

    def final(self, experiment: Experiment) -> tuple[dict[str, float], Vector]:
        """Run an experiment and return all values and the state at its end, in the model's units.

        The engine is left there. Errors are those of :meth:`run`.
        """
        settable = self._run(experiment, 0).settable
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

    def _run(self, experiment: Experiment, seed: int) -> _Ran:
        """Run with absolute tolerances that suit all that is recorded.

        Where a part that starts from nothing is set going by a jump, the finest step there is may
        be too coarse for its tolerance. And where much more of something was possible than came of
        it, its tolerance was too coarse.
        """
        *fine, coarse = _SLACKS if self.tolerances.absolute is None else (1.0,)
        for slack in fine:
            self.engine.slack = slack
            with suppress(TooFineError):
                return self._refined(experiment, seed, self._attempt(experiment, seed))
        self.engine.slack = coarse
        return self._attempt(experiment, seed)

    def _refined(self, experiment: Experiment, seed: int, found: _Ran) -> _Ran:
        """Return what was found, or better where tolerances were too coarse for it."""
        for _ in range(_REFINEMENTS):
            blur = self.engine.blur
            if blur <= 1.0:
                break
            self.engine.slack = max(self.engine.slack / blur, _FINEST)
            try:
                found = self._attempt(experiment, seed)
            except EngineError:
                break  # what is so little cannot be known better
        return found

    def _attempt(self, experiment: Experiment, seed: int) -> _Ran:
        periods = list(experiment.periods)
        given: dict[str, float] = {}
        settable: dict[str, float] = {}
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
        times = self._times.looked(experiment)
        starts = [self._times.moment(period.start) for period in periods]
        ends = [*starts[1:], math.inf]
        parts: list[Vector] = []
        for index, (period, start, end) in enumerate(zip(periods, starts, ends, strict=True)):
            if state is None:
                given = self._preparation.started(period, given)
                settable, now = self._preparation.begin(given)
            else:
                period = self._preparation.computed(period, settable, state, start)
                given = self._preparation.given(period, given)
                settable, _ = self._preparation.begin(given)
                now = self._preparation.placed(period, settable, state)
            now = self._preparation.changed(period, settable, now)
            if index == 0:
                self.engine.start(settable, now, start)
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
            reached = float(np.max([starts[-1], *times[:-1]]))
            rest = self._resting.find(settable, self.engine.state, reached)
            ended = np.array([reached + rest.time])
            parts.append(self._outputs.scaled(self.engine.integrate(ended), settable))
        return _Ran(np.concatenate(parts), rest, settable)

    def _stretch(
        self, wanted: Vector, start: float, end: float, settable: Mapping[str, float]
    ) -> Vector:
        """Integrate from the start of a period to its end, or to the last time wanted."""
        points = list(wanted)
        if np.isfinite(end):
            end = max(start, self.engine.eve(end))
            if not points or points[-1] < end:
                points.append(end)
        if not points:
            return np.empty((0, len(self._outputs.ids)))
        found = self.engine.integrate(np.array(points))
        return self._outputs.scaled(found[: len(wanted)], settable)
