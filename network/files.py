"""Files: what a line is, and writing that appears whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_BREAK = re.compile(r"\r\n|\n|\r")


def lines_of(text: str) -> list[str]:
    """Return the lines that an editor counts.

    ``str.splitlines`` cuts at form feeds and at the ellipsis of Windows-1252 (0x85) too, which
    stand inside comments.
    """
    lines = _BREAK.split(text)
    return lines if lines[-1] else lines[:-1]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a scratch name to write under, and move the file into place when the block succeeds.

    The scratch file lies beside its target, so that the move is atomic, and keeps the name, so that
    a writer which looks at the ending still can. After an exception nothing is left. A link stays
    one, and what it leads to is replaced; a file that was there keeps its permissions; a device,
    a pipe or our own standard output is written into when all is done.
    """
    if is_stream(path):
        with tempfile.TemporaryDirectory() as folder:
            scratch = Path(folder) / path.name
            yield scratch
            with scratch.open("rb") as whole, path.open("wb") as stream:
                shutil.copyfileobj(whole, stream)
        return
    target = Path(os.path.realpath(path))
    # A name may be as long as the system allows, which leaves no room for more.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{path.name[:100]}.") as folder:
        scratch = Path(folder) / path.name
        yield scratch
        with suppress(FileNotFoundError):
            shutil.copymode(target, scratch)
        scratch.replace(target)


def is_stream(path: Path) -> bool:
    """Tell whether a name leads to something that takes bytes but cannot be replaced by a file."""
    try:
        found = path.stat()
    except OSError:
        return False
    return not stat.S_ISREG(found.st_mode) or any(_is_open(number, found) for number in (1, 2))


def _is_open(number: int, found: os.stat_result) -> bool:
    """Tell whether a file is the one behind a standard stream, as the shell's ``>`` makes it."""
    try:
        return os.path.samestat(os.fstat(number), found)
    except OSError:  # it is closed
        return False
