import math

import pytest
from mtorules.analysis.claims import bounds
from mtorules.analysis.claims.bounds import Bounds, BoundsError
from mtorules.network.units.quantities import seconds


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("<= 0.25", -math.inf, 0.25),
        ("< 1", -math.inf, 1.0),
        (">= 1.5", 1.5, math.inf),
        (">1e-3", 1e-3, math.inf),
        ("0.3 .. 0.85", 0.3, 0.85),
        ("-0.5..0.5", -0.5, 0.5),
        ("2 .. 2", 2.0, 2.0),
    ],
)
def test_bounds_are_read(text: str, low: float, high: float) -> None:
    assert bounds.read(text) == Bounds(low, high)


def test_times_have_units() -> None:
    assert bounds.read("6 h .. 1 d", seconds) == Bounds(21600.0, 86400.0)
    with pytest.raises(BoundsError, match="no unit"):
        bounds.read("6 .. 24", seconds)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("3 .. 1", "the wrong way round"),
        ("0.25", "are no bounds"),
        ("<= x", "are no bounds"),
        ("about 3", "are no bounds"),
        ("= 3", "are no bounds"),
        ("", "are no bounds"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, said: str) -> None:
    with pytest.raises(BoundsError, match=said):
        bounds.read(text)


def test_the_ends_belong_to_the_interval() -> None:
    both = Bounds(0.3, 0.85)
    assert both.holds(0.3)
    assert both.holds(0.85)
    assert not both.holds(0.85 + 1e-12)


def test_a_margin_is_the_logarithm_of_a_fold_or_a_difference() -> None:
    assert Bounds(high=0.5).margin(0.25, logarithmic=True) == pytest.approx(math.log(2))
    assert Bounds(high=0.5).margin(1.0, logarithmic=True) == pytest.approx(-math.log(2))
    assert Bounds(low=2.0).margin(6.0, logarithmic=True) == pytest.approx(math.log(3))
    assert Bounds(low=0.4).margin(0.1, logarithmic=False) == pytest.approx(-0.3)
    both = Bounds(1.0, 8.0)
    assert both.margin(2.0, logarithmic=True) == pytest.approx(math.log(2))
    assert both.margin(4.0, logarithmic=True) == pytest.approx(math.log(2))


def test_where_zero_is_the_only_bound_a_margin_is_a_difference() -> None:
    for value in (-0.2, -1e-9, 0.0, 1e-9, 0.2):
        assert Bounds(low=0.0).margin(value, logarithmic=True) == value
        assert Bounds(high=0.0).margin(value, logarithmic=True) == -value
    assert Bounds(0.0, 0.4).margin(0.1, logarithmic=True) == pytest.approx(math.log(4))


@pytest.mark.parametrize("logarithmic", [True, False])
@pytest.mark.parametrize("limits", [Bounds(0.1, 0.5), Bounds(high=0.5), Bounds(low=0.1)])
@pytest.mark.parametrize("value", [0.0, 0.05, 0.1, 0.3, 0.5, 0.7, 1e9, math.inf])
def test_a_margin_is_negative_exactly_where_the_bounds_do_not_hold(
    logarithmic: bool, limits: Bounds, value: float
) -> None:
    assert (limits.margin(value, logarithmic=logarithmic) >= 0) == limits.holds(value)


def test_no_number_has_no_margin() -> None:
    assert Bounds(low=0.0).margin(math.nan, logarithmic=False) == -math.inf
