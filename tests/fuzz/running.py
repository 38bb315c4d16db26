"""One invocation of the command in a process of its own, and what is wrong with how it ended."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mtorules.cli.main import main

# 0 done, 1 failed, 2 wrong usage.
EXPECTED = (0, 1, 2)


@dataclass(frozen=True)
class Case:
    """Arguments, the files they name, and what they may leave behind."""

    argv: Sequence[str]
    files: Mapping[str, bytes] = field(default_factory=dict)
    outputs: Sequence[str] = ()
    kept: Sequence[str] = ()  # of those, what may be there after a failure too


def adopt_orphans() -> None:
    """Become the parent of whatever a command leaves running, so that it is seen."""
    ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def run(case: Case, limit: float) -> str:
    """Run a case; return what is wrong, or nothing.

    Parameters
    ----------
    case : Case
        What is run, in a folder of its own.
    limit : float
        Seconds that it may take.

    Returns
    -------
    str
        One line for the kind of fault, then what the command said; empty if all is well.
    """
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        (folder / "tmp").mkdir()
        for name, data in case.files.items():
            path = folder / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return _run(case, folder, limit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(case: Case, folder: Path, limit: float) -> str:
    out, err = folder / "tmp.out", folder / "tmp.err"
    child = os.fork()
    if not child:
        _be_the_command(case, folder, out, err)
    status = _awaited(child, limit)
    said = err.read_bytes().decode("utf-8", "replace") if err.exists() else ""
    left = list(_left_running())
    if status is None:
        return f"hang: more than {limit:g} s\n{said[-2000:]}"
    if status < 0:
        return f"crash: signal {-status}\n{said[-2000:]}"
    if "Traceback (most recent call last)" in said:
        return f"traceback: {_where(said)}\n{said[-4000:]}"
    if status not in EXPECTED:
        return f"status: {status}\n{said[-2000:]}"
    if status and not said.strip() and not out.stat().st_size:
        return f"silent: status {status} without a word\n"
    if (folder / "in" / "pwned").exists() or (folder / "pwned").exists():
        return "pwned: a file ran a command\n"
    if left:
        return f"running: {', '.join(left)}\n{said[-2000:]}"
    allowed = {*case.files, *(case.outputs if status == 0 else case.kept)}
    found = {
        str(path.relative_to(folder / "in"))
        for path in (folder / "in").rglob("*")
        if path.is_file()
    }
    extra = [
        name
        for name in sorted(found)
        if not any(name == a or name.startswith(f"{a}/") for a in allowed)
    ]
    extra += [path.name for path in (folder / "tmp").iterdir()]
    return f"left: {', '.join(extra)} at status {status}\n{said[-2000:]}" if extra else ""


def _be_the_command(case: Case, folder: Path, out: Path, err: Path) -> None:
    """Run the command in this process, which ends with it."""
    status = 1
    try:
        os.setsid()
        os.chdir(folder / "in") if (folder / "in").exists() else os.chdir(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder / "tmp")
        for number, path in ((1, out), (2, err)):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(handle, number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")  # whatever they were
        sys.argv = ["mtorules", *case.argv]
        status = main(list(case.argv))
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        try:
            atexit._run_exitfuncs()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)


def _awaited(child: int, limit: float) -> int | None:
    """Return the status of a process, negative for a signal, or None if it had to be ended."""
    end = time.monotonic() + limit
    pause = 0.002
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(pause)
        pause = min(0.05, pause * 1.5)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _left_running(patience: float = 2.0) -> Iterator[str]:
    """Yield what still runs of an ended command after a moment, and end it."""
    end = time.monotonic() + patience
    while True:
        try:  # what ended in the meantime
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    for entry in Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if entry.name.isdigit() and int(fields[1]) == os.getpid():
                yield (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()[:120]
                os.kill(int(entry.name), signal.SIGKILL)
        except (OSError, IndexError):
            continue


def _where(said: str) -> str:
    """Return the last line of a traceback, and the last place in this package."""
    lines = said.strip().splitlines()
    places = [line.strip() for line in lines if line.strip().startswith("File ")]
    ours = [place for place in places if "site-packages" not in place and "lib/python" not in place]
    place = (ours or places or ["?"])[-1]
    return f"{lines[-1][:120]} | {place[-120:]}"
