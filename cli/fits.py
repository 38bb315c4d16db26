"""What a fit is to meet, and the one that ``mtorules uncertainty`` is about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..models import catalogue
from .options import (
    blaming,
    files_option,
    loaded_of,
    quiet_option,
    store_option,
    usage,
    workers_option,
)
from .progress import progress

if TYPE_CHECKING:
    from ..analysis.calibration.calibrate import Result
    from ..analysis.validation.factors import Factors
    from ..analysis.validation.targets import Target
    from ..simulation.sbml.model import SbmlModel

Command = Callable[..., Any]
# Stands for no data.
_NONE = "none"


def data_options(command: Command) -> Command:
    """Give a command what says which data were fitted: ``tables`` and ``datasets``."""
    for option in reversed(
        (
            click.option(
                "--targets",
                "tables",
                multiple=True,
                type=click.Path(path_type=Path, exists=True, dir_okay=False),
                help="Meet what this table of targets holds, instead of those of the package. May "
                "be repeated.",
            ),
            click.option(
                "--data",
                "datasets",
                multiple=True,
                metavar="SET",
                help="Meet only the targets of this data set, as in 'korkut2015'; 'none' for "
                "claims alone. By default all are met, or none if --file names claims. May be "
                "repeated.",
            ),
        )
    ):
        command = option(command)
    return command


def targets_of(
    files: tuple[Path, ...], tables: tuple[Path, ...], datasets: tuple[str, ...]
) -> list[Target]:
    """Return what was measured and is to be met."""
    from ..analysis.validation import targets
    from ..analysis.validation.tables import TargetError

    if _NONE in datasets and (tables or len(datasets) > 1):
        raise click.UsageError(f"--data {_NONE} leaves out all data; name nothing beside it.")
    if _NONE in datasets or (files and not tables and not datasets):
        return []
    with blaming("--targets", TargetError):
        known = targets.read(tables or None)
    with blaming("--data", TargetError):
        return targets.select(known, datasets)


def package_factors(name: str, model: SbmlModel) -> Factors:
    """Return by how much cell lines differ by the package's own set, in a model called ``name``.

    Only models of the catalogue have that set.
    """
    from ..analysis.validation import factors

    return factors.held_by(factors.package(), model) if name in catalogue.names() else {}


@dataclass(frozen=True)
class FitAsked:
    """A fit that is asked about, as ``mtorules calibrate`` makes it.

    Attributes
    ----------
    model : str
        The model.
    files : tuple of Path
        The claims; those of the reviews if none.
    tables, datasets : tuple
        The data, as :func:`targets_of` takes them.
    begin : Path or None
        The best set; the package's own if not given.
    store : Path
        Where what takes long is kept.
    workers : int or None
        Processes.
    quiet : bool
        Whether to say nothing.
    """

    model: str
    files: tuple[Path, ...]
    tables: tuple[Path, ...]
    datasets: tuple[str, ...]
    begin: Path | None
    store: Path
    workers: int | None
    quiet: bool

    @property
    def path(self) -> Path:
        """The file of the best set."""
        from ..models.numbers import fitted

        return self.begin or fitted.FILE

    def result(self) -> Result:
        """Return the fit at its best set, where it is measured once with slopes."""
        from ..analysis.calibration import calibrate
        from ..analysis.calibration.slopes.derivatives import DifferentiationError
        from ..analysis.claims import reading
        from ..analysis.validation.factors import FactorsError
        from ..analysis.validation.tables import TargetError
        from ..models.numbers.parameters import ParameterError
        from ..simulation.engines import UnsupportedError

        loaded = loaded_of(self.model, quiet=self.quiet)
        targets = targets_of(self.files, self.tables, self.datasets)
        with (
            blaming("--file", reading.ClaimsError),
            blaming("--data", TargetError),
            blaming("--from", ParameterError, calibrate.NotFreeError, FactorsError),
            usage(UnsupportedError, DifferentiationError, calibrate.NothingToFitError),
            progress("Running experiments there and back", quiet=self.quiet) as bar,
        ):
            return calibrate.calibrate(
                loaded,
                files=self.files or None,
                targets=targets,
                lines="found",
                begin=self.path,
                evaluations=1,
                store=self.store,
                workers=self.workers,
                progress=bar.advance,
            )

    def about(self, result: Result) -> dict[str, Any]:
        """Return what was asked about, as plain data."""
        return {
            "model": result.measurer.loaded.model.id,
            "set": self.path.name,
            "objective": round(result.best.cost, 6),
            "checks": len(result.best.best.margins),
            "failing_checks": result.best.best.failing,
        }


def fit_options(command: Command) -> Command:
    """Give a command what says which fit it is about; it gets ``fit`` (:class:`FitAsked`)."""

    @wraps(command)
    def called(
        model: str,
        files: tuple[Path, ...],
        tables: tuple[Path, ...],
        datasets: tuple[str, ...],
        begin: Path | None,
        store: Path,
        workers: int | None,
        quiet: bool,
        **others: Any,
    ) -> Any:
        fit = FitAsked(model, files, tables, datasets, begin, store, workers, quiet)
        return command(fit=fit, **others)

    found: Command = called
    for option in reversed(
        (
            click.option(
                "--model", default="signalling", metavar="MODEL", help="The model that was fitted."
            ),
            files_option,
            data_options,
            click.option(
                "--from",
                "begin",
                type=click.Path(exists=True, dir_okay=False, path_type=Path),
                metavar="FILE",
                help="The best set, as 'mtorules calibrate' writes it; by default the package's.",
            ),
            store_option("build/uncertainty", "run"),
            workers_option,
            quiet_option,
        )
    ):
        found = option(found)
    return found
