"""A process of its own that computes points, and that another can stop at any moment.

Engines cannot be stopped from outside, and some of them let no other thread run while they work. So
points are computed in a process that does nothing else; whoever waits for it ends it when a point
takes too long or when the user has had enough. It ends with the process that started it, however
that one ends.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, Final

from .computing import Model, SweepError, Work, is_own, reason

# The first words of the process: to find what its parent finds, it looks where that one does.
_BEGIN: Final = (
    "import sys; descriptor, parent, ahead, *sys.path[:] = sys.argv[1:]; "
    f"from {__name__} import serve; serve(int(descriptor), int(parent), ahead.split())"
)
# Engines use one core each; there is a process for each core.
_ONE_CORE: Final = {
    f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
}
# Seconds between the last word of a process that dies and its end.
_FAREWELL: Final = 2.0
_DEATH_OF_PARENT: Final = 1  # PR_SET_PDEATHSIG of Linux


class Seat:
    """Where one process sits.

    Parameters
    ----------
    ahead : sequence of str
        Modules that it imports while it is not asked for anything yet.

    Attributes
    ----------
    connection : Connection
        What comes back: None once the process is up, then the facts of the model that it loaded,
        what was to be remarked and how many seconds it had waited for it, then for each point
        numbers; or an exception instead.
    begun : float
        When it was started, on the clock of :func:`time.monotonic`.
    """

    def __init__(self, ahead: Sequence[str] = ()) -> None:
        self.begun = time.monotonic()
        self.connection, theirs = Pipe()
        with theirs:
            descriptor = theirs.fileno()
            words = [_BEGIN, str(descriptor), str(os.getpid()), " ".join(ahead), *sys.path]
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-c", *words],
                    pass_fds=[descriptor],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, **_ONE_CORE},
                )
            except OSError as error:
                self.connection.close()
                raise SweepError(
                    f"No process can be started to compute in: {error.strerror}. Perhaps memory is "
                    "short or there are too many processes; what is stored is kept."
                ) from error

    def load(self, model: Model, scan: Work) -> None:
        """Have a process that is up load a model; its facts come back."""
        self._send((model, scan))

    def compute(self, points: list[int]) -> None:
        """Have points computed; what comes of them comes back one by one."""
        self._send(points)

    def _send(self, told: Any) -> None:
        with suppress(ConnectionError):  # a process that died is noticed when nothing comes back
            self.connection.send(told)

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self.connection.close()

    def death(self) -> str:
        """Return what a process ended by that said no more."""
        with suppress(subprocess.TimeoutExpired):  # or closed its connection, and lives on
            self._process.wait(_FAREWELL)
        status = self._process.returncode
        if status is None or status >= 0:
            return f"status {status}"
        with suppress(ValueError):
            return signal.Signals(-status).name
        return f"signal {-status}"


@contextmanager
def started(engine: str) -> Iterator[Seat]:
    """Start a process for an engine while a model is still sought, and end it in the end.

    Raises
    ------
    SweepError
        If no process can be started.
    """
    package = __name__.rpartition(".scans.")[0]
    seat = Seat([f"{package}.scans.worker", f"{package}.engines.{engine}"])
    try:
        yield seat
    finally:
        seat.end()


def serve(descriptor: int, parent: int, ahead: Sequence[str] = ()) -> None:
    """Load a model, then compute points until nobody asks any more.

    Parameters
    ----------
    descriptor : int
        Of the connection to whoever asks.
    parent : int
        The process that started this one.
    ahead : sequence of str
        Modules to import first.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a terminal sends it to all at once
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent)
    with Connection(descriptor) as client, suppress(EOFError, ConnectionError):
        client.send(None)
        for name in ahead:
            with suppress(Exception):  # what needs it says what is wrong
                import_module(name)
        idle = time.monotonic()
        try:
            client.poll(None)
            waited = time.monotonic() - idle
            model, scan = client.recv()
            with warnings.catch_warnings(record=True) as said:
                run, facts = model.load(scan)
        except EOFError:
            return
        except Exception as error:
            client.send(_sendable(error))
            return
        remarks = [each.message for each in said if is_own(each.category)]
        client.send((facts, remarks, waited))
        while True:
            for number in client.recv():
                try:
                    outcome = run(number)
                except Exception as error:
                    outcome = _sendable(error)
                client.send(outcome)


def _sendable(error: Exception) -> Exception:
    """Return an exception as it is if it can be sent, or else one that says the same."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # whatever its class does
        return SweepError(reason(error))
    return error


def _end_with(parent: int) -> None:
    """Have the system end this process when its parent ends, also in the middle of a point."""
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
