import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from mtorules.simulation.apart import (
    BrokenError,
    CrashedError,
    OverdueError,
    Question,
    ask,
    ask_all,
)

# Answers that a module of ours could give, in a folder that is no part of the package.
TRIALS = """
import os, signal, subprocess, time
from pathlib import Path

def answer(question):
    kind, more = question
    if kind == "echo":
        return more
    if kind == "die":
        os.kill(os.getpid(), more)
    if kind == "raise":
        raise ValueError(more)
    if kind == "leave":
        os._exit(more)
    if kind == "hang":
        child = subprocess.Popen(["sleep", "600"])
        Path(more).write_text(f"{os.getpid()} {child.pid}")
        time.sleep(600)
"""
ASKING = """
import sys
from mtorules.simulation.apart import Question, ask
ask(Question("trials", ["hang", sys.argv[1]]))
"""


@pytest.fixture(autouse=True)
def trials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tmp_path.joinpath("trials.py").write_text(TRIALS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def trial(kind: str, more: object, limit: float | None = None) -> Question:
    return Question("trials", [kind, more], limit)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def hanging(path: Path, patience: float = 20.0) -> list[int]:
    """Return the processes that have told their numbers in a file."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if path.exists() and len(path.read_text(encoding="utf-8").split()) == 2:
            return [int(number) for number in path.read_text(encoding="utf-8").split()]
        time.sleep(0.05)
    raise AssertionError("it never began")


def gone(pids: list[int], patience: float = 10.0) -> bool:
    end = time.monotonic() + patience
    while any(map(alive, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(alive, pids))


def test_answers_come_in_the_order_of_the_questions() -> None:
    told: list[list[int]] = []
    found = ask_all([trial("echo", {"n": [n, None, 0.1]}) for n in range(3)], told=told.append)
    assert found == [{"n": [n, None, 0.1]} for n in range(3)]
    assert told[0][0] == 0


@pytest.mark.parametrize(
    ("number", "says"), [(signal.SIGSEGV, "signal 11 (SIGSEGV)"), (signal.SIGKILL, "memory")]
)
def test_a_crash_is_told_by_its_signal(number: int, says: str) -> None:
    with pytest.raises(CrashedError) as error:
        ask(trial("die", int(number)))
    assert says in str(error.value)


def test_one_that_crashes_takes_no_other_with_it() -> None:
    crashed, fine = ask_all([trial("die", 11), trial("echo", 1)])
    assert isinstance(crashed, CrashedError)
    assert fine == 1


@pytest.mark.parametrize(
    ("kind", "more", "says"), [("raise", "no", "no"), ("leave", 3, "status 3")]
)
def test_one_that_ends_by_itself_is_told_apart(kind: str, more: object, says: str) -> None:
    with pytest.raises(BrokenError, match=says):
        ask(trial(kind, more))


def test_time_is_kept_and_nothing_left(tmp_path: Path) -> None:
    path = tmp_path / "pids"
    with pytest.raises(OverdueError, match="stopped after 3 s"):
        ask(trial("hang", str(path), 3.0))
    assert gone(hanging(path))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_whoever_asked(tmp_path: Path, number: int) -> None:
    path = tmp_path / "pids"
    places = [str(tmp_path), *filter(None, sys.path)]
    asking = subprocess.Popen(
        [sys.executable, "-c", ASKING, path],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
    )
    try:
        pids = hanging(path)
        assert all(map(alive, pids))
    finally:
        asking.send_signal(number)
        asking.wait()
    assert gone(pids)
