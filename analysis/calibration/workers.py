"""Processes that run the experiments of claims and go back along them.

Each keeps its share of the experiments from one parameter set to the next, with the cells at rest
that it found: the next ones rest nearby.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any, Final

import numpy as np

from ...simulation.engines import EngineError, Loaded, Tolerances
from ...simulation.engines.base import Vector
from ...simulation.experiments.experiments import Experiment
from ...simulation.simulator import SimulationError
from ...simulation.steady_state import NoSteadyStateError
from ..claims.binding import Bound
from ..claims.plans import Plan
from ..claims.running import Course

# Experiments a worker is given at a time, so that progress is seen.
_BATCH: Final = 8
# An experiment costs about as much as looking at it so many times more often.
_ANYWAY: Final = 14
# By which share, up to twice that, each parameter is moved to see which values move with it.
_SHARE: Final = 1e-3
# Values that conditions set are multiples that were rounded to so much, relative to them.
_ROUNDING: Final = 1e-10


def apart(logs: Vector) -> Vector:
    """Return logarithms a little larger, each by another share.

    A value that an experiment sets then tells by its own share which parameter it is a multiple of.
    """
    return logs + np.log1p(_SHARE * (1 + np.arange(len(logs)) / len(logs)))


@dataclass(frozen=True)
class Task:
    """One experiment, and the same on a cell whose parameters are :func:`apart` from those.

    Without the latter nobody goes back along it.
    """

    index: int
    plan: Plan
    moved: Plan | None
    times: tuple[float, ...]


class Crew:
    """The processes, each with its own share of the work.

    Parameters
    ----------
    loaded : Loaded
        The model.
    outputs : sequence of str
        What is seen.
    tolerances : Tolerances
        How exactly to integrate.
    workers : int, optional
        How many; by default one for each core.
    """

    def __init__(
        self,
        loaded: Loaded,
        outputs: Sequence[str],
        tolerances: Tolerances,
        workers: int | None = None,
    ) -> None:
        count = workers or os.cpu_count() or 1
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ[name] = "1"  # each has a core of its own
        self._pools = [
            ProcessPoolExecutor(
                1,
                get_context("spawn"),
                initializer=_prepare,
                initargs=(loaded, tuple(outputs), tolerances),
            )
            for _ in range(count)
        ]
        self._sharing: dict[str, int] = {}
        self._places: dict[str, tuple[int, str]] = {}

    def close(self) -> None:
        """Stop the processes."""
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)

    def _divide(self, batches: Mapping[str, Sequence[Task]]) -> None:
        """Give each kind of cells, which belongs to one process, to the one with least to do."""
        sizes = {
            rest: sum(_ANYWAY + len(task.times) for task in tasks)
            for rest, tasks in batches.items()
        }
        todo = [0] * len(self._pools)
        for rest, place in self._sharing.items():
            todo[place] += sizes.get(rest, 0)
        for rest in sorted(sizes, key=lambda name: (-sizes[name], name)):
            if rest not in self._sharing:
                self._sharing[rest] = todo.index(min(todo))
                todo[self._sharing[rest]] += sizes[rest]

    def _pool(self, rest: str) -> ProcessPoolExecutor:
        return self._pools[self._sharing[rest]]

    def run(
        self,
        asked: tuple[Bound, Mapping[str, float]],
        moved: tuple[Bound, Mapping[str, float]] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, Course]:
        """Run every experiment on a cell, and return what was seen.

        Parameters
        ----------
        asked : tuple of Bound and mapping
            The claims held against the model with a cell's parameters, and those.
        moved : tuple of Bound and mapping, optional
            The same where all that may move is :func:`apart` from it; without, nobody can ask for
            gradients, which takes less than half the time.
        progress : callable, optional
            Told how many experiments are done, and how many there are.
        """
        (bound, cell), grown = asked, None
        others: Sequence[Plan | None] = [None] * len(bound.plans)
        if moved is not None:
            others, grown = [replace(plan, base={}) for plan in moved[0].plans.values()], moved[1]
        of_kinds = kinds(bound.plans)
        batches: dict[str, list[Task]] = {}
        self._places = {}
        pairs = zip(bound.plans.items(), others, strict=True)
        for index, ((key, plan), other) in enumerate(pairs):
            rest = of_kinds[key]
            task = Task(index, replace(plan, base={}), other, tuple(sorted(bound.times[key])))
            batches.setdefault(rest, []).append(task)
            self._places[key] = index, rest
        self._divide(batches)
        futures = [
            self._pool(rest).submit(
                _forward, tasks[i : i + _BATCH], rest, dict(cell), grown and dict(grown)
            )
            for rest, tasks in batches.items()
            for i in range(0, len(tasks), _BATCH)
        ]
        keys = list(bound.plans)
        found: dict[str, Course] = {}
        for batch in _gathered(futures):
            for index, course in batch:
                found[keys[index]] = course
            if progress is not None:
                progress(len(found), len(keys))
        return found

    def gradients(
        self,
        weights: Mapping[str, Vector],
        names: Sequence[str],
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, Vector]:
        """Return how weighted sums of what the last run saw follow the logarithms of parameters.

        Parameters
        ----------
        weights : mapping
            By key of the plan, an array of shape (times, outputs, m).
        names : sequence of str
            The parameters.
        progress : callable, optional
            Told how many experiments are done, and how many there are.

        Returns
        -------
        dict
            By key, an array of shape (m, names).
        """
        futures = []
        keys = list(weights)
        for number, key in enumerate(keys):
            index, rest = self._places[key]
            pool = self._pool(rest)
            futures.append(pool.submit(_backward, number, index, weights[key], tuple(names)))
        found: dict[str, Vector] = {}
        for number, gradient in _gathered(futures):
            found[keys[number]] = gradient
            if progress is not None:
                progress(len(found), len(keys))
        # In one order, whoever was ready first, so that sums repeat to the last digit.
        return {key: found[key] for key in keys}


def kinds(plans: Mapping[str, Plan]) -> dict[str, str]:
    """Return the kind of cell of each plan: those of one kind come to rest alike.

    Kinds are numbered in their order, which is the same whatever the parameters are; what a plan
    holds is not, as multiples of parameters are numbers in it.
    """
    found: dict[str, str] = {}
    return {key: found.setdefault(plan.rest_key, str(len(found))) for key, plan in plans.items()}


def _gathered(futures: Sequence[Future[Any]]) -> Iterator[Any]:
    try:
        for future in as_completed(futures):
            yield future.result()
    finally:
        for future in futures:
            future.cancel()


# -- in the processes -----------------------------------------------------------------------------

_tracer: Any = None
_adjoint: Any = None
_factors: Any = None
_traces: dict[int, tuple[Any, list[dict[str, str]]]] = {}


def _prepare(loaded: Loaded, outputs: tuple[str, ...], tolerances: Tolerances) -> None:
    global _tracer, _adjoint, _factors
    from .slopes.adjoint import Adjoint
    from .slopes.tracing import Tracer

    _tracer = Tracer(loaded, outputs, engine="bngsim", tolerances=tolerances, cache=False)
    ids = [loaded.model.output(name) for name in outputs]
    _adjoint = Adjoint(loaded, ids)
    settable, _ = loaded.model.initial({})
    _factors = _tracer._outputs.scales(settable, {})


def _forward(
    tasks: Sequence[Task], rest: str, cell: Mapping[str, float], grown: Mapping[str, float] | None
) -> list[tuple[int, Course]]:
    found = []
    for task in tasks:
        times = np.array(task.times)
        experiment = replace(task.plan, base=cell).experiment(task.times)
        try:
            trace = _tracer.trace(experiment, rest)
        except (EngineError, NoSteadyStateError, SimulationError) as error:
            _traces.pop(task.index, None)
            found.append((task.index, Course(times, {}, str(error))))
            continue
        if task.moved is not None and grown is not None:
            other = replace(task.moved, base=grown).experiment(task.times)
            sources = followed(experiment, other, cell, grown)
            final = [sources[min(i, len(sources) - 1)] for i in range(len(trace.stretches))]
            _traces[task.index] = trace, final
        named = dict(zip(_tracer.observables, trace.outputs.T, strict=True))
        found.append((task.index, Course(times, named)))
    return found


def followed(
    experiment: Experiment,
    other: Experiment,
    cell: Mapping[str, float],
    grown: Mapping[str, float],
) -> list[dict[str, str]]:
    """Return, for each period, of which parameter of the cell each value set by then is a multiple.

    Values that stand still are left out.

    Parameters
    ----------
    experiment, other : Experiment
        The same on two cells.
    cell, grown : mapping
        The parameters of the cells, those of the second :func:`apart` from those of the first.
    """
    moved = [name for name, value in cell.items() if grown[name] != value]
    shares = np.array([grown[name] / cell[name] for name in moved])
    order = np.argsort(shares)
    found: list[dict[str, str]] = []
    held: dict[str, str] = {}
    for period, larger in zip(experiment.periods, other.periods, strict=True):
        values = larger.values
        for name, value in period.values.items():
            held.pop(name, None)
            if values[name] == value:
                continue
            if value == cell.get(name) and values[name] == grown[name]:
                held[name] = name
                continue
            # Plans set numbers.
            share = float(values[name]) / float(value)  # pyright: ignore[reportArgumentType]
            place = np.searchsorted(shares, share * (1 - _ROUNDING), sorter=order)
            if place == len(order) or abs(shares[order[place]] / share - 1) > _ROUNDING:
                raise ValueError(f"{name!r} is no multiple of any one parameter that moves.")
            held[name] = moved[order[place]]
        found.append(dict(held))
    return found


def _backward(
    number: int, index: int, weights: Vector, names: tuple[str, ...]
) -> tuple[int, Vector]:
    trace, sources = _traces[index]
    scaled = weights * _factors[None, :, None]
    return number, _adjoint.gradient(trace, scaled, names, sources)
