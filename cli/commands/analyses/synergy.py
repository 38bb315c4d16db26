"""``mtorules analyse synergy``: what two drugs do together, by the laws of synergy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import example, usage

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer

_PREFERRED = ("S6K_pT389", "EBP1_pT37", "AKT_pS473", "proliferation", "net_growth")


@click.command(
    epilog=example(
        "mtorules analyse synergy signalling --compound everolimus --compound BKM120 \\",
        "    --cells 'reference, PTEN_null' --output results/synergy",
        "mtorules analyse synergy signalling --screen --output results/screen",
    )
)
@click.option(
    "--compound",
    "compounds",
    multiple=True,
    metavar="NAME[=DOSES]",
    help="Give this compound, as in 'AZD8055' (doses up to the usual one) or "
    "'AZD8055=1..1000 nM log 7'. Name two, or more to --screen.",
)
@click.option(
    "--screen",
    is_flag=True,
    help="Take all pairs of what is named, or of one compound of each class, at two doses of each, "
    "and rank them.",
)
@click.option(
    "--rate",
    "rates",
    multiple=True,
    metavar="READOUT",
    help="Take this readout for a rate of growth, as net_growth is. May be repeated.",
)
@question_options(times="24 h", preferred=_PREFERRED)
def command(
    asked: Asked, compounds: tuple[str, ...], screen: bool, rates: tuple[str, ...]
) -> Answer:
    """Tell whether two drugs do more together than expected: Bliss, Loewe, HSA, ZIP and MuSyC.

    A list or a range in --drug, --dose or --set is given like a compound; everolimus and BKM120
    are where nothing is named. A matrix on 'signalling' takes half a minute, a screen of all
    classes three minutes.
    """
    from ....analysis.asking import treatments
    from ....analysis.asking.grid import AnalysisError
    from ....analysis.synergy import answering, question
    from ....analysis.synergy.effects import RATES
    from ....simulation.scans.parts import ScanError

    if unknown := [each for each in rates if each not in asked.readouts.names]:
        raise click.BadParameter(
            f"{unknown[0]!r} is not among the readouts: {', '.join(asked.readouts.names)}.",
            param_hint="--rate",
        )
    model = asked.loaded.model
    with usage(AnalysisError, ScanError):
        pairs, chosen = question.pairs(model, asked.words, asked.fixed, compounds, screen=screen)
        planned = treatments.plan(
            model, asked.words, question.agents(pairs), question.rows(pairs), asked.fixed
        )
    data = asked.run("Giving pairs", planned)
    with usage(AnalysisError):
        found = question.surfaces(data, pairs, (*RATES, *rates))
        answer = answering.answer(data, found, pairs, asked.settings, chosen, screen=screen)
    return answer
