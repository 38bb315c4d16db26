"""AMICI on the SBML document, in an environment of its own, because its sympy is newer than PySB's.

``make interop`` sets the environment up. AMICI turns a model into C++ and compiles it, which takes
from half a minute up; what was compiled is kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from ....network.cache import cache_folder
from ..task import (
    Course,
    CourseError,
    NotForItError,
    NotInstalledError,
    Task,
    answer,
)

# Seconds after which compiling is given up.
PATIENCE: Final = 1800
_WORKER: Final = Path(__file__).with_name("amici_worker.py")
# Part of each cache key: raise it when the way of compiling changes.
_FORMAT: Final = "1"


def python() -> Path:
    """Return the Python that has AMICI.

    Raises
    ------
    NotInstalledError
        If there is none; the message says how to get it.
    """
    given = os.environ.get("MTORULES_INTEROP")
    folders = (
        [Path(given)]
        if given
        else [Path.cwd() / "build" / "interop", Path(__file__).parents[3] / "build" / "interop"]
    )
    for folder in folders:
        if (folder / ".ready").exists():
            return folder / "bin" / "python"
    raise NotInstalledError(
        f"there is no environment {folders[0]}; 'make interop' makes one, and MTORULES_INTEROP may "
        "name another folder"
    )


def environment(program: Path) -> dict[str, str]:
    """Return variables with which a Python compiles with the tools beside it, where it has any."""
    path = os.pathsep.join((str(program.parent), os.environ.get("PATH", os.defpath)))
    return os.environ | {"PATH": path}


def course(task: Task) -> Course:
    """Run the model with CVODES."""
    program = python()
    with tempfile.TemporaryDirectory(prefix="mtorules-") as scratch:
        wanted, given = Path(scratch, "task.json"), Path(scratch, "course.json")
        wanted.write_text(json.dumps(_task(task)), encoding="utf-8")
        try:
            done = subprocess.run(
                [program, "-I", _WORKER, wanted, given],
                cwd=scratch,
                env=environment(program),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                timeout=PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise CourseError(f"it was given up after {PATIENCE / 60:g} minutes") from None
        except OSError as error:
            raise NotInstalledError(f"{program} cannot be run: {error.strerror}") from None
        try:
            found = json.loads(given.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            lines = done.stdout.strip().splitlines() or ["it said nothing"]
            raise CourseError(lines[-1].strip()) from None
    if "error" in found:
        kind = NotForItError if "unsupported" in found["error"].lower() else CourseError
        raise kind(found["error"])
    numbers = np.array(found["numbers"], dtype=float).reshape(-1, len(task.outputs))
    return answer(numbers, task, found["version"])


def _task(task: Task) -> dict[str, object]:
    species = task.loaded.model.species
    formulas = {
        id: f"{id} * {species[id].compartment}" if id in species and not species[id].amounts else id
        for id in task.outputs
    }
    key = json.dumps([_FORMAT, task.loaded.model.sha256, formulas])
    name = f"model_{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    return {
        "sbml": task.loaded.sbml,
        "name": name,
        "folder": str(cache_folder() / "amici"),
        "formulas": formulas,
        "times": task.times.tolist(),
        "relative": task.relative,
        "absolute": task.absolute,
        "steps": task.steps,
    }
