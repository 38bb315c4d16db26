"""Rest where a closed form, SciPy or plain reason says that it is, and none where there is none."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.simulation import steady_state
from mtorules.simulation.engines import EngineError
from mtorules.simulation.experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Experiment,
    Period,
    exposure,
)
from mtorules.simulation.load import from_sbml
from mtorules.simulation.simulator import Simulator
from mtorules.simulation.steady_state import NoSteadyStateError
from scipy.integrate import solve_ivp

Simulate = Callable[..., Simulator]


def resting(**values: float | str) -> Experiment:
    """Set values, and look at the cells once they are at rest."""
    return Experiment(
        "rest", [Period(EQUILIBRATION, [Condition("set", values)]), Period(0.0)], [0.0]
    )


def test_rest_keeps_conserved_totals(simulate: Simulate) -> None:
    """At some of these paces the root is taken while integration is still on its way."""
    body = """
        compartment cell = 2; species A in cell, B in cell, AB in cell;
        A = 7; B = 4; AB = 0; pace = 1; on = 1e-3*pace; off = 2e-3*pace;
        J: A + B -> AB; cell*(on*A*B - off*AB);
    """
    simulator = simulate(body, ["A", "B", "AB"])
    paces = (1.0, *(1e-3 * 2.0**power for power in range(-4, 0)))
    for first, second in ((7.0, 4.0), (3.0, 90.0), (0.0, 1.0)):
        total = first + second + 2.0
        bound = (total - math.sqrt(total**2 - 4 * first * second)) / 2
        for pace in paces:
            run = resting(A=f"{first} nM", B=f"{second} nM", pace=pace)
            end = simulator.values(run)[0]
            expected = [first - bound, second - bound, bound]
            assert end == pytest.approx(expected, rel=1e-9, abs=1e-12), pace


@pytest.mark.parametrize("n", [4.0, 2.0])
def test_rest_keeps_what_laws_or_formulas_keep(n: float, simulate: Simulate) -> None:
    """No stoichiometry tells of these totals: A + B, by two laws that are one; and A + B/n."""
    slow = "substanceOnly species A, B, C; A = 10; B = 0; C = 0; J3: A -> C; 1e-6*A; "
    slow += "J4: C -> A; 2e-6*C; pace = 0.3; n0 = 4; "
    halves = "J1: A -> ; pace*A - 0.1*B; J2: -> B; pace*A - 0.1*B;"
    found = simulate(slow + halves, ["A", "B", "C"], ours=False).values(resting(pace=n))[0]
    total = 1 + 10 * n + 0.5  # B is 10 n A, and C half of A
    assert found == pytest.approx(np.array([1, 10 * n, 0.5]) * 10 / total, rel=1e-7)
    formulas = "n = n0; m = 1/n0; J1: A -> n B; pace*A; J2: B -> m A; 0.1*B;"
    found = simulate(slow + formulas, ["A", "B", "C"], ours=False).values(resting(n0=n))[0]
    # A loses 0.3 A and wins 0.1 B/n, so that B is 3 n A and B/n is 3 A.
    assert found == pytest.approx(np.array([1, 3 * n, 0.5]) * 10 / 4.5, rel=1e-7)


def test_rest_heeds_conversion_factors(converted_sbml: str) -> None:
    simulator = Simulator(from_sbml(converted_sbml), ["A", "B"])
    for five in (5.0, 7.0):
        found = simulator.values(resting(five=five))[0]
        assert found == pytest.approx(np.array([1, 3]) * 5 / (1 / 2 + 3 / five), rel=1e-7)


@pytest.mark.parametrize("number", [1e-9, 1e5])
def test_rest_and_totals_do_not_mind_how_many_molecules_react_at_once(
    number: float, simulate: Simulate
) -> None:
    """C is made in bulk, or nearly not, and lost; or it goes with B, so that C/number is B."""
    body = f"substanceOnly species A, B, C; A = 10; B = 0; C = 0; J1: A -> B + {number} C; 0.3*A;"
    lost = simulate(f"{body} J2: B -> A; 0.1*B; J3: C -> ; 0.2*C;", ["A", "B", "C"], ours=False)
    assert lost.values(resting())[0] == pytest.approx([2.5, 7.5, number * 3.75], rel=1e-9)
    kept = simulate(f"{body} J2: B + {number} C -> A; 0.1*B;", ["A", "B", "C"], ours=False)
    assert kept.values(resting())[0] == pytest.approx([2.5, 7.5, number * 7.5], rel=1e-9)


def test_what_is_switched_off_neither_makes_nor_loses(simulate: Simulate) -> None:
    """With synthesis and decay off, a total is kept that no stoichiometry keeps."""
    body = """
        compartment cell = 2; species A in cell, B in cell, AB in cell;
        A = 7; B = 4; AB = 0; made = 0; lost = 0; on = 1e-4; off = 2e-4;
        J: A + B -> AB; cell*(on*A*B - off*AB); J0: -> A; cell*made; J1: A -> ; cell*lost*A;
    """
    total = 7.0 + 4.0 + 2.0
    bound = (total - math.sqrt(total**2 - 4 * 7.0 * 4.0)) / 2
    simulator = simulate(body, ["A", "B", "AB"])
    end = simulator.run(exposure([0.0]))
    assert end.attrs["rest"]["polished"]
    found = [float(end[name][0]) for name in ("A", "B", "AB")]
    assert found == pytest.approx([7.0 - bound, 4.0 - bound, bound], rel=1e-13)
    # Switched on, they decide.
    end = simulator.values(resting(made=6e-4, lost=2e-4))[0]
    assert end == pytest.approx([3.0, 4.0 * 2 / 5, 4.0 * 3 / 5], rel=1e-13)


def test_a_root_that_the_model_moves_away_from_is_no_rest(simulate: Simulate) -> None:
    """It begins a hair above the threshold between two states, and creeps."""
    body = "species A; A = 2.001; J: -> A; 1e-6*(A - 1)*(A - 2)*(5 - A);"
    simulator = simulate(body, ["A"])
    for start, end in ((2.001, 5.0), (1.999, 1.0), (2.0, 2.0)):
        assert simulator.values(resting(A=start))[0, 0] == pytest.approx(end, rel=1e-9)


@pytest.mark.parametrize("seed", [3e-3, 1e-4])
def test_what_is_rare_beside_all_else_is_followed_until_it_has_grown(
    simulate: Simulate, seed: float
) -> None:
    """A logistic V grows from any seed to 10, whatever is abundant and relaxes beside it."""
    body = f"""
        compartment cell = 1; species M in cell, A in cell, N in cell, V in cell;
        M = 5e6; A = 0; N = 10; V = {seed};
        J0: -> A; cell*30; J1: A -> ; cell*0.003*A; J2: N -> V; cell*1e-5*N*V;
    """
    end = simulate(body, ["A", "V"]).values(resting())[0]
    assert end == pytest.approx([1e4, 10 + seed], rel=1e-6)


def test_rest_is_the_one_that_the_cell_comes_to(simulate: Simulate) -> None:
    """A toggle switch has two; which one, integration from the same start tells."""
    body = """
        species A, B; A = 2; B = 1;
        J1: -> A; 4/(1 + B^3) - A;
        J2: -> B; 4/(1 + A^3) - B;
    """
    simulator = simulate(body, ["A", "B"])
    ends = []
    for start in ((2.0, 1.0), (1.0, 2.0), (0.1, 0.0)):
        late = solve_ivp(
            lambda _, y: [4 / (1 + y[1] ** 3) - y[0], 4 / (1 + y[0] ** 3) - y[1]],
            (0, 200),
            start,
            method="LSODA",
            rtol=1e-11,
            atol=1e-13,
        ).y[:, -1]
        found = simulator.values(resting(A=start[0], B=start[1]))
        assert found[0] == pytest.approx(late, rel=1e-8)
        ends.append(found[0])
    assert ends[0][0] > 5 * ends[1][0]


def test_rest_is_exact_however_slowly_it_comes(simulate: Simulate) -> None:
    """With a half-life of two years integration alone would stop short."""
    body = "species A; A = 0; J: -> A; 1e-6 - 1e-8*A;"
    end = simulate(body, ["A"]).values(exposure([0.0]))
    assert end[0, 0] == pytest.approx(100.0, rel=1e-9)


@pytest.mark.parametrize("pace", [1e-3, 1.0, 1e3])
def test_an_oscillation_that_dies_down_comes_to_rest(simulate: Simulate, pace: float) -> None:
    """A spiral about (4, 2), which takes thousands of turns at the highest pace."""
    body = f"""
        species A, B; A = 9; B = 1; w = {pace}; d = 1e-2*w;
        J1: -> A; w*(B - 2) - d*(A - 4);
        J2: -> B; -w*(A - 4) - d*(B - 2);
    """
    end = simulate(body, ["A", "B"]).values(exposure([0.0]))
    assert end[0] == pytest.approx([4.0, 2.0], rel=1e-9)


# From 16 on Goodwin's loop oscillates: three steps in a row need a gain of 8, and it has half of n.
@pytest.mark.parametrize("n", [*np.linspace(8, 15.5, 40), 10.307692307692308, 15.9])
def test_what_is_weakly_damped_rests_though_integration_stirs_it(
    simulate: Simulate, n: float
) -> None:
    body = f"""
        species x, y, z; x = 0.1; y = 0.2; z = 0.3; n = {float(n)!r};
        -> x; 1/(1 + (z/0.5)^n);  x -> ; x;  -> y; x;  y -> ; y;  -> z; y;  z -> ; z;
    """
    end = simulate(body, ["x", "y", "z"]).values(exposure([0.0]))
    assert end[0] == pytest.approx([0.5, 0.5, 0.5], rel=1e-9)


def test_a_bounded_search_gives_a_spiral_up(simulate: Simulate) -> None:
    """What takes thousands of turns is not waited for by who says so; the engine goes on after."""
    body = """
        species A, B; A = 9; B = 1; w = 1e3; d = 1e-2*w;
        J1: -> A; w*(B - 2) - d*(A - 4);
        J2: -> B; -w*(A - 4) - d*(B - 2);
    """
    engine = simulate(body, ["A", "B"]).engine
    values, amounts = engine.model.initial({})
    state = np.array(list(amounts.values()))
    asked = {"first": 3600.0, "last": 1e9}
    with pytest.raises(NoSteadyStateError):
        steady_state.find(engine, values, state, steps=100, turns=0, **asked)
    patient = steady_state.find(engine, values, state, **asked)  # pyright: ignore[reportArgumentType]
    assert patient.state == pytest.approx([4.0, 2.0], rel=1e-9)


def test_the_fast_and_the_slow_come_to_rest_together(simulate: Simulate) -> None:
    """Rates twelve decades apart; A and B in balance, both made and lost slowly."""
    body = """
        species A, B; A = 0; B = 5;
        J1: A -> B; 1e5*A - 1e4*B; J2: -> A; 1e-6; J3: B -> ; 1e-7*B;
    """
    end = simulate(body, ["A", "B"]).values(exposure([0.0]))
    assert end[0] == pytest.approx([1.0 + 1e-11, 10.0], rel=1e-9)


def test_what_is_at_rest_from_the_start(simulate: Simulate) -> None:
    end = simulate("species A; A = 3; k = 0; J: A -> ; k*A;", ["A"]).run(exposure([0.0]))
    assert float(end.A[0]) == 3.0
    assert end.attrs["rest"]["derivative"] == 0.0


def test_where_nothing_moves_there_is_rest(
    simulate: Simulate, capfd: pytest.CaptureFixture[str]
) -> None:
    end = simulate("p = 3; q := 2*p;", ["q"]).values(exposure([0.0]))
    assert end.tolist() == [[6.0]]
    assert capfd.readouterr() == ("", "")  # LAPACK complains of matrices without rows


def test_amounts_that_run_off_before_they_rest(simulate: Simulate) -> None:
    simulator = simulate("species A; A = 1; J: -> A; 1e-3*A*A;", ["A"])
    with pytest.raises((EngineError, NoSteadyStateError)) as raised:
        simulator.run(exposure([0.0]))
    assert "model time" in str(raised.value)


REPRESSILATOR = """
    species X, Y, Z; X = 1; Y = 2; Z = 3;
    JX: -> X; 10/(1 + Z^4) - X;
    JY: -> Y; 10/(1 + X^4) - Y;
    JZ: -> Z; 10/(1 + Y^4) - Z;
"""
PREY = "species A, B; A = 10; B = 5; J1: -> A; 0.1*A; J2: A -> B; 0.02*A*B; J3: B -> ; 0.1*B;"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (REPRESSILATOR, "oscillates"),
        (PREY, "oscillates"),
        ("species A; A = 10; J: -> A; 0.1;", "'A' grows"),
        ("species A, B; A = 10; B = 0; J: A -> A + B; 0.1*A;", "'B' grows"),
        ("species A; A = 1e12; J: A -> ; 1;", "'A' shrinks"),
    ],
    ids=["repressilator", "prey", "drift", "product", "loss"],
)
def test_where_there_is_no_rest_it_is_said_plainly(
    simulate: Simulate, body: str, said: str
) -> None:
    simulator = simulate(body, ["A" if "A" in body else "X"])
    for run in (exposure([0.0]), exposure(["inf"], equilibrated=False)):
        with pytest.raises(NoSteadyStateError, match="no steady state that it comes to") as raised:
            simulator.run(run)
        assert said in str(raised.value)


def test_a_rate_that_depends_on_time_comes_to_rest_where_it_does() -> None:
    """All of A is switched on in the end, however the rate swings."""
    path = Path(__file__).parents[1] / "constructs" / "oscillating.py"
    course = Simulator(path, ["Ap"]).run(exposure(["inf"], equilibrated=False))
    assert float(course.Ap[0]) == pytest.approx(10.0, rel=1e-8)
    assert not course.attrs["rest"]["polished"]


@pytest.mark.parametrize("engine", ["bngsim", "roadrunner", "scipy"])
def test_rest_holds_nothing_of_what_nothing_makes(engine: str) -> None:
    """Rounding would leave crumbs of the rapalog, which the next integration would follow."""
    simulator = Simulator("complexes", engine=engine)
    model = simulator.loaded.model
    rapalog = [id for id in model.state_ids if "RAPA" in id]
    assert len(rapalog) > 20
    settable, given = model.initial({})
    start = np.array([given[id] for id in model.state_ids])
    rest = steady_state.find(simulator.engine, settable, start, first=3600.0, last=1e9)
    assert not rest.state[[id in rapalog for id in model.state_ids]].any()
    assert simulator.engine.state == pytest.approx(rest.state, abs=0)
    assert rest.state.max() > 1


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("species A, B; A = 0; B = 10; J: A => B; 0.3*A - 0.1*B;", 2.5),
        ("species A, B; A = 0; B = 1; J: A => ; A - 2;", 2.0),
        ("species A, $B; A = 0; B = 1; J: A => B; 0.5*A - B;", 2.0),
        ("species A, B, C; A = 0; B = 1; C = 3; J: A => ; -C; J2: C => ; C;", 3.0),
        ("species A, B; A = 0; B = 1; J: A => ; A - 1e-13;", 1e-13),
    ],
    ids=["pair", "loss", "boundary", "spent", "little"],
)
def test_what_a_reaction_makes_backwards_is_there(
    simulate: Simulate, body: str, expected: float
) -> None:
    """Though it is said to be irreversible, so that it seems to make nothing."""
    found = simulate(body, ["A"], ours=False).values(exposure([0.0]))
    assert found[0, 0] == pytest.approx(expected, rel=1e-6)


def test_what_has_decayed_to_the_last_digit_is_no_number_to_be_known(simulate: Simulate) -> None:
    """It lies below all tolerances, but no finer ones are asked for on its account."""
    body = """
        compartment cell = 1; species A in cell, B in cell; crumb = 1e-300;
        A = 1e-20*crumb; B = 100; k = 0; J1: B -> A; k*B; J2: A -> ; A;
    """
    simulator = simulate(body, ["A", "B"], engine="roadrunner")
    found = simulator.values(exposure([0.0, 1.0], equilibrated=False))
    assert found[-1] == pytest.approx([0.0, 100.0], abs=1e-9)
    assert simulator.engine.blur == 1.0
