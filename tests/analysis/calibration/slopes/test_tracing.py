"""Where cells rest with other totals, from where they rested: closed forms, and a real model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mtorules.analysis.calibration.slopes import tracing
from mtorules.analysis.calibration.slopes.tracing import Tracer, with_totals
from mtorules.simulation.experiments import from_text
from mtorules.simulation.experiments.experiments import Experiment
from mtorules.simulation.load import load
from mtorules.simulation.steady_state import SteadyState

# A, B, their complex, and something else that is given.
SUMS = np.array([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]])


def bound(a: float, b: float, kd: float) -> float:
    """Return how much of a complex there is in balance."""
    both = a + b + kd
    return (both - np.sqrt(both**2 - 4 * a * b)) / 2


@pytest.mark.parametrize(("a", "b"), [(10.0, 20.0), (3.0, 20.0), (80.0, 0.5), (500.0, 0.05)])
def test_what_binds_is_in_balance_with_the_new_totals(a: float, b: float) -> None:
    complexed = bound(10.0, 20.0, 4.0)
    reached = np.array([10.0 - complexed, 20.0 - complexed, complexed, 7.0])
    found = with_totals(reached, SUMS, np.array([a, b, 0.0, 5.0]))
    assert found is not None
    expected = bound(a, b, 4.0)
    np.testing.assert_allclose(found, [a - expected, b - expected, expected, 5.0], rtol=1e-8)


@pytest.mark.parametrize("crumbs", [0.0, 1e-27])
def test_totals_of_what_is_not_there_stay_nothing(crumbs: float) -> None:
    reached = np.array([10.0, crumbs, crumbs, 0.0])
    found = with_totals(reached, SUMS, np.array([30.0, 0.0, 0.0, 0.0]))
    assert found is not None
    np.testing.assert_allclose(found, [30.0, 0.0, 0.0, 0.0])


def test_what_was_not_there_tells_nothing_of_where_it_will_be() -> None:
    reached = np.array([10.0, 0.0, 0.0, 0.0])
    assert with_totals(reached, SUMS, np.array([10.0, 20.0, 0.0, 0.0])) is None
    # Nor does what is gone.
    reached = np.array([6.0, 16.0, 4.0, 0.0])
    assert with_totals(reached, SUMS, np.array([10.0, 0.0, 0.0, 0.0])) is None


@pytest.fixture
def sought(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note how long cells were followed each time that rest was looked for."""
    found: list[float] = []
    find = tracing.steady_state.find

    def noted(*arguments: Any, **options: Any) -> SteadyState:
        rest = find(*arguments, **options)
        found.append(rest.time)
        return rest

    monkeypatch.setattr(tracing.steady_state, "find", noted)
    return found


def tracer() -> Tracer:
    outputs = ("MTORC1", "MTORC2", "MTOR_total")
    return Tracer(load("complexes"), outputs, engine="bngsim", cache=False)


def experiment(mtor: float, *doses: str) -> Experiment:
    words = from_text.Words(settings=(f"MTOR_0={mtor!r}",), doses=doses, equilibrated=True)
    return from_text.experiment(words, [0.0, 3600.0])


def test_cells_with_other_totals_rest_where_they_do_by_themselves(sought: list[float]) -> None:
    near, alone = tracer(), tracer()
    for factor in (1.0, 2.0, 0.4):
        asked = experiment(factor * 120)
        expected = alone.trace(asked).outputs
        np.testing.assert_allclose(near.trace(asked, "cells").outputs, expected, rtol=1e-7)
        assert factor == 1.0 or sought[-1] % 36_000 == 0  # as from nearby, not from the start
    assert len(sought) == 6  # once for each: what was guessed led there


def test_the_same_cells_come_to_rest_once(sought: list[float]) -> None:
    near = tracer()
    courses = [
        near.trace(experiment(120.0, *doses), "cells").outputs
        for doses in ((), ("RAPA_medium=100 nM",), ("RAPA_medium=1 nM",))
    ]
    assert len(sought) == 1
    np.testing.assert_array_equal(courses[0][0], courses[1][0])
    assert courses[1][1, 0] < courses[2][1, 0] < courses[0][1, 0]  # less mTORC1 for more of it
