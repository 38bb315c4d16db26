import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mtorules.models.perturbations import conditions
from mtorules.simulation.experiments.experiments import EQUILIBRATION
from mtorules.simulation.load import load
from mtorules.simulation.sbml.model import SbmlModel
from mtorules.simulation.scans.from_text import Words, scan
from mtorules.simulation.scans.parts import Addition, Axis, Removal, ScanError, Setting
from mtorules.simulation.scans.scan import Scan
from mtorules.simulation.simulator import Simulator

WORDS = Words(times="1 h, 24 h", outputs=("MTORC1",))


@pytest.fixture(scope="module")
def model() -> SbmlModel:
    return load("complexes").model


def read(model: SbmlModel, **words: Any) -> Scan:
    return scan(model, "complexes", replace(WORDS, **words))


def test_a_list_of_doses_is_an_axis(model: SbmlModel) -> None:
    found = read(model, doses=["RAPA_medium=0, 1, 10 nM"])
    assert found.axes == (
        Axis("dose_RAPA_medium", (0.0, 1.0, 10.0), "nM", about="dose of RAPA_medium"),
    )
    assert found.doses == (Addition("RAPA_medium", "dose_RAPA_medium", 0.0),)
    assert found.times == (3600.0, 86400.0)
    assert found.outputs == ("MTORC1",)


def test_doses_and_their_times_vary_alone_or_both(model: SbmlModel) -> None:
    found = read(model, doses=["RAPA_medium=1..100 nM log 3 @ 0..12 h lin 4"], times="24 h")
    assert found.shape == (3, 4)
    assert found.axes[1].values == (0.0, 14400.0, 28800.0, 43200.0)
    last = found.experiment(found.point(11)).periods[-1]
    assert (last.start, last.doses[0].concentration) == (43200.0, 100.0)
    found = read(model, doses=["RAPA_medium=10 nM @ 0, 6 h"])
    assert found.axes == (
        Axis("time_RAPA_medium", (0.0, 21600.0), "s", about="time of RAPA_medium"),
    )


def test_wash_outs_are_full_unless_said_otherwise(model: SbmlModel) -> None:
    dose = "RAPA_medium=1, 2 nM"
    whole = read(model, doses=[dose], washouts=["RAPA_medium @ 12 h"])
    assert whole.washouts == (Removal("RAPA_medium", 1.0, 43200.0),)
    part = read(model, doses=[dose], washouts=["RAPA_medium=50, 90 % @ 12 h"])
    assert part.axes[-1].values == (0.5, 0.9)
    with pytest.raises(ScanError, match="does not say when"):
        read(model, doses=[dose], washouts=["RAPA_medium"])


def test_parameters_vary_in_their_units_or_in_multiples(model: SbmlModel) -> None:
    found = read(model, settings=["MTOR_0=0.05, 0.1 uM", "kr_MTOR_binds_RICTOR=0.5, 2 fold"])
    value = model.parameters["kr_MTOR_binds_RICTOR"].value
    assert value is not None
    assert [axis.values for axis in found.axes] == [(50.0, 100.0), (0.5 * value, 2.0 * value)]
    assert [axis.unit for axis in found.axes] == ["nM", "per_s"]
    assert found.settings[0] == Setting("MTOR_0", "MTOR_0", EQUILIBRATION)
    own = read(model, settings=["MTOR_0=0.05, 100"])  # in the model's own unit
    assert own.axes[0].values == (0.05, 100.0)
    later = read(model, settings=["turnover=0, 1 @ 1 h"])
    assert later.settings == (Setting("turnover", "turnover", 3600.0),)


def test_conditions_vary_and_combine(model: SbmlModel) -> None:
    found = read(
        model,
        cells=["cell=reference, FKBP1A_null, FKBP1A_null+closed_system"],
        doses=["RAPA_medium=1, 10 nM"],
        conditions=["boundless_medium"],
        equilibrated=True,
    )
    assert found.axes[0].values == ("reference", "FKBP1A_null", "FKBP1A_null+closed_system")
    assert found.cells["cell"]["reference"] == {}
    both = conditions.values("FKBP1A_null", "closed_system")
    assert found.cells["cell"]["FKBP1A_null+closed_system"] == both
    assert found.fixed == conditions.values("boundless_medium")
    last = found.experiment(found.point(5)).periods[0]
    assert last.start == EQUILIBRATION
    assert last.values == {**both, **found.fixed}


def test_what_decides_about_rest_varies_slowest(model: SbmlModel) -> None:
    found = read(
        model,
        doses=["RAPA_medium=1, 10 nM"],
        settings=["MTOR_0=50, 100 nM", "turnover=0, 1 @ 1 h"],
        cells=["cell=reference, FKBP1A_null"],
        replicates=3,
        seed=5,
    )
    names = [axis.name for axis in found.axes]
    assert names[:2] == ["cell", "MTOR_0"]
    assert names[-1] == "replicate"
    assert (found.stochastic, found.seed) == (True, 5)


def test_open_ranges_are_sampled_together(model: SbmlModel) -> None:
    found = read(
        model,
        doses=["RAPA_medium=0.1..100 nM log"],
        settings=["MTOR_0=50..200 nM"],
        cells=["cell=reference, FKBP1A_null"],
        samples=64,
        sampling="sobol",
        seed=3,
    )
    assert found.dimensions == {"cell": 2, "sample": 64}
    assert found.sampling == {"method": "sobol", "count": 64, "seed": 3}
    (mtor,) = [axis for axis in found.axes if axis.name == "MTOR_0"]
    assert np.histogram(np.array(mtor.values, float), 8, (50, 200))[0].tolist() == [8] * 8
    assert read(model, settings=["MTOR_0=50..200 nM"], samples=10).size == 10


def test_times_may_end_at_the_steady_state(model: SbmlModel) -> None:
    dose = ["RAPA_medium=1, 10 nM"]
    assert read(model, doses=dose, times="1 h, inf").times == (3600.0, math.inf)
    assert read(model, doses=dose, times="inf").times == (math.inf,)
    assert read(model, doses=dose, times="0..24 h lin 25").times[1] == 3600.0


def test_all_observables_are_recorded_unless_some_are_named(model: SbmlModel) -> None:
    found = read(model, doses=["RAPA_medium=1, 10 nM"], outputs=())
    assert {"MTORC1", "MTORC2", "RAPA_medium"} <= set(found.outputs)
    # Sums, and species that are observables by themselves; expressions are not recorded.
    assert set(found.outputs) == set(model.sums) | (set(model.outputs) & set(model.species))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "Nothing is varied"),
        ({"doses": ["RAPA_medum=1, 2 nM"]}, "no species 'RAPA_medum'. Did you mean 'RAPA_medium'"),
        ({"doses": ["MTORC1=1, 2 nM"]}, "a dose goes into one"),
        ({"doses": ["RAPA_medium=nan, 1 nM"]}, "not a finite number"),
        ({"doses": ["RAPA_medium=-1, 1 nM"]}, "negative"),
        ({"doses": ["RAPA_medium=-1..1 nM lin 3"]}, "negative"),
        ({"doses": ["RAPA_medium="]}, "cannot be read; write it like"),
        ({"doses": ["RAPA_medium=,"]}, "no values"),
        ({"doses": ["RAPA_medium=1, 2"]}, "has no unit"),
        ({"doses": ["RAPA_medium=1, 2 h"]}, "a time, not a concentration"),
        ({"doses": ["RAPA_medium=1, 2 nM @"]}, "cannot be read"),
        ({"doses": ["RAPA_medium=1..2 nM log"]}, "has no number of values"),
        ({"doses": ["RAPA_medium=1, 2 nM"], "samples": 8}, "no range is left open"),
        ({"doses": ["RAPA_medium=1..2 nM"], "samples": 9, "sampling": "sobol"}, "use 8 or 16"),
        ({"settings": ["MTOR_=1, 2 nM"]}, "no parameter 'MTOR_'. Did you mean 'MTOR_0'"),
        ({"settings": ["MTOR_0=1, 2 h"]}, "a time, not a concentration"),
        ({"settings": ["MTOR_0=-1, 2 nM"]}, "negative"),
        ({"settings": ["MTOR_0=-1, 2 fold"]}, "'-1' is negative"),
        ({"settings": ["MTORC1=1, 2 nM"]}, "follows from a rule"),
        ({"cells": ["cell=FKBP1A_nul"]}, "Did you mean 'FKBP1A_null'"),
        ({"cells": ["cell=reference, reference"]}, "lists 'reference' twice"),
        ({"cells": ["cell=reference,"]}, "a condition that is empty"),
        ({"cells": ["cell=reference @ 1 h"]}, "no time can be given"),
        ({"cells": ["a=reference, FKBP1A_null"], "settings": ["FKBP1A_0=1, 2 nM"]}, "combined"),
        ({"doses": ["RAPA_medium=1, 2 nM"], "outputs": ["MTRC1"]}, "Did you mean 'MTORC1'"),
        ({"doses": ["RAPA_medium=1, 2 nM"], "times": "1, 2"}, "has no unit"),
        ({"doses": ["RAPA_medium=1, 2 nM"], "times": "0..24 h"}, "a number of output times"),
        ({"doses": ["RAPA_medium=1, 2 nM"], "times": "nan h"}, "not a finite number"),
        ({"doses": ["RAPA_medium=1, 2 nM"], "times": ""}, "no values"),
        ({"doses": ["RAPA_medium=1, 2 nM"], "replicates": -1}, "cannot be run"),
    ],
)
def test_words_that_make_no_sense_are_refused(
    model: SbmlModel, words: dict[str, Any], message: str
) -> None:
    with pytest.raises(ScanError, match=message):
        read(model, **words)


def test_a_drug_is_its_condition_and_its_dose(model: SbmlModel) -> None:
    dose = "0, 0.1..100 nM log 9 @ 0, 1 h"
    short = read(model, drugs=[f"everolimus={dose}"], washouts=["everolimus @ 9 h"])
    long = read(
        model,
        conditions=["everolimus"],
        doses=[f"RAPA_medium={dose}"],
        washouts=["RAPA_medium @ 9 h"],
    )
    assert [axis.name for axis in short.axes] == ["dose_everolimus", "time_everolimus"]
    assert short.shape == (10, 2)
    for number in range(short.size):
        one, other = (s.experiment(s.point(number)).described() for s in (short, long))
        assert one == other


def test_a_drug_without_a_dose_sets_its_input_at_its_times() -> None:
    found = read(load("signalling").model, drugs=["carboplatin @ 0, 6 h"], outputs=("AMPK_total",))
    value = conditions.values("carboplatin")["DNA_damage"]
    assert found.settings == (Setting("DNA_damage", value, "time_carboplatin"),)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"drugs": ["everolimu=1, 2 nM"]}, "Did you mean 'everolimus'"),
        ({"drugs": ["everolimus"]}, "write 'everolimus=20 nM'"),
        ({"drugs": ["everolimus=1, 2"]}, "has no unit"),
        ({"drugs": ["Torin1=1, 2 nM"]}, "cannot be put under 'Torin1'"),
        ({"drugs": ["everolimus=1, 2 nM", "rapamycin=1, 2 nM"]}, "both set what 'RAPA'"),
        (
            {"drugs": ["everolimus=1 nM"], "cells": ["c=reference, rapamycin+FKBP1A_null"]},
            "both set what 'RAPA'",
        ),
        ({"drugs": ["carboplatin=1, 2 nM"]}, "takes no dose"),
    ],
)
def test_drugs_that_cannot_be_given_are_refused(
    model: SbmlModel, words: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScanError, match=said):
        read(model, **words)


def test_what_events_and_rate_rules_change_has_a_value_to_begin_with(
    tmp_path: Path, antimony_sbml: Callable[[str], str]
) -> None:
    """A decays by k, which falls by itself: -ln A/A0 = k (1 - exp(-t)), and by q from 5 s on."""
    path = tmp_path / "moved.xml"
    path.write_text(
        antimony_sbml(
            """
            model moved
              A -> ; k*A
              A = 1; k = 0.1; k' = -k; q = 0; g := 2*k
              B -> ; q*B
              B = 1
              at time > 5: q = 0.5
            end
            """
        ),
        encoding="utf-8",
    )
    loaded = load(path)
    words = Words(settings=("k=0.1, 0.3", "q=0, 0.2"), times="10 s", outputs=("A", "B"))
    planned = scan(loaded.model, "moved", words)
    found = Simulator(loaded, ["A", "B"])
    for number in range(planned.size):
        point = planned.point(number)
        end = found.course(planned.experiment(point)).dataset().isel(time=-1)
        k, q = float(point["k"]), float(point["q"])
        assert float(end["A"]) == pytest.approx(math.exp(-k * (1 - math.exp(-10))), rel=1e-6)
        assert float(end["B"]) == pytest.approx(math.exp(-5 * q - 2.5), rel=1e-6)
    with pytest.raises(ScanError, match="follows from a rule"):
        scan(loaded.model, "moved", Words(settings=("g=1, 2",), outputs=("A",)))
