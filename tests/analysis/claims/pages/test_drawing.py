"""Axes lay values where they belong, and pieces are what an SVG reader expects."""

import itertools
import math
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtorules.analysis.claims.pages import drawing
from mtorules.analysis.claims.pages.drawing import Axis

NUMBERS = st.floats(1e-6, 1e6)


@pytest.mark.parametrize(
    ("axis", "value", "place"),
    [
        (Axis(0, 10, 100, 200), 2.5, 125),
        (Axis(0.01, 100, 0, 400, "log"), 1, 200),
        (Axis(0.01, 100, 0, 400, "log"), 10, 300),
        (Axis(0, 50, 0, 100, "time"), 50, 100),
        (Axis(0, 50, 0, 100, "time"), 4, 100 * math.log(5) / math.log(51)),
        (Axis(0, 10, 200, 100), 2.5, 175),
        (Axis(0, 10, 100, 200), 30, 200),
        (Axis(0.1, 10, 100, 200, "log"), 0, 100),
        (Axis(0.1, 10, 100, 200, "log"), math.inf, 200),
    ],
)
def test_a_value_lies_where_its_scale_puts_it(axis: Axis, value: float, place: float) -> None:
    assert axis.place(value) == pytest.approx(place)


@given(st.lists(NUMBERS, min_size=1, max_size=5), st.booleans())
def test_an_axis_spans_what_it_is_made_for(values: list[float], logarithmic: bool) -> None:
    axis = drawing.spanning(values, 10, 200, logarithmic=logarithmic)
    assert all(10 < axis.place(value) < 200 for value in values)


@given(NUMBERS, st.floats(1.05, 1e8), st.sampled_from(["linear", "log"]))
def test_ticks_are_few_and_lie_on_the_axis(low: float, ratio: float, kind: str) -> None:
    axis = Axis(low, low * ratio, 0, 300, kind)
    ticks = axis.ticks(5)
    assert 1 <= len(ticks) <= 8
    assert ticks == sorted(ticks)
    slack = 1e-6 * (axis.high - axis.low)
    assert all(axis.low - slack <= tick <= axis.high + slack for tick in ticks)


def test_ticks_of_time_are_told_in_words_and_do_not_touch() -> None:
    axis = Axis(0, 72 * 3600, 40, 390, "time")
    ticks = axis.ticks(5)
    places = [axis.place(tick) for tick in ticks]
    assert all(after - before >= 350 / 7 for before, after in itertools.pairwise(places))
    assert [drawing.duration(tick) for tick in ticks][:2] == ["0 h", "2 h"]
    assert drawing.duration(900) == "15 min"
    assert drawing.duration(math.inf) == "∞ h"


def test_a_hundred_lines_look_different() -> None:
    assert len({drawing.style(place) for place in range(100)}) == 100


def test_neighbours_differ_in_colour_and_shape() -> None:
    looks = [drawing.style(place) for place in range(30)]
    for one, other in itertools.pairwise(looks):
        assert one.colour != other.colour
        assert one.shape != other.shape


def test_pass_and_fail_differ_in_colour_and_shape() -> None:
    passed, failed = (ElementTree.fromstring(drawing.verdict(5, 5, p)) for p in (True, False))
    assert passed.tag != failed.tag
    assert passed.get("fill") == drawing.PASS
    assert failed.get("stroke") == drawing.FAIL


@pytest.mark.parametrize("shape", ["circle", "square", "triangle", "diamond", "plus", "cross"])
def test_a_mark_lies_round_its_point(shape: str) -> None:
    element = ElementTree.fromstring(drawing.mark(50, 70, shape, "#000", 4))
    told = " ".join(element.get(key, "") for key in ("points", "d"))
    numbers = [float(x) for x in told.replace("M", " ").replace("L", " ").replace(",", " ").split()]
    xs = numbers[::2] or [float(element.get("cx", "nan"))]
    ys = numbers[1::2] or [float(element.get("cy", "nan"))]
    assert min(xs) <= 50 <= max(xs)
    assert min(ys) <= 70 <= max(ys)
    assert max(xs) - min(xs) <= 12


def test_words_cannot_break_a_figure() -> None:
    figure = drawing.picture([drawing.text(1, 2, 'a < b & "c"')], 30, 'd "<e>"')
    root = ElementTree.fromstring(figure)
    assert root.get("aria-label") == 'd "<e>"'
    assert [one.text for one in root] == ['a < b & "c"']


def test_heights_are_spread() -> None:
    heights = drawing.scattered(20)
    assert all(0 <= height < 1 for height in heights)
    assert all(abs(a - b) > 0.2 for a, b in itertools.pairwise(heights))
