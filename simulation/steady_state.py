"""The steady state that a model comes to from where it is, or the news that there is none.

The model is integrated over spans that grow tenfold, up to one beyond which no biology goes. After
each, Newton's method looks for the exact steady state within the same conserved totals. It is
accepted only if integration has almost reached it, came nearer in the last span, or would have but
for its errors, and does not leave it: what is found is where the model goes, not any root of its
equations. Newton's method also tells slow from steady: a model that creeps is far from its root,
however small its derivatives.
Long, since what finds a root and what judges it weigh changes alike.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from .engines.base import Engine, EngineError, TooMuchWork, Vector
from .engines.loaded import conserved, moieties
from .engines.threads import alone

# How near, relative to each amount, integration must have come to the root.
_NEAR: Final = 1e-3
# Newton's steps end when none changes any amount by more than this share of it.
_SETTLED: Final = 1e-12
# Where rounding keeps them from getting there, this must do.
_GOOD: Final = 1e-8
# By how much the last part of a span may vary for Newton's method to be worth trying.
_CALM: Final = 0.1
# Amounts below this share of the largest count as nothing when changes are weighed.
_TRACE: Final = 1e-9
# By how many times the absolute tolerance an amount near zero may vary that is at rest.
_NOISE: Final = 1e3
# Integration knows amounts to its absolute tolerance; so many times that is known to some digits.
_BLUR: Final = 1e6
# What grows by so many times the errors of integration is seen to grow; and the eigenvalue along
# which it does is this share of its pace at least.
_SEEN: Final = 100.0
_PACE: Final = 0.3
# A span that takes more steps than this between two of its points is not coming to rest.
_STEPS: Final = 2_000
_POINTS: Final = 12
# An oscillation that loses this share of itself in half a span dies down, and is followed for so
# many spans more.
_FADES: Final = 0.8
_TURNS: Final = 50
_STEPS_TO_ROOT: Final = 30
# The share of the first span to which it may be cut down.
_SHORTEST: Final = 1e-6


_Solver = Callable[[Vector, Vector], Vector | None]


class NoSteadyStateError(RuntimeError):
    """The model does not come to rest; the message says which parts still move, and how."""


@dataclass(frozen=True)
class SteadyState:
    """A state in which nothing changes.

    Attributes
    ----------
    state : array
        In the order of the model's ``state_ids``.
    time : float
        How long was integrated, in model time.
    derivative : float
        Largest absolute rate of change that is left, in amount per model time.
    relative : float
        Largest rate of change relative to the amount itself, per model time.
    polished : bool
        Whether Newton's method made it exact; if not, integration alone came to rest.
    """

    state: Vector
    time: float
    derivative: float
    relative: float
    polished: bool


def find(
    engine: Engine,
    values: Mapping[str, float],
    state: Vector,
    *,
    first: float,
    last: float,
    now: float | None = None,
    steps: int = _STEPS,
    turns: int = _TURNS,
) -> SteadyState:
    """Integrate until nothing changes any more.

    Parameters
    ----------
    engine : Engine
        Is left at the steady state.
    values : mapping
        Of all settable parameters.
    state : array
        Where to begin.
    first, last : float
        The first span of time, and the time after which to give up.
    now : float, optional
        The model time from which the engine is to go on; otherwise it begins anew at 0.
    steps, turns : int, optional
        How many steps a twelfth of a span may take, and how many spans an oscillation gets in which
        to die down.

    Raises
    ------
    NoSteadyStateError
        If the model oscillates, or something keeps growing or shrinking.
    EngineError
        If integration fails.
    """
    if now is None:
        engine.start(values, state, 0.0)
    else:
        engine.change(values, state)
    begun = now or 0.0
    search = _Search(engine, values, state)
    time, span = 0.0, first
    taken, turned = 0.0, 0
    course = state[None]
    while time < last:
        try:
            course = _course(
                engine, begun + time + span * np.arange(1, _POINTS + 1) / _POINTS, steps
            )
        except EngineError as error:
            work = isinstance(error, TooMuchWork)
            if work and time == 0.0 and span > _SHORTEST * first:
                span /= 10  # the model may be faster than cells are
                engine.start(values, state, begun)
                continue
            if work and search.fades(course) and turned < turns:
                turned += 1
                span = taken  # an oscillation may die down yet
                engine.start(values, course[-1], begun + time)
                continue
            if time > 0.0 and search.calm(course):
                engine.start(values, course[-1], begun + time)
                break
            if not work:
                raise
            raise NoSteadyStateError(
                f"The model has no steady state that it comes to: {search.moving(course)} after "
                f"{time:.3g} units of model time, and then ever more steps are needed."
            ) from error
        time += span
        taken = span
        span = 9 * time
        if 0 < turned < turns and search.fades(course):
            turned += 1
            span = taken
        if search.movement(course[_POINTS // 2 :]).max(initial=0.0) > _CALM:
            continue
        root = search.root(course[-1])
        if root is None:
            engine.change(values, course[-1])
            continue
        distance = search.distance(root, course[-1])
        nearer = distance <= max(search.distance(root, course[0]), _GOOD)
        # Errors of integration stir what is weakly damped, and so decide whether it came nearer.
        near = distance <= search.reach and (nearer or search.holds(root))
        if near and not search.leaves(root, course, taken * (_POINTS - 1) / _POINTS):
            return search.found(root, time, polished=True)
        engine.change(values, course[-1])
    if search.calm(course):
        return search.found(course[-1], time, polished=False)
    raise NoSteadyStateError(
        f"The model has no steady state that it comes to: {search.moving(course)} after "
        f"{time:.3g} units of model time."
    )


def _course(engine: Engine, points: Vector, steps: int) -> Vector:
    course = engine.course(points, steps)
    if not np.isfinite(course).all():
        row, column = np.argwhere(~np.isfinite(course))[0]
        raise EngineError(
            f"On the way to the steady state {engine.model.state_ids[column]!r} became "
            f"{course[row, column]} at model time {points[row]:.3g}."
        )
    return course


def slopes(
    engine: Engine, values: Mapping[str, float], state: Vector, rates: Vector | None = None
) -> Vector:
    """Return how fast each part of the state changes with each other; the engine may be moved.

    Parameters
    ----------
    engine : Engine
        Whose rates are differentiated, by itself where it can.
    values, state : mapping and array
        Where.
    rates : array, optional
        The rates there, if the engine is there and they are known already.
    """
    if rates is None:
        engine.change(values, state)
        rates = engine.rates()
    known = engine.jacobian()
    if known is not None:
        return known
    # Differences are exact for mass action, up to squares, whatever the step.
    steps = 1e-5 * np.maximum(np.abs(state), 1e-6 * (np.abs(state).max(initial=0.0) or 1.0))
    jacobian = np.empty((len(state), len(state)))
    for index, step in enumerate(steps):
        shifted = state.copy()
        shifted[index] += step
        engine.change(values, shifted)
        jacobian[:, index] = (engine.rates() - rates) / (shifted[index] - state[index])
    return jacobian


def unchanged(engine: Engine, values: Mapping[str, float]) -> Vector:
    """Return what the reactions that run with some values leave unchanged; the engine is moved.

    They are told with some of everything there: where something is nothing, what takes it away
    does not run, and would seem to keep it.
    """
    return conserved(_running(engine, values))


def _running(engine: Engine, values: Mapping[str, float]) -> Vector:
    """Return by how much each reaction changes each state, of those that run with some values."""
    count = len(engine.model.state_ids)
    full = engine.loaded.scale * np.random.default_rng(0).uniform(0.5, 1.5, count)
    try:
        engine.change(values, full)
        return engine.running()
    except EngineError:  # such amounts may be beyond what a rate can take
        return engine.loaded.changes


class _Search:
    """Newton's method within the conserved totals, and the weighing of changes."""

    def __init__(self, engine: Engine, values: Mapping[str, float], start: Vector) -> None:
        self.engine, self.values, self.start = engine, values, start
        self.leads, self.sums = engine.loaded.moieties
        self.widened = False
        model = engine.model
        # Stoichiometries that formulas give leave totals that nobody knows.
        self.loose = len(model.reactions) > len(model.fluxes)
        ruled = [*model.species.values(), *model.parameters.values()]
        # Rate rules, events and time may move what Newton's method would have to hold.
        self.possible = not (
            model.events or model.timed or any(entry.rule == "rate" for entry in ruled)
        )
        # No reaction is said to make it, yet rounding leaves crumbs of it.
        self.absent = self.possible & ~engine.possible(start)

    @property
    def reach(self) -> float:
        """How near integration must have come to a root for it to be the model's.

        Where totals alone do not tell one root from those beside it, as laws keep what reactions do
        not, it is no more exact than integration.
        """
        return max(_GOOD, 10 * self.engine.tolerances.relative) if self.loose else _NEAR

    def root(self, state: Vector) -> Vector | None:
        """Return the steady state near ``state`` with its conserved totals, if there is one."""
        if not self.possible:
            return None
        if not len(state):
            return state
        with alone():
            return self._root(state)

    def _root(self, state: Vector) -> Vector | None:
        here, last, solve = state, math.inf, None
        for _ in range(_STEPS_TO_ROOT):
            rates = self._rates(here)
            # The Jacobian is what costs; near the root an old one leads there nearly as fast.
            solve = solve or self._solver(here, rates)
            step = solve(here, rates)
            if step is None or not np.isfinite(step).all():
                return None
            there = here + step
            weights = self._weights(there, _BLUR * self.engine.absolute)
            if (there < -np.maximum(_GOOD * weights, self.engine.absolute)).any():
                return None
            size = float((np.abs(step) / weights).max(initial=0.0))
            here = np.maximum(there, 0.0)
            if size <= _SETTLED or (size <= _GOOD and size >= last / 2):
                return here
            if size > last / 10:
                solve = None
            last = size
        return None

    def _solver(self, state: Vector, rates: Vector) -> _Solver:
        """Return what finds the step to rest, if the model were linear."""
        jacobian = slopes(self.engine, self.values, state, rates)
        solve = self._factored(jacobian)
        if solve is None and not self.widened:
            # Reactions that are switched off leave more unchanged than those of the model do.
            self._widen()
            solve = self._factored(jacobian)
        self.loose = self.loose or solve is None
        return solve or self._nearest(jacobian)

    def _within(self, jacobian: Vector) -> tuple[Vector, Vector]:
        """Return equations for a step within the totals, and the factor of each.

        The rate of one state of each sum follows from the others', so the sum stands there.
        """
        matrix = jacobian.copy()
        matrix[self.leads] = self.sums
        sizes = np.abs(matrix).max(axis=1, initial=0.0)
        factors = 1.0 / np.where(sizes > 0.0, sizes, 1.0)
        return matrix * factors[:, None], factors

    def _left(self, state: Vector, rates: Vector) -> Vector:
        """Return what a step has to remove: rates, and what integration lost or won of totals."""
        left = rates.copy()
        left[self.leads] = self.sums @ (state - self.start)
        return left

    def _factored(self, jacobian: Vector) -> _Solver | None:
        """Return what solves the equations, unless they have no or many solutions."""
        from scipy import linalg
        from scipy.linalg import lapack

        matrix, factors = self._within(jacobian)
        triangles, pivots, singular = lapack.dgetrf(matrix)
        if singular:
            return None
        norm = np.abs(matrix).sum(axis=0).max(initial=0.0)
        conditioned, _ = lapack.dgecon(triangles, norm)
        if conditioned < np.finfo(float).eps:
            return None
        return lambda state, rates: linalg.lu_solve(
            (triangles, pivots), -factors * self._left(state, rates)
        )

    def _nearest(self, jacobian: Vector) -> _Solver:
        from scipy import linalg

        matrix, factors = self._within(jacobian)

        def nearest(state: Vector, rates: Vector) -> Vector | None:
            left = factors * self._left(state, rates)
            step = linalg.lstsq(matrix, -left)[0]
            # Where nothing solves the equations, something is made or lost without end.
            missed = np.abs(matrix @ step + left).max(initial=0.0)
            return step if missed <= 1e-6 * np.abs(left).max(initial=0.0) else None

        return nearest

    def _widen(self) -> None:
        """Take as conserved what the reactions that run with these values leave unchanged."""
        self.widened = True
        self.leads, self.sums = moieties(_running(self.engine, self.values))

    def _rates(self, state: Vector) -> Vector:
        self.engine.change(self.values, state)
        return self.engine.rates()

    # -- weighing ---------------------------------------------------------------------------------

    def _weights(self, state: Vector, least: float = 0.0) -> Vector:
        """Return what a change of each amount is compared with."""
        sizes = np.abs(state)
        return np.maximum(sizes, max(_TRACE * (sizes.max(initial=0.0) or 1.0), least))

    def distance(self, root: Vector, reached: Vector) -> float:
        """Return how far integration still is from the root, where that is not its own error."""
        weights = self._weights(root, _BLUR * self.engine.absolute)
        return float((np.abs(root - reached) / weights).max(initial=0.0))

    def leaves(self, root: Vector, course: Vector, span: float) -> bool:
        """Tell whether a course leaves a root along which it cannot stay.

        What is rare beside all else may grow away from a root that the rest comes nearer to, as
        what makes more of itself does from nothing.
        """
        first, last = np.abs(course[0] - root), np.abs(course[-1] - root)
        errors = self.engine.tolerances.relative * np.abs(course).max(axis=0) + self.engine.errors
        grown = last - first > _SEEN * errors
        if not grown.any():
            return False
        with np.errstate(divide="ignore"):
            rates = np.log(last[grown] / first[grown]) / span
        pace = float(rates[np.isfinite(rates)].min(initial=np.inf))
        if not math.isfinite(pace):
            return False
        growth, rounding = self._growth(root)
        return float(growth.max(initial=0.0)) > max(_PACE * pace, rounding)

    def holds(self, root: Vector) -> bool:
        """Tell whether all that leaves a root, other than to other totals, comes back to it."""
        growth, rounding = self._growth(root)
        return int((growth >= -rounding).sum()) <= len(self.leads)

    def _growth(self, root: Vector) -> tuple[Vector, float]:
        """Return how fast deviations from a root grow, and what of that is rounding."""
        with alone():
            jacobian = slopes(self.engine, self.values, root)
            growth = np.linalg.eigvals(jacobian).real.astype(np.float64)
        size = float(np.abs(jacobian).sum(axis=1).max(initial=0.0))
        return growth, len(root) * np.finfo(float).eps * size

    def movement(self, course: Vector) -> Vector:
        """Return by which share of itself each part varied over a course."""
        weights = self._weights(np.abs(course).max(axis=0), _BLUR * self.engine.absolute)
        return np.ptp(course, axis=0) / weights

    def calm(self, course: Vector) -> bool:
        """Tell whether nothing moved by more than integration errs."""
        share = max(_GOOD, 10 * self.engine.tolerances.relative)
        errors = np.maximum(share * np.abs(course).max(axis=0), _NOISE * self.engine.absolute)
        return bool((np.ptp(course, axis=0) <= errors).all())

    def fades(self, course: Vector) -> bool:
        """Tell whether a course moves less in its later half than in its first."""
        half = len(course) // 2
        first, later = (
            self.movement(part).max(initial=0.0) for part in (course[: half + 1], course[half:])
        )
        return bool(0.0 < later <= _FADES * first)

    def moving(self, course: Vector) -> str:
        """Say which parts still move, and how."""
        moved = self.movement(course)
        words = []
        for index in np.argsort(-moved, kind="stable")[:3]:
            if moved[index] <= _GOOD:
                continue
            steps = np.diff(course[:, index])
            if (steps >= 0).all() or (steps <= 0).all():
                how = "grows" if steps.sum() > 0 else "shrinks"
            else:
                how = "oscillates"
            words.append(f"{self.engine.model.state_ids[index]!r} {how}")
        return f"{', '.join(words) or 'something'} still"

    def found(self, state: Vector, time: float, *, polished: bool) -> SteadyState:
        """Return the result with what is left of the derivatives, and leave the engine there.

        Crumbs of what is not there are taken away: whoever goes on from them would follow them as
        closely as all else, in steps without end.
        """
        # A reaction that is said to be irreversible may yet run backwards and make some.
        crumbs = self.absent & (np.abs(state) <= self.engine.absolute)
        while True:
            without = np.where(crumbs, 0.0, state)
            rates = np.abs(self._rates(without))
            made = crumbs & (rates != 0.0)
            if not made.any():
                break
            crumbs &= ~made
        state = without
        return SteadyState(
            state,
            time,
            derivative=float(rates.max(initial=0.0)),
            relative=float((rates / self._weights(state)).max(initial=0.0)),
            polished=polished,
        )
