"""A second opinion on every model: PySB's own network reader and SciPy, not our exporter."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from pysb import Model
from pysb.simulator import ScipyOdeSimulator

Course = dict[str, np.ndarray]


@pytest.fixture(scope="session")
def integrate() -> Callable[..., Course]:
    """Return a function that gives the observables of a model in nM of the cell."""

    def run(model: Model, times: Sequence[float], **values: float) -> Course:
        parameters = {parameter.name: parameter.value for parameter in model.parameters} | values
        simulator = ScipyOdeSimulator(
            model,
            compiler="python",
            integrator="lsoda",
            integrator_options={"rtol": 1e-10, "atol": 1e-12, "mxstep": 100_000},
        )
        result = simulator.run(tspan=np.asarray(times, dtype=float), param_values=parameters)
        cell = parameters["V_cell"]
        return {each.name: result.observables[each.name] / cell for each in model.observables}

    return run
