"""``mtorules analyse robustness``: whether the claims hold when parameters are a little off."""

from __future__ import annotations

from pathlib import Path

import click

from ...options import (
    FloatRange,
    blaming,
    example,
    files_option,
    json_option,
    loaded_of,
    parameters_option,
    quiet_option,
    store_option,
    usage,
    workers_option,
)
from ...output import print_json, table
from ...parameter_sets import parameter_set
from ...progress import progress

# How many of the claims that are lost most often are shown.
_SHOWN = 15


@click.command(epilog=example("mtorules analyse robustness --draws 20"))
@click.option("--model", default="signalling", metavar="MODEL", help="The model that is asked.")
@files_option
@parameters_option
@click.option(
    "--unmeasured",
    is_flag=True,
    help="Jitter every parameter that was never measured, not only those that the fit moved.",
)
@click.option(
    "--draws",
    default=200,
    type=click.IntRange(1),
    help="How often all are jittered.",
    show_default=True,
)
@click.option(
    "--jitter",
    default=0.1,
    type=FloatRange(0, 1),
    help="Standard deviation of each factor's logarithm.",
    show_default=True,
)
@click.option(
    "--seed", default=0, type=click.IntRange(0), help="Of the factors.", show_default=True
)
@store_option("build/robustness", "draw")
@workers_option
@json_option
@quiet_option
def command(
    model: str,
    files: tuple[Path, ...],
    parameters: Path | None,
    unmeasured: bool,
    draws: int,
    jitter: float,
    seed: int,
    store: Path,
    workers: int | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Jitter the fitted parameters, all at once, and count the claims that still hold.

    Claims over panels of virtual cells are left out: such a panel jitters cells itself.
    """
    from ....analysis import robustness
    from ....analysis.calibration import priors
    from ....analysis.claims import reading
    from ....simulation.engines import UnsupportedError

    loaded = loaded_of(model, quiet=quiet)
    values, besides = parameter_set(parameters, loaded.model)
    if unmeasured:
        values = {prior.name: prior.value for prior in priors.free(loaded.model)} | values
    with (
        blaming("--file", reading.ClaimsError),
        usage(UnsupportedError),
        progress(f"Asking the claims {draws} times", quiet=quiet) as bar,
    ):
        result = robustness.robustness(
            reading.read(files or None),
            loaded,
            values,
            besides=besides,
            draws=draws,
            jitter=jitter,
            seed=seed,
            store=store,
            workers=workers,
            told=bar.advance,
        )
    if as_json:
        print_json(
            {
                "model": loaded.model.id,
                "draws": draws,
                "jitter": jitter,
                "seed": seed,
                "parameters": len(values),
                "claims": result.claims,
                "passed": result.passed,
                "counts": result.counts,
                "median_drop": result.median_drop,
                "lost": result.lost,
            }
        )
        return
    rows = [[id, f"{count / draws:.0%}"] for id, count in list(result.lost.items())[:_SHOWN]]
    if rows:
        click.echo(table([["claim", "lost in"], *rows]))
    click.echo(
        f"{result.passed} of {result.claims} claims hold; with {len(values)} parameters jittered "
        f"by {jitter:.0%}, {draws} times, between {min(result.counts)} and {max(result.counts)}.\n"
        f"The median falls by {result.median_drop:.1%}."
    )
