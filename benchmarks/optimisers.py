"""Fits: which optimiser makes the joint objective small in the fewest evaluations.

    python benchmarks/optimisers.py [--evaluations 6] [--data SET ...] [--json FILE]

All begin at the tables' values, with claims, data, priors and factors of cell lines as ``mtorules
calibrate`` has them, in logarithms counted in spreads, and see the same residuals and slopes: the
steps of :mod:`mtorules.analysis.calibration.steps`, SciPy's trust-region reflective
``least_squares``, and fides' (Froehlich and Sorger 2022, doi:10.1371/journal.pcbi.1010322) with the
Hessian of Gauss and Newton, if it is there (``pip install fides``). An evaluation, which measures
all experiments with their slopes, is what costs; what an optimiser computes between two is less
than a tenth of it. Evaluations are kept in ``--store``, so that it goes on from where it was.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from machine import machine
from mtorules.analysis.calibration import fitting
from mtorules.analysis.calibration import lines as of_lines
from mtorules.analysis.calibration.calibrate import PLAUSIBILITY
from mtorules.analysis.calibration.data import Data
from mtorules.analysis.calibration.measuring import Measured, Measurer
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.calibration.priors import free
from mtorules.analysis.claims import reading
from mtorules.analysis.polling import chosen
from mtorules.analysis.validation import targets
from mtorules.simulation.load import load
from scipy import optimize

FOLDER: Final = Path(__file__).parents[1] / "build" / "optimisers"


class Enough(Exception):
    """All evaluations are spent."""


class Problem:
    """The objective of a fit in spreads from the tables' values, which notes what it comes to."""

    def __init__(self, measurer: Measurer, most: int) -> None:
        self.measurer, self.most = measurer, most
        begun = measurer(measurer.centre)
        self.objective = Objective(measurer, measurer.followed(begun))
        moves = self.objective.free
        self.spread, self.centre = measurer.spread[moves], measurer.centre[moves]
        self.low, self.high = ((end[moves] - self.centre) / self.spread for end in measurer.inside)
        self.costs: list[float] = []

    def measured(self, moved: np.ndarray) -> Measured:
        """Return what is measured at a point, and note what it costs."""
        if len(self.costs) == self.most:
            raise Enough
        logs = self.measurer.centre.copy()
        logs[self.objective.free] += moved * self.spread
        found = self.measurer(np.clip(logs, *self.measurer.inside))
        self.costs.append(self.objective.cost(found))
        print(f"    {self.costs[-1]:.1f}", flush=True)
        return found

    def __call__(self, moved: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return residuals, and their slopes by each coordinate."""
        found = self.measured(moved)
        return self.objective.residuals(found), self.objective.jacobian(found) * self.spread


def ours(problem: Problem) -> None:
    """Take the steps of the package."""

    def told(step: fitting.Step) -> None:
        problem.costs.append(step.cost)
        print(f"    {step.cost:.1f}", flush=True)

    fitting.fit(problem.measurer, problem.measurer.centre, evaluations=problem.most, told=told)


def scipys(problem: Problem) -> None:
    """Take those of SciPy."""
    kept: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

    def at(moved: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        key = moved.tobytes()
        if key not in kept:
            kept.clear()
            kept[key] = problem(moved)
        return kept[key]

    inside = np.nextafter(problem.low, np.inf), np.nextafter(problem.high, -np.inf)
    optimize.least_squares(
        lambda moved: at(moved)[0],
        np.clip(np.zeros(len(problem.spread)), *inside),
        jac=lambda moved: at(moved)[1],  # pyright: ignore[reportArgumentType]
        bounds=(problem.low, problem.high),
        method="trf",
    )


def fides(problem: Problem) -> None:
    """Take those of fides."""
    from fides import Optimizer  # pyright: ignore[reportMissingImports]

    optimizer = Optimizer(
        problem, ub=problem.high, lb=problem.low, verbose=logging.ERROR, resfun=True
    )
    optimizer.minimize(np.zeros(len(problem.spread)))


OPTIMISERS: Final[dict[str, Callable[[Problem], None]]] = {
    "ours": ours,
    "SciPy's least_squares": scipys,
    "fides": fides,
}


def compared(problem: Problem) -> dict[str, list[float]]:
    """Return the objective at each evaluation, by optimiser."""
    found: dict[str, list[float]] = {}
    for name, optimiser in OPTIMISERS.items():
        if name == "fides" and importlib.util.find_spec("fides") is None:
            print("fides is not installed: pip install fides")
            continue
        print(name)
        problem.costs = []
        with contextlib.suppress(Enough):
            optimiser(problem)
        found[name] = problem.costs
    return found


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--evaluations", type=int, default=6, help="for each")
    parser.add_argument("--data", nargs="*", default=(), help="data sets; all by default")
    parser.add_argument("--store", type=Path, default=FOLDER, help="where evaluations are kept")
    parser.add_argument("--json", type=Path, help="write the figures here")
    asked = parser.parse_args()
    loaded = load("signalling")
    measured = targets.select(targets.read(), asked.data)
    measurer = Measurer(
        chosen(reading.read([reading.FOLDER, PLAUSIBILITY])),
        loaded,
        free(loaded.model),
        data=Data(measured, loaded.model, of_lines.free(measured, loaded.model)),
        store=asked.store,
    )
    try:
        found: dict[str, Any] = compared(Problem(measurer, asked.evaluations))
    finally:
        measurer.close()
    print("| evaluation | " + " | ".join(found) + " |")
    for number in range(asked.evaluations):
        best = [min(costs[: number + 1]) for costs in found.values()]
        print(f"| {number + 1} | " + " | ".join(f"{each:.1f}" for each in best) + " |")
    if asked.json:
        asked.json.write_text(json.dumps({"machine": machine(), "objective": found}, indent=2))


if __name__ == "__main__":
    main()
