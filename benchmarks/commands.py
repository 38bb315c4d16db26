"""What a user waits for: a model that was never seen, and a few doses of one that was."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

PEERS: Final = ("BNG2.pl", "bngsim, plain loop", "libRoadRunner, plain loop")
"""Whose work the same would be."""
_PROGRAM: Final = "import sys; from mtorules.cli.main import main; sys.exit(main())"
DOSES: Final = ("--dose", "RAPA_medium=0, 0.1..1000 nM log 8", "--times", "24 h")


def measured(model: str) -> dict[str, dict[str, float]]:
    """Return the processor time and the time by the clock of each command, in seconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = {
            "first result": _timed(folder, "simulate", model, "--engine", "bngsim"),
        }
        for number in range(2):  # the second finds all in the cache
            output = str(folder / f"{number}.zarr")
            found["nine doses"] = _timed(folder, "scan", model, *DOSES, "--output", output)
    return found


def _timed(folder: Path, *words: str) -> dict[str, float]:
    environment = {**os.environ, "MTORULES_CACHE": str(folder / "cache")}
    begun, clock = _spent(), time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", _PROGRAM, *words, "--quiet"],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return {"processor_s": _spent() - begun, "clock_s": time.perf_counter() - clock}


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ratios(
    found: dict[str, dict[str, float]], peers: dict[str, dict[str, Any]]
) -> dict[str, float]:
    """Return what commands took beside what peers need for the same work, by processor time.

    Parameters
    ----------
    found : dict
        What :func:`measured` returned.
    peers : dict
        By name of the peer what it took.
    """
    bng2, bngsim, plain = (peers.get(name, {}) for name in PEERS)
    told = {}
    if "network_s" in bng2 and "course_s" in bngsim:
        theirs = bng2["network_s"] + bngsim["load_s"] + bngsim["course_s"]
        told["first result / BNG2.pl and bngsim"] = found["first result"]["processor_s"] / theirs
    if "course_s" in plain:
        theirs = plain["load_s"] + 9 * plain["course_s"]
        told["nine doses / libRoadRunner"] = found["nine doses"]["processor_s"] / theirs
    return told
