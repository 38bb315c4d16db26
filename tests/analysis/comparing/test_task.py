import json

import numpy as np
import pytest
from mtorules.analysis.comparing.task import (
    CourseError,
    NotForItError,
    Task,
    answer,
    columns,
    unknown,
)
from mtorules.network.bionetgen import netfile
from mtorules.simulation.load import from_sbml


def test_outputs_have_the_names_that_bionetgen_knows(task: Task) -> None:
    assert task.names == ["Free", "Total", "Cp", "share"]


def test_species_are_called_after_their_place(task: Task) -> None:
    assert task.loaded.report is not None
    second = task.loaded.report.species[1]
    assert Task(task.loaded, (second,), task.times, 1e-8, 1e-8).names == ["#1"]


def test_the_network_file_is_the_models(task: Task) -> None:
    assert len(netfile.read(task.net).species) == 4


def test_an_sbml_file_has_no_network(task: Task) -> None:
    alone = Task(from_sbml(task.loaded.sbml), task.outputs, task.times, 1e-8, 1e-8)
    with pytest.raises(NotForItError, match="this is an SBML file"):
        _ = alone.names


def test_a_course_that_is_cut_short_is_none(task: Task) -> None:
    assert answer(np.zeros((9, 4)), task, "1").version == "1"
    with pytest.raises(CourseError, match="5 of 9 points"):
        answer(np.zeros((5, 4)), task, "1")
    with pytest.raises(CourseError, match="no finite number"):
        answer(np.full((9, 4), np.nan), task, "1")


def test_columns_come_in_the_order_asked_for() -> None:
    numbers = np.array([[1.0, 2.0, 3.0]])
    found = columns(numbers, ["a", "b", "c"], ["c", "d", "a"])
    np.testing.assert_array_equal(found, [[3, np.nan, 1]])
    assert unknown(["a", "b", "c"], ["c", "d", "a"]) == ["d"]


def test_a_tool_that_tells_nothing_is_not_for_the_model() -> None:
    with pytest.raises(NotForItError, match="no quantity 'd'"):
        unknown(["a"], ["d", "e"])


def test_a_task_travels_as_data(task: Task) -> None:
    again = Task.from_data(json.loads(json.dumps(task.to_data())))
    assert (again.net, again.names, again.outputs) == (task.net, task.names, task.outputs)
    assert again.loaded.model == task.loaded.model
    np.testing.assert_array_equal(again.times, task.times)
    assert (again.relative, again.absolute) == (task.relative, task.absolute)
