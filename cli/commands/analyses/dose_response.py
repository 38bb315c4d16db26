"""``mtorules analyse dose-response``: potency, slope and efficacy on each readout."""

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
        "mtorules analyse dose-response signalling --compound everolimus --compound AZD8055 \\",
        "    --cells 'reference, PTEN_null' --readout S6K_pT389 --readout AKT_pS473 \\",
        "    --output results/dose-response",
        "mtorules analyse dose-response model.bngl --dose 'L()=0.01..1000 log 15'",
    )
)
@click.option(
    "--compound",
    "compounds",
    multiple=True,
    metavar="NAME[=DOSES]",
    help="Give this compound, as in 'AZD8055' (doses around the usual one) or "
    "'AZD8055=1..1000 nM log 10'; 'all' is every one that acts on something in the model. May be "
    "repeated; each is given alone.",
)
@question_options(times="24 h")
def command(asked: Asked, compounds: tuple[str, ...]) -> Answer:
    """Tell at which dose readouts are half way, how steeply they get there, and how far they go.

    A list or a range in --drug, --dose or --set is given like a compound; everolimus is where
    nothing is named, or a parameter is varied where no compound has a target. The relative EC50 is
    the middle of a fitted Hill curve, the absolute IC50 where the readout itself is at half of
    the control. One compound on 'signalling' takes ten seconds, all of them three minutes.
    """
    from ....analysis.asking import treatments
    from ....analysis.asking.grid import AnalysisError
    from ....analysis.dose_response import question
    from ....simulation.scans.parts import ScanError

    model = asked.loaded.model
    with usage(AnalysisError, ScanError):
        words, agents, chosen = question.question(model, asked.words, asked.fixed, compounds)
        planned = treatments.plan(model, words, agents, question.rows(agents), asked.fixed)
    data = asked.run("Giving doses", planned)
    with usage(AnalysisError):
        answer = question.answer(data, agents, asked.settings, chosen)
    return answer
