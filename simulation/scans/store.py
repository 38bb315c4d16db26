"""Where the results of a scan are kept: a Zarr store that grows block by block.

A store holds a variable for each output, the coordinates of the axes with their units, and for each
point a status and, where it failed, a message. Attributes say which scan it is and which versions
made it. ``xarray.open_zarr`` reads it at any time, also while it grows.

Every file is written under another name and then moved into place, the status last, so that a block
either is there or is not; what is there is never computed again. There are no time stamps, and
blocks, their order and their compression are fixed: the same scan gives the same bytes, whether it
was interrupted or not.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec

from .block import Block
from .parts import TIME
from .scan import Scan

MISSING, DONE, FAILED = 0, 1, 2
_FORMAT: Final = 1  # of the store; raise it when older stores cannot be taken up again


class StoreError(OSError):
    """A store that cannot be made, read or written; the message says why and what would help."""

    def __str__(self) -> str:
        return str(self.args[0])


class Store:
    """An open store; see :func:`opened`."""

    def __init__(self, path: Path, scan: Scan) -> None:
        self.path = path
        self._scan = scan
        self._group = zarr.open_group(path, mode="r+")
        self._arrays: dict[str, Any] = {}  # as opening one takes as long as writing to it

    def missing(self, retry: bool = False) -> list[tuple[slice, ...]]:
        """Return the blocks that are not there, in order; with ``retry`` also those with failures.

        A block that is damaged, as after a loss of power, is missing too.
        """
        unwanted = (DONE,) if retry else (DONE, FAILED)
        return [b for b in self._scan.blocks() if not np.isin(self._status(b), unwanted).all()]

    def counts(self) -> tuple[int, int]:
        """Return how many points are done, and how many of them failed."""
        done = failed = 0
        for block in self._scan.blocks():
            status = self._status(block)
            done += int((status != MISSING).sum())
            failed += int((status == FAILED).sum())
        return done, failed

    def _status(self, block: tuple[slice, ...]) -> NDArray[np.int8]:
        """Return what became of the points of a block, by what can really be read of them."""
        status = np.full([part.stop - part.start for part in block], MISSING, "i1")
        try:
            found = self._array("status")[block]
            if (found == MISSING).all():
                return status
            messages = self._array("message")[block]
            sound = (found != FAILED) | (messages != "")
            for name in self._scan.outputs:
                values = self._array(name)[block]
                sound &= (found == FAILED) | np.isfinite(values).all(axis=-1)
        except Exception:  # zarr and its codecs raise many kinds
            return status
        return found if sound.all() else status

    @property
    def units(self) -> dict[str, str]:
        """Unit of each output."""
        return {name: str(self._array(name).attrs["units"]) for name in self._scan.outputs}

    def read(self, block: tuple[slice, ...]) -> Block | None:
        """Return a block, or None if it is not there."""
        if (self._status(block) == MISSING).all():
            return None
        values = [self._array(name)[block] for name in self._scan.outputs]
        count = len(self._scan.points(block))
        messages = self._array("message")[block].ravel()
        shape = (len(values), count, len(self._scan.times))
        return Block(np.reshape(values, shape), tuple(map(str, messages)))

    def failures(self, most: int) -> dict[int, str]:
        """Return the messages of the first points that failed, at most so many, by number."""
        found: dict[int, str] = {}
        for block in self._scan.blocks():
            if (self._status(block) == FAILED).any():
                messages = self._array("message")[block].ravel()
                points = zip(self._scan.points(block), messages, strict=True)
                found.update((number, str(text)) for number, text in points if text)
            if len(found) >= most:
                break
        return dict(sorted(found.items())[:most])

    def write(self, block: tuple[slice, ...], result: Block) -> None:
        """Keep a block.

        Raises
        ------
        StoreError
            If the disk is full or the folder cannot be written.
        """
        shape = tuple(part.stop - part.start for part in block)
        messages = np.array(result.messages, dtype=object).reshape(shape)
        failed = np.array([bool(message) for message in result.messages]).reshape(shape)
        try:
            for name, values in zip(self._scan.outputs, result.values, strict=True):
                self._array(name)[block] = values.reshape(*shape, -1)
            self._array("message")[block] = messages  # none leave no file
            self._array("status")[block] = np.where(failed, FAILED, DONE).astype("i1")
        except OSError as error:
            raise StoreError(
                f"Cannot write {self.path}: {error.strerror or error}. What is there is kept; the "
                "same command goes on from there."
            ) from error

    def _array(self, name: str) -> Any:
        if name not in self._arrays:
            self._arrays[name] = self._group[name]
        return self._arrays[name]


@contextmanager
def opened(path: Path, scan: Scan, facts: Mapping[str, Any]) -> Iterator[Store]:
    """Open the store of a scan, made anew or taken up again, for one writer at a time.

    Parameters
    ----------
    path : Path
        Its folder.
    scan : Scan
        What it is to hold.
    facts : mapping
        What else decides about the numbers, such as versions and the digest of the model.

    Raises
    ------
    StoreError
        If the folder holds something else, or another scan; if somebody is writing to it; or if it
        cannot be made. Nothing is changed then.
    """
    definition = {"format": _FORMAT, "scan": scan.described(), **facts}
    definition = json.loads(json.dumps(definition))
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file; name a folder. It was not touched.")
    if not (path.exists() and any(path.iterdir())):
        _create(path, scan, definition)
    with _alone(path):
        _compare(path, definition)
        for left in path.rglob("*.partial"):  # of a run that was killed in the middle of a file
            left.unlink(missing_ok=True)
        yield Store(path, scan)


def definition(path: Path) -> dict[str, Any]:
    """Return what a store says it holds.

    Raises
    ------
    StoreError
        If the folder holds no scan.
    """
    try:
        attributes = dict(zarr.open_group(path, mode="r").attrs)
        return json.loads(str(attributes["definition"]))
    except (OSError, KeyError, ValueError) as error:
        raise StoreError(
            f"{path} holds something else than a scan; name another folder. It was not touched."
        ) from error


def _create(path: Path, scan: Scan, definition: dict[str, Any]) -> None:
    """Write everything but the blocks, and move it into place."""
    scratch = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}."))
        _lay_out(scratch, scan, definition)
        scratch.chmod(0o777 & ~_umask())
        scratch.replace(path)  # onto an empty folder at most
    except OSError as error:
        raise StoreError(f"Cannot make {path}: {error.strerror or error}.") from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def _lay_out(folder: Path, scan: Scan, definition: dict[str, Any]) -> None:
    names = {
        "title": f"Scan of {scan.model}",
        "definition": json.dumps(definition, sort_keys=True),
        **{f"{name}_version": value for name, value in definition.get("versions", {}).items()},
    }
    beside = [axis.name for axis in scan.axes if axis.name != axis.dimension]
    if beside:
        names["coordinates"] = " ".join(beside)  # as the CF conventions have it; xarray reads it
    group = zarr.open_group(folder, mode="w", attributes=names)
    dimensions = tuple(scan.dimensions)
    units = definition.get("units", {})
    for axis in scan.axes:
        text = isinstance(axis.values[0], str)
        attributes = {"long_name": axis.about or axis.name}
        if not text:
            attributes["units"] = axis.unit or "1"
        _array(
            group,
            axis.name,
            np.array(axis.values, dtype=object if text else "f8"),
            (axis.dimension,),
            attributes,
        )
    times = np.array(scan.times, dtype="f8")
    _array(group, TIME, times, (TIME,), {"units": "s", "long_name": "time"})
    for name in scan.outputs:
        group.create_array(
            name,
            shape=(*scan.shape, len(times)),
            chunks=(*scan.chunk, len(times)),
            dtype="f8",
            fill_value=np.nan,
            compressors=_COMPRESSION,
            dimension_names=(*dimensions, TIME),
            attributes={"units": units.get(name, "1")},
        )
    group.create_array(
        "status",
        shape=scan.shape,
        chunks=scan.chunk,
        dtype="i1",
        fill_value=MISSING,
        compressors=_COMPRESSION,
        dimension_names=dimensions,
        attributes={
            "flag_values": [MISSING, DONE, FAILED],
            "flag_meanings": "missing done failed",
            "long_name": "what became of a point",
        },
    )
    group.create_array(
        "message",
        shape=scan.shape,
        chunks=scan.chunk,
        dtype=str,
        fill_value="",
        compressors=_COMPRESSION,
        dimension_names=dimensions,
        attributes={"long_name": "why a point failed"},
    )
    with warnings.catch_warnings():
        # xarray, which asks for it, reads stores without it too, but complains.
        warnings.filterwarnings("ignore", "Consolidated metadata", category=UserWarning)
        zarr.consolidate_metadata(group.store)


_COMPRESSION: Final = (ZstdCodec(level=3),)


def _array(
    group: Any,
    name: str,
    values: NDArray[Any],
    dimensions: Sequence[str],
    attributes: Mapping[str, Any],
) -> None:
    array = group.create_array(
        name,
        shape=values.shape,
        chunks=values.shape,
        dtype=str if values.dtype == object else values.dtype,
        fill_value="" if values.dtype == object else np.nan,
        compressors=_COMPRESSION,
        dimension_names=tuple(dimensions),
        attributes=dict(attributes),
    )
    array[...] = values


def _compare(path: Path, wanted: Mapping[str, Any]) -> None:
    found = definition(path)
    different = sorted(_differences(found, wanted))
    if different:
        raise StoreError(
            f"{path} holds another scan: it differs in {', '.join(different[:4])}. Name another "
            "folder, or remove this one. It was not touched."
        )


def _differences(one: Any, other: Any, name: str = "") -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {*one, *other}:
            inner = key if name in ("", "scan") else f"{name} {key}"
            yield from _differences(one.get(key), other.get(key), inner)
    elif one != other:
        yield name


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Lock the folder itself, which leaves no file behind and ends with the process."""
    handle = os.open(path, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StoreError(f"Another run is writing to {path}; wait for it.") from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        with suppress(OSError):
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
