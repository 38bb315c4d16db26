"""Formats by name, each read back by whoever reads it."""

import os
import subprocess
import sys
from pathlib import Path

import antimony
import numpy as np
import pytest
import roadrunner
from mtorules.export.formats import FORMATS, Format, FormatError, of_suffix
from mtorules.export.sbml import writer
from mtorules.network import generate
from mtorules.network.network import Function, Network


def course(sbml: str) -> np.ndarray:
    simulator = roadrunner.RoadRunner(sbml)
    simulator.integrator.relative_tolerance = 1e-10
    simulator.integrator.absolute_tolerance = 1e-14
    names = sorted(simulator.model.getFloatingSpeciesIds())
    simulator.timeCourseSelections = names
    return np.array(simulator.simulate(0, 5, 5))


def test_antimony_is_read_back_to_the_same_model(construct: Path) -> None:
    network = generate.network(construct)
    text = FORMATS["antimony"].text(network)
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
    back = course(antimony.getSBMLString(None))
    assert back == pytest.approx(course(writer.text(network)), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("each", FORMATS.values(), ids=lambda each: each.name)
def test_every_format_writes_what_it_says(each: Format, tmp_path: Path) -> None:
    network = generate.network("rapamycin")
    path = tmp_path / f"model{each.suffixes[0]}"
    if each.name == "kappa":  # which has no compartments
        with pytest.raises(FormatError, match="Kappa has no compartments"):
            each.write(network, path)
        assert not list(tmp_path.iterdir())
        return
    each.write(network, path)
    assert path.read_bytes() == each.content(network)
    first = of_suffix(path.suffix)
    assert first is not None
    assert each.suffixes[0] in first.suffixes


def test_what_a_format_cannot_hold_is_said(tmp_path: Path) -> None:
    circle = (Function("f", (), "g"), Function("g", (), "f"))
    network = Network("m", (), (), circle, (), (), ())
    with pytest.raises(FormatError, match=r"python cannot hold this model: .*circle"):
        FORMATS["python"].write(network, tmp_path / "m.py")
    assert not list(tmp_path.iterdir())


_HASHES = """
import hashlib
from mtorules.export.formats import FORMATS, FormatError
from mtorules.network import generate
network = generate.network("rapamycin")
for each in FORMATS.values():
    try:
        print(each.name, hashlib.sha256(each.content(network)).hexdigest())
    except FormatError as error:
        print(error)
"""


def test_every_process_writes_the_same_bytes() -> None:
    writing = [
        subprocess.Popen(
            [sys.executable, "-c", _HASHES],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("1", "2")
    ]
    first, second = (process.communicate(timeout=200)[0] for process in writing)
    assert first.count("\n") == len(FORMATS)
    assert first == second
