"""``mtorules analyse time-course``: readouts over time, under several conditions side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import example, usage

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer


@click.command(
    epilog=example(
        "mtorules analyse time-course signalling --drug 'everolimus=0, 20 nM' \\",
        "    --cells 'reference, PTEN_null' --readout S6K_pT389 --readout AKT_pS473 \\",
        "    --output results/time-course",
    )
)
@question_options(times="0..24 h lin 97", replicates=True)
def command(asked: Asked) -> Answer:
    """Follow readouts over time under several conditions, with bands where there are many runs.

    A list or a range in --drug, --dose or --set makes a line of each value. Replicates and samples
    (a range without a number of values, as 'MTOR_0=0.5..2 fold log') make a band. A day of
    'signalling' in four conditions takes ten seconds.
    """
    from ....analysis import time_course
    from ....analysis.asking.grid import AnalysisError

    data = asked.ask("Following readouts", asked.words)
    with usage(AnalysisError):
        answer = time_course.answer(data, asked.settings)
    return answer
