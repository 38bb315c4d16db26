from collections.abc import Callable
from typing import Any

from mtorules.analysis.checking.elements import Elements, formula, label, names

Gather = Callable[[str], Elements]

BINDING = """
model m
  compartment cell = 1;
  substanceOnly species A in cell, B in cell, AB in cell, X in cell;
  A = 1; B = 1; AB = 0; X = 0; k = 2; l = 3;
  bind: A + B -> AB; k*A*B/cell;
  decay: AB -> ; l*AB;
  also: X -> ; l*X;
  other: X -> ; k*X;
  total := A + AB;
end
"""


def test_each_kind_is_counted(elements: Gather) -> None:
    found = elements(BINDING)
    assert found.counts == {
        "compartments": 1,
        "species": 4,
        "parameters": 3,
        "reactions": 4,
        "reactants and products": 6,
        "kinetic laws": 4,
        "rules": 1,
    }
    assert list(found.species) == ["A", "B", "AB", "X"]


def test_laws_that_differ_in_species_alone_have_one_form(elements: Gather) -> None:
    assert elements(BINDING).forms == [0, 1, 1, 3]


def test_species_in_other_units_make_another_form(document: Callable[[str], Any]) -> None:
    held = document(BINDING)
    held.getModel().getSpecies("X").setSubstanceUnits("item")
    assert Elements(held.getModel()).forms == [0, 1, 2, 3]


def test_the_names_in_a_formula() -> None:
    assert names("k1*A^2e3 + max(B_, 3)") == {"k1", "A", "max", "B_"}


def test_elements_without_id_are_called_after_what_they_belong_to(elements: Gather) -> None:
    found = elements(BINDING)
    assert label(found["rules"][0]) == "total"
    assert label(found["kinetic laws"][0]) == "bind"
    assert label(found["reactants and products"][1]) == "bind: B"
    assert formula(found["rules"][0]) == "A + AB"
