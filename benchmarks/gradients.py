"""Fits: gradients of an objective a second, ours and AMICI's adjoint through pyPESTO.

    python benchmarks/gradients.py [MODEL ...] [--json FILE]

The problem is the same for both: doses of rapamycin, looked at at four times, of cells that came to
rest before, and every parameter of the model's tables that may move. Ours takes targets as they
are; AMICI gets them as the PEtab problem that ``mtorules export --format petab-v1`` writes. Both
integrate with the same tolerances, and each runs in one process. Ours gives the slopes of all
levels, of which the gradient is made; AMICI that of the sum alone, by its adjoint and forwards. The
gradient of the likelihood is held against AMICI's, so that the table says by how much of its
largest entry the two differ. AMICI and pyPESTO are those of ``make interop``.

Times are processor time; what is compiled once for a model stands apart. A peer that is not ready
in half an hour is left out.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import psutil
from machine import machine
from mtorules.analysis.calibration import priors
from mtorules.analysis.calibration.data import Data
from mtorules.analysis.calibration.measuring import Measured, Measurer
from mtorules.analysis.claims.reading import Claims
from mtorules.analysis.comparing.task import NotInstalledError
from mtorules.analysis.comparing.tools import amici
from mtorules.analysis.petab import building, estimating, targeted, writing
from mtorules.analysis.petab.problem import VERSIONS
from mtorules.analysis.validation.targets import Target
from mtorules.simulation.engines import Loaded, Tolerances
from mtorules.simulation.load import load

TOLERANCES: Final = Tolerances(1e-8)
DOSES: Final = (0.1, 1.0, 10.0, 100.0)  # nM
HOURS: Final = (0.25, 1.0, 6.0, 24.0)
READOUTS: Final = {
    "complexes": ("MTORC1_intact", "MTORC2"),
    "rapamycin": ("MTORC1_intact", "MTORC2"),
    "signalling": ("pS6K_t389", "pAKT_s473"),
}
REPEATS: Final = 3
PEER: Final = Path(__file__).with_name("gradients_peer.py")


def targets(model: str) -> list[Target]:
    """Return what is to be met; what the values are does not matter here."""
    return [
        Target(
            dataset="made",
            line="reference",
            medium="full",
            stimulus="",
            drug=f"rapamycin={dose:g} nM",
            lead_h=0.0,
            time_h=hours,
            readout=readout,
            reference="vehicle",
            log2=-1.0,
            spread=0.5,
            n=1,
        )
        for readout in READOUTS[model]
        for dose in DOSES
        for hours in HOURS
    ]


def ours(loaded: Loaded, asked: Sequence[Target]) -> dict[str, Any]:
    """Return what a gradient takes with the adjoint that the fit uses, and the gradient."""
    free = priors.free(loaded.model)
    begun = _spent()
    data = Data(asked, loaded.model)
    measurer = Measurer(
        Claims((), {}, {}, {}), loaded, free, data=data, tolerances=TOLERANCES, workers=1
    )
    own, _ = loaded.model.initial({})
    point = np.log([own[name] for name in measurer.names])  # where the PEtab problem begins
    try:
        found = measurer(point)
        ready = _spent() - begun
        begun = _spent()
        for number in range(REPEATS):  # never twice the same, which is kept
            measurer(point + 1e-4 * (number + 1))
        passed = (_spent() - begun) / REPEATS
    finally:
        measurer.close()
    slopes = dict(zip(measurer.names, likelihood(data, found).tolist(), strict=True))
    return {"ready_s": ready, "gradient_s": passed, "gradient": slopes}


def likelihood(data: Data, found: Measured) -> np.ndarray:
    """Return how the negative log-likelihood of the PEtab problem follows logarithms.

    Each reference is a measurement of 1, each target one of its ratio, both up to the scale of
    their batch, which is at its best.
    """
    batches: dict[int, list[tuple[int, float, float]]] = {}
    for target, above, below in zip(
        data.targets, data.levels.above, data.levels.below, strict=True
    ):
        rows = batches.setdefault(below, [(below, 0.0, targeted._EXACT)])
        rows.append((above, target.log2, target.spread))
    gradient = np.zeros(found.level_slopes.shape[1])
    for rows in batches.values():
        places = [place for place, _, _ in rows]
        spread = np.log(2) * np.array([each for _, _, each in rows])
        off = np.log(found.levels[places]) - np.log(2) * np.array([each for _, each, _ in rows])
        off -= np.average(off, weights=spread**-2)
        slopes = found.level_slopes[places] / found.levels[places][:, None]
        gradient += (off / spread**2) @ slopes
    return gradient


def theirs(loaded: Loaded, asked: Sequence[Target], folder: Path) -> dict[str, Any]:
    """Return the same of AMICI through pyPESTO."""
    rows, done = targeted.of(asked, loaded.model)
    built = building.build(loaded, rows, done, priors.free(loaded.model), formulas_set=False)
    writing.write(estimating.estimated(built, loaded), folder / "problem", VERSIONS["petab-v1"])
    python = amici.python()
    words = [
        *(python, "-I", PEER, folder / "problem" / "problem.yaml", folder / "compiled"),
        *(str(TOLERANCES.relative), str(TOLERANCES.relative * 1e-4 * loaded.scale), str(REPEATS)),
    ]
    run = subprocess.run(
        words,
        env=amici.environment(python),
        capture_output=True,
        text=True,
        timeout=amici.PATIENCE,
        check=False,
    )
    if run.returncode:
        raise RuntimeError(run.stderr.strip()[-2000:])
    return json.loads(run.stdout.splitlines()[-1])


def _spent() -> float:
    """Return the processor time of this process and of those it has started, in seconds."""
    own = psutil.Process()
    used = [each.cpu_times() for each in (own, *own.children(recursive=True))]
    return sum(one.user + one.system for one in used)


def measured(model: str) -> dict[str, Any]:
    """Return what both take for a model, and by how much their gradients differ."""
    loaded, asked = load(model), targets(model)
    mine = ours(loaded, asked)
    found: dict[str, Any] = {"ours": mine, "parameters": len(mine["gradient"])}
    try:
        with tempfile.TemporaryDirectory() as folder:
            found["AMICI"] = theirs(loaded, asked, Path(folder))
    except (NotInstalledError, subprocess.TimeoutExpired, RuntimeError) as error:
        found["without AMICI"] = str(error)
        return found
    both = [name for name in found["AMICI"]["gradient"] if name in mine["gradient"]]
    ours_, theirs_ = (
        np.array([one["gradient"][name] for name in both]) for one in (mine, found["AMICI"])
    )
    found["deviation"] = float(np.abs(ours_ - theirs_).max() / np.abs(theirs_).max())
    return found


def _cells(ready: float, gradient: float) -> str:
    return f"{ready:10.1f}{gradient:13.3f}{1 / gradient:10.2f}"


def main() -> None:
    """Measure, print a table, and write it as JSON if asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("models", nargs="*", default=["complexes", "rapamycin"])
    parser.add_argument("--json", type=Path, help="write everything here")
    asked = parser.parse_args()
    found = {}
    print(f"{'':12}{'':16}{'ready, s':>10}{'gradient, s':>13}{'a second':>10}{'deviation':>11}")
    for model in asked.models:
        found[model] = one = measured(model)
        print(f"{model:12}{'ours':16}{_cells(one['ours']['ready_s'], one['ours']['gradient_s'])}")
        other = one.get("AMICI")
        if other is None:
            print(f"{model:12}{'AMICI':16}{one['without AMICI'].splitlines()[-1]}")
            continue
        for way in ("adjoint", "forward"):
            said = _cells(other["ready_s"], other[f"{way}_s"])
            print(f"{model:12}{'AMICI, ' + way:16}{said}{one['deviation']:11.1e}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps({"machine": machine(), **found}, indent=2), "utf-8")


if __name__ == "__main__":
    main()
