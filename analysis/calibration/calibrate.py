"""Finding a parameter set with which claims hold and data are met: the front door of the room.

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
from typing import Any, Final, Literal

import numpy as np

from ...models.numbers import fitted
from ...network.files import replacing
from ...simulation.engines import Loaded
from ...simulation.engines.base import Vector
from ..claims import reading
from ..polling import chosen
from ..validation import factors
from ..validation.factors import Factors
from ..validation.targets import Target
from . import fitting, priors
from . import lines as of_lines
from .data import Data
from .ends import at_ends
from .fitting import Fit, Step
from .lines import Lines
from .measuring import Measurer, Progress
from .priors import Prior

PLAUSIBILITY: Final = reading.CELL / "plausibility.yaml"
# What the numbers of a fit depend on.
_PACKAGES: Final = ("numpy", "scipy", "sympy", "bngsim", "pysb")


Which = Literal["free", "found", "held", "none"]
"""What becomes of the factors of cell lines, see :func:`calibrate`."""

# How many of the values that moved most are shown.
_SHOWN: Final = 20


class NothingToFitError(ValueError):
    """No parameter of the model is free, or none needs to move; the message says which."""


class NotFreeError(ValueError):
    """A set to begin with holds what may not move, or a value out of range; see the message."""


@dataclass(frozen=True)
class Result:
    """What a calibration found.

    Attributes
    ----------
    fits : list of Fit
        One for each start, best first.
    seed : int
        Of the starts.
    begun : dict, optional
        How the set was found with which it began, if not with the tables.
    """

    fits: list[Fit]
    seed: int
    begun: dict[str, Any] | None = None

    @property
    def best(self) -> Fit:
        """The fit with the smallest objective."""
        return self.fits[0]

    @property
    def measurer(self) -> Measurer:
        """What its checks came to."""
        return self.best.objective.measurer


def calibrate(
    loaded: Loaded,
    *,
    files: Sequence[Path] | None = None,
    targets: Sequence[Target] = (),
    lines: Which = "free",
    starts: int = 1,
    screening: int = 3,
    evaluations: int = 25,
    rounds: int = 0,
    steps: int = 0,
    seed: int = 0,
    begin: Path | None = None,
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
        Files of claims; by default those of the reviews. Those over panels of virtual cells are not
        seen.
    targets : sequence of Target
        What was measured in cells, and is to be met besides.
    lines : str
        Factors of cell lines (:mod:`.lines`): ``free`` ones move, and begin at those beside the set
        to begin with; ``found`` moves only those that stand there, ``held`` none; ``none`` leaves
        them all out.
    starts : int
        How many starts: the tables' values, then others drawn from the priors.
    screening : int
        Evaluations of the objective for each start.
    evaluations : int
        Most evaluations for the start that is best by then; in each later round a third of
        them.
    rounds : int
        How many rounds of making claims sturdy follow, once they hold.
    steps : int
        Most evaluations of the end, in which as many claims as can be are made to hold when
        parameters are off.
    seed : int
        Of the starts.
    begin : Path, optional
        A parameter set, as :func:`write` writes it. It is where the one start begins, and what it
        does not hold stays at the tables.
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
        If no parameter of the model stands in a table with a range and without measurement,
        none moves by enough to matter, or neither claims nor data ask for a number.
    NotFreeError
        If the set to begin with holds what may not move, or lies beyond a range.
    ParameterError
        If it cannot be read.
    TargetError
        If the model has not what targets name, or the factors beside the set to begin with have
        faults.
    """
    claims = reading.read(files or [reading.FOLDER, PLAUSIBILITY])
    free = priors.free(loaded.model)
    if not free:
        raise NothingToFitError(
            f"Model {loaded.model.id!r} has no parameter to fit: those of the catalogue's tables "
            "are, which have a range and were not measured."
        )
    given = _begun(begin, free) if begin else None
    beside = factors.found_beside(begin) if begin and lines != "none" else {}
    # What makes a cell plausible is no claim of the reviews.
    besides = set() if files else {claim.id for claim in reading.read([PLAUSIBILITY])}
    # Panels of virtual cells have twice as many experiments as all other claims together, and are
    # few claims.
    measurer = Measurer(
        chosen(claims) or claims,
        loaded,
        free,
        data=Data(targets, loaded.model, _lines(targets, loaded, lines, beside))
        if targets
        else None,
        store=store,
        workers=workers,
    )

    check_asked(measurer)

    def follow(number: int, most: int, rounds: int = 0, *, known: int = 0) -> Fit:
        def hear(step: Step) -> None:
            if told is not None and (step.round or step.evaluation > known):
                told(step)

        return fitting.fit(
            measurer,
            begun[number],
            start=number,
            evaluations=most,
            rounds=rounds,
            told=hear,
            progress=progress,
        )

    try:
        if given is not None:
            values = np.log([given.get(prior.name, prior.value) for prior in free])
            logs = np.concatenate([values, measurer.lines.begin])
            moving = np.array([name in given for name in measurer.names]) | measurer.of_lines
            fits = [
                fitting.fit(
                    measurer,
                    logs,
                    moving=moving,
                    evaluations=evaluations,
                    rounds=rounds,
                    told=told,
                    progress=progress,
                )
            ]
        else:
            begun = fitting.starts(measurer, starts, seed)
            screened = range(starts) if starts > 1 else ()
            fits = [follow(number, screening) for number in screened]
            fits.sort(key=lambda fit: fit.cost)
            first, known = (fits[0].start, fits[0].evaluations) if fits else (0, 0)
            # What was computed before is remembered.
            fits[:1] = [follow(first, max(evaluations, screening), rounds, known=known)]
        fits[0] = fitting.ended(
            fits[0],
            round=rounds + 1,
            steps=steps,
            besides=besides,
            told=told,
            progress=progress,
        )
    finally:
        measurer.close()
    if not fits[0].objective.free.any():
        raise NothingToFitError(
            f"No parameter needs to move: {fits[0].best.failing} of "
            f"{len(fits[0].objective.measurer.aims)} checks "
            "fail with the tables' values, and nothing that may move mends more of them."
        )
    return Result(fits, seed, _told_of(begin) if begin else None)


def check_asked(measurer: Measurer) -> None:
    """Raise :class:`NothingToFitError` if neither claims nor data ask for a number."""
    if not measurer.aims and measurer.data is None:
        raise NothingToFitError(
            "There is nothing to fit to: no claim in scope has a check that compares a number; add "
            "one with 'value', 'ratio' or the like, or data."
        )


def _begun(path: Path, free: Sequence[Prior]) -> dict[str, float]:
    """Return the values of a set to begin with."""
    found = fitted.read(path)
    values = {name: one.value for name, one in found.items()}
    ranges = {prior.name: (prior.low, prior.high) for prior in free}
    units = {prior.name: prior.unit for prior in free}
    for name, value in values.items():
        if name not in ranges:
            raise NotFreeError(
                f"'{path}' holds {name}, which may not move: it is no parameter of the model, or "
                "was measured, or has no range in the tables."
            )
        if found[name].unit != units[name]:
            raise NotFreeError(
                f"{found[name].where}: {name} is in {found[name].unit or 'no unit'}, not in "
                f"{units[name]}."
            )
        low, high = ranges[name]
        if not low <= value <= high:
            raise NotFreeError(f"'{path}': {name} is {value:g}, outside {low:g} .. {high:g}.")
    return values


def _lines(targets: Sequence[Target], loaded: Loaded, which: Which, beside: Factors) -> Lines:
    """Return the factors of cell lines, those beside the set to begin with where they begin."""
    match which:
        case "free":
            return of_lines.free(targets, loaded.model, beside)
        case "found":
            return of_lines.found(targets, loaded.model, beside)
        case _:
            return Lines(given=beside)


def _told_of(path: Path) -> dict[str, Any]:
    """Return how a set was found, as it says itself, or else at least what it is called."""
    beside = path.with_suffix(".json")
    try:
        return dict(json.loads(beside.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {"set": path.name}


def about(result: Result) -> dict[str, Any]:
    """Return how a parameter set was found, as plain data."""
    best, objective = result.best.best, result.best.objective
    free, holding = objective.free, result.best.holding
    costs, data = objective.costs(best), result.measurer.data
    lines = result.measurer.of_lines
    far = np.abs(_far(result))
    return {
        "model": result.measurer.loaded.model.id,
        "seed": result.seed,
        "objective": round(sum(costs), 6),
        "of_claims": round(costs.claims, 6),
        "of_data": round(costs.data, 6),
        "of_priors": round(costs.priors, 6),
        "checks": len(best.margins),
        "failing_checks": best.failing,
        "targets": 0 if data is None else len(data.targets),
        "parameters": int((free & ~lines).sum()),
        "parameters_held": int((~free & ~lines).sum()),
        **({} if holding is None else {"claims_holding_under_jitter": round(holding, 2)}),
        "spreads_moved": {
            "median": round(float(np.median(far[free & ~lines])), 4),
            "largest": round(float(far[free & ~lines].max()), 4),
        },
        "at_ends": {
            one.name: {
                "end": one.end,
                "value": float(f"{one.value:.6g}"),
                "pulls": {name: round(pull, 3) for name, pull in one.pulls.items()},
            }
            for one in at_ends(objective, best)
        },
        **_of_lines(far[free & lines], result.measurer.lines),
        **({} if result.begun is None else {"begun": result.begun}),
        "starts": [
            {
                "start": fit.start,
                "evaluations": fit.evaluations,
                "objective": round(fit.cost, 6),
                "failing_checks": fit.best.failing,
            }
            for fit in sorted(result.fits, key=lambda fit: fit.start)
        ],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
    }


def _of_lines(far: Vector, lines: Lines) -> dict[str, Any]:
    """Return how far the factors of cell lines moved, if there are any."""
    if not len(far) and not lines.held:
        return {}
    moved = (
        {
            "median": round(float(np.median(far)), 4),
            "largest": round(float(far.max()), 4),
        }
        if len(far)
        else {}
    )
    held = sum(map(len, lines.held.values()))
    return {"factors_of_lines": {"free": len(far), "held": held, "spreads_moved": moved}}


def moved(result: Result) -> list[list[str]]:
    """Return name, value before, value now and spreads moved of what moved most."""
    measurer, logs, far = result.measurer, result.best.best.logs, _far(result)
    rows = []
    for index in np.argsort(-np.abs(far), kind="stable")[:_SHOWN]:
        prior = measurer.priors[index]
        now = f"{np.exp(logs[index]):.3g} {prior.unit}".rstrip()
        rows.append([prior.name, f"{prior.value:.3g}", now, f"{far[index]:+.2f}"])
    return rows


def write(result: Result, path: Path = fitted.FILE) -> None:
    """Write the best parameter set as CSV, beside it as JSON how it was found, and factors.

    Those of cell lines are in ``..._lines.csv``, which has no row if there are none. Values are
    written to six digits, which is far more than is known of any.
    """
    best, measurer = result.best, result.measurer
    own = best.objective.free & ~measurer.of_lines
    columns = zip(measurer.priors, best.best.logs, _far(result), own, strict=True)
    with replacing(path) as scratch, scratch.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(fitted.COLUMNS)
        for prior, log, far, free in columns:
            if free:
                value = min(max(float(f"{np.exp(log):.6g}"), prior.low), prior.high)
                row = [prior.name, f"{value!r}", prior.unit, f"{prior.value!r}", f"{far:.3f}"]
                writer.writerow(row)
    with replacing(path.with_suffix(".json")) as scratch:
        scratch.write_text(json.dumps(about(result), indent=2) + "\n", encoding="utf-8")
    factors.write(measurer.factors(best.best.logs), factors.beside(path))


def _far(result: Result) -> Vector:
    """Return how far each parameter moved, in standard deviations of its prior."""
    return (result.best.best.logs - result.measurer.centre) / result.measurer.spread
