"""Branches of steady states over one parameter, followed by pseudo-arclength continuation.

After Keller (1977): the parameter is one more unknown, and each step is taken along the branch
rather than along the parameter, so that folds are passed. Conservation laws make the Jacobian
singular, so totals stand in place of as many rates, and stability is judged among the states that
share them. Long, since what follows a branch and what looks for points on it take the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ...simulation.engines import EngineError
from ...simulation.engines.base import Vector

MOST: Final = 400
"""So many points a branch is followed each way."""
# Newton's method ends when no scaled unknown changes by more than this.
_SETTLED: Final = 1e-9
_NEWTON: Final = 12
# Steps along the branch, in shares of the parameter's range.
_FIRST: Final = 0.02
_LONGEST: Final = 0.05
_SHORTEST: Final = 1e-7
# The least cosine of the angle by which a branch may turn in a step.
_STRAIGHT: Final = 0.95
# A special point lies between two that are no further apart than this, or after so many steps.
_NEAR: Final = 1e-9
_HALVINGS: Final = 60
# What lies no further aside than this share of a step lies on the same branch.
_ASIDE: Final = 0.2
# Amounts may be below zero by this share of their scale, from rounding.
_SLACK: Final = 1e-6
# Eigenvalues below this share of the largest are told from zero by nobody.
_ZERO: Final = 1e-15


class Equations(Protocol):
    """Steady-state equations in scaled unknowns; the parameter runs from 0 to 1 over its range."""

    def residual(self, unknowns: Vector, parameter: float) -> Vector:
        """Return what is zero at a steady state."""
        ...

    def slopes(self, unknowns: Vector, parameter: float) -> Vector:
        """Return the derivatives of the residual by the unknowns."""
        ...

    def eigenvalues(self, unknowns: Vector, parameter: float) -> NDArray[np.complex128]:
        """Return the eigenvalues of the rates among states with the same totals."""
        ...


@dataclass(frozen=True)
class Point:
    """A steady state on a branch."""

    unknowns: Vector
    parameter: float
    tangent: Vector  # the parameter's part stands last
    eigenvalues: NDArray[np.complex128]

    @property
    def unstable(self) -> int:
        """How many eigenvalues lie right of the imaginary axis."""
        size = np.abs(self.eigenvalues).max(initial=0.0)
        return int((self.eigenvalues.real > _ZERO * size).sum())


@dataclass(frozen=True)
class Special:
    """Where the stability of a branch changes: a fold, a Hopf point or a branch point."""

    kind: str
    point: Point
    index: int  # it lies behind this point of the branch
    frequency: float = 0.0  # of a Hopf point, in radians per unit of the model's time


@dataclass
class Branch:
    """A curve of steady states."""

    points: list[Point] = field(default_factory=list)
    specials: list[Special] = field(default_factory=list)
    # Why it ends within the range at its first and at its last point; empty where it leaves it.
    ends: tuple[str, str] = ("", "")
    closed: bool = False  # whether it comes back to where it began

    @property
    def stopped(self) -> str:
        """Why it ends within the range; empty where both ends leave it."""
        return "; ".join(dict.fromkeys(filter(None, self.ends)))

    @property
    def open_ends(self) -> list[Point]:
        """Where it ends within the range, and another may go on."""
        places = (self.points[0], self.points[-1]) if self.points else ()
        return [point for point, why in zip(places, self.ends, strict=False) if why]

    def turned(self) -> Branch:
        """Return the same in the other direction."""
        last = len(self.points) - 2
        return Branch(
            [_turned(point) for point in reversed(self.points)],
            [
                Special(each.kind, _turned(each.point), last - each.index, each.frequency)
                for each in reversed(self.specials)
            ],
            (self.ends[1], self.ends[0]),
            self.closed,
        )

    def onward(self, other: Branch) -> Branch:
        """Return this and then another, which begins with its last point."""
        shift = len(self.points) - 1
        specials = [
            Special(each.kind, each.point, each.index + shift, each.frequency)
            for each in other.specials
        ]
        return Branch(
            [*self.points, *other.points[1:]],
            [*self.specials, *specials],
            (self.ends[0], other.ends[1]),
            self.closed or other.closed,
        )


def corrected(equations: Equations, unknowns: Vector, parameter: float) -> Vector | None:
    """Return the steady state near, at the same value of the parameter, if there is one."""
    here = unknowns.copy()
    for _ in range(_NEWTON):
        try:
            step = np.linalg.solve(
                equations.slopes(here, parameter), -equations.residual(here, parameter)
            )
        except (np.linalg.LinAlgError, EngineError):
            return None
        here = here + step
        if not np.isfinite(here).all():
            return None
        if _size(step / _sizes(here)) <= _SETTLED:
            return here
    return None


def follow(
    equations: Equations,
    unknowns: Vector,
    parameter: float,
    *,
    most: int = MOST,
    known: Sequence[Branch] = (),
    told: Callable[[float], None] | None = None,
) -> Branch:
    """Return the branch through a steady state, followed both ways to the ends of the range.

    One that comes back to where it began is followed once round, and one that comes to where a
    known one was left is followed no further: :func:`joined` makes one of both.
    """
    begun = _first(equations, unknowns, parameter)
    if begun is None:
        return Branch(ends=("", "no steady state was found to begin with"))
    left = [end for branch in known for end in branch.open_ends]
    back = _walk(equations, _turned(begun), most, left, told)
    forth = Branch([begun]) if back.closed else _walk(equations, begun, most, left, told)
    return back.turned().onward(forth)


def joined(branch: Branch, known: Sequence[Branch]) -> list[Branch]:
    """Return known branches and a new one, which is one with those at whose ends it stopped."""
    apart = []
    for other in known:
        for one in (other, other.turned()):
            if _alike(one.points[-1], branch.points[0]):
                branch = one.onward(branch)
                break
            if _alike(branch.points[-1], one.points[0]):
                branch = branch.onward(one)
                break
        else:
            apart.append(other)
    return [*apart, branch]


def _alike(one: Point, other: Point) -> bool:
    return one.parameter == other.parameter and np.array_equal(one.unknowns, other.unknowns)


def _turned(point: Point) -> Point:
    return Point(point.unknowns, point.parameter, -point.tangent, point.eigenvalues)


def _first(equations: Equations, unknowns: Vector, parameter: float) -> Point | None:
    root = corrected(equations, unknowns, parameter)
    if root is None:
        return None
    try:
        matrix = np.column_stack(
            [equations.slopes(root, parameter), _by(equations, root, parameter)]
        )
        tangent = _tangent(matrix, np.append(np.zeros(len(root)), 1.0), root)
        return Point(root, parameter, tangent, equations.eigenvalues(root, parameter))
    except (np.linalg.LinAlgError, EngineError):
        return None


def _walk(
    equations: Equations,
    start: Point,
    most: int,
    left: Sequence[Point],
    told: Callable[[float], None] | None,
) -> Branch:
    branch = Branch([start])
    length = _FIRST
    while len(branch.points) < most:
        here = branch.points[-1]
        there = _step(equations, here, length)
        if there is None or _angle(here, there) < _STRAIGHT:
            length /= 2
            if length < _SHORTEST:
                branch.ends = ("", "no further steady state was found nearby")
                return branch
            continue
        if (there.unknowns < -_SLACK * np.maximum(1.0, _size(there.unknowns))).any():
            branch.ends = ("", "an amount would become negative")
            return branch
        if rest := _left(here, start, length):
            there, length, branch.closed = start, rest, True
        met = False
        for end in (each for point in left for each in (point, _turned(point))):
            if rest := _left(here, end, length):
                there, length, met = end, rest, True
        special = _special(equations, here, there)
        if special is not None:
            kind, point, frequency = special
            branch.specials.append(Special(kind, point, len(branch.points) - 1, frequency))
        if not 0.0 <= there.parameter <= 1.0:
            end = _end(equations, here, there)
            if end is not None:
                branch.points.append(end)
            return branch
        branch.points.append(there)
        if branch.closed or met:
            return branch
        if told is not None:
            told(there.parameter)
        length = min(1.4 * length, _LONGEST)
    branch.ends = ("", f"it was followed for {most} points, and no further")
    return branch


def _left(here: Point, start: Point, length: float) -> float:
    """Return how far along a branch it begins again; 0 where that is further than a step."""
    way = np.append(start.unknowns - here.unknowns, start.parameter - here.parameter)
    weights = _weights(here.unknowns)
    along = float(weights @ (way * here.tangent))
    aside = float(weights @ way**2) - along**2
    near = 0.0 < along <= length and aside < (_ASIDE * length) ** 2
    return along if near and _angle(here, start) >= _STRAIGHT else 0.0


def _end(equations: Equations, here: Point, there: Point) -> Point | None:
    """Return the point where a branch leaves the range."""
    edge = 0.0 if there.parameter < 0.0 else 1.0
    if there.parameter == here.parameter:
        return None
    share = (edge - here.parameter) / (there.parameter - here.parameter)
    guess = here.unknowns + share * (there.unknowns - here.unknowns)
    root = corrected(equations, guess, edge)
    if root is None:
        return None
    return Point(root, edge, there.tangent, equations.eigenvalues(root, edge))


def _step(equations: Equations, here: Point, length: float) -> Point | None:
    """Return the point so far along a branch: a guess along its tangent, and Newton's method."""
    start = np.append(here.unknowns, here.parameter)
    now = start + length * here.tangent
    weights = here.tangent * _weights(here.unknowns)
    try:
        for _ in range(_NEWTON):
            unknowns, parameter = now[:-1], float(now[-1])
            top = np.column_stack(
                [equations.slopes(unknowns, parameter), _by(equations, unknowns, parameter)]
            )
            left = np.append(
                equations.residual(unknowns, parameter), weights @ (now - start) - length
            )
            step = np.linalg.solve(np.vstack([top, weights]), -left)
            now = now + step
            moved = _size(step / np.append(_sizes(here.unknowns), 1.0))
            if not np.isfinite(now).all() or moved > 10.0:
                return None
            if moved <= _SETTLED:
                tangent = _tangent(top, weights, now[:-1])
                values = equations.eigenvalues(now[:-1], float(now[-1]))
                return Point(now[:-1], float(now[-1]), tangent, values)
    except (np.linalg.LinAlgError, EngineError, ValueError):
        return None
    return None


def _special(equations: Equations, here: Point, there: Point) -> tuple[str, Point, float] | None:
    """Return what lies between two points, if their stability differs or the branch folds."""
    crossed = there.unstable - here.unstable
    if here.tangent[-1] * there.tangent[-1] < 0:
        kind: str = "fold"
    elif abs(crossed) == 2 and any(_pairs(point).size for point in (here, there)):
        kind = "Hopf"
    elif crossed:
        kind = "branch point"
    else:
        return None
    order = min(here.unstable, there.unstable)

    def passing(point: Point) -> float:
        """Return what passes zero: of eigenvalues the largest of those that cross."""
        if kind == "fold":
            return float(point.tangent[-1])
        return float(np.sort(point.eigenvalues.real)[::-1][order])

    point = _crossing(equations, here, there, passing)
    pairs = _pairs(point) if kind == "Hopf" else np.zeros(0)
    frequency = float(pairs[np.argmin(np.abs(pairs.real))].imag) if pairs.size else 0.0
    return kind, point, frequency


def _crossing(
    equations: Equations, here: Point, there: Point, passing: Callable[[Point], float]
) -> Point:
    """Return the point between two where something passes zero.

    Where branches cross no step leads to the very point, as the equations are singular there. So
    steps begin at the nearest point on either side, which lets them come as near as wanted, and
    what is left between both is taken for straight.
    """
    low, high = passing(here), passing(there)
    if low * high >= 0.0:  # one end is zero but for rounding
        return here if abs(low) < abs(high) else there
    for _ in range(_HALVINGS):
        way = np.append(there.unknowns - here.unknowns, there.parameter - here.parameter)
        if _size(way / np.append(_sizes(here.unknowns), 1.0)) <= _NEAR:
            break
        share = low / (low - high)
        for wanted in (min(max(share, 0.05), 0.95), 0.5, 0.2, 0.8):
            begin, far = (here, wanted) if wanted <= 0.5 else (there, wanted - 1.0)
            length = far * float(_weights(begin.unknowns) @ (way * begin.tangent))
            between = _step(equations, begin, length)
            if between is not None and _angle(begin, between) >= _STRAIGHT:
                break
        else:
            break
        value = passing(between)
        if value * low > 0.0:
            here, low = between, value
        else:
            there, high = between, value
    share = low / (low - high)

    def mixed(one: Vector, other: Vector) -> Vector:
        return one + share * (other - one)

    unknowns = mixed(here.unknowns, there.unknowns)
    parameter = here.parameter + share * (there.parameter - here.parameter)
    tangent = mixed(here.tangent, there.tangent)
    try:
        values = equations.eigenvalues(unknowns, parameter)
    except EngineError:
        values = here.eigenvalues
    return Point(unknowns, parameter, tangent, values)


def _pairs(point: Point) -> NDArray[np.complex128]:
    """Return the complex eigenvalues, one of each pair."""
    size = np.abs(point.eigenvalues).max(initial=0.0)
    return point.eigenvalues[point.eigenvalues.imag > _ZERO * size]


def _by(equations: Equations, unknowns: Vector, parameter: float) -> Vector:
    """Return the derivative of the residual by the parameter."""
    width = 1e-5
    upper = equations.residual(unknowns, parameter + width)
    return (upper - equations.residual(unknowns, parameter - width)) / (2 * width)


def _sizes(unknowns: Vector) -> Vector:
    """Return the sizes that steps are shares of: an unknown's own where it is above its scale.

    A switch may lead to states that hold a thousand times what there is at rest.
    """
    return np.maximum(np.abs(unknowns), 1.0)


def _weights(unknowns: Vector) -> Vector:
    """Return what makes the length of a step that of the mean unknown and of the parameter."""
    return np.append(1.0 / (max(len(unknowns), 1) * _sizes(unknowns) ** 2), 1.0)


def _tangent(matrix: Vector, along: Vector, unknowns: Vector) -> Vector:
    """Return the direction in which the residual stays zero, with ``along`` and of length one."""
    found = np.linalg.solve(np.vstack([matrix, along]), np.append(np.zeros(len(matrix)), 1.0))
    return found / np.sqrt(_weights(unknowns) @ found**2)


def _angle(here: Point, there: Point) -> float:
    weights = _weights(here.unknowns)
    length = np.sqrt(weights @ there.tangent**2)
    return float(weights @ (here.tangent * there.tangent) / length)


def _size(step: NDArray[np.floating]) -> float:
    return float(np.abs(step).max(initial=0.0))
