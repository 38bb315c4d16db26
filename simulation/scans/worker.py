"""Where a scan meets the simulator: what workers load, and what decides about the numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..engines import DETERMINISTIC, STOCHASTIC, Engine, EngineError, Loaded, Tolerances
from ..experiments.experiments import EQUILIBRATION
from ..sbml.model import SbmlError
from ..simulator import Simulator
from ..steady_state import NoSteadyStateError
from .scan import Scan

# So many sorts of cells at rest are worth keeping on disk; a scan over more meets each but once.
_SORTS: Final = 1000


class WorkerError(RuntimeError):
    """A worker that would compute other numbers than the rest; the message says why."""


@dataclass(frozen=True)
class Simulated:
    """A model in an engine, as :func:`.running.run` sends it to workers.

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

    def load(self, scan: Scan) -> Callable[[int], NDArray[np.float64]]:
        """Return what computes a point by its number: outputs by times.

        Raises
        ------
        WorkerError
            If this process has other software than the one that started the scan.
        """
        simulator = self.simulator(scan)
        own = _versions(simulator.engine)
        for name, wanted in self.versions.items():
            if own.get(name) != wanted:
                raise WorkerError(
                    f"A worker has {name} {own.get(name, 'not at all')}, not {wanted}; its numbers "
                    "could differ. Install the same everywhere."
                )

        def run(number: int) -> NDArray[np.float64]:
            experiment = scan.experiment(scan.point(number))
            return simulator.values(experiment, seed=scan.random_seed(number)).T

        return run

    def simulator(self, scan: Scan) -> Simulator:
        """Return the simulator that runs the points of a scan, compiled or from the cache."""
        return Simulator(
            self.loaded,
            scan.outputs,
            engine=self.engine,
            method=STOCHASTIC if scan.stochastic else DETERMINISTIC,
            tolerances=self.tolerances,
            cache=sorts_of_rest(scan) <= _SORTS,
        )


def prepared(
    loaded: Loaded, scan: Scan, tolerances: Tolerances | None = None
) -> tuple[Simulated, dict[str, Any]]:
    """Compile a model for a scan, so that workers find it in the cache, and try the first point.

    Parameters
    ----------
    loaded : Loaded
        The model; irreversible if the scan is stochastic.
    scan : Scan
        What is to be run on it.
    tolerances : Tolerances, optional
        How exactly to integrate.

    Returns
    -------
    (Simulated, dict)
        What workers load, and what decides about the numbers besides the scan: the digest of the
        model, tolerances, versions, and the units of the outputs.

    Raises
    ------
    UnsupportedError
        If the engine cannot do what is asked, or is not installed.
    SimulationError, UnknownNameError
        If the experiment does not fit the model.
    """
    model = Simulated(loaded, scan.engine, tolerances or Tolerances())
    simulator = model.simulator(scan)
    versions = _versions(simulator.engine)
    # What else may go wrong is the first point's own trouble, to be recorded there.
    with suppress(EngineError, NoSteadyStateError, SbmlError):
        simulator.values(scan.experiment(scan.point(0)), seed=scan.random_seed(0))
    facts = {
        "model": {"id": loaded.model.id, "sha256": loaded.model.sha256},
        "tolerances": {
            "relative": simulator.tolerances.relative,
            "absolute": simulator.engine.absolute,
        },
        "versions": versions,
        "units": simulator.units,
    }
    return replace(model, versions=versions), facts


def sorts_of_rest(scan: Scan) -> int:
    """Return in how many ways the cells of a scan come to rest."""
    if not scan.equilibrated:
        return 0
    early = {setting.value for setting in scan.settings if setting.at == EQUILIBRATION}
    deciding = {a.dimension for a in scan.axes if a.name in scan.cells or a.name in early}
    return math.prod(scan.dimensions[name] for name in deciding)


def _versions(engine: Engine) -> dict[str, str]:
    return {"mtorules": version("mtorules"), engine.name: engine.version}
