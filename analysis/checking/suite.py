"""The public SBML semantic test suite through our door: what passes, is refused or is wrong.

A case is a folder with a model, the course that is right, and how near one must come. Whatever ends
a process ends one of its own, and is told as a crash. The suite is at
https://github.com/sbmlteam/sbml-test-suite; none of it is part of this package.

    python -m mtorules.analysis.checking.suite sbml-test-suite/cases/semantic
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Timer
from typing import Final

import click
import numpy as np
from numpy.typing import NDArray

from ...simulation.engines.base import EngineError, UnsupportedError
from ...simulation.experiments.experiments import exposure
from ...simulation.sbml.documents import SbmlFileError
from ...simulation.sbml.model import SbmlError, SbmlModel, UnknownNameError
from ...simulation.simulator import SimulationError, Simulator

VERDICTS: Final = ("pass", "refused", "failed", "wrong", "crash")
# Seconds that a case may take.
PATIENCE: Final = 120.0
_REFUSALS: Final = (
    SbmlError,
    SbmlFileError,
    UnsupportedError,
    UnknownNameError,
    SimulationError,
)


@dataclass(frozen=True)
class Case:
    """One case of the suite.

    Attributes
    ----------
    name : str
        Its number.
    model : Path
        The model in its highest level and version.
    times : tuple of float
        When one looks.
    variables : tuple of str
        Ids of what is looked at.
    amounts : frozenset of str
        Species whose amount is meant; of the others in ``concentrations`` it is that.
    concentrations : frozenset of str
        Species whose concentration is meant.
    absolute, relative : float
        How near one must come.
    right : array of shape (times, variables)
        The course.
    """

    name: str
    model: Path
    times: tuple[float, ...]
    variables: tuple[str, ...]
    amounts: frozenset[str]
    concentrations: frozenset[str]
    absolute: float
    relative: float
    right: NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """What became of a case, and in words why unless it passed."""

    case: str
    verdict: str
    why: str = ""


class SuiteError(ValueError):
    """A folder that holds no suite; the message says what is missing."""


def cases(folder: Path) -> list[Path]:
    """Return the folders of all cases below ``folder``.

    Raises
    ------
    SuiteError
        If there are none.
    """
    found = sorted(path.parent for path in folder.glob("**/*-settings.txt"))
    if not found:
        raise SuiteError(
            f"'{folder}' holds no case of the SBML test suite, which has a file such as "
            "00001-settings.txt; give its folder cases/semantic."
        )
    return found


def read(folder: Path) -> Case:
    """Read a case.

    Raises
    ------
    SuiteError
        If it lacks a part.
    """
    name = folder.name
    try:
        settings = _settings((folder / f"{name}-settings.txt").read_text(encoding="utf-8"))
        # sbml-l2v4 before sbml-l3v1 before sbml-l3v2.
        model = max(folder.glob(f"{name}-sbml-l*v*.xml"))
        with (folder / f"{name}-results.csv").open(encoding="utf-8", newline="") as file:
            head, *rows = [row for row in csv.reader(file) if row]
        columns = [word.strip() for word in head]
        table = np.array([[float(word) for word in row] for row in rows])
        variables = _names(settings["variables"])
        places = [columns.index(variable) for variable in variables]
        return Case(
            name,
            model,
            tuple(table[:, 0].tolist()),
            variables,
            frozenset(_names(settings.get("amount", ""))),
            frozenset(_names(settings.get("concentration", ""))),
            float(settings["absolute"]),
            float(settings["relative"]),
            table[:, places],
        )
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise SuiteError(f"Case '{folder}' cannot be read: {error}.") from None


def _settings(text: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in text.splitlines() if ":" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _names(text: str) -> tuple[str, ...]:
    return tuple(word for word in (part.strip() for part in text.split(",")) if word)


def judge(folder: Path) -> Verdict:
    """Run a case and compare; an exception that is no message to the user is a crash."""
    try:
        case = read(folder)
        found = course(case)
    except _REFUSALS as error:
        return Verdict(folder.name, "refused", str(error))
    except EngineError as error:
        return Verdict(folder.name, "failed", str(error))
    except Exception as error:  # whatever it is, the others are to be run
        return Verdict(folder.name, "crash", f"{type(error).__name__}: {error}")
    off = deviations(case, found)
    if not off:
        return Verdict(case.name, "pass")
    return Verdict(case.name, "wrong", off[0])


def course(case: Case) -> NDArray[np.float64]:
    """Return what comes out of our own simulator, as the case wants to see it."""
    asked = [*case.variables]
    simulator = Simulator(case.model, asked)
    declared = simulator.model
    rooms = {
        declared.species[id].compartment for id in case.variables if id in declared.species
    } - set(asked)
    if rooms:
        simulator = Simulator(simulator.loaded, [*asked, *sorted(rooms)])
    seen = simulator.run(exposure(case.times, equilibrated=False))
    return np.column_stack([_wanted(case, declared, seen, id) for id in case.variables])


def _wanted(case: Case, declared: SbmlModel, seen: object, id: str) -> NDArray[np.float64]:
    """Return a course, a species' as the amount or concentration that the case wants."""
    values = seen[id].to_numpy()  # type: ignore[index]
    species = declared.species.get(id)
    if species is None:
        return values
    size = seen[species.compartment].to_numpy()  # type: ignore[index]
    shown_as_amount = species.amounts or not declared.parameters[species.compartment].sized
    if id in case.amounts:
        return values if shown_as_amount else values * size
    if id in case.concentrations:
        return values / size if shown_as_amount else values
    return values


def deviations(case: Case, found: NDArray[np.float64]) -> list[str]:
    """Return where a course leaves its tolerance, in words."""
    with np.errstate(invalid="ignore"):
        near = np.abs(found - case.right) <= case.absolute + case.relative * np.abs(case.right)
    near |= (found == case.right) | (np.isnan(found) & np.isnan(case.right))
    return [
        f"{case.variables[column]} is {found[row, column]:.9g} at {case.times[row]:g} where "
        f"{case.right[row, column]:.9g} is right"
        for row, column in np.argwhere(~near)
    ]


# -- many cases, in processes of their own --------------------------------------------------------


def run(folders: Sequence[Path], jobs: int = 1) -> Iterator[Verdict]:
    """Judge cases in ``jobs`` processes and yield verdicts as they come."""
    queue: SimpleQueue[Path] = SimpleQueue()
    for folder in folders:
        queue.put(folder)
    told: SimpleQueue[Verdict | None] = SimpleQueue()
    with ThreadPoolExecutor(jobs) as pool:
        for _ in range(jobs):
            pool.submit(_work, queue, told)
        left = jobs
        while left:
            verdict = told.get()
            left -= verdict is None
            if verdict is not None:
                yield verdict


def _work(queue: SimpleQueue[Path], told: SimpleQueue[Verdict | None]) -> None:
    """Let a process judge one case after the other; after one that crashes, another goes on."""
    process: subprocess.Popen[str] | None = None
    try:
        while True:
            folder = queue.get_nowait()
            fresh = process is None
            process = process or _process()
            verdict = _asked(process, folder)
            if verdict.verdict == "crash":
                _end(process)
                process = None
                if not fresh:  # what one case broke is not the fault of the next
                    queue.put(folder)
                    continue
            told.put(verdict)
    except Empty:
        pass
    finally:
        if process is not None:
            _end(process)
        told.put(None)


def _process() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", __spec__.name, "--judge", "."],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(OSError), process:
        process.kill()


def _asked(process: subprocess.Popen[str], folder: Path) -> Verdict:
    assert process.stdin is not None
    assert process.stdout is not None
    watch = Timer(PATIENCE, process.kill)
    watch.start()
    try:
        print(folder, file=process.stdin, flush=True)
        for line in process.stdout:
            if line.startswith(_TOLD):
                return Verdict(**json.loads(line.removeprefix(_TOLD)))
    except OSError:
        pass
    finally:
        watch.cancel()
    return Verdict(folder.name, "crash", f"its process ended with {process.wait()}")


# Engines print things of their own.
_TOLD: Final = "verdict "


def _judge_all(lines: Iterable[str]) -> None:
    for line in lines:
        print(f"\n{_TOLD}{json.dumps(asdict(judge(Path(line.rstrip()))))}", flush=True)


# -- the table ------------------------------------------------------------------------------------


def table(verdicts: Sequence[Verdict], *, names: bool = False) -> str:
    """Return how many cases came out how, what is refused, and each case that is not right.

    Parameters
    ----------
    verdicts : sequence of Verdict
        In any order.
    names : bool
        Whether to list the cases that are refused.
    """
    counts = Counter(verdict.verdict for verdict in verdicts)
    lines = [f"{counts[name]:>6,}  {name}" for name in VERDICTS]
    refused: dict[str, list[str]] = {}
    for one in sorted(verdicts, key=lambda verdict: verdict.case):
        if one.verdict == "refused":
            refused.setdefault(_kind(one.why), []).append(one.case)
    if refused:
        lines.append("\nrefused:")
    for why, which in sorted(refused.items(), key=lambda item: -len(item[1])):
        lines.append(f"{len(which):>6,}  {why}")
        if names:
            lines.append(f"        {' '.join(which)}")
    for verdict in VERDICTS[2:]:
        found = sorted((one.case, one.why) for one in verdicts if one.verdict == verdict)
        if found:
            lines.append(f"\n{verdict}:")
            lines.extend(f"  {case}  {why}" for case, why in found)
    return "\n".join(lines)


def _kind(why: str) -> str:
    """Return a reason without what differs from case to case."""
    words = re.sub(r"'[^']*'", "*", why).removeprefix("*: ").removeprefix("Model * ")
    return re.sub(r"(?: \*)? \(.*|[;.](?: .*)?$", "", words).replace("*", "...")


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--jobs", default=1, type=click.IntRange(1), help="How many processes.")
@click.option("--names", is_flag=True, help="List the cases that are refused.")
@click.option("--judge", "judging", is_flag=True, hidden=True)
def main(folder: Path, jobs: int, names: bool, judging: bool) -> None:
    """Run the suite; the status is 1 if a case is wrong or crashes."""
    if judging:
        _judge_all(sys.stdin)
        return
    try:
        folders = cases(folder)
    except SuiteError as error:
        raise click.UsageError(str(error)) from None
    verdicts = []
    for verdict in run(folders, jobs):
        verdicts.append(verdict)
        click.echo(f"\r{len(verdicts):,} of {len(folders):,}", err=True, nl=False)
    click.echo(err=True)
    click.echo(table(verdicts, names=names))
    if any(verdict.verdict in ("wrong", "crash") for verdict in verdicts):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
