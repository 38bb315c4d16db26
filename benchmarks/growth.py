"""Where writing a network out ends, and simulation of molecules without one takes over.

    python benchmarks/growth.py [--sites 4 13] [--limit SECONDS]

A scaffold whose sites bind a ligand each for itself has twice the species with each site, 8,193
with thirteen. Measured are its network by BNG2.pl, which is the floor of every generation, and by
this package; a day of its rate equations, from a network that is written down directly; and the
same day molecule by molecule in NFsim, which needs no network, with 100 scaffolds and with 10,000.
Each step is a process of its own and stopped when its time is up; a step that was stopped is not
tried on anything larger. Times are processor time, memory is the most that was held. One figure
shows both; NFsim is the cheaper way from where its line is below the dashed one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from machine import machine
from measuring import COURSE, spent, tell

RESULTS: Final = Path(__file__).parents[1] / "results" / "bench" / "growth.json"
FEW, MANY = 100, 10_000


def _bng2(sites: int) -> None:
    from peers import made_by_bng2
    from tasks import Task

    made_by_bng2(Task(f"scaffold{sites}"))


def _network(sites: int) -> None:
    from mtorules.network import generate
    from tasks import pysb_scaffold

    model = pysb_scaffold(sites)
    begun = spent()
    generate.network(model, cache=False)
    tell({"network_s": spent() - begun})


def _equations(sites: int) -> None:
    from mtorules.simulation.experiments.experiments import exposure
    from mtorules.simulation.simulator import Simulator
    from tasks import TOLERANCES, Task

    task = Task(f"scaffold{sites}")
    _ = task.loaded  # what it costs to make stands in the lines before
    begun = spent()
    simulator = Simulator(
        task.loaded, task.observables, engine="bngsim", tolerances=TOLERANCES, runs=1
    )
    course = simulator.values(exposure(COURSE, equilibrated=False))
    tell({"day_s": spent() - begun, "bound": float(course[-1, 0] / 100.0)})


def _molecules(count: int) -> Callable[[int], None]:
    """Return the day in NFsim with so many scaffolds; rates of binding are by molecule."""

    def work(sites: int) -> None:
        from mtorules.simulation.engines import Tolerances
        from mtorules.simulation.engines.nfsim import NfsimEngine, network_free
        from tasks import pysb_scaffold

        model = pysb_scaffold(sites)
        factor = count / FEW
        for parameter in model.parameters:
            if parameter.name in ("S_0", "L_0"):
                parameter.value *= factor
            elif parameter.name.startswith("kf"):
                parameter.value /= factor
        begun = spent()
        loaded = network_free(model)
        engine = NfsimEngine(loaded, ["Bound"], Tolerances())
        engine.random(1)
        engine.start(loaded.model.initial({})[0], np.zeros(0), 0.0)
        course = engine.integrate(COURSE)
        tell({"day_s": spent() - begun, "bound": float(course[-1, 0] / count)})

    return work


STEPS: Final[dict[str, Callable[[int], None]]] = {
    "network by BNG2.pl": _bng2,
    "network by this package": _network,
    "a day of rate equations": _equations,
    f"a day of {FEW} scaffolds in NFsim": _molecules(FEW),
    f"a day of {MANY:,} scaffolds in NFsim": _molecules(MANY),
}
# What together do what NFsim does alone.
WITH_NETWORK: Final = ("network by this package", "a day of rate equations")


def measured(step: str, sites: int, limit: float) -> dict[str, Any]:
    """Run one step in a process of its own, and return what it told or why it told nothing."""
    words = [sys.executable, __file__, "--step", step, "--sites", str(sites), str(sites)]
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=limit, cwd=folder)
        except subprocess.TimeoutExpired:
            return {"failed": f"> {limit:g} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["it died"])[-1]}
    return json.loads(done.stdout.splitlines()[-1])


def draw(rows: list[dict[str, Any]], path: Path) -> None:
    """Draw time and memory over species, and the time of network and equations together."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, NullFormatter

    figure = Figure(figsize=(9.5, 4.2), layout="constrained")
    times, memory = figure.subplots(1, 2)
    seconds: dict[tuple[str, int], float] = {}
    for step, marker in zip(STEPS, "osD^v", strict=True):
        mine = [row for row in rows if row["step"] == step and "failed" not in row]
        species = [_species(row) for row in mine]
        spent_on: list[float] = [
            row["network_s" if "network_s" in row else "day_s"] for row in mine
        ]
        seconds.update(((step, at), took) for at, took in zip(species, spent_on, strict=True))
        look = {"marker": marker, "markersize": 4, "linewidth": 1.2, "label": step}
        times.plot(species, spent_on, **look)
        memory.plot(species, [row["memory_MiB"] for row in mine], **look)
    measured_at = sorted({_species(row) for row in rows})
    whole = [
        (at, sum(seconds[step, at] for step in WITH_NETWORK))
        for at in measured_at
        if all((step, at) in seconds for step in WITH_NETWORK)
    ]
    times.plot(*zip(*whole, strict=True) if whole else ((), ()), "k--", label="both: network + day")
    for axes, label in ((times, "processor time, s"), (memory, "memory, MiB")):
        axes.set(xscale="log", yscale="log", xlabel="species of the network", ylabel=label)
        axes.set_xticks(measured_at, [f"{at:,}" for at in measured_at], rotation=45)
        axes.xaxis.set_minor_formatter(NullFormatter())
        low, high = axes.get_ylim()
        axes.set_ylim(10 ** np.floor(np.log10(low)), 10 ** np.ceil(np.log10(high)))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
        axes.yaxis.set_minor_formatter(NullFormatter())
        axes.grid(which="major", linewidth=0.4, alpha=0.5)
    figure.legend(
        *times.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8
    )
    figure.savefig(path)


def _species(row: dict[str, Any]) -> int:
    return int(2 ** row["sites"] + 1)


def crossover(rows: list[dict[str, Any]], molecules: str) -> str:
    """Say from how many sites on NFsim is done sooner than network and equations together."""
    found = {(row["step"], row["sites"]): row for row in rows}
    for sites in sorted({row["sites"] for row in rows}):
        network, day = (
            found.get((step, sites), {}).get(key)
            for step, key in zip(WITH_NETWORK, ("network_s", "day_s"), strict=True)
        )
        free = found.get((molecules, sites), {}).get("day_s")
        if free is not None and (network is None or day is None or free < network + day):
            return f"{molecules}: sooner than a network from {sites} sites on"
    return f"{molecules}: not sooner than a network"


def main() -> None:
    """Measure, print a line for each step, and draw the figure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sites", type=int, nargs=2, default=(4, 13), metavar=("FIRST", "LAST"))
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for each step")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    given = parser.parse_args()
    first, last = given.sites
    if given.step:
        warnings.simplefilter("ignore")
        STEPS[given.step](first)
        return
    rows: list[dict[str, Any]] = []
    gone: set[str] = set()
    for sites in range(first, last + 1):
        for step in STEPS:
            if step in gone:
                continue
            row = {"sites": sites, "step": step, **measured(step, sites, given.limit)}
            rows.append(row)
            if "failed" in row:
                gone.add(step)
            told = {key: value for key, value in row.items() if key not in ("sites", "step")}
            print(f"{2**sites + 1:6,} species  {step:36} {told}", flush=True)
    for count in (FEW, MANY):
        print(crossover(rows, next(step for step in STEPS if f" {count:,} " in step)))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"machine": machine(), "steps": rows}, indent=1)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    draw(rows, RESULTS.with_suffix(".svg"))
    print(f"Figures in {RESULTS} and {RESULTS.with_suffix('.svg')}")


if __name__ == "__main__":
    main()
