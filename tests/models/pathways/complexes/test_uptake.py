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


@pytest.mark.parametrize("dose", [0.3, 1, 20, 100])
def test_fkbp12_drains_a_small_bath_but_not_a_large_one(
    model: Model, integrate: Callable, dose: float
) -> None:
    """What is left is where free drug on both sides and bound drug make up the dose."""
    value = {parameter.name: parameter.value for parameter in model.parameters}
    share, held = value["V_cell"] / value["V_medium"], value["FKBP1A_0"]
    # FKBP12 that is broken down lets go as well.
    decay = np.log(2) / value["thalf_FKBP1A"]
    kd = value["Kd_FKBP1A_RAPA"] + decay / value["kf_FKBP1A_binds_RAPA"]
    # dose = free (1 + share) + share held free / (kd + free)
    a, b = 1 + share, (1 + share) * kd + share * held - dose
    left = (np.sqrt(b * b + 4 * a * dose * kd) - b) / (2 * a) / dose

    month = [0, 30 * 24 * 3600]
    alone = integrate(model, month, RAPA_0=dose, MTOR_0=0, RPTOR_0=0, RICTOR_0=0)
    assert alone["RAPA_medium"][-1] / alone["RAPA_medium"][0] == pytest.approx(left, rel=1e-4)
    # mTOR takes more of it, but each only once.
    course = integrate(model, month, RAPA_0=dose)
    fraction = course["RAPA_medium"][-1] / course["RAPA_medium"][0]
    assert left - share * value["MTOR_0"] / dose < fraction < left


@pytest.mark.parametrize(("dose", "low", "high"), [(0.3, 0, 0.1), (100, 0.9, 1)])
def test_within_three_days_little_is_left_of_a_small_dose_and_most_of_a_large_one(
    model: Model, integrate: Callable, dose: float, low: float, high: float
) -> None:
    course = integrate(model, [0, 72 * 3600], RAPA_0=dose)
    assert low < course["RAPA_medium"][-1] / course["RAPA_medium"][0] < high


def test_a_boundless_bath_stays_what_it_is(model: Model, integrate: Callable) -> None:
    course = integrate(model, [0, 72 * 3600], RAPA_0=1, V_medium=2e9)
    assert course["RAPA_medium"][-1] == pytest.approx(course["RAPA_medium"][0], rel=1e-4)
