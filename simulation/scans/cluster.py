"""Workers of a Dask cluster that compute the points of a scan.

Each gets the model once and takes one block of points at a time, which a process of its own
computes (:mod:`.crew`); no more than a few blocks are under way, so memory does not grow with the
scan. A worker that dies costs its block, which another one repeats.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, Queue
from typing import Any, Final

from dask import config
from distributed import Client, WorkerPlugin
from distributed.scheduler import KilledWorker

from .computing import Block, Model, Slices, SweepError, reason
from .crew import Crew
from .scan import Scan

# Blocks under way for each worker: one that it computes, one that waits so that it never idles.
_AHEAD: Final = 2
# Seconds to wait for a scheduler, and then for its first worker.
_PATIENCE: Final = 20.0
# Seconds without any worker after which nobody is expected to come.
_DESERTED: Final = 60.0
_WORKERS: Final = "--nthreads 1 --nworkers 2"


# -- in the worker -------------------------------------------------------------------------------


class _Loaded(WorkerPlugin):
    """Brings scan and model to every worker, also to those that join or start again later."""

    idempotent = True

    def __init__(self, key: str, scan: Scan, model: Model, limit: float | None) -> None:
        self.name = _plugin(key)
        self._key = key
        self._told = model, scan, 1, limit

    def setup(self, worker: Any) -> None:
        _jobs[self._key] = _Job(*self._told)

    def teardown(self, worker: Any) -> None:
        job = _jobs.pop(self._key, None)
        if job is not None:
            job.close()


class _Job:
    """A scan in a worker; each thread has a process of its own compute for it."""

    def __init__(self, *told: Any) -> None:
        self._told = told
        self._mine = threading.local()
        self._crews: list[Crew] = []

    def crew(self) -> Crew:
        if not hasattr(self._mine, "crew"):
            self._mine.crew = Crew(*self._told)
            self._crews.append(self._mine.crew)
        return self._mine.crew

    def close(self) -> None:
        for crew in self._crews:
            crew.close()


_jobs: dict[str, _Job] = {}


def _plugin(key: str) -> str:
    return f"mtorules-{key}"


def _block(key: str, slices: Slices) -> Block:
    """Compute points; what goes wrong with one of them is told, not raised."""
    ((_, found),) = _jobs[key].crew().results([slices])
    return found


# -- in the client -------------------------------------------------------------------------------


@contextmanager
def connected(
    scheduler: str, model: Model, scan: Scan, limit: float | None = None
) -> Iterator[Cluster]:
    """Connect to a scheduler whose workers compute the points of a scan.

    Parameters
    ----------
    scheduler : str
        Its address, such as ``tcp://10.0.0.1:8786``.
    model : Model
        What the workers load.
    scan : Scan
        What is run.
    limit : float, optional
        Seconds that one point may take.

    Raises
    ------
    SweepError
        If nobody answers at the address, or the workers cannot take the scan.
    """
    key = f"{model.key}-{os.getpid()}-{time.time_ns():x}"
    with ExitStack() as stack:
        stack.enter_context(_quiet())
        # What Dask watches itself with takes time from the work.
        stack.enter_context(config.set({"distributed.admin.tick.interval": "1s"}))
        try:
            client = Client(scheduler, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise SweepError(
                f"Nobody answers at {scheduler!r}. Start one with 'dask scheduler', and workers "
                f"with 'dask worker ADDRESS {_WORKERS}'."
            ) from error
        stack.enter_context(client)
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError:
            raise SweepError(
                f"The scheduler has no workers; start some with 'dask worker ADDRESS {_WORKERS}'."
            ) from None
        try:
            client.register_plugin(_Loaded(key, scan, model, limit))
        except Exception as error:  # whatever importing and unpacking may raise in a worker
            raise SweepError(
                f"The workers cannot take the scan: {reason(error)} They need this package."
            ) from error
        try:
            yield Cluster(client, key, scan)
        finally:
            with suppress(Exception):
                client.unregister_worker_plugin(_plugin(key))


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


class Cluster:
    """Blocks on their way through the workers; see :func:`connected`."""

    def __init__(self, client: Client, key: str, scan: Scan) -> None:
        self.client = client
        self._key = key
        self._scan = scan
        self._deserted: float | None = None  # since when there has been no worker

    def results(self, blocks: Sequence[Slices]) -> Iterator[tuple[Slices, Block]]:
        """Yield blocks with what came out of them, as they are finished.

        Raises
        ------
        SweepError
            If the model cannot be loaded, workers die whatever they do, or the scheduler is lost.
        """
        waiting = iter(blocks)
        places: dict[Any, Slices] = {}
        finished: Queue[Any] = Queue()

        def submit() -> None:
            # Looked up anew, because workers come and go.
            for _ in range(_AHEAD * max(self._threads(), 1) - len(places)):
                slices = next(waiting, None)
                if slices is None:
                    return
                future = self.client.submit(_block, self._key, slices, pure=False)
                places[future] = slices
                future.add_done_callback(finished.put)

        submit()
        while places:
            try:
                future = finished.get(timeout=_PATIENCE)
            except Empty:
                self._threads()
                continue
            slices = places.pop(future)
            result = self._result(future)
            future.release()
            submit()
            yield slices, result

    def _threads(self) -> int:
        """Return how many points can be computed at a time, unless all workers are gone for good.

        Raises
        ------
        SweepError
            If they are, or the scheduler does not answer.
        """
        try:
            found: Any = self.client.nthreads()
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

    def _result(self, future: Any) -> Block:
        while True:
            try:
                return future.result(timeout=_PATIENCE)
            except KilledWorker:
                raise SweepError(
                    f"One worker after the other died while it ran {self._scan.model!r}. Perhaps "
                    "memory is short; what is stored is kept, and the same command goes on from "
                    "there."
                ) from None
            except SweepError:
                raise
            except Exception as error:
                if future.status in ("pending", "finished"):  # or finished, but its worker died
                    self._threads()
                    continue
                if future.status == "error":
                    raise SweepError(
                        f"The workers cannot run {self._scan.model!r}: {reason(error)}"
                    ) from error
                raise self._lost(error) from error

    def _lost(self, error: Exception) -> SweepError:
        return SweepError(
            f"The scheduler was lost ({type(error).__name__}). What is stored is kept; the same "
            "command goes on from there."
        )
