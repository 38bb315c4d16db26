"""A course at a glance: few rows, few columns, the right ones."""

import math

import numpy as np
import pytest
from mtorules.models import catalogue
from mtorules.simulation.load import load
from mtorules.simulation.results import overview
from mtorules.simulation.simulator import Course


def course(values: np.ndarray, names: list[str] | None = None, last: float = 86400.0) -> Course:
    count, width = values.shape
    names = names or [f"x{place}" for place in range(width)]
    times = np.linspace(0, last, count) if math.isfinite(last) else np.array([0.0, math.inf])
    return Course(times, {name: {"units": "nM"} for name in names}, values, {})


@pytest.mark.parametrize("name", catalogue.names())
def test_what_a_model_shows_first_is_in_it(name: str) -> None:
    readouts = catalogue.entry(name).readouts
    assert 0 < len(set(readouts)) == len(readouts) <= overview.MOST
    assert set(readouts) <= set(load(name).model.outputs)


def test_a_model_of_the_catalogue_shows_its_own_readouts() -> None:
    names = [f"x{place}" for place in range(40)] + list(catalogue.entry("mapk_tsc").readouts)
    shown = overview.main(course(np.zeros((3, len(names))), names), "mapk_tsc")
    assert shown == list(catalogue.entry("mapk_tsc").readouts)


def test_any_other_model_shows_what_changes_most_for_its_size() -> None:
    values = np.full((5, 40), 1e6)
    values[-1, 10:22] = np.linspace(0.9e6, 0.1e6, 12)  # a tenth to nine tenths less
    values[-1, 30] = 1e6 + 5e4  # more in numbers than many, but a twentieth of itself
    assert overview.main(course(values), "somebody's.xml") == [f"x{p}" for p in range(10, 22)]


def test_few_readouts_are_all_shown_whatever_they_do() -> None:
    found = course(np.array([[1.0, np.nan], [1.0, np.inf]]))
    assert overview.main(found, "somebody's.xml") == ["x0", "x1"]


def test_rows_hold_the_first_and_the_last_time() -> None:
    values = np.arange(201.0)[:, None] * np.ones(2)
    head, first, _ = overview.rows(course(values), ["x0", "x1"])
    assert head == ["", "0 s", "6 h", "12 h", "18 h", "24 h", "unit"]
    assert first == ["x0", "0", "50", "100", "150", "200", "nM"]
    head, *_ = overview.rows(course(np.ones((2, 1)), last=math.inf), ["x0"])
    assert head == ["", "0 s", "rest", "unit"]
