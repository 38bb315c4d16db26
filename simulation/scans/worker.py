"""Where a scan meets the simulator: what workers load, and what decides about the numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..engines import DETERMINISTIC, STOCHASTIC, Loaded, Tolerances
from ..simulator import Simulator
from .computing import Run, Work

# By how many absolute tolerances an amount may be below zero, sums of many of them included, ...
_SLACK: Final = 1e4
# ... or by which share of the largest value beside it.
_SHARE: Final = 1e-6
# So many sorts of cells at rest are worth keeping on disk; a scan over more meets each but once.
_SORTS: Final = 1000


class NegativeError(ValueError):
    """An amount that came out below zero; the message says which."""


class WorkerError(RuntimeError):
    """A worker that would compute other numbers than the rest; the message says why."""


@dataclass(frozen=True)
class Simulated:
    """A model in an engine, as it is sent to the processes that run it.

    Parameters
    ----------
    loaded : Loaded
        The model.
    engine : str
        One of :data:`.engines.ENGINES`.
    tolerances : Tolerances
        How exactly to integrate.
    versions : mapping
        Versions of the software; a worker that has others refuses to work.
    """

    loaded: Loaded
    engine: str
    tolerances: Tolerances = field(default_factory=Tolerances)
    versions: Mapping[str, str] = field(default_factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        # Compiled start formulas and vectors that were worked out stay here.
        bare = replace(self.loaded, model=replace(self.loaded.model, _codes={}))
        return {**self.__dict__, "loaded": bare}

    @property
    def key(self) -> str:
        """Name of model and engine."""
        return f"{self.loaded.model.sha256[:16]}-{self.engine}"

    def load(self, scan: Work) -> tuple[Run, dict[str, Any]]:
        """Return what computes a point by its number, and what decides about the numbers.

        The latter is, besides the scan: the digest of the model, tolerances, versions, and the
        units of the outputs.

        Raises
        ------
        WorkerError
            If this process has other software than the one that started the scan.
        UnsupportedError
            If the engine cannot do what is asked, or is not installed.
        """
        simulator = self.simulator(scan)
        own = {"mtorules": version("mtorules"), simulator.engine.name: simulator.engine.version}
        for name, wanted in self.versions.items():
            if own.get(name) != wanted:
                raise WorkerError(
                    f"A worker has {name} {own.get(name, 'not at all')}, not {wanted}; its numbers "
                    "could differ. Install the same everywhere."
                )
        least = self._least(simulator, scan)

        def run(number: int) -> NDArray[np.float64]:
            experiment = scan.experiment(scan.point(number))
            found = simulator.values(experiment, seed=scan.random_seed(number)).T
            _check(scan.outputs, found, least)
            return found

        facts = {
            "model": {"id": self.loaded.model.id, "sha256": self.loaded.model.sha256},
            "tolerances": {
                "relative": simulator.tolerances.relative,
                "absolute": simulator.engine.absolute,
            },
            "versions": own,
            "units": simulator.units,
        }
        return run, facts

    def _least(self, simulator: Simulator, scan: Work) -> NDArray[np.float64]:
        """Return, for each output, below what no error of the integrator explains it.

        Laws of others may take what is not there, and their events may set what they like.
        """
        model = self.loaded.model
        settable, state = model.begun({})
        scales = simulator._outputs.scales(settable, state)
        floors = -_SLACK * simulator.engine.absolute * scales
        for place, name in enumerate(scan.outputs):
            id = model.output(name)
            terms = model.sums.get(id) or ({id: 1.0} if id in model.species else {})
            # What a rule moves, or what starts below zero, may be below zero.
            counted = (
                self.loaded.network is not None
                and terms
                and all(
                    weight >= 0 and not model.species[term].rule and state.get(term, 0.0) >= 0
                    for term, weight in terms.items()
                )
            )
            if not counted:
                floors[place] = -math.inf
        return floors

    def simulator(self, scan: Work) -> Simulator:
        """Return the simulator that runs the points of a scan, compiled or from the cache."""
        return Simulator(
            self.loaded,
            scan.outputs,
            engine=self.engine,
            method=STOCHASTIC if scan.stochastic else DETERMINISTIC,
            tolerances=self.tolerances,
            cache=scan.sorts_of_rest <= _SORTS,
            runs=scan.size,
        )


def _check(outputs: Sequence[str], found: NDArray[np.float64], least: NDArray[np.float64]) -> None:
    """Refuse amounts below zero, which no experiment can give."""
    counted = least > -math.inf
    largest = np.abs(found[counted]).max(initial=0.0)
    for name, row, floor in zip(outputs, found, least, strict=True):
        if (row < floor - _SHARE * largest).any():
            raise NegativeError(
                f"{name!r} became {row.min():.6g}, which is below zero: the numbers of this point "
                "are too far apart for the engine. Try a smaller --tolerance or another --engine."
            )
