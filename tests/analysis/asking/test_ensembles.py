"""Ensembles of parameter sets against the closed form of a decay, set by set."""

from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.asking import ensembles, grid, readouts
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load
from mtorules.simulation.scans.from_text import Words

DECAY = """
begin model
begin parameters
  k 0.5
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
RATES = [0.1, 0.9, 0.4, 0.25, 0.6]


@pytest.fixture(scope="module")
def decay(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    path = tmp_path_factory.mktemp("model") / "decay.bngl"
    path.write_text(DECAY, encoding="utf-8")
    return load(path)


def ran(loaded: Loaded, words: Words, sets: list[dict[str, float]], fixed: dict[str, float]):
    looked = readouts.of(loaded.model, ["A_left"])
    planned = ensembles.plan(loaded.model, words, sets, fixed)
    return ensembles.apart(grid.run(loaded, planned, looked, workers=1))


def words(**more) -> Words:
    said = {"cells": ["cell=reference"], "times": "0..4 s lin 3", "outputs": ["A_left"]}
    return Words(**{**said, "engine": "roadrunner", **more})


def test_each_set_decays_at_its_own_rate_from_what_all_share(decay: Loaded) -> None:
    sets = [{"k": rate} for rate in RATES]
    data = ran(decay, words(), sets, {"A_0": 40.0, "k": 7.0})
    assert data.A_left.dims == ("cell", "member", "time")
    assert data.member.to_numpy().tolist() == [1, 2, 3, 4, 5]
    exact = 40 * np.exp(-np.outer(RATES, [0, 2, 4]))
    assert data.A_left.to_numpy()[0] == pytest.approx(exact, rel=1e-6)


def test_words_go_on_top_of_a_set_and_multiples_are_of_it(decay: Loaded) -> None:
    sets = [{"k": 0.2, "A_0": 10.0}, {"k": 0.3, "A_0": 20.0}]
    data = ran(decay, words(settings=["A_0=2 fold", "k=0.5"]), sets, {})
    exact = np.outer([20, 40], np.exp(-0.5 * np.array([0, 2, 4])))
    assert data.A_left.to_numpy()[0] == pytest.approx(exact, rel=1e-6)


def test_doses_make_lines_and_replicates_are_of_every_set(decay: Loaded) -> None:
    sets = [{"k": 0.2}, {"k": 0.8}, {"k": 0.4}]
    data = ran(decay, words(doses=["A()=0, 50"]), sets, {})
    assert data.A_left.sizes == {"cell": 1, "dose_A()": 2, "member": 3, "time": 3}
    exact = 150 * np.exp(-4 * np.array([0.2, 0.8, 0.4]))
    found = data.A_left.sel({"dose_A()": 50}).isel(time=-1, cell=0)
    assert found.to_numpy() == pytest.approx(exact, rel=1e-6)
    chance = ran(decay, words(replicates=4), sets, {})
    assert chance.A_left.isel(time=0).to_numpy() == pytest.approx(100)
    assert chance.A_left.sizes["replicate"] == 4


def test_what_multiplies_a_varied_value_is_refused(decay: Loaded) -> None:
    with pytest.raises(AnalysisError, match="'fold'"):
        ensembles.plan(decay.model, words(settings=["k=0.5, 2 fold"]), [{"k": 1.0}, {"k": 2.0}], {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no parameter sets"),
        ("k,A_0\n", "holds no parameter sets"),
        ("kk\n1\n", "no parameter 'kk' that can be set.*Did you mean 'k'"),
        ("k,k\n1,2\n", "'k' is there twice"),
        ("k,A_0\n1\n", "line 2 has 1 numbers for 2 parameters"),
        ("k\n1\n\nfast\n", "line 4: k is no value: 'fast'"),
        ("k\nnan\n", "line 2: k is no value"),
        ("A_left\n1\n", "no parameter 'A_left'"),
    ],
)
def test_faults_of_a_file_are_told_with_their_lines(
    decay: Loaded, tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "sets.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AnalysisError, match=said):
        ensembles.read(path, decay.model)


def test_a_file_is_read_as_written(decay: Loaded, tmp_path: Path) -> None:
    path = tmp_path / "sets.csv"
    path.write_text("\ufeffk, A_0\n1e-1, 20\n\n0.2,30\n", encoding="utf-8")
    found = ensembles.read(path, decay.model)
    assert found == [{"k": 0.1, "A_0": 20.0}, {"k": 0.2, "A_0": 30.0}]
