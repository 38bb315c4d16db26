"""A scan from a model to its results in one call, on processes of this machine or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..engines import Tolerances, UnsupportedError
from ..load import load
from ..sbml.model import UnknownNameError
from ..simulator import SimulationError
from . import from_text, running
from .crew import Crew
from .seats import Seat
from .worker import Simulated

if TYPE_CHECKING:
    import xarray as xr
    from pysb import Model

    from ...network.network import Network
    from ..engines import Loaded
    from .running import Progress
    from .scan import Scan
    from .store import Store


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

    Parameters
    ----------
    model : Loaded, Network, pysb.Model, str or Path
        What :func:`.load.load` takes, or what it returns.
    output : path
        The folder of the results, in Zarr format; if it holds a part of this scan, only what is
        missing is computed.
    workers : int, optional
        The most processes to use here; one for each core if not given. A small scan uses fewer.
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
    from . import frame, store

    told = from_text.Words(**words)
    loaded = model if isinstance(model, Loaded) else load(model, irreversible=told.replicates > 0)
    planned = from_text.scan(loaded.model, loaded.model.id, told)
    path = Path(output)
    with prepared(loaded, planned, tolerances, workers=workers, limit=limit) as ready:
        if not frame.begun(path):
            ready.attempt()
        with store.opened(path, planned, ready.facts) as kept:
            ready.complete(kept, scheduler=scheduler, retry=retry, progress=progress)
    return xr.open_zarr(path, consolidated=False)


@contextmanager
def prepared(
    loaded: Loaded,
    planned: Scan,
    tolerances: Tolerances | None = None,
    *,
    workers: int | None = None,
    limit: float | None = None,
    first: Seat | None = None,
) -> Iterator[Prepared]:
    """Compile a model for a scan, in a process that computes afterwards.

    Parameters
    ----------
    loaded : Loaded
        The model; irreversible if the scan is stochastic.
    planned : Scan
        What is to be run on it.
    tolerances : Tolerances, optional
        How exactly to integrate.
    workers : int, optional
        The most processes to use here; one for each core if not given.
    limit : float, optional
        Seconds after which a point is given up.
    first : Seat, optional
        A process that was started before, as by :func:`.seats.started`.

    Raises
    ------
    UnsupportedError
        If the engine cannot do what is asked, or is not installed.
    SweepError
        If no process can be started, or there is no such limit.
    """
    model = Simulated(loaded, planned.engine, tolerances or Tolerances())
    most = os.cpu_count() or 1 if workers is None else workers
    with Crew(model, planned, most, limit, first) as crew:
        import_module(".store", __package__)  # which takes as long as the process to start
        facts = crew.facts()
        yield Prepared(planned, replace(model, versions=facts["versions"]), facts, crew, limit)


@dataclass(frozen=True)
class Prepared:
    """A scan with a process that can compute it; see :func:`prepared`.

    Attributes
    ----------
    scan : Scan
        What is to be run.
    model : Simulated
        On what.
    facts : mapping
        What decides about the numbers besides the scan: the digest of the model, tolerances,
        versions, and the units of the outputs.
    crew : Crew
        The process, and more if they are worth it.
    limit : float or None
        Seconds after which a point is given up.
    """

    scan: Scan
    model: Simulated
    facts: Mapping[str, Any]
    crew: Crew
    limit: float | None

    def attempt(self) -> None:
        """Compute the first point, to find out whether the experiment fits the model.

        What else may go wrong is that point's own trouble, and recorded there. The rest of its
        block is computed while the store is made.

        Raises
        ------
        UnsupportedError, SimulationError, UnknownNameError
            If it does not.
        """
        error = self.crew.attempt(self.scan.points(next(self.scan.blocks())))
        if isinstance(error, UnsupportedError | SimulationError | UnknownNameError):
            raise error

    def complete(
        self,
        kept: Store,
        *,
        scheduler: str | None = None,
        retry: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> Progress:
        """Compute what an open store lacks, here or with the workers of a Dask scheduler."""
        if scheduler is None or not kept.missing(retry):
            return running.run(self.scan, kept, self.crew, retry=retry, progress=progress)
        from . import cluster  # Dask takes longer to load than a small scan to run

        self.crew.close()
        with cluster.connected(scheduler, self.model, self.scan, self.limit) as workers:
            return running.run(self.scan, kept, workers, retry=retry, progress=progress)
