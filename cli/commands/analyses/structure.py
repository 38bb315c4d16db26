"""``mtorules analyse structure``: what is conserved, what feeds back, and what a drug cuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import example

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer


@click.command(
    epilog=example(
        "mtorules analyse structure signalling --drug 'everolimus=20 nM' \\",
        "    --output results/structure",
    )
)
@question_options(times="inf", cells=False)
def command(asked: Asked) -> Answer:
    """List conservation laws, feedback loops with sign and gain, and modules.

    Laws are exact. Loops run between what rules change, of a model without rules between species.
    Gains are those at rest (--times inf), with a drug or dose those without it beside; where there
    is no rest, signs alone are told. 'signalling' takes ten seconds.
    """
    from ....analysis.asking import system
    from ....analysis.structure import question

    words = {"as it is": asked.untreated(asked.words)}
    given = [*asked.words.drugs, *asked.words.doses]
    if given:
        words["with " + ", ".join(given)] = asked.words
    systems, failed = {}, {}
    with asked.running("Looking at the structure") as told:
        for done, (name, each) in enumerate(words.items()):
            told(done, len(words))
            try:
                systems[name] = system.at_end(
                    asked.loaded,
                    each,
                    asked.readouts,
                    fixed=asked.fixed,
                    tolerances=asked.tolerances,
                )
            except system.NoRestError as error:
                failed[name] = str(error)
        answer = question.answer(asked.loaded, systems, failed, asked.settings)
    return answer
