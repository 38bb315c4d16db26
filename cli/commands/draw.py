"""``mtorules draw``: a model as a picture, or as a graph for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import Choice, example, model_argument, network_of, quiet_option, remark
from ..output import OutputPath

# What export.pictures can draw and write; a test compares them, so that help comes at once.
WAYS = ("page", "free")
KINDS = ("contact", "influence", "reactions")
SUFFIXES = (".svg", ".pdf", ".png", ".dot", ".graphml", ".cyjs", ".cx2")


@click.command(epilog=example("mtorules draw insulin_mtor --kind influence --output influence.svg"))
@model_argument
@click.option("--kind", type=Choice(KINDS), default="contact", help="What is drawn.")
@click.option(
    "-o",
    "--output",
    type=OutputPath(*SUFFIXES),
    required=True,
    help="The file to write; its ending says how: a picture (.svg, .pdf, .png, .dot), GraphML "
    "(.graphml), Cytoscape JSON (.cyjs) or CX2 (.cx2).",
)
@click.option(
    "--layout",
    type=Choice(WAYS),
    help="page: a contact map on a landscape A4 page, everything at its fixed place; free: laid "
    "out by Graphviz. By default the page for networks that fill it, as signalling does.",
)
@quiet_option
def command(model: str, kind: str, output: Path, layout: str | None, quiet: bool) -> None:
    """Draw MODEL.

    contact: the molecules with their sites, which sites bind, and which molecule changes which site
    or makes or inhibits another. influence: how states, bonds and amounts influence each other
    through the rules. reactions: which complexes turn into which. An arrow speeds up, a bar slows
    down. Where Graphviz lays them out, what runs back up the pathway is dashed.
    """
    from ...export.drawing import pictures
    from ..progress import progress

    if layout == "page" and (kind != "contact" or output.suffix.lower() not in pictures.DRAWN):
        raise click.UsageError(
            f"--layout page draws contact maps as {', '.join(pictures.DRAWN)}; "
            f"this is {kind} as {output.suffix}. Leave --layout out for that."
        )
    network = network_of(model, quiet=quiet)
    with progress(f"Drawing {network.name}", quiet=quiet):
        graph = pictures.write_map(network, kind, output, layout)
    if not quiet:
        nodes, edges = graph.number_of_nodes(), graph.number_of_edges()
        remark(f"Wrote {output}: {nodes:,} nodes, {edges:,} edges.")
