"""``mtorules simulate``: one experiment on one model, as a table and a picture."""

from __future__ import annotations

import sys
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import (
    Choice,
    FloatRange,
    blaming,
    example,
    json_option,
    loaded_of,
    model_argument,
    protocol_options,
    quiet_option,
    remark,
    remark_on_idle,
    usage,
)
from ..output import OutputPath, print_json, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xarray import Dataset

    from ...simulation.experiments.experiments import Experiment
    from ...simulation.simulator import Course
    from ..clocks import Clock

ENGINES = ("roadrunner", "bngsim", "scipy", "run_network")


@click.command(
    epilog=example(
        "mtorules simulate signalling --pre-equilibrate \\",
        "    --drug 'everolimus=20 nM @ 1 h' --until '48 h' --plot course.svg",
    )
)
@model_argument
@click.option(
    "--until",
    default="24 h",
    metavar="TIME",
    help="When to stop. For an SBML file of others, a number without a unit is in the file's own.",
)
@click.option(
    "--points",
    default=200,
    type=click.IntRange(1, 1_000_000),
    help="In how many equal steps to look.",
)
@click.option(
    "--times",
    metavar="LIST",
    help="Look at these times instead, as in '0, 15, 60 min, inf' or '0..24 h lin 25'.",
)
@protocol_options
@click.option(
    "--observable",
    "observables",
    multiple=True,
    metavar="NAME",
    help="Record this observable, species or parameter instead of all observables.",
)
@click.option(
    "--units",
    type=Choice(["own", "nM"]),
    default="own",
    help="Show an SBML file of others in its own units, or in nM and seconds as our own models.",
)
@click.option("--engine", type=Choice(ENGINES), default=ENGINES[0], help="What integrates.")
@click.option(
    "--method",
    type=Choice(["ode", "ssa"]),
    default="ode",
    help="Concentrations, or molecules one by one where the engine can.",
)
@click.option(
    "--seed", default=0, type=click.IntRange(0), help="Of the random numbers that ssa draws."
)
@click.option(
    "--tolerance",
    default=1e-8,
    type=FloatRange(0, 1, min_open=True, max_open=True),
    help="Relative error allowed a step.",
)
@click.option(
    "-o",
    "--output",
    type=OutputPath(".csv", ".nc"),
    help="Write the time course as .csv or as netCDF (.nc), every readout at every time.",
)
@click.option("--long", "form", flag_value="long", help="CSV with one number a row, with its unit.")
@click.option(
    "--wide", "form", flag_value="wide", help="CSV with one time a row and one column a readout."
)
@click.option(
    "--table", "form", flag_value="table", help="A short table: the main readouts at a few times."
)
@click.option("--plot", type=OutputPath(".svg", ".png"), help="Draw the time course.")
@json_option
@quiet_option
def command(
    model: str,
    until: str,
    points: int,
    times: str | None,
    pre_equilibrate: bool,
    drugs: tuple[str, ...],
    doses: tuple[str, ...],
    washouts: tuple[str, ...],
    settings: tuple[str, ...],
    conditions: tuple[str, ...],
    observables: tuple[str, ...],
    units: str,
    engine: str,
    method: str,
    seed: int,
    tolerance: float,
    output: Path | None,
    form: str | None,
    plot: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run an experiment on MODEL, which may be an SBML file too.

    What has no time of its own acts at the start. A terminal shows the main readouts at a few
    times; a pipe or a redirection gets the whole time course as CSV, as --long writes it. In CSV
    times are in seconds, and --long has the unit of each number beside it. Of an SBML file that
    others wrote, all that varies is shown, in the file's own units and time.
    """
    from ...models import catalogue
    from ...models.perturbations.compounds import CompoundError
    from ...models.perturbations.conditions import ConditionError
    from ...network.units.quantities import QuantityError
    from ...simulation.experiments import from_text
    from ...simulation.experiments.experiments import ExperimentError
    from ...simulation.experiments.from_text import ProtocolError
    from ...simulation.load import is_sbml_file
    from ...simulation.results import course_files, overview
    from ...simulation.scans.parts import ScanError
    from ..clocks import Clock, late

    if form is not None and as_json:
        raise click.UsageError(f"--json has a form of its own; leave out --{form}.")
    if form is not None and output is not None and output.suffix.lower() == ".nc":
        raise click.UsageError(f"--{form} lays out CSV; netCDF has a form of its own.")
    if form == "table" and output is not None:
        raise click.UsageError("--table is for reading; a file is written with --long or --wide.")
    words = from_text.Words(doses, washouts, settings, conditions, pre_equilibrate, drugs)
    loaded = loaded_of(model, irreversible=method == "ssa", quiet=quiet)
    clock = Clock.of(loaded.model, own=units == "own") if is_sbml_file(model) else Clock()
    with blaming("--until" if times is None else "--times", QuantityError, ScanError):
        looked = _times(until, points, times, clock)
    if plot is not None and not isfinite(looked[0]):
        raise click.UsageError("--plot draws over time, and none of --times is finite.")
    with usage(ProtocolError, ConditionError, CompoundError, ExperimentError):
        experiment = from_text.experiment(
            words,
            looked,
            name=model,
            model=model,
            clock=clock.read,
            counted=model not in catalogue.names(),
            own=loaded.model.parameters,
        )

    from ...simulation.engines import Tolerances, UnsupportedError
    from ...simulation.sbml.model import UnknownNameError
    from ...simulation.simulator import SimulationError, Simulator
    from ..progress import progress

    if not quiet:
        remark_on_idle(words, (), loaded.model)
        for text in late(words, looked[-1], clock.read):
            remark(text)
    with (
        progress(f"Compiling {loaded.model.id}", quiet=quiet),
        usage(UnknownNameError, UnsupportedError, SimulationError),
    ):
        simulator = Simulator(
            loaded,
            observables or None,
            engine=engine,
            method=method,
            tolerances=Tolerances(relative=tolerance),
            units=units,
            runs=1,
        )
    with (
        progress(f"Simulating {loaded.model.id}", quiet=quiet),
        usage(UnknownNameError, SimulationError),
    ):
        course = simulator.course(experiment, seed=seed)
    rest = course.about.get("rest")
    if rest is not None and not quiet:
        remark(
            f"At rest no amount changes by more than {rest['relative']:.2g} of itself per unit of "
            f"model time."
        )
    if not quiet:
        for text in (*clock.remarks, *_valueless(course)):
            remark(text)
    as_text = course_files.wide if form == "wide" else course_files.text
    if output is not None:
        course_files.write(course, output, as_text=as_text)
    if plot is not None:
        _draw(course.dataset(), experiment, plot)
    if as_json:
        print_json(
            {
                "experiment": experiment.described(),
                "attributes": course.about,
                "time": {"unit": course.time_unit, "values": course.times.tolist()},
                "observables": {
                    name: {**about, "values": values.tolist()}
                    for (name, about), values in zip(
                        course.observables.items(), course.values.T, strict=True
                    )
                },
            }
        )
    elif form in ("long", "wide") and output is None:
        click.echo(as_text(course), nl=False)
    elif form == "table" or (output is None and plot is None and sys.stdout.isatty()):
        _show(course, model, quiet=quiet)
    elif output is None and plot is None:
        click.echo(as_text(course), nl=False)
    elif not quiet:
        names = overview.main(course, model)
        place = {name: index for index, name in enumerate(course.observables)}
        last = [
            [
                name,
                f"{course.values[-1, place[name]]:.6g}",
                course.observables[name].get("units", ""),
            ]
            for name in names
        ]
        click.echo(f"At {overview.said(float(course.times[-1]), course.time_unit)}:")
        click.echo(table(last))
        if len(names) < len(course.observables) and output is not None:
            remark(f"All {len(course.observables)} readouts are in '{output}'.")


def _show(course: Course, model: str, *, quiet: bool) -> None:
    """Print the main readouts at a few times, and say how to get the rest."""
    from ...simulation.results import overview

    names = overview.main(course, model)
    rows = overview.rows(course, names)
    click.echo(table(rows))
    readouts, times = len(course.observables), len(course.times)
    shown = len(rows[0]) - 2
    if not quiet and (len(names) < readouts or shown < times):
        remark(
            f"These are {len(names)} of {readouts:,} readouts at {shown} of {times:,} times; "
            "--output course.csv writes all, --wide and --long print them, --observable chooses."
        )


def _draw(data: Dataset, experiment: Experiment, path: Path) -> None:
    from ...simulation.results import course_plots, figures

    figures.write(course_plots.draw(data, experiment), path)


def _times(until: str, points: int, listed: str | None, clock: Clock) -> list[float]:
    """Return when to look, in seconds or in the time of the file."""
    from ...network.units.quantities import QuantityError
    from ...simulation.scans import from_text

    if listed is None:
        end = clock.read(until)
        if end == 0:
            raise QuantityError("nothing happens in 0 s.")
        return [end * step / points for step in range(points + 1)]
    return from_text.times(listed, clock.read)


def _valueless(course: Course) -> Iterator[str]:
    """Yield what is to be said of outputs that have no value at some times."""
    from numpy import isfinite as finite

    for name, values in zip(course.observables, course.values.T, strict=True):
        count = int((~finite(values)).sum())
        if count:
            yield (
                f"{name!r} has no finite value at {count} of {len(values)} times, where its "
                "formula divides by zero or the like; every amount has its value, and --observable "
                "chooses what is shown."
            )
