"""``mtorules export --format petab``: a model and what was measured of it, as a PEtab problem."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from ..analysis.petab.problem import VERSIONS
from .clocks import Clock
from .fits import package_factors, targets_of
from .options import blaming, loaded_of, network_of, remark, usage
from .output import print_json, table
from .progress import progress

if TYPE_CHECKING:
    from ..analysis.calibration.priors import Prior
    from ..analysis.petab.measurements import Row
    from ..analysis.petab.trials import Done
    from ..network.bionetgen.limits import Bounds, Limits
    from ..simulation.engines import Loaded

# The model that the package's targets are of.
_MEASURED: Final = "signalling"


@dataclass(frozen=True)
class Asked:
    """What the command line says of a problem."""

    format: str
    measurements: Path | None
    experiments: Path | None
    tables: tuple[Path, ...]
    datasets: tuple[str, ...]
    estimates: tuple[str, ...]
    output: Path | None


def export(
    model: str, asked: Asked, bounds: Bounds, limits: Limits, *, as_json: bool, quiet: bool
) -> None:
    """Write the problem of a model into a folder."""
    from ..analysis.petab import building, estimating, mathematics, writing
    from ..analysis.petab.measurements import TableError
    from ..analysis.petab.problem import PetabError
    from ..export.holding import MissingSoftwareError

    format_, output = asked.format, asked.output
    if output is None:
        raise click.UsageError(f"{format_} is a folder of files, so it needs --output.")
    told = asked.measurements is not None
    if told and (asked.tables or asked.datasets):
        raise click.UsageError("--measurements and --targets or --data are two ways; use one.")
    if not told and not (asked.tables or asked.datasets) and model != _MEASURED:
        raise click.UsageError(
            f"{format_} states what was measured; name it by --measurements, or by --targets."
        )
    try:
        mathematics.library()
    except MissingSoftwareError as error:
        raise click.ClickException(str(error)) from error
    loaded = _loaded(model, bounds, limits, quiet=quiet)
    clock = Clock.of(loaded.model, own=True) if loaded.network is None else Clock()
    rows, done = _measured(loaded, model, asked, clock)
    chosen = _chosen(loaded, model, asked.estimates)
    with usage(TableError, PetabError):
        built = building.build(loaded, rows, done, chosen, formulas_set=format_ == "petab")
        with progress(f"Simulating {loaded.model.id}", quiet=quiet):
            problem = estimating.estimated(built, loaded)
        written = writing.write(problem, output, VERSIONS[format_])
    counts = {
        "measurements": len(problem.measurements),
        "experiments": len(problem.trials),
        "observables": len(problem.observables),
        "estimated": len(problem.estimated),
    }
    if as_json:
        print_json({"output": str(output), "format": format_, "files": written, **counts})
        return
    if quiet:
        return
    for text in clock.remarks:
        remark(text)
    if built.tied:
        remark(
            f"PEtab 1 has no words for what follows from {', '.join(built.tied)}; fixed, not "
            "estimated."
        )
    click.echo(table([[name, f"{count:,}"] for name, count in counts.items()]))
    click.echo(output / writing.PROBLEM)


def _measured(loaded: Loaded, model: str, asked: Asked, clock: Clock) -> tuple[list[Row], Done]:
    """Return measurements and their experiments, from a table or from targets."""
    from ..analysis.petab import measurements, targeted, trials
    from ..analysis.petab.measurements import TableError
    from ..analysis.validation.tables import TargetError

    if asked.measurements is None:
        if asked.experiments is not None:
            raise click.UsageError("--experiments stands beside --measurements.")
        with blaming("--data", TargetError):
            targets = targets_of((), asked.tables, asked.datasets)
            return targeted.of(targets, loaded.model, package_factors(model, loaded.model))
    with blaming("--measurements", TableError):
        rows = measurements.read(asked.measurements, clock.read)
    with blaming("--experiments", TableError):
        said = measurements.experiments(asked.experiments) if asked.experiments else {}
    with usage(TableError):
        return rows, trials.done(rows, said, model, clock.read)


def _loaded(model: str, bounds: Bounds, limits: Limits, *, quiet: bool) -> Loaded:
    """Return the model; bounds on its network make it anew."""
    from ..network.bionetgen.limits import Limits as Usual
    from ..simulation import load

    if load.is_sbml_file(model) or not (bounds.arguments or limits != Usual()):
        return loaded_of(model, quiet=quiet)
    return load.load(network_of(model, quiet=quiet, bounds=bounds, limits=limits))


def _chosen(loaded: Loaded, model: str, estimates: tuple[str, ...]) -> list[Prior]:
    """Return the parameters that are to be estimated."""
    from ..analysis.petab import choosing

    known = choosing.free(loaded, model)
    if not estimates:
        return known
    with blaming("--estimate", ValueError):
        return choosing.chosen(loaded, known, estimates)
