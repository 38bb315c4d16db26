from collections.abc import Callable

import libsbml
import pytest
from mtorules.analysis.comparing import constructs as of
from mtorules.analysis.comparing.outcomes import TOOLS

Sbml = Callable[[str], str]
MODEL = "model m; compartment c = 1; species S in c; S = 1; k = 1; J: S => ; k*S; %s; end"


def used(text: str) -> dict[str, str]:
    return dict(of.constructs(libsbml.readSBMLFromString(text).getModel()))


@pytest.mark.parametrize(
    ("line", "construct", "where"),
    [
        ("x := delay(S, 1)", of.DELAY, "rule of x"),
        ("x := rateOf(S)", of.RATE, "rule of x"),
        ("E: at 1 after (S < 0.5): k = 2", of.EVENT_DELAY, "E"),
        ("E: at (S < 0.5), priority = 1: k = 2", of.PRIORITY, "E"),
        ("E: at (S < 0.5), persistent = false: k = 2", of.PERSISTENCE, "E"),
        ("species T in c; T' = 1; c' = 1", of.VOLUME, "T"),
        ("0 = S + k - 2", of.ALGEBRAIC, "S + k - 2"),
    ],
)
def test_what_is_used_is_named_with_its_place(
    antimony_sbml: Sbml, line: str, construct: str, where: str
) -> None:
    assert used(antimony_sbml(MODEL % line))[construct] == where


@pytest.mark.parametrize(
    ("old", "new", "construct"),
    [
        ('reversible="false"', 'reversible="false" fast="true"', of.FAST),
        ("<model ", '<model conversionFactor="k" ', of.CONVERSION),
    ],
)
def test_what_is_an_attribute_is_named_too(
    antimony_sbml: Sbml, old: str, new: str, construct: str
) -> None:
    text = antimony_sbml(MODEL % "y = 1").replace("level3/version2", "level3/version1")
    text = text.replace('version="2"', 'version="1"').replace('reversible="true"', old)
    assert construct in used(text.replace(old, new, 1))


def test_a_stoichiometry_that_a_rule_sets(antimony_sbml: Sbml) -> None:
    line = "J1: n S => ; k*S; n := 1 + time"
    assert used(antimony_sbml(MODEL % line))[of.STOICHIOMETRY] == "of S in J1"


def test_a_plain_model_uses_nothing_rare(antimony_sbml: Sbml) -> None:
    assert used(antimony_sbml(MODEL % "x := 2*S; c2 := k; E: at (time > 3): k = 2")) == {}


def test_every_list_is_one_of_a_tool() -> None:
    assert set(of.LACKING) <= set(TOOLS)
    assert of.lacking("run_network", [(of.DELAY, "x")]) == ""
