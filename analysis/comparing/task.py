"""What a simulator is asked to do, what it answers, and how it says that it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...network.bionetgen import net
from ...simulation.engines.base import Loaded

Vector = NDArray[np.float64]


class NotInstalledError(RuntimeError):
    """The simulator is not there; the message says how to get it."""


class NotForItError(ValueError):
    """The simulator does not take this kind of model; the message says why."""


class CourseError(RuntimeError):
    """The simulator took the model and failed; the message is what it said."""


@dataclass(frozen=True)
class Task:
    """One run of one model.

    Attributes
    ----------
    loaded : Loaded
        The model.
    outputs : tuple of str
        Ids of what is wanted: observables, expressions, or species as amounts.
    times : array
        When, in the model's own time; the first is 0.
    relative, absolute : float
        Tolerances of the integrator, the absolute one in the model's unit of amount.
    steps : int
        Most steps between two times.
    """

    loaded: Loaded
    outputs: tuple[str, ...]
    times: Vector
    relative: float
    absolute: float
    steps: int = 100_000

    @property
    def names(self) -> list[str]:
        """What BioNetGen calls the outputs; species are called after their place, as ``#3``."""
        report, network = self.loaded.report, self.loaded.network
        if report is None or network is None:
            raise NotForItError("it reads networks made from rules, and this is an SBML file")
        known = {id: name for name, id in (report.symbols or {}).items()}
        known |= {id: f"#{place}" for place, id in enumerate(report.species)}
        strange = [id for id in self.outputs if id not in known]
        if strange:
            raise NotForItError(f"{strange[0]!r} is not in the network it reads")
        return [known[id] for id in self.outputs]

    @property
    def net(self) -> str:
        """The network as BioNetGen's file."""
        assert self.loaded.network is not None
        return net.text(self.loaded.network)


@dataclass(frozen=True)
class Course:
    """What a simulator answered: numbers of shape (times, outputs), and its version."""

    numbers: Vector
    version: str


def answer(numbers: object, task: Task, version: str) -> Course:
    """Return the course, or fail if it has not the shape that was asked for."""
    found = np.asarray(numbers, dtype=float)
    wanted = (len(task.times), len(task.outputs))
    if found.shape != wanted:
        raise CourseError(f"it returned {found.shape[0]} of {wanted[0]} points in time")
    if not np.isfinite(found).any():
        raise CourseError("it returned no finite number")
    return Course(found, version)


def columns(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Return where in ``names`` each of ``wanted`` is, or fail naming the first that is not."""
    places = {name: place for place, name in enumerate(names)}
    for name in wanted:
        if name not in places:
            raise CourseError(f"it knows no {name!r}")
    return [places[name] for name in wanted]
