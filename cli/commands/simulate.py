"""``mtorules simulate``: one experiment on one model, as a table and a picture."""

from __future__ import annotations

from math import inf, isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import (
    blaming,
    drug_option,
    json_option,
    loaded_of,
    model_argument,
    quiet_option,
    remark,
    remark_on_idle,
    usage,
)
from ..output import OutputPath, print_json, table

if TYPE_CHECKING:
    from xarray import Dataset

    from ...simulation.experiments.experiments import Experiment

ENGINES = ("roadrunner", "bngsim", "scipy", "run_network")


@click.command()
@model_argument
@click.option("--until", default="24 h", metavar="TIME", help="When to stop.")
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
@drug_option
@click.option(
    "--dose",
    "doses",
    multiple=True,
    metavar="SPECIES=CONC [@ TIME]",
    help="Add to a species, as in 'RAPA_medium=10 nM @ 24 h'. May be repeated, as may the next "
    "four.",
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
    drugs: tuple[str, ...],
    doses: tuple[str, ...],
    washouts: tuple[str, ...],
    settings: tuple[str, ...],
    conditions: tuple[str, ...],
    observables: tuple[str, ...],
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
    output as CSV; concentrations are in nM and times in seconds.
    """
    from ...models.perturbations.compounds import CompoundError
    from ...models.perturbations.conditions import ConditionError
    from ...network.units.quantities import QuantityError
    from ...simulation.experiments import from_text
    from ...simulation.experiments.experiments import ExperimentError
    from ...simulation.experiments.from_text import ProtocolError
    from ...simulation.results import course_files

    words = from_text.Words(doses, washouts, settings, conditions, pre_equilibrate, drugs)
    with blaming("--until" if times is None else "--times", QuantityError):
        looked = _times(until, points, times)
    if plot is not None and not isfinite(looked[0]):
        raise click.UsageError("--plot draws over time, and none of --times is finite.")
    with usage(ProtocolError, ConditionError, CompoundError, ExperimentError):
        experiment = from_text.experiment(words, looked, name=model, model=model)

    from ...simulation.engines import Tolerances, UnsupportedError
    from ...simulation.sbml.model import UnknownNameError
    from ...simulation.simulator import SimulationError, Simulator
    from ..progress import progress

    loaded = loaded_of(model, irreversible=method == "ssa", quiet=quiet)
    if not quiet:
        remark_on_idle(words, (), loaded.model)
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
    if output is not None:
        course_files.write(course, output)
    if plot is not None:
        _draw(course.dataset(), experiment, plot)
    if as_json:
        print_json(
            {
                "experiment": experiment.described(),
                "attributes": course.about,
                "time": {"unit": "s", "values": course.times.tolist()},
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
        click.echo(f"At {_said(float(course.times[-1]))}:")
        click.echo(table(rows))


def _draw(data: Dataset, experiment: Experiment, path: Path) -> None:
    from ...simulation.results import course_plots, figures

    figures.write(course_plots.draw(data, experiment), path)


def _times(until: str, points: int, listed: str | None) -> list[float]:
    """Return when to look, in seconds."""
    from ...network.units.quantities import QuantityError, seconds

    if listed is None:
        end = seconds(until)
        if end == 0:
            raise QuantityError("nothing happens in 0 s.")
        return [end * step / points for step in range(points + 1)]
    words = [word.strip() for word in listed.split(",")]
    return [inf if word == "inf" else seconds(word) for word in words]


def _said(time: float) -> str:
    from ...network.units.quantities import format_time

    return format_time(time) if isfinite(time) else "rest"
