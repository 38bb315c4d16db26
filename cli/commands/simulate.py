"""``mtorules simulate``: one experiment on one model, as a table and a picture."""

from __future__ import annotations

from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import blaming, json_option, loaded_of, model_argument, quiet_option, remark, usage
from ..output import OutputPath, print_json, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xarray import Dataset

    from ...simulation.experiments.experiments import Experiment
    from ...simulation.simulator import Course
    from ..clocks import Clock

ENGINES = ("roadrunner", "bngsim", "scipy", "run_network")


@click.command()
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
    "--times", metavar="LIST", help="Look at these times instead, as in '0 s, 15 min, 24 h, inf'."
)
@click.option("--pre-equilibrate", is_flag=True, help="Let the cells come to rest before time 0.")
@click.option(
    "--dose",
    "doses",
    multiple=True,
    metavar="SPECIES=CONC [@ TIME]",
    help="Add a drug, as in 'RAPA_medium=10 nM @ 24 h'. May be repeated, as may the next four.",
)
@click.option(
    "--washout",
    "washouts",
    multiple=True,
    metavar="SPECIES[=SHARE] @ TIME",
    help="Take it away again, as in 'RAPA_medium @ 48 h'.",
)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="NAME=VALUE [@ TIME]",
    help="Set a parameter, a compartment or a species, as in 'MTOR_0=50 nM'.",
)
@click.option(
    "--condition",
    "conditions",
    multiple=True,
    metavar="NAME [@ TIME]",
    help="Take a genotype, an environment or another condition of the tables.",
)
@click.option(
    "--observable",
    "observables",
    multiple=True,
    metavar="NAME",
    help="Record this observable, species or parameter instead of all observables.",
)
@click.option(
    "--units",
    type=click.Choice(["own", "nM"]),
    default="own",
    help="Show an SBML file of others in its own units, or in nM and seconds as our own models.",
)
@click.option("--engine", type=click.Choice(ENGINES), default=ENGINES[0], help="What integrates.")
@click.option(
    "--method",
    type=click.Choice(["ode", "ssa"]),
    default="ode",
    help="Concentrations, or molecules one by one where the engine can.",
)
@click.option(
    "--seed", default=0, type=click.IntRange(0), help="Of the random numbers that ssa draws."
)
@click.option(
    "--tolerance",
    default=1e-8,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Relative error allowed a step.",
)
@click.option(
    "-o",
    "--output",
    type=OutputPath(".csv", ".nc"),
    help="Write the time course as .csv, one number a row, or as netCDF.",
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
    plot: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run an experiment on MODEL, which may be an SBML file too.

    What has no time of its own acts at the start. Without --output the time course goes to standard
    output as CSV; concentrations are in nM and times in seconds. Of an SBML file that others wrote,
    all that varies is shown, in the file's own units and time.
    """
    from ...models.perturbations.conditions import ConditionError
    from ...network.units.quantities import QuantityError
    from ...simulation.experiments import from_text
    from ...simulation.experiments.experiments import ExperimentError
    from ...simulation.experiments.from_text import ProtocolError
    from ...simulation.load import is_sbml_file
    from ...simulation.results import course_files
    from ..clocks import Clock

    words = from_text.Words(doses, washouts, settings, conditions, pre_equilibrate)
    clock = Clock()
    loaded = None
    if is_sbml_file(model):  # whose own time must be known before times can be read
        loaded = loaded_of(model, irreversible=False, quiet=quiet)
        clock = Clock.of(loaded.model, own=units == "own")
    with blaming("--until" if times is None else "--times", QuantityError):
        looked = _times(until, points, times, clock)
    if plot is not None and not isfinite(looked[0]):
        raise click.UsageError("--plot draws over time, and none of --times is finite.")
    with usage(ProtocolError, ConditionError, ExperimentError):
        experiment = from_text.experiment(words, looked, name=model, model=model, clock=clock.read)

    from ...simulation.engines import Tolerances, UnsupportedError
    from ...simulation.sbml.model import UnknownNameError
    from ...simulation.simulator import SimulationError, Simulator
    from ..progress import progress

    loaded = loaded or loaded_of(model, irreversible=method == "ssa", quiet=quiet)
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
    if output is not None:
        course_files.write(course, output)
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
    elif output is None and plot is None:
        click.echo(course_files.text(course), nl=False)
    elif not quiet:
        rows = [
            [name, f"{value:.6g}", about.get("units", "")]
            for (name, about), value in zip(
                course.observables.items(), course.values[-1].tolist(), strict=True
            )
        ]
        click.echo(f"At {_said(float(course.times[-1]), course.time_unit)}:")
        click.echo(table(rows))


def _draw(data: Dataset, experiment: Experiment, path: Path) -> None:
    from ...simulation.results import course_plots, figures

    figures.write(course_plots.draw(data, experiment), path)


def _times(until: str, points: int, listed: str | None, clock: Clock) -> list[float]:
    """Return when to look, in seconds or in the time of the file."""
    from ...network.units.quantities import QuantityError

    if listed is None:
        end = clock.read(until)
        if end == 0:
            raise QuantityError("nothing happens in 0 s.")
        return [end * step / points for step in range(points + 1)]
    words = [word.strip() for word in listed.split(",")]
    return [inf if word == "inf" else clock.read(word) for word in words]


def _valueless(course: Course) -> Iterator[str]:
    """Yield what is to be said of outputs that have no value at some times."""
    from numpy import isfinite as finite

    for name, values in zip(course.observables, course.values.T, strict=True):
        count = int((~finite(values)).sum())
        if count:
            yield (
                f"{name!r} has no finite value at {count} of {len(values)} times, where its "
                "formula divides by zero or the like; nothing that moves depends on it."
            )


def _said(time: float, unit: str) -> str:
    from ...network.units.quantities import format_time

    if not isfinite(time):
        return "rest"
    return format_time(time) if unit == "s" else f"{time:g} {unit}".rstrip()
