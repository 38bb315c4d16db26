"""Times as a model counts them."""

from collections.abc import Callable

import pytest
from mtorules.cli.clocks import Clock
from mtorules.network.units.quantities import QuantityError
from mtorules.simulation.load import from_sbml

HOURS = "model m\nunit time_unit = 3600 second;\nspecies A; A = 1; J: A => ; A;\nend"


def test_our_own_models_need_a_unit() -> None:
    assert Clock().read("2 min") == 120.0
    with pytest.raises(QuantityError, match="'120' has no unit"):
        Clock().read("120")


def test_a_file_of_others_counts_in_its_own(antimony_sbml: Callable[[str], str]) -> None:
    clock = Clock.of(from_sbml(antimony_sbml(HOURS)).model, own=True)
    assert clock.read("90 min") == pytest.approx(1.5)
    assert clock.remarks == []
    assert clock.read("1.5") == 1.5
    assert clock.read("2") == 2.0
    assert len(clock.remarks) == 1
    assert "in the file's own unit" in clock.remarks[0]
    for bad in ("-1", "nan", "inf", "1 nM", "soon"):
        with pytest.raises(QuantityError):
            clock.read(bad)


def test_where_seconds_are_asked_for_they_are_meant(antimony_sbml: Callable[[str], str]) -> None:
    clock = Clock.of(from_sbml(antimony_sbml(HOURS)).model, own=False)
    assert clock.read("2 min") == 120.0


def test_without_a_unit_in_the_file_a_second_is_one(antimony_sbml: Callable[[str], str]) -> None:
    plain = "model m\nspecies A; A = 1; J: A => ; A;\nend"
    clock = Clock.of(from_sbml(antimony_sbml(plain)).model, own=True)
    assert clock.read("2 min") == 120.0
    assert clock.remarks == ["Times are without a unit in the file; a second is taken for 1."]
