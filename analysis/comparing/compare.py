"""Do other simulators read a model as we do? The same course in each, and how far they differ.

Every tool is left alone with the file that users of it would open, so that what it makes of start
values, units, volumes and symmetry is compared too. libRoadRunner is the measure for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ...network.units.quantities import SECOND, QuantityError, convert
from ...simulation.apart import ApartError
from ...simulation.engines.base import Loaded
from ...simulation.sbml.model import UnknownNameError, near
from .judging import judged
from .outcomes import RAN, TOOLS, Comparison, Tool
from .running import Progress, run
from .survey import Survey, survey_apart
from .task import Task, Vector

# How far a time is from a round one, as a share of the step.
_ASIDE: Final = 0.0618
# How close to a switch is looked, as a share of what lies between it and the next.
_BESIDE: Final = 1e-9
# Seconds that looking an SBML file over may take.
_READING: Final = 300.0


class ComparisonError(ValueError):
    """There is nothing to compare; the message says why."""


def compare(
    loaded: Loaded,
    *,
    until: str | float | None = None,
    points: int = 50,
    observables: Sequence[str] | None = None,
    tools: Sequence[str] | None = None,
    limit: float = 1e-6,
    tolerance: float = 1e-10,
    time_limit: float | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run a model in several simulators and compare what they say.

    Parameters
    ----------
    loaded : Loaded
        The model, from :func:`.load.load`.
    until : str or float, optional
        The end, as ``"2 h"``, or as a number in the model's own unit of time. By default one hour,
        or 100 where the model declares no unit of time.
    points : int
        How many steps there are to it, all but the first and the last of them equal. Beside every
        time at which formulas of the model jump it is looked too.
    observables : sequence of str, optional
        What to compare; by default the observables of a model of rules. Of an SBML file, or where
        no observable depends on how the state changes, it is everything that varies.
    tools : sequence of str, optional
        Some of :data:`.outcomes.TOOLS`; by default all.
    limit : float
        Largest relative deviation that counts as agreement.
    tolerance : float
        Relative tolerance of every integrator; the absolute one is a ten thousandth of it, times
        the largest start amount.
    time_limit : float, optional
        Seconds that each tool has; by default those of :attr:`.outcomes.Tool.patience`.
    progress : callable, optional
        Told which tools are at work.

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
    model = loaded.model
    seconds = 1.0 / SECOND.factor_to(model.time_unit) if model.time_unit is not None else None
    end = _end(until, seconds)
    try:
        known = survey_apart(loaded, end, limit=time_limit or _READING)
    except ApartError as error:
        raise ComparisonError(f"Model {model.id!r} cannot be looked over: {error}.") from None
    outputs = _outputs(loaded, observables, known)
    times, stops = _times(end, points, known.switches)
    task = Task(loaded, outputs, times, tolerance, tolerance * 1e-4 * loaded.scale, stops=stops)
    outcomes = run(
        list(dict.fromkeys(chosen)), task, known.constructs, limit=time_limit, progress=progress
    )
    ran = [outcome for outcome in outcomes if outcome.state == RAN]
    if not ran:
        whys = "; ".join(f"{o.tool.title} ({o.state}): {o.why}" for o in outcomes)
        raise ComparisonError(f"No tool ran {model.id!r}. {whys}.")
    comparison = Comparison(
        model.id,
        outputs,
        times,
        seconds,
        ran[0].tool.name,
        tuple(outcomes),
        limit,
        np.zeros(len(outputs)),
        empty=known.moving.isdisjoint(outputs),
        switches=known.switches,
    )
    return judged(comparison, task)


def _tool(name: str) -> Tool:
    if name not in TOOLS:
        hint = near(name, TOOLS) or f" There are {', '.join(TOOLS)}."
        raise ComparisonError(f"There is no tool {name!r}.{hint}")
    return TOOLS[name]


def _outputs(loaded: Loaded, observables: Sequence[str] | None, known: Survey) -> tuple[str, ...]:
    model = loaded.model
    if observables:
        found = tuple(dict.fromkeys(model.output(name) for name in observables))
        steady = [id for id in found if id in model.settable]
        if steady:
            raise UnknownNameError(
                f"{steady[0]!r} does not change; name an observable or a species."
            )
        return found
    if loaded.network is not None and not known.moving.isdisjoint(model.outputs):
        return model.outputs
    varying = [id for id in model.state_ids if id in known.moving]
    found = tuple(dict.fromkeys((*model.outputs, *(varying or model.state_ids))))
    if not found:
        raise ComparisonError(f"Model {model.id!r} has no observables and no species.")
    return found


def _times(end: float, points: int, switches: Sequence[float]) -> tuple[Vector, tuple[int, ...]]:
    """Return when to look, and which of these times lie right beside a switch.

    That is not at round times, at which models switch: at that very moment tools may rightly return
    what was before or what comes after.
    """
    times = np.linspace(0.0, end, max(points, 2) + 1)
    times[1:-1] -= _ASIDE * times[1]
    if not switches:
        return times, ()
    gaps = np.diff([0.0, *switches, end])
    near = np.maximum(_BESIDE * np.minimum(gaps[:-1], gaps[1:]), 8 * np.spacing(switches))
    beside = np.column_stack([switches - near, switches + near]).ravel()
    # What lies between the two times beside a switch would be at the switch itself.
    apart = np.searchsorted(beside, times) % 2 == 0
    times = np.unique(np.concatenate([times[apart], beside]))
    return times, tuple(np.searchsorted(times, beside).tolist())


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
