import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from mtorules.simulation.scans.computing import Block, Slices, block
from mtorules.simulation.scans.running import Progress, run
from mtorules.simulation.scans.store import StoreError, opened

sys.path.append(str(Path(__file__).parent))

from sweepmodels import Decay, bytes_of, go, scan_of


class Straight:
    """Computes one block after the other, in this process."""

    def results(self, blocks: Sequence[Slices]) -> Iterator[tuple[Slices, Block]]:
        scan = scan_of(300)
        compute, _ = Decay().load(scan)
        for each in blocks:
            yield each, block(scan, [compute(number) for number in scan.points(each)])


def test_a_place_that_goes_missing_is_told_and_what_is_stored_is_kept(tmp_path: Path) -> None:
    go(tmp_path / "unbroken", 300, Straight())
    scan, path = scan_of(300), tmp_path / "s"
    chunks, aside = path / "left", tmp_path / "aside"

    def take_away(progress: Progress) -> None:
        if progress.done >= 100 and chunks.is_dir():
            chunks.rename(aside)
            chunks.write_text("in the way", encoding="utf-8")

    with opened(path, scan, {}) as store, pytest.raises(StoreError, match="goes on from there"):
        run(scan, store, Straight(), progress=take_away)
    chunks.unlink()
    aside.rename(chunks)
    with opened(path, scan, {}) as store:
        assert 100 <= store.counts()[0] < 300
    assert go(path, 300, Straight()) == Progress(300, 300, 0)
    assert bytes_of(path) == bytes_of(tmp_path / "unbroken")
