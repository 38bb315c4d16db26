"""``mtorules calibrate``: one parameter set with which the claims hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import blaming, loaded_of, quiet_option, remark, usage
from .output import OutputPath, table
from .progress import progress

if TYPE_CHECKING:
    from ..analysis.calibration.fitting import Step


@click.command()
@click.option("--model", default="signalling", metavar="MODEL", help="The model that is fitted.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Fit to the claims of this file instead of those of the reviews.",
)
@click.option(
    "--starts", default=2, type=click.IntRange(1), help="How many starts.", show_default=True
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
    default=42,
    type=click.IntRange(1),
    help="Most evaluations for the start that is best by then.",
    show_default=True,
)
@click.option("--seed", default=0, type=click.IntRange(0), help="Of the starts.", show_default=True)
@click.option(
    "--store",
    default=Path("build/calibrate"),
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep every evaluation here; a run that was broken off goes on from it.",
    show_default=True,
)
@click.option(
    "--workers", type=click.IntRange(1), help="Processes; one for each core if not given."
)
@click.option(
    "-o",
    "--output",
    type=OutputPath(".csv"),
    help="Write the parameter set here, and how it was found beside it, as JSON.",
)
@quiet_option
def command(
    model: str,
    files: tuple[Path, ...],
    starts: int,
    screening: int,
    evaluations: int,
    seed: int,
    store: Path,
    workers: int | None,
    output: Path | None,
    quiet: bool,
) -> None:
    """Fit what nobody has measured to the claims, within the ranges of the tables.

    Takes hours for the reviews' claims; it may be broken off at any time and started again.
    """
    from ..analysis import calibrate
    from ..analysis.calibration.derivatives import DifferentiationError
    from ..analysis.claims import reading
    from ..analysis.engines import UnsupportedError

    loaded = loaded_of(model, quiet=quiet)

    def told(step: Step) -> None:
        if not quiet:
            remark(
                f"start {step.start}, evaluation {step.evaluation}: objective "
                f"{step.point.cost:.2f}, {step.point.failing} checks fail"
            )

    what = "Running experiments there and back"
    with (
        blaming("--file", reading.ClaimsError),
        usage(UnsupportedError, DifferentiationError, calibrate.NothingToFitError),
        progress(what, quiet=quiet) as bar,
    ):
        result = calibrate.calibrate(
            loaded,
            files=files,
            starts=starts,
            screening=screening,
            evaluations=evaluations,
            seed=seed,
            store=store,
            workers=workers,
            told=told,
            progress=bar.advance,
        )
    if output is not None:
        calibrate.write(result, output)
        if not quiet:
            remark(f"The parameter set is in '{output}'.")
    click.echo(table([["parameter", "from", "to", "spreads"], *calibrate.moved(result)]))
    best = result.best
    click.echo(
        f"Start {best.start} is best: objective {best.best.cost:.3f}, {best.best.failing} of "
        f"{len(result.objective.aims)} checks fail."
    )
