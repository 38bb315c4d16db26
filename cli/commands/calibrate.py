"""``mtorules calibrate``: one parameter set with which the claims hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from ..fits import data_options, targets_of
from ..options import (
    blaming,
    example,
    files_option,
    loaded_of,
    quiet_option,
    remark,
    store_option,
    usage,
    workers_option,
)
from ..output import OutputPath, cells, table
from ..progress import progress

if TYPE_CHECKING:
    from ...analysis.calibration.fitting import Step
    from ...analysis.validation.targets import Target
    from ...simulation.engines import Loaded


@click.command(epilog=example("mtorules calibrate --output fitted.csv"))
@click.option("--model", default="signalling", metavar="MODEL", help="The model that is fitted.")
@files_option
@data_options
@click.option(
    "--lines",
    type=click.Choice(["free", "held", "none"]),
    default="free",
    help="Amounts in which each measured cell line differs from the reference cell: fitted, held "
    "at those beside the set of --from, or left out.",
    show_default=True,
)
@click.option(
    "--starts", default=1, type=click.IntRange(1), help="How many starts.", show_default=True
)
@click.option(
    "--screening",
    default=3,
    type=click.IntRange(1),
    help="Evaluations of the objective for each start.",
    show_default=True,
)
@click.option(
    "--evaluations",
    default=25,
    type=click.IntRange(1),
    help="Most evaluations for the start that is best by then; in later rounds a third of them.",
    show_default=True,
)
@click.option(
    "--rounds",
    default=0,
    type=click.IntRange(0),
    help="Rounds of making claims sturdy that follow, once they hold.",
    show_default=True,
)
@click.option(
    "--steps",
    default=0,
    type=click.IntRange(0),
    help="Most evaluations of the end, in which as many claims as can be are made to hold when "
    "parameters are off.",
    show_default=True,
)
@click.option("--seed", default=0, type=click.IntRange(0), help="Of the starts.", show_default=True)
@click.option(
    "--from",
    "begin",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Begin with this parameter set, as this command writes it, and move only what it holds.",
)
@click.option(
    "--folds",
    type=click.IntRange(2),
    help="Cross-validate instead: split claims by what they are about, and data sets, in so many "
    "parts, fit without each from the tables (--evaluations for each), and tell which of its "
    "claims hold and how near its data are met.",
)
@store_option("build/calibrate", "evaluation")
@workers_option
@click.option(
    "-o",
    "--output",
    type=OutputPath(".csv"),
    help="Write the parameter set here, and how it was found beside it, as JSON; with --folds, "
    "each claim and whether it holds where it was left out.",
)
@quiet_option
def command(
    model: str,
    files: tuple[Path, ...],
    tables: tuple[Path, ...],
    datasets: tuple[str, ...],
    lines: Literal["free", "held", "none"],
    starts: int,
    screening: int,
    evaluations: int,
    rounds: int,
    steps: int,
    seed: int,
    begin: Path | None,
    folds: int | None,
    store: Path,
    workers: int | None,
    output: Path | None,
    quiet: bool,
) -> None:
    """Fit what nobody has measured to claims and data, within the ranges of the tables.

    Takes an hour for the reviews' claims and the package's data; broken off, it goes on from where
    it was.
    """
    from ...analysis.calibration import calibrate
    from ...analysis.calibration.ends import NEAR, at_ends
    from ...analysis.calibration.slopes.derivatives import DifferentiationError
    from ...analysis.claims import reading
    from ...analysis.validation.factors import FactorsError
    from ...analysis.validation.tables import TargetError
    from ...models.numbers.parameters import ParameterError
    from ...simulation.engines import UnsupportedError

    if folds and begin:
        raise click.UsageError("--folds fits from the tables; leave out --from.")
    if lines == "held" and not begin:
        raise click.UsageError("--lines held takes those beside the set of --from; name one.")
    loaded = loaded_of(model, quiet=quiet)
    targets = targets_of(files, tables, datasets)
    if folds:
        free_lines = lines == "free"
        _cross_validate(
            loaded, folds, files, targets, free_lines, evaluations, store, workers, output, quiet
        )
        return

    def told(step: Step) -> None:
        if not quiet:
            sturdy = (
                "" if step.holding is None else f", {step.holding:.1f} claims hold when jittered"
            )
            remark(
                f"start {step.start}, round {step.round}, evaluation {step.evaluation}: "
                f"objective {step.cost:.2f}, {step.measured.failing} checks fail{sturdy}"
            )

    what = "Running experiments there and back"
    with (
        blaming("--file", reading.ClaimsError),
        blaming("--data", TargetError),
        blaming("--from", ParameterError, calibrate.NotFreeError, FactorsError),
        usage(UnsupportedError, DifferentiationError, calibrate.NothingToFitError),
        progress(what, quiet=quiet) as bar,
    ):
        result = calibrate.calibrate(
            loaded,
            files=files,
            targets=targets,
            lines=lines,
            starts=starts,
            screening=screening,
            evaluations=evaluations,
            rounds=rounds,
            steps=steps,
            seed=seed,
            begin=begin,
            store=store,
            workers=workers,
            told=told,
            progress=bar.advance,
        )
    if output is not None:
        calibrate.write(result, output)
        if not quiet:
            remark(f"The parameter set is in '{output}', what sets cell lines apart beside it.")
    click.echo(table([["parameter", "from", "to", "spreads"], *calibrate.moved(result)]))
    best = result.best
    click.echo(
        f"Start {best.start} is best: objective {best.cost:.3f}, {best.best.failing} of "
        f"{len(result.measurer.aims)} checks fail."
    )
    held = at_ends(best.objective, best.best)
    if held:
        rows = [
            [one.name, one.end, f"{one.value:.3g}", "; ".join(one.pulls) or "nothing"]
            for one in held
        ]
        click.echo(f"Near an end of their range (within {NEAR:.0%} of it) stand {len(held)}:")
        click.echo(table([["parameter", "end", "value", "pulled there by"], *rows]))


def _cross_validate(
    loaded: Loaded,
    count: int,
    files: tuple[Path, ...],
    targets: list[Target],
    free_lines: bool,
    evaluations: int,
    store: Path,
    workers: int | None,
    output: Path | None,
    quiet: bool,
) -> None:
    from ...analysis.calibration import calibrate, folds
    from ...analysis.calibration.slopes.derivatives import DifferentiationError
    from ...analysis.claims import reading
    from ...analysis.validation import question
    from ...analysis.validation.tables import TargetError
    from ...simulation.engines import UnsupportedError

    def told(fold: folds.Fold, step: Step) -> None:
        if not quiet:
            remark(
                f"without {len(fold.claims)} claims ({fold.mechanisms[0]} ...), evaluation "
                f"{step.evaluation}: objective {step.cost:.2f}, {step.measured.failing} checks fail"
            )

    with (
        blaming("--file", reading.ClaimsError),
        blaming("--folds", folds.FoldsError),
        blaming("--data", TargetError),
        usage(UnsupportedError, DifferentiationError, calibrate.NothingToFitError),
        progress("Running experiments there and back", quiet=quiet) as bar,
    ):
        found = folds.cross_validate(
            loaded,
            count,
            files=files or None,
            targets=targets,
            free_lines=free_lines,
            evaluations=evaluations,
            store=store,
            workers=workers,
            told=told,
            progress=bar.advance,
        )
    if output is not None:
        folds.write(found, output)
    rows = [
        [
            str(number),
            f"{one.held_unseen} of {len(one.fold.claims)}",
            f"{one.held_seen} of {one.seen}",
            f"{one.moved:.2f}",
            ", ".join(one.fold.datasets) or "none",
            ", ".join(one.fold.mechanisms),
        ]
        for number, one in enumerate(found, 1)
    ]
    heads = [
        "fold",
        "left out",
        "seen",
        "spreads moved",
        "data left out",
        "left out claims are about",
    ]
    click.echo(table([heads, *rows]))
    unseen, seen = (sum(getattr(o, name) for o in found) for name in ("held_unseen", "held_seen"))
    asked, shown = sum(len(o.fold.claims) for o in found), sum(o.seen for o in found)
    click.echo(
        f"Of claims left out {unseen} of {asked} hold ({unseen / asked:.0%}), of those seen "
        f"{seen / shown:.0%}."
    )
    predictions = [each for one in found for each in one.predictions]
    if predictions:
        answer = question.answer(predictions)
        click.echo("Of the data sets, each where it was left out:")
        click.echo(table([[str(n) for n in answer.table.columns], *cells(answer.table)]))
        for sentence in answer.said:
            click.echo(sentence)
