"""``mtorules analyse rapamycin``: which pools of mTOR the drug takes, at which dose, and when."""

from __future__ import annotations

from math import isfinite
from pathlib import Path

import click

from ...options import Choice, ModelName, example, json_option, loaded_of, quiet_option, remark
from ...output import OutputFolder, print_json, table
from ...progress import progress


@click.command(epilog=example("mtorules analyse rapamycin --output results/rapamycin"))
@click.argument("model", type=ModelName(), default="complexes")
@click.option(
    "-o",
    "--output",
    type=OutputFolder(),
    help="Write the figures (PNG and SVG), each with its table, and all numbers as netCDF.",
)
@click.option(
    "--engine", type=Choice(["roadrunner", "bngsim"]), default="roadrunner", help="What runs."
)
@json_option
@quiet_option
def command(model: str, output: Path | None, engine: str, as_json: bool, quiet: bool) -> None:
    """Ask what rapamycin does to the two mTOR complexes, from 1 pM to 1 uM and 1 min to 72 h.

    MODEL is one that holds the two complexes, FKBP12 and the rapalog under the names that
    'complexes' gives them.
    """
    from ....analysis.rapamycin import question
    from ....simulation.sbml.model import UnknownNameError
    from ....simulation.simulator import SimulationError, Simulator

    loaded = loaded_of(model, quiet=quiet)
    try:
        with progress(f"Compiling {loaded.model.id}", quiet=quiet):
            simulator = Simulator(loaded, question.OBSERVABLES, engine=engine)
        with progress("Treating cells with rapamycin", quiet=quiet) as bar:
            data = question.study(simulator.run, progress=bar.advance)
    except (UnknownNameError, SimulationError) as error:
        raise click.BadParameter(
            f"{model!r} is no model of rapamycin: {error}", param_hint="'MODEL'"
        ) from error
    answers = question.answers(data)
    if output is not None:
        from ....analysis.rapamycin import drawings
        from ....simulation.results import course_files, figures

        output.mkdir(parents=True, exist_ok=True)
        for name, (figure, shown) in drawings.draw(data).items():
            figures.save(figure, shown, output / name)
        course_files.write(data, output / "rapamycin.nc")
        if not quiet:
            remark(f"Figures and tables are in '{output}'.")
    if as_json:
        print_json(answers.to_dict(orient="records"))
    else:
        # What was not reached lies beyond the last dose or time.
        last = {"nM": float(data.dose.max()), "h": float(data.time.max())}
        rows = [
            [asked, cell, f"{value:.3g}" if isfinite(value) else f"> {last[unit]:g}", unit]
            for asked, cell, value, unit in answers.itertuples(index=False)
        ]
        click.echo(table([list(answers.columns), *rows]))
