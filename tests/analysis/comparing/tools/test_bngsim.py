from collections.abc import Callable

import numpy as np
from mtorules.analysis.comparing.task import Task
from mtorules.analysis.comparing.tools import bngsim


def test_species_can_be_had_too(task: Task, expected: Callable) -> None:
    assert task.loaded.report is not None
    monomer = task.loaded.report.species[0]
    found = bngsim.course(Task(task.loaded, (monomer,), task.times, 1e-10, 1e-13)).numbers
    np.testing.assert_allclose(found, expected(task.times, ["Free"]), rtol=1e-7)
