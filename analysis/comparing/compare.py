"""Do other simulators read a model as we do? The same course in each, and how far they differ.

Every tool is left alone with the file that users of it would open, so that what it makes of start
values, units, volumes and symmetry is compared too. libRoadRunner is the measure for the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any, Final

import numpy as np

from ...network.units.quantities import SECOND, QuantityError, convert
from ...simulation.engines.base import Loaded
from ...simulation.sbml.model import UnknownNameError, near
from .task import CourseError, NotForItError, NotInstalledError, Task, Vector

# Told what is being done before each tool's run.
Progress = Callable[[str], object]

# What an observable's difference is divided by is never less than this share of its largest value:
# where it passes through zero, no relative difference is small.
FLOOR: Final = 1e-3
# Nor is it less than so many times the absolute tolerance, for sums of amounts.
_TRACES: Final = 1e4
# How far a time is from a round one, as a share of the step.
_ASIDE: Final = 0.0618
# Up to this an expression counts as zero.
_NOTHING: Final = 1e-12


class ComparisonError(ValueError):
    """There is nothing to compare; the message says why."""


@dataclass(frozen=True)
class Tool:
    """A simulator that models are compared in.

    Attributes
    ----------
    name : str
        What users call it on the command line; also the module of :mod:`.comparing` that runs it.
    title : str
        What its authors call it.
    packages : tuple of str
        The Python packages without which it is not installed.
    remedy : str
        How to get it.
    """

    name: str
    title: str
    packages: tuple[str, ...] = ()
    remedy: str = ""


_EXTRA: Final = "pip install 'mtorules[engines]' brings it"
TOOLS: Final = {
    tool.name: tool
    for tool in (
        Tool("roadrunner", "libRoadRunner"),
        Tool("copasi", "COPASI", ("COPASI", "basico"), _EXTRA),
        Tool("bngsim", "bngsim", ("bngsim",), _EXTRA),
        Tool("run_network", "BioNetGen"),
        Tool("amici", "AMICI"),
    )
}

# What became of a tool.
RAN, MISSING, NOT_FOR_IT, FAILED = "ran", "not installed", "not for it", "failed"


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

    def deviations(self, outcome: Outcome) -> Vector:
        """Return relative differences from the reference, of shape (times, observables)."""
        assert outcome.numbers is not None
        return relative(outcome.numbers, _reference(self), self.floors)

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
        """Whether at least two tools ran, none failed, and all stayed within the limit."""
        return self.worst is not None and all(
            o.state != FAILED and (o.deviation is None or o.deviation.relative <= self.limit)
            for o in self.outcomes
        )

    def to_data(self) -> dict[str, Any]:
        """Return everything but the courses as data that JSON can hold."""
        return {
            "model": self.model,
            "agrees": self.agrees,
            "limit": self.limit,
            "reference": self.reference,
            "reference_is_odd": self.odd,
            "observables": list(self.observables),
            "time": {
                "end": float(self.times[-1]),
                "points": len(self.times),
                "unit_in_seconds": self.seconds,
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


def compare(
    loaded: Loaded,
    *,
    until: str | float | None = None,
    points: int = 50,
    observables: Sequence[str] | None = None,
    tools: Sequence[str] | None = None,
    limit: float = 1e-6,
    tolerance: float = 1e-10,
    progress: Progress | None = None,
) -> Comparison:
    """Run a model in several simulators and compare all observables.

    Parameters
    ----------
    loaded : Loaded
        The model, from :func:`.load.load`.
    until : str or float, optional
        The end, as ``"2 h"``, or as a number in the model's own unit of time. By default one hour,
        or 100 where the model declares no unit of time.
    points : int
        How many steps there are to it, all but the first and the last of them equal.
    observables : sequence of str, optional
        What to compare; by default all that the model declares, or all species if it declares none.
    tools : sequence of str, optional
        Some of :data:`TOOLS`; by default all.
    limit : float
        Largest relative deviation that counts as agreement.
    tolerance : float
        Relative tolerance of every integrator; the absolute one is a ten thousandth of it, times
        the largest start amount.
    progress : callable, optional
        Told which tool runs next.

    Raises
    ------
    ComparisonError
        If a tool is not known, there is nothing to compare, or no tool ran.
    UnknownNameError
        If the model has no such observable.
    QuantityError
        If ``until`` is no time.
    """
    chosen = [_tool(name) for name in tools] if tools else list(TOOLS.values())
    outputs = _outputs(loaded, observables)
    unit = loaded.model.time_unit
    seconds = 1.0 / SECOND.factor_to(unit) if unit is not None else None
    task = Task(
        loaded,
        outputs,
        _times(_end(until, seconds), points),
        tolerance,
        tolerance * 1e-4 * loaded.scale,
    )
    outcomes: list[Outcome] = []
    for tool in dict.fromkeys(chosen):
        if progress is not None:
            progress(tool.title)
        outcomes.append(_outcome(tool, task))
    ran = [o for o in outcomes if o.state == RAN]
    if not ran:
        whys = "; ".join(f"{o.tool.title}: {o.why}" for o in outcomes)
        raise ComparisonError(f"No tool ran {loaded.model.id!r}. {whys}.")
    reference = ran[0]
    assert reference.numbers is not None
    comparison = Comparison(
        loaded.model.id,
        outputs,
        task.times,
        seconds,
        reference.tool.name,
        tuple(outcomes),
        limit,
        _floors(reference.numbers, task),
    )
    return _judged(comparison, task)


def _tool(name: str) -> Tool:
    if name not in TOOLS:
        hint = near(name, TOOLS) or f" There are {', '.join(TOOLS)}."
        raise ComparisonError(f"There is no tool {name!r}.{hint}")
    return TOOLS[name]


def _outputs(loaded: Loaded, observables: Sequence[str] | None) -> tuple[str, ...]:
    model = loaded.model
    if observables:
        found = tuple(dict.fromkeys(model.output(name) for name in observables))
        steady = [id for id in found if id in model.settable]
        if steady:
            raise UnknownNameError(
                f"{steady[0]!r} does not change; name an observable or a species."
            )
        return found
    found = model.outputs or tuple(model.state_ids)
    if not found:
        raise ComparisonError(f"Model {model.id!r} has no observables and no species.")
    return found


def _times(end: float, points: int) -> Vector:
    """Return when to look: not at round times, at which models switch.

    At that very moment tools may rightly return what was before or what comes after.
    """
    times = np.linspace(0.0, end, max(points, 2) + 1)
    times[1:-1] -= _ASIDE * times[1]
    return times


def _end(until: str | float | None, seconds: float | None) -> float:
    if until is None:
        return 100.0 if seconds is None else 3600.0 / seconds
    try:
        end = float(until)
    except ValueError:
        end = convert(until, SECOND) / (seconds or 1.0)
    if not 0 < end < np.inf:
        raise QuantityError(f"The end is {until!r}; it is after 0.")
    return end


def _outcome(tool: Tool, task: Task) -> Outcome:
    """Run one tool, whatever comes of it."""
    began = time.perf_counter()
    try:
        found = import_module(f".tools.{tool.name}", __package__).course(task)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in tool.packages:
            raise
        return Outcome(tool, MISSING, tool.remedy)
    except NotInstalledError as error:
        return Outcome(tool, MISSING, str(error))
    except NotForItError as error:
        return Outcome(tool, NOT_FOR_IT, str(error))
    except CourseError as error:
        return Outcome(tool, FAILED, str(error))
    took = time.perf_counter() - began
    return Outcome(tool, RAN, "", found.version, took, found.numbers)


def _reference(comparison: Comparison) -> Vector:
    (found,) = (o.numbers for o in comparison.ran if o.tool.name == comparison.reference)
    assert found is not None
    return found


# -- judging --------------------------------------------------------------------------------------


def _judged(comparison: Comparison, task: Task) -> Comparison:
    """Return the comparison with the deviation of each tool from the reference."""
    outcomes: list[Outcome] = []
    for outcome in comparison.outcomes:
        if outcome.numbers is None or outcome.tool.name == comparison.reference:
            outcomes.append(outcome)
            continue
        found = comparison.deviations(outcome)
        row, column = np.unravel_index(int(np.argmax(found)), found.shape)
        deviation = Deviation(
            float(found[row, column]),
            task.outputs[column],
            float(task.times[row]),
            float(outcome.numbers[row, column]),
            float(_reference(comparison)[row, column]),
        )
        outcomes.append(replace(outcome, deviation=deviation))
    others = [o for o in outcomes if o.deviation is not None]
    return replace(comparison, outcomes=tuple(outcomes), odd=_odd(others, comparison.limit, task))


def _odd(others: Sequence[Outcome], limit: float, task: Task) -> bool:
    """Whether it is the reference that is alone."""
    if len(others) < 2 or any(o.deviation and o.deviation.relative <= limit for o in others):
        return False
    first, *rest = (o.numbers for o in others if o.numbers is not None)
    floors = _floors(first, task)
    return all(relative(one, first, floors).max() <= limit for one in rest)


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


def _floors(reference: Vector, task: Task) -> Vector:
    """Return for each observable the least that a difference is divided by."""
    finite = np.where(np.isfinite(reference), np.abs(reference), 0.0)
    model = task.loaded.model
    amounts = np.array([id in model.sums or id in model.species for id in task.outputs])
    least = np.where(amounts, _TRACES * task.absolute, _NOTHING)
    return np.maximum(FLOOR * finite.max(axis=0), least)
