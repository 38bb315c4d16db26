"""MuSyC's surface against its rate equations, and fits against the surfaces they were made from."""

import numpy as np
import pytest
from mtorules.analysis.dose_response.hill import fit
from mtorules.analysis.synergy.musyc import fitted, surface

ONE = np.append(0, np.geomspace(0.1, 100, 7))
OTHER = np.append(0, np.geomspace(1, 1000, 6))
EFFECTS = (0.0, 0.6, 0.4, 0.95)
MIDDLES, SLOPES, ALPHAS = (3.0, 50.0), (1.3, 0.8), (4.0, 0.3)


def test_the_surface_is_where_four_states_come_to_rest() -> None:
    for one, other in ((0.0, 7.0), (2.0, 0.0), (1.0, 20.0), (30.0, 400.0)):
        a = (one / MIDDLES[0]) ** SLOPES[0]
        b = (other / MIDDLES[1]) ** SLOPES[1]
        a_on = (ALPHAS[1] * one / MIDDLES[0]) ** SLOPES[0]
        b_on = (ALPHAS[0] * other / MIDDLES[1]) ** SLOPES[1]
        # Columns: from none, one, other, both.
        rates = np.array(
            [[-a - b, 1, 1, 0], [a, -1 - b_on, 0, 1], [b, 0, -1 - a_on, 1], [0, b_on, a_on, -2]]
        )
        rest = np.linalg.lstsq(np.vstack([rates, np.ones(4)]), [0, 0, 0, 0, 1], rcond=None)[0]
        found = surface(np.array(one), np.array(other), EFFECTS, MIDDLES, SLOPES, ALPHAS)
        assert float(found) == pytest.approx(float(rest @ EFFECTS), rel=1e-9)


def made() -> np.ndarray:
    one, other = np.meshgrid(ONE, OTHER, indexing="ij")
    return surface(one, other, EFFECTS, MIDDLES, SLOPES, ALPHAS)


def test_a_fit_finds_the_surface_that_made_the_effects() -> None:
    seen = made()
    alone = fit(ONE[1:], seen[1:, 0], base=0.0), fit(OTHER[1:], seen[0, 1:], base=0.0)
    found = fitted((ONE, OTHER), seen, alone)
    assert found.misfit < 1e-6
    assert (found.alpha12, found.alpha21) == pytest.approx(ALPHAS, rel=1e-3)
    assert found.beta == pytest.approx((0.95 - 0.6) / 0.6, rel=1e-3)


def test_another_library_draws_the_same_surface() -> None:
    model = pytest.importorskip("synergy.combination").MuSyC(fit_gamma=False)
    one, other = np.meshgrid(ONE, OTHER, indexing="ij")
    theirs = model._model(one, other, *EFFECTS, *SLOPES, *MIDDLES, 1.0, 1.0, *ALPHAS, 1.0, 1.0)
    assert made() == pytest.approx(theirs, abs=1e-12)
