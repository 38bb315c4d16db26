"""What the whole network costs: size, generation, loading, rest and a two-day experiment.

Everything starts with an empty cache, in one process; what is measured a second time comes from the
cache. Times are the clock's, for they are what a user waits.
"""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

RESULTS: Final = Path(__file__).parents[1] / "results" / "bench" / "signalling.json"
HOURS: Final = 48

# What is aimed at, at most.
TARGETS: Final = {
    "species": 600,
    "reactions": 6000,
    "generation, s": 60.0,
    "generation from the cache, s": 1.0,
    "libRoadRunner load, s": 6.0,
    "libRoadRunner load from a saved state, s": 1.0,
    f"{HOURS} h after rest, s": 2.0,
}


def main() -> None:
    """Measure, print a table and write it as JSON."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MTORULES_CACHE"] = folder
        found = measure()
    print(f"{'':42}{'measured':>10}{'at most':>10}")
    for name, value in found.items():
        bound = TARGETS.get(name)
        said = "" if bound is None else f"{bound:10g}"
        missed = "  missed" if bound is not None and value > bound else ""
        print(f"{name:42}{value:10.2f}{said}{missed}")
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    machine = {"machine": platform.machine(), "cores": os.cpu_count()}
    RESULTS.write_text(json.dumps({**machine, "measured": found}, indent=2), encoding="utf-8")


def measure() -> dict[str, float]:
    """Return each figure by name."""
    import numpy as np
    from mtorules.models import catalogue
    from mtorules.models.perturbations import conditions
    from mtorules.network import generate
    from mtorules.simulation.load import load
    from mtorules.simulation.simulator import Simulator, exposure

    found: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        found[name] = time.perf_counter() - start
        return result

    model = timed("PySB model, s", lambda: catalogue.build("signalling"))
    network = timed("generation, s", lambda: generate.network(model))
    timed("generation from the cache, s", lambda: generate.network(model))
    found = {"species": len(network.species), "reactions": len(network.reactions), **found}
    loaded = timed("SBML, s", lambda: load(network))
    watched = ["S6K_total", "pS6K_t389", "AKT_total", "pAKT_s473"]
    timed("libRoadRunner load, s", lambda: Simulator(loaded, watched))
    cell = timed("libRoadRunner load from a saved state, s", lambda: Simulator(loaded, watched))
    fed = [conditions.table()["FED"]]
    timed("rest, s", lambda: cell.run(exposure(["0 s"], conditions=fed)))
    times = np.linspace(0, HOURS * 3600, 97).tolist()
    drug = exposure(times, doses={"RAPA_medium": "20 nM"}, conditions=fed)
    timed(f"{HOURS} h after rest, s", lambda: cell.run(drug))
    return found


if __name__ == "__main__":
    main()
