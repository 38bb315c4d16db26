from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mtorules.analysis.comparing.task import NotForItError, Task
from mtorules.analysis.comparing.tools import run_network
from mtorules.network import generate
from mtorules.network.bionetgen import bng2
from mtorules.simulation.load import from_sbml, load

# Rounding is what BioNetGen's formulas lack.
ROUNDING = Path(__file__).parents[3] / "constructs" / "rounding.py"
# A rate that follows the clock.
TIMED = """
begin parameters
  k 1
end parameters
begin species
  A() 1
end species
begin observables
  Molecules A_all A()
end observables
begin functions
  clock() = k*(1 + sin(time()))
end functions
begin reaction rules
  go: A() -> 0 clock()
end reaction rules
"""


def test_the_course_is_the_one_in_closed_form(task: Task, expected: Callable) -> None:
    found = run_network.course(task)
    np.testing.assert_allclose(found.numbers, expected(task.times, task.outputs), rtol=1e-7)
    assert found.version == bng2.version()


def test_species_can_be_had_too(task: Task, expected: Callable) -> None:
    assert task.loaded.report is not None
    monomer = task.loaded.report.species[0]
    found = run_network.course(Task(task.loaded, (monomer,), task.times, 1e-10, 1e-13)).numbers
    np.testing.assert_allclose(found, expected(task.times, ["Free"]), rtol=1e-7)


def test_an_sbml_file_is_not_for_it(task: Task) -> None:
    alone = Task(from_sbml(task.loaded.sbml), task.outputs, task.times, 1e-8, 1e-8)
    with pytest.raises(NotForItError, match="SBML file"):
        run_network.course(alone)


@pytest.mark.parametrize("model", [ROUNDING, TIMED], ids=["rounding", "time"])
def test_models_that_are_not_for_it(model: Path | str) -> None:
    network = generate.from_bngl(model, "m") if isinstance(model, str) else model
    loaded = load(network)
    task = Task(loaded, tuple(loaded.model.outputs), np.linspace(0.0, 4.0, 5), 1e-10, 1e-13)
    says = "depend on time" if isinstance(model, str) else "cannot read a formula"
    with pytest.raises(NotForItError, match=says):
        run_network.course(task)
