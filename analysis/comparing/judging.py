"""How far each simulator is from the one that all are measured by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from .outcomes import Comparison, Deviation, Outcome
from .task import Task, Vector

# What an observable's difference is divided by is never less than this share of its largest value:
# where it passes through zero, no relative difference is small.
FLOOR: Final = 1e-3
# Nor is it less than so many times the absolute tolerance, for sums of amounts.
_TRACES: Final = 1e4
# Up to this an expression counts as zero.
_NOTHING: Final = 1e-12


def judged(comparison: Comparison, task: Task) -> Comparison:
    """Return the comparison with floors, and the deviation of each tool from the reference."""
    reference = comparison.numbers(comparison.reference)
    absolute = max(outcome.absolute for outcome in comparison.ran)
    comparison = replace(comparison, floors=_floors(reference, task, absolute))
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
            float(reference[row, column]),
        )
        outcomes.append(replace(outcome, deviation=deviation))
    others = [o for o in outcomes if o.deviation is not None]
    comparison = replace(comparison, outcomes=tuple(outcomes))
    return replace(comparison, odd=_odd(others, comparison, task, absolute))


def _odd(others: Sequence[Outcome], comparison: Comparison, task: Task, absolute: float) -> bool:
    """Whether it is the reference that is alone."""
    limit = comparison.limit
    if len(others) < 2 or any(o.deviation and o.deviation.relative <= limit for o in others):
        return False
    first, *rest = others
    floors = _floors(comparison.numbers(first.tool.name), task, absolute)
    seen = replace(comparison, reference=first.tool.name, floors=floors)
    return all(seen.deviations(one).max() <= limit for one in rest)


def _floors(reference: Vector, task: Task, absolute: float) -> Vector:
    """Return for each observable the least that a difference is divided by."""
    finite = np.where(np.isfinite(reference), np.abs(reference), 0.0)
    model = task.loaded.model
    amounts = np.array([id in model.sums or id in model.species for id in task.outputs])
    least = np.where(amounts, _TRACES * absolute, _NOTHING)
    return np.maximum(FLOOR * finite.max(axis=0), least)
