"""Files of numbers against those of Zarr itself."""

from pathlib import Path

import numpy as np
import pytest
import zarr
from mtorules.simulation.scans import chunks
from numcodecs import Zstd
from zarr.codecs import ZstdCodec

GRID, CHUNK = (5, 4), (2, 4)
# The last one juts out over the edge of the grid; of the second nothing is a number.
BLOCKS = {(0, 0): (slice(0, 2), 2), (1, 0): (slice(2, 4), 2), (2, 0): (slice(4, 5), 1)}
NUMBERS = np.random.default_rng(0).random(GRID)
NUMBERS[2:4] = np.nan


def test_files_are_those_of_zarr(tmp_path: Path) -> None:
    array = zarr.create_array(
        tmp_path / "theirs",
        shape=GRID,
        chunks=CHUNK,
        dtype="f8",
        chunk_key_encoding=chunks.KEYS,  # pyright: ignore[reportArgumentType]
        fill_value=np.nan,
        compressors=(ZstdCodec(level=chunks.LEVEL, checksum=True),),
    )
    (tmp_path / "ours").mkdir()
    for (row, column), (rows, count) in BLOCKS.items():
        array[rows] = NUMBERS[rows]
        theirs, ours = (tmp_path / name / chunks.name((row, column)) for name in ("theirs", "ours"))
        chunks.write(ours, NUMBERS[rows], CHUNK)
        assert theirs.exists() == ours.exists() == (row != 1)
        if ours.exists():
            assert ours.read_bytes() == theirs.read_bytes()
        np.testing.assert_array_equal(chunks.read(theirs, (count, 4), CHUNK), NUMBERS[rows])


def test_numbers_that_are_none_any_more_leave_no_file(tmp_path: Path) -> None:
    chunks.write(tmp_path / "0", np.ones(CHUNK), CHUNK)
    chunks.write(tmp_path / "0", np.full(CHUNK, np.nan), CHUNK)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"\x28\xb5\x2f\xfd", Zstd().encode(b"12345678")])
def test_what_is_damaged_is_refused(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "0").write_bytes(damage)
    with pytest.raises((RuntimeError, ValueError)):
        chunks.read(tmp_path / "0", CHUNK, CHUNK)
