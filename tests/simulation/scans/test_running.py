import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from distributed import Client
from mtorules.simulation.scans.running import Progress, SweepError, cluster, run
from mtorules.simulation.scans.store import StoreError, opened

HERE = str(Path(__file__).parent)
sys.path.append(HERE)  # workers get it too

from sweepmodels import Decay, go, scan_of  # noqa: E402


@pytest.fixture(scope="module")
def two() -> Iterator[Client]:
    """Two worker processes here."""
    with cluster(2) as client:
        yield client


@pytest.fixture(scope="module")
def unbroken(two: Client, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The bytes of a run of 300 points that nothing happened to."""
    path = tmp_path_factory.mktemp("unbroken") / "s"
    assert go(path, 300, Decay(), two) == Progress(300, 300, 0)
    return bytes_of(path)


def bytes_of(path: Path) -> dict[str, str]:
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.rglob("*")
        if file.is_file()
    }


def messages_of(path: Path) -> dict[int, str]:
    with xr.open_zarr(path) as data:
        return {i: str(text) for i, text in enumerate(data["message"].values) if text}


def once(action: Callable[[], object], after: int) -> Callable[[Progress], None]:
    """Return a listener that acts once, when so many points are done."""
    pending = [action]

    def listen(progress: Progress) -> None:
        if pending and progress.done >= after:
            pending.pop()()

    return listen


def test_every_point_is_computed_and_put_where_it_belongs(two: Client, tmp_path: Path) -> None:
    seen: list[Progress] = []
    assert go(tmp_path / "s", 300, Decay(), two, progress=seen.append) == Progress(300, 300, 0)
    with xr.open_zarr(tmp_path / "s") as data:
        expected = data["dose"] * np.exp(-0.01 * data["time"])
        np.testing.assert_allclose(data["left"], expected)
        np.testing.assert_allclose(data["gone"], data["dose"] - expected)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert seen[0] == Progress(0, 300, 0)
    assert len(seen) > 20  # told often enough for a bar


def test_one_worker_and_two_give_the_same_bytes(unbroken: dict[str, str], tmp_path: Path) -> None:
    with cluster(1) as one:
        go(tmp_path / "s", 300, Decay(), one)
    assert bytes_of(tmp_path / "s") == unbroken


def test_points_that_fail_are_told_and_stop_nothing(two: Client, tmp_path: Path) -> None:
    model = Decay(mishaps={3: "raise", 77: "nan"})
    assert go(tmp_path / "s", 300, model, two) == Progress(300, 300, 2)
    assert messages_of(tmp_path / "s") == {
        3: "ArithmeticError: too stiff",
        77: "Not a finite number: gone.",
    }
    with xr.open_zarr(tmp_path / "s") as data:
        assert data["left"].isnull().any("time").values.nonzero()[0].tolist() == [3, 77]


def test_failures_are_repeated_when_asked_for(
    two: Client, unbroken: dict[str, str], tmp_path: Path
) -> None:
    go(tmp_path / "s", 300, Decay(mishaps={3: "raise"}), two)
    assert go(tmp_path / "s", 300, Decay(), two) == Progress(300, 300, 1)
    assert go(tmp_path / "s", 300, Decay(), two, retry=True) == Progress(300, 300, 0)
    assert bytes_of(tmp_path / "s") == unbroken


def test_a_point_that_takes_its_worker_down_and_one_that_never_ends_are_told(
    two: Client, tmp_path: Path
) -> None:
    model = Decay(mishaps={7: "die", 150: "sleep"})
    assert go(tmp_path / "s", 300, model, two, limit=2.0) == Progress(300, 300, 2)
    assert messages_of(tmp_path / "s") == {
        7: "The worker process died each time it tried this point.",
        150: "It took longer than 2 s.",
    }


def test_a_killed_worker_loses_nothing(
    two: Client, unbroken: dict[str, str], tmp_path: Path
) -> None:
    def kill() -> None:
        pids: Any = two.run(os.getpid)
        os.kill(next(iter(pids.values())), signal.SIGKILL)

    done = go(tmp_path / "s", 300, Decay(pause=0.002), two, progress=once(kill, 100))
    assert done == Progress(300, 300, 0)
    assert bytes_of(tmp_path / "s") == unbroken


def test_a_worker_that_dies_once_in_the_middle_of_a_block_loses_nothing(
    two: Client, unbroken: dict[str, str], tmp_path: Path
) -> None:
    model = Decay(mishaps={55: str(tmp_path / "died")})
    assert go(tmp_path / "s", 300, model, two) == Progress(300, 300, 0)
    assert (tmp_path / "died").exists()
    assert bytes_of(tmp_path / "s") == unbroken


KILLED = """
import sys
from pathlib import Path

sys.path.append(sys.argv[1])
from mtorules.simulation.scans.running import cluster
from sweepmodels import Decay, go

if __name__ == "__main__":
    with cluster(2) as client:
        print("up", *client.run(__import__("os").getpid).values(), flush=True)
        go(Path(sys.argv[2]), 300, Decay(pause=0.004, log=Path(sys.argv[3])), client,
           progress=lambda state: print(state.done, flush=True))
"""


def test_a_killed_client_goes_on_where_it_was_and_gives_the_same_bytes(
    two: Client, unbroken: dict[str, str], tmp_path: Path
) -> None:
    script, path, log = tmp_path / "killed.py", tmp_path / "s", tmp_path / "log"
    script.write_text(KILLED)
    done = 0
    for wanted in (40, 160):
        before = done
        with subprocess.Popen(
            [sys.executable, script, HERE, path, log],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        ) as process:
            assert process.stdout is not None
            workers = [int(word) for word in process.stdout.readline().split()[1:]]
            while done < wanted:
                done = int(process.stdout.readline())
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert before < done < 300
        wait_for(lambda: not any(map(alive, workers)))  # noqa: B023 - called at once
    tried = Counter(map(int, log.read_text(encoding="utf-8").split()))
    with xr.open_zarr(path) as data:
        kept = data["status"].values.nonzero()[0].tolist()
    assert done <= len(kept) < 300
    log.write_text("")
    assert go(path, 300, Decay(log=log), two) == Progress(300, 300, 0)
    again = sorted(map(int, log.read_text(encoding="utf-8").split()))
    assert again == sorted(set(range(300)) - set(kept))
    # Only what was under way when it was killed is tried twice: four blocks at each kill.
    twice = sum((tried + Counter(again)).values()) - 300
    assert twice <= 2 * 4 * max(len(scan_of(300).points(block)) for block in scan_of(300).blocks())
    assert bytes_of(path) == unbroken


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def wait_for(what: Callable[[], bool], patience: float = 120.0) -> None:
    end = time.monotonic() + patience
    while not what():
        assert time.monotonic() < end, "It did not happen in time."
        time.sleep(0.05)


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


def worker(address: str) -> list[str]:
    return [
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
    ]


def test_a_scheduler_elsewhere_gives_the_same_bytes_though_a_worker_is_killed(
    unbroken: dict[str, str], tmp_path: Path
) -> None:
    with (
        scheduler() as (address, _),
        process(*worker(address)) as first,
        process(*worker(address)),
        cluster(scheduler=address) as client,
    ):
        client.wait_for_workers(2, timeout=120)
        kill = once(first.kill, 100)
        done = go(tmp_path / "s", 300, Decay(pause=0.002), client, progress=kill)
        assert done == Progress(300, 300, 0)
        assert first.wait(10) == -signal.SIGKILL
    assert bytes_of(tmp_path / "s") == unbroken


def test_a_lost_scheduler_is_told_and_what_is_stored_is_kept(
    two: Client, unbroken: dict[str, str], tmp_path: Path
) -> None:
    with (
        scheduler() as (address, running),
        process(*worker(address)),
        cluster(scheduler=address) as client,
        pytest.raises(SweepError, match=r"scheduler was lost.*goes on from there"),
    ):
        client.wait_for_workers(1, timeout=120)
        kill = once(running.kill, 100)
        go(tmp_path / "s", 300, Decay(pause=0.002), client, progress=kill)
    with opened(tmp_path / "s", scan_of(300), {}) as store:
        assert 100 <= store.counts()[0] < 300
    go(tmp_path / "s", 300, Decay(), two)
    assert bytes_of(tmp_path / "s") == unbroken


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense:port", "http://127.0.0.1:1"])
def test_an_address_that_nobody_answers_at_is_told(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("mtorules.simulation.scans.running._PATIENCE", 1.0)
    with pytest.raises(SweepError, match="Nobody answers at"), cluster(scheduler=address):
        pass


def test_a_scheduler_without_workers_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with scheduler() as (address, _), cluster(scheduler=address) as client:
        monkeypatch.setattr("mtorules.simulation.scans.running._PATIENCE", 1.0)
        with pytest.raises(SweepError, match="has no workers"):
            go(tmp_path / "s", 300, Decay(), client)


def test_a_model_that_cannot_be_loaded_is_told(two: Client, tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="cannot run 'decay': OSError: no such engine"):
        go(tmp_path / "s", 300, Decay(mishaps={-1: "load"}), two)
    with opened(tmp_path / "s", scan_of(300), {}) as store:
        assert store.counts() == (0, 0)


def test_a_model_that_always_takes_its_worker_down_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(
        "mtorules.simulation.scans.running._HOPELESS", 1
    )  # each takes three workers
    with (
        cluster(1) as client,
        pytest.raises(SweepError, match="die whenever they run 'decay'"),
    ):
        go(tmp_path / "s", 100, Decay(mishaps=dict.fromkeys(range(100), "die")), client)


def test_a_disk_that_fills_up_is_told_and_what_is_stored_is_kept(
    two: Client, unbroken: dict[str, str], tmp_path: Path
) -> None:
    scan = scan_of(300)
    with opened(tmp_path / "s", scan, {}) as store:

        def full(progress: Progress) -> None:
            if progress.done >= 100:
                (tmp_path / "s" / "left").chmod(0o500)
                raise StoreError("full")

        with pytest.raises(StoreError, match="full"):
            run(scan, Decay(), store, two, progress=full)
        assert 100 <= store.counts()[0] < 300
    (tmp_path / "s" / "left").chmod(0o700)
    go(tmp_path / "s", 300, Decay(), two)
    assert bytes_of(tmp_path / "s") == unbroken


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_a_limit_that_cannot_be_is_refused(two: Client, tmp_path: Path, limit: float) -> None:
    with pytest.raises(SweepError, match="the time is above 0"):
        go(tmp_path / "s", 10, Decay(), two, limit=limit)


def test_no_workers_at_all_are_refused() -> None:
    with pytest.raises(SweepError, match="the least is 1"), cluster(0):
        pass
