"""The study on the least model, and its arithmetic on runs of closed form."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
import xarray as xr
from mtorules.analysis.rapamycin.question import (
    BATHS,
    CELLS,
    DOSES,
    OBSERVABLES,
    TIMES,
    USUAL_DOSE,
    Design,
    StudyError,
    answers,
    crossing,
    fractions,
    half_effect_doses,
    study,
)
from mtorules.models.perturbations import conditions
from mtorules.simulation.experiments.experiments import EQUILIBRATION, Experiment
from mtorules.simulation.simulator import Simulator

FEW = (*(float(f"{dose:.3g}") for dose in np.geomspace(1e-3, 10, 9)), 20.0, 100.0, 1000.0)
KD_FRB = 12.0  # nM, FKBP12-rapamycin on the FRB


@pytest.fixture(scope="module")
def data() -> xr.Dataset:
    """A reduced study of the model `rapamycin`."""
    simulator = Simulator("rapamycin", OBSERVABLES)
    return study(simulator.run, Design(doses=FEW, times=("15 min", "1 h", "4 h", "24 h", "72 h")))


# -- what the answers must show --------------------------------------------------------------------


def test_fkbp12_makes_small_doses_do(data: xr.Dataset) -> None:
    half = half_effect_doses(data).sel(time=72)
    for cell in ("reference", "sequestration-prone", "irreversible drug"):
        for bath in BATHS:
            assert float(half.sel(cell=cell, bath=bath)) < KD_FRB / 10, (cell, bath)


def test_without_fkbp12_they_do_not(data: xr.Dataset) -> None:
    half = half_effect_doses(data).sel(time=72, cell="without FKBP12")
    assert (half > 100 * KD_FRB).all()


def test_a_small_bath_costs_dose(data: xr.Dataset) -> None:
    """What FKBP12 takes out of the bath must be brought along."""
    half = half_effect_doses(data).sel(time=72, cell="reference")
    assert float(half.sel(bath="finite")) > 5 * float(half.sel(bath="boundless"))


def test_the_bath_runs_dry_below_ten_nanomolar(data: xr.Dataset) -> None:
    left = fractions(data).bath_left.sel(cell="reference", time=72)
    small = left.sel(bath="finite", dose=slice(0, 2))
    assert small.sizes["dose"] >= 5
    assert (small < 0.15).all()
    assert float(left.sel(bath="finite", dose=100)) > 0.9
    assert (left.sel(bath="boundless") > 0.999).all()
    bare = fractions(data).bath_left.sel(cell="without FKBP12", bath="finite", time=72)
    assert (bare > 0.8).all()


def test_mtorc2_is_spared_in_the_first_hours_and_depleted_later(data: xr.Dataset) -> None:
    left = fractions(data).sel(bath="finite", dose=USUAL_DOSE)
    reference, prone = (left.mtorc2.sel(cell=cell) for cell in ("reference", "sequestration-prone"))
    assert float(reference.sel(time=1)) > 0.9
    assert float(left.mtorc1_intact.sel(cell="reference", time=1)) < 0.2
    assert float(reference.sel(time=24)) < float(reference.sel(time=4)) < 1
    assert float(prone.sel(time=1)) > 0.75
    assert float(prone.sel(time=24)) < 0.5
    assert (prone.sel(time=slice(4, None)) < reference.sel(time=slice(4, None))).all()


def test_a_drug_that_never_lets_go_takes_more(data: xr.Dataset) -> None:
    left = fractions(data).sel(bath="finite", time=72)
    at = left.sel(dose=USUAL_DOSE)
    assert float(at.mtorc2.sel(cell="irreversible drug")) < float(at.mtorc2.sel(cell="reference"))


def test_shares_are_shares(data: xr.Dataset) -> None:
    left = fractions(data)
    for name, values in left.data_vars.items():
        assert values.dims == ("cell", "bath", "dose", "time"), name
        assert (values > -1e-9).all(), name
    for name in ("mtorc1_intact", "captured", "bath_left"):
        assert (left[name] < 1 + 1e-6).all(), name


def test_every_pool_counts_all_of_mtor(data: xr.Dataset) -> None:
    """Turnover makes up for loss, so the pools add up to the total that the model starts with."""
    total = data.MTORC1 + data.MTORC2 + data.MTOR_free + data.MTOR_captured
    model = Simulator("rapamycin", ["MTORC1"]).model
    for cell in CELLS:
        expected = conditions.values(*CELLS[cell]).get("MTOR_0", model.parameters["MTOR_0"].value)
        assert total.sel(cell=cell).to_numpy() == pytest.approx(expected, rel=1e-6)


# -- the arithmetic --------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.2, 0.5, 0.75])
def test_crossing_is_exact_where_the_curve_is_straight(level: float) -> None:
    """It falls from 1 to 0 over four decades, evenly on the log axis."""
    x = np.array([0.01, 0.3, 2.0, 100.0])
    y = 0.5 - np.log10(x) / 4
    assert crossing(x, y, level) == pytest.approx(10 ** (2 - 4 * level), rel=1e-12)


@pytest.mark.parametrize(("k", "n"), [(0.07, 1.0), (3.0, 2.0), (55.0, 0.7)])
def test_crossing_finds_the_half_of_a_hill_curve(k: float, n: float) -> None:
    x = np.geomspace(1e-3, 1e4, 400)
    assert crossing(x, 1 / (1 + (x / k) ** n)) == pytest.approx(k, rel=1e-3)
    floor = 0.25
    quarter = crossing(x, floor + (1 - floor) / (1 + (x / k) ** n), 0.5)
    assert quarter == pytest.approx(k * 2 ** (1 / n), rel=1e-3)  # (1 - f)/(1 + 2) = 1/4


def test_crossing_where_there_is_none() -> None:
    x = np.array([1.0, 10.0, 100.0])
    assert crossing(x, np.array([0.9, 0.8, 0.7])) == math.inf
    assert crossing(x, np.array([0.4, 0.3, 0.2])) == 0.0
    assert crossing(x, np.array([0.9, 0.5, 0.5])) == pytest.approx(10.0)
    assert crossing(x, np.array([0.9, 0.4, 0.9])) < 10.0  # the first time


K = {"reference": 0.1, "sequestration-prone": 1.0, "irreversible drug": 10.0}
RATE = {"reference": 0.01, "sequestration-prone": 0.04, "irreversible drug": 0.08}


def made_up(experiment: Experiment, observables: Sequence[str]) -> xr.Dataset:
    """Return curves of closed form: a one-site dose-response, exponential loss, a leaking bath."""
    rest, treated = experiment.periods
    assert rest.start == EQUILIBRATION
    set_by = {
        frozenset(conditions.values(*CELLS[cell], *BATHS[bath]).items()): (cell, bath)
        for cell in CELLS
        for bath in BATHS
    }
    cell, bath = set_by[frozenset((id, float(value)) for id, value in rest.values.items())]  # pyright: ignore[reportArgumentType]
    (dose,) = [float(d.concentration or 0.0) for d in treated.doses if d.species == "RAPA_medium"]
    hours = np.array(experiment.times, dtype=float) / 3600
    scale = 1.0 if bath == "finite" else 0.1
    k = K.get(cell, math.inf) * scale
    held = dose / (k + dose) if math.isfinite(k) else 0.0
    loss = np.exp(-RATE.get(cell, 0.0) * hours) if dose else np.ones(len(hours))
    values = {
        "MTORC1": 60.0 * np.ones(len(hours)),
        "MTORC1_intact": 60.0 * (1 - held) * np.ones(len(hours)),
        "MTORC1_RAPA": 60.0 * held * np.ones(len(hours)),
        "MTORC2": 20.0 * loss,
        "MTOR_free": 15.0 * np.ones(len(hours)),
        "MTOR_captured": 5.0 * held * np.ones(len(hours)),
        "FKBP1A_RAPA": 100.0 * held * np.ones(len(hours)),
        "RAPA_medium": dose * 0.5**hours,
    }
    return xr.Dataset({name: ("time", values[name]) for name in observables})


@pytest.fixture(scope="module")
def closed_form() -> xr.Dataset:
    return study(made_up)


def test_the_study_puts_every_run_in_its_place(closed_form: xr.Dataset) -> None:
    assert closed_form.sizes == {"cell": 4, "bath": 2, "dose": len(DOSES) + 1, "time": len(TIMES)}
    assert closed_form.dose.to_numpy().tolist() == [0.0, *DOSES]
    assert closed_form.time.to_numpy()[[0, 4, -1]].tolist() == [1 / 60, 1.0, 72.0]
    assert set(closed_form.data_vars) == set(OBSERVABLES)
    assert not any(closed_form[name].isnull().any() for name in OBSERVABLES)
    at = closed_form.sel(cell="sequestration-prone", bath="boundless", dose=20.0, time=24)
    assert float(at.MTORC1_intact) == pytest.approx(60 * 0.1 / 20.1)
    assert float(at.MTORC2) == pytest.approx(20 * math.exp(-0.04 * 24))
    vehicle = closed_form.sel(cell="reference", bath="finite", dose=0.0)
    assert vehicle.MTORC1_intact.to_numpy() == pytest.approx(60.0)


def test_shares_of_the_vehicle_and_of_the_dose(closed_form: xr.Dataset) -> None:
    left = fractions(closed_form)
    assert left.dose.to_numpy().tolist() == list(DOSES)
    at = left.sel(cell="reference", bath="finite", dose=0.1, time=1)
    assert float(at.mtorc1_intact) == pytest.approx(0.5)
    assert float(at.mtorc1) == pytest.approx(1.0)
    assert float(at.mtorc2) == pytest.approx(math.exp(-0.01))
    assert float(at.captured) == pytest.approx((30 + 2.5) / (60 + 15 + 2.5))
    assert float(at.bath_left) == pytest.approx(0.5)


def test_half_effect_doses_are_those_that_went_in(closed_form: xr.Dataset) -> None:
    half = half_effect_doses(closed_form)
    assert half.attrs["units"] == "nM"
    for cell, k in K.items():
        for bath, scale in (("finite", 1.0), ("boundless", 0.1)):
            found = half.sel(cell=cell, bath=bath).to_numpy()
            assert found == pytest.approx(k * scale, rel=1e-2), (cell, bath)
    assert np.isinf(half.sel(cell="without FKBP12")).all()


def test_the_table_of_answers(closed_form: xr.Dataset) -> None:
    table = answers(closed_form)
    assert list(table.columns) == ["question", "cell", "value", "unit"]
    value = {(row.question, row.cell): row.value for row in table.itertuples()}
    asked = "dose that halves intact mTORC1 at 72 h, {} bath".format
    assert value[asked("finite"), "reference"] == pytest.approx(0.1, rel=1e-2)
    assert value[asked("boundless"), "sequestration-prone"] == pytest.approx(0.1, rel=1e-2)
    assert value[asked("finite"), "without FKBP12"] == math.inf
    assert value["the same at 1 h, finite bath", "reference"] == pytest.approx(0.1, rel=1e-2)
    bath = "drug left in the bath of 10 nM at 72 h"
    assert value[bath, "reference"] == pytest.approx(100 * 0.5**72)
    for cell, rate in RATE.items():
        for hours in (1, 4, 24, 72):
            lost = value[f"mTORC2 left at {hours} h in 20 nM", cell]
            assert lost == pytest.approx(100 * math.exp(-rate * hours))
        until = value["time until half of mTORC2 is lost in 20 nM", cell]
        half_life = math.log(2) / rate
        if half_life > 72:
            assert until == pytest.approx(half_life, rel=0.1) or until == math.inf
        else:
            assert until == pytest.approx(half_life, rel=0.05)
    assert set(table.unit) == {"nM", "%", "h"}


def test_progress_is_told_of_every_run() -> None:
    told: list[tuple[int, int]] = []
    design = Design(doses=(1.0, 2.0), times=("1 h",), cells=("reference",))
    study(made_up, design, progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 6) for done in range(1, 7)]


# -- designs ---------------------------------------------------------------------------------------


def test_an_experiment_for_each_cell_bath_and_dose() -> None:
    design = Design(doses=(1.0, 5.0), times=("1 h", "2 h"), baths=("boundless",))
    found = dict(design.experiments())
    assert sorted(found) == [(i, 0, k) for i in range(4) for k in range(3)]
    run = found[3, 0, 2]
    assert run.times == (3600.0, 7200.0)
    assert run.periods[0].values == {"FKBP1A_0": 0.0, "V_medium": 2e9}
    assert [(d.species, d.concentration) for d in run.periods[1].doses] == [("RAPA_medium", 5.0)]
    assert [d.concentration for d in found[0, 0, 0].periods[1].doses] == [0.0]


def test_the_doses_hold_six_a_decade_and_the_usual_one() -> None:
    assert USUAL_DOSE in DOSES
    assert (DOSES[0], DOSES[-1]) == (1e-3, 1e3)
    assert len(DOSES) == 38
    steps = np.diff(np.log10([dose for dose in DOSES if dose != USUAL_DOSE]))
    assert steps == pytest.approx(1 / 6, abs=2e-4)


@pytest.mark.parametrize(
    ("design", "said"),
    [
        ({"doses": ()}, "There are no doses"),
        ({"times": ()}, "There are no times"),
        ({"doses": (0.0, 1.0)}, "The doses must be positive"),
        ({"doses": (1.0, math.inf)}, "The doses must be positive"),
        ({"doses": (2.0, 1.0)}, "The doses must increase"),
        ({"times": ("0 h", "1 h")}, "The times must be positive"),
        ({"times": ("2 h", "120 min")}, "The times must increase"),
        ({"cells": ("referense",)}, "There is no 'referense'; use one of reference, "),
        ({"baths": ("small",)}, "There is no 'small'; use one of finite, boundless"),
    ],
)
def test_designs_that_make_no_sense(design: dict, said: str) -> None:
    with pytest.raises(StudyError) as raised:
        Design(**design)
    assert said in str(raised.value)
