"""What checks and data come to at a parameter set, and how that follows the parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ...models.perturbations import conditions
from ...network.bionetgen import net
from ...network.files import replacing
from ...simulation.engines import Loaded, Tolerances
from ...simulation.engines.base import Vector
from ..claims import binding
from ..claims.binding import Bound
from ..claims.reading import Claims
from ..claims.running import Course
from ..validation.factors import Factors
from . import margins
from .data import Data
from .lines import Lines
from .margins import Aim, Place
from .priors import Prior, logarithms
from .workers import Crew, apart

Progress = Callable[[int, int], None]

# What is stored depends on how margins and slopes are computed: a number that counts how often that
# changed, and from where on margins are ample.
_FORM: Final = (4, margins.AMPLE)
# What moves a level by less than this share, times its own, does not count.
_UNFOLLOWED: Final = 1e-6
# Precise enough for slopes, and fast.
_TOLERANCES: Final = Tolerances(1e-6)


@dataclass(frozen=True)
class Measured:
    """What checks come to at one parameter set; factors of cell lines are parameters as well.

    Attributes
    ----------
    logs : array of shape (parameters,)
        Logarithms of the values.
    values, margins : array of shape (checks,)
        What was measured, and how far inside it lies.
    slopes : array of shape (checks, parameters)
        How margins follow the logarithms; 0 where there is ample to spare.
    levels : array of shape (levels,)
        What the data rest on, NaN where an experiment failed; nothing without data.
    level_slopes : array of shape (levels, parameters)
        How they follow the logarithms.
    """

    logs: Vector
    values: Vector
    margins: Vector
    slopes: Vector
    levels: Vector = field(default_factory=lambda: np.empty(0))
    level_slopes: Vector = field(default_factory=lambda: np.empty((0, 0)))

    @property
    def failing(self) -> int:
        """How many checks fail."""
        return int((~(self.margins >= 0)).sum())


class Measurer:
    """Runs the experiments of claims and of measured cells, and goes back along them.

    Parameters
    ----------
    claims : Claims
        What is to hold.
    loaded : Loaded
        The model.
    priors : sequence of Prior
        What may move.
    data : Data, optional
        What was measured; the free factors of its cell lines stand behind the parameters.
    store : Path, optional
        A folder in which everything measured is kept, so that a run that was broken off goes on.
    tolerances : Tolerances, optional
        How exactly to integrate.
    workers : int, optional
        Processes.

    Attributes
    ----------
    priors : tuple of Prior
        Of parameters, then of factors of cell lines.
    names : tuple of str
        Theirs.
    of_lines : array of bool of shape (parameters,)
        Which are factors.
    """

    def __init__(
        self,
        claims: Claims,
        loaded: Loaded,
        priors: Sequence[Prior],
        *,
        data: Data | None = None,
        store: Path | None = None,
        tolerances: Tolerances | None = None,
        workers: int | None = None,
    ) -> None:
        self.claims, self.loaded = claims, loaded
        self.lines = data.lines if data is not None else Lines()
        self._moving = tuple(prior.name for prior in priors)
        self.priors = (*priors, *(factor.prior for factor in self.lines.free))
        self.names = tuple(prior.name for prior in self.priors)
        self.of_lines = np.arange(len(self.names)) >= len(self._moving)
        self.centre, self.low, self.high = logarithms(self.priors)
        self.spread = np.array([prior.spread for prior in self.priors])
        # What an earlier fit moved and this one may not stands at its table's value.
        self._held = conditions.unfitted(self._moving, loaded.model.settable)
        # What only factors move stands at the model's own value.
        own, _ = loaded.model.initial(self._held)
        held = [name for line in self.lines.held.values() for name in line]
        self._fixed = {
            name: own[name]
            for name in dict.fromkeys((*self.lines.parameters, *held))
            if name not in self._moving
        }
        self.data, self.store = data, store
        self.tolerances = tolerances or _TOLERANCES
        self.workers, self._back = workers, True
        self._crew: Crew | None = None
        self._known: dict[bytes, Measured] = {}
        # Claims that fit the model here do so with other values, too.
        begun = self._bound(self.cell(self.centre), self.factors(self.centre), sound=False)
        self.aims: list[Aim] = list(margins.aims(begun))
        self._digest = self._told()

    @property
    def inside(self) -> tuple[Vector, Vector]:
        """The ends of the ranges, as logarithms; a value of the tables never lies outside."""
        return np.minimum(self.low, self.centre), np.maximum(self.high, self.centre)

    def bound(self, logs: Vector) -> Bound:
        """Return the claims held against the model with some values, and what data need besides."""
        return self._bound(self.cell(logs), self.factors(logs))

    def _bound(self, cell: Mapping[str, float], factors: Factors, *, sound: bool = True) -> Bound:
        bound = binding.bind(self.claims, self.loaded.model, cell, sound=sound)
        needed = {
            need.plan.key for aim in margins.aims(bound) for need in margins.needs(bound, aim)
        }
        bound.plans = {key: plan for key, plan in bound.plans.items() if key in needed}
        if self.data is not None:
            of_data = {
                key: replace(plan, factors=factors[plan.line]) if plan.line else plan
                for key, plan in self.data.plans.items()
            }
            bound.plans = {**of_data, **bound.plans}
            for key, times in self.data.times.items():
                bound.times[key] = bound.times.get(key, set()) | times
            bound.outputs = tuple(dict.fromkeys([*bound.outputs, *self.data.levels.outputs]))
        return bound

    def cell(self, logs: Vector) -> dict[str, float]:
        """Return the values of the reference cell at logarithms of values, with what is held."""
        values = np.exp(logs[~self.of_lines]).tolist()
        return self._held | self._fixed | dict(zip(self._moving, values, strict=True))

    def factors(self, logs: Vector) -> dict[str, dict[str, float]]:
        """Return the factors of cell lines at logarithms of values, with what is held."""
        return self.lines.at(logs[self.of_lines])

    def followed(self, measured: Measured) -> NDArray[np.bool_]:
        """Return which parameters count: all, but of factors those that a level follows."""
        if not self.of_lines.any():
            return ~self.of_lines
        least = _UNFOLLOWED * np.abs(measured.levels)[:, None]
        return ~self.of_lines | (np.abs(measured.level_slopes) > least).any(axis=0)

    def _told(self) -> bytes:
        """Return a digest of all that is measured rests on besides the values.

        What moves or is held has no value here: that of the package's own set is not used.
        """
        network = self.loaded.network
        assert network is not None  # as its derivatives need
        given = {*self._moving, *self._held}
        parameters = tuple(
            replace(one, expression="") if one.name in given else one for one in network.parameters
        )
        digest = hashlib.sha256(net.text(replace(network, parameters=parameters)).encode())
        digest.update(self.claims.told().encode())
        if self.data is not None:
            digest.update(self.data.told())
        digest.update(repr((self.names, self._held, self.tolerances, _FORM)).encode())
        return digest.digest()

    def __call__(self, logs: Vector, progress: Progress | None = None) -> Measured:
        """Return what checks come to at logarithms of values; it is computed once."""
        key = np.round(logs, 12).tobytes()
        if key not in self._known:
            self._known[key] = self._kept(logs, progress)
        return self._known[key]

    def _kept(self, logs: Vector, progress: Progress | None) -> Measured:
        path = None
        if self.store is not None:
            name = hashlib.sha256(self._digest + np.round(logs, 12).tobytes()).hexdigest()[:24]
            path = self.store / f"{name}.npz"
            if path.exists():
                with np.load(path) as kept:
                    return Measured(**{key: kept[key] for key in kept})
        found = self._computed(logs, progress)
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as scratch, scratch.open("wb") as file:
                np.savez_compressed(file, **found.__dict__)
        return found

    def _computed(self, logs: Vector, progress: Progress | None) -> Measured:
        bound, cell, factors = self.bound(logs), self.cell(logs), self.factors(logs)
        moved = None
        if self._back:
            # Factors are the same in both, so that a value tells of the parameter below it.
            grown = {**cell, **self._apart(cell)}
            moved = self._bound(grown, factors), grown
        if self._crew is None:
            self._crew = Crew(self.loaded, bound.outputs, self.tolerances, self.workers)
        courses = self._crew.run((bound, cell), moved, progress)
        pulls = margins.pulls(bound, courses, list(margins.aims(bound)), slopes=self._back)
        sums: list[Mapping[Place, float]] = [pull.slopes for pull in pulls]
        levels = np.empty(0)
        if self.data is not None:
            times = {key: course.times.tolist() for key, course in courses.items()}
            levels = self.data.levels.values(courses, times)
            for number in range(len(levels)):
                slopes = self.data.levels.slopes(number, courses, times) if self._back else ()
                sums.append({each[:3]: each.slope for each in slopes})
        lines = {key: plan.line for key, plan in bound.plans.items() if plan.line}
        found = np.zeros((len(sums), len(self.names)))
        if self._back:
            self._follow(found, sums, courses, bound.outputs, lines, progress)
        return Measured(
            logs,
            np.array([pull.value for pull in pulls]),
            np.array([pull.margin for pull in pulls]),
            found[: len(pulls)],
            levels,
            found[len(pulls) :],
        )

    @property
    def _asked(self) -> tuple[str, ...]:
        """The parameters of the model that slopes are asked of."""
        only = [name for name in self.lines.parameters if name not in self._moving]
        return (*self._moving, *only)

    def _apart(self, cell: Mapping[str, float]) -> dict[str, float]:
        """Return these a little larger, each by another share."""
        grown = np.exp(apart(np.log([cell[name] for name in self._asked])))
        return dict(zip(self._asked, grown.tolist(), strict=True))

    def _follow(
        self,
        found: Vector,
        sums: Sequence[Mapping[Place, float]],
        courses: Mapping[str, Course],
        outputs: Sequence[str],
        lines: Mapping[str, str],
        progress: Progress | None,
    ) -> None:
        """Put in how weighted sums of what was seen follow the logarithms: (sums, parameters)."""
        assert self._crew is not None
        columns = {name: place for place, name in enumerate(outputs)}
        wanted: dict[str, dict[int, None]] = {}
        for row, each in enumerate(sums):
            for key, _, _ in each:
                wanted.setdefault(key, {})[row] = None
        weights = {
            key: np.zeros((len(courses[key].times), len(outputs), len(rows)))
            for key, rows in wanted.items()
        }
        places = {key: {row: i for i, row in enumerate(rows)} for key, rows in wanted.items()}
        for row, each in enumerate(sums):
            for (key, time, name), weight in each.items():
                weights[key][time, columns[name], places[key][row]] += weight
        asked, count = self._asked, len(self._moving)
        for key, gradient in self._crew.gradients(weights, asked, progress).items():
            rows = list(wanted[key])
            found[rows, :count] += gradient[:, :count]
            # In a line's experiment its factors do what the parameters do.
            for column, factor in enumerate(self.lines.free, count):
                if factor.line == lines.get(key):
                    found[rows, column] += gradient[:, asked.index(factor.parameter)]

    def forwards(self) -> Measurer:
        """Return the same that runs forwards alone, in less than half the time: all slopes are 0.

        It has processes of its own, and what it stores is kept apart.
        """
        found = copy(self)
        found._known, found._digest = {}, hashlib.sha256(b"forwards" + self._digest).digest()
        found._crew, found._back = None, False
        return found

    def close(self) -> None:
        """Stop the processes."""
        if self._crew is not None:
            self._crew.close()
            self._crew = None
