from collections.abc import Callable

import numpy as np
import pytest
from mtorules.models import catalogue
from pysb import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return catalogue.build("rapamycin")


def test_without_fkbp12_the_cell_fills_as_two_pots_through_a_hole(
    model: Model, integrate: Callable
) -> None:
    value = {parameter.name: parameter.value for parameter in model.parameters}
    flow, medium, cell = (
        value[name] for name in ("permeability_surface_RAPA", "V_medium", "V_cell")
    )
    times = np.array([0, 10, 30, 100, 600])
    empty = {"FKBP1A_0": 0, "MTOR_0": 0, "RPTOR_0": 0, "RICTOR_0": 0}
    course = integrate(model, times, RAPA_0=5, **empty)
    even = 5 * medium / (medium + cell)
    expected = even * (1 - np.exp(-flow * (1 / medium + 1 / cell) * times))
    assert course["RAPA_cell_free"] == pytest.approx(expected, rel=1e-6, abs=1e-9)


def test_fkbp12_drains_a_small_bath_but_not_a_large_one(model: Model, integrate: Callable) -> None:
    day = [0, 72 * 3600]
    for dose, left in ((1, 0.1), (100, 0.9)):
        course = integrate(model, day, RAPA_0=dose)
        fraction = course["RAPA_medium"][-1] / course["RAPA_medium"][0]
        assert (fraction < left) == (dose == 1)
    boundless = integrate(model, day, RAPA_0=1, V_medium=2e9)
    assert boundless["RAPA_medium"][-1] == pytest.approx(boundless["RAPA_medium"][0], rel=1e-4)
