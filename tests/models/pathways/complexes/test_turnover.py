from collections.abc import Callable

import numpy as np
import pytest
from mtorules.models import catalogue
from pysb import Model

PROTEINS = ("MTOR", "RPTOR", "RICTOR", "MLST8", "DEPTOR", "AKT1S1", "MAPKAP1", "FKBP1A")


@pytest.fixture(scope="module")
def model() -> Model:
    return catalogue.build("complexes")


@pytest.mark.parametrize("turnover", [0, 1])
def test_totals_hold_with_and_without_turnover(
    model: Model, integrate: Callable, turnover: float
) -> None:
    course = integrate(model, np.linspace(0, 72 * 3600, 7), turnover=turnover, RAPA_0=20)
    for protein in PROTEINS:
        start = model.parameters[f"{protein}_0"].value
        assert course[f"{protein}_total"] == pytest.approx(start, rel=1e-6), protein


def test_a_protein_fades_with_its_half_life_when_it_is_no_longer_made(
    model: Model, integrate: Callable
) -> None:
    # From half of the usual amount the total returns with the half-life, wherever it sits.
    half_life = model.parameters["thalf_RPTOR"].value
    times = np.array([0, 0.5, 1, 2]) * half_life
    usual = model.parameters["RPTOR_0"].value
    faster = integrate(model, times, thalf_RPTOR=half_life)["RPTOR_total"]
    assert faster == pytest.approx(usual, rel=1e-6)
    seed = next(e for e in model.expressions if e.name == "RPTOR_seed")
    kept = seed.expr
    try:
        seed.expr = kept / 2
        course = integrate(model, times)["RPTOR_total"]
    finally:
        seed.expr = kept
    expected = usual * (1 - 0.5 * np.exp(-np.log(2) * times / half_life))
    assert course == pytest.approx(expected, rel=1e-6)


def test_newly_made_mtor_is_captured(model: Model, integrate: Callable) -> None:
    course = integrate(model, [0, 72 * 3600], RAPA_0=20)
    assert course["MTOR_free"][-1] < 0.01 * course["MTOR_total"][-1]
    assert course["MTOR_captured"][-1] > course["MTOR_free"][-1]
