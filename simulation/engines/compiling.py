"""The C compiler, and compiling once where several processes need the same: the others wait."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...network import cache


class InterpretedWarning(UserWarning):
    """Rates that could not be compiled, so that a run takes longer; the message says why."""


class NoPlaceError(OSError):
    """Nowhere to keep compiled code; the message says why."""


def folder() -> Path:
    """Return where compiled models are kept."""
    return cache.cache_folder() / "compiled"


@contextmanager
def lent(name: str) -> Iterator[Path]:
    """Lend a folder to a program that keeps compiled code there and loads it by itself.

    It holds only what it held when it was given back last: code that was damaged, or that somebody
    put there, is taken away before.

    Raises
    ------
    NoPlaceError
        If it cannot be written, or if others could write to it.
    """
    place = folder() / name
    if not (cache.own_folder(folder()) and cache.own_folder(place)):
        raise NoPlaceError(f"{place} cannot be written, or belongs to somebody else")
    for path in _code(place):
        if not cache.sealed(path):
            path.unlink()
    yield place
    for path in _code(place):
        if not cache.sealed(path):
            cache.own(path)
            cache.seal(path)


def _code(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.suffix != cache.SEAL]


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
