"""Arguments that several commands take, and how the model they name is found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ..models import catalogue
from .progress import progress

if TYPE_CHECKING:
    from ..network.network import Network
    from ..network.sources.finding import Source
    from ..simulation.engines.base import Loaded
    from ..simulation.sbml.model import SbmlModel

Command = Callable[..., Any]


class ModelName(click.ParamType):
    """What names a model; it is looked for only when the command runs."""

    name = "model"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the name; one of the catalogue may be written with hyphens."""
        underscored = value.replace("-", "_")
        return underscored if underscored in catalogue.names() else value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the catalogue, and files where no name fits."""
        fitting = [name for name in catalogue.names() if name.startswith(incomplete)]
        if fitting:
            return [CompletionItem(name, help=catalogue.entry(name).summary) for name in fitting]
        return [CompletionItem(incomplete, type="file")]


model_argument = click.argument("model", type=ModelName())
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
workers_option = click.option(
    "--workers", type=click.IntRange(1), help="Processes; one for each core if not given."
)
files_option = click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Read claims from this file instead of those of the reviews.",
)
parameters_option = click.option(
    "--parameters",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Ask the model with this parameter set, as 'mtorules calibrate' writes it.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def store_option(folder: str, what: str) -> Callable[[Command], Command]:
    """Return ``--store``, the folder where a long run keeps what it has done."""
    return click.option(
        "--store",
        default=Path(folder),
        type=click.Path(path_type=Path, file_okay=False),
        help=f"Keep every {what} here; a run that was broken off goes on from it.",
        show_default=True,
    )


@contextmanager
def blaming(argument: str, *errors: type[Exception]) -> Iterator[None]:
    """Turn errors of the given classes into wrong usage of one argument, in the same words."""
    try:
        yield
    except errors as error:
        context = click.get_current_context(silent=True)
        raise click.BadParameter(str(error), ctx=context, param_hint=f"'{argument}'") from error


def seconds_of(argument: str, written: str) -> float:
    """Return a span of time in seconds, or say that the argument is wrong."""
    from ..network.units.quantities import SECOND, QuantityError, convert

    with blaming(argument, QuantityError):
        found = convert(written, SECOND)
        if not 0 < found < float("inf"):
            raise QuantityError(f"{written!r} leaves no time, or has no end.")
    return found


def source_of(model: str) -> Source:
    """Find the model that ``model`` names, or say that the argument is wrong.

    Modules are looked for in the present folder too. What a model file prints is no result of
    ours, so it goes to standard error.
    """
    from ..network.sources import finding

    with suppress(OSError):  # a folder that was removed
        here = str(Path.cwd())
        if here not in sys.path:
            sys.path.append(here)
    with blaming("MODEL", finding.SourceError), redirect_stdout(sys.stderr):
        return finding.load(model)


@contextmanager
def usage(*errors: type[Exception]) -> Iterator[None]:
    """Turn errors of the given classes into wrong usage of the command, in the same words."""
    try:
        yield
    except errors as error:
        raise click.UsageError(str(error), click.get_current_context(silent=True)) from error


def network_of(model: str, *, quiet: bool) -> Network:
    """Find the model that ``model`` names and return its network, made anew or from the cache."""
    from ..network import generate

    found = source_of(model)
    with _generation(found.name, quiet=quiet) as told:
        network = generate.network(found, progress=told)
    _warn(network, quiet=quiet)
    return network


def loaded_of(model: str, *, quiet: bool, irreversible: bool = False) -> Loaded:
    """Return what ``model`` names, or the SBML file that it is the path of, ready to simulate."""
    from ..simulation import load
    from ..simulation.sbml.documents import NoSuchFileError

    if load.is_sbml_file(model):
        with blaming("MODEL", NoSuchFileError):
            return load.load(model)
    if model not in catalogue.names():
        return load.load(network_of(model, quiet=quiet), irreversible=irreversible)
    with _generation(model, quiet=quiet) as told:
        loaded = load.load(model, progress=told, irreversible=irreversible)
    if loaded.network is not None:
        _warn(loaded.network, quiet=quiet)
    return loaded


@contextmanager
def _generation(name: str, *, quiet: bool) -> Iterator[Callable[[int, int, int], None]]:
    """Show how the generation of a network goes on."""
    with progress(f"Generating the network of {name}", quiet=quiet) as bar:

        def told(_: int, species: int, reactions: int) -> None:
            bar.say(f"{species:,} species, {reactions:,} reactions")

        yield told


def _warn(network: Network, *, quiet: bool) -> None:
    if not quiet:
        for warning in network.warnings:
            remark(warning)


def parameter_set(path: Path | None, model: SbmlModel) -> tuple[dict[str, float], dict[str, float]]:
    """Return a parameter set, and at what the model has to stand besides.

    The set is the package's own, or that of a file, which stands instead of it: what only the
    package's set holds then goes back to the tables. Both hold what the model has.
    """
    from ..models.numbers import fitted
    from ..models.numbers.parameters import ParameterError
    from ..models.perturbations import conditions

    with blaming("--parameters", ParameterError):
        found = fitted.read(path) if path else fitted.table()
        known = {name: each.value for name, each in found.items() if name in model.settable}
        if not known:
            where = f"'{path}'" if path else "The fitted set"
            raise ParameterError(f"{where} holds no parameter of model {model.id!r}.")
    return known, conditions.unfitted(found, model.settable)


def remark(text: str) -> None:
    """Tell the user something that is no error, on standard error."""
    click.echo(text, err=True)
