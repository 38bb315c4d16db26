"""Arguments that several commands take, and how the model they name is found."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from difflib import get_close_matches
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.shell_completion import CompletionItem

from ..models import catalogue
from .output import OutputFolder, spare
from .progress import progress

if TYPE_CHECKING:
    from ..network.bionetgen.limits import Bounds, Limits
    from ..network.network import Network
    from ..network.sources.finding import Source
    from ..simulation.engines.base import Loaded
    from ..simulation.sbml.model import SbmlModel

Command = Callable[..., Any]

# What asks for help. A command keeps what it first hears of this, whoever calls it.
HELP: Final[dict[str, Any]] = {"help_option_names": ["-h", "--help"]}


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


class Choice(click.Choice):
    """One of a few words; of a wrong one the nearest is named."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the word, or fail with what would have been right."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            near = get_close_matches(str(value), [str(each) for each in self.choices], n=1)
            hint = f". Did you mean {near[0]!r}?" if near else ""
            raise click.BadParameter(error.message.rstrip(".") + hint, ctx, param) from None


class FloatRange(click.FloatRange):
    """A finite number in a range; of nan click thinks that it lies in any."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number, or fail."""
        found = super().convert(value, param, ctx)
        if not isfinite(found):
            self.fail(f"{value!r} is no finite number.", param, ctx)
        return found


def example(*lines: str) -> str:
    """Return what stands below the help of a command: a command line to type, as it is."""
    return "\n".join(["\b", "Example:", *(f"  {line}" for line in lines)])


model_argument = click.argument("model", type=ModelName())
quiet_option = click.option(
    "-q", "--quiet", is_flag=True, help="Say nothing but errors and warnings."
)
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


drug_option = click.option(
    "--drug",
    "drugs",
    multiple=True,
    metavar="COMPOUND=CONC [@ TIME]",
    help="Give a drug: its constants and its dose, as in 'everolimus=20 nM @ 1 h'. What takes no "
    "dose is named alone, as in 'carboplatin @ 24 h'. 'mtorules conditions --kind compound' lists "
    "them. May be repeated.",
)


class Molecules(click.ParamType):
    """How many molecules of a type a species may hold, as in ``A=3``."""

    name = "TYPE=N"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        """Return the type and the number."""
        name, _, number = (part.strip() for part in value.partition("="))
        if not name.isidentifier() or not number.isdecimal() or len(number) > 9:
            self.fail(f"{value!r} is no molecule type with a number, as in 'A=3'.", param, ctx)
        return name, int(number)


def generation_options(command: Command) -> Command:
    """Give a command what bounds a network: ``bounds`` and ``limits`` among its arguments."""

    @wraps(command)
    def bounded(
        *args: Any,
        max_iter: int | None,
        max_stoich: tuple[tuple[str, int], ...],
        limit: str | None,
        **others: Any,
    ) -> Any:
        from ..network.bionetgen.limits import Bounds, Limits
        from ..network.units.quantities import QuantityError, seconds

        given: dict[str, Any] = {}
        for what in ("molecules", "species", "reactions"):
            if (number := others.pop(f"max_{what}")) is not None:
                given[what] = number
        with blaming("--limit", QuantityError):
            if limit is not None:
                given["seconds"] = seconds(limit)
                if not 0 < given["seconds"] <= _LONGEST:
                    raise QuantityError(f"a time between 0 and {_LONGEST:g} s is wanted.")
        bounds = Bounds(max_iter, dict(max_stoich))
        return command(*args, bounds=bounds, limits=Limits(**given), **others)

    for option in reversed(_GENERATION):
        bounded = option(bounded)
    return bounded


# What a timer can count.
_LONGEST = 1e6
_GENERATION = (
    click.option(
        "--max-stoich",
        multiple=True,
        type=Molecules(),
        help="Want species of at most so many molecules of a type, as in 'A=3'; repeatable.",
    ),
    click.option(
        "--max-iter", type=click.IntRange(1), help="Want so many rounds of rules at most."
    ),
    click.option(
        "--max-molecules", type=click.IntRange(1), help="Give up at a species of more molecules."
    ),
    click.option("--max-species", type=click.IntRange(1), help="Give up at more species."),
    click.option("--max-reactions", type=click.IntRange(1), help="Give up at more reactions."),
    click.option(
        "--limit", metavar="TIME", help="Give the generation up after so long, as in '60 s'."
    ),
)


def protocol_options(command: Command) -> Command:
    """Give a command what says an experiment, for :class:`.experiments.from_text.Words`."""
    for option in reversed(
        (
            click.option(
                "--pre-equilibrate", is_flag=True, help="Let the cells come to rest before time 0."
            ),
            drug_option,
            click.option(
                "--dose",
                "doses",
                multiple=True,
                metavar="SPECIES=CONC [@ TIME]",
                help="Add to a species, as in 'RAPA_medium=10 nM @ 24 h'. May be repeated, as may "
                "the next four.",
            ),
            click.option(
                "--washout",
                "washouts",
                multiple=True,
                metavar="SPECIES[=SHARE] @ TIME",
                help="Take it away again, as in 'RAPA_medium @ 48 h'.",
            ),
            click.option(
                "--set",
                "settings",
                multiple=True,
                metavar="NAME=VALUE [@ TIME]",
                help="Set a parameter, a compartment or a species, as in 'MTOR_0=50 nM'.",
            ),
            click.option(
                "--condition",
                "conditions",
                multiple=True,
                metavar="NAME [@ TIME]",
                help="Take a genotype, an environment or another condition of the tables.",
            ),
        )
    ):
        command = option(command)
    return command


def store_option(folder: str, what: str) -> Callable[[Command], Command]:
    """Return ``--store``, the folder where a long run keeps what it has done."""
    return click.option(
        "--store",
        default=Path(folder),
        type=OutputFolder(),
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

    spare(model)
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


def network_of(
    model: str, *, quiet: bool, bounds: Bounds | None = None, limits: Limits | None = None
) -> Network:
    """Find the model that ``model`` names and return its network, made anew or from the cache."""
    from ..network import generate

    found = source_of(model)
    with _generation(found.name, quiet=quiet) as told:
        network = generate.network(found, progress=told, bounds=bounds, limits=limits)
    _warn(network)
    return network


def loaded_of(model: str, *, quiet: bool, irreversible: bool = False) -> Loaded:
    """Return what ``model`` names, or the SBML file that it is the path of, ready to simulate."""
    from ..simulation import load
    from ..simulation.sbml.documents import NoSuchFileError

    if load.is_sbml_file(model):
        spare(model)
        with blaming("MODEL", NoSuchFileError):
            return load.load(model)
    if model not in catalogue.names():
        return load.load(network_of(model, quiet=quiet), irreversible=irreversible)
    with _generation(model, quiet=quiet) as told:
        loaded = load.load(model, progress=told, irreversible=irreversible)
    if loaded.network is not None:
        _warn(loaded.network)
    return loaded


@contextmanager
def _generation(name: str, *, quiet: bool) -> Iterator[Callable[[int, int, int], None]]:
    """Show how the generation of a network goes on."""
    with progress(f"Generating the network of {name}", quiet=quiet) as bar:

        def told(_: int, species: int, reactions: int) -> None:
            bar.say(f"{species:,} species, {reactions:,} reactions")

        yield told


def _warn(network: Network) -> None:
    """Tell where the network is not what its author may think, which is no talk to be quiet of."""
    for warning in network.warnings:
        remark(warning)


def engine_or_default(engine: str | None, model: str, *, quiet: bool) -> str:
    """Return the engine that was asked for, or the one that runs many experiments on a model here.

    Of SBML files only libRoadRunner takes any, and it alone stops where a state makes a rate jump.
    """
    from ..models import catalogue
    from ..simulation.engines import default_engine
    from ..simulation.engines.jumps import jumping
    from ..simulation.load import is_sbml_file

    if engine is None and is_sbml_file(model):
        return "roadrunner"
    if engine is None and model not in catalogue.names():  # whose rates have none
        jumps = jumping(network_of(model, quiet=quiet))
        if jumps:
            if not quiet:
                remark(f"{jumps[0]!r} jumps with the state, where libRoadRunner stops; so it runs.")
            return "roadrunner"
    chosen = engine or default_engine()
    if engine is None and chosen != "bngsim" and not quiet:
        remark(
            f"bngsim is not installed, so {chosen} runs, which takes longer; pip install bngsim "
            "brings it where there is one for this processor."
        )
    return chosen


def remark_on_idle(words: Any, labels: Iterable[str], model: SbmlModel) -> None:
    """Tell the user of compounds whose constants are set but of which nothing is added.

    Parameters
    ----------
    words : Words
        Of an experiment or a scan.
    labels : iterable of str
        Names of further conditions, such as those that a scan varies.
    model : SbmlModel
        The model that is asked.
    """
    from ..models.perturbations.compounds import CompoundError, find
    from ..simulation.experiments import drugs

    named = [*words.conditions, *labels]
    named = [text.partition("@")[0].strip() for text in named]
    added = [text.partition("=")[0].strip() for text in (*words.doses, *words.settings)]
    with suppress(CompoundError):
        added += [
            find(text.partition("=")[0].strip()).medium for text in words.drugs if "=" in text
        ]
    for text in drugs.idle(named, added, model):
        remark(text)


def remark(text: str) -> None:
    """Tell the user something that is no error, on standard error."""
    click.echo(text, err=True)
