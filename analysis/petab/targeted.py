"""Targets as measurements: each ratio is a level beside its reference, both up to a scale.

The reference of a readout is 1 with next to no spread, as ratios are of it; each treated level is
what its ratio says, with the spread of the ratio on its logarithm. With scales at their best, chi
square is that of the ratios.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from ...simulation.experiments.experiments import Seconds
from ...simulation.experiments.from_text import Words
from ...simulation.sbml.model import SbmlModel
from ..validation.comparing import Look, compare
from ..validation.factors import Factors
from ..validation.targets import Target
from .measurements import Row
from .trials import Done

# Of a reference, in log2: so much less than of any ratio that it hardly counts.
_EXACT: Final = 0.01


def of(
    targets: Sequence[Target], model: SbmlModel, factors: Factors | None = None
) -> tuple[list[Row], Done]:
    """Return targets as measurements, and the experiments that they are of.

    Parameters
    ----------
    targets : sequence of Target
        What was measured.
    model : SbmlModel
        The model that is to show it.
    factors : mapping, optional
        Of cell lines, see :func:`..validation.comparing.compare`.

    Raises
    ------
    TargetError
        If the model has not what targets name.
    """
    compared = compare(targets, model, factors=factors)
    experiments = compared.experiments
    ids = {key: f"experiment_{number}" for number, key in enumerate(experiments, 1)}
    batches: dict[tuple[str, Look, str], str] = {}
    rows: list[Row] = []
    of_rows: list[str] = []

    def add(
        look: Look, observable: str, batch: str, where: str, ratio: tuple[float, float]
    ) -> None:
        log2, spread = ratio
        rows.append(
            Row(
                where=f"{where}, measurement {len(rows) + 1}",
                experiment=ids[look.experiment],
                observable=observable,
                time=Seconds(look.time),
                value=2.0**log2,
                unit="fold",
                batch=batch,
                spread=spread * math.log(2),
                words=Words(),
                logarithmic=True,
            )
        )
        of_rows.append(ids[look.experiment])

    for each in compared.comparisons:
        target, observable = each.target, each.formula.text
        where = target.where or target.treatment
        key = target.dataset, each.below, observable
        if key not in batches:
            batches[key] = f"{target.dataset}_{len(batches) + 1}"
            add(each.below, observable, batches[key], where, (0.0, _EXACT))
        add(each.above, observable, batches[key], where, (target.log2, target.spread))
    own = {ids[key]: plan.factors for key, plan in compared.plans.items() if plan.factors}
    return rows, Done({ids[key]: one for key, one in experiments.items()}, of_rows, own)
