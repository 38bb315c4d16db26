"""Progress on standard error, for whatever takes longer than a breath."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 2.0  # seconds of silence before the bar appears

Advance = Callable[[int, int], None]
"""Called with the number of steps done and the number there are."""


@contextmanager
def progress(task: str, *, quiet: bool = False, patience: float = PATIENCE) -> Iterator[Advance]:
    """Show that ``task`` is going on if it lasts, and how far it is if told.

    Parameters
    ----------
    task : str
        What is being done, as a reader would say it: "generating the network".
    quiet : bool, optional
        Show nothing. Nothing is shown either where standard error is not a terminal.
    patience : float, optional
        Seconds to wait before the bar appears.

    Yields
    ------
    callable
        ``advance(done, total)``; not calling it leaves a bar without an end, with the time so far.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bar = _Bar(task)
    timer = threading.Timer(patience, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar.advance
    finally:
        timer.cancel()
        bar.hide()


class _Bar:
    """A rich progress bar that is imported and drawn only once it is wanted."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._state: tuple[int, int] | None = None
        self._closed = False
        self._drawn = None
        self._lock = threading.Lock()

    def show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.progress import TimeRemainingColumn as TimeLeftColumn

        with self._lock:
            if self._closed:
                return
            columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            left = (TextColumn("left"), TimeLeftColumn()) if self._state else ()
            self._drawn = Progress(*columns, *left, console=Console(stderr=True), transient=True)
            done, total = self._state or (0, None)
            self._id = self._drawn.add_task(self._task, completed=done, total=total)
            self._drawn.start()

    def advance(self, done: int, total: int) -> None:
        with self._lock:
            self._state = (done, total)
            if self._drawn is not None:
                self._drawn.update(self._id, completed=done, total=total)

    def hide(self) -> None:
        with self._lock:
            self._closed = True
            if self._drawn is not None:
                self._drawn.stop()
