"""What is rare beside what is not, against closed forms."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from mtorules.network import generate
from mtorules.simulation.engines import Loaded
from mtorules.simulation.experiments.experiments import Experiment, Period
from mtorules.simulation.load import load
from mtorules.simulation.simulator import Simulator

TIMES = np.array([1.0, 10.0])
SHARE = 0.1 * TIMES
FED = 1 - np.exp(-SHARE)

CASES = {
    # beside 6e17 of something else
    "rare": ("species L, A; L = 6e17; A = 1e4; A -> ; 0.1*A;", {"A": 1e4 * np.exp(-SHARE)}),
    # all from nothing, each made by the one before
    "made": (
        "species x, y; x = 0; y = 0; -> x; 1e-4; x -> ; 0.1*x; -> y; 1e-6*x; y -> ; 0.1*y;",
        {"x": 1e-3 * FED, "y": 1e-8 * (1 - np.exp(-SHARE) * (1 + SHARE))},
    ),
    # little comes of much, over two steps
    "leak": (
        "species L, A, B; L = 6e17; A = 0; B = 0;L -> A; 1e-14*L; A -> B; 0.1*A; B -> ; 0.1*B;",
        {"A": 6e4 * FED, "B": 6e4 * (1 - np.exp(-SHARE) * (1 + SHARE))},
    ),
    # a step into what starts from nothing
    "step": (
        "species S; S = 0; -> S; piecewise(100, time >= 4, 0);",
        {"S": 100 * np.maximum(TIMES - 4, 0)},
    ),
    # an enzyme that is rare beside where it comes from
    "enzyme": (
        "species L, E, S; L = 6e17; E = 0; S = 1; L -> E; 1e-18*L; E -> ; 0.1*E; S -> ; 0.1*S*E;",
        {"S": np.exp(-0.6 * (TIMES - 10 * FED))},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_rare_is_right(name: str, simulate: Callable[..., Simulator]) -> None:
    body, right = CASES[name]
    found = simulate(body, list(right), ours=False).values(
        Experiment(name, [Period(0.0)], TIMES.tolist())
    )
    assert found == pytest.approx(np.array(list(right.values())).T, rel=2e-5)


RARE = """begin model
begin parameters
L0 6e17
A0 1e4
end parameters
begin molecule types
L()
A()
B()
end molecule types
begin seed species
L() L0
A() A0
end seed species
begin observables
Molecules At A()
Molecules Bt B()
end observables
begin reaction rules
A() -> B() 0.1
L() + B() -> L() + B() 1e-20
end reaction rules
end model
"""


@pytest.mark.parametrize("engine", ["roadrunner", "bngsim", "scipy"])
def test_every_engine_finds_what_is_rare(engine: str) -> None:
    loaded: Loaded = load(generate.from_bngl(RARE, "rare"))
    found = Simulator(loaded, ["At", "Bt"], engine=engine).values(
        Experiment("rare", [Period(0.0)], [10.0])
    )
    assert found[0] == pytest.approx([1e4 / math.e, 1e4 - 1e4 / math.e], rel=1e-6)


def test_what_binds_fast_is_not_taken_for_what_is_made(simulate: Callable[..., Simulator]) -> None:
    body = (
        "species A, B, AB; A = 200; B = 100; AB = 0; => A; 0.001; A => ; 1e-6*A;"
        "A + B => AB; 10*A*B; AB => ; 1e-6*AB;"
    )
    engine = simulate(body, ["AB"], ours=False).engine
    state = np.array([{"A": 200.0, "B": 100.0, "AB": 0.0}[id] for id in engine.model.state_ids])
    engine.start(engine.model.initial({})[0], state, 0.0)
    scales = engine._scales.of(state, engine.rates(), span=86400.0)
    # No more of each can ever be there than what begins and what is made in that time.
    assert (scales <= 200 + 0.001 * 86400).all()
    assert (scales >= 100).all()
