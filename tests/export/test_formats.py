"""Formats by name, each read back by whoever reads it."""

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
