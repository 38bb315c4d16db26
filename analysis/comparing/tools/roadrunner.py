"""libRoadRunner on the SBML document, from the start values it works out by itself."""

from __future__ import annotations

import itertools
import os
from typing import Any, Final

import numpy as np

# SUNDIALS prints its complaints straight to the terminal; they come as errors too.
os.environ.setdefault("SUNLOGGER_ERROR_FILENAME", os.devnull)
os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)

import roadrunner

from ..task import Course, CourseError, IntegrationError, Task, Vector, answer

_CONFIG: Final = roadrunner.Config
_SETTINGS: Final = {
    # Half the time to load, and no other numbers.
    "LLVM_BACKEND": _CONFIG.LLJIT,
    "LLJIT_OPTIMIZATION_LEVEL": _CONFIG.NONE,
    # A model's ids are not to become methods, as one that is called `simulate` would.
    "ROADRUNNER_DISABLE_PYTHON_DYNAMIC_PROPERTIES": True,
}


def course(task: Task) -> Course:
    """Run the model with CVODE."""
    roadrunner.Logger.disableLogging()
    for name, value in _SETTINGS.items():
        _CONFIG.setValue(getattr(_CONFIG, name), value)
    try:
        # Not one kept from before: an event at time 0 has happened in it already.
        simulator = roadrunner.RoadRunner(task.loaded.sbml)
        simulator.selections = list(task.outputs)
        _integrator(simulator, task)
    except RuntimeError as error:
        raise CourseError(_first(error)) from None
    try:
        return answer(_run(simulator, task), task, roadrunner.__version__)
    except RuntimeError as error:
        raise IntegrationError(_first(error)) from None


def _first(error: RuntimeError) -> str:
    """Return what it says before it says where in its own code that was."""
    return " ".join(str(error).partition(";")[0].split())


def _integrator(simulator: Any, task: Task) -> None:
    integrator = simulator.integrator
    integrator.relative_tolerance = task.relative
    integrator.maximum_num_steps = task.steps
    # As a vector, because from one number libRoadRunner makes tolerances relative to whatever
    # amounts the model holds at the moment.
    species = task.loaded.model.species
    free = [id for id in simulator.model.getFloatingSpeciesIds() if not species[id].rule]
    size = len(free) + len(simulator.getRateRuleIds())
    if size:
        integrator.setValue("absolute_tolerance", [task.absolute] * size)


def _run(simulator: Any, task: Task) -> Vector:
    """Return the outputs; the integrator begins anew beside every switch, lest it steps over."""
    rows = [0, *task.stops, len(task.times) - 1]
    found: list[Vector] = []
    for first, last in itertools.pairwise(rows):
        part = np.asarray(simulator.simulate(times=task.times[first : last + 1]))
        found.append(part if not found else part[1:])
    return np.vstack(found)
