"""Fits: how far each optimiser comes with so many evaluations of the joint objective.

    python benchmarks/optimisers.py [--evaluations 6] [--only NAME ...] [--json FILE]

All begin at the tables' values of `signalling`, with the reviews' claims, what makes a cell
plausible, the package's targets and factors of cell lines, and within the same ranges. Each gets
the same residuals and slopes; an evaluation gives both, and counts once. Compared are the steps of
the package (:mod:`mtorules.analysis.calibration.steps`), SciPy's ``least_squares`` by both of its
methods for ranges, and fides, which is left out where it is not installed (``pip install fides``).
These are given parameters in spreads of their ranges, and go as far at first as the package does;
fides gets the Gauss-Newton matrix.

An evaluation takes two to three minutes on two cores. Each is kept in ``build/optimisers``, so that
a run that was broken off goes on, and points that two come by are computed once.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from machine import machine
from mtorules.analysis.calibration import calibrate, priors
from mtorules.analysis.calibration import lines as of_lines
from mtorules.analysis.calibration.data import Data
from mtorules.analysis.calibration.fitting import Step, fit
from mtorules.analysis.calibration.measuring import Measured, Measurer
from mtorules.analysis.calibration.objective import Objective
from mtorules.analysis.claims import reading
from mtorules.analysis.polling import chosen
from mtorules.analysis.validation import targets
from mtorules.simulation.engines.base import Vector
from mtorules.simulation.load import load
from scipy import optimize

ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = ROOT / "results" / "bench" / "optimisers.json"
STORE: Final = ROOT / "build" / "optimisers"
# How far all parameters together go at first, in spreads, as in a fit of the package.
FIRST: Final = 2.5

Told = Callable[[float, int], None]


class EnoughError(Exception):
    """All evaluations are used up."""


class Problem:
    """An objective over the parameters that move, in spreads from the tables' values."""

    def __init__(self, measurer: Measurer, evaluations: int, told: Told) -> None:
        self.measurer, self.evaluations, self.told = measurer, evaluations, told
        begun = measurer(np.clip(measurer.centre, *measurer.inside))
        self.objective = Objective(measurer, measurer.followed(begun))
        free = self.objective.free
        self.spread, self.centre = measurer.spread[free], measurer.centre[free]
        self.low, self.high = (
            (end[free] - self.centre) / self.spread for end in self.measurer.inside
        )
        self.counted: set[bytes] = set()

    def measured(self, x: Vector) -> Measured:
        """Return what is found at a point, and count it unless it was the last."""
        logs = self.measurer.centre.copy()
        logs[self.objective.free] += np.clip(x, self.low, self.high) * self.spread
        key = logs.tobytes()
        if key not in self.counted and len(self.counted) == self.evaluations:
            raise EnoughError
        found = self.measurer(logs)
        if key not in self.counted:
            self.counted.add(key)
            self.told(self.objective.cost(found), found.failing)
        return found

    def residuals(self, x: Vector) -> Vector:
        """Return what is squared."""
        return self.objective.residuals(self.measured(x))

    def jacobian(self, x: Vector) -> Vector:
        """Return how residuals follow a point."""
        return self.objective.jacobian(self.measured(x)) * self.spread


def package(measurer: Measurer, evaluations: int, told: Told) -> None:
    """Take the steps of ``mtorules calibrate``."""

    def hear(step: Step) -> None:
        told(step.cost, step.measured.failing)

    fit(measurer, measurer.centre, evaluations=evaluations, told=hear)


def scipy_least_squares(measurer: Measurer, evaluations: int, told: Told, method: str) -> None:
    """Let SciPy find the way."""
    problem = Problem(measurer, evaluations, told)
    optimize.least_squares(
        problem.residuals,
        np.zeros(len(problem.spread)),
        problem.jacobian,
        (problem.low, problem.high),
        method,
        # By which the first step is bound: as a whole, or each parameter for itself.
        x_scale=FIRST if method == "trf" else FIRST / np.sqrt(len(problem.spread)),
    )


def fides_gauss_newton(measurer: Measurer, evaluations: int, told: Told) -> None:
    """Let fides find the way, with the Gauss-Newton matrix."""
    import logging

    import fides  # pyright: ignore[reportMissingImports]

    problem = Problem(measurer, evaluations, told)

    def asked(x: Vector) -> tuple[float, Vector, Vector]:
        residuals, slopes = problem.residuals(x), problem.jacobian(x)
        return float(residuals @ residuals) / 2, slopes.T @ residuals, slopes.T @ slopes

    optimiser = fides.Optimizer(
        asked,
        problem.high,
        problem.low,
        verbose=logging.WARNING,
        options={fides.Options.DELTA_INIT: FIRST},
    )
    optimiser.minimize(np.zeros(len(problem.spread)))


OPTIMISERS: Final[dict[str, Callable[[Measurer, int, Told], None]]] = {
    "the package's": package,
    "SciPy trf": partial(scipy_least_squares, method="trf"),
    "SciPy dogbox": partial(scipy_least_squares, method="dogbox"),
    "fides": fides_gauss_newton,
}


def asked_of(store: Path) -> Measurer:
    """Return what the fit of ``make calibrate`` asks of `signalling`."""
    loaded = load("signalling")
    claims = chosen(reading.read([reading.FOLDER, calibrate.PLAUSIBILITY]))
    known = targets.read()
    data = Data(known, loaded.model, of_lines.free(known, loaded.model, {}))
    return Measurer(claims, loaded, priors.free(loaded.model), data=data, store=store)


def main() -> None:
    """Follow each optimiser, print what it comes to and write the numbers."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--evaluations", type=int, default=6)
    parser.add_argument("--only", nargs="+", choices=OPTIMISERS, default=list(OPTIMISERS))
    parser.add_argument("--store", type=Path, default=STORE)
    parser.add_argument("--json", type=Path, default=RESULTS)
    given = parser.parse_args()
    rows: list[dict[str, Any]] = []
    measurer = asked_of(given.store)
    try:
        for name in given.only:
            number = 0

            def told(cost: float, failing: int, name: str = name) -> None:
                nonlocal number
                number += 1
                row = {"optimiser": name, "evaluation": number}
                rows.append({**row, "objective": cost, "failing_checks": failing})
                print(f"{name:20} {number:3} {cost:12.2f} {failing:5} checks fail", flush=True)

            try:
                OPTIMISERS[name](measurer, given.evaluations, told)
            except EnoughError:
                pass
            except ImportError:
                print(f"{name:20} is not installed")
    finally:
        measurer.close()
    given.json.parent.mkdir(parents=True, exist_ok=True)
    found = {"machine": machine(), "evaluations": rows}
    given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
