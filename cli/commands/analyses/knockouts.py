"""``mtorules analyse knockouts``: what each protein and each rule is needed for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from ....models import catalogue
from ...asked import Asked
from ...asking import question_options
from ...options import Choice, example, remark

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer


@click.command(
    epilog=example(
        "mtorules analyse knockouts signalling --drug 'everolimus=20 nM' \\",
        "    --cells 'reference, PTEN_null' --readout S6K_pT389 --readout net_growth \\",
        "    --output results/knockouts",
    )
)
@question_options()
@click.option(
    "--of",
    "what",
    type=Choice(["proteins", "rules", "all"]),
    default="proteins",
    show_default=True,
    help="What is taken out: proteins by their amounts, rules by their rate parameters.",
)
@click.option(
    "--only",
    metavar="NAMES",
    help="Take out these alone, as in 'PTEN, TSC2'.",
)
def command(asked: Asked, what: str, only: str | None) -> Answer:
    """Set every protein or rule to nothing and to half, alone and with a drug, and rank effects.

    Without --drug or --dose a model of the catalogue that holds rapamycin is given its usual dose.
    A loss that lets the drug lower a readout further sensitises; the shift is below zero then. What
    has no number says why. All proteins of 'signalling' take one minute, all rules five.
    """
    from ....analysis.asking import cells, drugs
    from ....analysis.knockouts import question, targets

    words = asked.words
    if not words.drugs and not words.doses and asked.model in catalogue.names():
        chosen = drugs.usual(asked.loaded.model, ["rapalog"])
        words = replace(words, drugs=tuple(chosen.values()))
        if chosen and not asked.quiet:
            remark(f"The drug is {next(iter(chosen.values()))}; --drug takes another.")
    plain = asked.planned(asked.untreated(words))
    treated = asked.planned(words) if words.drugs or words.doses else None
    # What the model has nothing of may be there in a cell, or once it is set.
    bases = [asked.fixed, *({**asked.fixed, **cells.values(c)} for _, c in cells.split(plain))]
    found: list[targets.Target] = []
    if what in ("proteins", "all"):
        found += targets.of_all(targets.proteins(asked.loaded.model, base) for base in bases)
    if what in ("rules", "all"):
        found += targets.of_all(targets.rules(asked.loaded, base) for base in bases)
    with asked.running("Choosing targets"):
        if only is not None:
            found = targets.chosen(found, only)
        data = question.study(
            asked.loaded.model,
            found,
            (0.0, 0.5),
            plain,
            treated,
            lambda name, planned: asked.run("Taking out one after the other", planned, name),
            ", ".join((*words.drugs, *words.doses)),
        )
    return question.answer(data, {**asked.settings, "drugs": list(words.drugs), "of": what})
