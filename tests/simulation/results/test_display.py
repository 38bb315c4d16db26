"""What a notebook shows of a course: its numbers and the curve through them."""

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from mtorules.simulation.courses import Course

Rows = list[list[str]]


def shown(course: Course) -> tuple[str, Rows, list[list[tuple[float, float]]]]:
    """Return title, rows of the table and points of each curve of a course."""
    root = ElementTree.fromstring(course._repr_html_())
    rows = [["".join(cell.itertext()) for cell in line.findall("td")] for line in root.iter("tr")]
    curves = [
        [(float(x), float(y)) for x, y in (p.split(",") for p in line.get("points", "").split())]
        for line in root.iter("polyline")
    ]
    return "".join(root.itertext()), [row for row in rows if row], curves


def course(values: list[list[float]], times: list[float] | None = None) -> Course:
    columns = np.array(values, dtype=float).T
    at = np.array(times or [3600.0 * row for row in range(len(columns))], dtype=float)
    names = [f"x{place}" for place in range(len(values))]
    return Course(at, {name: {"units": "nM"} for name in names}, columns, {"model": "m"})


def test_a_row_tells_start_extremes_and_end() -> None:
    title, rows, _ = shown(course([[1.0, 8.0, 0.5, 2.0]]))
    assert "m, 0 s to 3 h, 4 times" in title
    assert rows == [["x0", "nM", "1", "0.5", "8", "2", ""]]


def test_the_curve_goes_through_the_numbers_in_proportion() -> None:
    _, _, ((first, second, third),) = shown(course([[0.0, 1.0, 4.0]], [0.0, 10.0, 40.0]))
    (left, low), (right, high) = first, third
    assert left == 0 < right
    assert low > high == 0  # a picture's y goes down
    assert second[0] / right == pytest.approx(1 / 4, abs=0.01)
    assert (low - second[1]) / (low - high) == pytest.approx(1 / 4, abs=0.01)


def test_what_stays_is_a_level_line() -> None:
    _, _, (line,) = shown(course([[5.0, 5.0 * (1 + 1e-14), 5.0]]))
    assert len({y for _, y in line}) == 1


def test_rest_and_what_is_no_number_have_no_place_in_a_curve() -> None:
    _, rows, curves = shown(
        course([[1.0, 2.0, 3.0], [math.nan] * 3, [0.0, math.nan, 1.0]], [0.0, 60.0, math.inf])
    )
    assert [row[0] for row in rows] == ["x0", "x1", "x2"]
    assert rows[1][2:] == [""] * 5
    assert [len(line) for line in curves] == [2]


def test_of_many_readouts_the_others_are_counted() -> None:
    title, rows, _ = shown(course([[float(k), k + 1.0] for k in range(1, 31)]))
    assert len(rows) == 12
    assert "18 more readouts" in title


def test_names_are_text() -> None:
    strange = Course(np.zeros(1), {"<i>x": {}}, np.ones((1, 1)), {"title": "<u>"})
    title, rows, curves = shown(strange)
    assert "<u>" in title
    assert rows == [["<i>x", "", "1", "1", "1", "1", ""]]
    assert curves == []
