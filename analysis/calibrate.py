"""Finding one parameter set with which the claims hold: the front door of :mod:`.calibration`.

Several starts are followed for some evaluations, and the best of them to the end. Every evaluation
is kept in a folder, so that a run that was broken off goes on where it was.
"""

from __future__ import annotations

import csv
import json
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from ..export.files import replacing
from ..models import fitted
from .calibration import fitting, priors
from .calibration.fitting import Fit, Step
from .calibration.objective import Objective, Progress
from .claims import reading
from .engines import Loaded

PLAUSIBILITY: Final = Path(__file__).parent / "calibration" / "plausibility.yaml"
# What the numbers of a fit depend on.
_PACKAGES: Final = ("numpy", "scipy", "sympy", "bngsim", "pysb")


# How many of the values that moved most are shown.
_SHOWN: Final = 20


class NothingToFitError(ValueError):
    """The model has no parameter that is free; the message says why."""


@dataclass(frozen=True)
class Result:
    """What a calibration found.

    Attributes
    ----------
    objective : Objective
        What was made small.
    fits : list of Fit
        One for each start, best first.
    seed : int
        Of the starts.
    """

    objective: Objective
    fits: list[Fit]
    seed: int

    @property
    def best(self) -> Fit:
        """The fit with the smallest objective."""
        return self.fits[0]


def calibrate(
    loaded: Loaded,
    *,
    files: Sequence[Path] | None = None,
    starts: int = 2,
    screening: int = 3,
    evaluations: int = 42,
    seed: int = 0,
    store: Path | None = None,
    workers: int | None = None,
    told: Callable[[Step], None] | None = None,
    progress: Progress | None = None,
) -> Result:
    """Fit the parameters of a model that nobody has measured.

    Parameters
    ----------
    loaded : Loaded
        The model.
    files : sequence of Path, optional
        Files of claims; by default those of the reviews.
    starts : int
        How many starts: the tables' values, then others drawn from the priors.
    screening : int
        Evaluations of the objective for each start.
    evaluations : int
        Most evaluations for the start that is best by then.
    seed : int
        Of the starts.
    store : Path, optional
        A folder in which every evaluation is kept.
    workers : int, optional
        Processes; one for each core if not given.
    told : callable, optional
        Told each evaluation.
    progress : callable, optional
        Told how far an evaluation is.

    Raises
    ------
    ClaimsError
        If the claims have faults or do not fit the model.
    NothingToFitError
        If no parameter of the model stands in a table with a range and without measurement.
    """
    claims = reading.read(files or [reading.FOLDER, PLAUSIBILITY])
    free = priors.free(loaded.model)
    if not free:
        raise NothingToFitError(
            f"Model {loaded.model.id!r} has no parameter to fit: those of the catalogue's tables "
            "are, which have a range and were not measured."
        )
    objective = Objective(claims, loaded, free, store=store, workers=workers)

    def follow(number: int, most: int) -> Fit:
        return fitting.fit(
            objective, begun[number], start=number, evaluations=most, told=told, progress=progress
        )

    try:
        begun = fitting.starts(objective, starts, seed)
        fits = [follow(number, screening) for number in range(starts)]
        fits.sort(key=lambda fit: fit.best.cost)
        # What was computed before is remembered.
        fits[0] = follow(fits[0].start, max(evaluations, screening))
    finally:
        objective.close()
    return Result(objective, fits, seed)


def about(result: Result) -> dict[str, Any]:
    """Return how a parameter set was found, as plain data."""
    best, objective = result.best.best, result.objective
    checks = len(objective.aims)
    far = (best.logs - objective.centre) / objective.spread
    return {
        "model": objective.loaded.model.id,
        "seed": result.seed,
        "objective": round(best.cost, 6),
        "of_claims": round(float((best.residuals[:checks] ** 2).sum()) / 2, 6),
        "of_priors": round(float((best.residuals[checks:] ** 2).sum()) / 2, 6),
        "checks": checks,
        "failing_checks": best.failing,
        "parameters": len(objective.names),
        "spreads_moved": {
            "median": round(float(np.median(np.abs(far))), 4),
            "largest": round(float(np.abs(far).max()), 4),
        },
        "starts": [
            {
                "start": fit.start,
                "evaluations": fit.evaluations,
                "objective": round(fit.best.cost, 6),
                "failing_checks": fit.best.failing,
            }
            for fit in sorted(result.fits, key=lambda fit: fit.start)
        ],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
    }


def moved(result: Result) -> list[list[str]]:
    """Return name, value before, value now and spreads moved of what moved most."""
    objective, logs = result.objective, result.best.best.logs
    far = (logs - objective.centre) / objective.spread
    rows = []
    for index in np.argsort(-np.abs(far), kind="stable")[:_SHOWN]:
        prior = objective.priors[index]
        now = f"{np.exp(logs[index]):.3g} {prior.unit}"
        rows.append([prior.name, f"{prior.value:.3g}", now, f"{far[index]:+.2f}"])
    return rows


def write(result: Result, path: Path = fitted.FILE) -> None:
    """Write the best parameter set as CSV, and beside it as JSON how it was found.

    Values are written to six digits, which is far more than is known of any.
    """
    best, objective = result.best.best, result.objective
    with replacing(path) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(fitted.COLUMNS)
        for prior, log, centre, spread in zip(
            objective.priors, best.logs, objective.centre, objective.spread, strict=True
        ):
            value = min(max(float(f"{np.exp(log):.6g}"), prior.low), prior.high)
            moved = f"{(log - centre) / spread:.3f}"
            writer.writerow([prior.name, f"{value!r}", prior.unit, f"{prior.value!r}", moved])
    with replacing(path.with_suffix(".json")) as scratch:
        scratch.write_text(json.dumps(about(result), indent=2) + "\n", encoding="utf-8")
