"""Many parameter sets that fit as well as the best one: drawn by slopes, then run.

A set is drawn by moving every residual of claims and data by a normal number and every parameter by
one times its spread, and then making the sum of squares small by the straight lines of
:mod:`.linear` ("randomise, then optimise"; Bardsley et al., 2014, doi:10.1137/140964023). Where
residuals follow parameters in straight lines these are draws from the posterior about the best set,
with the covariance of :mod:`.laplace`. Each set is then run, and kept if claims and data cost no
more than at the best set and half the 95 % quantile of chi-square of as many degrees of freedom as
there are directions that they pin down, at least one. Where too few are, normal numbers and with
them the spread are made smaller.

Factors of cell lines that the best set holds are drawn with the parameters and run with them; they
are not part of the sets, whose spread is thus what is left whatever the factors are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, Self

import numpy as np
from scipy import stats

from ...network.files import replacing
from ...simulation.engines.base import Vector
from ..calibration.measuring import Measured, Measurer, Progress
from ..calibration.priors import Prior
from .laplace import laplace
from .linear import Asking, Linear, asked, asked_cost, ends, refined

LEVEL: Final = 0.95
"""How likely it is that a draw from a posterior in straight lines is kept."""
# By how much normal numbers are made smaller, one after the other.
SCALES: Final = (1.0, 0.5, 0.35, 0.25, 0.17, 0.12, 0.08, 0.05)
# Of so many draws at one scale and more, this share has to be kept, or the next one is tried.
_PILOT: Final = 10
_LEAST: Final = 1 / 2
# After so many that are all lost it is asked whether a smaller scale can be enough at all.
_FIRST: Final = 3
# A step with slopes measured anew that would bring less, or brought less, is the last.
_GAIN: Final = 1.0
# By which share of what is made small the last step of a draw has to make it smaller: one that has
# not quite come to the end is a draw as well, and takes less than half the time.
_DRAWN: Final = 1e-5
# Digits of what is written, and therefore of what is run.
_DIGITS: Final = 4


class TooFewError(ValueError):
    """Sets about the best one do not fit as well, however near they are; the message says more."""


@dataclass(frozen=True)
class Member:
    """A set that was drawn and run.

    Attributes
    ----------
    logs : array of shape (parameters,)
        Logarithms of the values.
    worse : float
        What claims and data cost more than at the best set.
    kept : bool
        Whether that is no more than allowed.
    fails : frozenset of str
        The claims that do not hold.
    """

    logs: Vector
    worse: float
    kept: bool
    fails: frozenset[str] = frozenset()


@dataclass
class Tried:
    """What became of draws at one scale of normal numbers."""

    scale: float
    members: list[Member] = field(default_factory=list)

    @property
    def kept(self) -> list[Member]:
        """Those that fit as well."""
        return [member for member in self.members if member.kept]

    @property
    def hopeless(self) -> bool:
        """Whether too few are kept to go on."""
        lost = len(self.members) - len(self.kept)
        return lost > (1 - _LEAST) * max(len(self.members), _PILOT)

    def enough(self, scale: float, most: float) -> bool:
        """Whether one of these might be kept at a smaller scale, where all are lost here.

        What straight lines miss is a square, and what that costs its square again: at most with
        the fourth power of the scale does it grow.
        """
        if len(self.members) < _FIRST or self.kept:
            return True
        return min(member.worse for member in self.members) * (scale / self.scale) ** 4 <= most


@dataclass(frozen=True)
class Ensemble:
    """Sets that fit as well as the best one.

    Attributes
    ----------
    priors : tuple of Prior
        The parameters that move, without factors of cell lines.
    values : array of shape (sets, parameters)
        Their values, in the units of the priors.
    allowed : float
        By how much a set may cost more than the best.
    directions : float
        How many directions claims and data pin down.
    tried : list of Tried
        Scale by scale; the sets are those kept at the last.
    seed, steps : int
        Of the draws.
    claims : tuple of str
        What was asked.
    fails : frozenset of str
        Those of them that do not hold with the best set.
    """

    priors: tuple[Prior, ...]
    values: Vector
    allowed: float
    directions: float
    tried: list[Tried]
    seed: int
    steps: int = 0
    claims: tuple[str, ...] = ()
    fails: frozenset[str] = frozenset()


def allowed(directions: float) -> float:
    """Return by how much claims and data may cost more than at the best set.

    Claims that all hold with more than a little to spare pin down nothing by curvature, and do so
    where they are lost; at least one direction is counted.
    """
    return float(stats.chi2.ppf(LEVEL, max(directions, 1.0))) / 2


def draw(
    linear: Linear,
    random: np.random.Generator,
    scale: float = 1.0,
    *,
    steps: int = 0,
    progress: Progress | None = None,
) -> Vector:
    """Return logarithms of a set that fits as well as the one here, as far as slopes say.

    Parameters
    ----------
    linear : Linear
        The objective near the best set.
    random : Generator
        Of the normal numbers.
    scale : float
        Their standard deviation.
    steps : int
        Most evaluations, in which slopes are measured anew on the way; without, those here say all.
    progress : callable, optional
        Told how far an evaluation is.
    """
    objective, best = linear.objective, linear.here
    free, spread = objective.free, objective.measurer.spread[objective.free]
    begun = asked(objective, best)
    shift = scale * random.standard_normal(len(begun)) - begun
    start = best.logs.copy()
    start[free] += scale * random.standard_normal(len(spread)) * spread

    def target(measured: Measured) -> tuple[float, Vector]:
        residuals, back = objective.pulled(measured)
        residuals[: len(shift)] += shift
        residuals[len(shift) :] = 0.0  # parameters begin elsewhere
        moved = (measured.logs - start)[free] / spread
        value = float(residuals @ residuals + moved @ moved) / 2
        return value, back(residuals) + moved / spread

    if not steps:
        return linear.smallest(target, start, gain=_DRAWN)
    settings = {"evaluations": steps, "gain": _GAIN, "progress": progress}
    return refined(objective, target, best, start, **settings)[0].logs.copy()


def ensemble(
    objective: Asking,
    best: Measured,
    priors: Sequence[Prior],
    *,
    sets: int = 100,
    seed: int = 0,
    steps: int = 0,
    forwards: Measurer | None = None,
    store: Path | None = None,
    told: Callable[[Tried, float], None] | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Draw parameter sets and run them, until so many fit as well as the best.

    Parameters
    ----------
    objective : Asking
        What the fit made small.
    best : Measured
        Where it is smallest, with slopes.
    priors : sequence of Prior
        All parameters of the measurer.
    sets : int
        How many are wanted.
    seed : int
        Of the draws.
    steps : int
        Most evaluations with slopes for each, see :func:`draw`.
    forwards : Measurer, optional
        What runs them; by default what measured the best.
    store : Path, optional
        A folder in which draws are kept, so that a run that was broken off goes on.
    told : callable, optional
        Told after each run what became of draws so far, and what is allowed.
    progress : callable, optional
        Told how far a run is.

    Raises
    ------
    TooFewError
        If at the smallest scale too few fit.
    """
    run = forwards or objective.measurer
    linear, free = Linear(objective, best), objective.free
    directions = laplace(objective, best).directions
    most = allowed(directions)
    begun = asked_cost(objective, best)
    moving = tuple(prior for prior, moves in zip(priors, free, strict=True) if moves)
    digest = hashlib.sha256(best.logs.tobytes() + objective.residuals(best).tobytes())
    digest.update(objective.jacobian(best).tobytes() + repr(steps).encode())
    tried: list[Tried] = []
    drawn = partial(_written, linear, moving, steps, progress)
    # A draw that measures slopes on its way needs all cores, as a run does.
    with _Draws(partial(_kept, store, digest.digest(), drawn), ahead=not steps) as draws:
        for scale, below in zip(SCALES, (*SCALES[1:], 0.0), strict=True):
            if tried and below and not tried[-1].enough(scale, most):
                continue
            tried.append(Tried(scale))
            while (
                len(tried[-1].kept) < sets
                and not tried[-1].hopeless
                and tried[-1].enough(below, most)
            ):
                logs = draws.take((seed, round(1000 * scale), len(tried[-1].members)))
                measured = run(logs, progress)
                worse = asked_cost(objective, measured) - begun
                lost = _fails(objective, measured)
                tried[-1].members.append(Member(logs, worse, worse <= most, lost))
                if told is not None:
                    told(tried[-1], most)
            if len(tried[-1].kept) >= sets:
                break
    if len(tried[-1].kept) < sets:
        least = min(member.worse for member in tried[-1].members)
        raise TooFewError(
            f"Of {len(tried[-1].members)} sets drawn with {SCALES[-1]:.0%} of the spread "
            f"{len(tried[-1].kept)} fit as well as the best: claims and data may cost {most:.3g} "
            f"more, and cost {least:.3g} more at least. Has the fit come to its end?"
        )
    own = free & ~objective.measurer.of_lines
    written = tuple(prior for prior, moves in zip(priors, own, strict=True) if moves)
    logs = np.array([member.logs[own] for member in tried[-1].kept])
    values = np.array(
        [[_short(v, p) for v, p in zip(row, written, strict=True)] for row in np.exp(logs)]
    )
    claims = tuple(dict.fromkeys(aim.claim.id for aim in objective.measurer.aims))
    lost = _fails(objective, best)
    return Ensemble(written, values, most, directions, tried, seed, steps, claims, lost)


def _fails(objective: Asking, measured: Measured) -> frozenset[str]:
    """Return the claims of which a check fails."""
    aims = zip(objective.measurer.aims, measured.margins.tolist(), strict=True)
    return frozenset(aim.claim.id for aim, margin in aims if not margin >= 0)


Which = tuple[int, int, int]  # seed, scale and number of a draw


class _Draws:
    """Draws, each made while the one before is run, if there is to be one ahead."""

    def __init__(self, draw: Callable[[Which], Vector], *, ahead: bool) -> None:
        self._draw = draw
        self._beside = ThreadPoolExecutor(1) if ahead else None
        self._waiting: tuple[Which, Future[Vector]] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._beside is not None:
            self._beside.shutdown(cancel_futures=True)

    def take(self, which: Which) -> Vector:
        """Return a draw, and begin with the next one at its scale."""
        asked, self._waiting = self._waiting, None
        found = asked[1].result() if asked and asked[0] == which else self._draw(which)
        if self._beside is not None:
            after = (*which[:2], which[2] + 1)
            self._waiting = after, self._beside.submit(self._draw, after)
        return found


def _written(
    linear: Linear,
    moving: Sequence[Prior],
    steps: int,
    progress: Progress | None,
    which: Which,
) -> Vector:
    """Return a draw with the digits that are written."""
    random = np.random.default_rng(which)
    logs = draw(linear, random, which[1] / 1000, steps=steps, progress=progress)
    free = linear.objective.free
    logs[free] = np.log(
        [_short(value, prior) for value, prior in zip(np.exp(logs[free]), moving, strict=True)]
    )
    return np.clip(logs, *ends(linear.objective.measurer))


def _short(value: float, prior: Prior) -> float:
    return min(max(float(f"{value:.{_DIGITS}g}"), prior.low), prior.high)


def _kept(
    store: Path | None, digest: bytes, drawn: Callable[[Which], Vector], which: Which
) -> Vector:
    """Return a draw, which takes seconds, from the store if it is there."""
    if store is None:
        return drawn(which)
    name = hashlib.sha256(digest + repr(which).encode()).hexdigest()[:24]
    path = store / f"draw-{name}.npy"
    if path.exists():
        return np.load(path)
    logs = drawn(which)
    store.mkdir(parents=True, exist_ok=True)
    with replacing(path) as scratch, scratch.open("wb") as file:
        np.save(file, logs)
    return logs
