"""What a simulator is asked to do, what it answers, and how it says that it cannot."""

from __future__ import annotations

import base64
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...network.bionetgen import net
from ...simulation.engines.base import Loaded
from ...simulation.sbml.model import SbmlModel

Vector = NDArray[np.float64]


class NotInstalledError(RuntimeError):
    """The simulator is not there; the message says how to get it."""


class NotForItError(ValueError):
    """The simulator does not take this kind of model; the message says why."""


class CourseError(RuntimeError):
    """The simulator took the model and failed; the message is what it said."""


class IntegrationError(CourseError):
    """The simulator loaded the model and could not integrate it."""


@dataclass(frozen=True)
class NetFile:
    """A network as BioNetGen's file."""

    text: str
    names: dict[str, str]  # by id; species are called after their place, as ``#3``


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
    stops : tuple of int
        Places in ``times`` that lie right before or right after a switch of the model.
    made : NetFile, optional
        The network, where ``loaded`` has come without.
    """

    loaded: Loaded
    outputs: tuple[str, ...]
    times: Vector
    relative: float
    absolute: float
    steps: int = 100_000
    stops: tuple[int, ...] = ()
    made: NetFile | None = field(default=None, repr=False)

    @cached_property
    def netfile(self) -> NetFile | None:
        """The network, if the model was made from rules."""
        report, network = self.loaded.report, self.loaded.network
        if report is None or network is None:
            return self.made
        names = {id: f"#{place}" for place, id in enumerate(report.species)}
        names |= {id: name for name, id in (report.symbols or {}).items()}
        return NetFile(net.text(network), names)

    @property
    def net(self) -> str:
        """The network as BioNetGen's file."""
        return self._made().text

    @property
    def names(self) -> list[str]:
        """What BioNetGen calls the outputs."""
        known = self._made().names
        strange = [id for id in self.outputs if id not in known]
        if strange:
            raise NotForItError(f"{strange[0]!r} is not in the network it reads")
        return [known[id] for id in self.outputs]

    def _made(self) -> NetFile:
        if self.netfile is None:
            raise NotForItError("it reads networks made from rules, and this is an SBML file")
        return self.netfile

    @property
    def longest_step(self) -> float | None:
        """What a step may take at most, lest it leads over two switches; None without any."""
        if not self.stops:
            return None
        # Two stops lie right beside each switch.
        gaps = np.diff(self.times[[0, *self.stops, -1]])[::2]
        return float(gaps.min() / 4)

    def to_data(self) -> dict[str, Any]:
        """Return everything as data that JSON can hold."""
        made = self.netfile
        return {
            "sbml": self.loaded.sbml,
            "model": self.loaded.model.to_data(),
            "outputs": list(self.outputs),
            "times": packed(self.times),
            "relative": self.relative,
            "absolute": self.absolute,
            "steps": self.steps,
            "stops": list(self.stops),
            "made": None if made is None else {"text": made.text, "names": made.names},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Task:
        """Return the task that :meth:`to_data` told."""
        return cls(
            Loaded(data["sbml"], SbmlModel.from_data(data["model"])),
            tuple(data["outputs"]),
            unpacked(data["times"]),
            data["relative"],
            data["absolute"],
            data["steps"],
            tuple(data["stops"]),
            None if data["made"] is None else NetFile(**data["made"]),
        )


@dataclass(frozen=True)
class Course:
    """What a simulator answered: numbers of shape (times, outputs), and its version.

    Of ``unknown`` outputs it knows nothing, and there are no numbers.
    """

    numbers: Vector
    version: str
    unknown: tuple[str, ...] = ()


def answer(numbers: object, task: Task, version: str, unknown: Sequence[str] = ()) -> Course:
    """Return the course, or fail if it has not the shape that was asked for."""
    found = np.asarray(numbers, dtype=float)
    wanted = (len(task.times), len(task.outputs))
    if found.shape != wanted:
        raise CourseError(f"it returned {found.shape[0]} of {wanted[0]} points in time")
    if not np.isfinite(found).any():
        raise CourseError("it returned no finite number")
    return Course(found, version, tuple(unknown))


def unknown(names: Container[str], wanted: Sequence[str]) -> list[str]:
    """Return those of ``wanted`` that are not in ``names``, or fail if none is."""
    missing = [name for name in wanted if name not in names]
    if len(missing) == len(wanted):
        raise NotForItError(f"it has no quantity {wanted[0]!r} in the model it loads")
    return missing


def columns(numbers: Vector, names: Sequence[str], wanted: Sequence[str]) -> Vector:
    """Return the columns of ``wanted``, without numbers where ``names`` has it not."""
    places = {name: place for place, name in enumerate(names)}
    empty = np.full(len(numbers), np.nan)
    return np.column_stack([numbers[:, places[n]] if n in places else empty for n in wanted])


def packed(numbers: Vector) -> dict[str, Any]:
    """Return numbers as data that JSON can hold, to the last bit.

    Examples
    --------
    >>> unpacked(packed(np.array([0.1, np.nan])))
    array([0.1, nan])
    """
    found = np.ascontiguousarray(numbers, dtype="<f8")
    return {"shape": list(found.shape), "bytes": base64.b64encode(found.tobytes()).decode()}


def unpacked(data: Mapping[str, Any]) -> Vector:
    """Return the numbers that :func:`packed` told."""
    numbers = np.frombuffer(base64.b64decode(data["bytes"]), dtype="<f8")
    return numbers.reshape(data["shape"]).astype(float)
