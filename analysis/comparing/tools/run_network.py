"""BioNetGen's own simulator, the program run_network, on BioNetGen's network file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from ....network.bionetgen import bng2, process
from ..task import (
    Course,
    CourseError,
    IntegrationError,
    NotForItError,
    NotInstalledError,
    Task,
    answer,
    columns,
    unknown,
)

_FILE: Final = "network.net"


def course(task: Task) -> Course:
    """Run the model with CVODE."""
    names = task.names
    if task.loaded.model.timed:
        raise NotForItError(
            "rates depend on time, for which its integrator is off by several per cent"
        )
    try:
        program = bng2.find()[1].parent / "bin" / "run_network"
    except bng2.ToolMissingError as error:
        raise NotInstalledError(str(error)) from None
    if not os.access(program, os.X_OK):
        raise NotInstalledError(f"there is no program {program}")
    with tempfile.TemporaryDirectory(prefix="mtorules-") as folder:
        Path(folder, _FILE).write_text(task.net, encoding="utf-8")
        _run(program, Path(folder), task)
        header, observed = _table(Path(folder, "out.gdat"))
        _, species = _table(Path(folder, "out.cdat"))
    if len(observed) != len(species):
        raise IntegrationError("it stopped before the end")
    known = [*header[1:], *(f"#{place}" for place in range(species.shape[1] - 1))]
    numbers = np.hstack([observed[:, 1:], species[:, 1:]])
    found = columns(numbers, known, names)
    return answer(found, task, bng2.version(), unknown(known, names))


def _run(program: Path, folder: Path, task: Task) -> None:
    tolerances = ["-a", repr(task.absolute), "-r", repr(task.relative), "-M", str(task.steps)]
    # Only three times or more are taken for times.
    command = [
        *(str(program), "-o", "out", "-p", "cvode", *tolerances, "--cdat", "1", "--fdat", "1"),
        *("-g", _FILE, _FILE, *map(repr, task.times.tolist())),
    ]
    done = process.run(command, folder)
    if done.status != 0 or not (folder / "out.gdat").exists():
        raise _complaint(done.said.strip().splitlines() or ["it said nothing"])


def _complaint(said: list[str]) -> Exception:
    """Return what is wrong: the model, whose formulas it may not be able to read, or the run."""
    message = next((line for line in said if line.startswith("Message:")), said[-1])
    message = message.removeprefix("Message:").strip()
    if any(line.startswith(("Message:", "Error in parsing")) for line in said):
        return NotForItError(f"it cannot read a formula. It says: {message}")
    return IntegrationError(message)


def _table(path: Path) -> tuple[list[str], np.ndarray]:
    """Return the names and the numbers of a file of BioNetGen's."""
    try:
        with path.open(encoding="utf-8") as file:
            names = file.readline().lstrip("#").split()
            return names, np.loadtxt(file, ndmin=2)
    except (OSError, ValueError):
        raise CourseError("what it wrote cannot be read") from None
