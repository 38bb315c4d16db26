"""``mtorules check``: look over any SBML, and say whether it is right and says what it is."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import blaming, example, json_option, quiet_option, seconds_of
from ..output import OutputFolder, OutputPath, print_json, spare
from ..progress import progress

if TYPE_CHECKING:
    from ...analysis.checking.report import Report


@click.command(epilog=example("mtorules check signalling.xml"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--html",
    type=OutputPath(".html", ".htm"),
    help="Write the report as a page to this file, too.",
)
@click.option(
    "--biomodels",
    is_flag=True,
    help="Give marks instead for what BioModels' curators and MIRIAM ask of a model.",
)
@click.option(
    "--output",
    metavar="FOLDER",
    type=OutputFolder(),
    help="With --biomodels: write numbers that other simulators can be held against to this "
    "folder: start, course, rest and sensitivities.",
)
@click.option(
    "--reproduce",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="With --biomodels: ask for the numbers that --output once wrote to this folder.",
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
    biomodels: bool,
    output: Path | None,
    reproduce: Path | None,
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

    With --biomodels it is 0 only with full marks.
    """
    from ...analysis.checking.check import check_apart
    from ...analysis.checking.page import page
    from ...analysis.checking.text import text
    from ...network.files import replacing
    from ...simulation.sbml import documents

    for name, given in (("--output", output), ("--reproduce", reproduce)):
        if given is not None and not biomodels:
            raise click.UsageError(f"{name} goes with --biomodels.")
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
    if biomodels:
        ctx.exit(_marks(report, content_text, output, reproduce, as_json=as_json, quiet=quiet))
    if as_json:
        print_json(report.to_data())
    elif not quiet:
        click.echo(text(report))
    ctx.exit(1 if report.errors or (strict and report.warnings) else 0)


def _marks(
    report: Report,
    text: str,
    output: Path | None,
    recorded: Path | None,
    *,
    as_json: bool,
    quiet: bool,
) -> int:
    """Show the marks for what BioModels and MIRIAM ask, and return the status."""
    from ...analysis.checking import reproduction
    from ...analysis.checking.report import mark
    from ...analysis.checking.text import marked
    from ...simulation import load
    from ...simulation.sbml import documents
    from ...simulation.sbml.model import SbmlError

    file = Path(report.file)
    marks, found = list(report.marks), None
    try:
        loaded = load.from_sbml(text, file.parent)
    except (SbmlError, documents.SbmlFileError) as error:
        said = [(f"it does not run: {error}", False)]
        marks.append(mark("result", "MIRIAM", reproduction.POINTS, "It runs", said))
    else:
        with progress(f"Running {file.name}", quiet=quiet):
            last, found = reproduction.judged(loaded, recorded)
        marks.append(last)
        if output is not None and found is not None:
            task = f"Changing each parameter of {file.name}"
            with progress(task, quiet=quiet) as bar:
                reproduction.write(output, report.file, loaded, found, bar.advance)
    full = all(one.full for one in marks)
    if as_json:
        earned, most = sum(one.earned for one in marks), sum(one.points for one in marks)
        rules = [{**asdict(one), "earned": one.earned, "full": one.full} for one in marks]
        told = {"file": report.file, "points": earned, "of": most, "full": full, "marks": rules}
        print_json(told)
    elif not quiet:
        click.echo(marked(marks, report.file))
    if output is not None and found is None:
        raise reproduction.ReproductionError(
            f"Nothing is written to '{output}', as '{file}' does not run."
        )
    return 0 if full else 1
