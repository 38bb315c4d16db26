import fcntl
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
import zarr
from mtorules.simulation.scans import store
from mtorules.simulation.scans.computing import Block
from mtorules.simulation.scans.frame import StoreError, definition
from mtorules.simulation.scans.parts import Addition, Axis
from mtorules.simulation.scans.scan import Scan
from mtorules.simulation.scans.store import Store, opened

FACTS = {"units": {"X": "nM"}, "versions": {"tiny": "1.0"}}
SCAN = Scan(
    "tiny",
    outputs=("X", "Y"),
    times=(0.0, 60.0, 120.0),
    axes=(
        Axis("cell", ("wild", "null")),
        Axis("dose", tuple(map(float, range(200))), "nM", about="dose of D"),
    ),
    cells={"cell": {"wild": {}, "null": {}}},
    doses=(Addition("D", "dose"),),
)


def block_of(scan: Scan, block: tuple[slice, ...], failing: tuple[int, ...] = ()) -> Block:
    """Return what a model would: numbers that follow from the point alone."""
    points = scan.points(block)
    values = np.stack([np.random.default_rng(n).random((2, 3)) for n in points], axis=1)
    values[:, [n in failing for n in points]] = np.nan
    return Block(values, tuple("Too stiff." if n in failing else "" for n in points))


def fill(path: Path, scan: Scan = SCAN, failing: tuple[int, ...] = (), most: int = 10**6) -> int:
    """Compute what is missing, at most ``most`` blocks; return how many it were."""
    with opened(path, scan, FACTS) as kept:
        missing = kept.missing()[:most]
        for block in missing:
            kept.write(block, block_of(scan, block, failing))
    return len(missing)


def bytes_of(path: Path) -> dict[str, str]:
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.rglob("*")
        if file.is_file()
    }


def largest_chunk(path: Path) -> Path:
    return max((path / "X").glob("c.*"), key=lambda file: file.stat().st_size)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Make the system refuse to write more into a file, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, former)


def test_xarray_reads_values_coordinates_and_units(tmp_path: Path) -> None:
    fill(tmp_path / "s", failing=(7,))
    with xr.open_zarr(tmp_path / "s") as data:
        assert dict(data.sizes) == {"cell": 2, "dose": 200, "time": 3}
        assert data.coords["cell"].values.tolist() == ["wild", "null"]
        assert data.coords["dose"].attrs == {"units": "nM", "long_name": "dose of D"}
        assert data.coords["time"].attrs["units"] == "s"
        assert (data["X"].attrs["units"], data["Y"].attrs["units"]) == ("nM", "1")
        point = data.sel(cell="null", dose=3.0)
        expected = np.random.default_rng(203).random((2, 3))
        np.testing.assert_array_equal(np.stack([point["X"], point["Y"]]), expected)
        assert data.attrs["tiny_version"] == "1.0"
        failed = data.sel(cell="wild", dose=7.0)
        assert failed["status"] == store.FAILED
        assert str(failed["message"].values) == "Too stiff."
        assert np.isnan(failed["X"]).all()
        assert int((data["status"] == store.DONE).sum()) == 399


def test_sampled_axes_are_coordinates_of_their_dimension(tmp_path: Path) -> None:
    axes = (Axis("a", (1.0, 2.0), dimension="sample"), Axis("b", (5.0, 4.0), dimension="sample"))
    doses = (Addition("A", "a"), Addition("B", "b"))
    fill(tmp_path / "s", replace(SCAN, axes=axes, doses=doses, cells={}))
    with xr.open_zarr(tmp_path / "s") as data:
        assert data["X"].dims == ("sample", "time")
        assert data["X"].coords["b"].values.tolist() == [5.0, 4.0]


def test_the_same_scan_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    fill(tmp_path / "one", failing=(7, 301))
    with opened(tmp_path / "two", SCAN, FACTS) as kept:
        for block in reversed(kept.missing()):
            kept.write(block, block_of(SCAN, block, (7, 301)))
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_a_scan_taken_up_again_computes_only_what_is_missing(tmp_path: Path) -> None:
    total = fill(tmp_path / "whole")
    assert fill(tmp_path / "parts", most=5) == 5
    with opened(tmp_path / "parts", SCAN, FACTS) as kept:
        assert kept.counts() == (sum(len(SCAN.points(b)) for b in list(SCAN.blocks())[:5]), 0)
    assert fill(tmp_path / "parts") == total - 5
    assert fill(tmp_path / "parts") == 0
    assert bytes_of(tmp_path / "parts") == bytes_of(tmp_path / "whole")


def test_failures_are_kept_and_repeated_only_when_asked_for(tmp_path: Path) -> None:
    fill(tmp_path / "s", failing=(7,))
    with opened(tmp_path / "s", SCAN, FACTS) as kept:
        assert kept.missing() == []
        assert kept.counts() == (400, 1)
        (again,) = kept.missing(retry=True)
        assert 7 in SCAN.points(again)
        kept.write(again, block_of(SCAN, again))
    fill(tmp_path / "never")
    assert bytes_of(tmp_path / "s") == bytes_of(tmp_path / "never")


@pytest.mark.parametrize("name", ["X", "status", "checksums/blocks"])
@pytest.mark.parametrize("left", [0.0, 0.5])
@pytest.mark.parametrize("place", ["0.0", "1.15"])  # the last one juts out over the edge
def test_a_half_written_block_is_computed_again(
    tmp_path: Path, name: str, left: float, place: str
) -> None:
    fill(tmp_path / "s")
    before = bytes_of(tmp_path / "s")
    chunk = tmp_path / "s" / name / f"c.{place}{'.0' * (name == 'X')}"
    assert name != "checksums/blocks" or chunk.stat().st_size == 8
    chunk.write_bytes(chunk.read_bytes()[: int(left * chunk.stat().st_size)])
    assert fill(tmp_path / "s") == 1
    assert bytes_of(tmp_path / "s") == before


def test_a_block_whose_numbers_are_gone_is_computed_again(tmp_path: Path) -> None:
    fill(tmp_path / "s")
    before = bytes_of(tmp_path / "s")
    largest_chunk(tmp_path / "s").unlink()
    assert fill(tmp_path / "s") == 1
    assert bytes_of(tmp_path / "s") == before


KILLED = """
import os, signal, sys, threading, time
from pathlib import Path

sys.path.append(sys.argv[3])
import test_store as here

threading.Timer(float(sys.argv[2]), lambda: os.kill(os.getpid(), signal.SIGKILL)).start()
print("going", flush=True)
while True:
    with here.opened(Path(sys.argv[1]), here.SCAN, here.FACTS) as kept:
        for block in kept.missing():
            kept.write(block, here.block_of(here.SCAN, block))
            time.sleep(0.005)
"""


def test_killed_in_the_middle_of_writing_it_goes_on_and_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    fill(tmp_path / "whole")
    path = tmp_path / "killed"
    there = []
    for delay in ("0.15", "0.1", "0.2", "0.3"):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(path), delay, str(Path(__file__).parent)],
            stdout=subprocess.DEVNULL,
            timeout=60,
        )
        assert done.returncode == -signal.SIGKILL
        if path.exists():
            with opened(path, SCAN, FACTS) as kept:
                there.append(kept.counts()[0])
    assert there == sorted(there)
    assert there[0] < SCAN.size  # it really was stopped halfway
    fill(path)
    assert bytes_of(path) == bytes_of(tmp_path / "whole")


@pytest.mark.parametrize(
    ("scan", "facts", "word"),
    [
        (replace(SCAN, times=(0.0, 60.0, 121.0)), FACTS, "times"),
        (replace(SCAN, outputs=("Y", "X")), FACTS, "outputs"),
        (replace(SCAN, axes=(SCAN.axes[0], Axis("dose", (1.0,), "nM"))), FACTS, "axes"),
        (replace(SCAN, seed=1), FACTS, "seed"),
        (SCAN, {**FACTS, "versions": {"tiny": "1.1"}}, "versions tiny"),
    ],
)
def test_a_folder_of_another_scan_is_refused_and_left_as_it_is(
    tmp_path: Path, scan: Scan, facts: dict[str, Any], word: str
) -> None:
    path = tmp_path / "s"
    fill(path, most=3)
    before = bytes_of(path)
    with pytest.raises(StoreError, match=rf"another scan: it differs in .*{word}"):
        opened(path, scan, facts).__enter__()
    assert bytes_of(path) == before


def test_a_folder_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("precious")
    (tmp_path / "notes.partial").write_text("precious too")
    before = bytes_of(tmp_path)
    with pytest.raises(StoreError, match="something else than a scan"):
        fill(tmp_path)
    assert bytes_of(tmp_path) == before
    zarr.open_group(tmp_path / "other", mode="w", attributes={"title": "somebody's"})
    with pytest.raises(StoreError, match="something else than a scan"):
        fill(tmp_path / "other")
    with pytest.raises(StoreError, match="is a file"):
        fill(tmp_path / "notes.txt")
    with pytest.raises(StoreError, match="something else than a scan"):
        definition(tmp_path / "nowhere")


def test_an_empty_folder_and_a_new_one_in_a_new_one_will_do(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert fill(tmp_path / "empty", most=1) == 1
    assert fill(tmp_path / "new" / "newer", most=1) == 1
    assert definition(tmp_path / "empty")["scan"]["outputs"] == ["X", "Y"]


def test_two_runs_cannot_write_to_one_store(tmp_path: Path) -> None:
    fill(tmp_path / "s", most=1)
    with opened(tmp_path / "s", SCAN, FACTS), pytest.raises(StoreError, match="Another run"):
        fill(tmp_path / "s")
    assert fill(tmp_path / "s", most=1) == 1  # the lock went with its holder
    handle = os.open(tmp_path / "s", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)


def test_a_full_disk_is_told_and_costs_nothing_but_the_block(tmp_path: Path) -> None:
    path = tmp_path / "s"
    fill(path, most=3)
    before = bytes_of(path)
    size = largest_chunk(path).stat().st_size
    with files_no_larger_than(size // 2), pytest.raises(StoreError, match="goes on from there"):
        fill(path)
    assert bytes_of(path) == before
    fill(path)
    fill(tmp_path / "whole")
    assert bytes_of(path) == bytes_of(tmp_path / "whole")


def test_a_disk_that_is_full_at_the_start_gets_no_store(tmp_path: Path) -> None:
    with files_no_larger_than(20), pytest.raises(StoreError, match="Cannot make"):
        fill(tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_reading_while_it_grows_shows_what_is_there(tmp_path: Path) -> None:
    with opened(tmp_path / "s", SCAN, FACTS) as kept:
        first = kept.missing()[0]
        kept.write(first, block_of(SCAN, first))
        with xr.open_zarr(tmp_path / "s") as data:
            assert int((data["status"] == store.DONE).sum()) == len(SCAN.points(first))
            assert int(data["X"].notnull().all("time").sum()) == len(SCAN.points(first))


def test_the_folder_can_be_read_by_whom_the_user_lets(tmp_path: Path) -> None:
    former = os.umask(0o027)
    try:
        fill(tmp_path / "s", most=1)
    finally:
        os.umask(former)
    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o750


def test_stores_are_opened_by_their_scan(tmp_path: Path) -> None:
    with opened(tmp_path / "s", SCAN, FACTS) as kept:
        assert isinstance(kept, Store)
        assert kept.missing() == list(SCAN.blocks())
        assert kept.counts() == (0, 0)


# -- what is damaged -------------------------------------------------------------------------------


def frame_of(path: Path) -> list[Path]:
    """Return the files that say what a store holds."""
    kept = {
        *path.glob("[XY]/c.*"),
        *path.glob("status/c.*"),
        *path.glob("checksums/blocks/c.*"),
    }
    return sorted(file for file in path.rglob("*") if file.is_file() and file not in kept)


@pytest.mark.parametrize("name", ["X", "Y", "status", "message", "checksums/blocks"])
def test_a_flipped_bit_in_a_block_makes_it_missing(tmp_path: Path, name: str) -> None:
    path = tmp_path / "s"
    fill(path, failing=(7,))
    before = bytes_of(path)
    chunk = min((path / name).glob("c.*"))
    content = chunk.read_bytes()
    for place in range(0, len(content), max(len(content) // 8, 1)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        chunk.write_bytes(bytes(damaged))
        # Compressed data has bits that mean nothing: then what is read is what was written.
        with opened(path, SCAN, FACTS) as kept:
            missing = kept.missing()
            block = next(iter(SCAN.blocks()))
            expected = block_of(SCAN, block, (7,))
            read = kept.read(block)
        if missing:
            assert read is None
        else:
            assert read is not None
            np.testing.assert_array_equal(read.values, expected.values)
            assert read.messages == expected.messages
    assert fill(path, failing=(7,)) <= 1
    chunk.write_bytes(content)
    assert bytes_of(path) == before


@pytest.mark.parametrize("count", [1, 3, 4])
def test_blocks_that_changed_places_are_missing(tmp_path: Path, count: int) -> None:
    path = tmp_path / "s"
    fill(path)
    before = bytes_of(path)
    for name in ("X", "Y", "status", "checksums/blocks")[:count]:
        end = ".0" * (name in "XY")
        one, other = (path / name / f"c.0.{place}{end}" for place in "01")
        contents = one.read_bytes(), other.read_bytes()
        other.write_bytes(contents[0])
        one.write_bytes(contents[1])
    assert fill(path) == 2
    assert bytes_of(path) == before


def test_a_block_of_another_scan_is_missing(tmp_path: Path) -> None:
    other = replace(SCAN, seed=1)
    fill(tmp_path / "s")
    fill(tmp_path / "other", other)
    for name in ("X", "Y", "status", "checksums/blocks"):
        place = Path(name, f"c.0.0{'.0' * (name in 'XY')}")
        (tmp_path / "s" / place).write_bytes((tmp_path / "other" / place).read_bytes())
    assert fill(tmp_path / "s") == 1


def test_whatever_else_is_damaged_is_named_and_nothing_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "s"
    fill(path)
    files = frame_of(path)
    assert len(files) >= 10
    for file in files:
        content = file.read_bytes()
        name = file.relative_to(path).as_posix()
        for damaged in (None, b"", b"[]", b"3", content[:-3], content.replace(b"f", b"g", 1)):
            if damaged == content:
                continue
            if damaged is None:
                file.unlink()
            else:
                file.write_bytes(damaged)
            before = bytes_of(path)
            with pytest.raises(StoreError, match="damaged") as caught:
                fill(path)
            assert name in str(caught.value)
            assert bytes_of(path) == before
        file.write_bytes(content)
    assert fill(path) == 0


@pytest.mark.parametrize("definition", [3, [], None, "3", "[]", "{}", '{"scan": 3}', "{" * 100])
def test_a_definition_that_is_none_is_told(tmp_path: Path, definition: object) -> None:
    fill(tmp_path / "s", most=1)
    root = tmp_path / "s" / "zarr.json"
    told = json.loads(root.read_text(encoding="utf-8"))
    told["attributes"]["definition"] = definition
    root.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(StoreError, match=r"something else than a scan, or its 'zarr.json'"):
        fill(tmp_path / "s")


@pytest.mark.parametrize("frame", [None, 3, [], {}, {"../../secret": "0"}, {"/dev/zero": "0"}])
def test_checksums_that_are_none_are_told(tmp_path: Path, frame: object) -> None:
    fill(tmp_path / "s", most=1)
    root = tmp_path / "s" / "zarr.json"
    told = json.loads(root.read_text(encoding="utf-8"))
    told["attributes"]["frame"] = frame
    root.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(StoreError, match="is damaged or missing"):
        fill(tmp_path / "s")


def test_a_store_without_checksums_is_not_taken_up(tmp_path: Path) -> None:
    fill(tmp_path / "s", most=1)
    root = tmp_path / "s" / "zarr.json"
    root.write_text(root.read_text(encoding="utf-8").replace('\\"format\\": 3', '\\"format\\": 2'))
    with pytest.raises(StoreError, match="another version of this package"):
        fill(tmp_path / "s")


def test_numbers_that_are_none_are_never_done(tmp_path: Path) -> None:
    with opened(tmp_path / "s", SCAN, FACTS) as kept:
        block = next(iter(SCAN.blocks()))
        found = block_of(SCAN, block)
        found.values[0, 0, 0] = np.inf
        with pytest.raises(ValueError, match="finite"):
            kept.write(block, found)
        assert kept.counts() == (0, 0)


# -- what killed runs leave ------------------------------------------------------------------------


def test_what_a_killed_run_left_is_removed_and_what_others_have_is_not(tmp_path: Path) -> None:
    path = tmp_path / "s"
    fill(path, most=2)
    before = bytes_of(path)
    ours = [
        path / "X" / f"c.0.0.0.{'0a' * 16}.partial",
        path / "status" / f"c.0.{'0a' * 16}.partial",
    ]
    theirs = [path / "notes.partial", path / "X" / "c.mine.partial", tmp_path / ".s.mine"]
    for file in (*ours, *theirs):
        file.write_text("left", encoding="utf-8")
    with opened(path, SCAN, FACTS):
        pass
    assert not any(file.exists() for file in ours)
    assert all(file.exists() for file in theirs)
    for file in theirs:
        file.unlink()
    assert bytes_of(path) == before


def test_what_is_left_of_a_store_that_was_being_made_is_removed(tmp_path: Path) -> None:
    left, being_made, another = (
        tmp_path / name for name in (".s.mtorules-a", ".s.mtorules-b", ".t.mtorules-a")
    )
    for folder in (left, being_made, another):
        folder.mkdir()
        (folder / "zarr.json").touch()
    handle = os.open(being_made, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    fill(tmp_path / "s", most=1)
    os.close(handle)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".s.mtorules-b",
        ".t.mtorules-a",
        "s",
    ]
