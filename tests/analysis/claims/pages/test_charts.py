"""Figures tell the numbers they show: marks and bounds are read back through their axis."""

import math
import re
from collections.abc import Callable
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
import pytest
from mtorules.analysis.claims.evaluation import Judge, Verdict
from mtorules.analysis.claims.pages import charts, drawing
from mtorules.analysis.claims.pages.charts import Chart

Judged = Callable[..., tuple[Verdict, Judge]]
SVG = "{http://www.w3.org/2000/svg}"


def root(chart: Chart) -> Element:
    return ElementTree.fromstring(chart.svg)


def words(element: Element) -> list[str]:
    return [one.text or "" for one in element.iter(f"{SVG}text")]


def marks(element: Element) -> tuple[list[float], list[float]]:
    """Return where the circles and the crosses of a figure lie."""
    circles = [float(one.get("cx", "")) for one in element.iter(f"{SVG}circle")]
    crosses = []
    for one in element.iter(f"{SVG}path"):
        xs = [float(x) for x in re.findall(r"[ML](-?[\d.]+) ", one.get("d", ""))]
        crosses.append(sum(xs) / len(xs))
    return circles, crosses


def value_at(element: Element, x: float, *, logarithmic: bool) -> float:
    """Return the value at a place, by the first and the last number below the axis."""
    ticks = [
        (float(one.get("x", "")), float((one.text or "").replace("−", "-")))
        for one in element.iter(f"{SVG}text")
        if one.get("text-anchor") == "middle"
    ]
    (x1, v1), (x2, v2) = ticks[0], ticks[-1]
    share = (x - x1) / (x2 - x1)
    return v1 * (v2 / v1) ** share if logarithmic else v1 + share * (v2 - v1)


def bounds(element: Element) -> list[float]:
    lines = element.iter(f"{SVG}line")
    return [float(one.get("x1", "")) for one in lines if one.get("stroke") == drawing.EDGE]


@pytest.mark.parametrize(
    ("check", "value", "limits", "logarithmic", "passed"),
    [
        ("{value: X, of: vehicle, expect: '>= 4'}", 8, [4], True, True),
        ("{value: X, of: vehicle, expect: <= 1}", 8, [1], True, False),
        (
            "{ratio: X, of: drug, to: vehicle, at: 0 h, expect: 0.5 .. 1}",
            0.75,
            [0.5, 1],
            True,
            True,
        ),
        ("{difference: X, of: vehicle, to: drug, at: 0 h, expect: '>= 3'}", 2, [3], False, False),
        (
            "{order: X, of: [drug, vehicle], at: 0 h, expect: rising, by: 2}",
            4 / 3,
            [2],
            True,
            False,
        ),
    ],
)
def test_a_number_lies_against_its_bounds(
    judged: Judged, check: str, value: float, limits: list[float], logarithmic: bool, passed: bool
) -> None:
    verdict, _ = judged(check)
    figure = root(charts.measured(verdict.outcomes))
    circles, crosses = marks(figure)
    assert (len(circles), len(crosses)) == ((1, 0) if passed else (0, 1))
    shown = value_at(figure, (circles + crosses)[0], logarithmic=logarithmic)
    assert shown == pytest.approx(value, rel=0.02)
    found = [value_at(figure, x, logarithmic=logarithmic) for x in bounds(figure)]
    assert found == pytest.approx(limits, rel=0.02)
    shaded = next(figure.iter(f"{SVG}rect"))
    left = float(shaded.get("x", ""))
    inside = left <= (circles + crosses)[0] <= left + float(shaded.get("width", ""))
    assert inside == passed


def test_time_is_shown_in_hours(judged: Judged) -> None:
    check = "{time_to: X, of: drug, falls_to: 0.5, within: 4 h, expect: 30 min .. 1 h}"
    verdict, _ = judged(check)
    figure = root(charts.measured(verdict.outcomes))
    assert "expected 30 min .. 1 h (axis in hours)" in words(figure)
    ((x,), _) = marks(figure)
    assert value_at(figure, x, logarithmic=True) == pytest.approx(np.log(2), rel=0.02)


def test_what_never_happens_lies_at_the_end_with_an_arrow(judged: Judged) -> None:
    check = "{time_to: X, of: drug, rises_to: 1.5, within: 4 h, expect: <= 1 h}"
    verdict, _ = judged(check)
    figure = root(charts.measured(verdict.outcomes))
    _, (x,) = marks(figure)
    assert x == charts.RIGHT
    assert "∞ h →" in words(figure)


def test_each_cell_has_its_row(judged: Judged) -> None:
    verdict, _ = judged("{value: X, of: vehicle, panel: three, expect: '>= 7'}")
    figure = root(charts.measured(verdict.outcomes))
    circles, crosses = marks(figure)
    assert (len(circles), len(crosses)) == (2, 1)
    told = words(figure)
    assert {"low", "middle", "high"} <= set(told)
    assert any(one.endswith("2 of 3 cells inside") for one in told)


def test_what_was_not_measured_says_so(judged: Judged) -> None:
    check = "{ratio: X, of: drug, to: vehicle, at: 1 h, to_at: rest, expect: <= 1}"
    verdict, _ = judged(check, error="the integrator gave up")
    figure = root(charts.measured(verdict.outcomes))
    assert marks(figure) == ([], [])
    assert "not measured" in words(figure)


def test_a_share_shows_its_cells(judged: Judged) -> None:
    check = "{share: {value: X, of: vehicle}, within: '>= 7', panel: three, expect: '>= 0.5'}"
    verdict, judge = judged(check)
    (chart,) = charts.panels(judge, verdict.claim)
    circles, crosses = marks(root(chart))
    assert (len(circles), len(crosses)) == (2, 1)
    assert value_at(root(chart), crosses[0], logarithmic=True) == pytest.approx(6, rel=0.02)


def test_a_correlation_shows_a_point_for_each_cell(judged: Judged) -> None:
    check = (
        "{correlation: [{value: X, of: vehicle}, {value: 1 / X, of: vehicle}], panel: three, "
        "expect: '<= -0.9'}"
    )
    verdict, judge = judged(check)
    (chart,) = charts.panels(judge, verdict.claim)
    points = [
        (float(one.get("cx", "")), float(one.get("cy", "")))
        for one in root(chart).iter(f"{SVG}circle")
    ]
    assert len(points) == 3
    (low, _, high) = points
    assert high[0] < low[0]  # 6 and 8 to the right ...
    assert high[1] < low[1]  # ... 1 / 6 and 1 / 8 upwards
    assert not math.isclose(high[1], low[1])


def test_a_correlation_beyond_another_shows_both(judged: Judged) -> None:
    check = (
        "{correlation: [{value: X, of: vehicle}, {value: X, of: vehicle}], beyond: "
        "[{value: X, of: vehicle}, {value: 1 / X, of: vehicle}], panel: three, expect: 1 .. 3}"
    )
    verdict, judge = judged(check)
    rising, falling = charts.panels(judge, verdict.claim)
    for chart, sign in ((rising, 1), (falling, -1)):
        places = [
            (float(one.get("cx", "")), -float(one.get("cy", "")))
            for one in root(chart).iter(f"{SVG}circle")
        ]
        assert len(places) == 3
        x, y = np.transpose(places)
        assert np.corrcoef(x, y)[0, 1] == pytest.approx(sign, abs=0.01)


def test_the_same_numbers_give_the_same_bytes(judged: Judged) -> None:
    check = "{value: X, of: vehicle, panel: three, expect: '>= 7'}"
    first, second = (charts.measured(judged(check)[0].outcomes) for _ in range(2))
    assert first == second
