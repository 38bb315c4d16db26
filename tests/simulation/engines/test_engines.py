"""One battery for all engines: closed forms, each other, states, values, failures, chance."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mtorules.network import generate
from mtorules.network.mathematics.numerics import Values
from mtorules.network.network import Metadata
from mtorules.simulation.engines import (
    ENGINES,
    STOCHASTIC,
    Engine,
    EngineError,
    Loaded,
    Tolerances,
    TooMuchWork,
    UnsupportedError,
    engine_named,
)
from mtorules.simulation.experiments.experiments import exposure
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.simulator import Simulator
from numpy.testing import assert_allclose
from scipy.linalg import expm

Ruled = Callable[..., Loaded]

CONSTRUCTS = sorted((Path(__file__).parents[2] / "constructs").glob("*.*"))
# run_network refuses rates that depend on time itself.
TIMED = {"time_dependent.bngl", "oscillating.py"}
# Its start values read functions that only the compiled model knows.
UNSTARTED = {"built_in_functions.bngl"}
ODE = sorted(ENGINES)
SSA = ["bngsim", "roadrunner", "run_network"]
TIGHT = Tolerances(1e-11, steps=1_000_000)
# Where rates jump, LSODA creeps up to the jump when asked for more.
EXACT = Tolerances(1e-10)


@pytest.fixture(autouse=True)
def interpreted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the C compiler out of it but where a test asks for it: it takes a second a model."""
    monkeypatch.setenv("BNGSIM_NO_CODEGEN", "1")


def in_zmol(loaded: Loaded) -> Loaded:
    """Return the model with amounts in zmol, volumes in pL, and each direction on its own."""
    assert loaded.network is not None
    units = Metadata(substance_unit="zmol", volume_unit="pL", time_unit="s")
    return load(replace(loaded.network, metadata=units), irreversible=True)


@pytest.fixture(scope="module")
def decay(ruled: Ruled) -> Loaded:
    return ruled("d: A() -> 0 k DeleteMolecules", "A(b)@cell A_0", "k 0.3\nA_0 20")


@pytest.fixture(scope="module")
def binding(ruled: Ruled) -> Loaded:
    rule = "b: A(b) + B(a) <-> A(b!1).B(a!1) kf, kr"
    seeds = "A(b)@cell A_0\nB(a)@cell B_0"
    return ruled(rule, seeds, "kf 0.05\nkr K*kf\nK 3\nA_0 20\nB_0 14")


@pytest.fixture(scope="module")
def synthesis(ruled: Ruled) -> Loaded:
    rules = "s: 0 -> A(b)@cell s\nd: A() -> 0 d DeleteMolecules"
    return ruled(rules, "A(b)@cell 1", "s 4\nd 0.2")


def started(
    name: str,
    loaded: Loaded,
    outputs: Sequence[str],
    tolerances: Tolerances = TIGHT,
    values: dict[str, float] | None = None,
    **more: Any,
) -> Engine:
    """Return an engine at time 0 with everything as the model says, but for some values."""
    engine = engine_named(name)(loaded, outputs, tolerances, **more)
    settable, state = loaded.model.initial(values or {})
    engine.start(settable, np.array(list(state.values())), 0.0)
    return engine


@pytest.fixture(scope="module")
def complexes() -> Loaded:
    return load("complexes")


# -- closed forms ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ODE)
def test_decay(name: str, decay: Loaded) -> None:
    times = np.array([0.0, 0.5, 2.0, 11.0])
    engine = started(name, decay, ["A", "k"])
    course = engine.integrate(times)
    assert_allclose(course[:, 0], 20 * np.exp(-0.3 * times), rtol=1e-6)
    assert (course[:, 1] == 0.3).all()
    assert_allclose(engine.rates(), -0.3 * engine.state, rtol=1e-6)


def bound(a: float, b: float, dissociation: float, volume: float) -> float:
    """Return how much of A and B is bound at equilibrium: the root of the quadratic."""
    total = a + b + dissociation * volume
    return (total - np.sqrt(total**2 - 4 * a * b)) / 2


@pytest.mark.parametrize("name", ODE)
def test_binding_equilibrium(name: str, binding: Loaded) -> None:
    course = started(name, binding, ["AB", "A"]).integrate(np.array([400.0]))
    assert_allclose(course[0], [bound(20, 14, 3, 2), 20], rtol=1e-6)


@pytest.mark.parametrize("name", ODE)
def test_synthesis_makes_a_concentration(name: str, synthesis: Loaded) -> None:
    times = np.array([1.0, 5.0, 20.0])
    course = started(name, synthesis, ["A"]).integrate(times)
    rest = 4 * 2 / 0.2
    assert_allclose(course[:, 0], rest + (1 - rest) * np.exp(-0.2 * times), rtol=1e-6)


# -- values and states ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ODE)
@pytest.mark.parametrize(
    ("values", "dissociation", "volume"),
    [
        ({"K": 9.0}, 9, 2),  # what is derived follows
        ({"kr": 0.05}, 1, 2),  # a derived value set apart from what it is derived from
        ({"V": 5.0}, 3, 5),  # the size of the compartment follows
        ({"cell": 7.0}, 3, 7),  # the compartment set apart from the parameter
    ],
)
def test_changed_values_act(
    name: str, binding: Loaded, values: dict[str, float], dissociation: float, volume: float
) -> None:
    engine = started(name, binding, ["AB"])
    engine.integrate(np.array([3.0]))
    settable, state = binding.model.initial(values)
    engine.start(settable, np.array(list(state.values())), 0.0)
    found = engine.integrate(np.array([1000.0]))
    assert_allclose(found[0, 0], bound(20, 14, dissociation, volume), rtol=1e-6)


@pytest.mark.parametrize("name", ODE)
def test_a_changed_volume_changes_synthesis(name: str, synthesis: Loaded) -> None:
    course = started(name, synthesis, ["A"], values={"cell": 3.0}).integrate(np.array([100.0]))
    assert_allclose(course[0, 0], 4 * 3 / 0.2, rtol=1e-6)


@pytest.mark.parametrize("name", ODE)
def test_a_state_is_read_back_as_it_was_set(name: str, binding: Loaded) -> None:
    engine = started(name, binding, ["A"])
    settable, _ = binding.model.initial({})
    state = np.array([3.25, 0.0, 1e-7])
    engine.start(settable, state, 5.0)
    assert (engine.state == state).all()
    engine.change(settable, 2 * state)
    assert (engine.state == 2 * state).all()
    assert_allclose(engine.integrate(np.array([5.0]))[0, 0], 2 * (state[0] + state[2]), rtol=1e-12)


@pytest.mark.parametrize("name", ODE)
def test_a_run_in_pieces_is_the_run(name: str, binding: Loaded) -> None:
    whole = started(name, binding, ["AB"]).integrate(np.array([1.0, 2.0, 4.0]))
    engine = started(name, binding, ["AB"])
    first = engine.integrate(np.array([1.0]))
    engine.advance(2.0, 10_000)
    settable, _ = binding.model.initial({})
    engine.change(settable, engine.state)
    last = engine.integrate(np.array([2.0, 4.0]))
    assert_allclose(np.concatenate([first, last]), whole, rtol=1e-8)


@pytest.mark.parametrize("name", ODE)
def test_a_course_is_the_states_on_the_way(name: str, binding: Loaded) -> None:
    times = np.array([1.0, 2.0, 4.0])
    course = started(name, binding, ["AB"]).course(times, 10_000)
    for time, row in zip(times, course, strict=True):
        engine = started(name, binding, ["AB"])
        engine.advance(time, 10_000)
        assert_allclose(row, engine.state, rtol=1e-8)
        assert_allclose(row[0] + row[2], 20, rtol=1e-9)


@pytest.mark.parametrize("name", ODE)
def test_a_jacobian_is_how_rates_change(name: str, complexes: Loaded) -> None:
    engine = started(name, complexes, ["MTORC1"])
    engine.advance(600.0, 10_000)
    settable, _ = complexes.model.initial({})
    state = engine.state
    jacobian = engine.jacobian()
    if jacobian is None:
        assert name == "roadrunner"
        return
    direction = np.random.default_rng(1).uniform(-1, 1, len(state)) * (state + 1)
    ends = []
    for sign in (1, -1):
        engine.change(settable, state + sign * 1e-3 * direction)
        ends.append(engine.rates())
    # Central differences are exact for products of two.
    slope = (ends[0] - ends[1]) / 2e-3
    assert_allclose(jacobian @ direction, slope, rtol=1e-7, atol=1e-9 * np.abs(slope).max())


@pytest.mark.parametrize("name", ODE)
def test_what_is_switched_off_does_not_run(name: str, synthesis: Loaded) -> None:
    engine = started(name, synthesis, ["A"])
    assert sorted(engine.running().ravel().tolist()) == [-1.0, 1.0]
    settable, state = synthesis.model.initial({"s": 0.0})
    engine.start(settable, np.array(list(state.values())), 0.0)
    assert engine.running().tolist() == [[-1.0]]


@pytest.mark.parametrize("name", ODE)
def test_nothing_lingers_in_the_next_run(name: str, binding: Loaded) -> None:
    engine = started(name, binding, ["AB"])
    settable, state = binding.model.initial({})
    first = engine.integrate(np.array([1.0, 2.0]))
    engine.start({**settable, "kf": 7.0, "cell": 9.0}, engine.state * 3, 50.0)
    engine.integrate(np.array([60.0]))
    engine.start(settable, np.array(list(state.values())), 0.0)
    assert (engine.integrate(np.array([1.0, 2.0])) == first).all()


# -- against each other ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in ODE if name != "roadrunner"])
@pytest.mark.parametrize("path", CONSTRUCTS, ids=lambda path: path.name)
def test_every_kind_of_rate_law(name: str, path: Path) -> None:
    if path.name in UNSTARTED or (name == "run_network" and path.name in TIMED):
        pytest.skip("stated above")
    loaded = load(path)
    outputs = [*loaded.model.outputs, *loaded.model.state_ids]
    times = np.array([0.0, 0.5, 1.0, 3.0, 10.0])
    expected = started("roadrunner", loaded, outputs, EXACT).integrate(times)
    engine = started(name, loaded, outputs, EXACT)
    assert loaded.network is not None
    _, state = loaded.model.initial({})
    amounts = [state[id] for id in loaded.model.state_ids]
    if all(species.amounts for species in loaded.model.species.values()):
        changes = Values(loaded.network, amounts).changes()
        assert_allclose(engine.rates(), changes, rtol=1e-12, atol=1e-12 * max(map(abs, changes)))
    found = engine.integrate(times)
    # Relative to each quantity, down to a billionth of its largest value.
    floor = 1e-9 * np.abs(expected).max(axis=0) + 1e-12
    assert (np.abs(found - expected) <= 1e-6 * (np.abs(expected) + floor)).all()


DOSED = exposure(
    ["0 h", "10 min", "1 h", "24 h", "72 h"],
    doses={"RAPA@medium": "10 nM"},
    conditions=[],
)


@pytest.fixture(scope="module")
def course_of_reference(complexes: Loaded) -> np.ndarray:
    return Simulator(complexes, tolerances=TIGHT, cache=False).values(DOSED)


@pytest.mark.parametrize("name", [name for name in ODE if name != "roadrunner"])
def test_complexes_at_rest_and_after_a_dose(
    name: str, complexes: Loaded, course_of_reference: np.ndarray
) -> None:
    found = Simulator(complexes, engine=name, tolerances=TIGHT, cache=False).values(DOSED)
    floor = 1e-9 * np.abs(course_of_reference).max(axis=0)
    assert (np.abs(found - course_of_reference) <= 1e-6 * (course_of_reference + floor)).all()


@pytest.mark.parametrize("name", ["bngsim", "roadrunner"])
def test_cells_near_rest_take_few_steps(name: str) -> None:
    """Where rates are functions, a solver that does not converge shows as steps get long."""
    loaded = load("translation")
    settable, amounts = loaded.model.initial({})
    reached = []
    # What binds at first takes more.
    for each, first, later in ((name, 5_000, 500), ("scipy", 100_000, 100_000)):
        engine = engine_named(each)(loaded, [], Tolerances(1e-9))
        engine.start(settable, np.array(list(amounts.values())), 0.0)
        for time, steps in ((3.6e3, first), (3.6e4, first), (3.6e5, later), (3.6e6, later)):
            engine.advance(time, steps)
        reached.append(engine.state)
    assert_allclose(reached[0], reached[1], rtol=1e-5, atol=1e-9 * loaded.scale)


def test_compiled_rates_are_the_interpreted_ones(
    complexes: Loaded,
    course_of_reference: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("BNGSIM_NO_CODEGEN")
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path))
    simulator = Simulator(complexes, engine="bngsim", tolerances=TIGHT, cache=False)
    floor = 1e-9 * np.abs(course_of_reference).max(axis=0)
    found = simulator.values(DOSED)
    assert list(tmp_path.glob("compiled/bngsim-*/*.so"))
    assert (np.abs(found - course_of_reference) <= 1e-6 * (course_of_reference + floor)).all()


SPECIAL = {
    # Where S falls from 1 by S/(K+S), K log S + S falls by t; and so on.
    "Sat(k,K)": lambda s, k: k * np.log(s) + s - 1,
    "Hill(k,K,two)": lambda s, k: k**2 * (1 - 1 / s) + s - 1,
    "Hill(k,K,half)": lambda s, k: 2 * k**0.5 * (s**0.5 - 1) + s - 1,
}


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("name", ["bngsim", "run_network", "roadrunner", "scipy"])
@pytest.mark.parametrize("law", SPECIAL)
def test_laws_that_are_no_products(
    law: str,
    name: str,
    compiled: bool,
    ruled: Ruled,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if compiled and name != "bngsim":
        pytest.skip("only bngsim compiles")
    if compiled:
        monkeypatch.delenv("BNGSIM_NO_CODEGEN")
    loaded = ruled(f"r: A(b) -> B(a) {law}", "A(b)@cell 1", "k 1\nK 0.5\ntwo 2\nhalf 0.5")
    found = started(name, loaded, ["A"]).integrate(np.array([1.0]))[0, 0]
    # A volume of 2 counts in none of these.
    assert SPECIAL[law](found, 0.5) == pytest.approx(-1, rel=1e-6)


@pytest.mark.parametrize("name", ["bngsim", "run_network", "scipy"])
@pytest.mark.parametrize(("substrate", "enzyme"), [(10.0, 1.0), (1.0, 10.0)])
def test_an_enzyme_that_is_always_full(
    name: str, substrate: float, enzyme: float, ruled: Ruled
) -> None:
    """At a Michaelis constant of zero, whatever is scarcer is bound."""
    seeds = f"A(b)@cell {substrate}\nB(a)@cell {enzyme}"
    loaded = ruled("r: A(b) + B(a) -> B(a) MM(k,K)", seeds, "k 1\nK 0")  # two pL halve k
    found = started(name, loaded, ["A"]).integrate(np.array([1.0]))[0, 0]
    right = substrate - 0.5 if substrate > enzyme else substrate * np.exp(-0.5)
    assert found == pytest.approx(right, rel=1e-6)


@pytest.mark.parametrize("name", SSA)
def test_an_expression_may_have_no_value_where_its_molecules_are_gone(
    name: str, ruled: Ruled
) -> None:
    loaded = ruled("r: A(b) -> 0 f() DeleteMolecules", "A(b)@cell 5", "v 1", "f() v/A")
    assert loaded.network is not None
    loaded = load(loaded.network, irreversible=True)
    engine = started(name, loaded, ["A", "f"], method=STOCHASTIC)
    engine.random(3)
    engine.start({**loaded.model.initial({})[0]}, engine.state, 0.0)
    found = engine.integrate(np.array([0.0, 100.0]))
    assert found.tolist() == [[5.0, 0.2], [0.0, np.inf]]


@pytest.mark.parametrize("name", ODE)
def test_what_has_no_value_is_named(name: str, ruled: Ruled) -> None:
    loaded = ruled("r: 0 -> A(b)@cell f()", "B(a)@cell 0", "v 1", "f() v/B")
    engine = started(name, loaded, ["A"])
    why = "'f' = v/B|the rate of reaction 'r' became inf"
    with pytest.raises(EngineError, match=why):
        engine.integrate(np.array([1.0]))


@pytest.mark.parametrize("name", ODE)
def test_a_rate_that_divides_by_the_last_digits_of_nothing_is_refused(
    name: str, ruled: Ruled
) -> None:
    """B made at v/A, in 2 pL, while A falls as exp(-10 t)."""
    rules = "d: A(b) -> 0 d DeleteMolecules\nr: 0 -> B(a)@cell f()"
    loaded = ruled(rules, "A(b)@cell 1", "d 10\nv 0.5", "f() v/A")
    engine = started(name, loaded, ["B"])
    assert engine.integrate(np.array([1.0]))[0, 0] == pytest.approx(np.expm1(10) / 10, rel=1e-5)
    with pytest.raises(EngineError, match=r"'f' = v/A divides by what is zero but for errors"):
        engine.integrate(np.array([8.0]))


@pytest.mark.parametrize("name", ODE)
def test_a_rate_in_which_errors_cancel_is_none(name: str, ruled: Ruled) -> None:
    """The A that f divides by is the A that the reaction takes."""
    rules = "d: A(b) -> 0 d DeleteMolecules\nr: A(b) -> A(b) + B(a)@cell f()"
    loaded = ruled(rules, "A(b)@cell 1", "d 10\nv 0.5", "f() v/A")
    engine = started(name, loaded, ["B"])
    assert engine.integrate(np.array([3.0]))[0, 0] == pytest.approx(1.5, rel=1e-6)


# -- what goes wrong ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def swinging(ruled: Ruled) -> Loaded:
    rules = (
        "birth: A() -> A() + A(b)@cell 1\n"
        "eaten: A() + B() -> B() + B(a)@cell 0.2 DeleteMolecules\n"
        "death: B() -> 0 1 DeleteMolecules"
    )
    return ruled(rules, "A(b)@cell 5\nB(a)@cell 5", "k 1")


@pytest.mark.parametrize("name", ODE)
def test_too_much_work(name: str, swinging: Loaded) -> None:
    engine = started(name, swinging, ["A"])
    with pytest.raises(TooMuchWork, match="more steps than allowed"):
        engine.integrate(np.array([300.0]), steps=50)
    # And as if nothing had happened:
    settable, state = swinging.model.initial({})
    engine.start(settable, np.array(list(state.values())), 0.0)
    assert np.isfinite(engine.integrate(np.array([1.0]))).all()


@pytest.mark.parametrize("name", ODE)
def test_an_amount_that_is_no_number(name: str, decay: Loaded) -> None:
    engine = started(name, decay, ["A"])
    settable, _ = decay.model.initial({})
    engine.start(settable, np.array([np.nan]), 0.0)
    with pytest.raises(EngineError, match=f"{name} stopped at model time"):
        engine.integrate(np.array([1.0, 2.0]))


@pytest.mark.parametrize("name", ODE)
def test_what_runs_off_to_infinity(name: str, ruled: Ruled) -> None:
    loaded = ruled("birth: A() -> A() + A(b)@cell 3000", "A(b)@cell 5", "k 1")
    with pytest.raises(EngineError, match=f"{name} stopped at model time"):
        started(name, loaded, ["A"], Tolerances()).integrate(np.array([1.0]))


@pytest.mark.parametrize("name", ODE)
def test_a_rate_that_divides_by_zero(name: str, ruled: Ruled) -> None:
    loaded = ruled("d: A() -> 0 f() DeleteMolecules", "A(b)@cell 5", "k 1", "f() k/(B*0)")
    with pytest.raises(EngineError, match=f"{name} stopped at model time"):
        started(name, loaded, ["A"], Tolerances()).integrate(np.array([1.0]))


@pytest.mark.parametrize("name", [name for name in ODE if name != "roadrunner"])
def test_engines_on_networks_say_who_runs_sbml(name: str, decay: Loaded) -> None:
    with pytest.raises(UnsupportedError, match=r"'roadrunner' runs any SBML"):
        engine_named(name)(from_sbml(decay.sbml), ["A"], Tolerances())


def test_an_engine_that_loses_track_of_time_says_who_does_not() -> None:
    loaded = load(next(path for path in CONSTRUCTS if path.name == "time_dependent.bngl"))
    with pytest.raises(UnsupportedError, match="'bngsim' and 'scipy' can"):
        engine_named("run_network")(loaded, ["Ap"], Tolerances())


@pytest.mark.parametrize("name", ODE)
def test_engines_say_what_they_can(name: str) -> None:
    assert (STOCHASTIC in engine_named(name).methods) == (name in SSA)


def test_engines_that_are_not_there() -> None:
    with pytest.raises(UnsupportedError, match="Did you mean 'roadrunner'"):
        engine_named("roadruner")


@pytest.mark.parametrize("name", ODE)
def test_what_is_not_stochastic_takes_no_seed(name: str, decay: Loaded) -> None:
    with pytest.raises(UnsupportedError, match="not stochastic"):
        engine_named(name)(decay, ["A"], Tolerances()).random(1)


# -- chance ---------------------------------------------------------------------------------------

RUNS = 200
PER_ZMOL = 602.214076


def sample(engine: Engine, loaded: Loaded, state: np.ndarray, time: float) -> np.ndarray:
    """Return the outputs of many runs at one time."""
    settable, _ = loaded.model.initial({})
    found = []
    for seed in range(RUNS):
        engine.random(seed)
        engine.start(settable, state, 0.0)
        found.append(engine.integrate(np.array([time / 2, time]))[-1])
    return np.array(found)


def near_mean(found: np.ndarray, mean: float, variance: float) -> None:
    """Compare with four standard errors; a right engine fails once in ten thousand times."""
    assert abs(found.mean() - mean) < 4 * np.sqrt(variance / len(found))
    # The variance of a variance, near enough for what is close to a Gaussian.
    assert abs(found.var() - variance) < 5 * variance * np.sqrt(2 / len(found))


@pytest.mark.parametrize("name", SSA)
def test_molecules_decay_one_by_one(name: str, decay: Loaded) -> None:
    loaded = in_zmol(decay)
    engine = engine_named(name)(loaded, ["A"], Tolerances(), method=STOCHASTIC)  # type: ignore[call-arg]
    found = sample(engine, loaded, np.array([40 / PER_ZMOL]), 3.0)[:, 0] * PER_ZMOL
    left = np.exp(-0.9)
    near_mean(found, 40 * left, 40 * left * (1 - left))
    assert_allclose(found, np.rint(found), atol=1e-9)


def chain(count: int, bind: Callable[[int], float], leave: Callable[[int], float]) -> np.ndarray:
    """Return the generator of a chain of states 0 to ``count``."""
    rates = np.zeros((count + 1, count + 1))
    for n in range(count + 1):
        if n < count:
            rates[n + 1, n] += bind(n)
            rates[n, n] -= bind(n)
        if n > 0:
            rates[n - 1, n] += leave(n)
            rates[n, n] -= leave(n)
    return rates


@pytest.mark.parametrize("name", SSA)
def test_molecules_bind_as_their_master_equation_says(name: str, binding: Loaded) -> None:
    loaded = in_zmol(binding)
    engine = engine_named(name)(loaded, ["AB"], Tolerances(), method=STOCHASTIC)  # type: ignore[call-arg]
    state = np.array([30 / PER_ZMOL, 12 / PER_ZMOL, 0.0])
    found = sample(engine, loaded, state, 4.0)[:, 0] * PER_ZMOL
    # Two molecules in 2 pL meet at kf / (V * molecules in a zmol).
    meet = 0.05 / 2 / PER_ZMOL
    rates = chain(12, lambda n: meet * (30 - n) * (12 - n), lambda n: 0.15 * n)
    odds = expm(4.0 * rates)[:, 0]
    counts = np.arange(13)
    mean = odds @ counts
    near_mean(found, mean, odds @ counts**2 - mean**2)


@pytest.mark.parametrize("name", SSA)
def test_a_molecule_does_not_react_with_itself(name: str) -> None:
    loaded = load(
        generate.from_bngl(
            """begin model
begin molecule types
A(a)
end molecule types
begin seed species
A(a) 5
end seed species
begin observables
Molecules Free A(a)
end observables
begin reaction rules
A(a) + A(a) <-> A(a!1).A(a!1) 0.5, 1
end reaction rules
end model
""",
            "pairs",
        ),
        irreversible=True,
    )
    engine = engine_named(name)(loaded, ["Free"], Tolerances(), method=STOCHASTIC)  # type: ignore[call-arg]
    found = sample(engine, loaded, np.array([5.0, 0.0]), 2.0)[:, 0]
    # BioNetGen's rule constant counts each pair twice, so that a pair meets at 0.5.
    rates = chain(2, lambda n: 0.5 * (5 - 2 * n) * (4 - 2 * n) / 2, lambda n: 1.0 * n)
    odds = expm(2.0 * rates)[:, 0]
    free = 5 - 2 * np.arange(3)
    mean = odds @ free
    near_mean(found, mean, odds @ free**2 - mean**2)


@pytest.mark.parametrize("name", SSA)
def test_a_seed_decides(name: str, binding: Loaded) -> None:
    loaded = in_zmol(binding)
    engine = engine_named(name)(loaded, ["AB"], Tolerances(), method=STOCHASTIC)  # type: ignore[call-arg]
    settable, state = loaded.model.initial({})
    begun = np.array(list(state.values()))
    courses = []
    for seed in (7, 8, 7):
        engine.random(seed)
        engine.start(settable, begun, 0.0)
        courses.append(engine.integrate(np.linspace(1.0, 20.0, 20)))
    assert (courses[0] == courses[2]).all()
    assert (courses[0] != courses[1]).any()


def test_a_stochastic_run_of_reversible_reactions_is_refused(binding: Loaded) -> None:
    with pytest.raises(UnsupportedError, match="reversible"):
        engine_named("roadrunner")(binding, ["AB"], Tolerances(), method=STOCHASTIC)  # type: ignore[call-arg]
