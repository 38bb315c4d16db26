"""Files: what a line is, and writing that appears whole or not at all."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
    a writer which looks at the ending still can. After an exception nothing is left.
    """
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        scratch = Path(folder) / path.name
        yield scratch
        scratch.replace(path)
