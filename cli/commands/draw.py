"""``mtorules draw``: a model as a picture, or as a graph for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import Choice, example, model_argument, network_of, quiet_option, remark
from ..output import OutputPath

# What export.pictures can draw and write; a test compares them, so that help comes at once.
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
@quiet_option
def command(model: str, kind: str, output: Path, quiet: bool) -> None:
    """Draw MODEL.

    contact: the molecules with their sites, which sites bind, and which molecule changes which site
    or makes or inhibits another. influence: how states, bonds and amounts influence each other
    through the rules. reactions: which complexes turn into which. Green speeds up, red slows down;
    what runs back up the pathway is dashed.
    """
    from ...export.drawing import pictures
    from ..progress import progress

    network = network_of(model, quiet=quiet)
    with progress(f"Drawing {network.name}", quiet=quiet):
        graph = pictures.KINDS[kind](network)
        pictures.write(graph, output)
    if not quiet:
        nodes, edges = graph.number_of_nodes(), graph.number_of_edges()
        remark(f"Wrote {output}: {nodes:,} nodes, {edges:,} edges.")
