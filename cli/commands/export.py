"""``mtorules export``: the model in a format that other tools read."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...analysis.petab.problem import VERSIONS
from ...export.formats import FORMATS, Format, FormatError, of_suffix
from .. import petab
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
from ..output import OutputFolder, OutputPath, print_json, table

if TYPE_CHECKING:
    from ...export.sbml.report import Report
    from ...network.bionetgen.limits import Bounds, Limits
    from ...network.network import Network

# How many renamings for one reason are named one by one.
_NAMED = 3
LEVELS = ("3.2", "3.1", "2.5", "2.4")
KINDS = tuple(dict.fromkeys(kind for each in FORMATS.values() for kind in each.kinds))


def _list(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        rows = [[each.name, " ".join(each.suffixes), each.summary] for each in FORMATS.values()]
        rows += [
            [name, "a folder", f"PEtab {version}: the model and measurements to fit it to"]
            for name, version in VERSIONS.items()
        ]
        click.echo(table(rows))
        context.exit()


class _Output(OutputPath):
    """A file, or for PEtab a folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with what is wrong with it."""
        if ctx is not None and ctx.params.get("format_") in VERSIONS:
            return OutputFolder().convert(value, param, ctx)
        return super().convert(value, param, ctx)


@click.command(
    epilog=example(
        "mtorules export signalling --output signalling.xml",
        "mtorules export complexes --format petab --measurements blots.csv --output problem",
    )
)
@model_argument
@generation_options
@click.option(
    "-f",
    "--format",
    "format_",
    type=Choice([*FORMATS, *VERSIONS]),
    is_eager=True,  # which tells whether the output is a file or a folder
    help="Which format; by default what the output's ending stands for, or SBML.",
)
@click.option(
    "--list",
    "listed",
    is_flag=True,
    is_eager=True,
    callback=_list,
    expose_value=False,
    help="List the formats with the endings of their files.",
)
@click.option(
    "--level",
    type=Choice(LEVELS),
    help="Level and version of SBML, 3.2 unless told. What a lower one has no room for is "
    "reported.",
)
@click.option(
    "--irreversible",
    is_flag=True,
    help="Make each direction of a rule a reaction of its own, as stochastic simulators need it.",
)
@click.option(
    "--join-reactions",
    "join",
    is_flag=True,
    help="Make reactions of the same reactants and products, which differ in their rules only, one "
    "whose rate is the sum of theirs: fewer to load, and each names its rules.",
)
@click.option(
    "--ranges",
    is_flag=True,
    help="Say in SBML's package distrib within which range the value of a parameter may lie.",
)
@click.option(
    "--layout",
    is_flag=True,
    help="Say in SBML's packages layout and render where to draw every species and reaction.",
)
@click.option(
    "--kind",
    type=Choice(KINDS),
    help="What a format that shows graphs is to show.",
)
@click.option(
    "--measurements",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Of PEtab: the table (CSV) of what was measured, with columns observable, time, value and "
    "any of experiment, unit, batch and spread.",
)
@click.option(
    "--experiments",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Of PEtab: the table (CSV) of what was done, with columns experiment and any of "
    "pre_equilibrate, condition, drug, dose, washout and set; they may stand beside the "
    "measurements, too.",
)
@click.option(
    "--targets",
    "tables",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Of PEtab: a table of targets, log2 ratios as 'analyse validation' takes them, instead of "
    "--measurements. May be repeated.",
)
@click.option(
    "--data",
    "datasets",
    multiple=True,
    metavar="SET",
    help="Of PEtab: only the targets of this data set, as in 'korkut2015'. Those of the package "
    "are of 'signalling', which takes all of them without --measurements. May be repeated.",
)
@click.option(
    "--estimate",
    "estimates",
    multiple=True,
    metavar="NAME[=LOW..HIGH]",
    help="Of PEtab: let this parameter be estimated, instead of all that the model has a range of; "
    "'none' estimates none. May be repeated.",
)
@click.option(
    "-o",
    "--output",
    type=_Output(),
    help="Write to this file instead of standard output, or of PEtab into this folder.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name everything that had to be renamed.")
@json_option
@quiet_option
def command(
    model: str,
    format_: str | None,
    level: str | None,
    irreversible: bool,
    join: bool,
    ranges: bool,
    layout: bool,
    kind: str | None,
    measurements: Path | None,
    experiments: Path | None,
    tables: tuple[Path, ...],
    datasets: tuple[str, ...],
    estimates: tuple[str, ...],
    output: Path | None,
    verbose: bool,
    as_json: bool,
    quiet: bool,
    bounds: Bounds,
    limits: Limits,
) -> None:
    """Write MODEL as SBML, or in another format.

    How many names had to be changed, and what the level has no room for, is said on standard error;
    --verbose names them all. With --json the whole report goes to standard output, which then needs
    --output.
    """
    if as_json and output is None:
        raise click.UsageError("--json prints the report, so the document needs --output.")
    of_sbml = {
        "--level": level is not None,
        "--irreversible": irreversible,
        "--ranges": ranges,
        "--layout": layout,
    }
    if format_ in VERSIONS:
        others = {"--join-reactions": join, "--kind": kind is not None}
        for option, given in (of_sbml | others).items():
            if given:
                raise click.UsageError(
                    f"{option} is of other formats; {format_} has no such choice."
                )
        made = petab.Asked(
            *(format_, measurements, experiments, tables, datasets, estimates, output)  # pyright: ignore[reportArgumentType]
        )
        petab.export(model, made, bounds, limits, as_json=as_json, quiet=quiet)
        return
    chosen = _format(format_, output)
    for option, given in (
        ("--measurements", measurements is not None),
        ("--experiments", experiments is not None),
        ("--targets", bool(tables)),
        ("--data", bool(datasets)),
        ("--estimate", bool(estimates)),
    ):
        if given:
            raise click.UsageError(f"{option} is of {' and '.join(VERSIONS)}; say --format petab.")
    for option, given in of_sbml.items():
        if given and chosen.name != "sbml":
            raise click.UsageError(f"{option} is of SBML; {chosen.name} has no such choice.")
    if join and not chosen.joins:
        able = " and ".join(each.name for each in FORMATS.values() if each.joins)
        raise click.UsageError(f"--join-reactions is of {able}; {chosen.name} has no such choice.")
    _check(chosen, kind, output, bounds)
    network = network_of(model, quiet=quiet, bounds=bounds, limits=limits)
    if chosen.name != "sbml":
        _write(chosen, network, kind, output, join=join, as_json=as_json)
        return

    from ...export.sbml import writer

    level = level or LEVELS[0]
    if ranges and not level.startswith("3"):
        raise click.UsageError(f"--ranges needs Level 3; --level {level} has no room for them.")
    if layout and not level.startswith("3"):
        raise click.UsageError(f"--layout needs Level 3; --level {level} has no room for it here.")
    if output is None:
        document = writer.document(
            network, level, irreversible, join=join, ranges=ranges, layout=layout
        )
        click.echo(document.text, nl=False)
        report = document.report
    else:
        report = writer.write(
            network, output, level, irreversible, join=join, ranges=ranges, layout=layout
        )
    if as_json:
        print_json(
            {
                "output": str(output),
                "level": level,
                "irreversible": irreversible,
                "join_reactions": join,
                "renamed": [asdict(renaming) for renaming in report.renamed],
                "lost": report.lost,
                "notices": report.notices,
            }
        )
    elif not quiet:
        _tell(report, level, known=network.warnings, verbose=verbose)


def _format(name: str | None, output: Path | None) -> Format:
    """Return the format that is asked for, by name or by the output's ending."""
    if name is not None:
        chosen = FORMATS[name]
        if output is not None and output.suffix not in chosen.suffixes:
            wanted = " or ".join(chosen.suffixes)
            raise click.BadParameter(
                f"'{output}' does not end in {wanted}, as files of {name} do.",
                param_hint="'--output'",
            )
        return chosen
    if output is None:
        return FORMATS["sbml"]
    found = of_suffix(output.suffix)
    if found is None:
        known = ", ".join(each.suffixes[0] for each in FORMATS.values())
        raise click.BadParameter(
            f"'{output}' ends in nothing that stands for a format ({known}); say it with --format.",
            param_hint="'--output'",
        )
    return found


def _check(chosen: Format, kind: str | None, output: Path | None, bounds: Bounds) -> None:
    """Refuse what the format that was chosen cannot do."""
    if kind is not None and kind not in chosen.kinds:
        able = ", ".join(each.name for each in FORMATS.values() if kind in each.kinds)
        has = f"it shows {' or '.join(chosen.kinds)}" if chosen.kinds else "it holds everything"
        raise click.UsageError(f"--kind {kind} is of {able}; of {chosen.name}, {has}.")
    if chosen.rules and bounds.arguments:
        raise click.UsageError(
            f"--max-iter and --max-stoich bound a network; {chosen.name} holds rules, without one."
        )
    if chosen.binary and output is None:
        raise click.UsageError(f"{chosen.name} is no text, so it needs --output.")


def _write(
    chosen: Format,
    network: Network,
    kind: str | None,
    output: Path | None,
    *,
    join: bool,
    as_json: bool,
) -> None:
    try:
        if output is None:
            click.echo(chosen.content(network, kind, join=join), nl=False)
        else:
            chosen.write(network, output, kind, join=join)
    except FormatError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        print_json({"output": str(output), "format": chosen.name})


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
