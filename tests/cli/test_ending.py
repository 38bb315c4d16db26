"""Requests to end that come at odd moments."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from mtorules.cli import ending

PROGRAM = [sys.executable, "-c", "import sys; from mtorules.cli.main import main; sys.exit(main())"]


def wait_for(ready: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not ready() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert ready()


def gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return True
    return state[0] in "ZX"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_code_that_never_looks_up_is_ended_with_what_it_started(
    tmp_path: Path, number: signal.Signals
) -> None:
    """Summing a range holds the interpreter for hours, as a simulator may."""
    told = tmp_path / "told"
    model = tmp_path / "deaf.py"
    model.write_text(
        "import pathlib, subprocess\n"
        "child = subprocess.Popen(['sleep', '300'], start_new_session=True)\n"
        f"pathlib.Path({str(told)!r}).write_text(str(child.pid))\n"
        "sum(range(10**12))\n"
    )
    process = subprocess.Popen([*PROGRAM, "network", model], stderr=subprocess.PIPE)
    wait_for(lambda: told.exists() and told.read_text(encoding="utf-8") != "")
    child = int(told.read_text(encoding="utf-8"))
    process.send_signal(number)
    assert process.wait(timeout=ending.GRACE + 10) == -signal.SIGKILL
    wait_for(lambda: gone(child), 5)


def test_what_gets_lost_in_a_callback_is_raised_again(tmp_path: Path) -> None:
    started = tmp_path / "started"
    model = tmp_path / "callback.py"
    model.write_text(
        "import pathlib, time\n"
        "class Last:\n"
        "    def __del__(self):\n"
        f"        pathlib.Path({str(started)!r}).touch()\n"
        "        time.sleep(2)\n"
        "Last()\n"
        "time.sleep(60)\n"
    )
    process = subprocess.Popen([*PROGRAM, "network", model], stderr=subprocess.PIPE, text=True)
    wait_for(started.exists)
    process.terminate()
    assert process.wait(timeout=ending.GRACE) == 128 + signal.SIGTERM
    assert process.stderr is not None
    assert process.stderr.read() == ""


def test_the_watcher_leaves_with_the_process(tmp_path: Path) -> None:
    def watching() -> set[int]:
        found = set()
        for file in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                if str(tmp_path).encode() in file.read_bytes():
                    found.add(int(file.parts[2]))
            except OSError:
                continue
        return found

    model = tmp_path / "slow.py"
    model.write_text("import time\ntime.sleep(2)\n")
    process = subprocess.Popen([*PROGRAM, "network", model], stderr=subprocess.PIPE)
    wait_for(lambda: len(watching()) == 2)
    process.wait(timeout=60)
    wait_for(lambda: not watching(), 5)


@pytest.mark.parametrize("closed", [(0,), (1,), (2,), (0, 1, 2)])
def test_closed_streams_are_not_mistaken_for_files(tmp_path: Path, closed: tuple[int, ...]) -> None:
    target = tmp_path / "r.xml"
    line = [*PROGRAM, "export", "rapamycin", "--output", target]
    done = subprocess.run(
        line, check=False, preexec_fn=lambda: [os.close(number) for number in closed]
    )
    assert done.returncode == 0
    assert target.read_text(encoding="utf-8").endswith("</sbml>\n")
