"""What Dask itself costs a task, with 2, 4 and 8 workers of this machine; see docs/scale.md.

    python benchmarks/cluster.py [--tasks N] [--workers 2 4 8]

A task does nothing and returns some bytes, so that all that is measured is Dask: tasks a second by
the clock, and processor time a task of this process, which holds client and scheduler, and of the
workers. Of more workers than cores only the processor time says anything.
"""

from __future__ import annotations

import argparse
import os
import time
from typing import Final

import psutil
from dask import config
from distributed import Client, LocalCluster

# What a block of 200 points brings back: two outputs at three times, and forty at five.
BYTES: Final = (9_600, 320_000)


def nothing(number: int, size: int) -> bytes:
    """Return some bytes."""
    return bytes([number % 256]) * size


def _spent(processes: list[psutil.Process]) -> float:
    times = [process.cpu_times() for process in processes]
    return sum(one.user + one.system for one in times)


def main() -> None:
    """Measure, and print a line for each number of workers and bytes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--workers", type=int, nargs="+", default=[2, 4, 8])
    given = parser.parse_args()
    config.set(
        {"distributed.admin.tick.interval": "1s", "distributed.logging.distributed": "error"}
    )
    here = psutil.Process(os.getpid())
    for count in given.workers:
        with (
            LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None) as cluster,  # pyright: ignore[reportArgumentType]
            Client(cluster) as client,
        ):
            client.gather(client.map(nothing, range(10 * count), size=1, pure=False))
            others = here.children(recursive=True)
            for size in BYTES:
                begun, own, theirs = time.perf_counter(), _spent([here]), _spent(others)
                client.gather(client.map(nothing, range(given.tasks), size=size, pure=False))
                pace = given.tasks / (time.perf_counter() - begun)
                own, theirs = _spent([here]) - own, _spent(others) - theirs
                print(
                    f"{count} workers, {size:7,} bytes: {pace:7.0f} tasks/s,"
                    f" {1e3 * own / given.tasks:6.2f} ms a task of client and scheduler,"
                    f" {1e3 * theirs / given.tasks:6.2f} ms of workers",
                    flush=True,
                )


if __name__ == "__main__":
    main()
