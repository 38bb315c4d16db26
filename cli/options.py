"""Arguments that several commands take, and how the model they name is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from ..models import catalogue
from .progress import progress

if TYPE_CHECKING:
    from ..export.network import Network


class ModelName(click.ParamType):
    """What names a model; it is looked for only when the command runs."""

    name = "model"

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
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


@contextmanager
def blaming(argument: str, *errors: type[Exception]) -> Iterator[None]:
    """Turn errors of the given classes into wrong usage of one argument, in the same words."""
    try:
        yield
    except errors as error:
        context = click.get_current_context(silent=True)
        raise click.BadParameter(str(error), ctx=context, param_hint=f"'{argument}'") from error


def network_of(model: str, *, quiet: bool) -> Network:
    """Find the model that ``model`` names and return its network, made anew or from the cache."""
    from ..export import source

    with blaming("MODEL", source.SourceError):
        found = source.load(model)
    with progress(f"Generating the network of {found.name}", quiet=quiet) as bar:
        network = found.network(
            progress=lambda iteration, species, reactions: bar.say(
                f"{species:,} species, {reactions:,} reactions"
            )
        )
    if not quiet:
        for warning in network.warnings:
            remark(warning)
    return network


def remark(text: str) -> None:
    """Tell the user something that is no error, on standard error."""
    click.echo(text, err=True)
