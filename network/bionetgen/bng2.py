"""Running BNG2.pl: BNGL text in, network file out."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ..sources.bngl import Action, Literal
from . import process
from .limits import GenerationError, Limits, Progress, Watch
from .netfile import WARNING

# How bionetgen's folders are called.
_SYSTEMS: Final = {"darwin": "mac", "win32": "win"}


class ToolMissingError(GenerationError):
    """Perl or BNG2.pl is not there."""


def get_path(program: str) -> str:
    """Return where PySB finds a program of BioNetGen's.

    It imports the whole package 'bionetgen' to ask it for its folder, and with it simulators. So
    the folder is looked for first, unless BNGPATH names another.
    """
    spec = None if os.environ.get("BNGPATH") else find_spec("bionetgen")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, f"bng-{_SYSTEMS.get(sys.platform, sys.platform)}", "BNG2.pl")
        if path.is_file():
            return str(path)
    from pysb import pathfinder

    return pathfinder.get_path(program)


def find() -> tuple[str, Path]:
    """Return the paths of Perl and of BNG2.pl.

    Raises
    ------
    ToolMissingError
        If one of them is missing; the message says how to get it.
    """
    perl = shutil.which("perl")
    if perl is None:
        raise ToolMissingError("Perl is missing: BNG2.pl needs it. Install the package 'perl'.")
    try:
        path = Path(get_path("bng"))
    except Exception as error:  # PySB raises bare exceptions here
        raise ToolMissingError(
            "BNG2.pl is missing. Install the Python package 'bionetgen', or let BNGPATH name the "
            "folder that holds it."
        ) from error
    if path.is_dir():
        path /= "BNG2.pl"
    if not path.is_file():
        raise ToolMissingError(f"BNG2.pl is missing: there is no file {path}.")
    return perl, path


@cache
def _version(path: Path) -> str:
    try:
        return (path.parent / "VERSION").read_text().split()[0]
    except (OSError, IndexError):
        return "unknown"


def version() -> str:
    """Return the version of the BNG2.pl that :func:`find` finds."""
    return _version(find()[1])


def network_file(
    model: str,
    *,
    changes: tuple[Action, ...] = (),
    bounds: Mapping[str, Literal] | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> str:
    """Generate a network and return the text of its file, model blocks included.

    Parameters
    ----------
    model : str
        BNGL text as :func:`.reading.read` writes it.
    changes : tuple of Action
        Done once the network is generated.
    bounds : mapping, optional
        Arguments of ``generate_network``.
    limits : Limits, optional
        Where to give up.
    progress : callable, optional
        Called after each iteration, and once a second within.

    Raises
    ------
    GenerationError
        If Perl or BNG2.pl is missing, BNG2.pl refuses the model, or a limit is met.
    """
    limits = limits or Limits()
    bounds = dict(bounds or {})
    own_end = "max_iter" in bounds
    # Its own folder is where Perl finds Growth.
    growth = ["-I", str(Path(__file__).parent), "-MGrowth"]
    watch = Watch(limits, progress, bounds)
    bounds.setdefault("max_iter", float(limits.iterations))
    perl, bng = find()
    with tempfile.TemporaryDirectory(prefix="mtorules-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        actions = [
            Action("generate_network", ({**bounds, "overwrite": 1.0, "write": 0.0},)),
            *changes,
            # The model's own blocks make the file complete: compartments, rules and their actions.
            Action(
                "writeFile",
                (
                    {
                        "format": "net",
                        "include_model": 1.0,
                        "include_network": 1.0,
                        "pretty_formatting": 0.0,
                        "overwrite": 1.0,
                    },
                ),
            ),
        ]
        text = model + "\n" + "".join(f"{action}\n" for action in actions)
        (folder / "model.bngl").write_text(text, encoding="utf-8")
        log = _run([perl, *growth, str(bng), "model.bngl"], folder, watch, limits.seconds)
        result = folder / "model.net"
        if log.status or not result.is_file():
            error = _explain(log.lines)
            # Behind the model stand a blank line and generate_network.
            after = (error.line or 0) - model.count("\n") - 3
            if 0 <= after < len(changes):
                error.line = changes[after].line
            raise error
        notes = _warnings(log.lines)
        if own_end and watch.growing and watch.iteration == bounds["max_iter"]:
            notes.append("The network is cut short by max_iter; more species would follow.")
        text = result.read_text(encoding="utf-8", errors="replace")
        return text + "".join(f"{WARNING}{note}\n" for note in notes)


@dataclass(frozen=True)
class _Log:
    status: int
    lines: list[str]


def _run(command: list[str], folder: Path, watch: Watch, seconds: float | None) -> _Log:
    """Run to the end; whatever happens, nothing is left running."""
    lines: list[str] = []
    late = threading.Event()
    with process.running(command, folder) as program:

        def end() -> None:
            late.set()
            process.kill(program)

        timer = threading.Timer(seconds, end) if seconds is not None else None
        try:
            if timer is not None:
                timer.daemon = True
                timer.start()
            assert program.stdout is not None
            for line in program.stdout:
                if not watch(line.rstrip("\n")):
                    lines.append(line.rstrip("\n"))
            status = program.wait()
        finally:
            if timer is not None:
                timer.cancel()
    if late.is_set():
        assert seconds is not None
        raise watch.late(seconds)
    return _Log(status, lines)


# BNG2.pl warns about its own house-keeping too.
_WORTH = re.compile(r"WARNING: (BioNetGen doesn't know how to .*)")


def _warnings(lines: list[str]) -> list[str]:
    """Return what BNG2.pl warned of, once each."""
    return list(dict.fromkeys(match[1] for line in lines if (match := _WORTH.match(line))))


# -- saying what went wrong ------------------------------------------------------------------------

_WHERE = re.compile(r"^\s*at line (\d+)(?: of file '[^']*')?")
# "at /usr/.../Expression.pm line 123." and "<FILE> line 4" are of no use to the reader.
_NOISE = re.compile(r"\s+at \S+\.p[lm] line \d+\.?|,? <\w+> (?:line|chunk) \d+\.?")
_KNOWN = {
    "Nothing to do: no reaction rules defined": "The model has no reaction rules.",
    "no reactions were found": "The network has no reactions: no rule applies to any seed species.",
}


def _explain(lines: list[str]) -> GenerationError:
    """Return the error that BNG2.pl's output amounts to."""
    complaints: list[tuple[str, int | None]] = []
    aborts: list[tuple[str, int | None]] = []
    for index, line in enumerate(lines):
        match = re.match(r"(ERROR|ABORT):\s*(.*)", line)
        if match is None:
            continue
        text = [match[2]]
        place: int | None = None
        for following in lines[index + 1 :]:
            if where := _WHERE.match(following):
                place = int(where[1])
                break
            if not following.startswith((" ", "\t")):
                break
            text.append(following.strip())
        (complaints if match[1] == "ERROR" else aborts).append((" ".join(text), place))
    # "Reaction rule list could not be read because of errors" only points back to the errors.
    found = complaints or aborts
    if not found:
        said = [line for line in lines if line.strip()]
        found = [(said[-1] if said else "it said nothing", None)]
    message, place = found[0]
    for sign, words in _KNOWN.items():
        if sign in message:
            return GenerationError(words)
    message = _NOISE.sub("", message).strip()
    message = re.sub(r"^\w+(?:::|->)\w+\(\):?\s*(?=\w)", "", message)
    return GenerationError(f"BioNetGen refuses the model: {message}", place)
