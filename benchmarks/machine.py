"""What figures depend on: the machine and the versions of everything."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any


def machine() -> dict[str, Any]:
    """Return what the numbers depend on."""
    cpu = platform.processor()
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith("model name"):
            cpu = line.partition(":")[2].strip()
            break
    found: dict[str, Any] = {
        "processor": cpu,
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "python": platform.python_version(),
        "system": platform.platform(),
    }
    packages = ("mtorules", "libroadrunner", "bngsim", "copasi-basico", "python-copasi", "pysb")
    for package in (*packages, "bionetgen", "scipy", "numpy"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    found["amici"] = next(
        (
            x.parent.name
            for x in Path("build/interop").glob("lib/python*/site-packages/amici-*/METADATA")
        ),
        None,
    )
    return found


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
