"""What a model predicts for each target: every experiment is run once."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ...simulation.engines import Loaded, Tolerances
from ...simulation.scans import listed
from ...simulation.scans.listed import Ran
from .comparing import Comparisons, compare
from .factors import Factors
from .levels import NOTHING, Levels
from .targets import Target


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
    above, below : float
        The levels that are compared, in the readout's unit; NaN where there are none.
    """

    target: Target
    predicted: float
    drug_class: str
    problem: str = ""
    above: float = math.nan
    below: float = math.nan

    @property
    def residual(self) -> float:
        """How far it is off, in standard deviations of what was measured."""
        return (self.predicted - self.target.log2) / self.target.spread


def predict(
    loaded: Loaded,
    targets: Sequence[Target],
    *,
    base: Mapping[str, float] | None = None,
    factors: Factors | None = None,
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
    factors : mapping, optional
        Of cell lines, see :func:`.comparing.compare`.
    engine, tolerances, workers, limit, told
        As in :func:`.listed.run`.

    Raises
    ------
    TargetError
        If the model has not what targets name.
    UnsupportedError, SweepError
        If the engine cannot do what is asked, or processes die.
    """
    compared = compare(targets, loaded.model, base, factors)
    levels, experiments = Levels(compared), compared.experiments
    ran = listed.run(
        loaded,
        levels.outputs,
        list(experiments.values()),
        engine=engine,
        tolerances=tolerances,
        workers=workers,
        limit=limit,
        told=told,
    )
    return read_off(compared, levels, dict(zip(experiments, ran, strict=True)))


def read_off(compared: Comparisons, levels: Levels, ran: Mapping[str, Ran]) -> list[Prediction]:
    """Return predictions from what was seen of each experiment."""
    times = {key: sorted(each) for key, each in compared.times.items()}
    values = levels.values(ran, times)
    found = []
    for each, above, below in zip(
        compared.comparisons,
        values[levels.above].tolist(),
        values[levels.below].tolist(),
        strict=True,
    ):
        problem = ran[each.above.experiment].error or ran[each.below.experiment].error
        predicted = math.nan
        if not problem:
            finite = math.isfinite(above) and math.isfinite(below)
            if finite and min(above, below) >= -NOTHING and max(above, below) > NOTHING:
                predicted = math.log2(max(above, NOTHING) / max(below, NOTHING))
            else:
                problem = (
                    f"{each.target.readout} is {above:.3g} over {below:.3g}, which has no log2."
                )
        found.append(Prediction(each.target, predicted, each.drug_class, problem, above, below))
    return found
