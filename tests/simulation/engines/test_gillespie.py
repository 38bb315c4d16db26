"""Molecules react only where they are, and only by rates that chance can follow."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from mtorules.network import generate
from mtorules.simulation.engines import EngineError, UnsupportedError
from mtorules.simulation.experiments.experiments import Experiment, Period
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.simulator import Simulator

ENGINES = ["roadrunner", "bngsim", "run_network"]


def course(simulator: Simulator, *times: float) -> np.ndarray:
    return simulator.values(Experiment("m", [Period(0.0)], times), seed=3)


def simulator(body: str, sbml: Callable[[str], str], *observables: str) -> Simulator:
    return Simulator(from_sbml(sbml(f"model m\n{body}\nend\n")), observables, method="ssa")


@pytest.mark.parametrize(
    ("law", "taken"), [("1", 1), ("1", 2), ("k", 3), ("k*(S + 1)", 1), ("k*(S - 5)^2 + 1", 2)]
)
def test_no_molecule_reacts_that_is_not_there(
    law: str, taken: int, antimony_sbml: Callable[[str], str]
) -> None:
    body = f"substanceOnly species S; S = 5; k = 2; J: {taken} S => ; {law};"
    found = course(simulator(body, antimony_sbml, "S"), 0.5, 20.0, 50.0)
    assert (found >= 0).all()
    assert found[-1, 0] == 5 % taken


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("E: at (time > 5): S = 50;", "events"),
        ("x = 0; x' = 1;", "rate rule"),
        ("R: S => ; sin(time);", "all the while"),
        ("compartment c = 1; c := 1 + time; species T in c; T = 1; R: T => ; T;", "all the while"),
        ("R: 0.5 S => ; S;", "fixed whole numbers"),
    ],
)
def test_what_chance_cannot_follow_is_refused(
    body: str, what: str, antimony_sbml: Callable[[str], str]
) -> None:
    with pytest.raises(UnsupportedError, match=what):
        simulator(f"substanceOnly species S; S = 5; J: S => ; S; {body}", antimony_sbml, "S")


def test_conversion_factors_are_refused(converted_sbml: str) -> None:
    text = re.sub(r'(<reaction id="\w+" reversible=)"true"', r'\1"false"', converted_sbml)
    with pytest.raises(UnsupportedError, match="'A' is multiplied by its conversion factor 'two'"):
        Simulator(from_sbml(text), method="ssa")


@pytest.mark.parametrize("law", ["S - 2", "1/(S - 2)", "log(S - 2)"])
def test_a_rate_that_is_none_is_told(law: str, antimony_sbml: Callable[[str], str]) -> None:
    body = f"substanceOnly species S; S = 5; J: 2 S => ; 9*({law});"
    with pytest.raises(EngineError, match="'J' became"):
        course(simulator(body.replace("2 S", "S") + "K: S => ; S;", antimony_sbml, "S"), 50.0)


def rule(law: str, more: str = "") -> Callable[[str], Simulator]:
    text = f"""begin model
begin molecule types
A()
B()
end molecule types
begin seed species
A() 5
B() 3
end seed species
begin observables
Molecules At A()
Molecules Bt B()
end observables
begin functions
f() {law}
end functions
begin reaction rules
A() -> 0 f()
{more}
end reaction rules
end model
"""
    loaded = load(generate.from_bngl(text, "ruled"), irreversible=True)
    return lambda engine: Simulator(loaded, ["At", "Bt"], engine=engine, method="ssa")


@pytest.mark.parametrize("engine", ENGINES)
def test_nothing_over_nothing_ends(engine: str) -> None:
    assert course(rule("1/At")(engine), 50.0, 60.0)[:, 0].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("law", ["1/Bt", "Bt-0.5"])
def test_a_rate_without_a_value_ends_a_run(law: str, engine: str) -> None:
    with pytest.raises(EngineError, match="rate of"):
        course(rule(f"0.001*{law}" if law == "1/Bt" else law, "B() -> 0 9")(engine), 50.0)


@pytest.mark.parametrize("engine", ["roadrunner", "bngsim"])
def test_a_step_in_time_is_followed_by_chance(engine: str) -> None:
    found = course(rule("if(time()>10,1,0)")(engine), 10.0, 60.0)
    assert found[:, 0].tolist() == [5.0, 0.0]


@pytest.mark.parametrize("engine", ["bngsim", "run_network"])
def test_rates_that_change_all_the_while_are_refused(engine: str) -> None:
    with pytest.raises(UnsupportedError, match="time"):
        rule("time()")(engine)


@pytest.mark.parametrize("law", ["k*A*A*c", "c*k*A^2", "k*A^2/(1/c)"])
def test_a_molecule_does_not_meet_itself_where_symbols_are_concentrations(
    law: str, antimony_sbml: Callable[[str], str]
) -> None:
    body = f"compartment c = 0.5; species A in c = 4; k = 0.3; J: 2 A => ; {law};"
    two = simulator(body, antimony_sbml, "A")
    runs = [two.values(Experiment("m", [Period(0.0)], [0.6]), seed=seed) for seed in range(400)]
    # Two molecules in half a litre: each meets the other at a rate of k / c.
    assert np.mean(np.array(runs) == 0) == pytest.approx(1 - np.exp(-2 * 0.3 / 0.5 * 0.6), abs=0.06)
