"""How fast a PySB model becomes an SBML file, and the file loads: BNG2.pl, PySB and this package.

The model is a scaffold whose sites bind independently of each other, so that the number of species
doubles with each site; the last site of the largest has two ligands, which makes 7,168 reactions.
Each step runs in a process of its own. Times are processor seconds of the step and of what it
starts, without imports: a busy machine stretches them less than the clock's. Memory is the largest
that a process was, imports included.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parents[1] / "results" / "bench" / "export.json"

# Sites, and ligands of the last one.
SIZES: Final = ((6, 1), (7, 1), (8, 1), (9, 1), (9, 2))
# What is aimed at, of the largest model: at most, or at least.
TOTAL_TO_BNG2: Final = 1.15
WRITING_TO_PYSB: Final = 4.0


def scaffold(sites: int, ligands: int) -> Any:
    """Return a PySB model of a scaffold with independent sites."""
    from mtorules.models.building.drafting import drafting
    from pysb import Initial, Model, Monomer, Observable, Parameter, Rule

    model = Model(f"scaffold_{sites}_{ligands}", _export=False)
    names = [f"s{index}" for index in range(sites)]
    with drafting(model):
        scaffold = Monomer("S", names)
        kf, kr = Parameter("kf", 1e-3), Parameter("kr", 0.1)
        Initial(scaffold(**dict.fromkeys(names)), Parameter("S_0", 100))
        for site in names:
            for number in range(ligands if site == names[-1] else 1):
                ligand = Monomer(f"L{number}_{site}", ["s"])
                Initial(ligand(s=None), Parameter(f"{ligand.name}_0", 50))
                bound = scaffold(**{site: 1}) % ligand(s=1)
                Rule(
                    f"bind_{ligand.name}", scaffold(**{site: None}) + ligand(s=None) | bound, kf, kr
                )
        Observable("free", scaffold(**dict.fromkeys(names)))
    return model


# -- the steps, each in a process of its own ------------------------------------------------------


def _seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


class _Clock:
    """Processor seconds by name."""

    def __init__(self) -> None:
        self.found: dict[str, float] = {}
        self._last, self._wall = _seconds(), time.perf_counter()
        self._began = self._wall

    def lap(self, name: str) -> None:
        now = _seconds()
        self.found[name] = now - self._last
        self._last = now

    def done(self) -> dict[str, float]:
        self.found["wall"] = time.perf_counter() - self._began
        return self.found


def bng2(sites: int, ligands: int, folder: Path) -> dict[str, float]:
    """Let BNG2.pl alone generate the network."""
    from mtorules.network.bionetgen import bng2
    from mtorules.network.sources import pysb_bngl

    text = pysb_bngl.write(scaffold(sites, ligands)).text
    (folder / "alone.bngl").write_text(text + "generate_network({overwrite=>1})\n")
    perl, script = bng2.find()
    clock = _Clock()
    subprocess.run([perl, script, "alone.bngl"], cwd=folder, check=True, capture_output=True)
    clock.lap("generation")
    return clock.done()


def pysb(sites: int, ligands: int, folder: Path) -> dict[str, float]:
    """Let PySB generate and write."""
    from pysb.bng import generate_equations
    from pysb.export import export

    model = scaffold(sites, ligands)
    clock = _Clock()
    generate_equations(model)
    clock.lap("generation")
    (folder / "pysb.xml").write_text(export(model, "sbml"))
    clock.lap("writing")
    return clock.done()


def ours(sites: int, ligands: int, folder: Path) -> dict[str, float]:
    """Let this package generate and write."""
    from mtorules.export.sbml import writer
    from mtorules.network import generate

    model = scaffold(sites, ligands)
    clock = _Clock()
    network = generate.network(model, cache=False)
    clock.lap("generation")
    writer.write(network, folder / "ours.xml")
    clock.lap("writing")
    return clock.done() | {"reactions": len(network.reactions), "species": len(network.species)}


def load_pysb(sites: int, ligands: int, folder: Path) -> dict[str, float]:
    """Load PySB's file in libRoadRunner."""
    return _load(folder / "pysb.xml")


def load_ours(sites: int, ligands: int, folder: Path) -> dict[str, float]:
    """Load our file in libRoadRunner."""
    return _load(folder / "ours.xml")


def _load(path: Path) -> dict[str, float]:
    import roadrunner

    text = path.read_text(encoding="utf-8")
    roadrunner.RoadRunner()  # starts the compiler
    clock = _Clock()
    roadrunner.RoadRunner(text)
    clock.lap("load")
    return clock.done() | {"megabytes": len(text) / 1e6}


Step = Callable[[int, int, Path], dict[str, float]]
# Steps of one line run at the same time, so that whatever else runs slows them down alike.
STEPS: Final[tuple[tuple[Step, ...], ...]] = ((bng2,), (pysb,), (ours,), (load_pysb, load_ours))


def _alone(step: Step, sites: int, ligands: int, folder: str) -> dict[str, float]:
    warnings.simplefilter("ignore")
    found = step(sites, ligands, Path(folder))
    peak = max(
        resource.getrusage(who).ru_maxrss
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return found | {"memory": peak / 1024}


def measure(sites: int, ligands: int, repeats: int) -> dict[str, dict[str, float]]:
    """Return the least of each figure over some repeats, by step."""
    spawn = multiprocessing.get_context("spawn")
    row: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for together in STEPS * repeats:
            with spawn.Pool(len(together), maxtasksperchild=1) as pool:
                jobs = [(step, sites, ligands, folder) for step in together]
                found = pool.starmap(_alone, jobs, chunksize=1)
            for step, one in zip(together, found, strict=True):
                known = row.setdefault(step.__name__, one)
                row[step.__name__] = {key: min(known[key], one[key]) for key in one}
    return row


# -- the report -----------------------------------------------------------------------------------


def ratios(row: dict[str, dict[str, float]]) -> dict[str, float]:
    """Return what the targets speak of."""
    alone, other, own = row["bng2"], row["pysb"], row["ours"]
    return {
        "total / BNG2.pl": (own["generation"] + own["writing"]) / alone["generation"],
        "PySB total / BNG2.pl": (other["generation"] + other["writing"]) / alone["generation"],
        "PySB writing / ours": other["writing"] / own["writing"],
        "load / PySB": row["load_ours"]["load"] / row["load_pysb"]["load"],
        "memory / PySB": own["memory"] / other["memory"],
    }


def main() -> None:
    """Measure, print a table and keep the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", type=int, default=len(SIZES), help="how many of the sizes")
    parser.add_argument("--repeats", type=int, default=1, help="the least of so many counts")
    parser.add_argument("--output", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    rows = []
    head = "species reactions | BNG2.pl | PySB gen  write  load  MB | ours gen  write  load  MB | "
    print(head + "total/BNG2.pl (PySB)  write  load  memory")
    for sites, ligands in SIZES[: arguments.sizes]:
        row = measure(sites, ligands, arguments.repeats)
        row["ratios"] = ratios(row)
        rows.append(row)
        print(_line(row), flush=True)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    machine = {"processors": os.cpu_count(), "python": platform.python_version()}
    arguments.output.write_text(json.dumps({"machine": machine, "sizes": rows}, indent=1) + "\n")
    last = rows[-1]["ratios"]
    verdicts = (
        (f"total at most {TOTAL_TO_BNG2} BNG2.pl", last["total / BNG2.pl"] <= TOTAL_TO_BNG2),
        (
            f"writing at least {WRITING_TO_PYSB:g} times PySB's speed",
            last["PySB writing / ours"] >= WRITING_TO_PYSB,
        ),
        ("loads no slower than PySB's file, to 5 % of noise", last["load / PySB"] <= 1.05),
    )
    for text, held in verdicts:
        print(f"{'yes' if held else 'NO '}  {text}")
    print(f"Figures in {arguments.output}")


def _line(row: dict[str, dict[str, float]]) -> str:
    own, other, ratio = row["ours"], row["pysb"], row["ratios"]
    return (
        f"{own['species']:7.0f} {own['reactions']:9.0f} | {row['bng2']['generation']:7.2f} |"
        f" {other['generation']:8.2f} {other['writing']:6.2f} {row['load_pysb']['load']:5.1f}"
        f" {other['memory']:3.0f} | {own['generation']:8.2f} {own['writing']:6.2f}"
        f" {row['load_ours']['load']:5.1f} {own['memory']:3.0f} |"
        f" {ratio['total / BNG2.pl']:13.2f} {ratio['PySB total / BNG2.pl']:6.2f}"
        f" {ratio['PySB writing / ours']:6.1f} {ratio['load / PySB']:5.2f}"
        f" {ratio['memory / PySB']:7.2f}"
    )


if __name__ == "__main__":
    main()
