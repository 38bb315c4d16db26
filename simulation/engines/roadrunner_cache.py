"""What libRoadRunner compiles of a model, kept in the cache folder."""

from __future__ import annotations

import functools
import hashlib
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

# SUNDIALS prints its complaints straight to the terminal, where we raise them as errors instead.
# It reads these when an integrator is made.
os.environ.setdefault("SUNLOGGER_ERROR_FILENAME", os.devnull)
os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)

import roadrunner

from ...network import cache
from ..sbml.model import SbmlError
from . import compiling

_CONFIG = roadrunner.Config
_FAST: Final = {
    "LLVM_BACKEND": _CONFIG.LLJIT,
    "LLJIT_OPTIMIZATION_LEVEL": _CONFIG.NONE,
    "LOADSBMLOPTIONS_MUTABLE_INITIAL_CONDITIONS": False,
}
# Otherwise libRoadRunner gives its class an attribute for every id, over its own methods.
_PLAIN: Final = {"ROADRUNNER_DISABLE_PYTHON_DYNAMIC_PROPERTIES": True}
# Part of each cache key: raise it when the way of compiling changes.
_FORMAT: Final = "3"


@contextmanager
def _configured(settings: dict[str, Any]) -> Iterator[None]:
    """Have libRoadRunner's settings be these for a while."""
    roadrunner.Logger.disableLogging()
    kept = {name: _CONFIG.getValue(getattr(_CONFIG, name)) for name in settings}
    try:
        for name, value in settings.items():
            _CONFIG.setValue(getattr(_CONFIG, name), value)
        yield
    finally:
        for name, value in kept.items():
            _CONFIG.setValue(getattr(_CONFIG, name), value)


def compiled(id: str, text: str, *, events: bool) -> Any:
    """Return a RoadRunner instance of an SBML text of the model, from the cache if it can be."""
    key = _key(text)
    path = compiling.folder() / f"{key}.rr"
    known = _fetched(path)
    if known is not None:
        return known
    with compiling.alone(key):
        known = _fetched(path)  # another process may have compiled it by now
        if known is None:
            known = _made(id, text, events)
            cache.keep(path, known.saveStateS("b"))
    return known


def _made(id: str, text: str, events: bool) -> Any:
    """Compile an SBML text."""
    settings = {**_FAST, **_PLAIN}
    if events:
        # Events need a reset that is complete, and that needs changeable initial values.
        settings["LOADSBMLOPTIONS_MUTABLE_INITIAL_CONDITIONS"] = True
    with _configured(settings):
        try:
            return roadrunner.RoadRunner(text)
        except RuntimeError as error:
            raise SbmlError(f"libRoadRunner cannot load {id!r}: {error}") from None


def _fetched(path: Path) -> Any | None:
    """Return what is in the cache; None if nothing is, or not whole."""
    state = cache.fetch(path)
    if state is None:
        return None
    with _configured(dict(_PLAIN)):
        rr = roadrunner.RoadRunner()
        try:
            rr.loadStateS(state)
        except RuntimeError:
            return None
    return rr


def _key(text: str) -> str:
    parts = (
        _FORMAT,
        hashlib.sha256(text.encode()).hexdigest(),
        roadrunner.getVersionStr(),
        repr(sorted(_FAST.items())),
        _processor(),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@functools.cache
def _processor() -> str:
    """Tell what compiled code depends on; machines of different kinds may share a cache."""
    found = [platform.machine(), platform.system()]
    with suppress(OSError):
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        found += sorted({x for x in text.splitlines() if x.startswith(("flags", "Features"))})
    return "\n".join(found)
