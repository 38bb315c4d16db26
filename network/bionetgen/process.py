"""Programs of others: started so that they end when we do, whatever ends us.

A program in its own session would live on after us. So a shell stands between: it holds one end of
a pipe, whose other end closes with our process, even one that was killed, and then ends the lot.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# The end of the pipe is read by a watcher, which must hold nothing else open.
_GUARD: Final = """
exec 3<&0 </dev/null
"$@" 3<&- &
program=$!
exec 2>/dev/null
{ read -r _ <&3; kill -s KILL 0; } >/dev/null &
watcher=$!
exec 3<&-
wait "$program"
status=$?
kill -s KILL "$watcher"
exit "$status"
"""


@dataclass(frozen=True)
class Done:
    """How a program ended, and what it said."""

    status: int
    said: str


def run(command: Sequence[str], folder: Path) -> Done:
    """Run a program in a folder to its end and return what it said."""
    with running(command, folder) as process:
        said, _ = process.communicate()
        return Done(process.returncode, said)


@contextmanager
def running(command: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a program in a folder; when the block is left, or we end, nothing of it is left.

    It is given nothing to read; ``stdout`` is what it says there and of errors.
    """
    ours = None
    with _holding_signals() as held:
        theirs, ours = os.pipe()
        try:
            process = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "sh", *command],
                cwd=folder,
                stdin=theirs,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # so that the whole group can be ended
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
    try:
        for number in held:
            signal.raise_signal(number)
        yield process
    finally:
        kill(process)
        os.close(ours)
        if process.stdout is not None:
            process.stdout.close()
        process.wait()


def kill(process: subprocess.Popen[str]) -> None:
    """End a program that :func:`running` started."""
    if process.poll() is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


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
