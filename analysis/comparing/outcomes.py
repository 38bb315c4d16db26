"""What became of each simulator, and of the comparison as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from .task import Vector


@dataclass(frozen=True)
class Tool:
    """A simulator that models are compared in.

    Attributes
    ----------
    name : str
        What users call it on the command line; also the module of :mod:`.tools` that runs it.
    title : str
        What its authors call it.
    packages : tuple of str
        The Python packages without which it is not installed.
    remedy : str
        How to get it.
    patience : float
        After how many seconds it is given up.
    """

    name: str
    title: str
    packages: tuple[str, ...] = ()
    remedy: str = ""
    patience: float = 300.0


_EXTRA: Final = "pip install 'mtorules[engines]' brings it"
TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool("roadrunner", "libRoadRunner"),
        Tool("copasi", "COPASI", ("COPASI", "basico"), _EXTRA),
        Tool("bngsim", "bngsim", ("bngsim",), _EXTRA),
        Tool("run_network", "BioNetGen"),
        Tool("amici", "AMICI", patience=1800.0),  # it compiles the model first
    )
}

# What became of a tool.
RAN, MISSING, NOT_FOR_IT, FAILED = "ran", "not installed", "not for it", "failed"
CRASHED: Final = "crashed"
# Those that took the model and gave no course.
BROKEN: Final = (FAILED, CRASHED)


@dataclass(frozen=True)
class Deviation:
    """The largest relative difference of a tool from the reference, and where it is."""

    relative: float
    observable: str
    time: float
    value: float
    reference: float


@dataclass(frozen=True)
class Outcome:
    """What became of one tool."""

    tool: Tool
    state: str
    why: str = ""  # where it did not run
    version: str = ""
    seconds: float = 0.0  # to load and to run
    numbers: Vector | None = None  # of shape (times, observables)
    absolute: float = 0.0  # the tolerance with which it got through
    unknown: tuple[str, ...] = ()  # observables that it does not tell
    deviation: Deviation | None = None  # None for the reference, and where it did not run


@dataclass(frozen=True)
class Comparison:
    """The courses of all tools.

    Attributes
    ----------
    model : str
        Its id.
    observables : tuple of str
        What was compared.
    times : array
        In the model's own unit.
    seconds : float or None
        How many seconds the model's unit of time is; None where it declares none.
    reference : str
        Name of the tool that the others are measured by.
    outcomes : tuple of Outcome
        In the order of :data:`TOOLS`.
    limit : float
        Largest relative deviation that counts as agreement.
    floors : array
        For each observable the least that a difference is divided by.
    odd : bool
        Whether all others differ from the reference and agree among themselves.
    empty : bool
        Whether nothing that was compared depends on the model's state.
    switches : tuple of float
        Times at which formulas of the model jump, in its own unit.
    """

    model: str
    observables: tuple[str, ...]
    times: Vector
    seconds: float | None
    reference: str
    outcomes: tuple[Outcome, ...]
    limit: float
    floors: Vector
    odd: bool = False
    empty: bool = False
    switches: tuple[float, ...] = ()

    def numbers(self, name: str) -> Vector:
        """Return the course of a tool that ran."""
        (found,) = (o.numbers for o in self.ran if o.tool.name == name)
        assert found is not None
        return found

    def deviations(self, outcome: Outcome) -> Vector:
        """Return relative differences from the reference, of shape (times, observables)."""
        found = relative(self.numbers(outcome.tool.name), self.numbers(self.reference), self.floors)
        found[:, [self.observables.index(id) for id in outcome.unknown]] = 0.0
        return found

    @property
    def ran(self) -> tuple[Outcome, ...]:
        """Outcomes of the tools that ran."""
        return tuple(o for o in self.outcomes if o.state == RAN)

    @property
    def worst(self) -> Outcome | None:
        """The tool that is farthest from the reference; None if there is no other."""
        others = [o for o in self.outcomes if o.deviation is not None]
        return max(others, key=lambda o: o.deviation.relative if o.deviation else 0.0, default=None)

    @property
    def agrees(self) -> bool:
        """Whether at least two tools ran, none failed, and all stayed within the limit.

        About nothing there is no agreement: where what was compared does not depend on the model's
        state, it is none.
        """
        return (
            not self.empty
            and self.worst is not None
            and all(
                o.state not in BROKEN
                and (o.deviation is None or o.deviation.relative <= self.limit)
                for o in self.outcomes
            )
        )

    def to_data(self) -> dict[str, Any]:
        """Return everything but the courses as data that JSON can hold."""
        return {
            "model": self.model,
            "agrees": self.agrees,
            "depends_on_state": not self.empty,
            "limit": self.limit,
            "reference": self.reference,
            "reference_is_odd": self.odd,
            "observables": list(self.observables),
            "time": {
                "end": float(self.times[-1]),
                "points": len(self.times),
                "unit_in_seconds": self.seconds,
                "switches": list(self.switches),
            },
            "tools": [_told(outcome) for outcome in self.outcomes],
        }


def _told(outcome: Outcome) -> dict[str, Any]:
    data: dict[str, Any] = {
        "name": outcome.tool.name,
        "title": outcome.tool.title,
        "state": outcome.state,
    }
    if outcome.state != RAN:
        return data | {"why": outcome.why}
    data |= {"version": outcome.version, "seconds": round(outcome.seconds, 3)}
    if outcome.unknown:
        data["does_not_tell"] = list(outcome.unknown)
    found = outcome.deviation
    if found is not None:
        data["deviation"] = {
            "relative": found.relative,
            "observable": found.observable,
            "time": found.time,
            "value": found.value,
            "reference": found.reference,
        }
    return data


def relative(numbers: Vector, reference: Vector, floors: Vector) -> Vector:
    """Return relative differences, of the same shape.

    Where the reference has no finite value there is nothing to compare, and the difference is 0;
    where only ``numbers`` have none, it is infinite.

    Examples
    --------
    >>> relative(np.array([[1.1, 1e-9]]), np.array([[1.0, 0.0]]), np.array([1e-3, 1e-3])).round(7)
    array([[1.e-01, 1.e-06]])
    """
    with np.errstate(invalid="ignore"):
        found = np.abs(numbers - reference) / np.maximum(np.abs(reference), floors)
    found[~np.isfinite(found)] = np.inf
    found[~np.isfinite(reference)] = 0.0
    return found
