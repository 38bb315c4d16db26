import math
from pathlib import Path

import pytest
from mtorules.analysis.petab import building, choosing, measurements, trials
from mtorules.analysis.petab.measurements import TableError
from mtorules.analysis.petab.problem import PetabError
from mtorules.network.units.quantities import seconds
from mtorules.simulation.load import load

from .conftest import BLOTS, TABLE, Build


def test_several_periods_become_stages_in_terms_of_what_is_there(build: Build) -> None:
    """Rest, doses, wash-outs; a constant that is estimated and set elsewhere has two names."""
    problem = build(TABLE).problem
    one, two = problem.trials
    assert [stage.time for stage in one.stages] == [-math.inf, 0.0]
    assert one.stages[0].changes == {"kf": "kf_reference"}
    assert one.stages[1].changes == {"A_free": "A_free + 20.0"}
    assert [stage.time for stage in two.stages] == [0.0, 20.0, 50.0, 70.0]
    # The start follows from A_0, which is estimated.
    assert two.stages[0].changes == {"kf": "0.002", "A_free": "A_0 + 30.0"}
    assert two.stages[1].changes == {"AB": "0.0"}
    assert two.stages[2].changes == {"AB": "AB + 3.0"}
    assert two.stages[3].changes == {"AB": "0.5 * (AB)"}
    assert [each.id for each in problem.parameters] == ["kf_reference", "kr", "A_0"]


def test_without_estimates_everything_is_a_number(build: Build) -> None:
    one, two = build(TABLE, estimated=["none"]).problem.trials
    assert one.stages[0].changes == {}
    assert two.stages[0].changes == {"kf": "0.002", "A_free": "130.0"}


def test_a_range_is_four_standard_deviations_of_a_logarithm(build: Build) -> None:
    (parameter,) = build(TABLE, estimated=["kr=1e-4..1e-2"]).problem.parameters
    assert parameter.prior is not None
    assert parameter.prior.kind == "log-normal"
    assert parameter.prior.numbers == pytest.approx((math.log(1e-3), math.log(100) / 4))
    assert (parameter.low, parameter.high) == (1e-4, 1e-2)


def test_each_batch_of_a_blot_has_its_scale_background_and_noise(build: Build) -> None:
    built = build(BLOTS)
    groups = built.groups
    assert groups["AB", "first"].scale == "scale_AB_first"
    assert groups["AB", "first"].background == "background_AB_first"
    assert groups["AB", "first"].noise == ""  # which is given
    assert groups["AB", "second"].noise == "noise_AB_second"
    # What is absolute has neither, and a multiple of a control no background.
    assert groups["AB", ""] == building.Group(noise="noise_AB")
    assert groups["A_free", ""] == building.Group(scale="scale_A_free")
    formulas = {each.id: each.formula for each in built.problem.observables}
    assert formulas == {
        "observed_AB_first": "background_AB_first + scale_AB_first * (AB)",
        "observed_AB_second": "background_AB_second + scale_AB_second * (AB)",
        "observed_AB": "AB",
        "observed_A_free": "scale_A_free * (A_free)",
    }
    noise = {each.id: each.noise for each in built.problem.observables}
    assert noise["observed_AB_second"] == "noise_AB_second"
    assert noise["observed_AB_first"] == "noise_observed_AB_first"
    assert [each.noise for each in built.problem.measurements][2:4] == [("0.2",), ()]
    assert [each.scale for each in built.problem.observables] == ["lin", "lin", "lin", "log"]


def test_two_values_have_no_background(build: Build) -> None:
    built = build("observable,time,value,unit\nAB,1 h,1,a.u.\nAB,2 h,2,a.u.\n")
    assert built.groups["AB", ""].background == ""


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ABC,1 h,1,,,", "table.csv:3: Model 'binding' has no readout 'ABC'. Did you mean 'AB'"),
        (
            "AB,1 h,1,nM,,",
            "table.csv:3: the unit of 'AB' does not fit: 'nM' is given, but it is a ",
        ),
        ("AB,1 h,1,a.u.,,", "table.csv:2: 'AB' is in  and in a.u. in one batch"),
        ("AB,1 h,1,,A_free=5 @ -1 h,", "table.csv:3: Experiment 'experiment_2': "),
        ("AB/(AB-AB),1 h,1,,,", "table.csv:3: 'AB/(AB-AB)' has no value, whatever"),
        ("AB,1 h,1,,A_fre=5,", "has no species 'A_fre'. Did you mean 'A_free'"),
        ("AB,1 h,1,,kf=5,", "'kf' is a parameter of model 'binding'; only a species"),
        ("AB,1 h,1,,,PTEN_nul", "There is no condition called 'PTEN_nul'. Did you mean"),
    ],
)
def test_what_does_not_fit_the_model_is_told(build: Build, row: str, said: str) -> None:
    text = f"observable,time,value,unit,dose,condition\nAB,1 h,1,,,\n{row}\n"
    with pytest.raises((TableError, PetabError)) as raised:
        build(text)
    assert said in str(raised.value)


def test_doses_conditions_and_units_of_the_catalogue(tmp_path: Path) -> None:
    """Concentrations are in nM; a multiple of a protein stays one when the protein is estimated."""
    loaded = load("complexes")
    path = tmp_path / "blots.csv"
    path.write_text(
        "observable,time,value,unit,spread,dose,condition,pre_equilibrate\n"
        "MTORC1_intact,1 h,0.01,uM,0.001,RAPA_medium=20 nM,,yes\n"
        "MTORC1_intact / MTOR_total,24 h,30,%,5,RAPA_medium=20 nM @ 1 h,sequestration_prone,yes\n"
    )
    rows = measurements.read(path, seconds)
    done = trials.done(rows, {}, "complexes", seconds)
    free = choosing.free(loaded, "complexes")
    built = building.build(loaded, rows, done, free)
    observable, share = built.problem.observables
    assert observable.formula == "0.001 * (MTORC1_intact / cell)"
    assert share.formula == "100.0 * (((MTORC1_intact / cell) / (MTOR_total / cell)))"
    rest, dosed = built.problem.trials[0].stages
    volume = loaded.model.initial({})[0]["medium"]
    (target,) = dosed.changes
    assert dosed.changes[target] == f"{target} + {20 * volume!r}"
    assert all(text.endswith("_reference") or float(text) >= 0 for text in rest.changes.values())
    known = {each.id for each in built.problem.parameters}
    assert known.isdisjoint(rest.changes)
