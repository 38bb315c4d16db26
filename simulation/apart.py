"""Work in a process of its own: where code of others may crash, hang or take all memory.

Question and answer are JSON, and what is asked is a module of ours with a function ``answer``. No
such process outlives ours, nor does what it starts in turn, however ours ends: a second process
waits for the end of a pipe that only we hold open, and then kills them all.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

_QUESTION: Final = "question.json"
_ANSWER: Final = "answer.json"
_SAID: Final = "said.txt"
# Seconds between two looks at what is running.
_PAUSE: Final = 0.02
_PACKAGE: Final = (__package__ or "").partition(".")[0]


class ApartError(RuntimeError):
    """The process gave no answer; the message says why."""


class CrashedError(ApartError):
    """A signal ended it before it had an answer."""


class BrokenError(ApartError):
    """It ended by itself without an answer; the message is the last that it said."""


class OverdueError(ApartError):
    """It had no answer when its time was up."""


@dataclass(frozen=True)
class Question:
    """What is asked of a module, and how many seconds it has to answer.

    The module is named from the package on, as in ``.analysis.checking.worker``.
    """

    module: str
    data: Any
    limit: float | None = None


def ask(question: Question) -> Any:
    """Return the answer to one question.

    Parameters
    ----------
    question : Question
        What is asked of whom.

    Raises
    ------
    CrashedError, BrokenError, OverdueError
        If there is none.
    """
    (reply,) = ask_all([question])
    if isinstance(reply, ApartError):
        raise reply
    return reply


def ask_all(
    questions: Sequence[Question], *, told: Callable[[list[int]], object] | None = None
) -> list[Any]:
    """Return the answers to several questions, as many at a time as there are cores.

    Parameters
    ----------
    questions : sequence of Question
        What is asked of whom.
    told : callable, optional
        Told the places of those that are running whenever these change.

    Returns
    -------
    list
        In the place of each answer that did not come, the :class:`ApartError` that says why.
    """
    replies: list[Any] = [None] * len(questions)
    waiting = list(range(len(questions)))[::-1]
    running: dict[int, _Process] = {}
    try:
        while waiting or running:
            before = list(running)
            while waiting and len(running) < _cores():
                place = waiting.pop()
                running[place] = _Process(questions[place])
            for place in [place for place, process in running.items() if process.over()]:
                with running.pop(place) as process:
                    replies[place] = process.reply()
            if told is not None and list(running) != before and running:
                told(list(running))
            if running:
                time.sleep(_PAUSE)
    finally:
        for process in running.values():
            process.close()
    return replies


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Process:
    """One process at work, in a group and with a folder of its own."""

    def __init__(self, question: Question) -> None:
        self._limit = question.limit
        self._folder = tempfile.TemporaryDirectory(prefix="mtorules-")
        folder = Path(self._folder.name)
        folder.joinpath(_QUESTION).write_text(json.dumps(question.data), encoding="utf-8")
        command = [sys.executable, "-P", "-m", __name__, question.module, str(folder)]
        with folder.joinpath(_SAID).open("wb") as said:
            self._process = subprocess.Popen(
                command,
                # It finds what we find, wherever that lies.
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
            )
        self._began = time.monotonic()
        self._late = False

    def __enter__(self) -> _Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def over(self) -> bool:
        """Tell whether there is nothing to wait for any longer."""
        ended = self._process.poll() is not None
        self._late = (
            not ended and self._limit is not None and time.monotonic() - self._began > self._limit
        )
        return ended or self._late

    def reply(self) -> Any:
        """Return the answer, or why there is none."""
        if self._late:
            return OverdueError(f"stopped after {self._limit:g} s")
        folder = Path(self._folder.name)
        try:
            return json.loads(folder.joinpath(_ANSWER).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = folder.joinpath(_SAID).read_text(encoding="utf-8", errors="replace")
            return _death(self._process.returncode, said)

    def close(self) -> None:
        """Kill whatever is left of it, and clear its folder away."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()


def _death(status: int, said: str) -> ApartError:
    """Return what a process ended of."""
    lines = [line.strip()[:300] for line in said.splitlines() if line.strip()]
    if status >= 0:
        return BrokenError(lines[-1] if lines else f"it ended with status {status}")
    try:
        name = signal.Signals(-status).name
    except ValueError:  # one without a name
        return CrashedError(f"signal {-status}")
    hint = ", perhaps for want of memory" if name == "SIGKILL" else ""
    # What an exception of C++ says that nobody caught.
    what = next((f": {line}" for line in lines if line.startswith("what():")), "")
    return CrashedError(f"signal {-status} ({name}{hint}){what}")


# -- in the other process -------------------------------------------------------------------------


def main(module: str, folder: str) -> None:
    """Answer the question that lies in a folder."""
    watch(sys.stdin.fileno())
    # A crash leaves no image of the memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    question = json.loads(Path(folder, _QUESTION).read_text(encoding="utf-8"))
    found = json.dumps(import_module(module, _PACKAGE).answer(question))
    # Under its name only when it is whole.
    scratch = Path(folder, f".{_ANSWER}")
    scratch.write_text(found, encoding="utf-8")
    scratch.replace(Path(folder, _ANSWER))


def watch(pipe: int) -> None:
    """Start what kills the group once whoever asked is gone, and let go of the pipe."""
    if os.fork() == 0:
        os.read(pipe, 1)
        os.killpg(0, signal.SIGKILL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, pipe)
    os.close(nothing)


if __name__ == "__main__":
    main(*sys.argv[1:])
