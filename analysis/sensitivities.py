"""How much each parameter matters for each observable over time.

Two independent ways lead there. :func:`forward` integrates the derivatives beside the amounts
(CVODES through bngsim; exact to the tolerances, and needs a C compiler); :func:`differences` runs
the model with each parameter a little larger and smaller, on any engine. Both let cells rest first
if wanted: the derivative of the resting state follows from the Jacobian there and the conserved
totals, or from resting anew.

Numbers are for outputs as engines give them, observables as amounts. Relative sensitivities say by
how many per cent an observable rises when a parameter rises by one.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from ..network.units.quantities import NANOMOLAR, SECOND, Unit
from ..simulation import steady_state
from ..simulation.engines import (
    Engine,
    EngineError,
    Loaded,
    Tolerances,
    UnsupportedError,
    engine_named,
)
from ..simulation.engines.base import Vector
from ..simulation.engines.rates.kinetics import Kinetics, NetworkEngine
from ..simulation.engines.rates.netform import NetForm
from ..simulation.sbml.model import UnknownNameError, near

# Relative steps: for formulas that are evaluated once, and for whole runs.
_STEP: Final = 1e-6
_RUN_STEP: Final = 1e-4
# Columns integrated together; more would share steps that each could do without.
_TOGETHER: Final = 24
# Rest is looked for as in `simulate`, in seconds.
_FIRST, _LAST = 3600.0, 1e9


class SensitivityError(ValueError):
    """Sensitivities that cannot be had; the message says why and what can."""


@dataclass(frozen=True)
class Question:
    """What is differentiated: a run from rest, or from the model's start, after doses at time 0.

    Parameters
    ----------
    loaded : Loaded
        The model.
    observables : sequence of str
        Observables, expressions or species.
    parameters : sequence of str
        Which parameters; those derived from them follow. None of them may be zero.
    times : sequence of float
        When to look, in seconds.
    doses : mapping
        What is added at time 0, in nM, by species.
    values : mapping
        Values of parameters other than the model's own, in its units.
    equilibrated : bool
        Whether the cells rest first.
    tolerances : Tolerances
        How exactly to integrate.
    """

    loaded: Loaded
    observables: Sequence[str]
    parameters: Sequence[str]
    times: Sequence[float]
    doses: Mapping[str, float] = field(default_factory=dict)
    values: Mapping[str, float] = field(default_factory=dict)
    equilibrated: bool = True
    tolerances: Tolerances = field(default_factory=Tolerances)

    def __post_init__(self) -> None:
        model = self.loaded.model
        for name in (*self.parameters, *self.values):
            if name not in model.settable:
                raise UnknownNameError(
                    f"Model {model.id!r} has no parameter {name!r} that can be set."
                    f"{near(name, model.settable)}"
                )
        for name in self.parameters:
            if not self.settled({})[0][name]:
                raise SensitivityError(
                    f"{name!r} is zero, so that no relative change of it exists; give it a value."
                )
        if not len(self.times) or min(self.times) < 0 or (np.diff(self.times) <= 0).any():
            raise SensitivityError("Times are not negative, and each is later than the last.")

    @property
    def outputs(self) -> list[str]:
        """Ids of the observables."""
        return [self.loaded.model.output(name) for name in self.observables]

    @property
    def seconds(self) -> float:
        """How many units of the model's time make a second."""
        unit = self.loaded.model.time_unit
        return SECOND.factor_to(unit) if unit else 1.0

    def settled(self, changes: Mapping[str, float]) -> tuple[dict[str, float], Vector]:
        """Return all values and the start state, with changes."""
        values, state = self.loaded.model.initial({**self.values, **changes})
        return values, np.array(list(state.values()))

    def added(self, values: Mapping[str, float]) -> Vector:
        """Return what the doses add to the state."""
        model = self.loaded.model
        found = np.zeros(len(model.state_ids))
        for name, concentration in self.doses.items():
            (id, *others) = model.species_of(name)
            species = model.species[id]
            amount, volume = species.unit, model.parameters[species.compartment].unit
            if others or amount is None or volume is None:
                raise SensitivityError(
                    f"{name!r} is not one species with a known unit, so no dose of it in nM exists."
                )
            unit = Unit(amount.scale / volume.scale, amount.mole, amount.litre - volume.litre)
            size = values[species.compartment]
            found[model.state_ids.index(id)] += concentration * NANOMOLAR.factor_to(unit) * size
        return found

    def rest(self, engine: Engine, values: Mapping[str, float], state: Vector) -> Vector:
        """Return the state at time 0 before the doses."""
        if not self.equilibrated:
            return state
        first, last = _FIRST * self.seconds, _LAST * self.seconds
        return steady_state.find(engine, values, state, first=first, last=last).state


Progress = Callable[[int, int], None]
"""Told how many parameters are done, of how many."""


def independent(loaded: Loaded) -> list[str]:
    """Return the parameters that no other determines and that are not zero."""
    model = loaded.model
    values, _ = model.initial({})
    derived = {start.target for start in model.starts if start.names}
    return [id for id in model.settable if id not in derived and values[id]]


def ranked(data: xr.Dataset, count: int) -> pd.DataFrame:
    """Return the parameters that matter most for each observable at each time.

    Parameters
    ----------
    data : xarray.Dataset
        What :func:`forward` or :func:`differences` returned.
    count : int
        How many for each.

    Returns
    -------
    pandas.DataFrame
        Columns ``observable``, ``time`` in seconds, ``parameter`` and ``relative``.
    """
    rows = []
    for observable in data.observable.to_numpy():
        for time in data.time.to_numpy():
            found = data.relative.sel(observable=observable, time=time).dropna("parameter")
            order = np.argsort(-np.abs(found.to_numpy()), kind="stable")[:count]
            rows += [
                (str(observable), float(time), str(found.parameter[i].item()), float(found[i]))
                for i in order
            ]
    return pd.DataFrame(rows, columns=["observable", "time", "parameter", "relative"])


def differences(
    question: Question,
    engine: str = "roadrunner",
    *,
    step: float = _RUN_STEP,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Return sensitivities from central differences between whole runs.

    Parameters
    ----------
    question : Question
        What is differentiated.
    engine : str
        What runs it.
    step : float
        By which share each parameter is changed.
    progress : callable, optional
        Called after each parameter with how many are done, and of how many.
    """
    runner = engine_named(engine)(question.loaded, question.outputs, question.tolerances)
    times = np.array(question.times, dtype=float) * question.seconds

    def run(changes: Mapping[str, float]) -> Vector:
        values, state = question.settled(changes)
        begun = question.rest(runner, values, state) + question.added(values)
        runner.start(values, begun, 0.0)
        return runner.integrate(times)

    own, _ = question.settled({})
    middle = run({})
    slopes = np.empty((*middle.shape, len(question.parameters)))
    for place, name in enumerate(question.parameters):
        width = step * own[name]
        ends = [run({name: own[name] + sign * width}) for sign in (1, -1)]
        slopes[..., place] = (ends[0] - ends[1]) / (2 * width)
        if progress is not None:
            progress(place + 1, len(question.parameters))
    return _told(question, middle, slopes, f"differences with {engine}")


def forward(question: Question, *, progress: Progress | None = None) -> xr.Dataset:
    """Return sensitivities that were integrated beside the amounts.

    Parameters
    ----------
    question : Question
        What is differentiated; a model that was written from a network.
    progress : callable, optional
        Called after each parameter with how many are done, and of how many.

    Raises
    ------
    UnsupportedError
        If bngsim is not installed, or there is no network.
    SensitivityError
        If bngsim cannot differentiate the rates.
    """
    engine = engine_named("bngsim")(question.loaded, question.outputs, question.tolerances)
    assert isinstance(engine, NetworkEngine)
    return _Forward(question, engine).run(progress)


class _Forward:
    """The chain rule around bngsim: from our parameters to rate constants and start amounts."""

    def __init__(self, question: Question, engine: NetworkEngine) -> None:
        self.question, self.engine = question, engine
        self.kinetics: Kinetics = engine.kinetics
        if any(not species.amounts for species in question.loaded.model.species.values()):
            raise UnsupportedError(
                f"Model {question.loaded.model.id!r} counts in concentrations; forward "
                "sensitivities are for models that count amounts. Differences can do it."
            )
        self.form = NetForm(self.kinetics)
        self.values, start = question.settled({})
        rest = question.rest(engine, self.values, start)
        self.begun = rest + question.added(self.values)
        self.rest = rest

    def run(self, progress: Progress | None) -> xr.Dataset:
        question = self.question
        names = list(question.parameters)
        middle: Vector | None = None
        slopes: list[Vector] = []
        while names:
            # As many parameters as fill the columns, one at least.
            some: list[_Direction] = []
            columns: set[str] = set()
            while names:
                one = self._direction(names[0], len(some))
                wider = columns | set(one.constants) | {one.seed}
                if some and len(wider) > _TOGETHER:
                    break
                columns = wider
                some.append(one)
                names.pop(0)
            course, found = self._integrated(some, sorted(columns))
            for one, states in zip(some, found, strict=True):
                slopes.append(self._observed(one, course, states))
                if progress is not None:
                    progress(len(slopes), len(question.parameters))
            middle = self._outputs(self.values, course)
        assert middle is not None
        return _told(question, middle, np.stack(slopes, axis=-1), "forward with bngsim")

    def _direction(self, name: str, number: int) -> _Direction:
        """Return what follows from a change of a parameter."""
        question, kinetics = self.question, self.kinetics
        width = _STEP * abs(self.values[name])
        ends = []
        for sign in (1, -1):
            values, start = question.settled({name: self.values[name] + sign * width})
            array = np.array(list(values.values()))
            constants = self.form.parameters(array, kinetics.coefficients(array))
            ends.append((values, start, constants))
        (upper, first, high), (lower, second, low) = ends
        constants = {
            key: slope for key in high if (slope := (high[key] - low[key]) / (2 * width)) != 0
        }
        start = (first - second) / (2 * width)
        added = (question.added(upper) - question.added(lower)) / (2 * width)
        if question.equilibrated:
            start = self._at_rest(upper, lower, 2 * width, start)
        return _Direction(constants, start + added, upper, lower, width, f"z{number}")

    def _at_rest(
        self,
        upper: Mapping[str, float],
        lower: Mapping[str, float],
        width: float,
        start: Vector,
    ) -> Vector:
        """Return how the resting state moves: rates stay zero, and totals move with the start."""
        engine = self.engine
        rates = []
        for values in (upper, lower):
            engine.start(values, self.rest, 0.0)
            rates.append(engine.rates())
        engine.start(self.values, self.rest, 0.0)
        jacobian = engine.jacobian()
        if jacobian is None:
            raise SensitivityError("The Jacobian at rest is not known; use differences.")
        totals = self.question.loaded.conserved
        size = np.abs(jacobian).max(initial=0.0) or 1.0
        within = size * totals @ totals.T
        right = (rates[0] - rates[1]) / width + within @ start
        return np.linalg.solve(within - jacobian, right)

    def _integrated(
        self, some: Sequence[_Direction], columns: Sequence[str]
    ) -> tuple[Vector, list[Vector]]:
        """Return the course of amounts, and how it changes along each direction."""
        import bngsim

        from ..simulation.engines.bngsim import code_kept

        question, kinetics = self.question, self.kinetics
        array = np.array(list(self.values.values()))
        parameters = self.form.parameters(array, kinetics.coefficients(array))
        parameters |= {f"z{number}": 0.0 for number in range(_TOGETHER)}
        begun = self.begun[kinetics.states]
        times = np.array([0.0, *question.times]) * question.seconds
        if question.times[0] == 0:
            times = times[1:]
        with tempfile.TemporaryDirectory(prefix="mtorules-") as folder:
            path = Path(folder, "network.net")
            # Compiled code is kept by text, so values are set afterwards.
            plain = dict.fromkeys(parameters, 1.0)
            text = self.form.text(plain, np.zeros(len(begun)))
            path.write_text(text, encoding="utf-8")
            try:
                with code_kept(f"{text} {columns}"), warnings.catch_warnings():
                    warnings.simplefilter("ignore", UserWarning)
                    model = bngsim.Model.from_net(path)
                    simulator = bngsim.Simulator(
                        model, "ode", codegen=True, sensitivity_params=list(columns)
                    )
            except (bngsim.BngsimError, ValueError, RuntimeError, OSError) as error:
                raise SensitivityError(
                    f"bngsim cannot differentiate {question.loaded.model.id!r}: "
                    f"{' '.join(str(error).split())[:300]} It needs a C compiler; differences need "
                    "none."
                ) from None
        simulator.set_tolerances(question.tolerances.relative, self.engine.absolute)
        for name, value in parameters.items():
            model.set_param(name, value)
        model.set_state(begun)
        model.declare_ic_sensitivity(
            {
                f"s{index}()": {one.seed: float(one.start[place]) for one in some}
                for index, place in enumerate(kinetics.states)
            }
        )
        try:
            result = simulator.run(sample_times=times.tolist())
        except bngsim.SimulationError as error:
            raise EngineError(f"Integration of sensitivities with bngsim failed: {error}") from None
        order = {name: place for place, name in enumerate(result.sensitivity_params)}
        tensor = np.asarray(result.sensitivities)[-len(question.times) :]
        course = np.asarray(result.species)[-len(question.times) :]
        found = []
        for one in some:
            along = {**one.constants, one.seed: 1.0}
            found.append(sum(tensor[..., order[key]] * slope for key, slope in along.items()))
        return course, found

    def _outputs(self, values: Mapping[str, float], course: Vector) -> Vector:
        array = np.array(list(values.values()))
        times = np.array(self.question.times) * self.question.seconds
        return self.kinetics.outputs(course, array, times)

    def _observed(self, one: _Direction, course: Vector, states: Vector) -> Vector:
        """Return how outputs change when amounts and values do."""
        upper = self._outputs(one.upper, course + one.width * states)
        lower = self._outputs(one.lower, course - one.width * states)
        return (upper - lower) / (2 * one.width)


@dataclass(frozen=True)
class _Direction:
    """What a parameter moves."""

    constants: Mapping[str, float]  # the network form's parameters
    start: Vector  # the state at time 0
    upper: Mapping[str, float]
    lower: Mapping[str, float]
    width: float
    seed: str  # the parameter that stands for the start alone


def _told(question: Question, middle: Vector, slopes: Vector, how: str) -> xr.Dataset:
    """Return results as tables."""
    own, _ = question.settled({})
    sizes = np.array([own[name] for name in question.parameters])
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = slopes * sizes / middle[..., None]
    return xr.Dataset(
        {
            "value": (("time", "observable"), middle),
            "sensitivity": (("time", "observable", "parameter"), slopes),
            # Of what is zero there is no share.
            "relative": (
                ("time", "observable", "parameter"),
                np.where(np.isfinite(relative), relative, np.nan),
            ),
        },
        coords={
            "time": ("time", np.array(question.times, dtype=float), {"units": "s"}),
            "observable": list(question.observables),
            "parameter": list(question.parameters),
        },
        attrs={"model": question.loaded.model.id, "method": how},
    )
