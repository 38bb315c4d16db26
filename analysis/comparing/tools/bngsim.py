"""bngsim: on BioNetGen's network file where there is one, otherwise on the SBML document."""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

# SUNDIALS prints its complaints straight to the terminal; they come as exceptions too.
os.environ.setdefault("SUNLOGGER_ERROR_FILENAME", os.devnull)
os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)

import bngsim

from ..task import (
    Course,
    CourseError,
    IntegrationError,
    NotForItError,
    Task,
    Vector,
    answer,
    columns,
    unknown,
)


def course(task: Task) -> Course:
    """Run the model."""
    logging.getLogger("bngsim").addHandler(logging.NullHandler())
    try:
        run = _from_sbml if task.netfile is None else _from_net
        numbers, missing = run(task)
    except bngsim.SimulationError as error:
        raise IntegrationError(str(error)) from None
    except (bngsim.BngsimError, ImportError) as error:
        said = " ".join(str(error).split())
        kind = NotForItError if "bngsim cannot" in said else CourseError
        raise kind(said) from None
    return answer(numbers, task, bngsim.__version__, missing)


def _from_net(task: Task) -> tuple[Vector, list[str]]:
    names = task.names
    with tempfile.TemporaryDirectory(prefix="mtorules-") as folder:
        path = Path(folder, "network.net")
        path.write_text(task.net, encoding="utf-8")
        with warnings.catch_warnings():
            # It tells how it reads BioNetGen's saturating rate laws.
            warnings.simplefilter("ignore", UserWarning)
            model = bngsim.Model.from_net(path)
        result = _result(model, task)
    species = [f"#{place}" for place in range(len(model.species_names))]
    # Raw, so that those which BioNetGen made up are among them.
    known = [*result.observable_names, *result.raw_expression_names, *species]
    parts = (result.observables, result.raw_expressions, result.species)
    numbers = np.hstack([np.asarray(part) for part in parts])
    return columns(numbers, known, names), unknown(known, names)


def _from_sbml(task: Task) -> tuple[Vector, list[str]]:
    model = bngsim.Model.from_sbml_string(task.loaded.sbml)
    result = _result(model, task)
    known = [*result.expression_names, *result.species_names]
    numbers = np.hstack([np.asarray(result.expressions), np.asarray(result.species)])
    missing = unknown(known, task.outputs)
    found = columns(numbers, known, task.outputs)
    return found * _sizes(task, known, numbers), missing


def _sizes(task: Task, known: list[str], numbers: Vector) -> Vector:
    """Return what each output has to be multiplied by at each time to be an amount.

    Species are concentrations there, whatever the document says they are.
    """
    declared = task.loaded.model
    settable, _ = declared.initial({})
    found = np.ones((len(numbers), len(task.outputs)))
    for column, id in enumerate(task.outputs):
        if id not in declared.species:
            continue
        place = declared.species[id].compartment
        if place in settable:
            found[:, column] = settable[place]
        elif place in known:
            found[:, column] = numbers[:, known.index(place)]
        else:
            raise NotForItError(f"it does not tell the size of {place!r}, which changes")
    return found


def _result(model: Any, task: Task) -> Any:
    return bngsim.Simulator(model, "ode", codegen=False).run(
        sample_times=task.times.tolist(),
        rtol=task.relative,
        atol=task.absolute,
        max_steps=task.steps,
        max_step=task.longest_step,
    )
