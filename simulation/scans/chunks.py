"""The numbers of an output, one file for each block, as Zarr's format 3 has them.

Zarr itself, which reads them, takes a millisecond to write one: of a model with hundreds of outputs
that is longer than a point takes to compute.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
from numcodecs import Zstd
from numpy.typing import NDArray

LEVEL: Final = 3
"""Of compression."""
KEYS: Final = {"name": "default", "separator": "."}
"""How files are called: a folder for each block would take as long to make as its file."""
_CODEC: Final = Zstd(level=LEVEL, checksum=True)
_PARTIAL: Final = ".partial"


def write(path: Path, numbers: NDArray[np.float64], shape: tuple[int, ...]) -> None:
    """Keep numbers in a file, whole or not at all; where there are none there is no file.

    Parameters
    ----------
    path : Path
        The file.
    numbers : array
        A block; at the edge of the grid it may be smaller than others.
    shape : tuple of int
        That of the others.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    if np.isnan(numbers).all():
        path.unlink(missing_ok=True)
        return
    whole = np.full(shape, np.nan, "<f8")
    whole[_corner(numbers.shape)] = numbers
    scratch = path.with_name(f"{path.name}.{uuid.uuid4().hex}{_PARTIAL}")
    try:
        scratch.write_bytes(_CODEC.encode(whole))
        scratch.replace(path)
    except OSError:
        with suppress(OSError):
            scratch.unlink()
        raise


def name(number: Sequence[int]) -> str:
    """Return what the file of a block is called, by its number in each dimension."""
    return ".".join(("c", *map(str, number)))


def read(path: Path, size: tuple[int, ...], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the numbers of a file, of this size; NaN where there is none.

    Raises
    ------
    OSError, RuntimeError, ValueError
        If it cannot be read, or is damaged.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return np.full(size, np.nan)
    return np.frombuffer(_CODEC.decode(content), "<f8").reshape(shape)[_corner(size)]


def _corner(size: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(map(slice, size))
