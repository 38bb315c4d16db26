"""What can be taken out of a model, and what is set for it."""

from pathlib import Path

import pytest
from mtorules.analysis.asking.grid import AnalysisError
from mtorules.analysis.knockouts import targets
from mtorules.simulation.load import load

# S is made by E and by a rule without E.
MODEL = """
begin model
begin parameters
  made 2
  basal 1
  lost 0.1
  E_0 10
end parameters
begin molecule types
  E()
  S()
end molecule types
begin seed species
  E() E_0
  S() 0
end seed species
begin observables
  Molecules S_total S()
end observables
begin functions
  ratio() = S_total/E_0
end functions
begin reaction rules
  synthesis: E() -> E() + S() made
  leak: 0 -> S() basal
  decay: S() -> 0 lost
end reaction rules
end model
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "made.bngl"
    path.write_text(MODEL, encoding="utf-8")
    return path


def test_targets_are_amounts_and_rate_parameters(model: Path) -> None:
    loaded = load(model)
    assert [(t.name, t.sets) for t in targets.proteins(loaded.model)] == [("E", ("E_0",))]
    rules = {t.name: t.sets for t in targets.rules(loaded)}
    assert rules == {"synthesis": ("made",), "leak": ("basal",), "decay": ("lost",)}


def test_an_amount_behind_a_volume_is_found_and_the_volume_is_none() -> None:
    found = {t.name: t.sets for t in targets.proteins(load("complexes").model)}
    assert found["MTOR"] == ("MTOR_0",)
    assert "V_cell" not in {name for sets in found.values() for name in sets}


def test_a_name_that_is_no_target_is_told(model: Path) -> None:
    found = targets.proteins(load(model).model)
    assert targets.chosen(found, "E") == found
    with pytest.raises(AnalysisError, match="no 'F' to take out"):
        targets.chosen(found, "E, F")
