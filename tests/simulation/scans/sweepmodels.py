"""Models that a worker can load without a simulator: a closed formula, and mishaps on demand."""

import ctypes
import hashlib
import math
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from mtorules.simulation.scans.computing import Run, Workers
from mtorules.simulation.scans.crew import Crew
from mtorules.simulation.scans.parts import Addition, Axis
from mtorules.simulation.scans.running import Progress, run
from mtorules.simulation.scans.scan import Scan
from mtorules.simulation.scans.store import opened
from numpy.typing import NDArray


@dataclass(frozen=True)
class Decay:
    """Something that decays from its dose.

    ``mishaps`` says at which point what goes wrong; ``log`` is a file that tells each point tried.
    """

    pause: float = 0.0
    mishaps: dict[int, str] = field(default_factory=dict)
    log: Path | None = None
    key: str = "decay"

    def load(self, scan: Scan) -> tuple[Run, dict[str, Any]]:
        if self.mishaps.get(-1) == "load":
            raise OSError("no such engine")
        if self.mishaps.get(-1) == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        held = ctypes.PyDLL(None)  # unlike CDLL it keeps every other thread of Python waiting
        times = np.array(scan.times)

        def run(number: int) -> NDArray[np.float64]:
            if self.log is not None:
                with self.log.open("a") as file:
                    file.write(f"{number}\n")
            mishap = self.mishaps.get(number, "")
            if mishap == "raise":
                raise ArithmeticError("too\nstiff")
            if mishap == "die":
                os.kill(os.getpid(), signal.SIGKILL)
            if mishap == "sleep":
                held.sleep(3600)
            if mishap.startswith("/") and not Path(mishap).exists():
                Path(mishap).write_text("once", encoding="utf-8")
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(self.pause)
            dose = float(scan.point(number)["dose"])
            left = dose * np.exp(-0.01 * times)
            return np.stack(
                [left, np.full_like(left, math.nan) if mishap == "nan" else dose - left]
            )

        return run, {}


def scan_of(points: int, outputs: tuple[str, str] = ("left", "gone")) -> Scan:
    """Return a scan of so many doses, each looked at three times."""
    axis = Axis("dose", tuple(map(float, range(points))), "nM")
    return Scan("decay", outputs, (0.0, 60.0, 120.0), [axis], doses=[Addition("D", "dose")])


def go(path: Path, points: int, workers: Workers, **more: Any) -> Progress:
    """Run what the store does not hold yet."""
    scan = scan_of(points)
    with opened(path, scan, {}) as store:
        return run(scan, store, workers, **more)


def here(path: Path, points: int, model: Decay, most: int = 2, **more: Any) -> Progress:
    """Run it in processes of this machine."""
    limit = more.pop("limit", None)
    with Crew(model, scan_of(points), most, limit) as crew:  # pyright: ignore[reportArgumentType]
        return go(path, points, crew, **more)


def bytes_of(path: Path) -> dict[str, str]:
    return {
        str(file.relative_to(path)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in path.rglob("*")
        if file.is_file()
    }


def messages_of(path: Path) -> dict[int, str]:
    with xr.open_zarr(path) as data:
        return {i: str(text) for i, text in enumerate(data["message"].values) if text}


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


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for path in found for word in path.read_text(encoding="utf-8").split()]
