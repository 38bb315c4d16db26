"""Courses are drawn where they were, and what checks expect of them where it applies."""

import math
from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from mtorules.analysis.claims.evaluation import Judge, Verdict
from mtorules.analysis.claims.pages import curves, drawing
from mtorules.analysis.claims.pages.charts import LEFT, Chart
from mtorules.analysis.claims.schema import Run

Judged = Callable[..., tuple[Verdict, Judge]]
SVG = "{http://www.w3.org/2000/svg}"


def root(chart: Chart) -> Element:
    return ElementTree.fromstring(chart.svg)


def level(figure: Element, y: float) -> float:
    """Return the level at a height, by the numbers beside the axis."""
    ticks = [
        (float(one.get("y", "")) - 3.5, float(one.text or ""))
        for one in figure.iter(f"{SVG}text")
        if one.get("text-anchor") == "end" and float(one.get("x", "")) < LEFT
    ]
    (y1, v1), (y2, v2) = ticks[0], ticks[-1]
    return v1 + (y - y1) / (y2 - y1) * (v2 - v1)


def lines(figure: Element) -> list[list[tuple[float, float]]]:
    return [
        [tuple(map(float, point.split(","))) for point in one.get("points", "").split()]  # type: ignore[misc]
        for one in figure.iter(f"{SVG}polyline")
    ]


def test_a_course_is_drawn_from_rest_through_what_was_run(judged: Judged) -> None:
    verdict, judge = judged(
        "{ratio: X, of: drug, to: vehicle, at: 1 h, to_at: rest, expect: <= 1}",
        "{ratio: X, of: drug, to: vehicle, at: 2 h, to_at: rest, expect: <= 1}",
    )
    (chart,) = curves.courses(judge, verdict.claim)
    figure = root(chart)
    (course,) = lines(figure)
    seen = [level(figure, y) for _, y in course]
    assert seen == pytest.approx([8, 6 / math.e, 6 / math.e**2], abs=0.08)
    (x0, _), (x1, _), (x2, _) = course
    assert x0 == LEFT
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.2)
    told = [one.text for one in figure.iter(f"{SVG}text")]
    assert {"drug", "vehicle, at rest"} <= set(told)


def test_bounds_of_a_ratio_stand_where_the_other_level_puts_them(judged: Judged) -> None:
    verdict, judge = judged(
        "{ratio: X, of: drug, to: vehicle, at: max 1 h .. 2 h, to_at: rest, expect: 0.25 .. 0.5}"
    )
    (chart,) = curves.courses(judge, verdict.claim)
    figure = root(chart)
    (band,) = [one for one in figure.iter(f"{SVG}rect") if one.get("fill") == drawing.BAND]
    top = float(band.get("y", ""))
    assert level(figure, top) == pytest.approx(4, abs=0.08)
    assert level(figure, top + float(band.get("height", ""))) == pytest.approx(2, abs=0.08)
    ((*_, last),) = lines(figure)
    right = float(band.get("x", "")) + float(band.get("width", ""))
    assert right == pytest.approx(last[0], abs=0.2)


def test_a_time_to_a_level_is_a_line_that_the_course_must_cross(judged: Judged) -> None:
    check = "{time_to: X, of: drug, falls_to: 0.5, within: 4 h, expect: 30 min .. 1 h}"
    verdict, judge = judged(check)
    (chart,) = curves.courses(judge, verdict.claim)
    figure = root(chart)
    (bar,) = [one for one in figure.iter(f"{SVG}line") if one.get("stroke") == drawing.EDGE]
    assert level(figure, float(bar.get("y1", ""))) == pytest.approx(3, abs=0.08)
    left, right = float(bar.get("x1", "")), float(bar.get("x2", ""))
    (course,) = lines(figure)
    crossing = next(x for x, y in course if level(figure, y) <= 3)
    assert left < crossing < right


def test_what_never_moves_has_no_course(judged: Judged) -> None:
    verdict, judge = judged("{value: X, of: vehicle, expect: '>= 4'}")
    assert curves.courses(judge, verdict.claim) == []


def test_courses_that_failed_are_left_out(judged: Judged) -> None:
    check = "{ratio: X, of: drug, to: vehicle, at: 1 h, to_at: rest, expect: <= 1}"
    verdict, judge = judged(check, error="the integrator gave up")
    assert curves.courses(judge, verdict.claim) == []


def test_cells_share_the_look_of_their_experiment(judged: Judged) -> None:
    check = "{ratio: X, of: drug, at: 2 h, to_at: 1 h, panel: three, expect: '<= 1'}"
    verdict, judge = judged(check)
    (chart,) = curves.courses(judge, verdict.claim)
    figure = root(chart)
    assert len(lines(figure)) == 3
    assert len({one.get("stroke") for one in figure.iter(f"{SVG}polyline")}) == 1
    assert "drug (3 cells)" in [one.text for one in figure.iter(f"{SVG}text")]


def test_a_series_is_drawn_against_its_levels(judged: Judged) -> None:
    verdict, judge = judged("{monotone: X, of: series, at: 1 h, expect: falling}")
    (chart,) = curves.series(judge, verdict.claim)
    figure = root(chart)
    (course,) = lines(figure)
    expected = np.array([8, 7, 6, 5]) / math.e
    assert [level(figure, y) for _, y in course] == pytest.approx(expected, abs=0.05)
    labels = {one.text: float(one.get("x", "")) for one in figure.iter(f"{SVG}text")}
    assert [labels[f"{dose} nM"] for dose in range(4)] == pytest.approx([x for x, _ in course])
    assert curves.courses(judge, verdict.claim) == []  # each was looked at once


def test_the_levels_of_a_series_are_those_of_its_one_long_list() -> None:
    run = Run.model_validate({"set": {"k": ["x 1", "x 2"]}, "doses": {"RAPA": "1 nM"}})
    assert curves.levels(run) == [("k", "x 1"), ("k", "x 2")]


def test_large_panels_have_no_courses(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    check = "{ratio: X, of: drug, at: 2 h, to_at: 1 h, panel: three, expect: '<= 1'}"
    verdict, judge = judged(check)
    monkeypatch.setattr(curves, "_CELLS", 2)
    assert curves.courses(judge, verdict.claim) == []
