from collections.abc import Callable
from typing import Any

import libsbml
import pytest
from mtorules.analysis.checking.elements import Elements
from mtorules.analysis.checking.report import Finding
from mtorules.analysis.checking.usage import usage

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
    text = libsbml.writeSBMLToString(document)
    return {f.code: f for f in usage(Elements(document.getModel()), text)}


def test_what_is_all_used_gives_no_cause(document: Read) -> None:
    assert found(document(CLEAN % "")) == {}


@pytest.mark.parametrize(
    ("text", "code", "id"),
    [
        ("spare = 3;", "unused parameter", "spare"),
        ("species X in cell; X = 1;", "unused species", "X"),
        ("compartment empty_ = 1;", "unused compartment", "empty_"),
        ("E: => ; k;", "empty reaction", "E"),
        ("N: A => B;", "no kinetic law", "N"),
        ("unit pace = 1e-3 second;", "unused unit definition", "pace"),
        ("species X in cell; X = 1; C: A + X => B + X; k*A*X;", "unchanging species", "X"),
    ],
)
def test_what_is_unused_is_named(document: Read, text: str, code: str, id: str) -> None:
    assert found(document(CLEAN % text))[code].ids == (id,)


@pytest.mark.parametrize(
    "text",
    [
        "spare = 3; x := spare;",
        "spare = 3; x = spare; at (time > 1): B = x;",
        "spare = 3; at (time > spare): B = 1;",
        "spare = 3; x' = spare;",
        "spare = 3; B = 0; A = spare;",
    ],
    ids=["rule", "event assignment", "trigger", "rate rule", "start"],
)
def test_any_formula_is_a_use(document: Read, text: str) -> None:
    assert "unused parameter" not in {
        code for code, f in found(document(CLEAN % text)).items() if "spare" in f.ids
    }


def test_an_unused_function(document: Read) -> None:
    model = (held := document(CLEAN % "")).getModel()
    for name in ("twice", "four"):
        model.createFunctionDefinition().setId(name)
    model.getFunctionDefinition("twice").setMath(libsbml.parseL3Formula("lambda(x, 2 * x)"))
    model.getFunctionDefinition("four").setMath(libsbml.parseL3Formula("lambda(x, twice(x) * 2)"))
    assert found(held)["unused function definition"].ids == ("four",)


def test_a_local_parameter_that_its_law_does_not_use(document: Read) -> None:
    held = document(CLEAN % "")
    held.getModel().getReaction("J").getKineticLaw().createLocalParameter().setId("p")
    assert found(held)["unused local parameter"].ids == ("J: p",)


def test_a_local_parameter_hides_the_global_one(document: Read) -> None:
    held = document(CLEAN % "")
    held.getModel().getReaction("J").getKineticLaw().createLocalParameter().setId("k")
    assert found(held)["unused parameter"].ids == ("k",)


def test_a_size_that_changes_nothing(document: Read) -> None:
    held = document(CLEAN % "")
    for species in held.getModel().getListOfSpecies():
        species.setHasOnlySubstanceUnits(True)
    assert found(held)["idle size"].ids == ("cell",)


def test_groups_that_are_empty_or_name_nobody(document: Read) -> None:
    held = document(CLEAN % "")
    held.enablePackage(libsbml.GroupsExtension.getXmlnsL3V1V1(), "groups", True)
    held.setPackageRequired("groups", False)
    for name in ("hollow", "full"):
        group = held.getModel().getPlugin("groups").createGroup()
        group.setId(name)
        group.setKind("collection")
    for id in ("A", "nobody"):
        group.createMember().setIdRef(id)
    held.getModel().getSpecies("B").setMetaId("meta_B")
    group.createMember().setMetaIdRef("meta_B")
    told = found(held)
    assert told["empty group"].ids == ("hollow",)
    assert told["dangling member"].ids == ("full: nobody",)
    assert told["dangling member"].severity == "warning"


def test_a_use_by_another_package_is_a_use(document: Read) -> None:
    """A bound of a flux is a parameter that no formula names."""
    held = document(CLEAN % "bound = 3;")
    assert "bound" in found(held)["unused parameter"].ids
    held.enablePackage(libsbml.FbcExtension.getXmlnsL3V1V2(), "fbc", True)
    held.setPackageRequired("fbc", False)
    held.getModel().getPlugin("fbc").setStrict(False)
    held.getModel().getReaction("J").getPlugin("fbc").setUpperFluxBound("bound")
    assert "unused parameter" not in found(held)
