"""``mtorules doctor``: what is installed, what of it works, and what to install."""

from __future__ import annotations

from dataclasses import asdict

import click

from ..options import example, json_option, quiet_option
from ..output import print_json, table
from ..progress import progress


@click.command(epilog=example("mtorules doctor"))
@json_option
@quiet_option
@click.pass_context
def command(ctx: click.Context, as_json: bool, quiet: bool) -> None:
    """Say what is installed, which engines and tools work, and what to install.

    Every simulator runs a small model and must meet its formula; that takes some ten seconds. The
    status is 1 if anything fails that nothing goes without: BioNetGen, libRoadRunner or a place to
    write.
    """
    from ...analysis.checking.doctor import BROKEN, WORKS, examined

    with progress("Looking", quiet=quiet) as bar:
        findings = list(examined(bar.say))
    failing = [found for found in findings if found.needed and found.state != WORKS]
    if as_json:
        print_json([asdict(found) for found in findings])
    elif not quiet:
        for group in dict.fromkeys(found.group for found in findings):
            click.echo(group)
            rows = [
                ["  " + found.name, found.state, found.detail]
                for found in findings
                if found.group == group
            ]
            click.echo(table(rows))
        odd = [found.name for found in findings if found.state == BROKEN and not found.needed]
        if failing:
            names = ", ".join(found.name for found in failing)
            click.echo(f"Nothing goes without {names}: see above for what to do.")
        elif odd:
            click.echo(f"The main job works; what does not: {', '.join(odd)}.")
        else:
            click.echo("All that is needed works.")
    ctx.exit(1 if failing else 0)
