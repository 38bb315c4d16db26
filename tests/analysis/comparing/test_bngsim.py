from collections.abc import Callable

import numpy as np
import pytest
from mtorules.analysis.comparing import bngsim
from mtorules.analysis.comparing.task import CourseError, Task
from mtorules.analysis.loading import from_sbml

Sbml = Callable[[str], str]

# Species count in concentrations, in a volume of 2; one starts as an amount.
CONCENTRATIONS = """
model m
  compartment cell = 2;
  species A in cell, B in cell;
  A = 5; B = 0; k = 0.5;
  J: A => B; k*A*cell;
end
"""
# It runs off to infinity at time 1.
EXPLODING = """
model m
  compartment cell = 1;
  species A in cell;
  A = 1; k = 1;
  J: => A; k*A*A;
end
"""


def test_the_course_is_the_one_in_closed_form(task: Task, expected: Callable) -> None:
    found = bngsim.course(task)
    np.testing.assert_allclose(found.numbers, expected(task.times, task.outputs), rtol=1e-7)
    assert found.version[0].isdigit()


def test_an_sbml_file_that_is_not_ours_gives_amounts(antimony_sbml: Sbml) -> None:
    times = np.linspace(0.0, 4.0, 5)
    loaded = from_sbml(antimony_sbml(CONCENTRATIONS))
    found = bngsim.course(Task(loaded, ("A", "B"), times, 1e-10, 1e-13)).numbers
    left = 10 * np.exp(-0.5 * times)
    np.testing.assert_allclose(found, np.column_stack([left, 10 - left]), rtol=1e-7, atol=1e-9)


def test_a_run_that_fails_says_why(antimony_sbml: Sbml) -> None:
    loaded = from_sbml(antimony_sbml(EXPLODING))
    with pytest.raises(CourseError, match=r"\w{4}"):
        bngsim.course(Task(loaded, ("A",), np.linspace(0.0, 4.0, 5), 1e-10, 1e-13))


def test_species_can_be_had_too(task: Task, expected: Callable) -> None:
    assert task.loaded.report is not None
    monomer = task.loaded.report.species[0]
    found = bngsim.course(Task(task.loaded, (monomer,), task.times, 1e-10, 1e-13)).numbers
    np.testing.assert_allclose(found, expected(task.times, ["Free"]), rtol=1e-7)
