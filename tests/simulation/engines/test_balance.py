"""Totals that no reaction changes."""

from collections.abc import Callable
from contextlib import suppress
from itertools import permutations

import numpy as np
import pytest
from mtorules.simulation.engines import EngineError, Loaded, Tolerances, engine_named
from mtorules.simulation.engines.balance import Balance
from mtorules.simulation.experiments.experiments import Experiment, Period
from mtorules.simulation.load import from_sbml
from mtorules.simulation.simulator import Simulator


@pytest.fixture
def binding(ruled: Callable[..., Loaded]) -> Loaded:
    return ruled(
        "A(b) + B(a) <-> A(b!1).B(a!1) 1e-3, 1e-2", "A(b)@cell A0\nB(a)@cell 50", "A0 1e60"
    )


def test_a_lost_total_is_named(binding: Loaded) -> None:
    before = np.array([20.0, 10.0, 0.0])
    balance = Balance(binding, 1e-8)
    balance.check("any", 1.0, before, np.array([15.0, 5.0, 5.0]), np.zeros(3))
    with pytest.raises(EngineError, match=r"time 1: the total of .* went from 10 to 9"):
        balance.check("any", 1.0, before, np.array([16.0, 5.0, 4.0]), np.zeros(3))
    with pytest.raises(EngineError, match="to nan"):
        balance.check("any", 1.0, before, np.full(3, np.nan), np.zeros(3))


def test_a_difference_hides_nothing_that_is_rare(ruled: Callable[..., Loaded]) -> None:
    """Whichever species comes first, B is told beside a million times as much A."""
    seeds = ["A(b)@cell 5e7", "B(a)@cell 50", "A(b!1).B(a!1)@cell 0"]
    for order in permutations(seeds):
        loaded = ruled("A(b) + B(a) <-> A(b!1).B(a!1) 1e-3, 1e-2", "\n".join(order), "k 1")
        _, sums = loaded.moieties
        assert sums.shape == (2, 3)
        amounts = {"A_": 5e7, "B_": 50.0, "AB": 0.0}
        before = np.array([amounts[id] for id in loaded.model.state_ids])
        after = before - [10.0 * (id == "B_") for id in loaded.model.state_ids]
        with pytest.raises(EngineError, match="from 50 to 40"):
            Balance(loaded, 1e-8).check("any", 1.0, before, after, np.zeros(3))


def test_what_rounding_left_of_nothing_is_no_total(binding: Loaded) -> None:
    """As in cells that came to rest without a molecule that others have."""
    before, after = np.array([20.0, 3.86511e-32, 0.0]), np.array([20.0, 3.86498e-32, 0.0])
    Balance(binding, 1e-8).check("any", 1.0, before, after, np.zeros(3))
    with pytest.raises(EngineError, match="the total of"):
        Balance(binding, 1e-8).check("any", 1.0, 1e20 * before, 1e20 * after, np.zeros(3))


@pytest.mark.parametrize("name", ["roadrunner", "bngsim", "scipy"])
def test_what_cannot_be_computed_is_no_number(name: str, binding: Loaded) -> None:
    """All 50 B are bound at once, to 1e60 A; an engine finds that out or says that it cannot."""
    engine = engine_named(name)(binding, ["AB"], Tolerances())
    settable, state = binding.model.initial({})
    engine.start(settable, np.array(list(state.values())), 0.0)
    with suppress(EngineError):
        assert engine.integrate(np.array([20.0]))[0, 0] == pytest.approx(50.0, rel=1e-6)


@pytest.mark.parametrize(
    "body",
    [
        "E: at (time > 1): A = 3;",  # events may move amounts
        "n = 2; n' = 0; N: 3 A -> B; 0;",
    ],
)
def test_what_others_move_is_no_total(body: str, antimony_sbml: Callable[[str], str]) -> None:
    text = antimony_sbml(f"model m\nspecies A, B; A = 1; B = 0; J: A -> B; 0.1*A; {body}\nend\n")
    loaded = from_sbml(text)
    Simulator(loaded, ["A", "B"]).values(Experiment("m", [Period(0.0)], [2.0, 5.0]))


def test_conversion_factors_change_totals(antimony_sbml: Callable[[str], str]) -> None:
    text = antimony_sbml("model m\nspecies A, B; A = 1; B = 0; f = 2; J: A -> B; 0.1*A;\nend\n")
    text = text.replace('<species id="B"', '<species conversionFactor="f" id="B"')
    found = Simulator(from_sbml(text), ["A", "B"]).values(Experiment("m", [Period(0.0)], [10.0]))
    assert found[0] == pytest.approx([np.exp(-1), 2 - 2 * np.exp(-1)], rel=1e-6)
