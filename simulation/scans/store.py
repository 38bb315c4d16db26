"""Where the results of a scan are kept: a Zarr store that grows block by block.

A store holds a variable for each output, the coordinates of the axes with their units, and for each
point a status and, where it failed, a message. Attributes say which scan it is and which versions
made it. ``xarray.open_zarr`` reads it at any time, also while it grows.

Every file is written under another name and then moved into place, and a checksum of the whole
block last, so that a block either is there or is not: one that was damaged, or that belongs
elsewhere, is missing. What is there is never computed again. There are no time stamps, and blocks,
their order and their compression are fixed: the same scan gives the same bytes, whether it was
interrupted or not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from . import chunks, frame
from .computing import DIED, LATE, Block, Slices
from .frame import CHECKSUM, DONE, FAILED, MISSING, StoreError
from .scan import Scan


class Store:
    """An open store; see :func:`opened`."""

    def __init__(self, path: Path, scan: Scan, definition: Mapping[str, Any]) -> None:
        self.path = path
        self._scan = scan
        self._identity = json.dumps(definition, sort_keys=True).encode()
        self._units = definition.get("units", {})
        self._group = zarr.open_group(path, mode="r+")
        self._arrays: dict[str, Any] = {}  # as opening one takes as long as writing to it
        # Status of blocks written or read here: to read one again takes a file for each output.
        self._known: dict[tuple[tuple[int, int], ...], NDArray[np.int8]] = {}

    def missing(self, retry: bool = False) -> list[Slices]:
        """Return the blocks that are not there, in order; with ``retry`` also those with failures.

        A block that is damaged, as after a loss of power, is missing too.
        """
        unwanted = (DONE,) if retry else (DONE, FAILED)
        return [b for b in self._scan.blocks() if not np.isin(self._status(b), unwanted).all()]

    def failed_for_now(self) -> bool:
        """Tell whether points failed that may do another time: for time, or by a dead process."""
        messages = np.asarray(self._array("message")[...], dtype=object).ravel()
        return any(str(each).startswith((LATE, DIED)) for each in messages)

    def counts(self) -> tuple[int, int]:
        """Return how many points are done, and how many of them failed."""
        done = failed = 0
        for block in self._scan.blocks():
            status = self._seen(block)
            done += int((status != MISSING).sum())
            failed += int((status == FAILED).sum())
        return done, failed

    def _status(self, block: Slices) -> NDArray[np.int8]:
        """Return what became of the points of a block, by what can really be read of them."""
        shape = [part.stop - part.start for part in block]
        found = self._found(block)
        status = np.full(shape, MISSING, "i1") if found is None else found[2]
        self._known[_key(block)] = status
        return status

    def _seen(self, block: Slices) -> NDArray[np.int8]:
        """Return what became of the points of a block when it was last written or read here."""
        known = self._known.get(_key(block))
        return self._status(block) if known is None else known

    def _found(
        self, block: Slices
    ) -> tuple[NDArray[np.float64], NDArray[Any], NDArray[np.int8]] | None:
        """Return numbers, messages and status of a block, or None if it is not there and whole."""
        try:
            kept = int(self._array(CHECKSUM)[self._place(block)].item())
            if not kept:
                return None
            size = (*(part.stop - part.start for part in block), self._whole[-1])
            values = np.stack(
                [
                    chunks.read(self._file(name, block), size, self._whole)
                    for name in self._scan.columns.values()
                ]
            )
            messages = np.asarray(self._array("message")[block], dtype=object)
            status = self._array("status")[block]
        except Exception:  # Zarr and its codecs raise many kinds
            return None
        whole = kept == self._checksum(block, values, messages, status)
        return (values, messages, status) if whole else None

    @property
    def _whole(self) -> tuple[int, ...]:
        """The shape of what is in one file of an output."""
        return (*self._scan.chunk, len(self._scan.times))

    def _file(self, name: str, block: Slices) -> Path:
        """Return where an output of a block is."""
        return self.path / name / chunks.name([*self._number(block), 0])

    def _number(self, block: Slices) -> list[int]:
        """Return which block it is in each dimension."""
        return [part.start // size for part, size in zip(block, self._scan.chunk, strict=True)]

    def _place(self, block: Slices) -> Slices:
        """Return where the checksum of a block is."""
        return tuple(slice(start, start + 1) for start in self._number(block))

    def _checksum(
        self,
        block: Slices,
        values: NDArray[np.float64],
        messages: NDArray[Any],
        status: NDArray[np.int8],
    ) -> int:
        """Return the checksum of a block of this scan at this place; it is never 0."""
        where = list(_key(block))
        digest = hashlib.sha256(self._identity + repr(where).encode())
        digest.update(np.ascontiguousarray(values, "<f8").tobytes())
        digest.update(json.dumps(messages.ravel().tolist()).encode())
        digest.update(np.ascontiguousarray(status, "i1").tobytes())
        return int.from_bytes(digest.digest()[:8], "little") or 1

    @property
    def units(self) -> dict[str, str]:
        """Unit of each output."""
        return {name: self._units.get(name, frame.UNITLESS) for name in self._scan.outputs}

    def read(self, block: Slices) -> Block | None:
        """Return a block, or None if it is not there."""
        found = self._found(block)
        if found is None:
            return None
        values, messages, _ = found
        shape = (len(values), messages.size, len(self._scan.times))
        return Block(values.reshape(shape), tuple(map(str, messages.ravel())))

    def failures(self, most: int) -> dict[int, str]:
        """Return the messages of the first points that failed, at most so many, by number."""
        found: dict[int, str] = {}
        for block in self._scan.blocks():
            kept = self.read(block) if (self._seen(block) == FAILED).any() else None
            if kept is not None:
                points = zip(self._scan.points(block), kept.messages, strict=True)
                found.update((number, text) for number, text in points if text)
            if len(found) >= most:
                break
        return dict(sorted(found.items())[:most])

    def write(self, block: Slices, result: Block) -> None:
        """Keep a block.

        Raises
        ------
        StoreError
            If the disk is full or the folder cannot be written.
        """
        shape = tuple(part.stop - part.start for part in block)
        messages = np.array(result.messages, dtype=object).reshape(shape)
        failed = np.array([bool(message) for message in result.messages]).reshape(shape)
        values = result.values.reshape(len(self._scan.outputs), *shape, -1)
        if not np.isfinite(values[:, ~failed]).all():
            raise ValueError("A point that is done has numbers that are finite.")
        status = np.where(failed, FAILED, DONE).astype("i1")
        checksum = self._checksum(block, values, messages, status)
        try:
            for name, numbers in zip(self._scan.columns.values(), values, strict=True):
                chunks.write(self._file(name, block), numbers, self._whole)
            self._array("message")[block] = messages  # none leave no file
            self._array("status")[block] = status
            self._array(CHECKSUM)[self._place(block)] = np.full(
                [1] * len(shape), checksum, dtype="u8"
            )
            self._known[_key(block)] = status
        except OSError as error:
            raise StoreError(
                f"Cannot write {self.path}: {error.strerror or error}. What is there is kept; the "
                "same command goes on from there."
            ) from error

    def _array(self, name: str) -> Any:
        if name not in self._arrays:
            self._arrays[name] = self._group[name]
        return self._arrays[name]


def _key(block: Slices) -> tuple[tuple[int, int], ...]:
    return tuple((part.start, part.stop) for part in block)


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
    definition = {"format": frame.FORMAT, "scan": scan.described(), **facts}
    definition = json.loads(json.dumps(definition))
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file; name a folder. It was not touched.")
    if not frame.begun(path):
        frame.create(path, scan, definition)
    with frame.alone(path):
        _compare(path, definition)
        frame.tidy(path, scan)
        yield Store(path, scan, definition)


def _compare(path: Path, wanted: Mapping[str, Any]) -> None:
    found = frame.definition(path)
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
