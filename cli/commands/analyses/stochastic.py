"""``mtorules analyse stochastic``: how much cells differ, by chance or by their amounts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ....models import catalogue
from ...asked import Asked
from ...asking import question_options
from ...options import Choice, FloatRange, example

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer


@click.command(
    epilog=example(
        "mtorules analyse stochastic signalling --drug 'everolimus=0, 20 nM' --count 200 \\",
        "    --readout S6K_pT389 --readout AKT_pS473 --output results/stochastic",
    )
)
@question_options(seed="what is drawn at random")
@click.option(
    "--by",
    type=Choice(["molecules", "amounts"]),
    help="Let cells differ by chance, molecule by molecule (the default of a file), or by how much "
    "of each protein they hold (the default of models of the catalogue).",
)
@click.option(
    "--count",
    default=200,
    show_default=True,
    type=click.IntRange(1),
    help="How many cells.",
)
@click.option(
    "--spread",
    default=0.25,
    show_default=True,
    type=FloatRange(0, min_open=True),
    help="Standard deviation of the logarithm of each amount, where they differ.",
)
def command(asked: Asked, by: str | None, count: int, spread: float) -> Answer:
    """Tell how a readout is distributed over cells: mean, Fano factor, variation, shape.

    Human cells of one kind differ in most proteins by 20 to 30 per cent. Two hundred cells of
    'signalling' take a minute and a half for each dose; molecule by molecule it is out of reach.
    """
    from ....analysis import stochastic
    from ....analysis.asking import cells
    from ....analysis.asking.grid import AnalysisError
    from ....analysis.population import question

    chance = (by or ("amounts" if asked.model in catalogue.names() else "molecules")) == "molecules"
    words = replace(asked.words, replicates=count) if chance else asked.words
    with asked.running("Drawing cells"):
        if chance:
            data = asked.stochastic().ask(f"Simulating {count} cells", words)
        else:
            plans = list(cells.split(asked.planned(words)))
            if len(plans) > 1:
                raise AnalysisError("Cells that differ grow from one; leave --cells at one name.")
            ((_, cell),) = plans
            base = {**asked.fixed, **cells.values(cell)}
            drawn = question.population(
                asked.loaded.model, base, {}, count, spread, asked.words.seed
            )
            planned = cells.varied(cell, stochastic.CELL, drawn.changes)
            data = asked.run(f"Asking {count} cells", planned)
        answer = stochastic.answer(
            data, {**asked.settings, "count": count, "by": "molecules" if chance else "amounts"}
        )
    return answer
