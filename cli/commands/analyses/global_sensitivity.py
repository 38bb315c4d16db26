"""``mtorules analyse global-sensitivity``: which parameters matter when all vary at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import Choice, FloatRange, example

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer

# What each method takes unless told: it costs this many runs for each of some, or in all.
_SIZES = {"morris": 10, "sobol": 64}


@click.command(
    epilog=example(
        "mtorules analyse global-sensitivity signalling --drug 'everolimus=20 nM' \\",
        "    --readout S6K_pT389 --readout net_growth --method prcc --size 320 \\",
        "    --output results/global-sensitivity",
    )
)
@question_options(seed="the sample")
@click.option(
    "--method",
    type=Choice(["prcc", "morris", "sobol"]),
    default="prcc",
    show_default=True,
    help="Partial rank correlations, Morris's elementary effects, or Sobol's shares of variance.",
)
@click.option(
    "--vary",
    multiple=True,
    metavar="NAME",
    help="Vary this parameter; may be repeated. By default the amounts of all proteins, or all "
    "parameters of a small model.",
)
@click.option(
    "--fold",
    default=2.0,
    show_default=True,
    type=FloatRange(1, min_open=True),
    help="Vary each from its value over to its value times this.",
)
@click.option(
    "--size",
    type=click.IntRange(2),
    help="Points (PRCC, by default four a parameter, 100 at least), trajectories (Morris, 10), or "
    "base sample (Sobol, 64; a power of two, and costs as many times the parameters and two).",
)
def command(
    asked: Asked, method: str, vary: tuple[str, ...], fold: float, size: int | None
) -> Answer:
    """Vary many parameters at once, evenly on the logarithm, and tell which of them matter.

    With --drug or --dose the cells are asked untreated and treated. 292 points of 'signalling',
    untreated and treated, take two to three minutes.
    """
    from ....analysis.asking import cells
    from ....analysis.global_sensitivity import question

    words = asked.words
    given = (*words.drugs, *words.doses)
    scans = {question.UNTREATED: asked.planned(asked.untreated(words))}
    if given:
        treated = asked.planned(words)
        scans[question.treatment(given, treated)] = treated
    with asked.running("Drawing samples"):
        besides = set().union(*map(cells.touched, scans.values())) - asked.fixed.keys()
        found = question.ranges(asked.loaded, vary, fold, asked.fixed, besides)
        chosen = size or _SIZES.get(method, max(4 * len(found), 100))
        told = question.plan(found, method, chosen, asked.words.seed)
        data = question.study(
            told,
            scans,
            lambda name, planned: asked.run(f"Asking {len(told.shares)} points", planned, name),
        )
        answer = question.answer(data, told, asked.settings)
    return answer
