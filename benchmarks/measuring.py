"""What is measured of each peer, in a process of its own and whatever Python it runs on."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np

REST: Final = 30 * 86400.0
COURSE: Final = np.linspace(0.0, 86400.0, 25)
LOOKS: Final = np.array([3600.0, 14400.0, 86400.0])
# How many courses and points are compared with those of the others.
_KEPT: Final = 3

Point = tuple[int, dict[str, float], float]
"""Number of the genotype, what it sets, and the dose."""


class Peer(Protocol):
    """Something that simulates; numbers come as rows of times and columns of observables."""

    def load(self) -> None:
        """Get ready."""

    def course(self) -> np.ndarray:
        """Run the day from the model's own start."""
        ...

    def point(self, number: int, genotype: dict[str, float], dose: float) -> np.ndarray:
        """Run a point of the scan."""
        ...


def spent() -> float:
    """Return processor time so far, with that of programs that were started and have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _peak() -> int:
    """Return the most that this process held, in KiB."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    # Which also knows what the process that started this one held.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def tell(found: dict[str, Any]) -> None:
    """Print what was found so far, of which the last line counts."""
    memory = max(_peak(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024
    print(json.dumps({**found, "memory_MiB": memory}), flush=True)


def measure(peer: Peer, points: Iterable[Point], budget: float) -> None:
    """Measure a peer and tell after each stage, so that who runs out of time is known so far.

    Parameters
    ----------
    peer : Peer
        Who is measured.
    points : iterable
        What is scanned.
    budget : float
        Seconds of processor time for the scan.
    """
    found: dict[str, Any] = {}
    begun = spent()
    peer.load()
    found["load_s"] = spent() - begun
    tell(found)
    courses: list[float] = []
    for _ in range(3):
        begun = spent()
        course = peer.course()
        courses.append(spent() - begun)
        found["course_s"] = min(courses)
        found["relative_course"] = (course[-12:] / course[-1]).tolist()
        tell(found)
        if courses[-1] > budget:
            return
    begun, clock = spent(), time.perf_counter()
    kept: list[Any] = []
    for done, (number, genotype, dose) in enumerate(points, start=1):
        values = peer.point(number, genotype, dose)
        if done <= _KEPT:
            kept.append((values / values[0]).tolist())
        found["points"] = done
        found["points_per_s"] = done / (spent() - begun)
        found["points_per_s_by_the_clock"] = done / (time.perf_counter() - clock)
        found["relative_points"] = kept
        if done <= _KEPT:
            tell(found)
        if spent() - begun > budget:
            break
    tell(found)
