"""What a problem comes to, beside SciPy on the equations written out by hand."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.petab import building, choosing, measurements, switched, trials
from mtorules.analysis.petab.objective import Evaluator, objective
from mtorules.analysis.petab.problem import (
    Measurement,
    Observable,
    Parameter,
    PetabError,
    Prior,
    Problem,
    Stage,
    Trial,
)
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import from_sbml
from scipy import stats
from scipy.integrate import solve_ivp

from .conftest import BLOTS, TABLE, Build

B_0 = 50.0


def bound(kf: float, kr: float, free: float, other: float, made: float, span: float) -> np.ndarray:
    """Return A, B and AB after a time of binding."""

    def rates(_: float, now: np.ndarray) -> list[float]:
        rate = kf * now[0] * now[1] - kr * now[2]
        return [-rate, -rate, rate]

    start = [free, other, made]
    return solve_ivp(rates, (0, span), start, rtol=1e-11, atol=1e-13, method="LSODA").y[:, -1]


def by_hand(kf: float, kr: float, total: float) -> np.ndarray:
    """Return what the measurements of ``TABLE`` should be."""
    rest = bound(kf, kr, total, B_0, 0, 1e7)
    rest[0] += 20
    one = [bound(kf, kr, *rest, span)[2] for span in (3600, 7200)]  # pyright: ignore[reportCallIssue]
    now = bound(2e-3, kr, total + 30, B_0, 0, 20)
    now[2] = 0
    now = bound(2e-3, kr, *now, 30)  # pyright: ignore[reportCallIssue]
    now[2] += 3
    now = bound(2e-3, kr, *now, 20)  # pyright: ignore[reportCallIssue]
    now[2] *= 0.5
    now = bound(2e-3, kr, *now, 30)  # pyright: ignore[reportCallIssue]
    return np.array([*one, now[2] / now[0]])


def test_experiments_of_several_periods_are_those_of_the_equations(build: Build) -> None:
    problem = build(TABLE).problem
    evaluator = Evaluator(problem)
    np.testing.assert_allclose(evaluator().simulated, by_hand(1e-3, 1e-3, 100), rtol=1e-6)
    moved = {"kf_reference": 4e-4, "kr": 3e-3, "A_0": 70.0}
    outcome = evaluator(moved)
    wanted = by_hand(4e-4, 3e-3, 70)
    np.testing.assert_allclose(outcome.simulated, wanted, rtol=1e-6)
    sigma = np.array([2, 2, 0.1])
    likely = stats.norm(wanted, sigma).logpdf([45, 30, 0.3]).sum()
    assert outcome.likelihood == pytest.approx(likely, rel=1e-6)
    assert outcome.chi2 == pytest.approx((((wanted - [45, 30, 0.3]) / sigma) ** 2).sum(), rel=1e-5)
    prior = sum(
        truncated(math.log(middle), math.log(high / low) / 4, low, high, moved[name])
        for name, middle, low, high in (
            ("kf_reference", 1e-3, 1e-4, 1e-1),
            ("kr", 1e-3, 1e-4, 1e-2),
            ("A_0", 100, 50, 200),
        )
    )
    assert outcome.prior == pytest.approx(prior, rel=1e-9)
    assert outcome.objective == pytest.approx(-likely - prior, rel=1e-6)


def truncated(mean: float, spread: float, low: float, high: float, value: float) -> float:
    whole = stats.lognorm(spread, scale=math.exp(mean))
    return float(whole.logpdf(value) - math.log(whole.cdf(high) - whole.cdf(low)))


def test_scale_background_and_noise_are_taken_by_batch(build: Build) -> None:
    problem = build(BLOTS).problem
    given = {"scale_AB_first": 0.2, "background_AB_first": 1.0, "scale_AB_second": 0.9}
    outcome = Evaluator(problem)({**given, "noise_AB_second": 3.0})
    found = [bound(1e-3, 1e-3, 100, B_0, 0, span)[2] for span in (100, 200, 400)]
    np.testing.assert_allclose(outcome.simulated[:3], 1 + 0.2 * np.array(found), rtol=1e-6)
    np.testing.assert_allclose(outcome.simulated[3], 0.9 * found[0], rtol=1e-6)
    assert outcome.sigma[[0, 3]].tolist() == [0.2, 3.0]


def concentrations(antimony: str, antimony_sbml: Callable[[str], str]) -> str:
    return antimony_sbml(f"model m\n{antimony}\nend")


def test_symbols_mean_what_the_file_means_by_them(antimony_sbml: Callable[[str], str]) -> None:
    """A concentration in 2 L decays; setting, halving and observing it are all as its symbol."""
    sbml = concentrations(
        "compartment c = 2; species S in c; S = 3; k = 0.5; S -> ; k*S*c;", antimony_sbml
    )
    trial = Trial("x", (Stage(0.0, {"S": "2 * k_start"}), Stage(1.0, {"S": "S / 2 + k"})))
    problem = Problem(
        "m",
        sbml,
        [Parameter("k_start", 4.0, 0, 10), Parameter("k", 0.25, 0, 10, estimated=False)],
        [Observable("y", "S + time * k", "0.1 * y", "")],
        [trial],
        [Measurement("y", "x", 1.0, 1.0), Measurement("y", "x", 3.0, 1.0)],
    )
    outcome = objective(problem)
    after = 8 * math.exp(-0.25) / 2 + 0.25
    wanted = np.array([after + 0.25, after * math.exp(-0.5) + 0.75])
    np.testing.assert_allclose(outcome.simulated, wanted, rtol=1e-6)
    np.testing.assert_allclose(outcome.sigma, 0.1 * wanted, rtol=1e-6)
    assert outcome.prior == 0.0


def staged(sbml: str, changes: dict[str, str], readout: str, *, renewed: bool = False) -> float:
    """Return a readout at time 2, where something is changed at time 1."""
    trial = Trial("x", (Stage(0.0), Stage(1.0, changes)))
    seen, measured = Observable("y", readout, "1"), Measurement("y", "x", 2.0, 1.0)
    problem = Problem("m", sbml, [], [seen], [trial], [measured], renewed=renewed)
    return float(objective(problem).simulated[0])


def test_initial_assignments_hold_once(antimony_sbml: Callable[[str], str]) -> None:
    """A rate constant that begins as three times another stays when the other changes."""
    sbml = concentrations(
        "compartment c = 2; species S in c; S = 10; k = 0.1; k3 = 3 * k; S -> ; k3*S*c;",
        antimony_sbml,
    )
    wanted = 10 * math.exp(-0.3 - 0.3)
    assert staged(sbml, {"k": "0.2"}, "S") == pytest.approx(wanted, rel=1e-6)
    both = 10 * math.exp(-0.3 - 0.7)
    assert staged(sbml, {"k": "0.2", "k3": "0.7"}, "S") == pytest.approx(both, rel=1e-6)
    anew = 10 * math.exp(-0.3 - 0.6)  # as a condition of version 1 is meant
    assert staged(sbml, {"k": "0.2"}, "S", renewed=True) == pytest.approx(anew, rel=1e-6)


def test_a_compartment_changes_its_size_under_concentrations(
    antimony_sbml: Callable[[str], str],
) -> None:
    """PEtab keeps concentrations, where SBML's events keep amounts; what is in amounts stays."""
    sbml = concentrations(
        "compartment c = 2; species S in c; substanceOnly species A in c; S = 10; A = 6; k = 0.3;"
        " S -> ; k*S*c; A -> ; k*A;",
        antimony_sbml,
    )
    gone = math.exp(-0.6)
    assert staged(sbml, {"c": "4"}, "S") == pytest.approx(10 * gone, rel=1e-6)
    assert staged(sbml, {"c": "2 * c"}, "A / c") == pytest.approx(6 * gone / 4, rel=1e-6)
    dosed = 7 * math.exp(-0.3)
    assert staged(sbml, {"c": "4", "S": "7"}, "S") == pytest.approx(dosed, rel=1e-6)


def test_a_change_at_the_time_of_an_event_comes_before_it(
    antimony_sbml: Callable[[str], str],
) -> None:
    """In either version: 1 is added, then the event doubles what is there."""
    sbml = concentrations(
        "compartment c = 2; species S in c; S = 10; k = 0.3; S -> ; k*S*c;"
        " at time >= 1: S = 2 * S;",
        antimony_sbml,
    )
    trial = Trial("x", (Stage(0.0), Stage(1.0, {"S": "S + 1"})))
    measured = Measurement("y", "x", 2.0, 1.0)
    problem = Problem("m", sbml, [], [Observable("y", "S", "1")], [trial], [measured])
    wanted = 2 * (10 * math.exp(-0.3) + 1) * math.exp(-0.3)
    for stated in (problem, switched.problem(problem)):
        assert objective(stated).simulated == pytest.approx([wanted], rel=1e-6)


def test_formulas_of_the_first_stage_rest_on_how_the_model_begins(
    antimony_sbml: Callable[[str], str],
) -> None:
    """Also on what the table sets, and on the model's own constants and species."""
    sbml = concentrations(
        "compartment c = 2; species S in c; S = 10; k = 0.3; k2 = 4; S -> ; k*S*c;", antimony_sbml
    )
    trial = Trial("x", (Stage(0.0, {"S": "2 * k2 + S / c", "k": "k / 3"}),))
    measured = Measurement("y", "x", 2.0, 1.0)
    seen = Observable("y", "S", "1")
    problem = Problem("m", sbml, [], [seen], [trial], [measured])
    assert objective(problem).simulated == pytest.approx([13 * math.exp(-0.2)], rel=1e-6)
    told = [Parameter("k2", 5.0, 0, 10)]
    problem = Problem("m", sbml, told, [seen], [trial], [measured])
    assert objective(problem).simulated == pytest.approx([15 * math.exp(-0.2)], rel=1e-6)


def test_an_amount_is_an_amount(antimony_sbml: Callable[[str], str]) -> None:
    sbml = concentrations(
        "compartment c = 2; substanceOnly species S in c; S = 3; k = 0.5; S -> ; k*S;",
        antimony_sbml,
    )
    trial = Trial("x", (Stage(0.0), Stage(1.0, {"S": "S + 1"})))
    problem = Problem(
        "m", sbml, [], [Observable("y", "S", "1")], [trial], [Measurement("y", "x", 2.0, 1.0)]
    )
    wanted = (3 * math.exp(-0.5) + 1) * math.exp(-0.5)
    assert objective(problem).simulated == pytest.approx([wanted], rel=1e-6)


def test_without_experiments_the_model_is_used_as_it_is(binding: Loaded) -> None:
    problem = Problem(
        "m", binding.sbml, [], [Observable("y", "AB", "1")], [], [Measurement("y", "", 100.0, 1.0)]
    )
    wanted = bound(1e-3, 1e-3, 100, B_0, 0, 100)[2]
    assert objective(problem).simulated == pytest.approx([wanted], rel=1e-6)


def test_rest_is_a_time_to_measure_at(build: Build) -> None:
    problem = build("observable,time,value,spread\nAB,rest,49,1\nAB,10 s,20,1\n").problem
    assert objective(problem).simulated[0] == pytest.approx(
        bound(1e-3, 1e-3, 100, B_0, 0, 1e7)[2], rel=1e-6
    )


def test_what_there_is_not_is_named(build: Build) -> None:
    problem = build(TABLE).problem
    wrong = replace(problem.observables[0], formula="AB + nothing")
    with pytest.raises(PetabError, match=r"'observed_AB' names 'nothing', which is no symbol"):
        Evaluator(replace(problem, observables=[wrong, problem.observables[1]]))
    one = Trial("one", (Stage(0.0, {"nothing": "1"}),))
    with pytest.raises(PetabError, match=r"Experiment 'one': .*no parameter or species 'nothing'"):
        Evaluator(replace(problem, trials=[one, problem.trials[1]]))()
    later = Trial("one", (Stage(0.0), Stage(1.0, {"AB": "2 * nothing"})))
    with pytest.raises(PetabError, match=r"'AB' cannot be set to '2 . nothing': 'nothing' is no "):
        Evaluator(replace(problem, trials=[later, problem.trials[1]]))()
    with pytest.raises(PetabError, match="is no formula of PEtab"):
        Evaluator(replace(problem, observables=[replace(wrong, formula="AB +* 2")]))


def test_priors_of_some_are_bounds_of_the_others(build: Build) -> None:
    problem = build(TABLE).problem
    first, *others = problem.parameters
    plain = replace(problem, parameters=[replace(first, prior=None), *others])
    known = sum(
        truncated(each.prior.numbers[0], each.prior.numbers[1], each.low, each.high, each.value)
        for each in others
        if each.prior is not None
    )
    wanted = known - math.log(first.high - first.low)
    assert Evaluator(plain)().prior == pytest.approx(wanted, rel=1e-9)
    assert isinstance(others[0].prior, Prior)


@pytest.mark.parametrize("formulas_set", [True, False])
def test_what_a_problem_brings_has_no_id_of_the_model(
    antimony_sbml: Callable[[str], str], tmp_path: Path, formulas_set: bool
) -> None:
    """S decays at k and at what is called as a reference of it, or a noise, would be."""
    sbml = antimony_sbml(
        "model m\nsubstanceOnly species S; S = 10; k = 0.1; k_reference = 0.2; noise_S_b = 0.3;"
        " observed_S = 7; S -> ; (k + k_reference + noise_S_b)*S;\nend"
    )
    table = tmp_path / "measured.csv"
    table.write_text("observable,time,value,batch,set\nS,2,3,b,k=0.4\nS,3,1,b,k=0.4\n")
    loaded = from_sbml(sbml)
    rows = measurements.read(table, float)
    chosen = choosing.chosen(loaded, choosing.free(loaded, "m"), ["k=0.01..1"])
    done = trials.done(rows, {}, "m", float)
    problem = building.build(loaded, rows, done, chosen, formulas_set=formulas_set).problem
    assert {each.id for each in problem.parameters}.isdisjoint({"k_reference", "noise_S_b"})
    assert problem.observables[0].id != "observed_S"
    wanted = [10 * math.exp(-0.9 * 2), 10 * math.exp(-0.9 * 3)]
    assert objective(problem).simulated == pytest.approx(wanted, rel=1e-6)
