"""Sensitivities from central differences between whole runs, on any engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from ...simulation.engines import (
    engine_named,
)
from ...simulation.engines.base import Vector
from .question import Progress, Question, told

# By which share each parameter is changed.
_STEP: Final = 1e-4
# How much finer an integrator is here than what counts as rest.
_FINER: Final = 1e-3


def differences(
    question: Question,
    engine: str = "roadrunner",
    *,
    step: float = _STEP,
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
        treated = question.treated(changes)
        begun = question.rest(runner, values, state) + question.added(treated)
        runner.start(treated, begun, 0.0)
        return runner.integrate(times)

    own = question.own
    middle = run({})
    slopes = np.empty((*middle.shape, len(question.parameters)))
    for place, name in enumerate(question.parameters):
        width = step * own[name]
        ends = [run({name: own[name] + sign * width}) for sign in (1, -1)]
        slopes[..., place] = (ends[0] - ends[1]) / (2 * width)
        if progress is not None:
            progress(place + 1, len(question.parameters))
    errors = question.errors(runner) * _FINER / step
    return told(question, middle, slopes, f"differences with {engine}", errors)
