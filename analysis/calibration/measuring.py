"""What the checks of claims come to at a parameter set, and how that follows the parameters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from ...models.perturbations import conditions
from ...network.bionetgen import net
from ...network.files import replacing
from ...simulation.engines import Loaded, Tolerances
from ...simulation.engines.base import Vector
from ..claims import binding
from ..claims.binding import Bound
from ..claims.reading import Claims
from . import margins
from .margins import Aim
from .priors import Prior, logarithms
from .workers import SHARE, Crew, OneWay

Progress = Callable[[int, int], None]

# What is stored depends on how margins are computed: a number that counts how often that changed,
# and from where on they are ample.
_FORM: Final = (2, margins.AMPLE)
# Precise enough for slopes, and fast.
_TOLERANCES: Final = Tolerances(1e-6)


@dataclass(frozen=True)
class Measured:
    """What checks come to at one parameter set.

    Attributes
    ----------
    logs : array of shape (parameters,)
        Logarithms of the values.
    values, margins : array of shape (checks,)
        What was measured, and how far inside it lies.
    slopes : array of shape (checks, parameters)
        How margins follow the logarithms; 0 where there is ample to spare.
    """

    logs: Vector
    values: Vector
    margins: Vector
    slopes: Vector

    @property
    def failing(self) -> int:
        """How many checks fail."""
        return int((~(self.margins >= 0)).sum())


class Measurer:
    """Runs the experiments of claims, and goes back along them.

    Parameters
    ----------
    claims : Claims
        What is to hold.
    loaded : Loaded
        The model.
    priors : sequence of Prior
        What may move.
    store : Path, optional
        A folder in which everything measured is kept, so that a run that was broken off goes on.
    tolerances : Tolerances, optional
        How exactly to integrate.
    workers : int, optional
        Processes.
    """

    def __init__(
        self,
        claims: Claims,
        loaded: Loaded,
        priors: Sequence[Prior],
        *,
        store: Path | None = None,
        tolerances: Tolerances | None = None,
        workers: int | None = None,
    ) -> None:
        self.claims, self.loaded, self.priors = claims, loaded, tuple(priors)
        self.names = tuple(prior.name for prior in priors)
        self.centre, self.low, self.high = logarithms(priors)
        self.spread = np.array([prior.spread for prior in priors])
        # What an earlier fit moved and this one may not stands at its table's value.
        self._held = conditions.unfitted(self.names, loaded.model.settable)
        self.store = store
        self.tolerances = tolerances or _TOLERANCES
        self.workers = workers
        self._crew: Crew | None = None
        self._known: dict[bytes, Measured] = {}
        self.aims: list[Aim] = list(margins.aims(self.bound(self.centre)))
        self._digest = self._told()

    def bound(self, logs: Vector) -> Bound:
        """Return the claims held against the model with some values."""
        bound = binding.bind(self.claims, self.loaded.model, self.cell(logs))
        needed = {
            need.plan.key for aim in margins.aims(bound) for need in margins.needs(bound, aim)
        }
        bound.plans = {key: plan for key, plan in bound.plans.items() if key in needed}
        return bound

    def cell(self, logs: Vector) -> dict[str, float]:
        """Return the values of the cell at logarithms of values, what is held included."""
        return self._held | dict(zip(self.names, np.exp(logs).tolist(), strict=True))

    def _told(self) -> bytes:
        """Return a digest of all that is measured rests on besides the values.

        What moves or is held has no value here: that of the package's own set is not used.
        """
        network = self.loaded.network
        assert network is not None  # as its derivatives need
        given = {*self.names, *self._held}
        parameters = tuple(
            replace(one, expression="") if one.name in given else one for one in network.parameters
        )
        digest = hashlib.sha256(net.text(replace(network, parameters=parameters)).encode())
        for claim in self.claims:
            digest.update(claim.told().encode())
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
        bound, more = self.bound(logs), logs + np.log1p(SHARE)
        if self._crew is None:
            self._crew = Crew(self.loaded, bound.outputs, self.tolerances, self.workers)
        courses = self._crew.run(
            (bound, self.cell(logs)), (self.bound(more), self.cell(more)), progress
        )
        pulls = margins.pulls(bound, courses, list(margins.aims(bound)))
        places = {name: place for place, name in enumerate(bound.outputs)}
        wanted: dict[str, list[int]] = {}
        for row, pull in enumerate(pulls):
            for key in sorted({key for key, _, _ in pull.slopes}):
                wanted.setdefault(key, []).append(row)
        weights = {
            key: np.stack(
                [margins.weights(pulls[r], key, len(courses[key].times), places) for r in rows],
                axis=2,
            )
            for key, rows in wanted.items()
        }
        slopes = np.zeros((len(pulls), len(self.names)))
        for key, gradient in self._crew.gradients(weights, self.names, progress).items():
            slopes[wanted[key]] += gradient
        return Measured(
            logs,
            np.array([pull.value for pull in pulls]),
            np.array([pull.margin for pull in pulls]),
            slopes,
        )

    def forwards(self) -> Measurer:
        """Return the same that runs forwards alone, in less than half the time: all slopes are 0.

        It has processes of its own, and what it stores is kept apart.
        """
        found = copy(self)
        found._known, found._digest = {}, hashlib.sha256(b"forwards" + self._digest).digest()
        outputs = self.bound(self.centre).outputs
        found._crew = OneWay(self.loaded, outputs, self.tolerances, self.workers)
        return found

    def close(self) -> None:
        """Stop the processes."""
        if self._crew is not None:
            self._crew.close()
            self._crew = None
