"""Running the experiments of claims, each once, on all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ...simulation.engines import EngineError, Loaded, Tolerances
from ...simulation.sbml.model import SbmlError
from ...simulation.simulator import SimulationError, Simulator
from ...simulation.steady_state import NoSteadyStateError
from .binding import Bound
from .plans import Plan

# A worker gets this many experiments at a time, so that cells at rest are found once.
_BATCH: Final = 8


@dataclass(frozen=True)
class Course:
    """What was seen of one experiment.

    Attributes
    ----------
    times : array of shape (times,)
        Seconds; ``inf`` is rest.
    values : dict
        For each observable an array of that shape, in nM where it has one volume.
    error : str
        Why there are no values, if the run failed.
    """

    times: NDArray[np.float64]
    values: Mapping[str, NDArray[np.float64]]
    error: str = ""


def run(
    bound: Bound,
    loaded: Loaded,
    *,
    engine: str = "roadrunner",
    workers: int | None = None,
    tolerances: Tolerances | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Course]:
    """Run every experiment that claims need.

    Parameters
    ----------
    bound : Bound
        The claims, held against the model.
    loaded : Loaded
        The model.
    engine : str
        Which simulator.
    workers : int, optional
        Processes; by default one for each core.
    tolerances : Tolerances, optional
        How exactly to integrate.
    progress : callable, optional
        Told how many experiments are done, and how many there are.

    Returns
    -------
    dict
        Course by key of the plan; those that failed say why.
    """
    if not bound.plans:  # where only species of the network are looked at
        return {}
    tasks = [(key, plan, tuple(sorted(bound.times[key]))) for key, plan in bound.plans.items()]
    # Neighbours come to rest alike.
    tasks.sort(key=lambda task: (task[1].rest_key, task[0]))
    batches = [tasks[i : i + _BATCH] for i in range(0, len(tasks), _BATCH)]
    workers = min(workers or os.cpu_count() or 1, max(len(batches), 1))
    settings = (loaded, bound.outputs, engine, tolerances, bound.units)
    found: dict[str, Course] = {}
    for batch in _done(batches, settings, workers):
        found.update(batch)
        if progress is not None:
            progress(len(found), len(tasks))
    return found


_Task = tuple[str, Plan, tuple[float, ...]]


def _done(
    batches: list[list[_Task]], settings: tuple[Any, ...], workers: int
) -> Iterator[dict[str, Course]]:
    if workers == 1:
        _prepare(*settings)
        for batch in batches:
            yield _batch(batch)
        return
    with ExitStack() as stack:
        pool = stack.enter_context(
            ProcessPoolExecutor(
                workers, get_context("spawn"), initializer=_prepare, initargs=settings
            )
        )
        stack.callback(pool.shutdown, cancel_futures=True)
        for future in as_completed([pool.submit(_batch, batch) for batch in batches]):
            yield future.result()


_simulator: Simulator | None = None


def _prepare(
    loaded: Loaded,
    outputs: tuple[str, ...],
    engine: str,
    tolerances: Tolerances | None,
    units: str,
) -> None:
    global _simulator
    _simulator = Simulator(loaded, outputs, engine=engine, tolerances=tolerances, units=units)


def _batch(tasks: list[_Task]) -> dict[str, Course]:
    assert _simulator is not None
    found = {}
    for key, plan, times in tasks:
        array = np.array(times)
        try:
            values = _simulator.values(plan.experiment(times))
        except (EngineError, NoSteadyStateError, SbmlError, SimulationError) as error:
            found[key] = Course(array, {}, str(error))
            continue
        named = dict(zip(_simulator.observables, values.T, strict=True))
        found[key] = Course(array, named)
    return found
