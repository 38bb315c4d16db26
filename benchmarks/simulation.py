"""Simulation: what every engine and its peers need for the same work, in one table.

    python benchmarks/simulation.py [--quick] [--models NAME ...] [--json FILE]

Each peer runs in a process of its own, as its manual advises, as many at a time as there are cores.
All integrate with the same tolerances. Measured are

* network and SBML: from a PySB model to its network, and from that to SBML. BNG2.pl gets the BNGL
  that was written of the model;
* load: from SBML, BioNetGen's .net or a PySB model to a simulator that is ready, and the same again
  where something was kept. libRoadRunner, COPASI and AMICI get the same SBML;
* course: one day, 25 points, the best of three;
* points: a scan of dose and genotype in one process, points a second. Each point sets the genotype,
  lets the cells rest (peers: 30 days of simulation), gives the dose, and looks at 1, 4 and 24 h.
  Peers do that in a plain loop that keeps one simulator; ours goes through ``Simulator``, which
  keeps cells at rest and looks for them anew for each genotype. The scan stops when its time is
  up; scaffolds have none;
* memory: the most that the process held.

Times are processor time, which other work on the machine disturbs least, with that of programs a
peer starts. The last column compares the first numbers with libRoadRunner's. Who is not ready in
time is stopped, and so much is shown as was done; a scaffold at which somebody was stopped is the
last that it gets.

Then the scan of 1,000 points runs as ``mtorules scan`` does it, on one process and on two, and
beside it the plain loop of libRoadRunner and the fastest peer, one after the other, by the clock.
Last, what a user waits for (:mod:`commands`), and what got worse since the last run on such a
machine (:mod:`history`).
"""

from __future__ import annotations

import argparse
import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import commands
import history
import numpy as np
import psutil
from machine import machine
from measuring import LOOKS, measure
from mtorules.network.bionetgen import net
from mtorules.network.cache import cache_folder
from mtorules.simulation.scans.parts import Addition, Axis
from mtorules.simulation.scans.scan import Scan
from peers import AMICI, MAKERS, PEERS, PLAIN
from tasks import DOSES, GENOTYPES, TOLERANCES, Task

RESULTS: Final = Path(__file__).parents[1] / "results" / "bench" / "simulation.json"


# -- measuring one peer, in a process of its own --------------------------------------------------


def child(name: str, model: str, folder: Path, budget: float) -> None:
    """Measure one peer and print what was found."""
    warnings.simplefilter("ignore")
    task = Task(model)
    if name in MAKERS:
        MAKERS[name](task)
        return
    peer = PEERS[name](task, folder)
    _ = task.loaded, task.network  # not its work
    if not task.sites:
        _ = task.medium, task.drug
    measure(peer, () if task.sites else task.points(), budget)


def amici(task: Task, folder: Path, budget: float) -> list[str]:
    """Return the command that measures AMICI, in its own environment."""
    from mtorules.analysis.comparing.tools import amici as other

    told = {
        "sbml": task.loaded.sbml,
        "name": f"bench_{task.name}",
        "folder": str(folder / "amici"),
        "formulas": {name: name for name in task.observables},
        "relative": TOLERANCES.relative,
        "absolute": TOLERANCES.relative * 1e-4 * task.loaded.scale,
        "drug": "" if task.sites else task.drug,
        "medium": 0.0 if task.sites else task.medium,
        "points": [] if task.sites else list(task.points()),
        "budget": budget,
    }
    path = folder / "amici.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    return [str(other.python()), str(Path(__file__).with_name("amici_peer.py")), str(path)]


def fresh(folder: Path, name: str) -> dict[str, str]:
    """Return an environment in which networks are kept, and nothing that was compiled."""
    own = folder / "".join(filter(str.isalnum, name))
    networks = own / "networks"
    if not networks.is_symlink():
        own.mkdir(parents=True)
        networks.symlink_to(cache_folder() / "networks")
    return {
        "MTORULES_CACHE": str(own),
        "BNGSIM_CODEGEN_CACHE_DIR": str(own / "bngsim"),
        # They are compared one by one; threads would be counted as work, and disturb the others.
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    }


def measured(name: str, task: Task, folder: Path, budget: float, limit: float) -> dict[str, Any]:
    """Measure a peer in a process of its own; what fails or takes too long is told."""
    environment = {**os.environ, **fresh(folder, name)}
    if name == AMICI:
        try:
            command = amici(task, folder, budget)
        except RuntimeError as error:  # it is not set up
            return {"failed": str(error)}
        environment["PATH"] = f"{Path(command[0]).parent}{os.pathsep}{environment['PATH']}"
    else:
        arguments = ["--peer", name, "--model", task.name, "--folder", str(folder)]
        command = [sys.executable, __file__, *arguments, "--budget", str(budget)]
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complaints:
        process = subprocess.Popen(
            command, stdout=said, stderr=complaints, env=environment, start_new_session=True
        )
        try:
            process.wait(limit)
            wrong = "" if process.returncode == 0 else "it died"
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with the programs that it started
            process.wait()
            wrong = f"> {limit:g} s"
        for stream in (said, complaints):
            stream.seek(0)
        found = next((json.loads(x) for x in reversed([*said]) if x.startswith("{")), {})
        if wrong == "it died":
            wrong = (complaints.read().strip().splitlines() or [wrong])[-1]
    return {**found, "failed": wrong} if wrong else found


# -- the whole scan, by the clock -----------------------------------------------------------------


def scanned(task: Task, workers: int, folder: Path) -> dict[str, float]:
    """Run the whole scan of 1,000 points as ``mtorules scan`` does; return points a second."""
    from mtorules.simulation.scans import scanning, store

    scan = Scan(
        task.name,
        outputs=task.observables,
        times=[float(time) for time in LOOKS],
        axes=(
            Axis("cell", [f"cells {n}" for n in range(GENOTYPES)]),
            Axis("dose", np.geomspace(0.01, 1000, DOSES).tolist(), "nM"),
        ),
        cells={"cell": {f"cells {n}": task.genotype(n) for n in range(GENOTYPES)}},
        doses=(Addition(task.drug, "dose"),),
    )
    with _cache(folder / f"cache {workers}"):
        target = folder / f"{task.name}-{workers}.zarr"
        with scanning.prepared(task.loaded, scan, TOLERANCES, workers=workers) as ready:
            ready.attempt()
            with store.opened(target, scan, ready.facts) as kept:
                before = _busy()
                begun = time.perf_counter()
                done = ready.complete(kept)
                passed = time.perf_counter() - begun
                busy = _busy() - before
    return {
        "points_per_s": done.done / passed,
        "failed": done.failed,
        "processor_ms_per_point": 1e3 * busy / done.done,
    }


def _busy() -> float:
    """Return the processor time of this process and of all that it started so far."""
    here = psutil.Process()
    times = [process.cpu_times() for process in (here, *here.children(recursive=True))]
    return sum(one.user + one.system for one in times)


@contextmanager
def _cache(folder: Path) -> Iterator[None]:
    """Let nothing be known of cells at rest; networks and compiled models are."""
    folder.mkdir()
    for name in ("networks", "catalogue", "compiled", "declared"):
        (folder / name).symlink_to(cache_folder() / name)
    before = os.environ.get("MTORULES_CACHE")
    os.environ["MTORULES_CACHE"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("MTORULES_CACHE")
        if before is not None:
            os.environ["MTORULES_CACHE"] = before


def ratios(model: str, peers: dict[str, dict[str, Any]], settings: Any) -> dict[str, Any]:
    """Measure plain loop, fastest peer and scans one after the other; print and return rates."""
    task = Task(model)
    rates = {
        name: found["points_per_s"]
        for name, found in peers.items()
        if not name.startswith("ours") and "points_per_s" in found
    }
    fastest = max(rates, key=lambda name: rates[name], default=PLAIN)
    found: dict[str, Any] = {}
    with prepared(task) as folder:
        for name in dict.fromkeys((PLAIN, fastest)):
            one = measured(name, task, folder, settings.budget, 3 * settings.limit)
            found[name] = {
                "points_per_s": one.get("points_per_s_by_the_clock", math.nan),
                "processor_ms_per_point": 1e3 / one.get("points_per_s", math.nan),
            }
        for workers in (1, 2):
            found[f"ours, {workers} process{'es' * (workers > 1)}"] = scanned(task, workers, folder)
        asked = commands.measured(model)
        # Once more without anybody beside them, as what they are compared with.
        alone = {name: measured(name, task, folder, 0.0, settings.limit) for name in commands.PEERS}
    for name, one in found.items():
        print(
            f"{model:11} {name:26} {one['points_per_s']:10.1f} points/s by the clock,"
            f" {one['processor_ms_per_point']:8.2f} ms of processor a point",
            flush=True,
        )
    one, two = (found[name] for name in ("ours, 1 process", "ours, 2 processes"))
    told = {
        "two processes / plain loop": two["points_per_s"] / found[PLAIN]["points_per_s"],
        "two processes / one": two["points_per_s"] / one["points_per_s"],
        "fastest peer / one process": found[fastest]["points_per_s"] / one["points_per_s"],
        "the last by processor time": (
            one["processor_ms_per_point"] / found[fastest]["processor_ms_per_point"]
        ),
        "plain loop / one process by processor time": (
            found[PLAIN]["processor_ms_per_point"] / one["processor_ms_per_point"]
        ),
    }
    for name, one in asked.items():
        print(
            f"{model:11} {name:26} {one['clock_s']:10.2f} s by the clock,"
            f" {one['processor_s']:8.2f} s of processor",
            flush=True,
        )
    told |= commands.ratios(asked, alone)
    for name, value in told.items():
        print(f"{model:11} {name:44} {value:6.2f}", flush=True)
    return {"fastest": fastest, "rates": found, "commands": asked, "ratios": told}


# -- the table ------------------------------------------------------------------------------------

# What is shown of each peer: key, factor, head, and format.
COLUMNS: Final = (
    ("network_s", 1.0, "network s", "9.2f"),
    ("sbml_s", 1.0, "SBML s", "7.2f"),
    ("load_s", 1.0, "load s", "7.2f"),
    ("load_again_s", 1.0, "again", "6.2f"),
    ("course_s", 1e3, "course ms", "10.1f"),
    ("points_per_s", 1.0, "points/s", "9.1f"),
    ("memory_MiB", 1.0, "MiB", "6.0f"),
    ("deviation", 1.0, "deviation", "9.0e"),
)


def _cell(value: float | None, form: str) -> str:
    width = int(form.partition(".")[0])
    return " " * width if value is None else f"{value:{form}}"


HEAD: Final = f"{'model':11} {'peer':26} " + " ".join(
    f"{head:>{int(form.partition('.')[0])}}" for _, _, head, form in COLUMNS
)


def line(model: str, peer: str, found: Mapping[str, Any]) -> str:
    """Return a line of the table."""
    cells = (
        _cell(None if key not in found else factor * found[key], form)
        for key, factor, _, form in COLUMNS
    )
    return f"{model:11} {peer:26} {' '.join(cells)} {found.get('failed', '')[:60]}".rstrip()


def deviation(found: Mapping[str, Any], reference: Mapping[str, Any]) -> float | None:
    """Return how far numbers are from the reference's, at most, relatively."""
    worst = []
    for key in ("relative_course", "relative_points"):
        if found.get(key) and reference.get(key):
            ours, theirs = np.array(found[key]), np.array(reference[key])
            count = min(len(ours), len(theirs))
            worst.append(float(np.abs(ours[:count] / theirs[:count] - 1).max()))
    return max(worst, default=None)


@contextmanager
def prepared(task: Task) -> Iterator[Path]:
    """Give a folder with the model's SBML and .net, which is no peer's work."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.xml").write_text(task.loaded.sbml, encoding="utf-8")
        net.write(task.network, folder / "model.net")
        yield folder


def compare(model: str, settings: Any, gone: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Measure every peer on a model; those in ``gone`` are left out, those too slow join them."""
    task = Task(model)
    names = [name for name in (*MAKERS, *PEERS, AMICI) if name not in gone]

    def one(name: str) -> dict[str, Any]:
        limit = settings.limit * (_COMPILING if name == AMICI and not task.sites else 1.0)
        found = measured(name, task, folder, settings.budget, limit)
        if name.startswith("ours on") and "failed" not in found:
            again = measured(name, task, folder, 0.0, settings.limit)
            found["load_again_s"] = again.get("load_s")
        return found

    reference: dict[str, Any] = {}
    with prepared(task) as folder, ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        # Whoever compiles longest begins first.
        futures = {name: pool.submit(one, name) for name in sorted(names, key=AMICI.__ne__)}
        for name in names:
            found = futures[name].result()
            if "failed" in found:
                gone.add(name)
            if name == PLAIN:
                reference = found
            away = deviation(found, reference)
            yield name, found if away is None else {**found, "deviation": away}


# AMICI compiles C++ for each model, for which it gets so many times the limit of the others.
_COMPILING: Final = 2.5


def main() -> None:
    """Measure everything, print the table and write the numbers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--models", nargs="+", help="these alone")
    parser.add_argument("--quick", action="store_true", help="a minute's worth, less exact")
    parser.add_argument("--json", type=Path, default=RESULTS)
    for name in ("--peer", "--model"):
        parser.add_argument(name, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--budget", type=float, help="seconds for each peer's scan")
    parser.add_argument("--limit", type=float, help="seconds for each peer in all")
    given = parser.parse_args()
    given.budget = given.budget or (2.0 if given.quick else 6.0)
    given.limit = given.limit or (20.0 if given.quick else 60.0)
    if given.peer:
        child(given.peer, given.model, given.folder, given.budget)
        return
    scaffolds = [4, 5] if given.quick else range(4, 11)
    models = given.models or [
        "complexes",
        *([] if given.quick else ["signalling"]),
        *(f"scaffold{sites}" for sites in scaffolds),
    ]
    rows: list[dict[str, Any]] = []
    peers: dict[str, dict[str, dict[str, Any]]] = {}
    print(HEAD)
    gone: set[str] = set()
    for model in models:
        whole = "scaffold" not in model
        settings = given if whole else argparse.Namespace(budget=given.budget, limit=_SCAFFOLD)
        for peer, found in compare(model, settings, set() if whole else gone):
            rows.append({"model": model, "peer": peer, **found})
            peers.setdefault(model, {})[peer] = found
            print(line(model, peer, found), flush=True)
    print()
    scans = {m: ratios(m, peers[m], given) for m in models if "scaffold" not in m}
    given.json.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine(), "peers": rows, "scans": scans}, indent=1)
    given.json.write_text(text + "\n", encoding="utf-8")
    print(f"Figures in {given.json}")
    if not (given.quick or given.models):
        for name, (before, now) in history.keep(history.ratios(rows, scans), machine()).items():
            print(f"worse: {name} is {now:.3g}, and was {before:.3g}")
        history.draw(history.read())


# Seconds for each peer on a scaffold.
_SCAFFOLD: Final = 20.0


if __name__ == "__main__":
    main()
