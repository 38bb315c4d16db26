"""``mtorules report``: several analyses of one model as one page."""

from __future__ import annotations

import hashlib
import shlex
import time
import traceback
from collections.abc import Mapping, Sequence
from datetime import date
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Any

import click

from ..asking import answered
from ..options import (
    blaming,
    engine_or_default,
    example,
    loaded_of,
    model_argument,
    parameters_option,
    quiet_option,
    remark,
    workers_option,
)
from ..output import OutputFolder, OutputPath
from ..parameter_sets import parameter_set
from ..program import message
from ..progress import progress
from .analyse import command as analyse

if TYPE_CHECKING:
    from ...analysis.report.page import Done, Judged
    from ...analysis.report.plan import Part
    from ...simulation.engines import Loaded

# What decides about the numbers besides this program.
_VERSIONS = ("mtorules", "bngsim", "libroadrunner", "numpy", "scipy", "pysb", "SALib", "matplotlib")


class ReportError(RuntimeError):
    """A report in which nothing could be answered."""


@click.command(
    epilog=example(
        "mtorules report complexes --analyses time-course,structure --output report.html",
    )
)
@model_argument
@click.option(
    "--analyses",
    metavar="NAMES",
    help="Ask these, with commas between; by default those that the model's plan names, or some "
    "that any model can be asked.",
)
@click.option(
    "-o",
    "--output",
    type=OutputPath(".html", ".pdf"),
    default="report.html",
    help="Write this page; a PDF needs WeasyPrint (pip install weasyprint).",
)
@click.option(
    "--store",
    type=OutputFolder(),
    help="Keep figures, tables and numbers of each part here, and go on from what is there; by "
    "default a folder beside the page, with its name and '_parts'.",
)
@parameters_option
@workers_option
@quiet_option
def command(
    model: str,
    analyses: str | None,
    output: Path,
    store: Path | None,
    parameters: Path | None,
    workers: int | None,
    quiet: bool,
) -> None:
    """Put several questions to a model and write one page of figures, tables and what they say.

    The page needs nothing beside it and prints well. A part that fails says so in its place; status
    1 if all do. That of 'signalling' takes eight minutes.
    """
    from ...analysis.report import page, plan

    if output.suffix.lower() == ".pdf":
        _weasyprint()
    names = None if analyses is None else [each.strip() for each in analyses.split(",")]
    with blaming("--analyses", plan.PlanError):
        report = plan.read().of(model, None if names is None else [n for n in names if n])
    loaded = loaded_of(model, quiet=quiet)
    more = [] if parameters is None else ["--parameters", str(parameters)]
    if parameters is not None:
        parameter_set(parameters, loaded.model)
    facts = _facts(loaded, model, parameters)
    asked = [
        *facts.values(),
        "" if parameters is None else parameters.read_text(encoding="utf-8", errors="replace"),
    ]
    folder = store or output.with_name(f"{output.stem}_parts")
    done = []
    for number, part in enumerate(report.parts, 1):
        if not quiet:
            remark(f"{number} of {len(report.parts)}: {part.heading} ({part.analysis})")
        words = part.arguments(model, more)
        done.append(_done(part, words, folder / part.id, asked, workers=workers, quiet=quiet))
        if done[-1].failed and not quiet:
            remark(f"This part failed: {done[-1].failed}")
    ids = list(dict.fromkeys(id for part in report.parts for id in part.claims))
    judged = _judged(ids, loaded, model, parameters, workers, quiet=quiet) if ids else page.Judged()
    title = f"Report on {loaded.model.id}"
    text = page.page(report, title, done, judged, facts)
    _write(text, output)
    if not quiet:
        remark(f"The report is '{output}'; figures, tables and numbers are in '{folder}'.")
    if all(each.failed for each in done):
        raise ReportError(f"No analysis gave an answer. The first: {done[0].failed}")


def _done(
    part: Part,
    words: Sequence[str],
    folder: Path,
    asked: Sequence[str],
    *,
    workers: int | None,
    quiet: bool,
) -> Done:
    """Ask a part, or take what is kept of it."""
    from ...analysis.report import kept
    from ...analysis.report.page import Done

    line = shlex.join(["mtorules", "analyse", part.analysis, *words])
    key = kept.key(line, *asked)
    if (found := kept.read(folder, key)) is not None:
        return Done(part, folder, line, found)
    means = [] if workers is None else ["--workers", str(workers)]
    begun = time.monotonic()
    try:
        named = analyse.get_command(click.Context(analyse), part.analysis)
        assert named is not None
        _, answer = answered(named, [*words, *means, "--output", str(folder), "--quiet"])
        with progress("Drawing", quiet=quiet):
            pictures = kept.keep(folder, answer)
        took = time.monotonic() - begun
        today = date.today().isoformat()
        found = kept.Kept(key, line, took, today, answer.plain(), pictures)
        kept.write(folder, found)
    except click.ClickException as error:
        return Done(part, folder, line, None, error.format_message())
    except Exception as error:
        told = message(error)
        if told is None:
            remark(traceback.format_exc())
            told = f"This is a fault of the program ({type(error).__name__}: {error})."
        return Done(part, folder, line, None, told)
    return Done(part, folder, line, found)


def _judged(
    ids: Sequence[str],
    loaded: Loaded,
    model: str,
    parameters: Path | None,
    workers: int | None,
    *,
    quiet: bool,
) -> Judged:
    """Put the claims that a report names to the model."""
    from ...analysis.claims import binding, evaluation, reading, running
    from ...analysis.claims.pages import pages
    from ...analysis.report.page import Judged

    every = reading.read()
    scopes = [claim.scope for claim in every]
    judged = Judged(
        failing={claim.id: claim.fails for claim in every if claim.fails},
        proxies=scopes.count("phenotype-proxy"),
        total=len(scopes) - scopes.count("out-of-scope"),
    )
    base: dict[str, float] = {}
    if parameters:
        fitted, besides = parameter_set(parameters, loaded.model)
        base = besides | fitted
    try:
        bound = binding.bind(every.select(ids), loaded.model, base)
        with progress(f"Running the experiments of {len(ids)} claims", quiet=quiet) as bar:
            engine = engine_or_default(None, model, quiet=True)
            seen = running.run(bound, loaded, engine=engine, workers=workers, progress=bar.advance)
        verdicts = evaluation.judge(bound, seen, loaded.network)
    except Exception as error:
        told = message(error)
        if told is None:
            raise
        return Judged(judged.verdicts, judged.failing, judged.proxies, judged.total, told)
    found = {each["id"]: each for each in pages.data(verdicts)}
    told = {id: found[id] for id in ids if id in found}
    return Judged(told, judged.failing, judged.proxies, judged.total)


def _facts(loaded: Loaded, model: str, parameters: Path | None) -> Mapping[str, str]:
    """Return what the page is on, and what made it."""
    found = {
        "model": model,
        "species": f"{len(loaded.model.state_ids):,}",
        "reactions": f"{len(loaded.model.reactions):,}",
        "SBML, SHA-256": hashlib.sha256(loaded.sbml.encode()).hexdigest(),
        "parameter set": "the model's own" if parameters is None else str(parameters),
        "Python": python_version(),
    }
    for name in _VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _write(text: str, output: Path) -> None:
    from ...network.files import replacing

    with replacing(output) as scratch:
        if output.suffix.lower() == ".pdf":
            _pdf(text, scratch)
        else:
            scratch.write_text(text, encoding="utf-8")


def _pdf(text: str, path: Path) -> None:
    _weasyprint().HTML(string=text).write_pdf(path)


def _weasyprint() -> Any:
    """Return the library that turns pages into PDF.

    Raises
    ------
    click.BadParameter
        If it, or what it needs of the system, is not there.
    """
    try:
        return import_module("weasyprint")
    except (ImportError, OSError) as error:
        raise click.BadParameter(
            "a PDF needs WeasyPrint, which cannot be loaded here (pip install weasyprint, and "
            f"Pango of the system: {str(error).splitlines()[0]}); write a page that ends in .html, "
            "which a browser prints as PDF.",
            param_hint="'--output'",
        ) from error
