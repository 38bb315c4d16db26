"""Models that a worker can load without a simulator: a closed formula, and mishaps on demand."""

import math
import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from distributed import Client
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

    def load(self, scan: Scan) -> Callable[[int], NDArray[np.float64]]:
        if self.mishaps.get(-1) == "load":
            raise OSError("no such engine")
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
                time.sleep(3600)
            if mishap.startswith("/") and not Path(mishap).exists():
                Path(mishap).write_text("once", encoding="utf-8")
                os.kill(os.getpid(), signal.SIGKILL)
            time.sleep(self.pause)
            dose = float(scan.point(number)["dose"])
            left = dose * np.exp(-0.01 * times)
            return np.stack(
                [left, np.full_like(left, math.nan) if mishap == "nan" else dose - left]
            )

        return run


def scan_of(points: int, outputs: tuple[str, str] = ("left", "gone")) -> Scan:
    """Return a scan of so many doses, each looked at three times."""
    axis = Axis("dose", tuple(map(float, range(points))), "nM")
    return Scan("decay", outputs, (0.0, 60.0, 120.0), [axis], doses=[Addition("D", "dose")])


def go(path: Path, points: int, model: Decay, client: Client, **more: Any) -> Progress:
    """Run what the store does not hold yet."""
    scan = scan_of(points)
    with opened(path, scan, {}) as store:
        return run(scan, model, store, client, **more)
