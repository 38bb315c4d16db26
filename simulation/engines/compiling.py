"""The C compiler, and compiling once where several processes need the same: the others wait."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...network.cache import cache_folder


def folder() -> Path:
    """Return where compiled models are kept."""
    return cache_folder() / "compiled"


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Do something that no other process that shares the cache does under the same name.

    Where the cache cannot be written or locked, as on some network drives, nobody waits.
    """
    path = folder() / f"{name}.lock"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.open("w")
    except OSError:
        yield
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError:
            yield
            return
        yield


def compiler() -> str | None:
    """Return the C compiler, unless there is none or bngsim's switch says to do without."""
    if os.environ.get("BNGSIM_NO_CODEGEN"):
        return None
    found = (shutil.which(name) for name in (os.environ.get("CC", "cc"), "cc", "gcc", "clang"))
    return next(filter(None, found), None)
