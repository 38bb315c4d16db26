"""Grids of experiments on molecules that bind, against the root of the quadratic."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.asking import grid, readouts
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.asking.readouts import ReadoutError
from mtorules.simulation.engines import Loaded
from mtorules.simulation.scans import from_text
from mtorules.simulation.scans.from_text import Words
from mtorules.simulation.scans.parts import ScanError


def bound(a: float, b: float, dissociation: float = 1.0) -> float:
    total = a + b + dissociation
    return (total - np.sqrt(total**2 - 4 * a * b)) / 2


def test_every_point_and_readout_is_what_the_quadratic_says(
    binding_loaded: Loaded, tmp_path: Path
) -> None:
    asked = readouts.of(binding_loaded.model, ["AB", "share = AB / (AB + A_free)"])
    seen: list[tuple[int, int]] = []
    words = Words(settings=["A_0=10, 100", "B_0=1, 20"], times="1 h, inf", equilibrated=False)
    data = grid.ask(
        binding_loaded,
        words,
        asked,
        folder=tmp_path,
        told=lambda done, total: seen.append((done, total)),
    )
    for a in (10.0, 100.0):
        for b in (1.0, 20.0):
            point = data.sel(A_0=a, B_0=b, time=np.inf)
            assert float(point.AB) == pytest.approx(bound(a, b), rel=1e-5)
            assert float(point.share) == pytest.approx(bound(a, b) / a, rel=1e-5)
    assert seen[-1] == (4, 4)
    assert (data.message == "").all()
    # What is there is not computed again.
    seen.clear()
    again = grid.ask(
        binding_loaded,
        words,
        asked,
        folder=tmp_path,
        told=lambda done, total: seen.append((done, total)),
    )
    assert seen == [(4, 4)]
    assert again.equals(data)


def test_what_failed_for_time_is_tried_again(binding_loaded: Loaded, tmp_path: Path) -> None:
    asked = readouts.of(binding_loaded.model, ["AB"])
    words = Words(settings=["A_0=10, 100"], times="inf", equilibrated=False)
    with pytest.raises(AnalysisError, match="It took longer than 1e-06 s"):
        grid.ask(binding_loaded, words, asked, folder=tmp_path, limit=1e-6)
    data = grid.ask(binding_loaded, words, asked, folder=tmp_path, limit=60)
    own = binding_loaded.model.parameters["B_0"].value
    assert own is not None
    expected = [bound(10, own), bound(100, own)]
    assert data.AB.to_numpy().ravel() == pytest.approx(expected, rel=1e-5)


def test_fixed_values_hold_unless_the_words_say_otherwise(binding_loaded: Loaded) -> None:
    asked = readouts.of(binding_loaded.model, ["AB"])
    words = Words(settings=["B_0=1, 20"], times="inf", equilibrated=False)
    data = grid.ask(binding_loaded, words, asked, fixed={"A_0": 10.0, "B_0": 7.0})
    assert data.AB.to_numpy().ravel() == pytest.approx([bound(10, 1), bound(10, 20)], rel=1e-5)


def test_multiples_and_conditions_are_of_the_parameter_set(signalling: Loaded) -> None:
    asked = readouts.of(signalling.model, ["MTOR_total"])
    words = Words(cells=["cell=reference, DEPTOR_3x"], settings=["MTOR_0=1, 2 fold"], times="0 s")
    planned = from_text.scan(
        signalling.model,
        "signalling",
        replace(words, outputs=asked.outputs),
        {"MTOR_0": 77.0, "DEPTOR_0": 11.0, "RPTOR_0": 5.0},
    )
    assert planned.axes[1].values == (77.0, 154.0)
    assert {label: v["DEPTOR_0"] for label, v in planned.cells["cell"].items()} == {
        "reference": 11.0,
        "DEPTOR_3x": 33.0,
    }
    assert planned.fixed == {"RPTOR_0": 5.0}


def test_a_grid_without_a_number_is_an_error_and_words_without_sense_too(
    binding_loaded: Loaded,
) -> None:
    asked = readouts.of(binding_loaded.model, ["x = log(AB - 1e6)"])
    words = Words(settings=["A_0=10, 100"], times="1 h", equilibrated=False)
    with pytest.raises(AnalysisError, match="No experiment gave a number"):
        grid.ask(binding_loaded, words, asked)
    with pytest.raises(ScanError, match="no parameter 'C_0'"):
        grid.ask(binding_loaded, Words(settings=["C_0=1, 2"]), asked)


def test_a_readout_called_like_what_is_varied_is_refused(binding_loaded: Loaded) -> None:
    words = Words(settings=["A_0=10, 100"], times="inf", equilibrated=False)
    asked = readouts.of(binding_loaded.model, ["A_0"])
    with pytest.raises(ReadoutError, match="'A_0_ = A_0'"):
        grid.ask(binding_loaded, words, asked)
    asked = readouts.of(binding_loaded.model, ["begun = A_0"])
    data = grid.ask(binding_loaded, words, asked)
    assert data.begun.to_numpy().ravel() == pytest.approx([10, 100])
