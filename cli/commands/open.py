"""``mtorules open``: what a COMBINE archive holds, and what its experiments give."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import blaming, example, json_option, quiet_option, remark
from ..output import OutputFolder, print_json, table
from ..progress import progress

if TYPE_CHECKING:
    from ...simulation.archives.running import Results


@click.command(epilog=example("mtorules open complexes.omex --output complexes"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--experiment",
    "chosen",
    multiple=True,
    metavar="PATH",
    help="Run this SED-ML file of the archive instead of all. May be repeated.",
)
@click.option(
    "-o",
    "--output",
    type=OutputFolder(),
    help="Write reports (CSV) and plots (SVG) into this folder; by default it is called as the "
    "file is, without its ending.",
)
@click.option("--list", "listed", is_flag=True, help="Say what the archive holds and run nothing.")
@json_option
@quiet_option
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    chosen: tuple[str, ...],
    output: Path | None,
    listed: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Say what the COMBINE archive FILE holds, and run the experiments that it describes.

    Experiments are SED-ML, of any level and version, on models in SBML. What is not done here is
    named, nothing rests on it, and the status is 1.
    """
    from ...simulation.archives import running, saving, unpacking
    from ...simulation.archives.unpacking import ArchiveFileError
    from ...simulation.sbml.documents import NoSuchFileError

    with blaming("FILE", NoSuchFileError):
        archive = unpacking.read(file)
    there = archive.experiments
    for path in chosen:
        if path not in there:
            known = ", ".join(there) or "none"
            raise click.BadParameter(
                f"the archive has no SED-ML file {path!r}; there is {known}.",
                context,
                param_hint="'--experiment'",
            )
    paths = [] if listed else list(chosen) or there
    held = [
        [each.path, each.format.rpartition("/")[2], "master" if each.master else ""]
        for each in archive.entries
    ]
    if not as_json and held:
        click.echo(table(held))
    told: dict[str, dict[str, list[str]]] = {}
    if not (listed or there):
        raise ArchiveFileError(f"'{file}' holds no SED-ML, so that there is nothing to run.")
    folder = output or Path(file.stem)
    for path in paths:
        with progress(f"Running {path}", quiet=quiet):
            results = running.run(archive, path)
            written = saving.save(results, folder / _folder(path, paths))
        told[path] = {
            "files": [str(each) for each in written],
            "notes": results.notes,
            "refused": results.refused,
        }
        if not as_json:
            _tell(path, results, written, quiet=quiet)
    if as_json:
        contents = [
            {"path": each.path, "format": each.format, "master": each.master}
            for each in archive.entries
        ]
        print_json({"contents": contents, "experiments": told})
    if any(each["refused"] for each in told.values()):
        context.exit(1)


def _folder(path: str, paths: list[str]) -> str:
    """Return a folder of its own for an experiment, where there are several."""
    if len(paths) == 1:
        return ""
    return re.sub(r"[^\w-]", "_", path.rpartition(".")[0] or path, flags=re.ASCII)


def _tell(path: str, results: Results, written: list[Path], *, quiet: bool) -> None:
    for each in written:
        click.echo(each)
    if not quiet:
        for text in results.notes:
            remark(f"{path}: {text}")
    for text in results.refused:
        remark(f"{path}: not done: {text}")
