"""``mtorules analyse steady-states``: a bifurcation diagram over a parameter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import example

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer

# How long a model that does not come to rest is followed before a steady state is looked for.
_GOING = "24 h"


@click.command(
    epilog=example(
        "mtorules analyse steady-states signalling --vary 'EGF_0=0.1..10 fold' \\",
        "    --output results/steady-states",
    )
)
@question_options(times="inf", cells=False, seed="the random starts")
@click.option(
    "--vary",
    metavar="NAME=RANGE",
    help="The parameter and its range in the model's unit, as in 'k=0.1..10', 'k=0..5 lin' or "
    "'k=0.1..10 fold'; by default the one that moves the model from rest fastest.",
)
@click.option(
    "--starts",
    default=4,
    show_default=True,
    type=click.IntRange(0),
    help="Random starts at each of three values of the parameter.",
)
def command(asked: Asked, vary: str | None, starts: int) -> Answer:
    """Follow steady states over a parameter: stability, folds, bistability and oscillation.

    The branch through where the model rests is followed by pseudo-arclength continuation, and so
    are those that random starts with the same totals lead to. 'complexes' takes five seconds,
    'signalling' without random starts (--starts 0) ten.
    """
    from ....analysis.asking import system
    from ....analysis.steady_states import question

    with asked.running("Following steady states") as told:
        means = {"fixed": asked.fixed, "tolerances": asked.tolerances}
        try:
            found = system.at_end(asked.loaded, asked.words, asked.readouts, **means)
        except system.NoRestError:  # it may oscillate round a steady state
            going = replace(asked.words, times=_GOING, equilibrated=False)
            try:
                found = system.at_end(asked.loaded, going, asked.readouts, **means)
            except system.NoRestError:  # within seconds, which takes too many steps
                begun = replace(going, times="0 s")
                found = system.at_end(asked.loaded, begun, asked.readouts, **means)
        varied = question.span(found, vary)
        equations, branches, reached = question.explore(
            found, varied, starts=starts, seed=asked.words.seed, told=told
        )
        answer = question.answer(equations, branches, reached, asked.readouts, asked.settings)
    return answer
