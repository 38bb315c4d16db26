"""Sensitivities integrated beside the amounts, by CVODES through bngsim."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import xarray as xr

from ...simulation import steady_state
from ...simulation.engines import (
    EngineError,
    UnsupportedError,
    engine_named,
)
from ...simulation.engines.base import Vector
from ...simulation.engines.rates.kinetics import Kinetics
from ...simulation.engines.rates.netform import NetForm
from ...simulation.engines.rates.network_engine import NetworkEngine
from .question import Progress, Question, SensitivityError, told

# Relative step for formulas that are evaluated once.
_STEP: Final = 1e-6
# Columns integrated together; more would share steps that each could do without.
_TOGETHER: Final = 24


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
        self.treated = question.treated({})
        rest = question.rest(engine, self.values, start)
        self.begun = rest + question.added(self.treated)
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
            middle = self._outputs(self.treated, course)
        assert middle is not None
        return told(
            question,
            middle,
            np.stack(slopes, axis=-1),
            "forward with bngsim",
            question.errors(self.engine),
        )

    def _direction(self, name: str, number: int) -> _Direction:
        """Return what follows from a change of a parameter."""
        question, kinetics = self.question, self.kinetics
        width = _STEP * abs(self.values[name])
        ends = []
        for sign in (1, -1):
            changes = {name: self.values[name] + sign * width}
            treated = question.treated(changes)
            array = np.array(list(treated.values()))
            constants = self.form.parameters(array, kinetics.coefficients(array))
            ends.append((*question.settled(changes), treated, constants))
        (rested, first, upper, high), (other, second, lower, low) = ends
        constants = {
            key: slope for key in high if (slope := (high[key] - low[key]) / (2 * width)) != 0
        }
        start = (first - second) / (2 * width)
        added = (question.added(upper) - question.added(lower)) / (2 * width)
        if question.equilibrated:
            start = self._at_rest(rested, other, 2 * width, start)
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
        totals = steady_state.unchanged(engine, self.values)
        size = np.abs(jacobian).max(initial=0.0) or 1.0
        within = size * totals @ totals.T
        right = (rates[0] - rates[1]) / width + within @ start
        return np.linalg.solve(within - jacobian, right)

    def _integrated(
        self, some: Sequence[_Direction], columns: Sequence[str]
    ) -> tuple[Vector, list[Vector]]:
        """Return the course of amounts, and how it changes along each direction."""
        import bngsim

        from ...simulation.engines.bngsim import compiled

        question, kinetics = self.question, self.kinetics
        array = np.array(list(self.treated.values()))
        parameters = self.form.parameters(array, kinetics.coefficients(array))
        parameters |= {f"z{number}": 0.0 for number in range(_TOGETHER)}
        begun = self.begun[kinetics.states]
        times = np.array([0.0, *question.times]) * question.seconds
        looked = slice(-len(question.times), None)
        if question.times[0] == 0:
            times = times[1:]
        if len(times) == 1:  # bngsim goes somewhere
            times, looked = np.append(times, question.seconds), slice(0, 1)
        with tempfile.TemporaryDirectory(prefix="mtorules-") as folder:
            path = Path(folder, "network.net")
            # Compiled code is kept by text, so values are set afterwards.
            plain = dict.fromkeys(parameters, 1.0)
            text = self.form.text(plain, np.zeros(len(begun)))
            path.write_text(text, encoding="utf-8")

            def prepared() -> tuple[Any, Any]:
                model = bngsim.Model.from_net(path)
                words = {"codegen": True, "sensitivity_params": list(columns)}
                return model, bngsim.Simulator(model, "ode", **words)

            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", UserWarning)
                    made = compiled(f"{text} {columns}", prepared)
                if made is None:
                    raise RuntimeError("There is none here.")
            except (bngsim.BngsimError, ValueError, RuntimeError, OSError) as error:
                raise SensitivityError(
                    f"bngsim cannot differentiate {question.loaded.model.id!r}: "
                    f"{' '.join(str(error).split())[:300]} It needs a C compiler; differences need "
                    "none."
                ) from None
        model, simulator = made
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
        tensor = np.asarray(result.sensitivities)[looked]
        course = np.asarray(result.species)[looked]
        found = []
        for one in some:
            along = {**one.constants, one.seed: 1.0}
            found.append(sum(tensor[..., order[key]] * slope for key, slope in along.items()))
        return course, found

    def _outputs(self, values: Mapping[str, float], course: Vector) -> Vector:
        array = np.array(list(values.values()))
        times = np.array(self.question.times) * self.question.seconds
        return self.engine.recording.of(course, array, times)

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
