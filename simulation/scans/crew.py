"""Processes of this machine that compute the points of a scan.

As many are started as the work ahead is worth. A point that takes too long is given up, and so is
one that takes its process down time and again; another process goes on with the next.
"""

from __future__ import annotations

import math
import time
import warnings
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from typing import Any, Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from .computing import DIED, LATE, Block, Model, Slices, SweepError, Work, block, reason
from .scan import Scan
from .seats import Seat

Key = TypeVar("Key")
Outcome = NDArray[np.float64] | Exception | str

_AHEAD: Final = object()  # the key of points that no block asked for yet
# How often a point may take its process down, and processes die one after the other at the start.
_TRIES: Final = 3
# After so many points from the start that all took their processes down, more are not tried.
_HOPELESS: Final = 2


@dataclass
class _Task(Generic[Key]):
    """Points that one process computes, and what became of them so far."""

    key: Key
    points: Sequence[int]
    outcomes: dict[int, Outcome]
    left: deque[int] = field(init=False)

    def __post_init__(self) -> None:
        self.left = deque(number for number in self.points if number not in self.outcomes)


@dataclass
class _Worker:
    """A process, and what it does."""

    seat: Seat
    ready: bool = False
    task: _Task[Any] | None = None
    since: float = math.inf  # when the point under way began
    tries: int = 0  # how often that took the process down

    def go_on(self) -> None:
        """Have the rest of the task computed."""
        if self.ready and self.task is not None and self.task.left:
            self.since = time.monotonic()
            self.seat.compute([*self.task.left])


class Crew:
    """The processes, which keep the model loaded. Long, since all of it changes the same few lists.

    Parameters
    ----------
    model : Model
        What each loads.
    scan : Work
        Whose points are computed; a :class:`.scan.Scan` where blocks are asked for.
    most : int
        How many processes there may be.
    limit : float, optional
        Seconds that a point may take.
    first : Seat, optional
        A process that was started before, while other things were done.
    """

    def __init__(
        self,
        model: Model,
        scan: Work,
        most: int = 1,
        limit: float | None = None,
        first: Seat | None = None,
    ) -> None:
        if most < 1:
            raise SweepError(f"{most} workers cannot do anything; the least is 1.")
        if limit is not None and not 0 < limit < math.inf:
            raise SweepError(f"A point cannot be given {limit:g} s; the time is above 0.")
        self._model = model
        self._scan = scan
        self._most = most
        self._limit = limit
        self._first = first
        self._workers: list[_Worker] = []
        self._facts: Mapping[str, Any] | None = None
        self._known: dict[int, Outcome] = {}  # points computed before they were asked for
        self._loading = 0.0  # seconds from the start of a process until it is ready
        self._spent = 0.0  # seconds on points that came to an end
        self._ended = 0  # points that did
        self._fatal = 0  # points that took their processes down, if all of them did
        self._deaths = 0  # of processes at their start, one after the other

    def __enter__(self) -> Crew:
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, whatever they do."""
        while self._workers:
            self._workers.pop().seat.end()

    def facts(self) -> Mapping[str, Any]:
        """Return what decides about the numbers besides the scan, as a process says.

        Raises
        ------
        Exception
            Whatever loading the model raised.
        """
        if not self._workers:
            self._start()
        while self._facts is None:
            self._hear()
        return self._facts

    def attempt(self, points: Sequence[int]) -> Exception | None:
        """Compute points ahead of the blocks, once and for all; return what the first raised.

        The others are still under way then, and go on while their store is made.
        """
        self.facts()
        self._settle_ahead()
        (worker, *_), first = self._workers, points[0]
        worker.task = task = _Task(_AHEAD, points, self._of_known(points))
        worker.go_on()
        while first not in task.outcomes:
            self._hear()
        outcome = task.outcomes[first]
        return outcome if isinstance(outcome, Exception) else None

    def results(self, blocks: Sequence[Slices]) -> Iterator[tuple[Slices, Block]]:
        """Yield blocks with what came out of them, as they are finished.

        Raises
        ------
        SweepError
            If the model cannot be loaded, or processes die whatever they do.
        """
        scan = self._scan
        assert isinstance(scan, Scan)
        try:
            self.facts()
        except SweepError:
            raise
        except Exception as error:
            raise self._cannot(error) from error
        for key, outcomes in self.outcomes([(each, scan.points(each)) for each in blocks]):
            yield key, block(scan, outcomes)

    def outcomes(
        self, tasks: Iterable[tuple[Key, Sequence[int]]]
    ) -> Iterator[tuple[Key, list[NDArray[np.float64] | str]]]:
        """Yield tasks as they are finished: for each point numbers, or why there are none.

        Parameters
        ----------
        tasks : iterable of tuple
            What a task is called, and its points, which one process computes one after the other.

        Raises
        ------
        SweepError
            If processes die whatever they do.
        """
        for key, outcomes in self._finished(tasks):
            yield key, [reason(each) if isinstance(each, Exception) else each for each in outcomes]

    def _cannot(self, error: Exception) -> SweepError:
        return SweepError(f"The workers cannot run {self._scan.model!r}: {reason(error)}")

    # -- who does what ----------------------------------------------------------------------------

    def _finished(
        self, asked: Iterable[tuple[Key, Sequence[int]]]
    ) -> Iterator[tuple[Key, list[Outcome]]]:
        """Hand tasks out, and yield each with the outcomes of its points once it is done."""
        self._catch_up()
        rest = [each for each in asked if not self._adopted(*each)]
        self._settle_ahead()
        waiting = deque(_Task(key, points, self._of_known(points)) for key, points in rest)
        ahead = sum(len(task.left) for task in waiting)
        while True:
            self._reinforce(len(waiting), ahead)
            finished = []
            for worker in self._workers:
                if worker.task is not None and not worker.task.left:
                    finished.append(worker.task)
                    worker.task = None
                if worker.ready and worker.task is None and waiting:
                    worker.task = waiting.popleft()
                    ahead -= len(worker.task.left)
                    worker.go_on()
            for task in finished:
                yield task.key, [task.outcomes[number] for number in task.points]
            under_way = [worker.task for worker in self._workers if worker.task is not None]
            if not (waiting or under_way):
                return
            if all(task.left for task in under_way):
                self._hear()

    def _adopted(self, key: object, points: Sequence[int]) -> bool:
        """Tell whether just these points are under way ahead, and are so for this key from now."""
        for task in self._ahead():
            if [*task.points] == [*points]:
                task.key = key
                return True
        return False

    def _ahead(self) -> list[_Task[Any]]:
        return [w.task for w in self._workers if w.task is not None and w.task.key is _AHEAD]

    def _catch_up(self) -> None:
        """Listen to what was said while nobody did."""
        for worker in self._workers:
            while worker.seat.connection.poll():
                self._listen(worker)

    def _settle_ahead(self) -> None:
        """Wait for what is under way ahead, and keep it."""
        while any(task.left for task in self._ahead()):
            self._hear()
        for task in self._ahead():
            self._known.update(task.outcomes)
        for worker in self._workers:
            if worker.task is not None and worker.task.key is _AHEAD:
                worker.task = None

    def _of_known(self, points: Sequence[int]) -> dict[int, Outcome]:
        return {number: self._known[number] for number in points if number in self._known}

    def _reinforce(self, waiting: int, ahead: int) -> None:
        """Start more processes where they save more time than their start takes.

        So many tasks, of so many points together, are waiting.
        """
        if not self._workers:
            self._start()
        if len(self._workers) >= self._most:
            return
        under_way = [worker for worker in self._workers if worker.since < math.inf]
        now = time.monotonic()
        spent = self._spent + sum(now - worker.since for worker in under_way)
        pace = spent / max(self._ended + len(under_way), 1)
        begun = [worker.task for worker in self._workers if worker.task]
        work = pace * (ahead + sum(len(task.left) for task in begun))
        worth = int(min(work / max(self._loading, 1e-3), waiting + len(begun), self._most))
        while len(self._workers) < worth:
            self._start()

    # -- what they say ----------------------------------------------------------------------------

    def _hear(self) -> None:
        """Wait until a process says something, ends or takes too long."""
        until = [math.inf]
        if self._limit is not None:
            until += [worker.since + self._limit for worker in self._workers]
        if len(self._workers) < self._most:  # a point that takes long may be worth another
            until.append(time.monotonic() + max(self._loading, 0.1))
        patience = max(min(until) - time.monotonic(), 0.0)
        talking = wait(
            [worker.seat.connection for worker in self._workers],
            None if patience == math.inf else patience,
        )
        for worker in self._workers:
            if worker.seat.connection in talking:
                self._listen(worker)
            elif self._limit is not None and time.monotonic() - worker.since > self._limit:
                self._settle(worker, f"{LATE} {self._limit:g} s.")
                self._start(worker)

    def _listen(self, worker: _Worker) -> None:
        try:
            told = worker.seat.connection.recv()
        except (EOFError, OSError):
            self._lost(worker)
            return
        if worker.ready:
            self._settle(worker, told)
            return
        if told is None:
            worker.seat.load(self._model, self._scan)
            return
        if isinstance(told, Exception):
            raise told if self._facts is None else self._cannot(told)
        self._deaths = 0
        facts, remarks, waited = told
        if self._facts is None:
            self._facts = facts
            for remark in remarks:
                warnings.warn(remark, stacklevel=2)
        self._loading = time.monotonic() - worker.seat.begun - waited
        worker.ready = True
        worker.go_on()

    def _settle(self, worker: _Worker, outcome: Outcome) -> None:
        """Take note of what became of the point under way."""
        assert worker.task is not None
        now = time.monotonic()
        self._spent += now - worker.since
        self._ended += 1
        worker.task.outcomes[worker.task.left.popleft()] = outcome
        worker.since = now if worker.task.left else math.inf
        worker.tries = 0

    def _lost(self, worker: _Worker) -> None:
        """Replace a process that died, and give a point up that was under way too often."""
        how = worker.seat.death()
        if not worker.ready:
            self._deaths += 1
            if self._deaths >= _TRIES:
                raise SweepError(
                    f"Worker processes die while they start, {_TRIES} in a row (the last by "
                    f"{how}). Perhaps memory is short; try fewer workers. What is stored is kept."
                )
        elif worker.since < math.inf:
            worker.tries += 1
            if worker.tries >= _TRIES:
                self._settle(worker, f"{DIED} each time it tried this point.")
                self._fatal += 1
                if self._fatal == self._ended >= _HOPELESS:
                    raise SweepError(
                        f"Worker processes die whenever they run {self._scan.model!r}, at least "
                        f"at its first {_HOPELESS} points (the last by {how}). Perhaps memory is "
                        "short; try fewer workers."
                    )
        self._start(worker)

    def _start(self, worker: _Worker | None = None) -> None:
        """Start a process, in the place of another or as one more."""
        if worker is None:
            seat, self._first = self._first or Seat(), None
            self._workers.append(_Worker(seat))
            worker = self._workers[-1]
        else:
            worker.seat.end()
            worker.seat = Seat()
        worker.ready, worker.since = False, math.inf
