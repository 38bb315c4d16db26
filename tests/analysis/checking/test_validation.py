from collections.abc import Callable
from typing import Any

import libsbml
import pytest
from mtorules.analysis.checking import validation
from mtorules.analysis.checking.elements import Elements
from mtorules.analysis.checking.validation import declares_units, validate

PLAIN = """
model m
  compartment cell = 1;
  species A in cell, B in cell;
  A = 1; B = 0; k = 1;
  J: A => B; k*A*cell;
end
"""
# Amounts in mole, time in second, volumes in litre; k is first order.
UNITS = """
model m
  unit substance = mole; unit time_unit = second; unit volume = litre; unit extent = mole;
  unit rate = 1 / second;
  compartment cell = 1 litre;
  substanceOnly species A in cell, B in cell;
  A = 1 mole; B = 0 mole;
  k = 1 rate; wrong = 1 mole;
  J: A => B; k*A;
  %s
end
"""

Read = Callable[[str], Any]


def validated(document: Any, **settings: bool) -> validation.Validation:
    return validate(document, Elements(document.getModel()), **settings)


def read(text: str) -> Any:
    return libsbml.readSBMLFromString(text)


def test_a_model_without_units_hears_it_once(document: Read) -> None:
    held = document(PLAIN)
    (finding,) = validated(held).findings
    assert (finding.code, finding.severity, finding.count) == ("no units", "warning", 1)
    assert not declares_units(Elements(held.getModel()))


def with_units(document: Any) -> Any:
    model = document.getModel()
    model.setSubstanceUnits("mole")
    model.setTimeUnits("second")
    model.setVolumeUnits("litre")
    model.setExtentUnits("mole")
    return document


def test_units_that_agree_give_no_cause(document: Read) -> None:
    held = with_units(document(UNITS % ""))
    found = validated(held)
    assert [f.title for f in found.findings] == []
    assert declares_units(Elements(held.getModel()))


def test_units_that_differ_are_found_where_they_are(document: Read) -> None:
    held = with_units(document(UNITS % "W: A => B; wrong*A; V: A => B; wrong*A;"))
    found = {f.code: f for f in validated(read(libsbml.writeSBMLToString(held))).findings}
    assert found["10541"].count == 2
    assert found["10541"].category == "unit consistency"
    assert len(found["10541"].lines) == 2
    assert validated(held, units=False).findings == ()


def test_from_many_reactions_on_one_of_each_form_is_checked(
    document: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "".join(f"W{n}: A => B; wrong*A;" for n in range(5))
    held = with_units(document(UNITS % f"{wrong} R: B => A; k*B;"))
    text = libsbml.writeSBMLToString(held)
    whole = {f.code: f.count for f in validated(read(text)).findings}
    monkeypatch.setattr(validation, "ALL_CHECKED", 3)
    sampled = validated(held := read(text))
    assert {f.code: f.count for f in sampled.findings} == whole
    assert sampled.weights == {"J": 2, "W0": 5}
    assert held.getModel().getNumReactions() == 7  # the document itself is left whole


def test_what_a_broken_file_says_has_its_line(document: Read) -> None:
    text = libsbml.writeSBMLToString(document(PLAIN)).replace(
        '<species id="B" compartment="cell"', '<species id="B" compartment="nowhere"'
    )
    errors = [f for f in validated(read(text)).findings if f.severity == "error"]
    (line,) = (n for n, row in enumerate(text.splitlines(), 1) if "nowhere" in row)
    (finding,) = errors
    assert finding.lines == (line,)
    assert "nowhere" in finding.detail


def test_an_id_given_twice_is_an_error(document: Read) -> None:
    text = libsbml.writeSBMLToString(document(PLAIN)).replace('<species id="B"', '<species id="A"')
    found = {f.code for f in validated(read(text)).findings if f.severity == "error"}
    assert "10301" in found
