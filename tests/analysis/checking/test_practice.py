from collections.abc import Callable
from typing import Any

import libsbml
import pytest
from mtorules.analysis.checking.elements import Elements
from mtorules.analysis.checking.practice import practice
from mtorules.analysis.checking.report import Finding

CLEAN = """
model m
  compartment cell = 1;
  species A in cell, B in cell;
  A = 1; B = 0; k = 1;
  J: A => B; k*A;
  %s
end
"""

Read = Callable[[str], Any]


def found(document: Any) -> dict[str, Finding]:
    return {f.code: f for f in practice(Elements(document.getModel()))}


def test_a_plain_model_gives_no_cause(document: Read) -> None:
    assert found(document(CLEAN % "")) == {}


@pytest.mark.parametrize(
    ("text", "code", "id"),
    [
        ("R: A -> B; k*A;", "reversible", "R"),
        ("R: A + A => B; k*A;", "species repeated", "R"),
        ("lambda = 2; R: A => B; lambda*A;", "reserved name", "lambda (SBML's functions)"),
        ("R: A => B; floor(k)*A;", "rare function", "R (floor)"),
        ("x := ceil(k);", "rare function", "x (ceil)"),
    ],
)
def test_what_tools_read_differently(document: Read, text: str, code: str, id: str) -> None:
    held = document(CLEAN % text)
    if code == "species repeated":  # Antimony adds them up
        reaction = held.getModel().getReaction("R")
        reaction.getReactant(0).setStoichiometry(1)
        reaction.addReactant(held.getModel().getSpecies("A"), 1)
    assert found(held)[code].ids == (id,)


def test_stoichiometry_that_is_left_out(document: Read) -> None:
    held = document(CLEAN % "")
    reactant = held.getModel().getReaction("J").getReactant(0)
    reactant.unsetStoichiometry()
    assert found(held)["stoichiometry not set"].ids == ("J: A",)
    # An initial assignment gives it as well as an attribute.
    reactant.setId("n")
    assignment = held.getModel().createInitialAssignment()
    assignment.setSymbol("n")
    assert "stoichiometry not set" not in found(held)


def test_a_model_without_id(document: Read) -> None:
    held = document(CLEAN % "")
    held.getModel().unsetId()
    assert "no model id" in found(held)


PACKAGES = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1"
  xmlns:comp="http://www.sbml.org/sbml/level3/version1/comp/version1" comp:required="true"
  xmlns:new="http://www.sbml.org/sbml/level3/version1/new/version1" new:required="%s">
  <model id="m"><comp:listOfSubmodels>
    <comp:submodel comp:id="part" comp:modelRef="other"/>
  </comp:listOfSubmodels></model>
  <comp:listOfModelDefinitions><comp:modelDefinition id="other"/></comp:listOfModelDefinitions>
</sbml>
"""


def test_submodels_and_packages_that_must_be_understood() -> None:
    told = found(libsbml.readSBMLFromString(PACKAGES % "true"))
    assert told["submodels"].ids == ("part",)
    assert told["required package"].ids == ("new",)
    assert told["submodels"].severity == told["required package"].severity == "warning"
    assert "required package" not in found(libsbml.readSBMLFromString(PACKAGES % "false"))


def test_numbers_that_are_none(document: Read) -> None:
    held = document(CLEAN % "")
    model = held.getModel()
    unit = model.createUnitDefinition()
    unit.setId("u")
    unit.createUnit().setMultiplier(0.0)
    model.getReaction("J").getReactant(0).setStoichiometry(float("nan"))
    model.getSpecies("B").setInitialConcentration(float("inf"))
    told = found(held)["no finite number"]
    assert told.ids == ("u (multiplier 0.0)", "B (inf)", "J: A (nan)")
