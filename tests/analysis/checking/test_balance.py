from collections import Counter
from collections.abc import Callable
from typing import Any

import libsbml
import pytest
from mtorules.analysis.checking.balance import balance, copies
from mtorules.analysis.checking.elements import Elements

# What binds, what is made, what is degraded alone or out of a complex, and what is wrong.
MODEL = """
model m
  compartment cell = 1;
  substanceOnly species A in cell, B in cell, AB in cell;
  A = 1; B = 1; AB = 0; k = 1;
  A is "A(b)"; B is "B(a)"; AB is "@cell::A(b!1).B(a!1)";
  bind: A + B -> AB; k*A*B;
  make: -> A; k;
  decay: B -> ; k*B;
  prune: AB -> A; k*AB;
  %s
end
"""

Gather = Callable[[str], Elements]


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("A(b)", {"A": 1}),
        ("@cell:R(l!1).L(r!1).R(l)", {"R": 2, "L": 1}),
        ("@PM::R(l!1)@EC.L(r!1)", {"R": 1, "L": 1}),
        ("$A()", {"A": 1}),
        ("R(l=1, y=('u', 2)) % L(r=1) ** cell", {"R": 1, "L": 1}),
        ("A()", {"A": 1}),
    ],
)
def test_what_a_pattern_holds(name: str, held: dict[str, int]) -> None:
    assert copies(name) == Counter(held)


@pytest.mark.parametrize("name", ["", "glucose", "ATP (cytosol)", "A(b", "f(x).(y)"])
def test_what_is_no_pattern(name: str) -> None:
    assert copies(name) is None


def test_binding_keeps_and_turnover_is_no_fault(elements: Gather) -> None:
    found, findings = balance(elements(MODEL % ""))
    told = {m.name: (m.species, m.kept, m.made, m.removed, m.unbalanced) for m in found.monomers}
    assert told == {"A": (2, 2, 1, 0, 0), "B": (2, 1, 0, 2, 0)}
    assert findings == []
    assert found.unknown == ""


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("wrong: A -> AB; k*A;", "wrong: +1 B"),
        ("wrong: A -> B; k*A;", "wrong: -1 A"),
        ("wrong: A + 2 B -> AB + 3 B; k*A;", "wrong: +2 B"),
    ],
)
def test_a_copy_out_of_nowhere_is_found(elements: Gather, wrong: str, says: str) -> None:
    found, findings = balance(elements(MODEL % wrong))
    assert sum(m.unbalanced for m in found.monomers) >= 1
    (finding,) = findings
    assert (finding.severity, finding.code) == ("warning", "unbalanced")
    assert says in finding.ids


def test_a_term_may_say_that_it_is_synthesis(document: Callable[[str], Any]) -> None:
    held = document(MODEL % "copy: A -> AB; k*A;")
    assert balance(Elements(held.getModel()))[1]
    held.getModel().getReaction("copy").setSBOTerm("SBO:0000184")
    assert not balance(Elements(held.getModel()))[1]


def test_names_that_tell_nothing_are_not_judged(elements: Gather) -> None:
    plain = "model m; compartment c = 1; species A in c; A = 1; A -> ; A; end"
    found, findings = balance(elements(plain))
    assert found.monomers == ()
    assert "no patterns" in found.unknown
    assert findings == []


def test_reactions_with_an_untold_species_are_left_out(elements: Gather) -> None:
    found, findings = balance(
        elements(MODEL % "substanceOnly species C in cell; C = 0; odd: A -> C; k*A;")
    )
    assert findings == []
    assert found.unknown.startswith("1 of 4 species")


def grouped(document: Any, group: str, members: list[str]) -> Elements:
    """Add a group by monomer to a model."""
    document.enablePackage(libsbml.GroupsExtension.getXmlnsL3V1V1(), "groups", True)
    document.setPackageRequired("groups", False)
    made = document.getModel().getPlugin("groups").createGroup()
    made.setId(group)
    made.setKind("classification")
    for id in members:
        made.createMember().setIdRef(id)
    return Elements(document.getModel())


def test_groups_by_monomer_are_compared_with_patterns(document: Callable[[str], Any]) -> None:
    held = document(MODEL % "")
    found, findings = balance(grouped(held, "A", ["A", "AB"]))
    assert [m.name for m in found.monomers] == ["A"]
    assert "groups" in found.source
    assert findings == []
    other = document(MODEL % "")
    _, findings = balance(grouped(other, "B", ["B", "A"]))
    assert {id for f in findings for id in f.ids} == {"B: A", "B: AB"}
