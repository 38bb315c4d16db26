"""Ranges of parameters, read back by libSBML's package distrib."""

from collections.abc import Callable

import libsbml
import numpy as np
import pytest
from mtorules.export.sbml import writer
from mtorules.network import generate


@pytest.mark.parametrize("level", ["3.2", "3.1"])
def test_libsbml_reads_the_ranges_that_tables_give(
    level: str, findings: Callable[..., list[str]]
) -> None:
    network = generate.network("complexes")
    text = writer.document(network, level, ranges=True).text
    assert findings(text) == findings(writer.text(network, level))
    model = libsbml.readSBMLFromString(text).getModel()
    names = {p.name: p for p in network.parameters if p.range is not None}
    read = {}
    for parameter in model.getListOfParameters():
        plugin = parameter.getPlugin("distrib")
        for place in range(plugin.getNumUncertainties()):
            span = plugin.getUncertainty(place).getUncertParameter(0)
            assert span.getTypeAsString() == "range"
            assert span.getUnits() == parameter.getUnits()
            read[parameter.getName()] = (span.getValueLower(), span.getValueUpper())
            low, high = read[parameter.getName()]
            assert low <= parameter.getValue() <= high
    assert read.keys() == names.keys()
    assert len(read) > 30
    assert read == {name: p.range for name, p in names.items()}


def test_level_2_has_no_room_for_them() -> None:
    with pytest.raises(writer.SbmlError, match="no room for ranges"):
        writer.document(generate.network("rapamycin"), "2.4", ranges=True)


def test_libroadrunner_runs_it_as_ever(courses: Callable[..., dict[str, np.ndarray]]) -> None:
    network = generate.network("rapamycin")
    names, times = [group.name for group in network.groups], np.linspace(0, 100, 3)
    made = writer.document(network, ranges=True).text
    found, wanted = (courses(text, times, names) for text in (made, writer.text(network)))
    assert all((found[name] == wanted[name]).all() for name in names)
