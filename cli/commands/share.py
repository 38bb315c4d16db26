"""``mtorules share``: a model, its rules and experiments on it, as a COMBINE archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...models import catalogue
from ..clocks import Clock
from ..options import (
    blaming,
    example,
    json_option,
    loaded_of,
    model_argument,
    protocol_options,
    quiet_option,
    source_of,
    usage,
)
from ..output import OutputPath, print_json, table
from ..progress import progress

if TYPE_CHECKING:
    from ...simulation.archives.describing import Asked
    from ...simulation.engines import Loaded
    from ...simulation.experiments.from_text import Words


@click.command(
    epilog=example(
        "mtorules share complexes --output complexes.omex",
        "mtorules share my_model.bngl --dose 'Drug=10 nM @ 1 h' --until '12 h' -o mine.omex",
    )
)
@model_argument
@click.option("--until", metavar="TIME", help="When your own experiment stops; 24 h unless told.")
@click.option(
    "--points",
    default=200,
    type=click.IntRange(1, 100_000),
    help="In how many equal steps your own experiment is looked at.",
)
@protocol_options
@click.option(
    "--observable",
    "observables",
    multiple=True,
    metavar="NAME",
    help="Report this observable, species or parameter instead of those that the model shows.",
)
@click.option(
    "-o", "--output", required=True, type=OutputPath(".omex"), help="Write the archive here."
)
@json_option
@quiet_option
def command(
    model: str,
    until: str | None,
    points: int,
    pre_equilibrate: bool,
    drugs: tuple[str, ...],
    doses: tuple[str, ...],
    washouts: tuple[str, ...],
    settings: tuple[str, ...],
    conditions: tuple[str, ...],
    observables: tuple[str, ...],
    output: Path,
    as_json: bool,
    quiet: bool,
) -> None:
    """Write MODEL, which may be an SBML file too, and experiments on it as a COMBINE archive.

    The archive holds SBML, the rules it came from, SED-ML, results, figures, metadata and a page
    that tells what is what. Of a model of the catalogue it holds the experiments that belong to it;
    what is said of an experiment here takes their place. Of any other model it holds the one that
    is described, or a day without doing anything.
    """
    from ...export.archive import container
    from ...export.archive.description import ArchiveError
    from ...simulation.archives import named, packing
    from ...simulation.experiments import from_text
    from ...simulation.load import is_sbml_file
    from ...simulation.periods import SimulationError
    from ...simulation.sbml.model import UnknownNameError

    words = from_text.Words(doses, washouts, settings, conditions, pre_equilibrate, drugs)
    loaded = loaded_of(model, quiet=quiet)
    own = until is not None or observables or words != from_text.Words()
    rules = None if is_sbml_file(model) else source_of(model).model
    with usage(UnknownNameError, SimulationError, ArchiveError):
        if model in catalogue.names() and not own:
            asked = named.experiments(model)
        else:
            asked = [_own(loaded, model, words, until or "24 h", points, observables)]
        with progress(f"Simulating {loaded.model.id}", quiet=quiet):
            packed = packing.pack(loaded, asked, model, rules)
    container.write(output, packed.data)
    rows = [[each.path, each.title] for each in packed.contents]
    if as_json:
        print_json({"output": str(output), "contents": dict(rows)})
    elif not quiet:
        click.echo(table(rows))


def _own(
    loaded: Loaded,
    model: str,
    words: Words,
    until: str,
    points: int,
    observables: tuple[str, ...],
) -> Asked:
    """Return the experiment that the user describes."""
    from ...models.perturbations.compounds import CompoundError
    from ...models.perturbations.conditions import ConditionError
    from ...network.units.quantities import QuantityError
    from ...simulation.archives.describing import Asked
    from ...simulation.experiments import from_text
    from ...simulation.experiments.experiments import ExperimentError
    from ...simulation.experiments.from_text import ProtocolError

    clock = Clock.of(loaded.model, own=True) if loaded.network is None else Clock()
    with blaming("--until", QuantityError):
        end = clock.read(until)
        if end == 0:
            raise QuantityError("nothing happens in 0 s.")
    times = [end * step / points for step in range(points + 1)]
    with usage(ProtocolError, ConditionError, CompoundError, ExperimentError):
        experiment = from_text.experiment(
            words,
            times,
            name="experiment",
            model=model,
            clock=clock.read,
            counted=model not in catalogue.names(),
            own=loaded.model.parameters,
        )
    done = (*words.drugs, *words.doses, *words.washouts, *words.settings, *words.conditions)
    title = f"{until} of {loaded.model.id}" + (f": {'; '.join(done)}" if done else "")
    return Asked("experiment", title, experiment, readouts=observables or None)
