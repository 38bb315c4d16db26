import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from mtorules.simulation.scans import seats
from mtorules.simulation.scans.computing import SweepError
from mtorules.simulation.scans.crew import Crew
from mtorules.simulation.scans.running import Progress

HERE = str(Path(__file__).parent)
sys.path.append(HERE)  # processes get it too

from sweepmodels import (  # noqa: E402
    Decay,
    alive,
    bytes_of,
    children,
    here,
    messages_of,
    scan_of,
    wait_for,
)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The bytes of a run of 300 points that nothing happened to."""
    path = tmp_path_factory.mktemp("unbroken") / "s"
    assert here(path, 300, Decay()) == Progress(300, 300, 0)
    return bytes_of(path)


def once(action: Callable[[], object], after: int) -> Callable[[Progress], None]:
    """Return a listener that acts once, when so many points are done."""
    pending = [action]

    def listen(progress: Progress) -> None:
        if pending and progress.done >= after:
            pending.pop()()

    return listen


def test_every_point_is_computed_and_put_where_it_belongs(tmp_path: Path) -> None:
    seen: list[Progress] = []
    assert here(tmp_path / "s", 300, Decay(), progress=seen.append) == Progress(300, 300, 0)
    with xr.open_zarr(tmp_path / "s") as data:
        expected = data["dose"] * np.exp(-0.01 * data["time"])
        np.testing.assert_allclose(data["left"], expected)
        np.testing.assert_allclose(data["gone"], data["dose"] - expected)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert seen[0] == Progress(0, 300, 0)
    assert len(seen) > 20  # told often enough for a bar


def test_one_worker_and_three_give_the_same_bytes(unbroken: dict[str, str], tmp_path: Path) -> None:
    for most in (1, 3):
        here(tmp_path / f"{most}", 300, Decay(pause=0.01), most)
        assert bytes_of(tmp_path / f"{most}") == unbroken


def test_points_that_fail_are_told_and_stop_nothing(tmp_path: Path) -> None:
    model = Decay(mishaps={3: "raise", 77: "nan"})
    assert here(tmp_path / "s", 300, model) == Progress(300, 300, 2)
    assert messages_of(tmp_path / "s") == {
        3: "ArithmeticError: too stiff",
        77: "Not a finite number: gone.",
    }
    with xr.open_zarr(tmp_path / "s") as data:
        assert data["left"].isnull().any("time").values.nonzero()[0].tolist() == [3, 77]


def test_failures_are_repeated_when_asked_for(unbroken: dict[str, str], tmp_path: Path) -> None:
    here(tmp_path / "s", 300, Decay(mishaps={3: "raise"}))
    assert here(tmp_path / "s", 300, Decay()) == Progress(300, 300, 1)
    assert here(tmp_path / "s", 300, Decay(), retry=True) == Progress(300, 300, 0)
    assert bytes_of(tmp_path / "s") == unbroken


def test_points_that_take_their_process_down_and_those_that_never_end_are_told(
    tmp_path: Path,
) -> None:
    model = Decay(mishaps={0: "sleep", 7: "die", 150: "sleep", 299: "sleep"})
    assert here(tmp_path / "s", 300, model, limit=0.5) == Progress(300, 300, 4)
    late = "It took longer than 0.5 s."
    assert messages_of(tmp_path / "s") == {
        0: late,
        7: "The worker process died each time it tried this point.",
        150: late,
        299: late,
    }


def test_a_point_tried_ahead_is_not_computed_again_however_it_ended(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with Crew(Decay(mishaps={1: "raise", 2: "sleep"}, log=log), scan_of(4), limit=0.5) as crew:  # pyright: ignore[reportArgumentType]
        errors = [crew.attempt([number]) for number in (0, 1, 2)]
        ((_, found),) = crew.results([(slice(0, 4),)])
    assert [type(error) for error in errors] == [type(None), ArithmeticError, type(None)]
    assert found.messages == ("", "ArithmeticError: too stiff", "It took longer than 0.5 s.", "")
    assert sorted(log.read_text(encoding="utf-8").split()) == ["0", "1", "2", "3"]


def test_the_rest_of_a_block_goes_on_while_its_first_point_is_looked_at(tmp_path: Path) -> None:
    log = tmp_path / "log"
    first, second = (slice(0, 3),), (slice(3, 6),)
    with Crew(Decay(log=log), scan_of(6)) as crew:  # pyright: ignore[reportArgumentType]
        assert crew.attempt([0, 1, 2]) is None
        wait_for(lambda: len(log.read_text(encoding="utf-8").split()) == 3)  # and nobody asks
        found = {str(key): block for key, block in crew.results([second, first])}
    assert sorted(log.read_text(encoding="utf-8").split()) == ["0", "1", "2", "3", "4", "5"]
    with Crew(Decay(), scan_of(6)) as alone:  # pyright: ignore[reportArgumentType]
        for key, block in alone.results([first, second]):
            np.testing.assert_array_equal(found[str(key)].values, block.values)


def test_a_process_that_dies_at_what_goes_on_ahead_loses_nothing(tmp_path: Path) -> None:
    died = str(tmp_path / "died")
    with Crew(Decay(mishaps={1: died}), scan_of(4)) as crew:  # pyright: ignore[reportArgumentType]
        assert crew.attempt([0, 1, 2]) is None
        ((_, found),) = crew.results([(slice(0, 4),)])
    assert Path(died).exists()
    assert found.messages == ("",) * 4


def test_a_killed_process_loses_nothing(unbroken: dict[str, str], tmp_path: Path) -> None:
    def kill() -> None:
        os.kill(children(os.getpid())[-1], signal.SIGKILL)

    done = here(tmp_path / "s", 300, Decay(pause=0.002), progress=once(kill, 100))
    assert done == Progress(300, 300, 0)
    assert bytes_of(tmp_path / "s") == unbroken


def test_a_process_that_dies_once_in_the_middle_of_a_block_loses_nothing(
    unbroken: dict[str, str], tmp_path: Path
) -> None:
    assert here(tmp_path / "s", 300, Decay(mishaps={55: str(tmp_path / "died")})).failed == 0
    assert (tmp_path / "died").exists()
    assert bytes_of(tmp_path / "s") == unbroken


KILLED = """
import sys
from pathlib import Path

sys.path.append(sys.argv[1])
from sweepmodels import Decay, here

mishaps = {int(point): "sleep" for point in sys.argv[4:]}
model = Decay(pause=0.004, log=Path(sys.argv[3]), mishaps=mishaps)
here(Path(sys.argv[2]), 300, model, progress=lambda state: print(state.done, flush=True))
"""


def started(folder: Path, *sleeping: int) -> "subprocess.Popen[str]":
    (folder / "killed.py").write_text(KILLED, encoding="utf-8")
    words = [folder / "killed.py", HERE, folder / "s", folder / "log", *map(str, sleeping)]
    return subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )


def test_a_killed_client_goes_on_where_it_was_and_gives_the_same_bytes(
    unbroken: dict[str, str], tmp_path: Path
) -> None:
    path, log = tmp_path / "s", tmp_path / "log"
    done = 0
    for wanted in (40, 160):
        before = done
        with started(tmp_path) as process:
            assert process.stdout is not None
            while done < wanted:
                done = int(process.stdout.readline())
            workers = children(process.pid)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        assert before < done < 300
        assert workers
        wait_for(lambda: not any(map(alive, workers)))  # noqa: B023 - called at once
    tried = Counter(map(int, log.read_text(encoding="utf-8").split()))
    with xr.open_zarr(path) as data:
        kept = data["status"].values.nonzero()[0].tolist()
    assert done <= len(kept) < 300
    log.write_text("")
    assert here(path, 300, Decay(log=log)) == Progress(300, 300, 0)
    again = sorted(map(int, log.read_text(encoding="utf-8").split()))
    assert again == sorted(set(range(300)) - set(kept))
    # Only what was under way when it was killed is tried twice: two blocks at each kill.
    twice = sum((tried + Counter(again)).values()) - 300
    assert twice <= 2 * 2 * max(len(scan_of(300).points(block)) for block in scan_of(300).blocks())
    assert bytes_of(path) == unbroken


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_all_ends_at_once_though_an_engine_lets_nobody_else_run(
    tmp_path: Path, number: signal.Signals
) -> None:
    with started(tmp_path, 0) as process:
        log = tmp_path / "log"
        wait_for(lambda: log.exists() and log.read_text(encoding="utf-8") == "0\n")
        workers = children(process.pid)
        begun = time.monotonic()
        process.send_signal(number)
    assert process.returncode != 0
    wait_for(lambda: not any(map(alive, workers)))
    assert workers
    assert time.monotonic() - begun < 5


def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match="cannot run 'decay': OSError: no such engine"):
        here(tmp_path / "s", 300, Decay(mishaps={-1: "load"}))


def test_processes_that_die_while_they_start_are_given_up(tmp_path: Path) -> None:
    with pytest.raises(SweepError, match=r"die while they start, 3 in a row.*SIGKILL"):
        here(tmp_path / "s", 300, Decay(mishaps={-1: "die"}))


def test_a_model_that_always_takes_its_process_down_is_given_up(tmp_path: Path) -> None:
    model = Decay(mishaps=dict.fromkeys(range(100), "die"))
    with pytest.raises(SweepError, match=r"die whenever they run 'decay'.*SIGKILL"):
        here(tmp_path / "s", 100, model)


def test_as_many_processes_are_started_as_the_work_is_worth() -> None:
    counts = {}
    for pause in (0.0, 0.5):
        with Crew(Decay(pause=pause), scan_of(12), most=3) as crew:  # pyright: ignore[reportArgumentType]
            seen = [len(children(os.getpid())) for _ in crew.results([*scan_of(12).blocks()])]
            counts[pause] = max(seen)
        assert not children(os.getpid())
    assert counts[0.0] < counts[0.5] <= 3  # how many, the pace of the machine decides


def test_a_process_that_waited_for_its_model_is_taken_and_was_not_long_in_loading_it() -> None:
    with seats.started("bngsim") as early:
        time.sleep(3.0)
        with Crew(Decay(), scan_of(4), first=early) as crew:  # pyright: ignore[reportArgumentType]
            crew.facts()
            assert len(children(os.getpid())) == 1
            assert crew._loading < 3.0
            ((_, found),) = crew.results([(slice(0, 4),)])
    assert found.messages == ("",) * 4
    assert not children(os.getpid())


def test_a_process_that_died_while_it_waited_is_replaced() -> None:
    with seats.started("no such engine") as early:
        (process,) = children(os.getpid())
        os.kill(process, signal.SIGKILL)
        with Crew(Decay(), scan_of(4), first=early) as crew:  # pyright: ignore[reportArgumentType]
            ((_, found),) = crew.results([(slice(0, 4),)])
    assert found.messages == ("",) * 4


@pytest.mark.parametrize("limit", [0.0, -1.0, float("nan")])
def test_a_limit_that_cannot_be_is_refused(limit: float) -> None:
    with pytest.raises(SweepError, match="the time is above 0"):
        Crew(Decay(), scan_of(10), limit=limit)  # pyright: ignore[reportArgumentType]


def test_no_workers_at_all_are_refused() -> None:
    with pytest.raises(SweepError, match="the least is 1"):
        Crew(Decay(), scan_of(10), most=0)  # pyright: ignore[reportArgumentType]
