"""A scan from a model to its results in one call, on processes of this machine or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..load import load
from . import from_text, running, store, worker

if TYPE_CHECKING:
    import xarray as xr
    from pysb import Model

    from ...network.network import Network
    from ..engines import Loaded, Tolerances
    from .running import Progress
    from .scan import Scan
    from .store import Store
    from .worker import Simulated


def scan(
    model: Loaded | Network | Model | str | Path,
    output: str | Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    retry: bool = False,
    limit: float | None = None,
    tolerances: Tolerances | None = None,
    progress: Callable[[Progress], None] | None = None,
    **words: Any,
) -> xr.Dataset:
    """Run an experiment on a model at every point of a grid, or at samples.

    Worker processes import the file that calls this, so in a file it belongs below
    ``if __name__ == "__main__":``; notebooks need nothing.

    Parameters
    ----------
    model : Loaded, Network, pysb.Model, str or Path
        What :func:`.load.load` takes, or what it returns.
    output : path
        The folder of the results, in Zarr format; if it holds a part of this scan, only what is
        missing is computed.
    workers : int, optional
        Processes here; one for each core if not given.
    scheduler : str, optional
        Address of a Dask scheduler whose workers serve instead.
    retry : bool
        Whether to repeat points that failed before.
    limit : float, optional
        Seconds after which a point is given up.
    tolerances : Tolerances, optional
        How exactly to integrate.
    progress : callable, optional
        Told how far the scan is.
    **words
        What is varied and recorded: the attributes of :class:`.from_text.Words`, such as
        ``doses=["RAPA_medium=0, 0.1..100 nM log 13"]`` and ``times="24 h"``.

    Returns
    -------
    xarray.Dataset
        The outputs over the axes and times, read from the store when needed, with units.

    Raises
    ------
    ScanError
        If words make no sense for this model.
    SweepError, StoreError
        If there are no workers, or results cannot be kept.
    """
    import xarray as xr

    from ..engines.base import Loaded

    told = from_text.Words(**words)
    loaded = model if isinstance(model, Loaded) else load(model, irreversible=told.replicates > 0)
    planned = from_text.scan(loaded.model, loaded.model.id, told)
    ready, facts = worker.prepared(loaded, planned, tolerances)
    path = Path(output)
    with store.opened(path, planned, facts) as kept:
        complete(
            planned,
            ready,
            kept,
            workers=workers,
            scheduler=scheduler,
            retry=retry,
            limit=limit,
            progress=progress,
        )
    return xr.open_zarr(path, consolidated=False)


def complete(
    planned: Scan,
    model: Simulated,
    kept: Store,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    retry: bool = False,
    limit: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> None:
    """Compute what an open store lacks; without a gap no worker is started."""
    if not kept.missing(retry):
        return
    with running.cluster(workers or os.cpu_count() or 1, scheduler) as client:
        running.run(planned, model, kept, client, retry=retry, limit=limit, progress=progress)
