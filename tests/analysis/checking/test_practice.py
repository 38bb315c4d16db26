from collections.abc import Callable
from typing import Any

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
