"""Files that appear whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
