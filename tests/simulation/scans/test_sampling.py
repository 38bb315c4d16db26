import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtorules.network.units.quantities import nanomolar, seconds
from mtorules.simulation.scans.sampling import Range, SamplingError, read, sample
from scipy.stats import qmc


def test_a_unit_holds_for_what_stands_before_it() -> None:
    assert read("0, 1, 10 nM", nanomolar) == (0.0, 1.0, 10.0)
    assert read("1 pM, 2, 0.5 uM", nanomolar) == (0.001, 2000.0, 500.0)
    assert read("0..48 h lin 3", seconds) == (0.0, 86400.0, 172800.0)


def test_ranges_hold_both_ends_and_equal_steps() -> None:
    values = read("0.001..1000 nM log 25", nanomolar)
    assert isinstance(values, tuple)
    assert (len(values), values[0], values[-1]) == (25, 0.001, 1000.0)
    assert np.diff(np.log10(values)) == pytest.approx([0.25] * 24)
    values = read("1..2 nM lin 5", nanomolar)
    assert values == (1.0, 1.25, 1.5, 1.75, 2.0)


def test_a_list_may_hold_ranges() -> None:
    assert read("0, 1..100 nM log 3", nanomolar) == pytest.approx((0, 1, 10, 100))
    assert read("1..2 lin 2, 3..4 nM lin 2", nanomolar) == (1.0, 2.0, 3.0, 4.0)


def test_the_ends_of_a_range_may_have_units_of_their_own() -> None:
    assert read("1 pM..1 uM log", nanomolar) == Range(0.001, 1000.0, "log")


def test_a_range_without_a_number_of_values_is_left_open() -> None:
    assert read("0.1..10 nM log", nanomolar) == Range(0.1, 10.0, "log")
    assert read("0.1..10 nM", nanomolar) == Range(0.1, 10.0, "lin")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no values"),
        ("  ,", "no values"),
        ("1,, 2 nM", "empty"),
        ("1, 2", "has no unit"),
        ("-1 nM", "negative"),
        ("nan nM", "not a finite number"),
        ("1, inf nM", "not a finite number"),
        ("1, 1 nM", "lists 1 twice"),
        ("0, 0..2 nM lin 3", "lists 0 twice"),
        ("ten nM", "not a number"),
        ("1 h", "a time, not a concentration"),
        ("2..1 nM lin 3", "does not go upwards"),
        ("1..1 nM lin 3", "does not go upwards"),
        ("0..1 nM log 3", "cannot be logarithmic"),
        ("-1..1 nM lin 3", "negative"),
        ("nan..1 nM lin 3", "not a finite number"),
        ("0..1 nM 3", "which scale"),
        ("0..1 nM lin 1", "at least 2 values, not 1"),
        ("0..1 nM lin 0", "at least 2 values, not 0"),
        ("0..1 nM lin -3", "at least 2 values, not -3"),
        ("0..1 nM lin 1e3", "wants 1e3 values"),
        ("1..50 nM lin 100000000", "at most 1,000,000 values, not 100,000,000"),
        ("5, 0..1 nM lin", "needs a number of values"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, words: str) -> None:
    with pytest.raises(SamplingError, match=words):
        read(text, nanomolar)


def test_a_latin_hypercube_has_one_point_in_every_slice() -> None:
    drawn = sample([Range(0.0, 10.0), Range(0.01, 100.0, "log")], 40, "lhs", seed=3)
    assert drawn.shape == (40, 2)
    assert sorted(np.floor(drawn[:, 0] / 10 * 40)) == list(range(40))
    assert sorted(np.floor((np.log10(drawn[:, 1]) + 2) / 4 * 40)) == list(range(40))


def test_a_sobol_sequence_fills_the_box_more_evenly_than_chance() -> None:
    drawn = sample([Range(0.0, 1.0)] * 3, 256, "sobol", seed=1)
    chance = np.random.default_rng(1).random((256, 3))
    assert qmc.discrepancy(drawn) < qmc.discrepancy(chance) / 5
    # Balanced: every half, quarter and eighth of an axis holds its share.
    for column in drawn.T:
        assert np.bincount((column * 8).astype(int)).tolist() == [32] * 8


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_the_seed_decides(method: str) -> None:
    box = [Range(1.0, 2.0), Range(0.1, 10.0, "log")]
    assert (sample(box, 16, method, 5) == sample(box, 16, method, 5)).all()
    assert (sample(box, 16, method, 5) != sample(box, 16, method, 6)).all()


@given(
    st.floats(1e-9, 1e9), st.floats(1.001, 1e6), st.sampled_from(["lin", "log"]), st.integers(0, 9)
)
def test_samples_stay_within_their_range(low: float, times: float, scale: str, seed: int) -> None:
    span = Range(low, low * times, "log" if scale == "log" else "lin")
    drawn = sample([span], 8, "lhs", seed)
    assert ((span.low <= drawn) & (drawn <= span.high)).all()
    assert span.at(np.array([0.0, 1.0])) == pytest.approx([span.low, span.high])


@pytest.mark.parametrize(
    ("ranges", "count", "method", "seed", "words"),
    [
        ([], 8, "lhs", 0, "Nothing is to be sampled"),
        ([Range(0, 1)], 0, "lhs", 0, "the least is 1"),
        ([Range(0, 1)], -2, "sobol", 0, "the least is 1"),
        ([Range(0, 1)], 2**30, "sobol", 0, "the most is 1,000,000"),
        ([Range(0, 1)], 8, "random", 0, "use lhs or sobol"),
        ([Range(0, 1)], 100, "sobol", 0, "use 64 or 128 instead of 100"),
        ([Range(0, 1)], 8, "lhs", -1, "must not be negative"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    ranges: list[Range], count: int, method: str, seed: int, words: str
) -> None:
    with pytest.raises(SamplingError, match=words):
        sample(ranges, count, method, seed)


@pytest.mark.parametrize("ends", [(0.0, math.inf), (math.nan, 1.0)])
def test_a_range_is_finite(ends: tuple[float, float]) -> None:
    with pytest.raises(SamplingError, match="not finite"):
        Range(*ends)
