from collections.abc import Callable
from typing import Any

from mtorules.analysis.checking.elements import Elements
from mtorules.analysis.checking.report import Units
from mtorules.analysis.checking.unitcover import units

PLAIN = """
model m
  compartment cell = 1;
  species A in cell, B in cell;
  A = 1; B = 0; k = 1; l = 1;
  J: A => B; k*A*cell;
  K: A => B; l*A*cell;
end
"""

Read = Callable[[str], Any]


def cover(document: Any) -> tuple[Units, dict[str, tuple[int, int]]]:
    document.checkConsistency()
    found = units(Elements(document.getModel()), document, {})
    return found, {s.kind: (s.having, s.total) for s in found.shares}


def test_nothing_declared(document: Read) -> None:
    found, shares = cover(document(PLAIN))
    assert not any(found.model.values())
    assert shares == {
        "compartments": (0, 1),
        "species": (0, 2),
        "parameters": (0, 2),
        "kinetic laws": (0, 2),
    }


def test_the_model_declares_for_all(document: Read) -> None:
    held = document(PLAIN)
    model = held.getModel()
    model.setSubstanceUnits("mole")
    model.setTimeUnits("second")
    model.setVolumeUnits("litre")
    model.setExtentUnits("mole")
    model.getParameter("k").setUnits("dimensionless")
    found, shares = cover(held)
    assert found.model["volume"] == "litre"
    assert shares["compartments"] == (1, 1)
    assert shares["species"] == (2, 2)
    assert shares["parameters"] == (1, 2)
    assert shares["kinetic laws"] == (1, 2)
    assert next(s for s in found.shares if s.kind == "kinetic laws").without == ("K",)


def test_a_volume_does_not_measure_a_membrane(document: Read) -> None:
    held = document(PLAIN)
    held.getModel().setVolumeUnits("litre")
    held.getModel().getCompartment("cell").setSpatialDimensions(2)
    assert cover(held)[1]["compartments"] == (0, 1)


def test_level_2_has_units_of_its_own(document: Read) -> None:
    held = document(PLAIN)
    assert held.setLevelAndVersion(2, 4, False)
    found, shares = cover(held)
    assert found.model["substance"] == "mole (default)"
    assert shares["species"] == (2, 2)


def test_weights_tell_what_a_sample_stands_for(document: Read) -> None:
    held = document(PLAIN)
    found = units(Elements(held.getModel()), held, {"J": 10, "K": 5})
    assert next(s.total for s in found.shares if s.kind == "kinetic laws") == 15


def test_without_the_check_no_law_is_counted(document: Read) -> None:
    held = document(PLAIN)
    found = units(Elements(held.getModel()), None, {})
    assert (found.checked, found.reactions) == (0, 2)
    assert "kinetic laws" not in {s.kind for s in found.shares}
