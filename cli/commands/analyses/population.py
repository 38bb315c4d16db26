"""``mtorules analyse population``: which cells respond to which drug, and what tells them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import FloatRange, example, remark

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer

# One compound of each of these is taken unless the user names drugs.
_CLASSES = ("rapalog", "TOR-KI", "dual PI3K/TOR-KI", "MEK inhibitor")


@click.command(
    epilog=example(
        "mtorules analyse population signalling --drug 'everolimus=20 nM' \\",
        "    --drug 'INK128=200 nM' --response net_growth --count 200 --output results/population",
    )
)
@question_options(seed="the cells")
@click.option(
    "--change",
    "changes",
    multiple=True,
    metavar="NAME=VALUE",
    help="Treat cells by setting a parameter at time 0, for models without drugs. May be repeated.",
)
@click.option(
    "--count",
    default=200,
    show_default=True,
    type=click.IntRange(10),
    help="How many cells are drawn.",
)
@click.option(
    "--spread",
    default=0.4,
    show_default=True,
    type=FloatRange(0),
    help="Standard deviation of the logarithm of each protein's amount.",
)
@click.option(
    "--genotypes",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="CSV with the columns genotype and frequency, instead of the table of tumours.",
)
@click.option("--no-genotypes", is_flag=True, help="Draw amounts alone.")
@click.option(
    "--response",
    metavar="NAME",
    help="The readout whose fall is the response; net growth, or the first.",
)
@click.option(
    "--responders",
    default=0.5,
    show_default=True,
    type=FloatRange(0, 1, min_open=True, max_open=True),
    help="The share of cells that are called responders: those with the largest fall.",
)
def command(
    asked: Asked,
    changes: tuple[str, ...],
    count: int,
    spread: float,
    genotypes: Path | None,
    no_genotypes: bool,
    response: str | None,
    responders: float,
) -> Answer:
    """Draw cells with other amounts and genotypes, treat them, and ask what tells responders.

    Each --drug, --dose or --change is a treatment of its own, not one on top of the other; by
    default it is one compound of each of four classes. Two hundred cells of 'signalling' under four
    drugs take four minutes.
    """
    from ....analysis.asking import cells, drugs
    from ....analysis.asking.grid import AnalysisError
    from ....analysis.population import genotypes as frequencies
    from ....analysis.population import question

    if genotypes and no_genotypes:
        raise click.UsageError("--no-genotypes draws amounts alone; leave out --genotypes.")
    words = replace(asked.words, drugs=(), doses=())
    treatments = {
        **{each: replace(words, drugs=(each,)) for each in asked.words.drugs},
        **{each: replace(words, doses=(each,)) for each in asked.words.doses},
        **{each: replace(words, settings=(*words.settings, f"{each} @ 0 s")) for each in changes},
    }
    if not treatments:
        chosen = drugs.usual(asked.loaded.model, _CLASSES)
        treatments = {each: replace(words, drugs=(each,)) for each in chosen.values()}
        if chosen and not asked.quiet:
            remark(f"The drugs are {', '.join(chosen.values())}; --drug takes others.")
    scans = {
        question.UNTREATED: asked.planned(words),
        **{name: asked.planned(each) for name, each in treatments.items()},
    }
    with asked.running("Drawing cells"):
        if not treatments:
            raise AnalysisError(
                f"{asked.loaded.model.id!r} holds no drug of the tables; name what cells are "
                "given, as in --dose 'SPECIES=10 nM' or --change 'NAME=0.1'."
            )
        names = asked.readouts.names
        told = response or ("net_growth" if "net_growth" in names else names[0])
        if told not in names:
            raise AnalysisError(
                f"The response {told!r} is none of the readouts: {', '.join(names)}; "
                f"add --readout {told!r}."
            )
        known = {} if no_genotypes else frequencies.read(genotypes or frequencies.TABLE)
        fitting = frequencies.fitting(known, asked.loaded.model)
        if genotypes and (out := sorted(known.keys() - fitting)) and not asked.quiet:
            remark(
                f"{', '.join(out)}: left out, as {asked.loaded.model.id!r} lacks what that changes."
            )
        # Amounts are drawn around those of the cell that words describe.
        _, cell = next(cells.split(scans[question.UNTREATED]))
        base = {**asked.fixed, **cells.values(cell)}
        drawn = question.population(
            asked.loaded.model, base, fitting, count, spread, asked.words.seed
        )
        data = question.study(
            drawn,
            scans,
            lambda name, planned: asked.run(f"Asking {count} cells", planned, name),
        )
        settings = {
            **asked.settings,
            "treatments": list(treatments),
            "count": count,
            "spread": spread,
            "genotypes": fitting,
            "response": told,
            "responders": responders,
        }
        answer = question.answer(data, told, responders, settings)
    return answer
