"""``mtorules network``: from rules to the network of species and reactions."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import (
    example,
    generation_options,
    json_option,
    model_argument,
    network_of,
    quiet_option,
)
from ..output import OutputPath, print_json, table

if TYPE_CHECKING:
    from ...network.bionetgen.limits import Bounds, Limits

SUFFIXES = (".net", ".bngl", ".json")


@click.command(epilog=example("mtorules network complexes --output complexes.net"))
@model_argument
@generation_options
@click.option(
    "-o",
    "--output",
    type=OutputPath(*SUFFIXES),
    help="Write the network as BioNetGen's .net or as .json, or the rules it came from as .bngl.",
)
@json_option
@quiet_option
def command(
    model: str, output: Path | None, as_json: bool, quiet: bool, bounds: Bounds, limits: Limits
) -> None:
    """Generate the reaction network of MODEL and count what is in it."""
    network = network_of(model, quiet=quiet, bounds=bounds, limits=limits)
    if output is not None:
        from ...export.formats import FORMATS

        FORMATS[output.suffix.lower()[1:]].write(network, output)
    counts = {
        "species": len(network.species),
        "reactions": len(network.reactions),
        "rules": len(network.rules),
        "monomers": len(network.molecules),
        "parameters": sum(not parameter.generated for parameter in network.parameters),
        "functions": sum(not function.generated for function in network.functions),
        "observables": len(network.groups),
        "compartments": len(network.compartments),
    }
    if as_json:
        print_json({"name": network.name, **counts})
    else:
        click.echo(table([name, f"{count:,}"] for name, count in counts.items()))
