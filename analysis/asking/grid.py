"""Many experiments on one model, each once, on all cores, as one table of readouts."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from ...simulation.engines import Loaded, Tolerances
from ...simulation.scans import frame, from_text, scanning, store
from ...simulation.scans.from_text import Words
from ...simulation.scans.running import Progress
from ...simulation.scans.scan import Scan
from .readouts import Readouts, check_apart


class AnalysisError(ValueError):
    """A question that has no answer for this model; the message says why."""


Told = Callable[[int, int], None]
"""Told how many experiments are done, of how many."""


def ask(
    loaded: Loaded,
    words: Words,
    readouts: Readouts,
    *,
    fixed: Mapping[str, float] | None = None,
    folder: Path | None = None,
    name: str = "points",
    workers: int | None = None,
    limit: float | None = None,
    tolerances: Tolerances | None = None,
    told: Told | None = None,
) -> xr.Dataset:
    """Run the experiments that words describe, and return the readouts of all.

    Parameters
    ----------
    loaded : Loaded
        The model; irreversible if the words ask for replicates.
    words : Words
        The experiment and what is varied, as ``mtorules scan`` takes it; what is recorded
        follows from the readouts.
    readouts : Readouts
        What to look at.
    fixed : mapping, optional
        A parameter set, in the model's units; it holds wherever the words set nothing else.
    folder, name : Path and str, optional
        Where to keep what is done, so that a run that was broken off goes on from there, and what
        failed for time is tried again. Other experiments, or another model, get a store of their
        own.
    workers, limit, tolerances
        As in :func:`.scanning.scan`.
    told : callable, optional
        Told how far it is.

    Returns
    -------
    xarray.Dataset
        The readouts over the axes and ``time`` (s), and ``message`` over the axes: why a point
        has no numbers; empty if it has.

    Raises
    ------
    ScanError
        If words make no sense for this model.
    ReadoutError
        If a readout is called like something that is varied.
    AnalysisError
        If no experiment gave a number.
    """
    told_of = replace(words, outputs=readouts.outputs)
    planned = from_text.scan(loaded.model, loaded.model.id, told_of, fixed)
    return run(
        loaded,
        planned,
        readouts,
        folder=folder,
        name=name,
        workers=workers,
        limit=limit,
        tolerances=tolerances,
        told=told,
    )


def run(
    loaded: Loaded,
    planned: Scan,
    readouts: Readouts,
    *,
    folder: Path | None = None,
    name: str = "points",
    workers: int | None = None,
    limit: float | None = None,
    tolerances: Tolerances | None = None,
    told: Told | None = None,
) -> xr.Dataset:
    """Run a scan that was planned, as :func:`ask` does."""
    check_apart(readouts, {axis.name for axis in planned.axes})

    def progress(state: Progress) -> None:
        if told is not None:
            told(state.done, state.total)

    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mtorules-")))
        folder.mkdir(parents=True, exist_ok=True)
        ready = stack.enter_context(
            scanning.prepared(loaded, planned, tolerances, workers=workers, limit=limit)
        )
        path = folder / f"{name}-{_digest(planned, ready.facts)}.zarr"
        if not frame.begun(path):
            ready.attempt()
        kept = stack.enter_context(store.opened(path, planned, ready.facts))
        ready.complete(kept, retry=kept.failed_for_now(), progress=progress)
        with xr.open_zarr(path, consolidated=False) as opened:
            data = _plain(opened.load())
    recorded = {name: data[column] for name, column in planned.columns.items()}
    found = readouts.of(recorded).assign(message=data.message)
    if not any(np.isfinite(found[each]).any() for each in readouts.names):
        why = next(filter(None, data.message.to_numpy().ravel().tolist()), "")
        why = why or f"All ran, but {', '.join(readouts.names)} is nowhere one; is it over zero?"
        raise AnalysisError(f"No experiment gave a number. {why}")
    return found


def failures(data: xr.Dataset) -> list[str]:
    """Return a sentence on experiments that gave no numbers, if there are any."""
    failed = int((data.message != "").sum())
    if not failed:
        return []
    first = next(filter(None, data.message.to_numpy().ravel().tolist()))
    return [f"{failed} of {data.message.size} experiments gave no numbers; the first: {first}"]


def _digest(planned: Scan, facts: Mapping[str, Any]) -> str:
    """Return what tells one question from another in the name of a store."""
    said = json.dumps([planned.described(), facts], sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _plain(data: xr.Dataset) -> xr.Dataset:
    """Return text as NumPy's plain text, which netCDF and pandas take."""
    text = {
        name: (array.dims, np.array(array.to_numpy().tolist(), dtype=str))
        for name, array in data.variables.items()
        if array.dtype.kind == "T"
    }
    coords = {name: array for name, array in text.items() if name in data.coords}
    rest = {name: array for name, array in text.items() if name not in data.coords}
    return data.assign_coords(coords).assign(rest)
