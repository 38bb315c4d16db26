"""``mtorules analyse control``: which rules hold which readouts and fluxes at rest."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import example

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer


@click.command(
    epilog=example(
        "mtorules analyse control signalling --cells 'reference, PTEN_null' \\",
        "    --readout S6K_pT389 --readout AKT_pS473 --output results/control",
    )
)
@question_options(times="inf", drugs=False)
def command(asked: Asked) -> Answer:
    """Tell by how many per cent readouts and fluxes at rest rise when a rule runs 1 % faster.

    Coefficients on a flux add up to one, and those on what there is to zero, which is checked and
    told. Of SBML, which has no rules, each reaction counts as one. 'signalling' takes ten seconds.
    """
    from ....analysis import control
    from ....analysis.asking import cells
    from ....simulation.experiments.experiments import EQUILIBRATION

    planned = asked.planned(asked.words)
    late = any(setting.at != EQUILIBRATION for setting in planned.settings)
    if len(planned.axes) > 1 or late or list(planned.times) != [inf]:
        raise click.UsageError(
            "Control is that of cells at rest, each with values that hold from the start on; leave "
            "lists, ranges and times out."
        )
    found = {label: {**asked.fixed, **cells.values(cell)} for label, cell in cells.split(planned)}
    with asked.running("Letting cells come to rest") as told:
        data = control.control(asked.loaded, asked.readouts, found, asked.tolerances, told)
        answer = control.answer(data, asked.settings)
    return answer
