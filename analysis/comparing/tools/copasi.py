"""COPASI on the SBML document, through basico."""

from __future__ import annotations

import logging
from typing import Any

import basico
import COPASI
import numpy as np

from ..task import Course, CourseError, IntegrationError, Task, answer, columns, unknown


def course(task: Task) -> Course:
    """Run the model with LSODA."""
    logging.getLogger("basico").setLevel(logging.CRITICAL)
    COPASI.CCopasiMessage.clearDeque()
    try:
        data = basico.load_model_from_string(task.loaded.sbml)
    except COPASI.CCopasiException as error:
        raise CourseError(_said() or _message(error) or "it cannot load the model") from None
    if data is None or data.getModel() is None:
        raise CourseError(_said() or "it cannot load the model")
    try:
        return _run(data, task)
    finally:
        basico.remove_datamodel(data)


def _run(data: Any, task: Task) -> Course:
    model = data.getModel()
    found = {
        entity.getSBMLId(): entity
        for kind in (model.getModelValues(), model.getMetabolites(), model.getCompartments())
        for entity in kind
    }
    missing = unknown(found, task.outputs)
    known = [id for id in task.outputs if id not in missing]
    # A species' value is its number of particles there.
    particles = model.getQuantity2NumberFactor()
    species = task.loaded.model.species
    factors = [1.0 / particles if id in species else 1.0 for id in known]
    places = [found[id].getValueReference().getCN().getString() for id in known]
    # Its absolute tolerance is one of concentrations.
    largest = max((c.getInitialValue() for c in model.getCompartments()), default=1.0)
    if task.longest_step is not None:
        method = data.getTask("Time-Course").getMethod()
        method.getParameter("Max Internal Step Size").setDblValue(task.longest_step)
    COPASI.CCopasiMessage.clearDeque()
    clock = model.getValueReference().getCN().getString()
    table = basico.run_time_course_with_output(
        [clock, *places],
        model=data,
        method="lsoda",
        values=task.times.tolist(),
        start_time=0,
        duration=float(task.times[-1]),
        use_initial_values=True,
        r_tol=task.relative,
        a_tol=task.absolute / max(largest, 1.0),
        max_steps=task.steps,
    )
    found_times, numbers = np.split(table.to_numpy(dtype=float), [1], axis=1)
    if len(table) < len(task.times):
        raise IntegrationError(_said() or "it stopped before the end")
    # It may add rows at events.
    asked = task.times + 4 * np.spacing(task.times)
    rows = np.searchsorted(found_times[:, 0], asked, side="right") - 1
    course = columns(numbers[rows] * factors, known, task.outputs)
    return answer(course, task, COPASI.__version__, missing)


def _message(error: Any) -> str:
    return " ".join(error.getMessage().getText().split())


def _said() -> str:
    """Return COPASI's last complaint as one line."""
    text = COPASI.CCopasiMessage.getAllMessageText()
    lines = [line.strip(" >\t") for line in text.splitlines()]
    # Each message begins with its number, rank and time.
    kept = [line for line in lines if line and not line.startswith("(")]
    return kept[-1] if kept else ""
