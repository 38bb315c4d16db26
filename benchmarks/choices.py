"""What each choice in our two fast engines is worth: the same work with and without it.

    python benchmarks/choices.py [--models NAME ...] [--json FILE]

Of libRoadRunner the load and a day with a drug, with its own settings, with each of ours alone,
with all of them, and from a saved state. Of bngsim the load, the first and the next day: with its
own settings, and with all of ours but one. Each line is a process of its own; times are processor
time, that of the C compiler included.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from measuring import spent, tell

RESULTS: Final = Path(__file__).parents[1] / "results" / "bench" / "choices.json"
DAY: Final = np.array([3600.0, 14400.0, 86400.0])
REPEATS: Final = 5


def _day(model: str, engine: str, **more: Any) -> None:
    """Load a model through an engine of ours, and run the day."""
    from mtorules.simulation.engines import Tolerances
    from mtorules.simulation.experiments.experiments import exposure
    from mtorules.simulation.load import load
    from mtorules.simulation.simulator import Simulator

    loaded = load(model)
    begun = spent()
    simulator = Simulator(
        loaded, ["MTORC1", "MTORC2"], engine=engine, tolerances=Tolerances(1e-8), **more
    )
    found = {"load_s": spent() - begun}
    experiment = exposure(DAY, doses={"RAPA_medium": 20.0}, equilibrated=False)
    begun = spent()
    simulator.values(experiment)
    found["first_ms"] = 1e3 * (spent() - begun)
    again = []
    for _ in range(REPEATS):
        begun = spent()
        simulator.values(experiment)
        again.append(1e3 * (spent() - begun))
    tell({**found, "again_ms": min(again)})


# -- libRoadRunner ---------------------------------------------------------------------------------


def _roadrunner(*names: str) -> Callable[[str], None]:
    """Return work with some of the settings that we make."""

    def work(model: str) -> None:
        from mtorules.simulation.engines import roadrunner_cache

        ours = dict(roadrunner_cache._FAST)
        roadrunner_cache._FAST.clear()
        roadrunner_cache._FAST.update({name: ours[name] for name in names})
        _day(model, "roadrunner")

    return work


def _saved(model: str) -> None:
    """Take the compiled state from the cache, where the line before has put it."""
    _day(model, "roadrunner")


# -- bngsim ----------------------------------------------------------------------------------------


def _bngsim(without: str = "") -> Callable[[str], None]:
    """Return work with all settings that we make but one."""

    def work(model: str) -> None:
        if without == "compiled rates":
            os.environ["BNGSIM_NO_CODEGEN"] = "1"
        if without == "TinyCC":
            from mtorules.simulation.engines import compiling

            compiling.tiny = lambda: None
        if without == "order":
            import bngsim as theirs  # bound before ours, it keeps its own order

            assert theirs
        if without == "sparse solver":
            from mtorules.simulation.engines import bngsim

            bngsim._SPARSE = 10**9
        _day(model, "bngsim")

    return work


LINES: Final[dict[str, Callable[[str], None]]] = {
    "libRoadRunner, its own settings": _roadrunner(),
    "  newer compiler (LLJIT)": _roadrunner("LLVM_BACKEND"),
    "  and no optimisation": _roadrunner("LLVM_BACKEND", "LLJIT_OPTIMIZATION_LEVEL"),
    "  and fixed start values: ours": _roadrunner(
        "LLVM_BACKEND", "LLJIT_OPTIMIZATION_LEVEL", "LOADSBMLOPTIONS_MUTABLE_INITIAL_CONDITIONS"
    ),
    "  and a saved state": _saved,
    "bngsim, ours": _bngsim(),
    "  ours from the cache": _bngsim(),
    "  without TinyCC, by the C compiler": _bngsim("TinyCC"),
    "  without our order of elimination": _bngsim("order"),
    "  without the sparse solver forced": _bngsim("sparse solver"),
    "  without compiled rates": _bngsim("compiled rates"),
}
# What may find what the line before has kept.
WARM: Final = frozenset(("  and a saved state", "  ours from the cache"))


def main() -> None:
    """Measure each line in a process of its own, print a table and write the numbers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--models", nargs="+", default=["complexes", "signalling"])
    parser.add_argument("--json", type=Path, default=RESULTS)
    parser.add_argument("--line", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.line:
        warnings.simplefilter("ignore")
        LINES[given.line](given.models[0])
        return
    rows: list[dict[str, Any]] = []
    print(f"{'model':11} {'':34} {'load s':>7} {'first ms':>9} {'again ms':>9}")
    for model in given.models:
        with tempfile.TemporaryDirectory() as name:
            for number, line in enumerate(LINES):
                folder = Path(name, str(number - (line in WARM)))
                row = {"model": model, "line": line.strip(), **_measured(line, model, folder)}
                rows.append(row)
                print(
                    f"{model:11} {line:34} {row['load_s']:7.2f} {row['first_ms']:9.1f}"
                    f" {row['again_ms']:9.1f}",
                    flush=True,
                )
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _measured(line: str, model: str, folder: Path) -> dict[str, Any]:
    from mtorules.network.cache import cache_folder

    folder.mkdir(exist_ok=True)
    for name in ("networks", "catalogue", "declared"):
        (cache_folder() / name).mkdir(parents=True, exist_ok=True)
        if not (folder / name).exists():
            (folder / name).symlink_to(cache_folder() / name)
    done = subprocess.run(
        [sys.executable, __file__, "--models", model, "--line", line],
        env={
            **os.environ,
            "MTORULES_CACHE": str(folder),
            "BNGSIM_CODEGEN_CACHE_DIR": str(folder / "bngsim"),
            "OPENBLAS_NUM_THREADS": "1",
        },
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
