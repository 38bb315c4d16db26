"""Running a scan on Dask: on the cores of this machine, or on a cluster.

Workers get the model once, keep it loaded, and take one block of points at a time; the client
writes each block to the store as it comes back. No more than a few blocks are under way, so memory
does not grow with the scan. A worker that dies costs its block, which another one repeats; a point
that fails, or that takes its worker down, is recorded and the others go on.
"""

from __future__ import annotations

import logging
import math
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, Queue
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from dask import config
from distributed import Client, LocalCluster, WorkerPlugin
from distributed.scheduler import KilledWorker
from distributed.utils import sync
from numpy.typing import NDArray

from .block import Block
from .scan import Scan

if TYPE_CHECKING:
    from .store import Store  # which brings Zarr, and workers have no use for it

# Blocks under way for each worker: one that it computes, one that waits so that it never idles.
_AHEAD: Final = 2
# Seconds to wait for a scheduler, and then for its first worker.
_PATIENCE: Final = 20.0
# Seconds without any worker after which nobody is expected to come.
_DESERTED: Final = 60.0
# Seconds that a worker has to say why it ends itself.
_FAREWELL: Final = 0.5


class SweepError(RuntimeError):
    """A scan that could not go on; the message says why. What is stored is kept."""


class Model(Protocol):
    """What a worker loads: small enough to be sent, and able to run the points of a scan."""

    @property
    def key(self) -> str:
        """Name of model and engine; equal keys mean equal numbers."""
        ...

    def load(self, scan: Scan) -> Callable[[int], NDArray[np.float64]]:
        """Return what computes a point by its number: outputs by times."""
        ...


@dataclass(frozen=True)
class Progress:
    """How far a scan is."""

    done: int
    total: int
    failed: int


# -- in the worker -------------------------------------------------------------------------------


class _Loaded(WorkerPlugin):
    """Brings scan and model to every worker, also to those that join or start again later."""

    idempotent = True

    def __init__(self, key: str, scan: Scan, model: Model, limit: float | None) -> None:
        self.name = _plugin(key)
        self._key = key
        self._scan = scan
        self._model = model
        self._limit = limit

    def setup(self, worker: Any) -> None:
        _jobs[self._key] = _Job(self._key, self._scan, self._model, self._limit, worker)

    def teardown(self, worker: Any) -> None:
        job = _jobs.pop(self._key, None)
        if job is not None:
            job.over = True


class _Job:
    """A scan in a worker; each thread loads an engine of its own when it first needs one."""

    def __init__(
        self, key: str, scan: Scan, model: Model, limit: float | None, worker: Any
    ) -> None:
        self.scan = scan
        self.limit = limit
        self.over = False
        self._key = key
        self._model = model
        self._worker = worker
        self._mine = threading.local()
        self._since: dict[int, tuple[int, float]] = {}  # by thread: the point, and its start
        if limit is not None:
            threading.Thread(target=self._watch, args=(limit,), daemon=True).start()

    def ready(self) -> None:
        if not hasattr(self._mine, "run"):
            with _loading:  # compilers are not made for company
                self._mine.run = self._model.load(self.scan)

    def point(self, number: int) -> NDArray[np.float64]:
        thread = threading.get_ident()
        self._since[thread] = number, time.monotonic()
        try:
            return self._mine.run(number)
        finally:
            del self._since[thread]

    def _watch(self, limit: float) -> None:
        """End the process when a point takes too long: no engine can be stopped from outside."""
        while not self.over:
            time.sleep(min(limit / 4, 1.0))
            now = time.monotonic()
            late = [number for number, start in [*self._since.values()] if now - start > limit]
            if late:
                for number in late:
                    self._worker.log_event(_plugin(self._key), number)
                time.sleep(_FAREWELL)
                os._exit(1)

    def late(self) -> set[int]:
        """Return the points that took too long, here or in another worker."""
        if self.limit is None:
            return set()
        told = sync(self._worker.loop, self._worker.scheduler.events, topic=_plugin(self._key))
        return {number for _, number in told}


_jobs: dict[str, _Job] = {}
_loading = threading.Lock()


def _plugin(key: str) -> str:
    return f"mtorules-{key}"


def _block(key: str, points: Sequence[int]) -> Block:
    """Compute points; what goes wrong with one of them is told, not raised."""
    job = _jobs[key]
    job.ready()
    scan = job.scan
    late = job.late()
    values = np.full((len(scan.outputs), len(points), len(scan.times)), np.nan)
    messages = []
    for index, number in enumerate(points):
        if number in late:
            messages.append(f"It took longer than {job.limit:g} s.")
            continue
        try:
            result = job.point(number)
        except Exception as error:
            messages.append(_reason(error))
            continue
        if np.isfinite(result).all():
            values[:, index] = result
            messages.append("")
        else:
            wrong = [name for name, row in zip(scan.outputs, result, strict=True) if _bad(row)]
            messages.append(f"Not a finite number: {', '.join(wrong)}.")
    return Block(values, tuple(messages))


def _bad(row: NDArray[np.float64]) -> bool:
    return not np.isfinite(row).all()


def _reason(error: Exception) -> str:
    """Return one line that says what went wrong."""
    text = " ".join(str(error).split())
    own = type(error).__module__.partition(".")[0] == __name__.partition(".")[0]
    text = text if own and text else f"{type(error).__name__}: {text}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


_LONGEST: Final = 300


# -- in the client -------------------------------------------------------------------------------


@contextmanager
def cluster(workers: int = 2, scheduler: str | None = None) -> Iterator[Client]:
    """Connect to a scheduler, or start worker processes here.

    Parameters
    ----------
    workers : int
        How many processes to start; of no meaning with a scheduler.
    scheduler : str, optional
        Address of a running scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    SweepError
        If nobody answers at the address.
    """
    if scheduler is None and workers < 1:
        raise SweepError(f"{workers} workers cannot do anything; the least is 1.")
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        # A dead worker is replaced at once, however slowly the new one comes, and its block goes to
        # another; the block, not the worker, is given up when that happens again and again.
        stack.enter_context(
            config.set(
                {
                    "distributed.scheduler.allowed-failures": 2,
                    "distributed.deploy.lost-worker-timeout": "1000 days",
                    # What Dask watches itself with takes time from the work.
                    "distributed.worker.profile.enabled": False,
                    "distributed.admin.tick.interval": "1s",
                }
            )
        )
        if scheduler is None:
            settings: dict[str, Any] = {
                "n_workers": workers,
                "threads_per_worker": 1,
                "dashboard_address": "127.0.0.1:0",  # any port will do
                "memory_limit": 0,
                "silence_logs": logging.CRITICAL,
            }
            local = LocalCluster(**settings)
            stack.callback(_close, local)
            yield stack.enter_context(Client(local, set_as_default=False))
            return
        try:
            client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise SweepError(
                f"Nobody answers at {scheduler!r}. Start one with 'dask scheduler', and workers "
                f"with 'dask worker ADDRESS {_WORKERS}'."
            ) from error
        yield stack.enter_context(client)


def _close(local: LocalCluster) -> None:
    """Close a cluster here, also in the moment in which a dead worker is being replaced."""
    # Dask then asserts that the new process, which is not there yet, could be waited for.
    with suppress(AssertionError):
        local.close()


_WORKERS: Final = "--nthreads 1 --nworkers 2"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's own talk, which is about its innards, off the user's terminal."""
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def run(
    scan: Scan,
    model: Model,
    store: Store,
    client: Client,
    *,
    retry: bool = False,
    limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Progress:
    """Compute what a store does not hold yet.

    Parameters
    ----------
    scan : Scan
        What is run.
    model : Model
        What the workers load.
    store : Store
        The store of this scan.
    client : distributed.Client
        Where to run; see :func:`cluster`.
    retry : bool
        Whether to repeat blocks in which points failed.
    limit : float, optional
        Seconds that one point may take; what takes longer counts as failed. Its worker ends with
        it and is replaced.
    progress : callable, optional
        Called with a :class:`Progress` at the start and after each block.

    Raises
    ------
    SweepError
        If there are no workers, the model cannot be loaded, or the scheduler is lost.
    StoreError
        If results cannot be written.
    """
    if limit is not None and not 0 < limit < math.inf:
        raise SweepError(f"A point cannot be given {limit:g} s; the time is above 0.")
    blocks = store.missing(retry)
    done = scan.size - sum(_count(block) for block in blocks)
    failed = 0 if retry else store.counts()[1]  # to be repeated, they are not done
    state = Progress(done, scan.size, failed)
    if progress is not None:
        progress(state)
    if not blocks:
        return state
    try:
        client.wait_for_workers(1, timeout=_PATIENCE)
    except TimeoutError:
        raise SweepError(
            f"The scheduler has no workers; start some with 'dask worker ADDRESS {_WORKERS}'."
        ) from None
    key = f"{model.key}-{os.getpid()}-{time.time_ns():x}"
    try:
        client.register_plugin(_Loaded(key, scan, model, limit))
    except Exception as error:  # whatever importing and unpacking may raise in a worker
        raise SweepError(
            f"The workers cannot take the scan: {_reason(error)} They need this package."
        ) from error
    try:
        for block, result in _Sweep(client, key, scan).results(blocks):
            store.write(block, result)
            lost = sum(map(bool, result.messages))
            state = Progress(state.done + _count(block), state.total, state.failed + lost)
            if progress is not None:
                progress(state)
    finally:
        with suppress(Exception):
            client.unregister_worker_plugin(_plugin(key))
    return state


class _Sweep:
    """Blocks on their way through the workers."""

    def __init__(self, client: Client, key: str, scan: Scan) -> None:
        self._client = client
        self._key = key
        self._scan = scan
        self._alive = False  # whether any point was computed so far
        self._deserted: float | None = None  # since when there has been no worker

    def results(
        self, blocks: Sequence[tuple[slice, ...]]
    ) -> Iterator[tuple[tuple[slice, ...], Block]]:
        """Yield blocks with what came out of them, as they are finished."""
        waiting = iter(blocks)
        places: dict[Any, tuple[slice, ...]] = {}
        finished: Queue[Any] = Queue()

        def submit() -> None:
            # Looked up anew, because workers come and go.
            for _ in range(_AHEAD * max(self._threads(), 1) - len(places)):
                block = next(waiting, None)
                if block is None:
                    return
                future = self._submit(self._scan.points(block))
                places[future] = block
                future.add_done_callback(finished.put)

        submit()
        while places:
            try:
                future = finished.get(timeout=_PATIENCE)
            except Empty:
                self._threads()
                continue
            block = places.pop(future)
            result = self._result(future) or self._one_by_one(block)
            self._alive = True
            future.release()
            submit()
            yield block, result

    def _threads(self) -> int:
        """Return how many points can be computed at a time, unless all workers are gone for good.

        Raises
        ------
        SweepError
            If they are, or the scheduler does not answer.
        """
        try:
            found: Any = self._client.nthreads()
            threads = sum(found.values())
        except Exception as error:
            raise self._lost(error) from error
        if threads:
            self._deserted = None
        elif self._deserted is None:
            self._deserted = time.monotonic()
        elif time.monotonic() - self._deserted > _DESERTED:
            raise SweepError(
                f"There has been no worker for {_DESERTED:g} s. What is stored is kept; start some "
                f"with 'dask worker ADDRESS {_WORKERS}', and the same command goes on from there."
            )
        return threads

    def _submit(self, points: Sequence[int]) -> Any:
        return self._client.submit(_block, self._key, points, pure=False)

    def _result(self, future: Any) -> Block | None:
        """Return what came out, or None if workers died of it."""
        while True:
            try:
                return future.result(timeout=_PATIENCE)
            except KilledWorker:
                return None
            except Exception as error:
                if future.status in ("pending", "finished"):  # or finished, but its worker died
                    self._threads()
                    continue
                if future.status == "error":
                    raise SweepError(
                        f"The workers cannot run {self._scan.model!r}: {_reason(error)}"
                    ) from error
                raise self._lost(error) from error

    def _lost(self, error: Exception) -> SweepError:
        return SweepError(
            f"The scheduler was lost ({type(error).__name__}). What is stored is kept; the same "
            "command goes on from there."
        )

    def _one_by_one(self, block: tuple[slice, ...]) -> Block:
        """Compute a block that workers died of, to find out which of its points it was."""
        values, messages = [], []
        for point in self._scan.points(block):
            result = self._result(self._submit([point]))
            if result is None:
                shape = (len(self._scan.outputs), 1, len(self._scan.times))
                result = Block(np.full(shape, np.nan), (_DIED,))
            else:
                self._alive = True
            values.append(result.values)
            messages.extend(result.messages)
            if not self._alive and len(messages) == _HOPELESS:
                raise SweepError(
                    f"Worker processes die whenever they run {self._scan.model!r}, at least at its "
                    f"first {_HOPELESS} points. Perhaps memory is short; try fewer workers."
                )
        return Block(np.concatenate(values, axis=1), tuple(messages))


_DIED: Final = "The worker process died each time it tried this point."
# After so many points from the start that all took their workers down, more are not tried.
_HOPELESS: Final = 2


def _count(block: tuple[slice, ...]) -> int:
    return math.prod(part.stop - part.start for part in block)
