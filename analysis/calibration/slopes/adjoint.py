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
from itertools import pairwise
from typing import Any, Final

import numpy as np
from scipy import linalg

from ....simulation.engines.base import Loaded, Vector
from ....simulation.engines.loaded import conserved
from ....simulation.sbml import formula_values
from ....simulation.sbml.model import SbmlModel
from .derivatives import At, Derivatives
from .tracing import Stretch, Trace

_GAMMA: Final = 1 - 1 / math.sqrt(2)
# What is seen bears on amounts that follow others within moments. Those have to let go while cells
# are as they were then: a step from there is gone in parts that end at these shares of it.
_PARTS: Final = (0.01, 0.1, 1.0)
# By which share a parameter is moved to see what follows it at the start; formulas there are
# products and sums, whose differences are exact to rounding.
_SHARE: Final = 1e-6


def following(
    model: SbmlModel, given: Mapping[str, float], sources: Mapping[str, str], names: Sequence[str]
) -> tuple[Vector, Vector]:
    """Return how values and start amounts follow the logarithms of a cell's parameters.

    Parameters
    ----------
    model : SbmlModel
        The model.
    given : mapping
        What an experiment sets.
    sources : mapping
        Which parameter of the cell each of these is a multiple of; others stand still.
    names : sequence of str
        The parameters.

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
    place = {name: column for column, name in enumerate(names)}
    for target, source in sources.items():
        if source in place:
            moved = np.full(count + 1, float(given[target]))
            moved[place[source]] *= 1 + _SHARE
            scope[target] = moved
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
        self._conserved: dict[bytes, Vector] = {}

    def gradient(
        self,
        trace: Trace,
        weights: Vector,
        names: Sequence[str],
        sources: Sequence[Mapping[str, str]],
    ) -> Vector:
        """Return how weighted sums of what was seen follow the logarithms of parameters.

        Parameters
        ----------
        trace : Trace
            The experiment as it went.
        weights : array of shape (times, outputs, m)
            Weight of each output of the engine at each time.
        names : sequence of str
            The parameters.
        sources : sequence of mapping
            For each stretch, which parameter of the cell each value is a multiple of that the
            experiment has set by then; others stand still.

        Returns
        -------
        array of shape (m, names)
        """
        place = {name: column for column, name in enumerate(names)}
        m = weights.shape[2]
        total = np.zeros((m, len(names)))
        back = np.zeros((len(self._states), m))
        for stretch, told in zip(reversed(trace.stretches), reversed(sources), strict=True):
            by_value = np.zeros((self.derivatives.count, m))
            rests = len(stretch.times) == 1 and np.isinf(stretch.times[0])
            go_back = self._through_rest if rests else self._along
            back = go_back(stretch, weights, back, by_value) * stretch.kept[self._states][:, None]
            present = set(told.values())
            chosen = [name for name in place if name in present]
            if chosen:
                values, starts = following(self.loaded.model, stretch.given, told, chosen)
                columns = [place[name] for name in chosen]
                total[:, columns] += by_value.T @ np.where(np.isfinite(values), values, 0.0)
                if stretch is trace.stretches[0]:
                    total[:, columns] += back.T @ starts[self._states]
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
    ) -> Vector:
        """Return how rest follows the amounts before it: by what is conserved alone."""
        values = np.fromiter(stretch.values.values(), dtype=float)
        at = self._at(stretch, stretch.states[0][self._states], values, 0.0)
        back = back + self._seen(at, stretch, 0, weights, by_value)
        if not np.any(back):
            return back
        jacobian = self.derivatives.jacobian(at)
        scale = np.abs(jacobian).max(initial=0.0) or 1.0
        kept = self._unchanged(values)
        matrix = jacobian - scale * kept @ kept.T
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", linalg.LinAlgWarning)
            pushed = linalg.solve(matrix.T, back, check_finite=False)
        by_value -= self.derivatives.pull(at, pushed)
        return -scale * kept @ (kept.T @ pushed)

    def _unchanged(self, values: Vector) -> Vector:
        """Return, as columns, what the reactions that run with these values leave unchanged.

        Where some are switched off, that is more than all reactions leave.
        """
        kinetics = self.derivatives.kinetics
        full = np.random.default_rng(0).uniform(0.5, 1.5, len(self._states)) * self.loaded.scale
        at = self.derivatives.at(full, values)
        runs = at.partial * np.append(at.functions, 1.0)[kinetics.driven] != 0.0
        key = runs.tobytes()
        if key not in self._conserved:
            self._conserved[key] = conserved(kinetics.changes[:, np.flatnonzero(runs)].toarray())
        return self._conserved[key]

    def _along(self, stretch: Stretch, weights: Vector, back: Vector, by_value: Vector) -> Vector:
        values = np.fromiter(stretch.values.values(), dtype=float)
        amounts = stretch.states[:, self._states]
        seen = stretch.outputs >= 0
        seen[seen] = weights[stretch.outputs[seen]].any(axis=(1, 2))
        rows = np.flatnonzero(seen | stretch.marks)
        for row, before in zip(rows[::-1], [*rows[-2::-1], 0], strict=True):
            if seen[row]:
                at = self._at(stretch, amounts[row], values, float(stretch.times[row]))
                back = back + self._seen(at, stretch, row, weights, by_value)
            if row == 0 or not np.any(back):
                continue
            whole = float(stretch.times[row] - stretch.times[before])
            for start, end in pairwise((0.0, *(_PARTS if seen[row] else (1.0,)))):
                share = (start + end) / 2
                middle = (1 - share) * amounts[row] + share * amounts[before]
                at = self._at(stretch, middle, values, float(stretch.times[row] - share * whole))
                back = self._back(at, (end - start) * whole, back, by_value)
        return back

    def _back(self, at: At, step: float, back: Vector, by_value: Vector) -> Vector:
        """Return what a step leads back to; add how it follows values."""
        matrix = -_GAMMA * step * self.derivatives.jacobian(at).T
        matrix[np.diag_indices_from(matrix)] += 1.0
        factors = linalg.lu_factor(matrix, check_finite=False)
        one = linalg.lu_solve(factors, back, check_finite=False)
        slope = (one - back) / (_GAMMA * step)
        held = back + (1 - _GAMMA) * step * slope
        two = linalg.lu_solve(factors, held, check_finite=False)
        by_value += step * self.derivatives.pull(at, (1 - _GAMMA) * one + _GAMMA * two)
        return two
