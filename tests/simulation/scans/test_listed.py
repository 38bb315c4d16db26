"""Experiments that no grid holds, run on processes: each at its own times, and told if it fails."""

import math
from pathlib import Path

import numpy as np
import pytest
from mtorules.simulation.engines import Loaded
from mtorules.simulation.experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Experiment,
    Period,
)
from mtorules.simulation.load import load
from mtorules.simulation.scans.listed import Listed, run

DECAY = """
begin model
begin parameters
  k 1e-3
  A_0 100
end parameters
begin seed species
  A() A_0
end seed species
begin observables
  Molecules A_left A()
end observables
begin reaction rules
  A() -> 0 k
end reaction rules
end model
"""


@pytest.fixture(scope="module")
def decay(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    path: Path = tmp_path_factory.mktemp("decay") / "decay.bngl"
    path.write_text(DECAY, encoding="utf-8")
    return load(path)


def begun(name: str, times: list[float], start: float = 0.0, **values: float) -> Experiment:
    return Experiment(name, (Period(start, [Condition(name, values)]),), times)


def test_each_experiment_is_seen_at_its_own_times(decay: Loaded) -> None:
    seen: list[tuple[int, int]] = []
    times = [[100.0], [0.0, 200.0, 1000.0], [50.0, 60.0]]
    rates = [1e-3, 2e-3, 5e-3]
    asked = [begun(f"e{i}", times[i], k=rates[i]) for i in range(3)]
    found = run(decay, ["A_left"], asked, workers=1, told=lambda *told: seen.append(told))
    for when, k, each in zip(times, rates, found, strict=True):
        assert not each.error
        expected = 100 * np.exp(-k * np.array(when))
        np.testing.assert_allclose(each.values["A_left"], expected, rtol=1e-6)
    assert seen[-1] == (3, 3)


def test_one_that_fails_says_why_and_the_others_are_there(decay: Loaded) -> None:
    bad = begun("bad", [1.0], nowhere=1.0)
    first, second = run(decay, ["A_left"], [bad, begun("good", [1.0])], workers=1)
    assert "nowhere" in first.error
    assert not first.values
    assert float(second.values["A_left"][0]) == pytest.approx(100 * math.exp(-1e-3))


def test_nothing_asked_starts_nothing(decay: Loaded) -> None:
    assert run(decay, ["A_left"], []) == []


def test_sorts_of_rest_are_counted_by_what_holds_before_rest() -> None:
    def at_rest(k: float) -> Experiment:
        periods = (Period(EQUILIBRATION, [Condition("c", {"k": k})]), Period(0.0))
        return Experiment(f"{k}", periods, [1.0])

    listed = Listed("m", ("A",), [at_rest(1.0), at_rest(1.0), at_rest(2.0), begun("no", [1.0])])
    assert listed.sorts_of_rest == 2
