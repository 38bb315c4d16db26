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

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ..network.cache import cache_folder
from ..network.files import replacing
from ..network.network import Network
from ..network.units.quantities import NANOMOLAR, SECOND, QuantityError, Unit, convert
from . import steady_state
from .engines import DETERMINISTIC, Loaded, Tolerances, UnsupportedError, engine_named
from .engines.base import Vector
from .experiments.experiments import EQUILIBRATION, Experiment, Period, Seconds, exposure
from .load import load
from .sbml.model import SbmlModel, UnknownNameError, near
from .steady_state import SteadyState

if TYPE_CHECKING:
    import xarray as xr
    from pysb import Model

__all__ = ["SimulationError", "Simulator", "exposure", "load"]

# In what results of SBML of others may come.
UNITS_OF_RESULTS: Final = ("own", "nM")
# The first stretch in which rest is looked for, and when to give up: no cell waits for years.
_FIRST: Final = 3600.0
_LAST: Final = 1e9
# How many sorts of cells at rest are kept in memory.
_REMEMBERED: Final = 1000
# For how many sets of values start values are: neighbours in a sweep differ in doses alone.
_BEGUN: Final = 16
# Part of the key of cells at rest: raise it when the way they are found changes.
_FORMAT: Final = "2"


class SimulationError(ValueError):
    """An experiment that this model cannot undergo; the message says which part and why."""


@dataclass(frozen=True)
class Course:
    """What came out of an experiment.

    Attributes
    ----------
    times : array of shape (times,)
        In seconds, or in :attr:`time_unit`; ``inf`` is rest.
    observables : dict
        Attributes of each observable, its unit above all.
    values : array of shape (times, observables)
        Numbers.
    about : dict
        Title, model, engine and method, and where cells came to rest first, how still they were.
    time_unit : str
        Empty where the file names none.
    """

    times: Vector
    observables: Mapping[str, Mapping[str, str]]
    values: Vector
    about: Mapping[str, Any]
    time_unit: str = "s"

    def dataset(self, places: Sequence[int] | None = None) -> xr.Dataset:
        """Return it as :meth:`Simulator.run` does, of all observables or those at ``places``."""
        import xarray as xr  # which takes longer to load than a small model to run

        units = {"units": self.time_unit} if self.time_unit else {}
        names = list(self.observables)
        chosen = range(len(names)) if places is None else places
        return xr.Dataset(
            {
                names[place]: ("time", self.values[:, place], dict(self.observables[names[place]]))
                for place in chosen
            },
            coords={"time": ("time", self.times, {**units, "long_name": "time"})},
            attrs=dict(self.about),
        )


class Simulator:
    """A model in a simulation engine.

    Parameters
    ----------
    model : Loaded, Network, pysb.Model, str or Path
        What :func:`.loading.load` takes, or gave.
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
        always; ``"own"`` for those of the file, in which bare numbers are times as well.

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
        self._ids = {name: declared.output(name) for name in asked}
        if "time" in self._ids:
            raise SimulationError(
                f"Model {declared.id!r} calls something 'time', which is what results are over; "
                "name other observables."
            )
        if not self._ids:
            raise SimulationError(
                f"Nothing in model {declared.id!r} varies. Name what to record: a species, a "
                "parameter or a reaction."
            )
        if stochastic and not set(declared.fluxes).isdisjoint(self._ids.values()):
            raise UnsupportedError(
                "Molecules react one by one, so that there is no rate of a reaction to record; "
                "name other observables, or take the method 'ode'."
            )
        self.method = method
        self._nanomolar = declared.nanomolar or units == "nM"
        self.tolerances = self._tolerances(tolerances or Tolerances())
        extra = {"method": method} if stochastic else {}
        outputs = [*self._ids.values(), *self._rooms]
        self.engine = kind(self.loaded, outputs, self.tolerances, **extra)
        self._cache = cache
        self._rested: dict[str, SteadyState] = {}
        self._begun: dict[tuple[tuple[str, float], ...], tuple[dict[str, float], Vector]] = {}
        # The model's own unit of time; without one its numbers are taken for seconds.
        self._second = SECOND.factor_to(declared.time_unit) if declared.time_unit else 1.0
        # Where a file counts in seconds, they are ours.
        self._own_time = not self._nanomolar and declared.time_unit != SECOND

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
            units = (self._concentration_unit(id) for id in volume if self._dissolved(id))
            dense = max((NANOMOLAR.factor_to(unit) for unit in units if unit), default=0.0)
        if dense == 0.0:
            return given
        return replace(given, absolute=given.relative * 1e-4 * dense * min(volume.values()))

    @property
    def model(self) -> SbmlModel:
        """What the model declares."""
        return self.loaded.model

    @property
    def time_unit(self) -> str:
        """Unit of times in results; empty where an SBML file of others names none."""
        return self.model.time_unit_id if self._own_time else "s"

    @property
    def observables(self) -> tuple[str, ...]:
        """What is recorded."""
        return tuple(self._ids)

    @property
    def units(self) -> dict[str, str]:
        """Unit of each of :attr:`observables` that has one."""
        about = {name: self._about(name) for name in self._ids}
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
            The attribute ``rest`` tells, where cells came to rest first, how still they were.

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
        places = {name: place for place, name in enumerate(self._ids)}
        return course.dataset([places[name] for name in chosen])

    def course(self, experiment: Experiment, *, seed: int = 0) -> Course:
        """Run an experiment and return what :meth:`run` does, without xarray.

        The meaning of the arguments, and the errors, are those of :meth:`run`.
        """
        numbers, rest = self._run(experiment, seed)
        about: dict[str, Any] = {
            "title": experiment.name,
            "model": self.model.id,
            "engine": f"{self.engine.name} {self.engine.version}",
            "method": self.method,
        }
        if rest is not None:
            about["rest"] = {key: v for key, v in asdict(rest).items() if key != "state"}
        return Course(
            self._times(experiment) if self._own_time else np.array(experiment.times, dtype=float),
            {name: self._about(name) for name in self._ids},
            numbers,
            about,
            self.time_unit,
        )

    def values(self, experiment: Experiment, *, seed: int = 0) -> Vector:
        """Run an experiment and return numbers alone, of shape (times, observables).

        Units, meaning and errors are those of :meth:`run`.
        """
        return self._run(experiment, seed)[0]

    def _chosen(self, observables: Sequence[str] | None) -> Sequence[str]:
        chosen = self.observables if observables is None else observables
        for name in chosen:
            if name not in self._ids:
                raise UnknownNameError(
                    f"{name!r} is not among what is recorded.{near(name, self._ids)}"
                )
        return chosen

    # -- running ----------------------------------------------------------------------------------

    def _run(self, experiment: Experiment, seed: int) -> tuple[Vector, SteadyState | None]:
        periods = list(experiment.periods)
        given: dict[str, float] = {}
        rest = None
        state: Vector | None = None
        if periods[0].start == EQUILIBRATION:
            given = self._started(periods[0], given)
            settable, begun = self._begin(given)
            state = self._changed(periods[0], settable, begun)
            rest = self._at_rest(settable, state)
            state = rest.state
            periods.pop(0)
        if self.method != DETERMINISTIC:
            self.engine.random(seed)
        times = self._times(experiment)
        starts = [self._moment(period.start) for period in periods]
        ends = [*starts[1:], math.inf]
        parts: list[Vector] = []
        settable: dict[str, float] = {}
        for index, (period, start, end) in enumerate(zip(periods, starts, ends, strict=True)):
            if state is None:
                given = self._started(period, given)
                settable, now = self._begin(given)
            else:
                given = self._given(period, given)
                settable, _ = self._begin(given)
                now = self._placed(period, settable, state)
            now = self._changed(period, settable, now)
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
            rest = self._find_rest(settable, self.engine.state, reached)
            ended = np.array([reached + rest.time])
            parts.append(self._scaled(self.engine.integrate(ended), settable))
        return np.concatenate(parts), rest

    def _stretch(
        self, wanted: Vector, start: float, end: float, settable: Mapping[str, float]
    ) -> Vector:
        """Integrate from the start of a period to its end, or to the last time wanted."""
        points = list(wanted)
        if np.isfinite(end) and (not points or points[-1] < end):
            points.append(end)
        if not points:
            return np.empty((0, len(self._ids)))
        found = self.engine.integrate(np.array(points))
        return self._scaled(found[: len(wanted)], settable)

    def _times(self, experiment: Experiment) -> Vector:
        """Return when one looks, in the model's own time."""
        starts = [self._moment(p.start) for p in experiment.periods if p.start != EQUILIBRATION]
        times = [self._moment(time) for time in experiment.times]
        mixed = any(later <= earlier for row in (starts, times) for earlier, later in pairwise(row))
        if mixed or times[0] < starts[0]:
            raise SimulationError(
                f"Experiment {experiment.name!r}: times with a unit, turned into those of model "
                f"{self.model.id!r}, and times without one do not follow each other."
            )
        return np.array(times)

    def _moment(self, time: float | str) -> float:
        """Return a time of an experiment in the model's own time."""
        said = isinstance(time, Seconds) or not self._own_time
        return float(time) * self._second if said else float(time)

    # -- what a period does -----------------------------------------------------------------------

    def _started(self, period: Period, before: Mapping[str, float]) -> dict[str, float]:
        """Return all values with which everything starts, in the model's units."""
        given = self._given(period, before)
        moving = self._moving(period)
        if not moving:
            return given
        # A concentration becomes an amount through a volume, which may be set as well.
        volumes, _ = self._begin({**given, **dict.fromkeys(moving, 1.0)})
        return {**given, **self._numbers(moving, volumes)}

    def _given(self, period: Period, before: Mapping[str, float]) -> dict[str, float]:
        """Return all values set so far of what only experiments change, in the model's units."""
        given = dict(before)
        for target, value in period.values.items():
            parameter = self.model.parameters.get(target)
            if parameter is None or target in self.model.state_ids:
                continue
            if parameter.rule:
                raise SimulationError(
                    f"{target!r} is computed from others in model {self.model.id!r} and cannot be "
                    "set; set what it is computed from."
                )
            given[target] = self._number(target, value, {})
        return given

    def _moving(self, period: Period) -> dict[str, float | str]:
        """Return what a period sets of what also moves by itself: species above all."""
        moving: dict[str, float | str] = {}
        for target, value in period.values.items():
            if target in self.model.settable:
                continue
            id = self.model.changeable(target)
            if id in self.model.species:
                id = self._one_species(id, "set")
            if moving.setdefault(id, value) != value:
                raise SimulationError(
                    f"{target!r} is {id!r}, which is set to {moving[id]} as well; keep one."
                )
        return moving

    def _numbers(
        self, moving: Mapping[str, float | str], volumes: Mapping[str, float]
    ) -> dict[str, float]:
        return {id: self._number(id, value, volumes) for id, value in moving.items()}

    def _number(self, target: str, value: float | str, volumes: Mapping[str, float]) -> float:
        """Return a value in the model's unit for its target; ``volumes`` serve species."""
        try:
            if target in self.model.species:
                if isinstance(value, str):
                    return self._amount(target, convert(value, NANOMOLAR), volumes)
            elif isinstance(value, str):
                unit = self.model.parameters[target].unit
                if unit is None:
                    raise QuantityError(
                        f"the unit of {target!r} is not one that text can be turned into; give a "
                        "plain number in the model's own unit."
                    )
                return convert(value, unit)
        except QuantityError as error:
            raise SimulationError(f"{target!r} cannot be set to {value!r}: {error}") from None
        number = float(value)
        if not math.isfinite(number):
            raise SimulationError(f"{target!r} cannot be set to {value!r}; it is not finite.")
        if number < 0 and (target in self.model.species or self._compartment(target)):
            raise SimulationError(f"{target!r} cannot be set to {value!r}; it is negative.")
        return number

    def _begin(self, given: Mapping[str, float]) -> tuple[dict[str, float], Vector]:
        """Return all values and the start state; neither may be changed."""
        key = tuple(given.items())
        known = self._begun.get(key)
        if known is None:
            settable, amounts = self.model.initial(given)
            state = np.array(list(amounts.values()))
            self._check_start(given, state)
            known = self._begun[key] = settable, state
            if len(self._begun) > _BEGUN:
                del self._begun[next(iter(self._begun))]
        return known

    def _check_start(self, given: Mapping[str, float], state: Vector) -> None:
        """Refuse values that make a species start below zero, or a volume vanish."""
        for id, parameter in self.model.parameters.items():
            if parameter.compartment and id in given and not given[id] > 0:
                raise SimulationError(
                    f"{id!r} cannot be set to {given[id]:g}; a volume is above 0."
                )
        if not (state < 0).any() or not given:
            return
        for place in np.flatnonzero(state < 0):
            id = self.model.state_ids[place]
            if id in self.model.species and not self._own_start[place] < 0:
                below = [name for name, value in given.items() if value < 0]
                why = f"; {', '.join(map(repr, below))} is negative" if below else ""
                raise SimulationError(
                    f"With these values {id!r} starts at {state[place]:g}, below zero{why}."
                )

    @cached_property
    def _own_start(self) -> Vector:
        _, amounts = self.model.initial({})
        return np.array(list(amounts.values()))

    def _placed(self, period: Period, settable: Mapping[str, float], state: Vector) -> Vector:
        """Return the state with what this period sets of it."""
        now = state.copy()
        for id, number in self._numbers(self._moving(period), settable).items():
            now[self._places[id]] = number
        return now

    def _changed(self, period: Period, settable: Mapping[str, float], state: Vector) -> Vector:
        """Return the state after wash-outs and doses."""
        now = state.copy()
        for washout in period.washouts:
            for id in self._species(washout.species, "washed out"):
                now[self._places[id]] *= 1.0 - float(washout.fraction)
        for dose in period.doses:
            id = self._one_species(dose.species, "given")
            added = dose.amount
            if added is None:
                assert dose.concentration is not None
                added = self._amount(id, float(dose.concentration), settable)
            now[self._places[id]] += added
        return now

    def _species(self, written: str, what: str) -> tuple[str, ...]:
        try:
            ids = self.model.species_of(written)
        except UnknownNameError:
            if written in self.model.parameters:
                raise SimulationError(
                    f"{written!r} is a parameter of model {self.model.id!r}; only a species can "
                    f"be {what}."
                ) from None
            raise
        for id in ids:
            if self.model.species[id].rule:
                raise SimulationError(
                    f"{id!r} follows a rule in model {self.model.id!r} and cannot be {what}."
                )
        return ids

    def _one_species(self, written: str, what: str) -> str:
        first, *others = self._species(written, what)
        if others:
            raise SimulationError(
                f"{written!r} is the sum of {1 + len(others)} species and cannot be {what}; name "
                f"one of them, for instance {first!r}."
            )
        return first

    def _amount(self, id: str, concentration: float, settable: Mapping[str, float]) -> float:
        """Return the amount, in the model's unit, that makes a concentration in nM."""
        species = self.model.species[id]
        unit = self._concentration_unit(id)
        if unit is None:
            raise SimulationError(
                f"Model {self.model.id!r} does not say in which unit it counts {id!r}, so a "
                "concentration means nothing to it; give an amount, as a plain number."
            )
        return concentration * NANOMOLAR.factor_to(unit) * settable[species.compartment]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {id: index for index, id in enumerate(self.model.state_ids)}

    def _concentration_unit(self, id: str) -> Unit | None:
        """Return the unit of a species' amount over its compartment's volume."""
        species = self.model.species[id]
        amount, volume = species.unit, self.model.parameters[species.compartment].unit
        if amount is None or volume is None:
            return None
        return Unit(amount.scale / volume.scale, amount.mole, amount.litre - volume.litre)

    def _compartment(self, target: str) -> bool:
        parameter = self.model.parameters.get(target)
        return parameter is not None and parameter.compartment

    # -- rest -------------------------------------------------------------------------------------

    def _at_rest(self, settable: Mapping[str, float], state: Vector) -> SteadyState:
        if self.method != DETERMINISTIC:
            raise SimulationError(
                "Cells simulated molecule by molecule never come to rest; start without "
                "pre-equilibration, or from amounts that an ODE engine found."
            )
        key = self._key(settable, state)
        known = self._rested.get(key) or self._fetch(key)
        if known is None:
            known = self._find_rest(settable, state)
            self._keep(key, known)
        self._rested[key] = known
        if len(self._rested) > _REMEMBERED:
            del self._rested[next(iter(self._rested))]  # sweeps may meet any number
        return known

    def _find_rest(
        self, settable: Mapping[str, float], state: Vector, now: float | None = None
    ) -> SteadyState:
        return steady_state.find(
            self.engine,
            settable,
            state,
            first=_FIRST * self._second,
            last=_LAST * self._second,
            now=now,
        )

    def _key(self, settable: Mapping[str, float], state: Vector) -> str:
        digest = self._fixed.copy()
        digest.update(np.fromiter(settable.values(), dtype=float, count=len(settable)).tobytes())
        digest.update(np.ascontiguousarray(state).tobytes())
        return digest.hexdigest()

    @cached_property
    def _fixed(self) -> Any:
        """The digest of what all keys share."""
        told = [
            _FORMAT,
            self.model.sha256,
            self.engine.name,
            self.engine.version,
            asdict(self.tolerances),
            self.engine.absolute,
            self.model.settable,
        ]
        return hashlib.sha256(json.dumps(told).encode())

    def _fetch(self, key: str) -> SteadyState | None:
        if not self._cache:
            return None
        path = cache_folder() / "rest" / f"{key}.json"
        try:
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            state = np.array(told.pop("state"), dtype=float)
            if state.shape == (len(self.model.state_ids),) and np.isfinite(state).all():
                return SteadyState(state, **told)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return None

    def _keep(self, key: str, rest: SteadyState) -> None:
        if not self._cache:
            return
        path = cache_folder() / "rest" / f"{key}.json"
        with suppress(OSError):  # a cache that cannot be written is done without
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as scratch:
                told = {**asdict(rest), "state": rest.state.tolist()}
                scratch.write_text(json.dumps(told), encoding="utf-8")

    # -- units of what comes out ------------------------------------------------------------------

    def _scaled(self, found: Vector, settable: Mapping[str, float]) -> Vector:
        """Turn amounts into the concentrations that are shown."""
        count = len(self._ids)
        scaled = found[:, :count].copy()
        for place, factor, compartment in self._factors:
            if compartment in self._rooms:
                size = found[:, count + self._rooms.index(compartment)]
            else:
                size = settable[compartment]
            scaled[:, place] *= factor / size
        return scaled

    @cached_property
    def _rooms(self) -> list[str]:
        """Compartments whose size varies with time, and which outputs are divided by."""
        rooms = dict.fromkeys(compartment for _, _, compartment in self._factors)
        return [id for id in rooms if id not in self.model.settable]

    @cached_property
    def _factors(self) -> list[tuple[int, float, str]]:
        """Which outputs are divided by the size of which compartment, and their units' factor."""
        factors = []
        for place, id in enumerate(self._ids.values()):
            species = self._dissolved(id) if self._nanomolar else self._concentration(id)
            if species is not None:
                factor = 1.0
                if self._nanomolar:
                    unit = self._concentration_unit(species)
                    assert unit is not None
                    factor = unit.factor_to(NANOMOLAR)
                factors.append((place, factor, self.model.species[species].compartment))
        return factors

    def _concentration(self, id: str) -> str | None:
        """Return the id if it is a species that its file gives as a concentration."""
        species = self.model.species.get(id)
        if species is None or species.amounts:
            return None
        return id if self.model.parameters[species.compartment].sized else None

    def _dissolved(self, id: str) -> str | None:
        """Return a species that stands for an output's unit and volume, if it has one of each."""
        if self.model.compartment_of(id) is None:
            return None
        species = id if id in self.model.species else next(iter(self.model.sums[id]), None)
        if species is None:
            return None
        sized = self.model.parameters[self.model.species[species].compartment].sized
        unit = self._concentration_unit(species)
        fits = unit is not None and unit.dimension == NANOMOLAR.dimension
        return species if sized and fits else None

    def _about(self, name: str) -> dict[str, str]:
        """Return the attributes of an observable: its unit, and its pattern if it is a species."""
        id = self._ids[name]
        about = {"long_name": name}
        unit = self._unit_said(id)
        if unit:
            about["units"] = unit
        if self._nanomolar and self._dissolved(id) is not None:
            about["compartment"] = self.model.compartment_of(id) or ""
        elif id in self.model.species:
            about["compartment"] = self.model.species[id].compartment
        if id in self.model.species:
            about["pattern"] = self.model.species[id].name
        return about

    def _unit_said(self, id: str) -> str:
        """Return the unit in which an output is shown; empty where the file names none."""
        declared = self.model
        if self._nanomolar and self._dissolved(id) is not None:
            return "nM"
        if id in declared.species:
            species = declared.species[id]
            amount, size = species.unit_id, declared.parameters[species.compartment].unit_id
            if self._nanomolar or self._concentration(id) is None:
                return amount
            return f"{amount}/{size}" if amount and size else ""
        if id in declared.parameters:
            return declared.parameters[id].unit_id
        if id in declared.fluxes and declared.extent_unit_id and declared.time_unit_id:
            return f"{declared.extent_unit_id}/{declared.time_unit_id}"
        return ""
