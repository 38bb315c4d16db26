"""``mtorules analyse time-course``: readouts over time, under several conditions side by side."""

from __future__ import annotations

from dataclasses import replace
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
        "mtorules analyse time-course complexes --ensemble sets.csv --drug 'everolimus=20 nM'",
    )
)
@question_options(times="0..24 h lin 97", replicates=True, at_once=True)
def command(asked: Asked) -> Answer:
    """Follow readouts over time under several conditions, with bands where there are many runs.

    A list or a range in --drug, --dose or --set makes a line of each value. Replicates, samples
    (a range without a number of values, as 'MTOR_0=0.5..2 fold log') and the sets of an ensemble
    make a band: the median, and where 90 % lie. A day of 'signalling' in four conditions takes ten
    seconds.
    """
    from ....analysis import time_course
    from ....analysis.asking import ensembles
    from ....analysis.asking.grid import AnalysisError
    from ....simulation.scans.parts import ScanError

    if asked.sets:
        with usage(AnalysisError, ScanError):
            words = replace(asked.words, outputs=asked.readouts.outputs)
            planned = ensembles.plan(asked.loaded.model, words, asked.sets, asked.fixed)
            data = ensembles.apart(asked.run(f"Asking {len(asked.sets)} parameter sets", planned))
    else:
        data = asked.ask("Following readouts", asked.words)
    with usage(AnalysisError):
        answer = time_course.answer(data, asked.settings)
    return answer
