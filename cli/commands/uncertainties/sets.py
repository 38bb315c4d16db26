"""``mtorules uncertainty sets``: parameter sets that fit as well as the best one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...fits import FitAsked, fit_options
from ...options import example, remark
from ...output import OutputPath
from ...progress import progress

if TYPE_CHECKING:
    from ....analysis.uncertainty.ensemble import Tried


@click.command(
    epilog=example("mtorules uncertainty sets --from fitted.csv --sets 100 -o ensemble.csv")
)
@click.option(
    "--sets", default=100, show_default=True, type=click.IntRange(1), help="How many are wanted."
)
@click.option(
    "--seed", default=0, show_default=True, type=click.IntRange(0), help="Of what is drawn."
)
@click.option(
    "--steps",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Most evaluations with slopes for each set, on its way to where it fits. Without, sets go "
    "by the slopes at the best one alone, which is faster and keeps them nearer to it.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=OutputPath(".csv"),
    help="Write the sets here, a parameter a row, and how they were found beside it, as JSON.",
)
@fit_options
def command(fit: FitAsked, sets: int, seed: int, steps: int, output: Path) -> None:
    """Draw parameter sets about the best one, run each, and keep those that fit as well.

    Claims and data may cost more than at the best set by half the 95 % quantile of chi-square of
    as many degrees of freedom as there are directions that they pin down. Where too few sets do,
    others are drawn nearer by. For 'signalling' a set takes a minute and a quarter on two cores;
    broken off, it goes on from where it was.
    """
    from ....analysis.uncertainty import ensemble, record

    result = fit.result()
    best = result.best

    def told(tried: Tried, allowed: float) -> None:
        if not fit.quiet:
            remark(
                f"spread times {tried.scale:g}, draw {len(tried.members)}: claims and data cost "
                f"{tried.members[-1].worse:+.2f} of {allowed:.2f} allowed; {len(tried.kept)} kept"
            )

    forwards = result.measurer.forwards()
    try:
        with progress("Running experiments", quiet=fit.quiet) as bar:
            found = ensemble.ensemble(
                best.objective,
                best.best,
                result.measurer.priors,
                sets=sets,
                seed=seed,
                steps=steps,
                forwards=forwards,
                store=fit.store,
                told=told,
                progress=bar.advance,
            )
    finally:
        forwards.close()
        result.measurer.close()
    record.write(found, output, fit.about(result))
    last = found.tried[-1]
    click.echo(
        f"{len(last.kept)} of {len(last.members)} sets drawn with {last.scale:.0%} of the spread "
        f"fit as well as the best: claims and data, which pin down {found.directions:.1f} "
        f"directions of {len(found.priors)} parameters, cost no more than {found.allowed:.2f} "
        "above it."
    )
