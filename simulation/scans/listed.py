"""Experiments that no grid holds, each with times of its own, on processes of this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..engines import Loaded, Tolerances, default_engine
from ..experiments.experiments import EQUILIBRATION, Experiment
from .crew import Crew
from .worker import Simulated

# A process gets so many experiments at a time, neighbours of which come to rest alike.
_BATCH: Final = 8


@dataclass(frozen=True)
class Listed:
    """Experiments one after the other; see :class:`.computing.Work`."""

    model: str
    outputs: Sequence[str]
    experiments: Sequence[Experiment]

    stochastic = False

    @property
    def size(self) -> int:
        """How many there are."""
        return len(self.experiments)

    @property
    def sorts_of_rest(self) -> int:
        """In how many ways the cells come to rest."""
        first = [each.periods[0] for each in self.experiments]
        rests = [each.values for each in first if each.start == EQUILIBRATION]
        return len({tuple(sorted(values.items(), key=str)) for values in rests})

    def point(self, number: int) -> int:
        """Return the number itself."""
        return number

    def experiment(self, point: int) -> Experiment:
        """Return the experiment of a number."""
        return self.experiments[point]

    def random_seed(self, number: int) -> int:
        """Return 0: nothing is drawn at random."""
        return 0


@dataclass(frozen=True)
class Ran:
    """What was seen of one experiment.

    Attributes
    ----------
    values : mapping
        For each output an array over the times of the experiment; empty where it failed.
    error : str
        Why it failed.
    """

    values: Mapping[str, NDArray[np.float64]]
    error: str = ""


def run(
    loaded: Loaded,
    outputs: Sequence[str],
    experiments: Sequence[Experiment],
    *,
    engine: str | None = None,
    tolerances: Tolerances | None = None,
    workers: int | None = None,
    limit: float | None = None,
    told: Callable[[int, int], None] | None = None,
) -> list[Ran]:
    """Run experiments, each once.

    Parameters
    ----------
    loaded : Loaded
        The model.
    outputs : sequence of str
        What to record.
    experiments : sequence of Experiment
        What is done; those that come to rest alike are quickest side by side.
    engine : str, optional
        What integrates; the fastest that is here if not given.
    tolerances : Tolerances, optional
        How exactly to integrate.
    workers : int, optional
        The most processes; one for each core if not given.
    limit : float, optional
        Seconds after which an experiment is given up.
    told : callable, optional
        Told how many experiments are done, and how many there are.

    Returns
    -------
    list of Ran
        In the order of the experiments; those that failed say why.

    Raises
    ------
    UnsupportedError, UnknownNameError
        If the engine cannot do what is asked, or the model has no such output.
    SweepError
        If no process can be started, or processes die whatever they do.
    """
    if not experiments:
        return []
    listed = Listed(loaded.model.id, tuple(outputs), tuple(experiments))
    model = Simulated(loaded, engine or default_engine(), tolerances or Tolerances())
    count = len(listed.experiments)
    tasks = [(start, range(start, min(start + _BATCH, count))) for start in range(0, count, _BATCH)]
    found: list[Ran] = [Ran({})] * count
    done = 0
    with Crew(model, listed, workers or os.cpu_count() or 1, limit) as crew:
        crew.facts()
        for start, outcomes in crew.outcomes(tasks):
            for place, outcome in enumerate(outcomes, start):
                found[place] = _ran(listed.outputs, outcome)
            done += len(outcomes)
            if told is not None:
                told(done, count)
    return found


def _ran(outputs: Sequence[str], outcome: NDArray[np.float64] | str) -> Ran:
    if isinstance(outcome, str):
        return Ran({}, outcome)
    wrong = [name for name, row in zip(outputs, outcome, strict=True) if not np.isfinite(row).all()]
    if wrong:
        return Ran({}, f"Not a finite number: {', '.join(wrong)}.")
    return Ran(dict(zip(outputs, outcome, strict=True)))
