"""Running BNG2.pl: BNGL text in, network file out."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from ..sources.bngl import Action, Literal
from .netfile import WARNING

# How bionetgen's folders are called.
_SYSTEMS: Final = {"darwin": "mac", "win32": "win"}

Progress = Callable[[int, int, int], None]
"""Called after each iteration with its number, and the species and reactions found so far."""


class GenerationError(RuntimeError):
    """No network could be generated; ``line`` is that of the BNGL text, where one is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class ToolMissingError(GenerationError):
    """Perl or BNG2.pl is not there."""


@dataclass(frozen=True)
class Limits:
    """Where generation gives up, since a network may be infinite.

    A file that bounds its own network (``max_iter``, ``max_stoich``, ...) is taken at its word;
    ``iterations`` holds for the others.
    """

    iterations: int = 200
    species: int = 20_000
    reactions: int = 100_000
    seconds: float | None = 3600.0


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
        BNGL text as :func:`.bngl.read` writes it.
    changes : tuple of Action
        Done once the network is generated.
    bounds : mapping, optional
        Arguments of ``generate_network``.
    limits : Limits, optional
        Where to give up.
    progress : callable, optional
        Called after each iteration.

    Raises
    ------
    GenerationError
        If Perl or BNG2.pl is missing, BNG2.pl refuses the model, or a limit is met.
    """
    limits = limits or Limits()
    bounds = dict(bounds or {})
    own_end = "max_iter" in bounds
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
        watch = _Watch(limits, progress, own_end)
        log = _run([perl, str(bng), "model.bngl"], folder, watch, limits.seconds)
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
            notes.append("The network is cut short by its own max_iter; more species would follow.")
        text = result.read_text(encoding="utf-8", errors="replace")
        return text + "".join(f"{WARNING}{note}\n" for note in notes)


@dataclass(frozen=True)
class _Log:
    status: int
    lines: list[str]


_ITERATION = re.compile(r"Iteration\s+(\d+):\s+(\d+) species\s+(\d+) rxns")


class _Watch:
    """Reads the reports of BNG2.pl, passes them on, and objects when a limit is met."""

    def __init__(self, limits: Limits, progress: Progress | None, own_end: bool) -> None:
        self._limits, self._progress, self._own_end = limits, progress, own_end
        self._last = 0
        self.iteration = 0
        self.growing = False  # whether the last iteration found new species

    def __call__(self, line: str) -> None:
        match = _ITERATION.match(line)
        if match is None:
            return
        iteration, species, reactions = map(int, match.groups())
        self.iteration, self.growing, self._last = iteration, species > self._last, species
        if self._progress is not None:
            self._progress(iteration, species, reactions)
        limits = self._limits
        what = ""
        if species > limits.species:
            what = f"more than {limits.species:,} species"
        elif reactions > limits.reactions:
            what = f"more than {limits.reactions:,} reactions"
        elif not self._own_end and iteration >= limits.iterations and self.growing:
            what = "new species still"
        if what:
            raise GenerationError(
                f"The network has {what} after {iteration} iterations and may be infinite. Bound "
                "it in the rules, or by max_iter or max_stoich in generate_network of a BNGL file, "
                "or raise the limit."
            )


def _run(command: list[str], folder: Path, watch: _Watch, seconds: float | None) -> _Log:
    """Run to the end; whatever happens, nothing is left running."""
    with _holding_signals() as held:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,  # so that the whole group can be ended
        )
    lines: list[str] = []
    late = threading.Event()

    def end() -> None:
        late.set()
        _kill(process)

    timer = threading.Timer(seconds, end) if seconds is not None else None
    try:
        for number in held:
            signal.raise_signal(number)
        if timer is not None:
            timer.daemon = True
            timer.start()
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            watch(lines[-1])
        status = process.wait()
    finally:
        if timer is not None:
            timer.cancel()
        _kill(process)
        if process.stdout is not None:
            process.stdout.close()
        process.wait()
    if late.is_set():
        raise GenerationError(f"The network was not ready after {seconds:g} s. It may be infinite.")
    return _Log(status, lines)


@contextmanager
def _holding_signals() -> Iterator[list[int]]:
    """Hold back requests to end, and give those that came, until there is something to end.

    An exception of a handler in the middle of starting a program would leave it running.
    """
    came: list[int] = []
    former = {}
    if threading.current_thread() is threading.main_thread():  # no other may ask for signals
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if callable(signal.getsignal(number)):
                former[number] = signal.signal(number, lambda number, _: came.append(number))
    try:
        yield came
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


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
