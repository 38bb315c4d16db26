"""The cache folder: what was made, kept under names made from what it was made from.

Each file begins with a checksum of its name and of what it holds, so that what was damaged, cut
short or exchanged is made anew. What others could have written is not taken either: some of what is
kept is machine code.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Final

import platformdirs

SEAL: Final = ".seal"
"""How the name of a file ends that holds the checksum of another."""
# What others may not: write.
_OTHERS: Final = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path:
    """Return where things are kept: ``$MTORULES_CACHE``, or the user's cache folder."""
    given = os.environ.get("MTORULES_CACHE")
    return Path(given) if given else Path(platformdirs.user_cache_dir("mtorules"))


def fetch(path: Path) -> bytes | None:
    """Return what is kept there, or None if there is nothing, or nothing that is whole and ours."""
    try:
        with path.open("rb") as file:
            if not _ours(os.fstat(file.fileno())):
                return None
            checksum, _, packed = file.read().partition(b"\n")
        if checksum != _checksum(path.name, packed):
            return None
        return zlib.decompress(packed)
    except (OSError, zlib.error):
        return None


def keep(path: Path, content: bytes) -> None:
    """Write through a temporary name; a cache that cannot be written is done without."""
    packed = zlib.compress(content, 1)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_checksum(path.name, packed) + b"\n" + packed)
            Path(name).replace(path)
        finally:
            with suppress(FileNotFoundError):
                Path(name).unlink()


def own_folder(path: Path) -> bool:
    """Make a folder that nobody else can write to, and tell whether it is one."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        own(path)
        return _ours(path.stat()) and os.access(path, os.W_OK)
    except OSError:
        return False


def own(path: Path) -> None:
    """Take from others the right to write to what is ours."""
    mode = path.stat().st_mode
    if mode & _OTHERS and path.stat().st_uid == os.geteuid():
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)


def seal(path: Path) -> None:
    """Write the checksum of a file that other programs read beside it."""
    keep(_seal_of(path), _checksum(path.name, path.read_bytes()))


def sealed(path: Path) -> bool:
    """Tell whether a file is ours and what it was when it was sealed."""
    try:
        checksum = _checksum(path.name, path.read_bytes())
        return _ours(path.stat()) and fetch(_seal_of(path)) == checksum
    except OSError:
        return False


def _seal_of(path: Path) -> Path:
    return path.with_name(path.name + SEAL)


def _ours(found: os.stat_result) -> bool:
    """Tell whether nobody but this user and the system's keeper can have written something."""
    return found.st_uid in (os.geteuid(), 0) and not found.st_mode & _OTHERS


def _checksum(name: str, content: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\0" + content).hexdigest().encode()
