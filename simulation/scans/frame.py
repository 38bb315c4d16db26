"""What a store of a scan holds besides results: which scan it is, its axes, and checksums of that.

It never changes once it is there, so it is made aside and moved into place whole.
"""

from __future__ import annotations

import fcntl
import glob
import hashlib
import json
import os
import re
import shutil
import tempfile
import warnings
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any, Final

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec

from . import chunks
from .parts import TIME
from .scan import Scan

MISSING, DONE, FAILED = 0, 1, 2
FORMAT: Final = 3
"""Of the store; raise it when older stores cannot be taken up again."""
CHECKSUM: Final = "checksums/blocks"
"""Where those of blocks are: in a group of their own, which no reader of results takes for one."""

UNITLESS: Final = "1"
"""The unit of an output that has none."""

_ROOT: Final = "zarr.json"
# What is being made is called after its place, and then this.
_ASIDE: Final = "mtorules-"
# What Zarr calls a file until it is whole.
_PARTIAL: Final = re.compile(r"(zarr|c(\.\d+)*)\.[0-9a-f]{32}\.partial")


class StoreError(OSError):
    """A store that cannot be made, read or written; the message says why and what would help."""

    def __str__(self) -> str:
        return str(self.args[0])


def definition(path: Path) -> dict[str, Any]:
    """Return what a store says it holds.

    Raises
    ------
    StoreError
        If the folder holds no scan, or one that is damaged or that no checksums guard.
    """
    attributes: Any = _root(path).get("attributes")
    try:
        found = json.loads(attributes["definition"])
        if not isinstance(found["scan"], dict):
            raise TypeError(found)
    except (KeyError, TypeError, ValueError):
        raise _something_else(path) from None
    if found.get("format") != FORMAT:
        raise StoreError(
            f"{path} is the scan of another version of this package, and cannot be taken up again. "
            "Name another folder; xarray still reads this one. It was not touched."
        )
    _check(path, attributes.get("frame"))
    return found


def _root(path: Path) -> dict[str, Any]:
    try:
        found = json.loads((path / _ROOT).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise _something_else(path)
    return found


def _something_else(path: Path) -> StoreError:
    return StoreError(
        f"{path} holds something else than a scan, or its '{_ROOT}' is damaged; name another "
        "folder. It was not touched."
    )


# -- checksums ------------------------------------------------------------------------------------


def _check(path: Path, frame: Any) -> None:
    """Refuse a store in which anything is not what it was when it was made."""
    listed = frame if isinstance(frame, dict) else {}
    for name in {_ROOT, *listed}:
        where = PurePosixPath(name)
        inside = not where.is_absolute() and ".." not in where.parts
        if not inside or listed.get(name) != _digest(path, name):
            raise StoreError(
                f"{path / name} is damaged or missing, so nobody knows what the numbers in "
                f"{path} belong to. Put it back from a copy, or name another folder. Nothing was "
                "touched."
            )


def _digest(path: Path, name: str) -> str | None:
    """Return the checksum of a file of the store; that of the root leaves checksums out."""
    file = path / name
    try:
        if not file.is_file():
            return None
        content = file.read_bytes()
    except OSError:
        return None
    if name == _ROOT:
        root = _root(path)
        root["attributes"] = {k: v for k, v in root["attributes"].items() if k != "frame"}
        content = json.dumps(root, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()


def _seal(path: Path) -> None:
    """Write checksums of all that is there into the attributes of the store."""
    names = sorted(f.relative_to(path).as_posix() for f in path.rglob("*") if f.is_file())
    root = _root(path)
    root["attributes"]["frame"] = {name: _digest(path, name) for name in names}
    (path / _ROOT).write_text(json.dumps(root), encoding="utf-8")


# -- making one -----------------------------------------------------------------------------------


def create(path: Path, scan: Scan, definition: Mapping[str, Any]) -> None:
    """Make a store without results, whole or not at all.

    Raises
    ------
    StoreError
        If it cannot be made.
    """
    scratch = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_left(path)
        scratch = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.{_ASIDE}"))
        with alone(scratch):
            _lay_out(scratch, scan, definition)
            _seal(scratch)
            scratch.chmod(0o777 & ~_umask())
            if not begun(path):  # by another run in the meantime
                scratch.replace(path)
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"Cannot make {path}: {error.strerror or error}.") from error
    finally:
        if scratch is not None:
            shutil.rmtree(scratch, ignore_errors=True)


def begun(path: Path) -> bool:
    """Tell whether there is anything at a place already."""
    return path.exists() and (not path.is_dir() or any(path.iterdir()))


def _remove_left(path: Path) -> None:
    """Remove what a run left that was killed while it made this store."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.{_ASIDE}*"):
        with suppress(OSError), alone(left):  # or else it is being made now
            shutil.rmtree(left, ignore_errors=True)


def tidy(path: Path, scan: Scan) -> None:
    """Remove what a run left that was killed while it wrote results."""
    for name in (*scan.columns.values(), "status", "message", CHECKSUM):
        for left in (path / name).rglob("*.partial"):
            if _PARTIAL.fullmatch(left.name):
                left.unlink(missing_ok=True)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Lock a folder itself, which leaves no file behind and ends with the process.

    Raises
    ------
    StoreError
        If somebody else has locked it.
    """
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


def _lay_out(folder: Path, scan: Scan, definition: Mapping[str, Any]) -> None:
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
    told = {
        column: {"units": units.get(name, UNITLESS)}
        | ({} if column == name else {"long_name": name})
        for name, column in scan.columns.items()
    }
    first, *others = told
    made = group.create_array(
        first,
        shape=(*scan.shape, len(times)),
        chunks=(*scan.chunk, len(times)),
        chunk_key_encoding=chunks.KEYS,  # pyright: ignore[reportArgumentType]
        dtype="f8",
        fill_value=np.nan,
        compressors=_COMPRESSION,
        dimension_names=(*dimensions, TIME),
        attributes=told[first],
    )
    alike = {name: made.metadata.update_attributes(told[name]) for name in others}
    # All at once, which takes a fifth of the time.
    deque(zarr.create_hierarchy(store=group.store, nodes=alike), maxlen=0)  # pyright: ignore[reportArgumentType]
    group.create_array(
        "status",
        shape=scan.shape,
        chunks=scan.chunk,
        chunk_key_encoding=chunks.KEYS,  # pyright: ignore[reportArgumentType]
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
        chunk_key_encoding=chunks.KEYS,  # pyright: ignore[reportArgumentType]
        dtype=str,
        fill_value="",
        compressors=_COMPRESSION,
        dimension_names=dimensions,
        attributes={"long_name": "why a point failed"},
    )
    group.create_array(
        CHECKSUM,
        shape=[-(-length // size) for length, size in zip(scan.shape, scan.chunk, strict=True)],
        chunks=(1,) * len(scan.shape),
        chunk_key_encoding=chunks.KEYS,  # pyright: ignore[reportArgumentType]
        dtype="u8",
        fill_value=0,
        compressors=None,
        dimension_names=[f"block_of_{name}" for name in dimensions],
        attributes={"long_name": "of the numbers, messages and status of a block of points"},
    )
    with warnings.catch_warnings():
        # xarray, which asks for it, reads stores without it too, but complains.
        warnings.filterwarnings("ignore", "Consolidated metadata", category=UserWarning)
        zarr.consolidate_metadata(group.store)


_COMPRESSION: Final = (ZstdCodec(level=chunks.LEVEL, checksum=True),)


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


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
