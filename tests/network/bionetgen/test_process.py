import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from mtorules.network.bionetgen import process


def alive(pid: int) -> bool:
    """Whether a process runs still, after some time to end."""
    for _ in range(200):
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
        except OSError:
            return False
        if stat.rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.05)
    return True


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("where", ["main", "thread"])
def test_a_program_ends_with_us(tmp_path: Path, end: signal.Signals, where: str) -> None:
    """However we end, and whatever thread it was started in."""
    script = f"""
        import threading
        from pathlib import Path
        from mtorules.network.bionetgen import process

        def work():
            command = ["sh", "-c", "echo $$; exec sleep 60"]
            with process.running(command, Path({str(tmp_path)!r})) as it:
                print(it.stdout.readline().strip(), flush=True)
                it.wait()

        if {where!r} == "main":
            work()
        else:
            thread = threading.Thread(target=work, daemon=True)
            thread.start()
            thread.join()
    """
    ours = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        assert ours.stdout is not None
        pid = int(ours.stdout.readline())
        os.kill(pid, 0)
        ours.send_signal(end)
        assert ours.wait(timeout=30) != 0
        assert not alive(pid)
    finally:
        ours.kill()
        ours.communicate()


@pytest.mark.parametrize("status", [0, 3])
def test_status_and_words_are_those_of_the_program(tmp_path: Path, status: int) -> None:
    command = ["sh", "-c", f"pwd; echo 'a b' >&2; echo \"$1\"; cat; exit {status}", "sh", "c  d"]
    done = process.run(command, tmp_path)
    assert done.status == status
    assert done.said == f"{tmp_path.resolve()}\na b\nc  d\n"


def test_nothing_is_left_of_a_program_that_ended(tmp_path: Path) -> None:
    with process.running(["sh", "-c", "exit 0"], tmp_path) as program:
        program.wait()
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.killpg(program.pid, 0)
            time.sleep(0.05)


def test_a_missing_program_is_a_status(tmp_path: Path) -> None:
    done = process.run([str(tmp_path / "nowhere")], tmp_path)
    assert done.status == 127
