"""``mtorules analyse validation``: how near a model comes to what was measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ...asked import Asked
from ...asking import question_options
from ...fits import package_factors
from ...options import blaming, example

if TYPE_CHECKING:
    from ....analysis.asking.answer import Answer
    from ....analysis.validation.factors import Factors

# Stands for no factors.
_NONE: Final = Path("none")


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
@click.option(
    "--lines",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="By how much cell lines differ in the amounts of a few molecules, as 'mtorules calibrate' "
    "writes it; 'none' for genotypes alone. By default what stands beside the parameter set that "
    "is used: mine_lines.csv for mine.csv.",
)
@question_options(cells=False, drugs=False, readouts=False, experiment=False, model="signalling")
def command(
    asked: Asked, files: tuple[Path, ...], datasets: tuple[str, ...], lines: Path | None
) -> Answer:
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
    factors = _factors(asked, lines)
    means = {name: value for name, value in asked.means.items() if name != "folder"}
    with asked.running(f"Predicting {len(chosen):,} targets") as told:
        try:
            predictions = predicting.predict(
                asked.loaded,
                chosen,
                base=asked.fixed,
                factors=factors,
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
                "lines": {line: dict(own) for line, own in factors.items()},
                "relative_tolerance": asked.tolerances.relative,
            },
        )
    return answer


def _factors(asked: Asked, lines: Path | None) -> Factors:
    """Return the factors of cell lines that were asked for, or that belong to the parameter set."""
    from ....analysis.validation import factors

    if lines == _NONE:
        return {}
    if lines is not None:
        with blaming("--lines", factors.FactorsError):
            return factors.read(lines)
    if asked.parameters is None:
        return package_factors(asked.model, asked.loaded.model)
    with blaming("--parameters", factors.FactorsError):
        return factors.held_by(factors.found_beside(asked.parameters), asked.loaded.model)
