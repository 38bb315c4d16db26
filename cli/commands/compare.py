"""``mtorules compare``: the same course in several simulators, and how far they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..options import (
    Choice,
    FloatRange,
    blaming,
    example,
    json_option,
    loaded_of,
    quiet_option,
    seconds_of,
    usage,
)
from ..output import OutputPath, print_json
from ..progress import progress

# Seconds that reading an SBML file may take.
_READING = 300.0
TOOLS = ("roadrunner", "copasi", "bngsim", "run_network", "amici")


class _Limit(FloatRange):
    """A share; who gives a time means another option, as it is called in `mtorules scan`."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            words = str(value).split()
            if len(words) == 2 or str(value).rstrip("smhind") != str(value):
                self.fail(
                    f"{value!r} is no number. It is the largest deviation; a time is given with "
                    "--time-limit.",
                    param,
                    ctx,
                )
            raise error


@click.command(epilog=example("mtorules compare complexes --until '6 h' --plot compared.svg"))
@click.argument("model")
@click.option(
    "--until",
    metavar="TIME",
    help="The end, as '48 h', or as a number in the model's own unit of time.  "
    "[default: 1 h, or 100 where the model declares no unit]",
)
@click.option(
    "--points", default=50, type=click.IntRange(2, 100_000), help="In how many equal steps to look."
)
@click.option(
    "--tool",
    "tools",
    multiple=True,
    type=Choice(TOOLS),
    help="Run this tool only; may be repeated. The first is the measure for the others.",
)
@click.option(
    "--observable",
    "observables",
    multiple=True,
    metavar="NAME",
    help="Compare this observable or species instead of all observables.",
)
@click.option(
    "--limit",
    default=1e-6,
    type=_Limit(0, min_open=True),
    help="Largest relative deviation that counts as agreement; for a time see --time-limit.",
)
@click.option(
    "--tolerance",
    default=1e-10,
    type=FloatRange(0, 1, min_open=True, max_open=True),
    help="Relative tolerance of every integrator.",
)
@click.option(
    "--time-limit",
    metavar="TIME",
    help="What each tool may take, as '30 s'; it is stopped then, and has failed.  "
    "[default: 5 min, and half an hour for AMICI, which compiles the model]",
)
@click.option(
    "--plot",
    type=OutputPath(".svg", ".png"),
    help="Draw the observable on which the tools differ most.",
)
@json_option
@quiet_option
@click.pass_context
def command(
    ctx: click.Context,
    model: str,
    until: str | None,
    points: int,
    tools: tuple[str, ...],
    observables: tuple[str, ...],
    limit: float,
    tolerance: float,
    time_limit: str | None,
    plot: Path | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run MODEL, which may be an SBML file too, in several simulators and compare.

    libRoadRunner, COPASI and AMICI read the SBML document; BioNetGen and bngsim read BioNetGen's
    network file. Each runs in a process of its own. Tools that are not installed are named, with
    how to get them; `make interop` sets AMICI up. Tools that lack what the model uses are named
    with what that is.

    The status is 0 if at least two tools ran and agree, and 1 if one deviates, fails or crashes, if
    there was nothing to compare with, or if nothing that was compared depends on how the model's
    state changes.
    """
    from ...analysis.comparing.compare import ComparisonError, compare
    from ...analysis.comparing.loading import load_apart
    from ...analysis.comparing.text import text
    from ...network.units.quantities import QuantityError
    from ...simulation.load import is_sbml_file
    from ...simulation.sbml.documents import NoSuchFileError
    from ...simulation.sbml.model import UnknownNameError

    patience = seconds_of("--time-limit", time_limit) if time_limit else None
    if is_sbml_file(model):
        with blaming("MODEL", NoSuchFileError):
            loaded = load_apart(model, limit=patience or _READING)
    else:
        loaded = loaded_of(model, quiet=quiet)
    with (
        progress(f"Comparing {loaded.model.id}", quiet=quiet) as bar,
        blaming("--until", QuantityError),
        usage(UnknownNameError),
    ):
        found = compare(
            loaded,
            until=until,
            points=points,
            observables=observables or None,
            tools=tools or None,
            limit=limit,
            tolerance=tolerance,
            time_limit=patience,
            progress=bar.say,
        )
    if plot is not None:
        if found.worst is None:
            raise ComparisonError("Only one tool ran, so there is nothing to draw.")
        from ...analysis.comparing.figure import draw
        from ...simulation.results import figures

        figures.write(draw(found), plot)
    if as_json:
        print_json(found.to_data())
    elif not quiet:
        click.echo(text(found))
    ctx.exit(0 if found.agrees else 1)
