"""``mtorules uncertainty profile``: how well a fit can do with one parameter held."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...fits import FitAsked, fit_options
from ...options import blaming, example, json_option, remark
from ...output import OutputPath, print_json, table
from ...progress import progress

if TYPE_CHECKING:
    from ....analysis.uncertainty.profiles import Point


@click.command(
    epilog=example("mtorules uncertainty profile kr_MTOR_binds_RPTOR --output profiles.csv")
)
@click.argument("names", nargs=-1, required=True, metavar="PARAMETER...")
@click.option(
    "--steps",
    default=4,
    show_default=True,
    type=click.IntRange(1),
    help="Most values to each side.",
)
@click.option(
    "--evaluations",
    default=3,
    show_default=True,
    type=click.IntRange(1),
    help="Most evaluations at each value, to find all others anew.",
)
@click.option("-o", "--output", type=OutputPath(".csv"), help="Write every value and its cost.")
@json_option
@fit_options
def command(
    fit: FitAsked,
    names: tuple[str, ...],
    steps: int,
    evaluations: int,
    output: Path | None,
    as_json: bool,
) -> None:
    """Hold a parameter at values to both sides of its best one, and find all others anew.

    The interval ends where the objective has risen by 1.92, half the 95 % quantile of chi-square,
    or beyond the range. Beside it stands what the curvature at the best set says. For 'signalling'
    a parameter takes up to 27 evaluations of two minutes each on two cores; broken off, it goes on
    from where it was.
    """
    from ....analysis.uncertainty import profiles

    result = fit.result()
    best = result.best
    units = {prior.name: prior.unit for prior in result.measurer.priors}

    def told(name: str, point: Point) -> None:
        if not fit.quiet:
            remark(f"{name} = {point.value:.4g} {units[name]}: the objective {point.cost:+.2f}")

    found = []
    try:
        with (
            blaming("PARAMETER", profiles.NotProfiledError),
            progress("Running experiments there and back", quiet=fit.quiet) as bar,
        ):
            profiles.check(best.objective, names)
            for name in dict.fromkeys(names):
                found.append(
                    profiles.profile(
                        best.objective,
                        best.best,
                        name,
                        unit=units[name],
                        steps=steps,
                        evaluations=evaluations,
                        told=told,
                        progress=bar.advance,
                    )
                )
    finally:
        result.measurer.close()
    if output is not None:
        profiles.write(found, output)
    if as_json:
        print_json([profiles.data(each) for each in found])
        return
    rows = []
    for each in found:
        ends = zip(each.interval, each.looked, strict=True)
        curved = zip(each.laplace, (each.low, each.high), strict=True)
        shown = (profiles.shown(end, bound) for end, bound in (*ends, *curved))
        rows.append([each.name, f"{each.value:.4g}", each.unit, *shown])
    heads = ["parameter", "best", "unit", "from", "to", "by curvature from", "to"]
    click.echo(table([heads, *rows]))
    for each in found:
        if each.left > profiles.LESS:
            click.echo(
                f"Others would still lower the objective over {each.name}, by up to "
                f"{each.left:.3g} with the next evaluation as far as slopes say, so where it rises "
                "cannot be told: more --evaluations go on from here."
            )
        if each.least.cost < -profiles.LESS:
            click.echo(
                f"With {each.name} at {each.least.value:.4g} {each.unit} the objective is less by "
                f"{-each.least.cost:.2f} than at the best set: the fit had not come to its end."
            )
