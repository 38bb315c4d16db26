"""The cache folder: texts kept under names made from what they were made from."""

from __future__ import annotations

import gzip
import os
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Return where networks are kept: ``$MTORULES_CACHE``, or the user's cache folder."""
    given = os.environ.get("MTORULES_CACHE")
    return Path(given) if given else Path(platformdirs.user_cache_dir("mtorules"))


def fetch(path: Path) -> str | None:
    """Return the text kept there, or None if there is none, or none that is whole."""
    try:
        return gzip.decompress(path.read_bytes()).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        return None


def keep(path: Path, text: str) -> None:
    """Write through a temporary name; a cache that cannot be written is done without."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(gzip.compress(text.encode(), compresslevel=3, mtime=0))
            Path(name).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()
