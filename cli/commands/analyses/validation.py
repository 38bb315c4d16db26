"""``mtorules analyse validation``: how near a model comes to what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...asked import Asked
from ...asking import question_options
from ...options import blaming, example

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer


@click.command(
    epilog=example(
        "mtorules analyse validation --output results/validation",
        "mtorules analyse validation --data korkut2015 --parameters fitted.csv",
    )
)
@click.option(
    "--targets",
    "files",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Ask for what this table of targets holds, instead of those of the package. May be "
    "repeated.",
)
@click.option(
    "--data",
    "datasets",
    multiple=True,
    metavar="SET",
    help="Only the targets of this data set, as in 'korkut2015'. May be repeated.",
)
@question_options(cells=False, drugs=False, readouts=False, experiment=False, model="signalling")
def command(asked: Asked, files: tuple[Path, ...], datasets: tuple[str, ...]) -> Answer:
    """Predict what was measured in cell lines, and tell how near that comes.

    Targets are log2 ratios of phosphorylated and other proteins, of eleven public data sets: cells
    with a drug over those without, or with a ligand over those before. Each experiment is run once.
    Rules that need no model stand beside the score. It takes half a minute on 'signalling'.
    """
    from ....analysis.validation import predicting, question, targets
    from ....analysis.validation.tables import TargetError

    with blaming("--targets", TargetError):
        known = targets.read(files or None)
    with blaming("--data", TargetError):
        chosen = targets.select(known, datasets)
    means = {name: value for name, value in asked.means.items() if name != "folder"}
    with asked.running(f"Predicting {len(chosen):,} targets") as told:
        try:
            predictions = predicting.predict(
                asked.loaded,
                chosen,
                base=asked.fixed,
                engine=asked.words.engine,
                told=told,
                **means,
            )
        except TargetError as error:
            raise click.UsageError(str(error), click.get_current_context()) from None
        answer = question.answer(
            predictions,
            {
                "model": asked.loaded.model.id,
                "engine": asked.words.engine,
                "targets": [path.name for path in files] or "those of the package",
                "data": list(dict.fromkeys(target.dataset for target in chosen)),
                "parameters": dict(asked.fixed),
                "relative_tolerance": asked.tolerances.relative,
            },
        )
    return answer
