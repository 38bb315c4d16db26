import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mtorules.simulation.scans.cluster import connected
from mtorules.simulation.scans.computing import SweepError
from mtorules.simulation.scans.running import Progress
from mtorules.simulation.scans.store import opened

HERE = str(Path(__file__).parent)
sys.path.append(HERE)  # workers get it too

from sweepmodels import Decay, bytes_of, go, here, messages_of, scan_of, wait_for  # noqa: E402


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The bytes of a run of 300 points on this machine alone."""
    path = tmp_path_factory.mktemp("unbroken") / "s"
    assert here(path, 300, Decay()) == Progress(300, 300, 0)
    return bytes_of(path)


def elsewhere(path: Path, address: str, model: Decay, limit: Any = None, **more: Any) -> Progress:
    """Run 300 points on the workers of a scheduler."""
    with connected(address, model, scan_of(300), limit) as workers:  # pyright: ignore[reportArgumentType]
        return go(path, 300, workers, **more)


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        [sys.executable, "-m", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    ) as started:
        try:
            yield started
        finally:
            started.kill()


@contextmanager
def scheduler() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start a scheduler of its own; what comes back is its address on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    where = ("--host", "127.0.0.1", "--port", port, "--no-dashboard")

    def up() -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", int(port))) == 0

    with process("distributed.cli.dask_scheduler", *where) as started:
        wait_for(up)
        yield f"tcp://127.0.0.1:{port}", started


@contextmanager
def worker(address: str) -> Iterator["subprocess.Popen[bytes]"]:
    words = ("--nthreads", "1", "--no-dashboard", "--no-nanny")
    with process("distributed.cli.dask_worker", address, *words) as started:
        yield started


def test_the_same_bytes_come_back_though_a_worker_is_killed(
    unbroken: dict[str, str], tmp_path: Path
) -> None:
    with scheduler() as (address, _), worker(address) as first, worker(address):

        def kill(progress: Progress) -> None:
            if progress.done >= 100:
                first.kill()

        model = Decay(pause=0.002)
        assert elsewhere(tmp_path / "s", address, model, progress=kill) == Progress(300, 300, 0)
        assert first.wait(10) == -signal.SIGKILL
        assert bytes_of(tmp_path / "s") == unbroken
        mishaps = {7: "die", 77: "nan", 150: "sleep"}
        assert elsewhere(tmp_path / "f", address, Decay(mishaps=mishaps), 1.0).failed == 3
        assert messages_of(tmp_path / "f") == {
            7: "The worker process died each time it tried this point.",
            77: "Not a finite number: gone.",
            150: "It took longer than 1 s.",
        }
        with pytest.raises(SweepError, match="cannot run 'decay': OSError: no such engine"):
            elsewhere(tmp_path / "l", address, Decay(mishaps={-1: "load"}))


def test_a_lost_scheduler_is_told_and_what_is_stored_is_kept(
    unbroken: dict[str, str], tmp_path: Path
) -> None:
    with scheduler() as (address, running), worker(address):

        def kill(progress: Progress) -> None:
            if progress.done >= 100:
                running.kill()

        with pytest.raises(SweepError, match=r"scheduler was lost.*goes on from there"):
            elsewhere(tmp_path / "s", address, Decay(pause=0.002), progress=kill)
    with opened(tmp_path / "s", scan_of(300), {}) as store:
        assert 100 <= store.counts()[0] < 300
    here(tmp_path / "s", 300, Decay())
    assert bytes_of(tmp_path / "s") == unbroken


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense:port", "http://127.0.0.1:1"])
def test_an_address_that_nobody_answers_at_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setattr("mtorules.simulation.scans.cluster._PATIENCE", 1.0)
    with pytest.raises(SweepError, match="Nobody answers at"):
        elsewhere(tmp_path / "s", address, Decay())


def test_a_scheduler_without_workers_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("mtorules.simulation.scans.cluster._PATIENCE", 5.0)
    with scheduler() as (address, _), pytest.raises(SweepError, match="has no workers"):
        elsewhere(tmp_path / "s", address, Decay())
