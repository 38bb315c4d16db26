"""Treatments as points of one scan: doses against what a scan of one compound does."""

from dataclasses import replace

import numpy as np
import pytest
from mtorules.analysis.asking import grid, readouts, treatments
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.asking.treatments import TREATMENT
from mtorules.simulation.engines import Loaded
from mtorules.simulation.load import load
from mtorules.simulation.scans.from_text import Words
from mtorules.simulation.scans.parts import ScanError


@pytest.fixture(scope="module")
def complexes() -> Loaded:
    return load("complexes")


WORDS = Words(times="4 h", equilibrated=True)


def test_compounds_of_one_class_are_each_given_with_constants_of_their_own(
    complexes: Loaded,
) -> None:
    model = complexes.model
    asked = readouts.of(model, ["MTORC1_RAPA"])
    agents = [treatments.compound(model, f"{n}=1 nM") for n in ("rapamycin", "everolimus")]
    rows = [{}, {"rapamycin": 1.0}, {"everolimus": 1.0}]
    plan = treatments.plan(model, WORDS, agents, rows, {})
    found = grid.run(complexes, plan, asked).MTORC1_RAPA.squeeze()
    assert found.dims == (TREATMENT,)
    assert found[0] == pytest.approx(0, abs=1e-6)
    for row, name in ((1, "rapamycin"), (2, "everolimus")):
        words = Words(times="4 h", equilibrated=True, drugs=(f"{name}=1, 2 nM",))
        alone = grid.ask(complexes, words, asked).MTORC1_RAPA.squeeze()
        assert float(found[row]) == pytest.approx(float(alone[0]), rel=1e-5)


def test_what_words_vary_are_agents_and_keep_their_time(complexes: Loaded) -> None:
    words = Words(
        times="4 h",
        equilibrated=True,
        doses=("RAPA_medium=0, 1, 10 nM @ 2 h",),
        settings=("MTOR_0=50, 100 nM",),
        cells=("cell=reference, FKBP1A_null",),
    )
    dose, setting = treatments.of_words(complexes.model, words, {})
    assert (dose.name, dose.kind, dose.levels) == ("RAPA_medium", "dose", (1.0, 10.0))
    assert (setting.name, setting.levels) == ("MTOR_0", (50.0, 100.0))
    assert setting.without == complexes.model.parameters["MTOR_0"].value
    plan = treatments.plan(
        complexes.model, words, [dose, setting], [{}, {"RAPA_medium": 10.0}, {"MTOR_0": 50.0}], {}
    )
    assert plan.dimensions == {"cell": 2, TREATMENT: 3}
    (addition,) = plan.doses
    assert addition.at == 2 * 3600
    values = {axis.name: axis.values for axis in plan.axes}
    assert values[dose.axis] == (0.0, 10.0, 0.0)
    assert values["MTOR_0"] == (setting.without, setting.without, 50.0)


def test_doses_around_the_usual_one_are_even_on_a_logarithmic_scale(complexes: Loaded) -> None:
    agent = treatments.compound(complexes.model, "RAD001")
    assert agent.name == "everolimus"
    steps = np.diff(np.log(agent.levels))
    assert steps == pytest.approx(steps[0])
    assert agent.levels[0] < 20 < agent.levels[-1]


def test_two_of_one_class_cannot_be_given_together(complexes: Loaded) -> None:
    agents = [treatments.compound(complexes.model, n) for n in ("rapamycin", "everolimus")]
    with pytest.raises((ScanError, AnalysisError), match="cannot be combined"):
        treatments.plan(
            complexes.model, WORDS, agents, [{}, {"rapamycin": 1.0, "everolimus": 1.0}], {}
        )


def test_usable_compounds_have_their_target_in_the_model(
    complexes: Loaded, binding_loaded: Loaded
) -> None:
    assert {c.species for c in treatments.usable(complexes.model)} == {"RAPA"}
    assert treatments.usable(binding_loaded.model) == []


def test_a_parameter_called_as_results_are_is_an_agent(complexes: Loaded) -> None:
    """The volume of the cell, beside the cells that are asked."""
    words = Words(times="0 s", settings=("cell=1, 2, 4 pL",))
    (agent,) = treatments.of_words(complexes.model, words, {})
    rows = [{"cell": level} for level in agent.levels]
    plan = treatments.plan(complexes.model, words, [agent], rows, {})
    asked = readouts.of(complexes.model, ["volume = cell"])
    found = grid.run(complexes, replace(plan, outputs=("cell",)), asked)
    assert found.volume.squeeze().values.tolist() == [1, 2, 4]
    assert found.cell_.values.tolist() == [1, 2, 4]
