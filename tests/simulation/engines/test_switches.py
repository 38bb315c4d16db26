"""Pulses and steps in time, wherever one looks, and events at the start."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from mtorules.network import generate
from mtorules.simulation.engines import EngineError
from mtorules.simulation.experiments.experiments import Experiment, Period
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.simulator import Simulator

Simulate = Callable[..., Simulator]
DAY = 86400.0


def course(simulator: Simulator, *times: float) -> np.ndarray:
    return simulator.values(Experiment("m", [Period(0.0)], times))


@pytest.mark.parametrize("times", [(DAY,), (1.0, DAY), tuple(np.linspace(0, DAY, 50))])
@pytest.mark.parametrize(
    ("law", "made"),
    [
        ("piecewise(0.1, (time > 3600) && (time < 4200), 0)", 60.0),
        ("piecewise(0.1, abs(time - 40000) < 0.5, 0)", 0.1),
        ("piecewise(0.1, time < from + 5, 0) - piecewise(0.1, time < from, 0)", 0.5),
        ("floor(time/80000)", 6400.0),
        ("piecewise(1, sin(time/100) > 0.999999, 0)", None),
    ],
)
def test_no_pulse_is_stepped_over(
    law: str, made: float | None, times: tuple[float, ...], simulate: Simulate
) -> None:
    found = course(
        simulate(f"species A; A = 0; from = 5000; -> A; {law};", ["A"], ours=False), *times
    )
    if made is None:  # each time for 200 acos(0.999999), once a round
        rounds = math.floor((DAY / 100 - math.pi / 2) / (2 * math.pi)) + 1
        made = rounds * 200 * math.acos(0.999999)
    assert found[-1, 0] == pytest.approx(made, rel=1e-6)


@pytest.mark.parametrize("engine", ["roadrunner", "bngsim", "scipy"])
def test_every_engine_sees_a_pulse(engine: str) -> None:
    text = """begin model
begin molecule types
A()
end molecule types
begin seed species
A() 0
end seed species
begin observables
Molecules At A()
end observables
begin functions
f() if(time()>3600,if(time()<4200,0.1,0),0)
end functions
begin reaction rules
0 -> A() f()
end reaction rules
end model
"""
    loaded = load(generate.from_bngl(text, "pulse"))
    found = course(Simulator(loaded, ["At"], engine=engine), DAY)
    assert found[0, 0] == pytest.approx(60.0, rel=1e-7)


def test_an_output_at_a_switch_is_what_its_formula_says_there(simulate: Simulate) -> None:
    body = "below := piecewise(1, time < 2, 0); upto := piecewise(1, time <= 2, 0); k' = below;"
    found = course(simulate(f"{body} k = 0;", ["below", "upto", "k"], ours=False), 1.0, 2.0, 3.0)
    assert found[:, 0].tolist() == [1.0, 0.0, 0.0]
    assert found[:, 1].tolist() == [1.0, 1.0, 0.0]
    assert found[:, 2] == pytest.approx([1.0, 2.0, 2.0], rel=1e-7)


def test_endless_switching_is_told(simulate: Simulate) -> None:
    simulator = simulate("species A; A = 0; -> A; piecewise(1, sin(time) > 0, 0);", ["A"])
    with pytest.raises(EngineError, match=r"switch more than 20,000 times"):
        course(simulator, 1e9)


@pytest.mark.parametrize(
    ("trigger", "before", "right"),
    [
        ("time >= 0", "false", 10.0),
        ("time >= 0", "true", 1.0),  # true before as well, so that nothing becomes true
        ("S < 2", "false", 10.0),
        ("S > 2", "false", 1.0),
    ],
)
def test_an_event_at_the_start(
    trigger: str, before: str, right: float, antimony_sbml: Callable[[str], str]
) -> None:
    """SBML L3V2 4.11.2: it happens if it was false before."""
    text = antimony_sbml(
        f"model m\nspecies S; S = 1; J: S -> ; 0.5*S;E: at ({trigger}), t0={before}: S = 10;\nend\n"
    )
    simulator = Simulator(from_sbml(text), ["S"])
    for _ in range(2):  # and again in the next run
        found = course(simulator, 0.0, 2.0)
        assert found[:, 0] == pytest.approx([right, right / math.e], rel=1e-6)


def test_events_without_end_are_told(simulate: Simulate) -> None:
    simulator = simulate("S = 1; S' = -1; E: at (S < 0.1): S = 1;", ["S"])
    assert course(simulator, 10.0)[0, 0] == pytest.approx(0.9, rel=1e-6)
    with pytest.raises(RuntimeError, match="no steady state"):
        course(simulator, 0.0, math.inf)
