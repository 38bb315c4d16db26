"""Jumps that hang on the state, which an integrator steps over unless it is made to stop."""

from collections.abc import Callable

import numpy as np
import pytest
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
