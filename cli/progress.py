"""Progress on standard error, for whatever takes longer than a breath."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE: Final = 2.0  # seconds of silence before the bar appears


@contextmanager
def progress(task: str, *, quiet: bool = False, patience: float = PATIENCE) -> Iterator[Bar]:
    """Show that ``task`` is going on if it lasts, and how far it is if told.

    Parameters
    ----------
    task : str
        What is being done, as a reader would say it: "Generating the network".
    quiet : bool, optional
        Show nothing. Nothing is shown either where standard error is not a terminal.
    patience : float, optional
        Seconds to wait before the bar appears.

    Yields
    ------
    Bar
        To be told how far the work is; not telling it leaves a bar without an end.
    """
    bar = Bar(task)
    if quiet or not sys.stderr.isatty():
        yield bar
        return
    timer = threading.Timer(patience, bar.show)
    timer.daemon = True
    timer.start()
    try:
        yield bar
    finally:
        timer.cancel()
        bar.hide()


class Bar:
    """A progress bar that is drawn, and rich imported, only once it is wanted."""

    def __init__(self, task: str) -> None:
        self._task = task
        self._detail = ""
        self._done, self._total = 0, None
        self._hidden = False
        self._drawn: Progress | None = None
        self._lock = threading.Lock()

    def advance(self, done: int, total: int) -> None:
        """Say how many steps are done, of how many."""
        with self._lock:
            self._done, self._total = done, total
            self._update()

    def say(self, detail: str) -> None:
        """Say what there is so far, where nobody knows how much there will be."""
        with self._lock:
            self._detail = detail
            self._update()

    def show(self) -> None:
        """Draw the bar, unless the work is over."""
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
        from rich.progress import TimeRemainingColumn as TimeLeftColumn

        with self._lock:
            if self._hidden:
                return
            self._drawn = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[detail]}"),
                TimeElapsedColumn(),
                TextColumn("left"),
                TimeLeftColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._drawn.add_task(self._task, total=None, detail="")
            self._update()
            self._drawn.start()

    def hide(self) -> None:
        """Take the bar away."""
        with self._lock:
            self._hidden = True
            if self._drawn is not None:
                self._drawn.stop()

    def _update(self) -> None:
        if self._drawn is not None:
            self._drawn.update(
                self._drawn.task_ids[0],
                completed=self._done,
                total=self._total,
                detail=self._detail,
            )
