"""What a period sets: numbers as the file means them, and formulas of what holds before."""

import json
import math
from collections.abc import Callable, Mapping

import pytest
from mtorules.simulation.experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Dose,
    Experiment,
    Formula,
    InFile,
    Period,
)
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.simulator import SimulationError, Simulator

# S is a concentration in 2 litres, T an amount; both decay.
MODEL = """model m
compartment c = 2; species S in c; substanceOnly species T in c; S = 3; T = 8; k = 0.5;
S -> ; k*S*c; T -> ; k*T;
end"""


def doubled(values: Mapping[str, float]) -> float:
    return 2 * values["S"] + values["time"]


DOUBLED = Formula("2 * S + time", doubled, frozenset({"S"}))


@pytest.fixture
def simulator(antimony_sbml: Callable[[str], str]) -> Simulator:
    return Simulator(from_sbml(antimony_sbml(MODEL)), ["S", "T", "k"], units="file")


def test_a_formula_is_of_what_holds_before_anything_is_set(simulator: Simulator) -> None:
    """S doubles while T takes the old S, all in the meaning of their symbols."""
    swap = Formula("S", lambda values: values["S"], frozenset({"S"}))
    change = Condition("x", {"S": DOUBLED, "T": swap, "k": InFile(0.25)})
    values = simulator.values(Experiment("e", [Period(0.0), Period(1.0, [change])], [1.0, 3.0]))
    before = 3 * math.exp(-0.5)
    assert values[0] == pytest.approx([2 * before + 1, before, 0.25], rel=1e-6)
    left = math.exp(-0.5)
    assert values[1] == pytest.approx([(2 * before + 1) * left, before * left, 0.25], rel=1e-6)


def test_doses_come_after_formulas(simulator: Simulator) -> None:
    period = Period(1.0, [Condition("x", {"S": DOUBLED})], doses=[Dose("S", amount=4.0)])
    values = simulator.values(Experiment("e", [Period(0.0), period], [1.0]))
    assert values[0][0] == pytest.approx(6 * math.exp(-0.5) + 1 + 4 / 2, rel=1e-6)


def test_after_rest_a_formula_is_of_cells_at_rest(simulator: Simulator) -> None:
    fed = Condition("fed", {"S": InFile(3.0), "T": InFile(1.0), "k": 0.0})
    periods = [Period(EQUILIBRATION, [fed]), Period(2.0, [Condition("x", {"S": DOUBLED})])]
    assert simulator.values(Experiment("e", periods, [2.0]))[0][:2] == pytest.approx([8, 1])


def test_a_number_as_the_file_means_it_is_a_concentration_or_an_amount(
    simulator: Simulator,
) -> None:
    start = Condition("x", {"S": InFile(5.0), "T": InFile(5.0), "c": 4.0})
    values = simulator.values(Experiment("e", [Period(0.0, [start])], [0.0]))
    assert values[0][:2] == pytest.approx([5, 5])
    # A plain number is an amount of either.
    start = Condition("x", {"S": 5.0, "T": 5.0})
    values = simulator.values(Experiment("e", [Period(0.0, [start])], [0.0]))
    assert values[0][:2] == pytest.approx([2.5, 5])


def test_what_a_formula_cannot_be_of_is_told(simulator: Simulator) -> None:
    first = Experiment("e", [Period(0.0, [Condition("x", {"S": DOUBLED})])], [1.0])
    with pytest.raises(SimulationError, match=r"'S' cannot be set to '2 \* S \+ time'.*begins"):
        simulator.values(first)
    other = Formula("U", lambda values: values["U"], frozenset({"U"}))
    later = [Period(0.0), Period(1.0, [Condition("x", {"S": other})])]
    with pytest.raises(SimulationError, match="'U' is no parameter, compartment or species"):
        simulator.values(Experiment("e", later, [1.0]))
    below = Formula("-S", lambda values: -values["S"], frozenset({"S"}))
    later = [Period(0.0), Period(1.0, [Condition("x", {"S": below})])]
    with pytest.raises(SimulationError, match="it is negative"):
        simulator.values(Experiment("e", later, [1.0]))


def test_an_experiment_with_a_formula_can_be_told() -> None:
    told = Experiment("e", [Period(0.0), Period(1.0, [Condition("x", {"S": DOUBLED})])], [1.0])
    assert '"S": "2 * S + time"' in json.dumps(told.described())


def test_our_own_models_give_what_their_file_means() -> None:
    loaded = load("rapamycin")
    id = loaded.model.species_of("RAPA_medium")[0]
    experiment = Experiment("e", [Period(0.0, doses=[Dose(id, 20.0)])], [0.0])
    (amount, volume), *_ = Simulator(loaded, [id, "medium"], units="file").values(experiment)
    assert amount == pytest.approx(20 * volume)
    assert Simulator(loaded, [id]).values(experiment)[0] == pytest.approx([20.0])
