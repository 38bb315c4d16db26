"""``mtorules export``: the model in a format that other tools read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import (
    Choice,
    example,
    generation_options,
    json_option,
    model_argument,
    network_of,
    quiet_option,
    remark,
)
from ..output import OutputPath, print_json

if TYPE_CHECKING:
    from ...export.sbml.writer import Report
    from ...network.bionetgen.limits import Bounds, Limits

# How many renamings for one reason are named one by one.
_NAMED = 3
LEVELS = ("3.2", "3.1", "2.5", "2.4")


@click.command(epilog=example("mtorules export signalling --output signalling.xml"))
@model_argument
@generation_options
@click.option("-f", "--format", "format_", type=Choice(["sbml"]), default="sbml")
@click.option(
    "--level",
    type=Choice(LEVELS),
    default=LEVELS[0],
    help="Level and version of SBML. What a lower one has no room for is reported.",
)
@click.option(
    "--irreversible",
    is_flag=True,
    help="Make each direction of a rule a reaction of its own, as stochastic simulators need it.",
)
@click.option(
    "-o",
    "--output",
    type=OutputPath(".xml", ".sbml"),
    help="Write to this file instead of standard output.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name everything that had to be renamed.")
@json_option
@quiet_option
def command(
    model: str,
    format_: str,
    level: str,
    irreversible: bool,
    output: Path | None,
    verbose: bool,
    as_json: bool,
    quiet: bool,
    bounds: Bounds,
    limits: Limits,
) -> None:
    """Write MODEL as SBML.

    How many names had to be changed, and what the level has no room for, is said on standard error;
    --verbose names them all. With --json the whole report goes to standard output, which then needs
    --output.
    """
    if as_json and output is None:
        raise click.UsageError("--json prints the report, so the document needs --output.")
    network = network_of(model, quiet=quiet, bounds=bounds, limits=limits)

    from ...export.sbml import writer

    if output is None:
        document = writer.document(network, level, irreversible)
        click.echo(document.text, nl=False)
        report = document.report
    else:
        report = writer.write(network, output, level, irreversible)
    if as_json:
        print_json(
            {
                "output": str(output),
                "level": level,
                "irreversible": irreversible,
                "renamed": [asdict(renaming) for renaming in report.renamed],
                "lost": report.lost,
                "notices": report.notices,
            }
        )
    elif not quiet:
        _tell(report, level, known=network.warnings, verbose=verbose)


def _tell(report: Report, level: str, known: tuple[str, ...], *, verbose: bool) -> None:
    lines = report.renamings(None if verbose else _NAMED)
    if len(lines) < len(report.renamed):
        lines[-1] += " --verbose names them all."
    for line in lines:
        remark(line)
    for lost in report.lost:
        remark(f"lost at SBML {level}: {lost}.")
    for notice in report.notices:
        if notice not in known:  # told when the network was made
            remark(notice)
