"""Running a scan: what a store lacks is computed, and written as it comes back."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .computing import Slices, Workers
from .scan import Scan

if TYPE_CHECKING:
    from .store import Store


@dataclass(frozen=True)
class Progress:
    """How far a scan is."""

    done: int
    total: int
    failed: int


def run(
    scan: Scan,
    store: Store,
    workers: Workers,
    *,
    retry: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Progress:
    """Compute what a store does not hold yet.

    Parameters
    ----------
    scan : Scan
        What is run.
    store : Store
        The store of this scan.
    workers : Workers
        Who computes, here (:class:`.crew.Crew`) or elsewhere (:class:`.cluster.Cluster`).
    retry : bool
        Whether to repeat blocks in which points failed.
    progress : callable, optional
        Called with a :class:`Progress` at the start and after each block.

    Raises
    ------
    SweepError
        If those who compute cannot go on.
    StoreError
        If results cannot be written.
    """
    blocks = store.missing(retry)
    done = scan.size - sum(_count(block) for block in blocks)
    failed = 0 if retry else store.counts()[1]  # to be repeated, they are not done
    state = Progress(done, scan.size, failed)
    if progress is not None:
        progress(state)
    if not blocks:
        return state
    for block, result in workers.results(blocks):
        store.write(block, result)
        lost = sum(map(bool, result.messages))
        state = Progress(state.done + _count(block), state.total, state.failed + lost)
        if progress is not None:
            progress(state)
    return state


def _count(block: Slices) -> int:
    return math.prod(part.stop - part.start for part in block)
