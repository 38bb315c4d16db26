import pickle
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from mtorules.models.perturbations import conditions
from mtorules.simulation.engines import Loaded
from mtorules.simulation.experiments.experiments import exposure
from mtorules.simulation.load import from_sbml, load
from mtorules.simulation.scans import from_text
from mtorules.simulation.scans.scan import Scan
from mtorules.simulation.scans.worker import (
    NegativeError,
    Simulated,
    WorkerError,
    _check,
)
from mtorules.simulation.simulator import Simulator

WORDS = from_text.Words(
    doses=["RAPA_medium=0, 1..100 nM log 3"],
    cells=["cell=reference, FKBP1A_null"],
    times="1 h, 24 h",
    outputs=["MTORC1_RAPA", "RAPA_medium"],
    equilibrated=True,
    engine="roadrunner",
)


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load("complexes")


@pytest.fixture(scope="module")
def scan(loaded: Loaded) -> Scan:
    return from_text.scan(loaded.model, loaded.model.id, WORDS)


@pytest.mark.parametrize("engine", ["roadrunner", "bngsim"])
def test_a_sent_model_gives_in_any_order_what_an_experiment_gives(
    loaded: Loaded, scan: Scan, engine: str
) -> None:
    scan = replace(scan, engine=engine)
    model = Simulated(loaded, engine)
    run, _ = pickle.loads(pickle.dumps(model)).load(scan)
    forwards = [run(number) for number in range(scan.size)]
    again, _ = pickle.loads(pickle.dumps(model)).load(scan)
    for number in reversed(range(scan.size)):
        np.testing.assert_array_equal(again(number), forwards[number])
    lacking = conditions.find("FKBP1A_null")
    times = ["1 h", "24 h"]
    experiment = exposure(times, doses={"RAPA_medium": 10.0}, conditions=[lacking])
    direct = Simulator(loaded, WORDS.outputs, engine=engine, runs=scan.size).run(experiment)
    place = [scan.point(number) for number in range(scan.size)].index(
        {"cell": "FKBP1A_null", "dose_RAPA_medium": 10.0}
    )
    np.testing.assert_array_equal(forwards[place], direct.to_dataarray())


def test_facts_tell_what_decides_about_the_numbers(loaded: Loaded, scan: Scan) -> None:
    _, facts = Simulated(loaded, "roadrunner").load(scan)
    assert facts["model"]["sha256"] == loaded.model.sha256
    assert facts["units"] == {"MTORC1_RAPA": "nM", "RAPA_medium": "nM"}
    assert set(facts["versions"]) == {"mtorules", "roadrunner"}
    assert facts["tolerances"]["relative"] == 1e-8


def test_a_worker_with_other_software_refuses(loaded: Loaded, scan: Scan) -> None:
    other = Simulated(loaded, "roadrunner", versions={"roadrunner": "1.0"})
    with pytest.raises(WorkerError, match=r"A worker has roadrunner .*, not 1\.0"):
        other.load(scan)


def test_each_sort_of_rest_is_counted_once(loaded: Loaded, scan: Scan) -> None:
    assert scan.sorts_of_rest == 2
    assert replace(scan, equilibrated=False).sorts_of_rest == 0
    words = replace(WORDS, settings=["MTOR_0=50, 100, 150 nM", "turnover=0, 1 @ 1 h"])
    assert from_text.scan(loaded.model, "complexes", words).sorts_of_rest == 2 * 3
    sampled = replace(
        WORDS, settings=["MTOR_0=50..150 nM"], doses=["RAPA_medium=1..9 nM"], samples=50
    )
    assert from_text.scan(loaded.model, "complexes", sampled).sorts_of_rest == 2 * 50


def test_amounts_below_zero_beyond_what_the_tolerances_explain_are_refused(
    loaded: Loaded, scan: Scan
) -> None:
    least = Simulated(loaded, "roadrunner")._least(
        Simulated(loaded, "roadrunner").simulator(scan), scan
    )
    assert (least < 0).all()
    _check(scan.outputs, np.array([[1.0, least[0] / 2], [0.0, 1.0]]), least)
    with pytest.raises(NegativeError, match="'RAPA_medium' became -1"):
        _check(scan.outputs, np.array([[1.0, 1.0], [0.0, -1.0]]), least)


def test_laws_of_others_may_go_below_zero_and_events_may_move_what_is_set(
    antimony_sbml: Callable[[str], str],
) -> None:
    """A falls by k a second, whether there is any or not, for five seconds."""
    body = "substanceOnly species A; A = 1; k = 0.2; J: A -> ; k; E: at (time >= 5): k = 0;"
    loaded = from_sbml(antimony_sbml(f"model falling; {body} end"))
    words = from_text.Words(
        settings=["k=0.1, 0.4"], times="4 s, 20 s", outputs=["A"], engine="roadrunner"
    )
    scan = from_text.scan(loaded.model, "falling", words)
    run, _ = Simulated(loaded, "roadrunner").load(scan)
    found = np.array([run(number)[0] for number in range(scan.size)])
    assert found == pytest.approx(np.array([[0.6, 0.5], [-0.6, -1.0]]))
