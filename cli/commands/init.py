"""``mtorules init``: a project of one's own, which passes its tests as it stands."""

from __future__ import annotations

import keyword
import re
import secrets
import shutil
from importlib import resources
from pathlib import Path
from typing import Final

import click

from ... import cli
from ..options import example
from ..output import OutputFolder

# Where each file of the starter goes; NAME is that of the model.
FILES: Final = {
    "model.py.in": "NAME.py",
    "parameters.csv.in": "NAME.csv",
    "claims.yaml.in": "claims.yaml",
    "test_model.py.in": "tests/test_NAME.py",
    "Makefile.in": "Makefile",
    "README.md.in": "README.md",
    "gitignore.in": ".gitignore",
}
_LONGEST: Final = 50


@click.command(epilog=example("mtorules init my_kinase"))
@click.argument("folder", type=OutputFolder())
@click.option(
    "--name",
    help="The model's name: letters, digits and underscores.  [default: that of FOLDER]",
)
def command(folder: Path, name: str | None) -> None:
    """Make a project of your own in FOLDER, which must be new or empty.

    It holds a small PySB model with a drug, the table of its numbers, claims, tests and a
    Makefile, and passes its tests as it stands.
    """
    named = _named(folder, name)
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(
            f"{folder} is not empty; name a new folder: nothing is written over."
        )
    _made(folder, named)
    click.echo(f"{folder} holds the model {named}. Next:\n  cd {folder}\n  make test\n  make")


def _named(folder: Path, name: str | None) -> str:
    """Return the model's name, or say what is wrong with it."""
    found = name if name is not None else re.sub(r"\W", "_", folder.resolve().name, flags=re.ASCII)
    if not re.fullmatch(r"[A-Za-z_]\w*", found, flags=re.ASCII) or keyword.iskeyword(found):
        raise click.UsageError(
            f"{found!r} cannot be the name of a model: it takes letters, digits and underscores, "
            "begins with a letter and is no word of Python. Give another with --name."
        )
    if len(found) > _LONGEST:
        raise click.UsageError(
            f"A name has {_LONGEST} characters at most; give another with --name."
        )
    return found


def _made(folder: Path, name: str) -> None:
    """Write all files beside the folder and move them there at once."""
    starter = resources.files(cli) / "starter"
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name[:_LONGEST]}-{secrets.token_hex(4)}")
    draft.mkdir()
    try:
        for source, target in FILES.items():
            text = (starter / source).read_text(encoding="utf-8")
            path = draft / target.replace("NAME", name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text.replace("NAME", name), encoding="utf-8", newline="\n")
        draft.replace(folder)  # an empty folder may be replaced, one with files may not
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
