"""Where results go: names of files and folders to write, tables and JSON on standard output."""

from __future__ import annotations

import errno
import json
import math
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    import pandas as pd


class OutputPath(click.ParamType):
    """The name of a file to write, refused before any work if it cannot be written.

    Parameters
    ----------
    *suffixes : str
        The endings that say which format is meant, with their dot; none: any ending will do.
    """

    name = "file"

    def __init__(self, *suffixes: str) -> None:
        self.suffixes = suffixes

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with what is wrong with it."""
        if not str(value):
            self.fail("the name of the file is empty.", param, ctx)
        path = Path(value)
        try:
            mode = path.stat().st_mode
        except OSError as error:
            mode = None
            if error.errno not in (errno.ENOENT, errno.ENOTDIR):
                self.fail(f"cannot write {value!r}: {error.strerror}.", param, ctx)
        if mode is not None and stat.S_ISDIR(mode):
            self.fail(f"{value!r} is a folder; name a file.", param, ctx)
        if self.suffixes and path.suffix.lower() not in self.suffixes:
            wanted = " or ".join(self.suffixes)
            self.fail(f"{value!r} does not end in {wanted}, which sets the format.", param, ctx)
        if mode is not None and not os.access(path, os.W_OK):
            self.fail(f"cannot write {value!r}: it may only be read.", param, ctx)
        if mode is None or stat.S_ISREG(mode):
            _try_folder(self, Path(os.path.realpath(path)).parent, value, param, ctx)
        return path

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Leave completion to the shell's own for files."""
        return [CompletionItem(incomplete, type="file")]


class OutputFolder(click.ParamType):
    """The name of a folder to write results into; it may be new, its parent may not."""

    name = "folder"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path, or fail with what is wrong with it."""
        if not str(value):
            self.fail("the name of the folder is empty; '.' is the one you are in.", param, ctx)
        path = Path(value)
        try:
            if path.exists() and not path.is_dir():
                self.fail(f"{value!r} is a file; name a folder.", param, ctx)
        except OSError as error:
            self.fail(f"cannot write {value!r}: {error.strerror}.", param, ctx)
        existing = path
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        _try_folder(self, existing, value, param, ctx)
        return path

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Leave completion to the shell's own for folders."""
        return [CompletionItem(incomplete, type="dir")]


def _try_folder(
    kind: click.ParamType,
    folder: Path,
    value: str,
    param: click.Parameter | None,
    ctx: click.Context | None,
) -> None:
    """Fail unless a file can be made in the folder; permission bits alone do not tell."""
    if not folder.exists():
        kind.fail(f"cannot write {value!r}: there is no folder '{folder}'.", param, ctx)
    if not folder.is_dir():
        kind.fail(f"cannot write {value!r}: '{folder}' is not a folder.", param, ctx)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        kind.fail(f"cannot write {value!r}: {error.strerror} in '{folder}'.", param, ctx)


def spare(source: str | Path) -> None:
    """Fail if the command is to write over what it reads.

    Raises
    ------
    click.BadParameter
        If one of its output files is ``source``, by whatever name.
    """
    context = click.get_current_context(silent=True)
    if context is None:
        return
    for parameter in context.command.params:
        output = context.params.get(parameter.name or "")
        if isinstance(parameter.type, OutputPath) and output is not None:
            with suppress(OSError, ValueError):  # one of them is no file
                if Path(source).samefile(output):
                    raise click.BadParameter(
                        f"{str(output)!r} is what is read; name another file.", context, parameter
                    )


def print_json(data: Any) -> None:
    """Print data as JSON on standard output; what JSON has no number for becomes null."""
    click.echo(json.dumps(_plain(data), indent=2, ensure_ascii=False, allow_nan=False))


def _plain(data: Any) -> Any:
    """Replace infinite numbers and NaN, however deep."""
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value) for value in data]
    return data


def table(rows: Iterable[Sequence[str]]) -> str:
    """Return rows of cells as text in columns, two blanks apart, none at the end of a line."""
    rows = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def cells(frame: pd.DataFrame) -> Iterator[list[str]]:
    """Yield the rows of a table of numbers and words as :func:`table` takes them."""
    for row in frame.itertuples(index=False):
        yield [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if value is None or value != value:  # NaN: there is no such number
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
