"""Derivatives of rates and outputs, against differences of the rates themselves."""

from __future__ import annotations

import numpy as np
import pytest
from mtorules.analysis.calibration.slopes.derivatives import Derivatives, DifferentiationError
from mtorules.models.building.drafting import drafting
from mtorules.simulation.engines.rates.recording import Recording
from mtorules.simulation.load import load
from pysb import Expression, Initial, Model, Monomer, Observable, Parameter, Rule


def directions(size: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal(size)


@pytest.mark.parametrize("name", ["complexes", "mapk_tsc", "insulin_mtor"])
def test_derivatives_agree_with_differences(name: str) -> None:
    loaded = load(name)
    outputs = [*loaded.model.outputs][:40]
    derivatives = Derivatives(loaded, outputs)
    kinetics = derivatives.kinetics
    recording = Recording(kinetics, outputs)
    settable, state = loaded.model.initial({})
    values = np.array(list(settable.values()))
    random = np.random.default_rng(0)
    amounts = np.array(list(state.values()))[kinetics.states]
    amounts = amounts * random.uniform(0.5, 1.0, len(amounts)) + random.uniform(
        0.1, 1.0, len(amounts)
    )

    def rates(x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return kinetics.rates(x, kinetics.coefficients(v), v, 0.0)

    def seen(x: np.ndarray, v: np.ndarray) -> np.ndarray:
        return recording.of(x[None], v, np.zeros(1))[0]

    at = derivatives.at(amounts, values)
    there, step = directions(len(amounts), 1) * amounts, 1e-6
    along = (rates(amounts + step * there, values) - rates(amounts - step * there, values)) / 2e-6
    np.testing.assert_allclose(derivatives.jacobian(at) @ there, along, rtol=1e-5, atol=1e-6)

    weights = np.stack([directions(len(amounts), seed) for seed in (2, 3)], axis=1)
    moved = directions(len(values), 4) * values
    along = (rates(amounts, values + step * moved) - rates(amounts, values - step * moved)) / 2e-6
    np.testing.assert_allclose(
        derivatives.pull(at, weights).T @ moved, weights.T @ along, rtol=1e-5, atol=1e-6
    )

    weights = directions(len(outputs), 5)[:, None]
    by_amount, by_value = derivatives.pull_outputs(at, weights)
    for slope, way, one, other in (
        (by_amount, there, (amounts + step * there, values), (amounts - step * there, values)),
        (by_value, moved, (amounts, values + step * moved), (amounts, values - step * moved)),
    ):
        along = (seen(*one) - seen(*other)) / 2e-6
        np.testing.assert_allclose(slope.T @ way, weights.T @ along, rtol=1e-5, atol=1e-6)


def test_a_law_without_a_derivative_is_named() -> None:
    model = Model("jump", _export=False)
    with drafting(model):
        a = Monomer("A")
        Initial(a(), Parameter("A_0", 1.0))
        Observable("A_total", a())
        from sympy import Piecewise

        low = Parameter("low", 0.5)
        half = Expression("half", Piecewise((low, model.observables["A_total"] > 1), (1.0, True)))
        Rule("loss", a() >> None, half)
    with pytest.raises(DifferentiationError, match=r"'half'.*'jump' cannot be differentiated"):
        Derivatives(load(model), ["A_total"])
