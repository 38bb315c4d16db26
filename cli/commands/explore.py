"""``mtorules explore``: a page in the browser to ask a model, for people who do not program."""

from __future__ import annotations

from pathlib import Path

import click

from ..options import ModelName, example


@click.command(
    epilog=example("mtorules explore signalling --port 8800 --no-browser"),
)
@click.argument("model", type=ModelName(), default="signalling")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="0: any that is free.")
@click.option(
    "--address",
    default="127.0.0.1",
    metavar="IP",
    help="Where to listen. Beyond this machine the page asks for the token that is printed.",
)
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.option(
    "--ensemble",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Show bands of these parameter sets: a CSV file, a set a row, a column a parameter.",
)
@click.option(
    "--processes", default=2, type=click.IntRange(1, 64), help="How many compute at a time."
)
@click.option(
    "--memory", default=3072, type=click.IntRange(512), metavar="MB", help="Of each process."
)
@click.option("--waiting", default=200, type=click.IntRange(1), help="How many questions may wait.")
def command(
    model: str,
    port: int,
    address: str,
    no_browser: bool,
    ensemble: Path | None,
    processes: int,
    memory: int,
    waiting: int,
) -> None:
    """Ask MODEL, a name or an SBML, BNGL or archive file, on a page in the browser.

    The page is served on this machine alone, until Ctrl-C. No request leaves the machine.
    """
    import asyncio
    import ipaddress
    import webbrowser

    from ...explore.server import Settings, serve
    from ...explore.sessions import SUFFIXES
    from ...models import catalogue

    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise click.BadParameter(
            f"{address!r} is no IP address; 127.0.0.1 is this machine alone, 0.0.0.0 any.",
            param_hint="'--address'",
        ) from None
    file = None
    if model not in catalogue.names():
        file = Path(model).absolute()
        if not model.lower().endswith(SUFFIXES):
            raise click.BadParameter(
                f"{model!r} is neither a model ({', '.join(catalogue.names())}) nor a file that "
                f"ends in {', '.join(SUFFIXES)}; Python is not served.",
                param_hint="'MODEL'",
            )
        if not file.is_file():
            raise click.BadParameter(f"There is no file {model!r}.", param_hint="'MODEL'")

    def ready(url: str) -> None:
        click.echo(url)
        click.echo("The page is served until Ctrl-C.", err=True)
        if not no_browser:
            webbrowser.open(url)

    settings = Settings(
        model, address, port, processes, memory, waiting, ensemble and ensemble.absolute(), file
    )
    try:
        asyncio.run(serve(settings, ready))
    except OSError as error:
        raise click.ClickException(
            f"Port {port} of {address} cannot be had: {error.strerror}. Leave --port out for any "
            "that is free."
        ) from error
