from collections.abc import Callable

import pytest
from mtorules.analysis.comparing.survey import survey
from mtorules.simulation.load import from_sbml

Sbml = Callable[[str], str]
MODEL = """model m
  compartment c = 1; species S in c, P in c, $F in c; S = 1; P = 0; F = 1; k = 1;
  J: S => P; k*S*F;
  total := S + P; half := S/2; far := half + 1; input := 2 + k; clock := time; kept := 2*total;
  r' = 1; w = 0; at (S < 0.5): w = 1;
end"""


@pytest.mark.parametrize("name", ["S", "P", "half", "far", "r", "w"])
def test_what_depends_on_the_state(antimony_sbml: Sbml, name: str) -> None:
    assert name in survey(from_sbml(antimony_sbml(MODEL)), 10.0).moving


@pytest.mark.parametrize("name", ["F", "k", "input", "clock"])
def test_what_does_not(antimony_sbml: Sbml, name: str) -> None:
    assert name not in survey(from_sbml(antimony_sbml(MODEL)), 10.0).moving


def test_a_sum_that_no_reaction_changes_does_not(antimony_sbml: Sbml) -> None:
    text = antimony_sbml(MODEL.replace("species S", "substanceOnly species S"))
    moving = survey(from_sbml(text), 10.0).moving
    assert "total" not in moving
    assert "kept" not in moving


def test_a_local_parameter_is_no_obstacle(antimony_sbml: Sbml) -> None:
    """A rate that a local parameter switches jumps at its value."""
    text = antimony_sbml(
        "model m; species S; S = 1; J: S => ; piecewise(1, time > t, 0)*S; t = 4; end"
    )
    local = text.replace(
        "</math>\n        </kineticLaw>",
        '</math><listOfLocalParameters><localParameter id="t" value="6"/></listOfLocalParameters>'
        "</kineticLaw>",
    )
    assert "localParameter" in local
    assert survey(from_sbml(text), 10.0).switches == pytest.approx((4.0,))
    assert survey(from_sbml(local), 10.0).switches == pytest.approx((6.0,))
