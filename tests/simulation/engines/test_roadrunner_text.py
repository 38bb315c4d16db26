"""Jumps that hang on the state, which an integrator steps over unless it is made to stop."""

from collections.abc import Callable

import libsbml
import numpy as np
import pytest
from mtorules.simulation.engines.base import EngineError, Tolerances
from mtorules.simulation.engines.roadrunner_text import with_stops
from mtorules.simulation.load import from_sbml
from mtorules.simulation.simulator import Simulator, exposure

Sbml = Callable[[str], str]


def test_a_rate_that_jumps_where_a_state_is_whole(antimony_sbml: Sbml) -> None:
    """From 3 down to 2 at a speed of 3, to 1 at 2, and so on: each takes 1/n."""
    text = antimony_sbml("model m; species S; S = 3; J: S => ; ceil(S); end")
    times = [1 / 3, 1 / 3 + 1 / 4, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 0.25]
    simulator = Simulator(from_sbml(text), ["S"])
    found = simulator.values(exposure(times, equilibrated=False))[:, 0]
    assert found == pytest.approx([2, 1.5, 1, 0.75], rel=1e-5)


def test_mathematics_may_bear_a_prefix(antimony_sbml: Sbml) -> None:
    text = antimony_sbml("model m; species S; S = 3; J: S => ; ceil(S); end")
    prefixed = text.replace("<ceiling", "<m:ceiling").replace(
        '<math xmlns="http://www.w3.org/1998/Math/MathML">',
        '<math xmlns="http://www.w3.org/1998/Math/MathML" '
        'xmlns:m="http://www.w3.org/1998/Math/MathML">',
    )
    assert "<m:ceiling" in prefixed
    assert with_stops(prefixed, []) is not prefixed


def test_a_trigger_that_is_true_for_a_moment(antimony_sbml: Sbml) -> None:
    """S falls as exp(-t) and is between .18 and .1801 for half a thousandth of a unit of time."""
    text = antimony_sbml(
        """model m; species S; S = 1; T = 0; J: S => ; S;
        E: at (S > 0.18 && S < 0.1801): T = 1; end"""
    )
    simulator = Simulator(from_sbml(text), ["S", "T"])
    found = simulator.values(exposure([1.0, 5.0], equilibrated=False))
    assert found[:, 1].tolist() == [0, 1]
    assert found[:, 0] == pytest.approx(np.exp([-1, -5]), rel=1e-6)


def test_what_never_jumps_or_jumps_by_the_clock_is_left_as_it_is(antimony_sbml: Sbml) -> None:
    plain = antimony_sbml("model m; species S; S = 3; k = 2; J: S => ; k*S; end")
    assert with_stops(plain, ["k"]) is plain
    clock = antimony_sbml("model m; species S; S = 3; k = 2; J: S => ; k*S*floor(time/k); end")
    assert with_stops(clock, ["k"]) is clock


# S falls as exp(-t), so that it is between p and q for log(q/p).
_FALLING = "model m; species S, T; S = 1; T = 0; p = 0.18; q = 0.18001; J: S => ; S; K: => T; "
_BAND = 1e5 * np.log(0.18001 / 0.18)


def _own(text: str) -> str:
    """Return SBML whose second reaction keeps p and q to itself."""
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    for id in ("p", "q"):
        own = model.getReaction("K").getKineticLaw().createLocalParameter()
        own.setId(id)
        own.setValue(model.getParameter(id).getValue())
        model.removeParameter(id)
    return libsbml.writeSBMLToString(document)


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize(
    ("law", "share"),
    [
        ("piecewise(1e5, S > p && S < q, 0)", 1),
        ("piecewise(piecewise(1e5, S > p, 0), S < q, 0)", 1),
        ("1e5*(S > p)*(S < q)", 1),
        ("1e5*(floor(S/p) - floor(S/q))*piecewise(1, S/p < 1.5, 0)", 1),
        ("1e5*(quotient(S, p) - quotient(S, q))*piecewise(1, S/p < 1.5, 0)", 1),
        ("piecewise(1e5, abs(S - (p+q)/2) < (q-p)/2, 0)", 1),
        ("1e5*max(0, 1 - abs(S - (p+q)/2)/((q-p)/2))", 0.5),
    ],
)
def test_a_rate_that_runs_for_a_moment(
    antimony_sbml: Sbml, law: str, share: float, local: bool
) -> None:
    text = antimony_sbml(f"{_FALLING}{law}; end")
    simulator = Simulator(from_sbml(_own(text) if local else text), ["T"])
    found = simulator.values(exposure([5.0], equilibrated=False))
    assert found[0, 0] == pytest.approx(share * _BAND, rel=1e-4)


def test_names_of_a_law_of_its_own_are_not_those_of_the_model(antimony_sbml: Sbml) -> None:
    """The model's own p, which moves, is not what the law compares with."""
    text = antimony_sbml(f"{_FALLING}piecewise(1e5, S > p && S < q, 0); end")
    document = libsbml.readSBMLFromString(_own(text))
    moving = document.getModel().createParameter()
    moving.setId("p")
    moving.setConstant(False)
    rule = document.getModel().createAssignmentRule()
    rule.setVariable("p")
    rule.setMath(libsbml.parseL3Formula("5 + time"))
    simulator = Simulator(from_sbml(libsbml.writeSBMLToString(document)), ["T"])
    found = simulator.values(exposure([5.0], equilibrated=False))
    assert found[0, 0] == pytest.approx(_BAND, rel=1e-4)


def test_a_rate_that_never_stops_jumping_ends_with_a_message(antimony_sbml: Sbml) -> None:
    text = antimony_sbml("model m; species S; S = 1; J: => S; piecewise(-1, S > 0.5, 1); end")
    simulator = Simulator(from_sbml(text), ["S"], tolerances=Tolerances(steps=2000))
    with pytest.raises(EngineError, match="more steps than allowed"):
        simulator.values(exposure([5.0], equilibrated=False))
