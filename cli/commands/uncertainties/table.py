"""``mtorules uncertainty table``: which parameters a fit pins down."""

from __future__ import annotations

from pathlib import Path

import click

from ...fits import FitAsked, fit_options
from ...options import blaming, example, remark
from ...output import OutputPath, table
from ...parameter_sets import ensemble_option

# Rows for a reader; a file has all.
_SHOWN = 20


@click.command(epilog=example("mtorules uncertainty table --ensemble ensemble.csv -o pinned.csv"))
@ensemble_option
@click.option("-o", "--output", type=OutputPath(".csv"), help="Write every parameter here.")
@click.option(
    "--page",
    type=click.Path(exists=True, dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Put the table into this page, between '<!-- pinned -->' and '<!-- end of pinned -->'.",
)
@fit_options
def command(fit: FitAsked, ensemble: Path | None, output: Path | None, page: Path | None) -> None:
    """Tell what is left of the spread of each parameter once claims and data have spoken.

    The ratio is that of the standard deviation of its logarithm by the curvature at the best set to
    that which its range stands for; 1 is nothing learned. With --ensemble the spread over those
    sets stands beside it. 'signalling' takes a minute on two cores.
    """
    from ....analysis.uncertainty import pinned
    from ....models.numbers import ensemble as numbers
    from ....models.numbers.parameters import ParameterError

    with blaming("--page", pinned.PageError):
        text = page and pinned.place(page)
    with blaming("--ensemble", ParameterError):
        sets = numbers.read(ensemble).numbers if ensemble else ()
    result = fit.result()
    found = pinned.pinned(result.best.objective, result.best.best, result.measurer.priors, sets)
    if output is not None:
        pinned.write(found, output)
    if page is not None and text is not None:
        pinned.fill(page, text, found)
        if not fit.quiet:
            remark(f"The table is in '{page}'.")
    click.echo(table([pinned.heads(found), *pinned.cells(found)[:_SHOWN]]))
    click.echo(pinned.said(found))
