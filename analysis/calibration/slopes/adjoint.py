"""Going back along an experiment: how what was seen follows from the parameters.

For a weighted sum of what was seen, the adjoint equations are integrated from the last moment to
rest, with two stages of an L-stable method of second order a step, on the Jacobian in the middle of
it. At rest the implicit function theorem takes their place. The cost does not depend on the number
of parameters.

The method is the one of Alexander (1977), doi:10.1137/0714068, with two stages.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy import linalg

from ....simulation.engines.base import Loaded, Vector
from ....simulation.sbml import formula_values
from ....simulation.sbml.model import SbmlModel
from .derivatives import At, Derivatives
from .tracing import Stretch, Trace

_GAMMA: Final = 1 - 1 / math.sqrt(2)
# By which share a parameter is moved to see what follows it at the start; formulas there are
# products and sums, whose differences are exact to rounding.
_SHARE: Final = 1e-6


def following(
    model: SbmlModel, given: Mapping[str, float], names: Sequence[str]
) -> tuple[Vector, Vector]:
    """Return how values and start amounts follow the logarithms of what an experiment sets.

    Parameters
    ----------
    model : SbmlModel
        The model.
    given : mapping
        What is set.
    names : sequence of str
        Whose logarithms; all in ``given``.

    Returns
    -------
    (array of shape (settable, names), array of shape (states, names))
    """
    count = len(names)
    scope: dict[str, Any] = {
        p.id: math.nan if p.value is None else p.value for p in model.parameters.values()
    }
    scope.update(model.amounts)
    scope.update(given)
    for column, name in enumerate(names):
        moved = np.full(count + 1, float(given[name]))
        moved[column] *= 1 + _SHARE
        scope[name] = moved
    for start in model.starts:
        target = start.target
        if target not in given:
            code = model._codes.get(target)
            if code is None:
                code = model._codes[target] = formula_values.compiled(start.formula)
            scope[target] = eval(code, dict(formula_values._FUNCTIONS), {"x": scope})

    def slopes(ids: Sequence[str], volume: bool) -> Vector:
        found = np.zeros((len(ids), count))
        for row, id in enumerate(ids):
            value = scope.get(id, 0.0)
            species = model.species.get(id) if volume else None
            if species is not None and not species.amounts and id not in given:
                value = value * scope[species.compartment]
            if np.ndim(value):
                found[row] = (value[:-1] - value[-1]) / _SHARE
        return found

    return slopes(model.settable, False), slopes(model.state_ids, True)


class Adjoint:
    """Gradients of what was seen in experiments.

    Parameters
    ----------
    loaded : Loaded
        The model.
    outputs : sequence of str
        Ids of what is seen.
    """

    def __init__(self, loaded: Loaded, outputs: Sequence[str]) -> None:
        self.loaded = loaded
        self.derivatives = Derivatives(loaded, outputs)
        self._states = self.derivatives.kinetics.states
        self._conserved = loaded.conserved[self._states]

    def gradient(self, trace: Trace, weights: Vector, names: Sequence[str], own: Any) -> Vector:
        """Return how weighted sums of what was seen follow the logarithms of parameters.

        Parameters
        ----------
        trace : Trace
            The experiment as it went.
        weights : array of shape (times, outputs, m)
            Weight of each output of the engine at each time.
        names : sequence of str
            The parameters.
        own : sequence of mapping
            For each stretch, by name of a parameter that the experiment has set by then and that
            moves with the parameter of that name: 1. Others stand still.

        Returns
        -------
        array of shape (m, names)
        """
        place = {name: column for column, name in enumerate(names)}
        m = weights.shape[2]
        total = np.zeros((m, len(names)))
        size = len(self._states)
        back = np.zeros((size, m))
        for stretch, moving in zip(reversed(trace.stretches), reversed(own), strict=True):
            by_value = np.zeros((self.derivatives.count, m))
            by_start = np.zeros((size, m))
            if len(stretch.times) == 1 and np.isinf(stretch.times[0]):
                back, by_start = self._through_rest(stretch, weights, back, by_value)
            else:
                back = self._along(stretch, weights, back, by_value)
            back = back * stretch.kept[self._states][:, None]
            chosen = [name for name in moving if name in place]
            if chosen:
                values, starts = following(self.loaded.model, stretch.given, chosen)
                columns = [place[name] for name in chosen]
                total[:, columns] += by_value.T @ np.where(np.isfinite(values), values, 0.0)
                if stretch is trace.stretches[0]:
                    first = starts[self._states]
                    total[:, columns] += (back if not by_start.any() else by_start).T @ first
            if by_start.any():
                back = by_start
        return total

    def _at(self, stretch: Stretch, amounts: Vector, values: Vector, time: float) -> At:
        return self.derivatives.at(np.maximum(amounts, 0.0), values, time)

    def _seen(
        self, at: At, stretch: Stretch, row: int, weights: Vector, by_value: Vector
    ) -> Vector | float:
        """Return how what is seen at a moment follows the amounts; add how it follows values."""
        index = int(stretch.outputs[row])
        if index < 0 or not weights[index].any():
            return 0.0
        amounts, values = self.derivatives.pull_outputs(at, weights[index])
        by_value += values
        return amounts

    def _through_rest(
        self, stretch: Stretch, weights: Vector, back: Vector, by_value: Vector
    ) -> tuple[Vector, Vector]:
        values = np.fromiter(stretch.values.values(), dtype=float)
        at = self._at(stretch, stretch.states[0][self._states], values, 0.0)
        back = back + self._seen(at, stretch, 0, weights, by_value)
        if not np.any(back):
            return back, np.zeros_like(back)
        jacobian = self.derivatives.jacobian(at)
        scale = np.abs(jacobian).max(initial=0.0) or 1.0
        conserved = self._conserved
        matrix = jacobian - scale * conserved @ conserved.T
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", linalg.LinAlgWarning)
            pushed = linalg.solve(matrix.T, back, check_finite=False)
        by_value -= self.derivatives.pull(at, pushed)
        return back, -scale * conserved @ (conserved.T @ pushed)

    def _along(self, stretch: Stretch, weights: Vector, back: Vector, by_value: Vector) -> Vector:
        values = np.fromiter(stretch.values.values(), dtype=float)
        amounts = stretch.states[:, self._states]
        identity = np.eye(amounts.shape[1])
        seen = stretch.outputs >= 0
        seen[seen] = weights[stretch.outputs[seen]].any(axis=(1, 2))
        rows = np.flatnonzero(seen | stretch.marks)
        for row, before in zip(rows[::-1], [*rows[-2::-1], 0], strict=True):
            if seen[row]:
                at = self._at(stretch, amounts[row], values, float(stretch.times[row]))
                back = back + self._seen(at, stretch, row, weights, by_value)
            if row == 0 or not np.any(back):
                continue
            step = stretch.times[row] - stretch.times[before]
            middle = (amounts[row] + amounts[before]) / 2
            at = self._at(stretch, middle, values, float(stretch.times[row] - step / 2))
            jacobian = self.derivatives.jacobian(at).T
            factors = linalg.lu_factor(identity - _GAMMA * step * jacobian, check_finite=False)
            one = linalg.lu_solve(factors, back, check_finite=False)
            slope = (one - back) / (_GAMMA * step)
            held = back + (1 - _GAMMA) * step * slope
            two = linalg.lu_solve(factors, held, check_finite=False)
            by_value += step * self.derivatives.pull(at, (1 - _GAMMA) * one + _GAMMA * two)
            back = two
        return back
