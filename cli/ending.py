"""Ending when asked to: files and processes cleared away, no traceback, and within seconds.

A signal becomes an exception, so that whatever is going on puts things in order. Python raises it
when it next gets to run, which may be late: a signal that comes just before a read does not end the
read, and somebody else's C code may run on for ever. So a process of a few lines watches from
outside: told of a signal by the system itself, it sends it again for a while and then ends what is
left.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final

GRACE: Final = 8.0  # seconds to put things in order
_AGAIN: Final = 0.5  # seconds until a signal is sent again, in case it got lost
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Ended(BaseException):
    """The process was told to end; no error, so that nothing on the way takes it for one."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number
        self.status = 128 + number  # what a shell reports for a program stopped by this signal


@contextmanager
def in_order(*, alone: bool) -> Iterator[None]:
    """Turn requests to end into :class:`Ended`, whatever else is raised on the way out.

    Parameters
    ----------
    alone : bool
        Whether the process is ours: then it is watched, and ends at once once the block is left.
    """
    if threading.current_thread() is not threading.main_thread():  # no other may ask for signals
        yield
        return
    told: list[int] = []
    former: dict[int, Any] = {}

    def end(number: int, frame: FrameType | None) -> None:
        told.append(number)
        for each in former:
            signal.signal(each, signal.SIG_IGN)  # clearing away is not to be cut short
        raise KeyboardInterrupt if number == signal.SIGINT else Ended(number)

    for number in _SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup sets it
            former[number] = signal.signal(number, end)
    if alone:
        _be_watched()
        _raise_what_is_lost(told)
    try:
        yield
    except BaseException as error:
        if told:
            raise Ended(told[0]) from error
        raise
    finally:
        for number, handler in former.items():
            if alone and not told:
                handler = signal.SIG_DFL
            if not (alone and told):  # what is sent again is not to end the end
                signal.signal(number, handler)


def _raise_what_is_lost(told: list[int]) -> None:
    """Raise a request to end once more where Python could only have complained about it.

    So it is in callbacks of its own, as those that every import ends with.
    """
    complain = sys.unraisablehook

    def again(number: int, frame: FrameType | None) -> None:
        raise Ended(told[0])

    def hook(lost: Any) -> None:
        if isinstance(lost.exc_value, Ended | KeyboardInterrupt) and told:
            signal.signal(signal.SIGALRM, again)
            signal.setitimer(signal.ITIMER_REAL, _AGAIN)
        else:
            complain(lost)

    sys.unraisablehook = hook


def _be_watched() -> None:
    """Start a process that ends this one, and all that it started, if a signal does not."""
    reader, writer = os.pipe()
    ours = os.getpid()
    child = os.fork()
    if child:
        os.close(reader)
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
        os.waitpid(child, 0)
        return
    try:
        if not os.fork():  # nobody's child, so that nobody waits for it
            _watch(reader, ours)
    finally:
        os._exit(0)


def _watch(reader: int, process: int) -> None:
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    os.setsid()  # away from the terminal, whose interrupt is for the others
    os.chdir("/")
    os.dup2(reader, 0)
    os.closerange(1, os.sysconf("SC_OPEN_MAX"))
    number = 0
    while number not in _SIGNALS:
        told = os.read(0, 1)
        if not told:  # the process has ended
            return
        number = told[0]
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline:
        time.sleep(_AGAIN)
        while select.select([0], [], [], 0)[0]:
            if not os.read(0, 64):
                return
        os.kill(process, number)
    for each in (process, *_below(process)):
        with suppress(OSError):
            os.kill(each, signal.SIGKILL)


def _below(process: int) -> list[int]:
    """Return all processes that a process has started, and those that these have."""
    from pathlib import Path  # late, for a quick start

    found = [process]
    for each in found:
        with suppress(OSError):
            for file in Path(f"/proc/{each}/task").glob("*/children"):
                found += map(int, file.read_text(encoding="ascii").split())
    return found[1:]
