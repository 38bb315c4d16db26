"""Experiments on models whose course is known from elsewhere."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import libsbml
import numpy as np
import pytest
from mtorules.models.numbers.metadata import SUBSTANCE_UNIT, TIME_UNIT, VOLUME_UNIT
from mtorules.models.perturbations import conditions
from mtorules.network import cache
from mtorules.simulation import load
from mtorules.simulation.engines import EngineError, Tolerances, UnsupportedError
from mtorules.simulation.experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Dose,
    Experiment,
    Period,
    Washout,
    exposure,
)
from mtorules.simulation.results import course_files
from mtorules.simulation.sbml.model import SbmlError, UnknownNameError
from mtorules.simulation.simulator import SimulationError, Simulator
from pysb import (
    Annotation,
    Compartment,
    Expression,
    Initial,
    Model,
    Monomer,
    Observable,
    Parameter,
    Rule,
)
from scipy.integrate import solve_ivp

Simulate = Callable[..., Simulator]

# A decays at 0.1/s from 10 nM in 2 pL; B at 0.03/s from nothing.
DECAY = """
    compartment cell = 2;
    species A in cell, B in cell;
    A = 10; B = 0; kA = 0.1; kB = 0.03;
    JA: A -> ; cell*kA*A;
    JB: B -> ; cell*kB*B;
"""


def periods(*starts: Period, times: Sequence[float]) -> Experiment:
    return Experiment("test", starts, times)


def setting(**values: float | str) -> list[Condition]:
    return [Condition("set", values)]


@pytest.fixture(scope="module")
def rapamycin() -> Simulator:
    return Simulator("rapamycin")


def closed(**values: float) -> Condition:
    """No protein is made or lost."""
    return Condition("closed", {"turnover": 0, **values})


# -- physics ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dose", [0.5, 4.0, 50.0])
def test_fkbp12_and_drug_come_to_the_equilibrium_of_the_quadratic(
    rapamycin: Simulator, dose: float
) -> None:
    alone = closed(MTOR_0=0, RPTOR_0=0, RICTOR_0=0)
    added = exposure(["inf"], doses={"RAPA_medium": dose}, conditions=[alone], equilibrated=False)
    end = rapamycin.run(added).isel(time=0)
    value = {p.id: p.value or 0.0 for p in rapamycin.model.parameters.values()}
    # All in nM of the cell; the free drug fills both rooms to the same height.
    fkbp, drug = value["FKBP1A_0"], dose * value["V_medium"] / value["V_cell"]
    rooms = 1 + value["V_medium"] / value["V_cell"]
    total = fkbp + drug + rooms * value["Kd_FKBP1A_RAPA"]
    bound = (total - math.sqrt(total**2 - 4 * fkbp * drug)) / 2
    assert float(end.FKBP1A_RAPA) == pytest.approx(bound, rel=1e-12)
    assert float(end.RAPA_medium) == pytest.approx((drug - bound) / rooms, rel=1e-10)
    assert float(end.RAPA_cell_free) == pytest.approx(float(end.RAPA_medium), rel=1e-12)


@pytest.mark.parametrize("dose", [1e-3, 0.2, 20.0])
def test_in_a_boundless_bath_the_drug_stays_what_it_was(rapamycin: Simulator, dose: float) -> None:
    alone = [closed(MTOR_0=0, RPTOR_0=0, RICTOR_0=0), conditions.table()["boundless_medium"]]
    added = exposure(["inf"], doses={"RAPA_medium": dose}, conditions=alone, equilibrated=False)
    end = rapamycin.run(added).isel(time=0)
    value = {p.id: p.value or 0.0 for p in rapamycin.model.parameters.values()}
    bound = value["FKBP1A_0"] * dose / (value["Kd_FKBP1A_RAPA"] + dose)
    assert float(end.RAPA_medium) == pytest.approx(dose, rel=1e-2)
    assert float(end.FKBP1A_RAPA) == pytest.approx(bound, rel=5e-3)


def test_decay_through_periods_doses_and_washouts(simulate: Simulate) -> None:
    times = [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0]
    course = simulate(DECAY, ["A"]).run(
        periods(
            Period(0.0),
            Period(10.0, doses=[Dose("A", "20 nM")]),
            Period(20.0, washouts=[Washout("A", "75 %")]),
            Period(30.0, setting(kA=0.2), [Washout("A", 0.5)], [Dose("A", amount=6.0)]),
            times=times,
        )
    )
    fall = math.exp(-0.5)  # in 5 s at 0.1/s
    dosed = 10 * fall**2 + 20
    left = dosed * fall**2 / 4
    last = left * fall**2 / 2 + 6 / 2  # 6 zmol in 2 pL, after the wash-out
    expected = [10, 10 * fall, dosed, dosed * fall, left, left * fall, last, last * math.exp(-2)]
    assert course.A.to_numpy() == pytest.approx(expected, rel=1e-6)
    assert course.A.attrs["units"] == "nM"
    assert course.time.to_numpy().tolist() == times


def test_nothing_starts_below_zero(rapamycin: Simulator) -> None:
    """Also where a start amount follows from a parameter."""
    for values, said in (
        ({"MTOR_0": -1.0}, "'MTOR_free' starts at -2, below zero; 'MTOR_0' is negative"),
        ({"cell": 0.0}, "'cell' cannot be set to 0; a volume is above 0"),
    ):
        with pytest.raises(SimulationError, match=said):
            rapamycin.values(periods(Period(0.0, setting(**values)), times=[0.0]))
    assert rapamycin.values(periods(Period(0.0, setting(MTOR_0=0.0)), times=[0.0])).min() == 0.0


def test_a_model_of_its_own_may_start_below_zero(simulate: Simulate) -> None:
    simulator = simulate("species A; A = -2; k = 0.1; J: A -> ; k*A;", ["A"])
    found = simulator.values(periods(Period(0.0, setting(k=0.0)), times=[1.0]))
    assert found[0, 0] == -2.0


@pytest.mark.parametrize("order", sorted(set(permutations("ABA"))))
def test_several_drugs_in_any_order_add_up(simulate: Simulate, order: tuple[str, ...]) -> None:
    """Each dose falls on its own: first-order decay is linear."""
    given = [(name, 5.0 + 8.0 * place) for place, name in enumerate(order)]
    amounts = {name + str(at): 3.0 + at for name, at in given}
    times = np.arange(0.0, 40.0, 2.5)
    course = simulate(DECAY, ["A", "B"]).run(
        periods(
            Period(0.0),
            *(Period(at, doses=[Dose(name, amounts[name + str(at)])]) for name, at in given),
            times=list(times),
        )
    )
    for name, rate, start in (("A", 0.1, 10.0), ("B", 0.03, 0.0)):
        expected = start * np.exp(-rate * times)
        for at in (at for one, at in given if one == name):
            dose = amounts[name + str(at)]
            expected += np.where(times >= at, dose * np.exp(-rate * (times - at)), 0.0)
        assert course[name].to_numpy() == pytest.approx(expected, rel=1e-7, abs=1e-9)


def test_drug_is_neither_made_nor_lost(rapamycin: Simulator) -> None:
    hours = [0.0, 0.1, 1.0, 8.0, 24.0, 47.9, 48.0, 72.0]
    course = rapamycin.run(
        periods(
            Period(EQUILIBRATION, [closed()]),
            Period(0.0, doses=[Dose("RAPA_medium", 20.0)]),
            Period("48 h", washouts=[Washout("RAPA_medium", 1.0)]),
            times=[3600 * hour for hour in hours],
        )
    )
    held = course.RAPA_medium * 2000 + course.RAPA_cell * 2  # zmol
    assert held[:6].to_numpy() == pytest.approx(20 * 2000, rel=1e-7)
    inside = float(course.RAPA_cell[5]) * 2
    assert held[6:].to_numpy() == pytest.approx(inside, rel=1e-4)
    assert float(course.RAPA_medium[6]) == 0.0
    for name in ("MTOR", "RPTOR", "RICTOR", "FKBP1A"):
        total = rapamycin.model.parameters[f"{name}_0"].value
        assert course[f"{name}_total"].to_numpy() == pytest.approx(total, rel=1e-7)


# -- values that follow others ---------------------------------------------------------------------

DERIVED = """
    compartment cell = V; V = 2;
    species A in cell, C in cell;
    base = 0.05; twice = 2*base; k = twice + 0*V;
    A0 = 10; A = A0; C = 0;
    J: A -> C; cell*k*A;
"""


@pytest.mark.parametrize(
    ("values", "rate", "start"),
    [
        ({}, 0.1, 10.0),
        ({"base": 0.1}, 0.2, 10.0),
        ({"twice": 0.3}, 0.3, 10.0),
        ({"k": 0.4, "base": 7.0}, 0.4, 10.0),
        ({"A0": 3.0}, 0.1, 3.0),
        ({"A0": 3.0, "A": "7 nM"}, 0.1, 7.0),
        ({"V": 5.0}, 0.1, 10.0),
    ],
)
def test_derived_values_follow_what_they_are_derived_from(
    simulate: Simulate, values: Mapping[str, Any], rate: float, start: float
) -> None:
    simulator = simulate(DERIVED, ["A", "C"])
    course = simulator.run(periods(Period(0.0, setting(**values)), times=[0.0, 7.0]))
    expected = [start, start * math.exp(-7 * rate)]
    assert course.A.to_numpy() == pytest.approx(expected, rel=1e-7)
    assert course.C.to_numpy()[1] == pytest.approx(start - expected[1], rel=1e-7)


def test_derived_values_follow_from_the_moment_of_the_change(simulate: Simulate) -> None:
    change = periods(Period(0.0), Period(5.0, setting(base=0.2)), times=[5.0, 10.0])
    course = simulate(DERIVED, ["A"]).run(change)
    expected = [10 * math.exp(-0.5), 10 * math.exp(-0.5 - 2.0)]
    assert course.A.to_numpy() == pytest.approx(expected, rel=1e-7)


def test_what_is_set_stays_until_it_is_set_again(simulate: Simulate) -> None:
    course = simulate(DERIVED, ["A", "base"]).run(
        periods(
            Period(0.0, setting(base=0.2)),
            Period(1.0, setting(V=2.0)),
            Period(2.0, setting(base=0.1)),
            times=[0.0, 1.0, 2.0, 3.0],
        )
    )
    assert course["base"].to_numpy().tolist() == [0.2, 0.2, 0.1, 0.1]
    assert float(course.A[-1]) == pytest.approx(10 * math.exp(-0.4 - 0.4 - 0.2), rel=1e-7)


def pairing() -> Model:
    """A and B bind for good at 1e-3 /(nM*s), 10 nM each, in a cell whose volume is a parameter."""
    model = Model("pairing", _export=False)
    parts: list[Any] = []

    def add(part: Any) -> Any:
        model.add_component(part)
        parts.append(part)
        return part

    volume = add(Parameter("V", 2.0, _export=False))
    cell = add(Compartment("cell", dimension=3, size=volume, _export=False))
    start = add(Parameter("start", 10.0, _export=False))
    amount = add(Expression("amount", start * volume, _export=False))
    first, second = (add(Monomer(name, ["x"], _export=False)) for name in "AB")
    rate = add(Parameter("k", 1e-3, _export=False))
    for monomer in (first, second):
        model.add_initial(Initial(monomer(x=None) ** cell, amount, _export=False))
    bound = first(x=1) ** cell % second(x=1) ** cell
    rule = first(x=None) ** cell + second(x=None) ** cell >> bound
    add(Rule("bind", rule, rate, _export=False))
    add(Observable("A_free", first(x=None), _export=False))
    for unit, kind in (("zmol", SUBSTANCE_UNIT), ("pL", VOLUME_UNIT), ("s", TIME_UNIT)):
        model.add_annotation(Annotation(model, unit, kind, _export=False))
    return model


def test_a_second_order_reaction_slows_down_in_a_larger_volume() -> None:
    simulator = Simulator(pairing(), ["A_free"])

    def after(seconds: float, **values: float) -> float:
        run = periods(Period(0.0, setting(**values)), times=[seconds])
        return float(simulator.run(run).A_free[0])

    def law(start: float, seconds: float) -> float:
        return start / (1 + 1e-3 * start * seconds)

    assert after(100) == pytest.approx(law(10, 100), rel=1e-7)
    # The amount follows the volume, so that the concentration is the same, and its course too.
    assert after(100, V=8.0) == pytest.approx(law(10, 100), rel=1e-7)
    # The same amount in four times the volume.
    assert after(100, V=8.0, amount=20.0) == pytest.approx(law(2.5, 100), rel=1e-7)
    # Swelling on the way thins out what is there.
    swelling = periods(Period(0.0), Period(100.0, setting(V=8.0)), times=[100.0, 300.0])
    thin = law(10, 100) / 4
    assert simulator.run(swelling).A_free.to_numpy() == pytest.approx(
        [thin, law(thin, 200)], rel=1e-7
    )


def test_a_concentration_is_that_of_the_volume_set_with_it(simulate: Simulate) -> None:
    run = periods(
        Period(0.0, setting(cell=6.0, A="5 nM")),
        Period(1.0, [Condition("later", {"cell": 3.0, "A": "8 nM"})]),
        times=[0.0, 1.0],
    )
    assert simulate(DECAY, ["A"]).run(run).A.to_numpy() == pytest.approx([5.0, 8.0])


# -- conditions ------------------------------------------------------------------------------------


def test_a_condition_is_nothing_but_its_values(rapamycin: Simulator) -> None:
    prone = conditions.table()["sequestration_prone"]
    doses = {"RAPA_medium": "20 nM"}
    named = rapamycin.values(exposure(["1 h", "24 h"], doses=doses, conditions=[prone]))
    values = Condition("by hand", dict(prone.values))
    by_hand = rapamycin.values(exposure(["1 h", "24 h"], doses=doses, conditions=[values]))
    plain = rapamycin.values(exposure(["1 h", "24 h"], doses=doses))
    assert np.array_equal(named, by_hand)
    assert not np.allclose(named, plain, rtol=1e-2)


def test_conditions_act_together(rapamycin: Simulator) -> None:
    both = [conditions.table()[name] for name in ("FKBP1A_null", "closed_system")]
    course = rapamycin.run(exposure(["1 h"], doses={"RAPA_medium": 20.0}, conditions=both))
    assert float(course.FKBP1A_total[0]) < 1e-15
    assert float(course.MTOR_total[0]) == pytest.approx(
        rapamycin.model.parameters["MTOR_0"].value or 0.0, rel=1e-9
    )


# -- one run and the next --------------------------------------------------------------------------


def _different_runs() -> list[Experiment]:
    doses = {"RAPA_medium": "20 nM"}
    prone, null = (conditions.table()[name] for name in ("sequestration_prone", "boundless_medium"))
    return [
        exposure(["1 h", "24 h"], doses=doses),
        exposure(["15 min", "inf"], doses=doses, conditions=[prone], equilibrated=False),
        exposure(["2 h"], conditions=[null]),
        periods(
            Period(EQUILIBRATION, setting(MTOR_0=50.0)),
            Period(0.0, setting(V_cell=4.0), doses=[Dose("RAPA_medium", 3.0)]),
            Period(3600.0, setting(turnover=0), washouts=[Washout("RAPA_medium")]),
            times=[1800.0, 7200.0],
        ),
    ]


def test_nothing_of_one_run_lingers_in_the_next() -> None:
    """Bit by bit: each experiment alone, on a simulator of its own, and in any order on one."""
    runs = _different_runs()
    loaded = load.load("rapamycin")
    alone = [Simulator(loaded, cache=False).values(run) for run in runs]
    for order in ([0, 1, 2, 3], [3, 1, 0, 2], [2, 2, 3, 1, 1, 0]):
        shared = Simulator(loaded, cache=False)
        for index in order:
            assert np.array_equal(shared.values(runs[index]), alone[index]), (order, index)


def test_a_run_that_fails_leaves_nothing_behind(simulate: Simulate) -> None:
    body = "species A; A = 1; k = 0.1; grow = 0; J: A -> ; k*A; G: -> A; grow*A*A;"
    simulator = simulate(body, ["A"])
    good = periods(Period(0.0), times=[0.0, 1.0, 5.0])
    before = simulator.values(good)
    with pytest.raises(EngineError, match="model time"):
        simulator.values(periods(Period(0.0, setting(grow=1.0)), times=[0.0, 50.0]))
    assert np.array_equal(simulator.values(good), before)


def test_events_of_one_run_do_not_linger(simulate: Simulate) -> None:
    body = "species A; A = 8; k = 0.1; J: A -> ; k*A; at (A < 4): A = 20;"
    simulator = simulate(body, ["A"])
    run = periods(Period(0.0), times=[5.0, 9.0])
    crossed = math.log(2) / 0.1
    expected = [8 * math.exp(-0.5), 20 * math.exp(-0.1 * (9 - crossed))]
    for _ in range(3):
        assert simulator.values(run)[:, 0] == pytest.approx(expected, rel=1e-5)


def test_what_is_recorded_does_not_change_what_happens(rapamycin: Simulator) -> None:
    run = exposure(["1 h", "24 h"], doses={"RAPA_medium": "20 nM"})
    whole = rapamycin.run(run)
    some = rapamycin.run(run, ["MTORC2", "RAPA_medium"])
    assert list(some.data_vars) == ["MTORC2", "RAPA_medium"]
    assert np.array_equal(some.MTORC2, whole.MTORC2)
    alone = Simulator("rapamycin", ["MTORC2"]).run(run)
    assert np.array_equal(alone.MTORC2, whole.MTORC2)


# -- cells at rest ---------------------------------------------------------------------------------


def test_rest_is_where_scipy_arrives_on_the_networks_own_equations(rapamycin: Simulator) -> None:
    """PySB reads BNG2.pl's network itself and SciPy integrates it: nothing of ours."""
    from mtorules.models import catalogue
    from pysb.simulator import ScipyOdeSimulator

    model = catalogue.build("rapamycin")
    options = {"rtol": 1e-11, "atol": 1e-13, "mxstep": 1_000_000}
    simulator = ScipyOdeSimulator(
        model, compiler="python", integrator="lsoda", integrator_options=options
    )
    for values in ({}, {"FKBP1A_0": 100.0, "MTOR_0": 300.0}):
        parameters = {p.name: p.value for p in model.parameters} | values
        late = simulator.run(np.array([0.0, 1e7, 2e8]), param_values=parameters)
        run = exposure([0.0], conditions=[Condition("set", values)])
        rest = rapamycin.run(run).isel(time=0)
        for name in ("MTORC1", "MTORC2", "MTOR_free", "FKBP1A_total", "RPTOR_total"):
            expected = late.observables[name][-1] / parameters["V_cell"]
            assert float(rest[name]) == pytest.approx(expected, rel=1e-7), name


def test_rest_says_how_still_it_is(rapamycin: Simulator) -> None:
    rest = rapamycin.run(exposure([0.0])).attrs["rest"]
    assert rest["polished"]
    assert 0 <= rest["relative"] < 1e-12
    assert rest["time"] > 0
    assert "rest" not in rapamycin.run(exposure([0.0], equilibrated=False)).attrs


@pytest.mark.parametrize("trigger", ["time >= 1", "time > 1"])
def test_an_event_at_the_time_of_a_change_comes_after_it(simulate: Simulate, trigger: str) -> None:
    """Half of A is washed out and 1 is given; then the event doubles what is there."""
    simulator = simulate(f"species A; A = 4; J: A -> ; A; E: at {trigger}: A = 2*A;", ["A"])
    later = Period(1.0, washouts=[Washout("A", 0.5)], doses=[Dose("A", amount=1.0)])
    found = simulator.run(periods(Period(0.0), later, times=[0.0, 2.0])).to_dataframe()["A"]
    assert found.iloc[-1] == pytest.approx(2 * (4 * np.exp(-1) / 2 + 1) * np.exp(-1), rel=1e-6)


def test_a_late_change_is_at_its_time_where_no_event_is(simulate: Simulate) -> None:
    simulator = simulate("species A; A = 4; J: A -> ; A; E: at time >= 5: A = 2*A;", ["A"])
    later = Period(1e6, doses=[Dose("A", amount=1.0)])
    found = simulator.run(periods(Period(0.0), later, times=[0.0, 1e6 + 1.0])).to_dataframe()["A"]
    assert found.iloc[-1] == pytest.approx(np.exp(-1), rel=1e-6)


def test_values_that_events_change_outlast_the_period(simulate: Simulate) -> None:
    body = "species A; A = 8; k = 0.1; J: A -> ; k*A; at (time > 5): k = 0.3;"
    simulator = simulate(body, ["A", "k"])
    run = periods(Period(0.0), Period(7.0, doses=[Dose("A", amount=2.0)]), times=[0.0, 7.0, 9.0])
    course = simulator.run(run)
    seven = 8 * math.exp(-0.5 - 0.6) + 2
    assert course.k.to_numpy().tolist() == [0.1, 0.3, 0.3]
    assert course.A.to_numpy() == pytest.approx([8.0, seven, seven * math.exp(-0.6)], rel=1e-5)
    again = periods(Period(0.0, setting(k=0.2)), Period(7.0, setting(k=0.0)), times=[4.0, 7.0, 9.0])
    assert simulator.run(again).k.to_numpy().tolist() == [0.2, 0.0, 0.0]


def test_the_last_rest_goes_on_from_where_the_experiment_stood(simulate: Simulate) -> None:
    """What an event did before is not done again on the way to rest."""
    body = """
        species A; A = 8; k = 0.1; made = 0;
        J: A -> ; k*A; M: -> A; made; at (time > 5): made = made + 1;
    """
    run = periods(Period(0.0), times=[10.0, math.inf])
    assert simulate(body, ["A"]).values(run)[-1, 0] == pytest.approx(10.0, rel=1e-6)


def test_an_output_at_infinity_is_the_rest_of_the_last_period(simulate: Simulate) -> None:
    body = "species A; A = 0; make = 1; k = 0.1; J: -> A; make - k*A;"
    run = periods(Period(0.0), Period(10.0, setting(make=3.0)), times=[0.0, 10.0, 20.0, math.inf])
    course = simulate(body, ["A"]).run(run)
    ten = 10 * (1 - math.exp(-1))
    expected = [0.0, ten, 30 + (ten - 30) * math.exp(-1), 30.0]
    assert course.A.to_numpy() == pytest.approx(expected, rel=1e-7)
    assert math.isinf(course.time[-1])
    alone = simulate(body, ["A"]).run(periods(Period(0.0), times=[math.inf]))
    assert alone.A.to_numpy() == pytest.approx([10.0], rel=1e-9)


# -- what is kept of cells at rest -----------------------------------------------------------------

SLOW = "species A, B; A = 3; B = 0; J: A -> B; 0.1*A - 0.05*B;"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """Use a cache of this test alone; return a function that lists cells at rest in it."""
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path / "cache"))
    return lambda: sorted((tmp_path / "cache" / "rest").glob("*"))


def test_cells_at_rest_are_kept_one_for_each_condition(
    simulate: Simulate, kept: Callable[[], list[Path]]
) -> None:
    simulator = simulate(SLOW, ["A", "B"])
    first = simulator.values(exposure([0.0]))
    assert first[0] == pytest.approx([1.0, 2.0], rel=1e-9)
    assert len(kept()) == 1
    simulator.values(exposure([0.0, 5.0]))
    assert len(kept()) == 1
    simulator.values(exposure([0.0], conditions=[Condition("set", {"A": 6.0})]))
    assert len(kept()) == 2
    for relative in (1e-8, 1e-6):
        tolerances = Tolerances(relative=relative, absolute=1e-12)
        simulate(SLOW, ["A"], tolerances=tolerances).values(exposure([0.0]))
    assert len(kept()) == 4


def test_cells_at_rest_are_fetched_from_memory_and_from_disk(
    simulate: Simulate, kept: Callable[[], list[Path]]
) -> None:
    """What is in the file is what the next simulator begins with, so it was not sought again."""
    simulate(SLOW, ["A", "B"]).values(exposure([0.0]))
    (path,) = kept()
    told = json.loads(cache.fetch(path) or b"")
    cache.keep(path, json.dumps({**told, "state": [4.0, 5.0]}).encode())
    other = simulate(SLOW, ["A", "B"])
    assert other.values(exposure([0.0]))[0].tolist() == [4.0, 5.0]
    path.unlink()
    assert other.values(exposure([0.0]))[0].tolist() == [4.0, 5.0]
    assert simulate(SLOW, ["A", "B"], cache=False).values(exposure([0.0]))[0] == pytest.approx(
        [1.0, 2.0]
    )
    assert kept() == []


def test_a_flipped_bit_is_noticed_wherever_it_is(
    simulate: Simulate, kept: Callable[[], list[Path]]
) -> None:
    simulate(SLOW, ["A", "B"]).values(exposure([0.0]))
    (path,) = kept()
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        damaged = bytearray(content)
        damaged[place] ^= 1
        path.write_bytes(bytes(damaged))
        again = simulate(SLOW, ["A", "B"]).values(exposure([0.0]))
        assert again[0] == pytest.approx([1.0, 2.0], rel=1e-9)
        assert path.read_bytes() == content


def test_a_cache_that_cannot_be_written_is_done_without(
    simulate: Simulate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MTORULES_CACHE", str(tmp_path / "file" / "cache"))
    assert simulate(SLOW, ["A"]).values(exposure([0.0]))[0, 0] == pytest.approx(1.0)


# -- units, and SBML of others ---------------------------------------------------------------------

MOLAR = """
    model molar
    unit substance = mole; unit volume = litre; unit time_unit = 60 second;
    compartment dish = 0.01;
    species D in dish; D = {start}; k = 0.02;
    J: D -> ; dish*k*D;
    end
"""


@pytest.mark.parametrize("start", [0.0, 3e-9])
def test_doses_and_times_in_moles_litres_and_minutes(
    antimony_sbml: Callable[[str], str], start: float
) -> None:
    loaded = load.from_sbml(antimony_sbml(MOLAR.format(start=start)))
    simulator = Simulator(loaded, ["D"], units="nM")
    run = periods(
        Period(0.0, doses=[Dose("D", "10 nM")]),
        Period("30 min", doses=[Dose("D", "0.1 uM")]),
        times=[0.0, 600.0, 1800.0, 3600.0],
    )
    course = simulator.run(run)
    first = start * 1e9 + 10
    then = first * math.exp(-0.6) + 100
    expected = [first, first * math.exp(-0.2), then, then * math.exp(-0.6)]
    assert course.D.to_numpy() == pytest.approx(expected, rel=1e-6)
    assert course.D.attrs["units"] == "nM"
    assert course.time.attrs["units"] == "s"


def test_a_cell_in_a_dish_is_not_lost_in_its_tolerance(
    antimony_sbml: Callable[[str], str],
) -> None:
    """A millilitre above a cell of two picolitres, both with 100 nM of something, in moles."""
    text = """
        model dish
        unit substance = mole; unit volume = litre; unit time_unit = second;
        compartment medium = 1e-3, cell = 2e-12;
        species D in medium, P in cell; D = 1e-7; P = 1e-7;
        J: D -> ; medium*1e-5*D; K: P -> ; cell*0.1*P;
        end
    """
    simulator = Simulator(load.from_sbml(antimony_sbml(text)), ["D", "P"], units="nM")
    course = simulator.run(periods(Period(0.0), times=[30.0, 100.0]))
    assert course.P.to_numpy() == pytest.approx(100 * np.exp([-3.0, -10.0]), rel=1e-5)
    assert course.D.to_numpy() == pytest.approx(100 * np.exp([-3e-4, -1e-3]), rel=1e-6)


def test_a_value_with_a_unit_is_turned_into_the_models(simulate: Simulate) -> None:
    simulator = simulate(DERIVED, ["A"])
    for value in (4.0, "4 pL", "0.004 nL", "4e-12 L"):
        run = periods(Period(0.0, setting(cell=value)), times=[0.0])
        assert float(simulator.run(run).A[0]) == pytest.approx(10.0), value
    rapamycin = Simulator("rapamycin", ["MTOR_total"])
    for value in (50.0, "50 nM", "0.05 uM", "50000 pM"):
        run = periods(Period(0.0, setting(MTOR_0=value)), times=[0.0])
        assert float(rapamycin.run(run).MTOR_total[0]) == pytest.approx(50.0), value


def test_without_units_amounts_are_taken_and_symbols_shown(simulate: Simulate) -> None:
    simulator = simulate(DECAY, ["A"], ours=False)
    course = simulator.run(periods(Period(0.0, doses=[Dose("A", amount=4.0)]), times=[0.0, 10.0]))
    # 24 in a room of 2, and the symbol A is a concentration there.
    assert course.A.to_numpy() == pytest.approx([12.0, 12.0 * math.exp(-1)], rel=1e-7)
    assert "units" not in course.A.attrs
    counted = simulator.run(periods(Period(0.0, doses=[Dose("A", count=4.0)]), times=[0.0]))
    assert counted.A.to_numpy() == pytest.approx([12.0])
    with pytest.raises(SimulationError, match="does not say in which unit it counts 'A'"):
        simulator.run(periods(Period(0.0, doses=[Dose("A", "10 nM")]), times=[0.0]))
    with pytest.raises(SimulationError, match="is 4 without a unit; write it like '4 nM'"):
        ours = simulate(DECAY, ["A"])
        ours.run(periods(Period(0.0, doses=[Dose("A", count=4.0)]), times=[0.0]))
    with pytest.raises(SimulationError, match="does not say in which unit it counts 'A'"):
        simulator.run(periods(Period(0.0, setting(A="10 nM")), times=[0.0]))


BY_HAND = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level2/version4" level="2" version="4">
  <model id="enzyme" name="Michaelis and Menten, written by hand">
    <listOfFunctionDefinitions>
      <functionDefinition id="mm">
        <math xmlns="http://www.w3.org/1998/Math/MathML">
          <lambda>
            <bvar><ci>v</ci></bvar><bvar><ci>s</ci></bvar><bvar><ci>K</ci></bvar>
            <apply><divide/><apply><times/><ci>v</ci><ci>s</ci></apply>
              <apply><plus/><ci>K</ci><ci>s</ci></apply></apply>
          </lambda>
        </math>
      </functionDefinition>
    </listOfFunctionDefinitions>
    <listOfCompartments><compartment id="tube" size="0.001"/></listOfCompartments>
    <listOfSpecies>
      <species id="S" compartment="tube" initialConcentration="5e-9"/>
      <species id="P" compartment="tube" initialAmount="0"/>
      <species id="held" compartment="tube" initialAmount="2e-12" boundaryCondition="true"/>
    </listOfSpecies>
    <listOfParameters>
      <parameter id="vmax" value="1e-9"/><parameter id="Km"/>
      <parameter id="both" constant="false"/>
    </listOfParameters>
    <listOfInitialAssignments>
      <initialAssignment symbol="Km">
        <math xmlns="http://www.w3.org/1998/Math/MathML">
          <apply><times/><cn>1.5</cn><ci>held</ci></apply></math>
      </initialAssignment>
    </listOfInitialAssignments>
    <listOfRules>
      <assignmentRule variable="both">
        <math xmlns="http://www.w3.org/1998/Math/MathML">
          <apply><plus/><ci>S</ci><ci>P</ci></apply></math>
      </assignmentRule>
    </listOfRules>
    <listOfReactions>
      <reaction id="turn" reversible="false">
        <listOfReactants><speciesReference species="S"/></listOfReactants>
        <listOfProducts><speciesReference species="P"/></listOfProducts>
        <kineticLaw>
          <math xmlns="http://www.w3.org/1998/Math/MathML">
            <apply><times/><ci>tube</ci>
              <apply><ci>mm</ci><ci>vmax</ci><ci>S</ci><ci>Km</ci></apply></apply></math>
        </kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
"""


def test_sbml_of_others_runs_too(tmp_path: Path) -> None:
    """Level 2 by hand: functions, concentrations as symbols, the units that Level 2 implies."""
    path = tmp_path / "enzyme.xml"
    path.write_text(BY_HAND)
    simulator = Simulator(path, ["S", "P", "held"], units="nM")
    times = np.array([0.0, 1.0, 4.0, 10.0, 20.0])
    course = simulator.run(periods(Period(0.0), times=list(times)))
    # Km = 1.5 * 2e-9 mol/L; all in nM.
    exact = solve_ivp(
        lambda _, s: -s / (3.0 + s), (0, 20), [5.0], t_eval=times, rtol=1e-12, atol=1e-14
    ).y[0]
    assert course.S.to_numpy() == pytest.approx(exact, rel=1e-6)
    assert course.P.to_numpy() == pytest.approx(5.0 - exact, rel=1e-6, abs=1e-10)
    assert course.held.to_numpy() == pytest.approx(2.0)
    more = simulator.run(
        periods(Period(0.0, setting(Km=0.0), doses=[Dose("S", "3 nM")]), times=[0.0, 2.0])
    )
    assert more.S.to_numpy() == pytest.approx([8.0, 6.0], rel=1e-6)


def test_rate_rules_and_assigned_species_run_too(simulate: Simulate) -> None:
    body = """
        species A, $F; A = 4; F = 1; k = 0.2; grown = 1;
        A' = -k*A; F := 3*A; grown' = 0.5;
    """
    simulator = simulate(body, ["A", "F", "grown", "k"], ours=False)
    run = periods(Period(0.0), Period(2.0, setting(k=0.4)), times=[0.0, 2.0, 5.0])
    course = simulator.run(run)
    expected = 4 * np.exp([0.0, -0.4, -0.4 - 1.2])
    assert course.A.to_numpy() == pytest.approx(expected, rel=1e-6)
    assert course.F.to_numpy() == pytest.approx(3 * expected, rel=1e-6)
    assert course.grown.to_numpy() == pytest.approx([1.0, 2.0, 3.5], rel=1e-6)
    assert course.k.to_numpy().tolist() == [0.2, 0.4, 0.4]


def test_the_network_itself_and_the_file_written_from_it_agree(
    rapamycin: Simulator, tmp_path: Path
) -> None:
    path = tmp_path / "rapamycin.xml"
    path.write_text(rapamycin.loaded.sbml)
    run = exposure(["1 h", "24 h"], doses={"RAPA@medium": "20 nM"})
    assert np.array_equal(Simulator(path).values(run), rapamycin.values(run))


# -- SBML of others in its own units ---------------------------------------------------------------

HOURLY = """
    model hourly
    unit substance = item; unit volume = litre; unit hour = 3600 second; unit time_unit = hour;
    compartment dish = 4; dish has volume; pool = 5; pool' = 1; seen := 2*pool; switched = 1;
    substanceOnly species N in dish; species C in dish, $held in dish;
    N = 8; C = 3; held = 1; k = 0.5;
    J: N => ; k*N; K: C => ; dish*k*C;
    at (time > 3.5): switched = 7;
    end
"""


@pytest.fixture(scope="module")
def hourly(antimony_sbml: Callable[[str], str]) -> Simulator:
    return Simulator(load.from_sbml(antimony_sbml(HOURLY)))


def test_all_that_varies_is_shown_in_the_files_own_units(hourly: Simulator) -> None:
    course = hourly.run(exposure([0.0, 2.0, 4.0], equilibrated=False))
    assert set(course.data_vars) == {"N", "C", "pool", "seen", "switched"}
    fall = np.exp([0.0, -1.0, -2.0])
    assert course.N.to_numpy() == pytest.approx(8 * fall, rel=1e-6)
    assert course.C.to_numpy() == pytest.approx(3 * fall, rel=1e-6)  # a concentration
    assert course.pool.to_numpy() == pytest.approx([5.0, 7.0, 9.0])
    assert course.seen.to_numpy() == pytest.approx([10.0, 14.0, 18.0])
    assert course.switched.to_numpy().tolist() == [1.0, 1.0, 7.0]
    assert course.time.attrs["units"] == hourly.model.time_unit_id != ""
    assert course.time.to_numpy().tolist() == [0.0, 2.0, 4.0]


def test_times_with_a_unit_are_turned_into_the_files_own(hourly: Simulator) -> None:
    course = hourly.run(exposure(["0 s", "120 min"], equilibrated=False))
    assert course.time.to_numpy().tolist() == [0.0, 2.0]
    assert float(course.N[1]) == pytest.approx(8 * math.exp(-1), rel=1e-6)
    with pytest.raises(SimulationError, match="do not follow each other"):
        hourly.run(exposure([1.0, "2 s"], equilibrated=False))


def test_nm_and_seconds_where_they_are_asked_for(antimony_sbml: Callable[[str], str]) -> None:
    simulator = Simulator(load.from_sbml(antimony_sbml(HOURLY)), ["C"], units="nM")
    course = simulator.run(exposure([0.0, 7200.0], equilibrated=False))
    avogadro = 6.02214076e23
    expected = 3 / avogadro * 1e9 * np.exp([0.0, -1.0])
    assert course.C.to_numpy() == pytest.approx(expected, rel=1e-6)
    assert (course.C.attrs["units"], course.time.attrs["units"]) == ("nM", "s")


def test_concentrations_follow_a_room_that_grows(simulate: Simulate) -> None:
    body = """compartment room = 2; room' = 0.5; species S in room; S = 3; k = 0.1;
        J: S => ; k*S*room;"""
    course = simulate(body, ["S", "room"], ours=False).run(
        exposure([0.0, 10.0], equilibrated=False)
    )
    assert float(course.S[1]) == pytest.approx(6 * math.exp(-1) / 7, rel=1e-6)
    assert float(course.room[1]) == pytest.approx(7.0)


def test_how_fast_a_reaction_goes_can_be_recorded(simulate: Simulate) -> None:
    body = "compartment c = 2; species A in c; A = 3; k = 0.1; J: A => ; c*k*A;"
    course = simulate(body, ["J"], ours=False).run(exposure([0.0, 10.0], equilibrated=False))
    assert course.J.to_numpy() == pytest.approx([0.6, 0.6 * math.exp(-1)], rel=1e-6)


def test_an_output_may_have_no_value_but_a_state_must(simulate: Simulate) -> None:
    body = "substanceOnly species S; S = 10; k = 0.1; odd := 0/(S - 10); J: S => ; k*S;"
    course = simulate(body, ours=False).run(exposure([0.0, 10.0], equilibrated=False))
    assert np.isnan(float(course.odd[0]))
    assert float(course.odd[1]) == 0.0
    assert float(course.S[1]) == pytest.approx(10 * math.exp(-1), rel=1e-6)
    broken = "substanceOnly species S; S = 10; J: S => ; 0/(S - 10);"
    with pytest.raises(EngineError):
        simulate(broken, ours=False).run(exposure([0.0, 10.0], equilibrated=False))


# -- what comes out --------------------------------------------------------------------------------


def test_species_patterns_and_parameters_can_be_recorded(rapamycin: Simulator) -> None:
    names = ["RAPA@medium", "cell", "MTORC2", "kf_MTOR_binds_RPTOR"]
    simulator = Simulator(rapamycin.loaded, names)
    assert simulator.observables == tuple(names)
    course = simulator.run(exposure([0.0], doses={"RAPA@medium": "20 nM"}))
    assert float(course["RAPA@medium"][0]) == pytest.approx(20.0)
    assert course["RAPA@medium"].attrs["pattern"].startswith("@medium:RAPA(")
    assert course["RAPA@medium"].attrs["compartment"] == "medium"
    assert float(course["cell"][0]) == rapamycin.model.parameters["V_cell"].value
    assert course["kf_MTOR_binds_RPTOR"].attrs["units"]
    assert course.attrs["model"] == "rapamycin"
    assert course.attrs["engine"].startswith("roadrunner ")


def test_observables_across_rooms_stay_amounts(rapamycin: Simulator) -> None:
    course = rapamycin.run(exposure([0.0], doses={"RAPA_medium": 5.0}))
    assert course.RAPA_total.attrs["units"] == "zmol"
    assert float(course.RAPA_total[0]) == pytest.approx(5.0 * 2000)


def test_tolerances_are_heeded(rapamycin: Simulator) -> None:
    run = exposure(["1 h", "24 h"], doses={"RAPA_medium": 20.0}, equilibrated=False)
    exact, usual, rough = (
        Simulator(rapamycin.loaded, tolerances=Tolerances(relative=relative)).values(run)
        for relative in (1e-11, 1e-8, 1e-3)
    )
    assert usual == pytest.approx(exact, rel=1e-6)
    assert not np.allclose(rough, exact, rtol=1e-7)


# -- mistakes --------------------------------------------------------------------------------------

WRONG: list[tuple[str, Sequence[Period], str]] = [
    ("rule", [Period(0.0, setting(MTORC1=3.0))], "'MTORC1' is computed from others"),
    ("unit kind", [Period(0.0, setting(MTOR_0="5 min"))], "is a time, not a concentration"),
    ("no text", [Period(0.0, setting(release_rapalog="1 nM"))], "cannot be set to '1 nM'"),
    ("infinite", [Period(0.0, setting(MTOR_0=math.inf))], "'MTOR_0' cannot be set to inf"),
    ("negative room", [Period(0.0, setting(cell=-1.0))], "it is negative"),
    ("negative amount", [Period(0.0, setting(FKBP1A=-1.0))], "it is negative"),
    ("twice", [Period(0.0, setting(**{"RAPA@medium": 1.0, "RAPA_medium_": 2.0}))], "as well"),
    ("parameter dosed", [Period(0.0, doses=[Dose("MTOR_0", 1.0)])], "'MTOR_0' is a parameter"),
    ("parameter washed", [Period(0.0, washouts=[Washout("MTOR_0")])], "be washed out"),
    ("sum dosed", [Period(0.0, doses=[Dose("RAPA_cell", 1.0)])], "the sum of 6 species"),
]


@pytest.mark.parametrize(
    ("starts", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_what_does_not_fit_the_model_is_said(
    rapamycin: Simulator, starts: Sequence[Period], said: str
) -> None:
    with pytest.raises(SimulationError) as raised:
        rapamycin.run(periods(*starts, times=[0.0]))
    assert said in str(raised.value)
    assert str(raised.value).endswith(".")


def test_a_name_that_is_nearly_that_of_a_parameter(rapamycin: Simulator) -> None:
    with pytest.raises(UnknownNameError, match=r"no parameter or species 'MTOR0'.*'MTOR_0'\?"):
        rapamycin.run(periods(Period(0.0, setting(MTOR0=3.0)), times=[0.0]))


@pytest.mark.parametrize(
    "start",
    [
        Period(0.0, doses=[Dose("RAPA_medum", 3.0)]),
        Period(0.0, washouts=[Washout("RAPA_medum")]),
    ],
)
def test_a_name_that_the_model_does_not_have(rapamycin: Simulator, start: Period) -> None:
    with pytest.raises(UnknownNameError, match=r"Did you mean 'RAPA_medium'\?"):
        rapamycin.run(periods(start, times=[0.0]))


def test_a_species_that_follows_a_rule_cannot_be_touched(simulate: Simulate) -> None:
    simulator = simulate("species A, $F; A = 4; F := 3*A; J: A -> ; A;", ["A", "F"])
    for start in (
        Period(0.0, setting(F=1.0)),
        Period(0.0, doses=[Dose("F", amount=1.0)]),
        Period(0.0, washouts=[Washout("F")]),
    ):
        with pytest.raises(SimulationError, match="'F' follows a rule"):
            simulator.run(periods(start, times=[0.0]))


def test_a_species_of_a_rate_rule_can_be_set_given_and_washed_out(simulate: Simulate) -> None:
    """F in 2 L falls at 0.5 of itself; amounts are its concentration, times 2."""
    simulator = simulate("compartment c = 2; species F in c; F = 4; F' = -0.5*F;", ["F"])
    first = Period(0.0, setting(F=6.0))
    later = Period(1.0, washouts=[Washout("F", 0.5)], doses=[Dose("F", amount=1.0)])
    found = simulator.run(periods(first, later, times=[0.0, 1.0, 2.0])).to_dataframe()["F"]
    changed = 3 * np.exp(-0.5) / 2 + 0.5
    np.testing.assert_allclose(found, [3.0, changed, changed * np.exp(-0.5)], rtol=1e-6)


def test_text_for_a_parameter_without_a_unit(simulate: Simulate) -> None:
    with pytest.raises(SimulationError, match="the unit of 'kA' is not one that text"):
        simulate(DECAY, ["A"]).run(periods(Period(0.0, setting(kA="1 1/s")), times=[0.0]))


def test_what_cannot_be_recorded(simulate: Simulate, rapamycin: Simulator) -> None:
    with pytest.raises(UnknownNameError, match=r"no observable 'MTORC3'. Did you mean 'MTORC"):
        Simulator(rapamycin.loaded, ["MTORC3"])
    with pytest.raises(SimulationError, match=r"Nothing in model 'tiny' varies. Name what"):
        simulate("k = 1;")
    with pytest.raises(UnknownNameError, match=r"not among what is recorded. Did you mean 'kA'"):
        simulate(DECAY, ["kA"]).run(periods(Period(0.0), times=[0.0]), ["kA_"])


def test_time_is_no_name_for_an_observable(antimony_sbml: Callable[[str], str]) -> None:
    text = antimony_sbml("model m; species A; A = 1; seen := A; J: A -> ; A; end")
    loaded = load.from_sbml(text.replace('"seen"', '"time"'))
    with pytest.raises(SimulationError, match="has the id 'time', which the engine takes for"):
        Simulator(loaded)
    assert Simulator(loaded, ["A"]).observables == ("A",)


def test_a_species_named_time_is_no_axis(antimony_sbml: Callable[[str], str]) -> None:
    text = antimony_sbml("model m; species A; A = 8; J: A -> ; A; end")
    loaded = load.from_sbml(text.replace('<species id="A"', '<species id="A" name="time"'))
    course = Simulator(loaded, ["time"]).course(exposure([0.0, 1.0], equilibrated=False))
    data = course.dataset()
    assert data.time.values.tolist() == [0, 1]
    assert data.time_.values == pytest.approx([8, 8 * np.exp(-1)], rel=1e-6)
    assert course_files.wide(course).splitlines()[0] == "time,time_"


def test_engines_and_methods_that_do_not_exist(rapamycin: Simulator) -> None:
    with pytest.raises(UnsupportedError, match=r"no engine 'roadruner'. Did you mean 'roadrunner'"):
        Simulator(rapamycin.loaded, engine="roadruner")
    with pytest.raises(UnsupportedError, match="cannot do 'nfsim'; it can ode"):
        Simulator(rapamycin.loaded, method="nfsim")


def test_a_species_that_is_an_observable_goes_by_both_names() -> None:
    """And by its pattern; its own name is what it has in models without that observable."""
    names = ["MTOR_free", "MTOR", "RAPA_medium", "RAPA_medium_", "RAPA@medium"]
    simulator = Simulator("rapamycin", names)
    doses = {"RAPA_medium_": "20 nM"}
    free, same, *rapa = simulator.values(exposure(["1 h"], doses=doses))[0]
    assert free == same > 0
    assert len(set(rapa)) == 1
    shown = Simulator("rapamycin").observables
    assert shown[:3] == ("MTOR_total", "RPTOR_total", "MTORC1")  # the model's own order
    assert "MTOR_free" in shown


def test_a_species_without_a_start_is_given_one_on_which_others_rest(
    antimony_sbml: Callable[[str], str],
) -> None:
    """An amount of 8 in a volume of 2 is a concentration of 4, and three times that is 12."""
    text = antimony_sbml(
        "model m; compartment c = 2; species A in c, B in c; B := 0; A = 1; J: A -> ; c*A; end"
    )
    document = libsbml.readSBMLFromString(text)
    model = document.getModel()
    model.removeRuleByVariable("B")
    model.getSpecies("A").unsetInitialConcentration()
    entry = model.createInitialAssignment()
    entry.setSymbol("B")
    entry.setMath(libsbml.parseL3Formula("3 * A"))
    simulator = Simulator(load.from_sbml(libsbml.writeSBMLToString(document)), ["A", "B"])
    first = Period(0.0, [Condition("given", {"A": 8.0})])
    found = simulator.values(Experiment("e", [first], [0.0, 1.0]))
    assert found == pytest.approx(np.array([[4, 12], [4 * np.exp(-1), 12]]), rel=1e-6)
    with pytest.raises(SbmlError, match="'A' has no finite start value"):
        simulator.values(Experiment("e", [Period(0.0)], [0.0, 1.0]))
