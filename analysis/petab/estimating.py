"""Scales, backgrounds and noise that fit best, computed outright from what is simulated.

They are where the problem's table begins. Scales and backgrounds are no less than zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from ...simulation.engines import Loaded
from ...simulation.engines.base import Vector
from .building import FAR, Built, Group
from .objective import Evaluator
from .problem import Parameter, Problem

# No assay is known better than this share of the largest value, where nobody says how well.
_LEAST: Final = 0.05


def estimated(built: Built, loaded: Loaded) -> Problem:
    """Return a problem with scales, backgrounds and noise as they fit best.

    Raises
    ------
    PetabError
        If an experiment cannot be simulated.
    """
    problem = built.problem
    groups = [group for group in built.groups.values() if group.scale or group.noise]
    if not groups:
        return problem
    found = Evaluator(problem, loaded)()
    values: dict[str, Parameter] = {each.id: each for each in problem.parameters}
    scales = {each.id: each.scale for each in problem.observables}
    for group in groups:
        places = [place for place, each in enumerate(built.members) if each is group]
        here = [problem.measurements[place] for place in places]
        measured = np.array([each.value for each in here])
        spreads = [float(each.noise[0]) for each in here if each.noise]
        usual = float(np.median(spreads)) if spreads else 1.0
        weights = 1 / np.array([float(each.noise[0]) if each.noise else usual for each in here])
        logarithmic = all(scales[each.observable] != "lin" for each in here)
        for id, value, low, high in _fitted(
            group, measured, found.simulated[places], weights, logarithmic=logarithmic
        ):
            values[id] = replace(values[id], value=value, low=low, high=high)
    return replace(problem, parameters=tuple(values.values()))


def _fitted(
    group: Group, measured: Vector, simulated: Vector, weights: Vector, *, logarithmic: bool
) -> Iterator[tuple[str, float, float, float]]:
    """Yield value and bounds of what is estimated of a group."""
    largest = float(np.abs(measured).max(initial=0.0)) or 1.0
    scale, background = 1.0, 0.0
    if group.scale and logarithmic:
        scale = _multiple(measured, simulated, weights)
    elif group.scale:
        scale, background = _line(measured, simulated, weights, offset=bool(group.background))
    if group.scale:
        yield group.scale, scale, scale / FAR, scale * FAR
    if group.background:
        yield group.background, background, 0.0, 2 * largest
    if group.noise:
        left = measured - scale * simulated - background
        noise = max(float(np.sqrt(np.mean(left**2))), _LEAST * largest)
        yield group.noise, noise, noise / FAR, noise * FAR


def _line(
    measured: Vector, simulated: Vector, weights: Vector, *, offset: bool
) -> tuple[float, float]:
    """Return the scale above zero and the background, not below it, that fit best."""
    from scipy.optimize import nnls

    columns = [simulated, np.ones(len(simulated))] if offset else [simulated]
    found, _ = nnls(np.column_stack(columns) * weights[:, None], measured * weights)
    scale = float(found[0])
    if scale > 0:
        return scale, float(found[1]) if offset else 0.0
    # What is measured falls where the model rises, and no scale fits.
    size = float(np.abs(simulated).mean())
    return (float(np.abs(measured).mean()) / size or 1.0 if size else 1.0), 0.0


def _multiple(measured: Vector, simulated: Vector, weights: Vector) -> float:
    """Return the scale that fits logarithms best."""
    there = simulated > 0
    if not there.any():
        return 1.0
    logs = np.log(measured[there] / simulated[there])
    return float(np.exp(np.average(logs, weights=weights[there] ** 2)))
