"""What every simulator that takes SBML, or a network, must do alike."""

from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest
from mtorules.analysis.comparing.task import CourseError, Task
from mtorules.analysis.comparing.tools import bngsim, copasi, roadrunner
from mtorules.simulation.load import from_sbml

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


@pytest.fixture(params=[bngsim, copasi, roadrunner], ids=["bngsim", "copasi", "roadrunner"])
def tool(request: pytest.FixtureRequest) -> ModuleType:
    return request.param


def test_the_course_is_the_one_in_closed_form(
    tool: ModuleType, task: Task, expected: Callable
) -> None:
    found = tool.course(task)
    np.testing.assert_allclose(found.numbers, expected(task.times, task.outputs), rtol=1e-7)
    assert found.version[0].isdigit()


def test_an_sbml_file_that_is_not_ours_gives_amounts(tool: ModuleType, antimony_sbml: Sbml) -> None:
    times = np.linspace(0.0, 4.0, 5)
    loaded = from_sbml(antimony_sbml(CONCENTRATIONS))
    found = tool.course(Task(loaded, ("A", "B"), times, 1e-10, 1e-13)).numbers
    left = 10 * np.exp(-0.5 * times)
    np.testing.assert_allclose(found, np.column_stack([left, 10 - left]), rtol=1e-7, atol=1e-9)


def test_a_run_that_fails_says_why(tool: ModuleType, antimony_sbml: Sbml) -> None:
    loaded = from_sbml(antimony_sbml(EXPLODING))
    with pytest.raises(CourseError, match=r"\w{4}"):
        tool.course(Task(loaded, ("A",), np.linspace(0.0, 4.0, 5), 1e-10, 1e-13))
