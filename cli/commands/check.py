"""``mtorules check``: look over any SBML, and say whether it is right and says what it is."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import blaming, example, json_option, quiet_option, seconds_of
from ..output import OutputPath, print_json, spare
from ..progress import progress


@click.command(epilog=example("mtorules check signalling.xml"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--html",
    type=OutputPath(".html", ".htm"),
    help="Write the report as a page to this file, too.",
)
@click.option("--strict", is_flag=True, help="Take warnings for problems, too.")
@click.option("--quick", is_flag=True, help="Leave out the checks of units, which take longest.")
@click.option(
    "--time-limit",
    metavar="TIME",
    help="What the check may take, as '5 min'.  [default: 1 min, and 1 min for each MB]",
)
@json_option
@quiet_option
@click.pass_context
def command(
    ctx: click.Context,
    file: Path,
    html: Path | None,
    strict: bool,
    quick: bool,
    time_limit: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Look over FILE, any SBML: plain, compressed or in an archive.

    The report tells what libSBML finds with all its checks on, how far units, annotation and
    terms of SBO go, what is unused or refers to nothing, and whether monomers are conserved.

    The status is 0 if there are no errors, and 1 if there are some, or if FILE is no SBML, or none
    that libSBML can check. With
    --strict it is 0 only if there are no warnings either.
    """
    from ...analysis.checking.check import check_apart
    from ...analysis.checking.page import page
    from ...analysis.checking.text import text
    from ...network.files import replacing
    from ...simulation.sbml import documents

    spare(file)
    limit = seconds_of("--time-limit", time_limit) if time_limit else None
    with blaming("FILE", documents.NoSuchFileError):
        content = documents.content(file)
    with progress(f"Checking {file.name}", quiet=quiet):
        content_text = documents.text(content, str(file))
        report = check_apart(content_text, str(file), folder=file.parent, quick=quick, limit=limit)
    if html is not None:
        with replacing(html) as scratch:
            scratch.write_text(page(report), encoding="utf-8")
    if as_json:
        print_json(report.to_data())
    elif not quiet:
        click.echo(text(report))
    ctx.exit(1 if report.errors or (strict and report.warnings) else 0)
