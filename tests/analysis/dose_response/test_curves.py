"""Shapes and half-way doses of curves whose formulas give them by hand."""

import math

import numpy as np
import pytest
from mtorules.analysis.dose_response.curves import curve

DOSES = np.geomspace(0.01, 1000, 26)


def falling(kd: float, left: float = 0.0) -> np.ndarray:
    return left + (1 - left) * kd / (kd + DOSES)


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (falling(2.0), "falling"),
        (1 + DOSES / (DOSES + 2), "rising"),
        (np.ones_like(DOSES), "flat"),
        (1 - 0.01 * DOSES / (DOSES + 2), "flat"),
        (np.zeros_like(DOSES), "flat"),
        (1 + DOSES / (1 + DOSES) - 1.5 * DOSES / (100 + DOSES), "rising, then falling"),
        (1 - 0.6 * DOSES / (1 + DOSES) + DOSES / (100 + DOSES), "falling, then rising"),
        # It comes back to where it began.
        (1 + np.exp(-(np.log(DOSES / 3) ** 2)), "rising, then falling"),
        (1 - 0.9 * np.exp(-(np.log(DOSES / 3) ** 2)), "falling, then rising"),
    ],
)
def test_shapes_are_told_apart(values: np.ndarray, shape: str) -> None:
    found = curve(DOSES, values, float(values[0]) if shape == "flat" else 1.0)
    assert found.shape == shape
    assert (found.hill is None) == (shape not in ("rising", "falling"))
    if found.hill is None:
        assert math.isnan(found.relative)


def test_relative_and_absolute_differ_where_something_is_left() -> None:
    # left + (1 - left) K / (K + d) = 1/2 has the root d = K / (1 - 2 left).
    found = curve(DOSES, falling(2.0, left=0.2), 1.0)
    assert found.relative == pytest.approx(2.0, rel=1e-4)
    assert found.absolute == pytest.approx(2.0 / 0.6, rel=5e-3)


def test_a_readout_that_stays_above_one_half_has_no_absolute_one_within_the_doses() -> None:
    found = curve(DOSES, falling(2.0, left=0.6), 1.0)
    assert found.relative == pytest.approx(2.0, rel=1e-4)
    assert math.isinf(found.absolute)


def test_what_rises_is_never_at_half_of_the_control() -> None:
    rising = 1 + DOSES / (DOSES + 2)
    assert math.isnan(curve(DOSES, rising, 1.0).absolute)
    rising[0] = 1 - 1e-9  # as integration has it
    assert math.isnan(curve(DOSES, rising, 1.0).absolute)


@pytest.mark.parametrize(("kd", "end"), [(1e5, math.inf), (1e-4, 0.0)])
def test_what_lies_beyond_the_doses_is_said_to(kd: float, end: float) -> None:
    found = curve(DOSES, falling(kd), 1.0)
    if kd > 1:
        assert found.shape == "flat"  # one per cent at 1000
        found = curve(DOSES, falling(5e3), 1.0)
    assert (found.relative, found.absolute) == (end, end)


def test_the_area_is_the_mean_over_the_logarithm_of_the_dose() -> None:
    # The mean of K / (K + d) over ln d from a to b is 1 - ln((K + b) / (K + a)) / ln(b / a).
    found = curve(DOSES, falling(2.0), 1.0)
    mean = 1 - math.log(1002 / 2.01) / math.log(1e5)
    assert found.area == pytest.approx(mean, abs=2e-3)


def test_what_begins_at_zero_rises_and_has_no_share_of_the_control() -> None:
    found = curve(DOSES, DOSES / (DOSES + 4), 0.0)
    assert found.shape == "rising"
    assert found.relative == pytest.approx(4, rel=1e-4)
    assert math.isnan(found.area)
    assert math.isnan(found.share)


def test_a_trace_without_the_drug_is_none() -> None:
    found = curve(DOSES, DOSES / (DOSES + 4), 1e-31)
    assert math.isnan(found.share)


def test_the_noise_of_an_integrator_is_no_response() -> None:
    noise = 1e-12 * np.random.default_rng(1).uniform(size=DOSES.size)
    assert curve(DOSES, noise, 0.0, scale=10.0).shape == "flat"


def test_a_plateau_that_was_not_seen_is_marked() -> None:
    values = 1 + DOSES / (DOSES + 3000)
    assert curve(DOSES, values, 1.0).open
