"""How many steady states a model has over a parameter, which are stable, and where that changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from ...network.units.quantities import SECOND
from ...simulation.engines.base import Vector
from ...simulation.sbml.model import near
from ..asking.answer import Answer
from ..asking.grid import AnalysisError
from ..asking.readouts import Readouts
from ..asking.system import System, check_reactions_alone
from . import drawings
from .continuation import MOST, Branch, Point, corrected, follow, joined
from .equations import ModelEquations, Span
from .starts import Reached, reached

# States within this of each other, relative to their scale, are one.
_SAME: Final = 1e-3
_PLACES: Final = (0.1, 0.5, 0.9)
_FIRST, _LAST = 3600.0, 1e9
# The range around a value where nobody gave one.
_FOLD: Final = 10.0
_KINDS: Final = {"fold": "fold", "Hopf": "Hopf point", "branch point": "branch point"}


def span(system: System, words: str | None) -> Span:
    """Return the parameter that words name with its range: ``k = 0.1..10`` or ``k``.

    Without words it is the one that moves the state away from rest fastest, from a tenth to ten
    times its value.

    Raises
    ------
    AnalysisError
        If there is no such parameter, or the range has no width.
    """
    model = system.engine.model
    check_reactions_alone(model)
    name, equals, text = (part.strip() for part in (words or "").partition("="))
    name = name or _strongest(system)
    if name not in model.settable:
        raise AnalysisError(
            f"Model {model.id!r} has no parameter {name!r} that can be varied."
            f"{near(name, model.settable)}"
        )
    value = system.values[name]
    if not equals:
        if value <= 0:
            raise AnalysisError(f"{name!r} is {value:g}; say a range, as in '{name}=0.1..10'.")
        return Span(name, value / _FOLD, value * _FOLD)
    parts = text.split()
    scale = parts.pop() if parts and parts[-1] in ("log", "lin") else "log"
    fold = bool(parts) and parts[-1] == "fold" and bool(parts.pop())
    low, dots, high = "".join(parts).partition("..")
    try:
        ends = [float(low), float(high)]
    except ValueError:
        ends = []
    if not dots or len(ends) != 2 or not all(map(math.isfinite, ends)):
        raise AnalysisError(
            f"{text!r} is no range; write it in the model's own unit as in '{name}=0.1..10', with "
            "'lin' for equal steps, or with 'fold' for multiples of its value."
        )
    if fold:
        ends = [each * value for each in ends]
    if not ends[0] < ends[1] or (scale == "log" and ends[0] <= 0):
        raise AnalysisError(
            f"The range {text!r} of {name!r} has to rise"
            f"{' from above zero; with lin behind it may begin at zero' if scale == 'log' else ''}."
        )
    return Span(name, ends[0], ends[1], scale == "log")


def _strongest(system: System) -> str:
    """Return the parameter whose change moves the state away from rest fastest."""
    model = system.engine.model
    derived = {start.target for start in model.starts if start.names}
    best, most = "", -1.0
    for name, value in system.values.items():
        if name in derived or value <= 0 or model.parameters[name].compartment:
            continue
        moved = _moved(system, name, value)
        if moved > most:
            best, most = name, moved
    if not best:
        raise AnalysisError("The model has no parameter above zero; name one with --vary.")
    return best


def _moved(system: System, name: str, value: float) -> float:
    """Return how fast the state leaves rest when a parameter is a little larger."""
    shifted = System(system.simulator, {**system.values, name: value * 1.01}, system.state)
    rates = shifted.rates(system.state)
    scale = np.maximum(np.abs(system.state), 1e-6 * (np.abs(system.state).max(initial=0.0) or 1))
    return float(np.abs(rates / scale).max(initial=0.0))


def explore(
    system: System,
    varied: Span,
    *,
    starts: int = 4,
    seed: int = 0,
    most: int = MOST,
    told: Callable[[int, int], None] | None = None,
) -> tuple[ModelEquations, list[Branch], list[Reached]]:
    """Return the branches through where the model rests and where random starts lead.

    Parameters
    ----------
    system : System
        The model at rest.
    varied : Span
        The parameter.
    starts : int
        Random starts at each of three values of the parameter.
    seed : int
        Of the random numbers.
    most : int
        How many points a branch is followed each way.
    told : callable, optional
        Told how many of the searches are done.
    """
    equations = ModelEquations(system, varied)
    unit = system.engine.model.time_unit
    second = SECOND.factor_to(unit) if unit else 1.0
    total = 1 + starts * len(_PLACES)
    branches: list[Branch] = []
    here = varied.place(system.values[varied.name]) if _inside(system, varied) else None
    if here is not None:
        branches = _with(equations, system.state, here, branches, most)
    if told is not None:
        told(1, total)
    found: list[Reached] = []
    for number in range(starts * len(_PLACES)):
        place = _PLACES[number % len(_PLACES)]
        generator = np.random.default_rng([seed, number])
        one = reached(equations, place, generator, _FIRST * second, _LAST * second)
        found.append(one)
        if one.state is not None:
            branches = _with(equations, one.state, place, branches, most)
        if told is not None:
            told(number + 2, total)
    if not branches:
        raise AnalysisError(
            "No steady state was found to follow: "
            f"{found[0].why if found else 'the model rests outside the range; widen it'}"
        )
    return equations, branches, found


def _inside(system: System, varied: Span) -> bool:
    return varied.low <= system.values[varied.name] <= varied.high


def _with(
    equations: ModelEquations, state: Vector, place: float, known: list[Branch], most: int
) -> list[Branch]:
    """Return branches and the one through a steady state, which may be on one that is known."""
    root = corrected(equations, state / equations.scale, place)
    if root is None or any(_same(root, other) for b in known for other in at(equations, b, place)):
        return known
    branch = follow(equations, root, place, most=most, known=known)
    return joined(branch, known) if branch.points else known


def at(equations: ModelEquations, branch: Branch, place: float) -> Iterator[Vector]:
    """Yield the steady states of a branch at one value of the parameter."""
    for one, other in zip(branch.points, branch.points[1:], strict=False):
        low, high = sorted((one.parameter, other.parameter))
        if low <= place <= high and low < high:
            share = (place - one.parameter) / (other.parameter - one.parameter)
            guess = one.unknowns + share * (other.unknowns - one.unknowns)
            root = corrected(equations, guess, place)
            if root is not None:
                yield root


def _same(one: Vector, other: Vector) -> bool:
    sizes = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1e-3)
    return bool((np.abs(one - other) <= _SAME * sizes).all())


def answer(
    equations: ModelEquations,
    branches: Sequence[Branch],
    found: Sequence[Reached],
    readouts: Readouts,
    settings: Mapping[str, Any] | None = None,
) -> Answer:
    """Return branches, and where their stability changes, as an answer."""
    varied = equations.span
    known = equations.system.simulator.units
    units = {name: known.get(each.text, "") for name, each in readouts.asked.items()}
    curves = pd.concat(
        [
            _told(equations, readouts, branch.points, number)
            for number, branch in enumerate(branches, 1)
        ],
        ignore_index=True,
    )
    table = _table(equations, branches, readouts)
    return Answer(
        "steady_states",
        f"Steady states over {varied.name}",
        list(_said(equations, branches, found, table, curves)),
        table,
        _data(curves, equations),
        lambda: drawings.draw(curves, table, varied, units),
        {**(settings or {}), "varied": varied.name, "range": [varied.low, varied.high]},
        {"steady_states_branches": curves},
    )


def _told(
    equations: ModelEquations, readouts: Readouts, points: Sequence[Point], branch: int
) -> pd.DataFrame:
    values = [equations.values(point.parameter) for point in points]
    states = np.array([point.unknowns * equations.scale for point in points])
    data = equations.system.looked_at(readouts, values, states)
    return pd.DataFrame(
        {
            "branch": branch,
            equations.span.name: [equations.span.value(point.parameter) for point in points],
            "stable": [point.unstable == 0 for point in points],
            "unstable directions": [point.unstable for point in points],
            "largest real part": [
                float(point.eigenvalues.real.max(initial=-np.inf)) for point in points
            ],
            **{name: data[name].to_numpy() for name in readouts.names},
        }
    )


def _table(
    equations: ModelEquations, branches: Sequence[Branch], readouts: Readouts
) -> pd.DataFrame:
    rows = []
    unit = equations.engine.model.time_unit
    second = SECOND.factor_to(unit) if unit else 1.0
    for number, branch in enumerate(branches, 1):
        inside = [each for each in branch.specials if 0 <= each.point.parameter <= 1]
        if not inside:
            continue
        told = _told(equations, readouts, [each.point for each in inside], number)
        for special, (_, row) in zip(inside, told.iterrows(), strict=True):
            period = 2 * math.pi / special.frequency / second if special.frequency else math.nan
            rows.append(
                {
                    "branch": number,
                    "point": _KINDS[special.kind],
                    equations.span.name: row[equations.span.name],
                    "period (h)": period / 3600,
                    **{name: row[name] for name in readouts.names},
                }
            )
    columns = ["branch", "point", equations.span.name, "period (h)", *readouts.names]
    return pd.DataFrame(rows, columns=columns)


def stable_over(curves: pd.DataFrame, varied: Span) -> tuple[Vector, Vector]:
    """Return values of the parameter, and how many stable steady states there are at each."""
    places = np.linspace(0, 1, 501)[1:-1]
    counts = np.zeros(len(places), dtype=int)
    for _, branch in curves.groupby("branch"):
        where = np.array([varied.place(value) for value in branch[varied.name]])
        stable = branch["stable"].to_numpy()
        for index in range(len(where) - 1):
            if stable[index] and stable[index + 1]:
                low, high = sorted((where[index], where[index + 1]))
                counts += (places >= low) & (places < high)
    return np.array([varied.value(place) for place in places]), counts


def _runs(values: Vector, there: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Return the ends of each stretch of values at which something holds."""
    where = np.flatnonzero(there)
    parts = np.split(where, np.flatnonzero(np.diff(where) > 1) + 1)
    return [(float(values[part[0]]), float(values[part[-1]])) for part in parts if len(part)]


def _said(
    equations: ModelEquations,
    branches: Sequence[Branch],
    found: Sequence[Reached],
    table: pd.DataFrame,
    curves: pd.DataFrame,
) -> Iterator[str]:
    varied = equations.span
    values, counts = stable_over(curves, varied)
    yield (
        f"{len(branches)} branch{'es' if len(branches) > 1 else ''} of steady states over "
        f"{varied.name} from {varied.low:g} to {varied.high:g}; no more than {counts.max()} stable "
        "at once."
    )
    if several := [
        f"from about {low:.4g} to {high:.4g}" for low, high in _runs(values, counts > 1)
    ]:
        yield f"Several stable states share values of {varied.name} {' and '.join(several)}."
    for _, row in table[table["point"] == "Hopf point"].iterrows():
        yield (
            f"At {varied.name} = {row[varied.name]:.6g} oscillations of {row['period (h)']:.3g} h "
            "are born or die (a Hopf point)."
        )
    rests = sum(one.state is not None for one in found)
    swings = sum(one.oscillates for one in found)
    if found:
        yield (
            f"Of {len(found)} random starts {rests} came to rest and {swings} kept oscillating; "
            f"{len(found) - rests - swings} gave no number."
        )
    for number, branch in enumerate(branches, 1):
        if branch.stopped:
            yield f"Branch {number} ends within the range: {branch.stopped}."
    if table.empty:
        yield "Stability changes nowhere on what was found."


def _data(curves: pd.DataFrame, equations: ModelEquations) -> xr.Dataset:
    frame = curves.astype({"stable": int})
    frame.index.name = "point"
    return xr.Dataset.from_dataframe(frame).assign_attrs(
        model=equations.engine.model.id, parameter=equations.span.name
    )
