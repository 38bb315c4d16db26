"""What a model predicts for each target: every experiment is run once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ...simulation.engines import Loaded, Tolerances
from ...simulation.scans import listed
from ...simulation.scans.listed import Ran
from ..asking.readouts import known
from ..claims.readouts import Readouts
from .comparing import Comparison, Comparisons, Look, compare
from .targets import Target

NOTHING: Final = 1e-6
"""Less than this, in nM or the readout's own unit, is no more seen than nothing."""


@dataclass(frozen=True)
class Prediction:
    """A target and what the model says of it.

    Attributes
    ----------
    target : Target
        What was measured.
    predicted : float
        log2 of the ratio; NaN where there is none.
    drug_class : str
        Of the drugs; ``none`` without any.
    problem : str
        Why there is none.
    """

    target: Target
    predicted: float
    drug_class: str
    problem: str = ""

    @property
    def residual(self) -> float:
        """How far it is off, in standard deviations of what was measured."""
        return (self.predicted - self.target.log2) / self.target.spread


def predict(
    loaded: Loaded,
    targets: Sequence[Target],
    *,
    base: Mapping[str, float] | None = None,
    engine: str | None = None,
    tolerances: Tolerances | None = None,
    workers: int | None = None,
    limit: float | None = None,
    told: Callable[[int, int], None] | None = None,
) -> list[Prediction]:
    """Return what a model predicts for targets, in their order.

    Parameters
    ----------
    loaded : Loaded
        The model.
    targets : sequence of Target
        What was measured; see :func:`.targets.read`.
    base : mapping, optional
        A parameter set, in the model's units.
    engine, tolerances, workers, limit, told
        As in :func:`.listed.run`.

    Raises
    ------
    TargetError
        If the model has not what targets name.
    UnsupportedError, SweepError
        If the engine cannot do what is asked, or processes die.
    """
    compared = compare(targets, loaded.model, base)
    experiments = compared.experiments
    ran = listed.run(
        loaded,
        outputs(compared),
        list(experiments.values()),
        engine=engine,
        tolerances=tolerances,
        workers=workers,
        limit=limit,
        told=told,
    )
    return read_off(compared, dict(zip(experiments, ran, strict=True)))


def outputs(compared: Comparisons) -> tuple[str, ...]:
    """Return the outputs of the model that have to be recorded."""
    readouts = _readouts(compared)
    formulas = {each.formula for each in compared.comparisons}
    return tuple(sorted({name for each in formulas for name in readouts.observables(each)}))


def read_off(compared: Comparisons, ran: Mapping[str, Ran]) -> list[Prediction]:
    """Return predictions from what was seen of each experiment."""
    readouts = _readouts(compared)
    places = {
        key: {time: place for place, time in enumerate(sorted(times))}
        for key, times in compared.times.items()
    }

    def value(each: Comparison, look: Look) -> float:
        place = places[look.experiment][look.time]
        return float(readouts.value(each.formula, ran[look.experiment].values)[place])

    found = []
    for each in compared.comparisons:
        problem = ran[each.above.experiment].error or ran[each.below.experiment].error
        predicted = math.nan
        if not problem:
            above, below = value(each, each.above), value(each, each.below)
            if min(above, below) >= -NOTHING and max(above, below) > NOTHING:
                predicted = math.log2(max(above, NOTHING) / max(below, NOTHING))
            else:
                problem = (
                    f"{each.target.readout} is {above:.3g} over {below:.3g}, which has no log2."
                )
        found.append(Prediction(each.target, predicted, each.drug_class, problem))
    return found


def _readouts(compared: Comparisons) -> Readouts:
    return Readouts(known(compared.names.model), compared.names.model)
