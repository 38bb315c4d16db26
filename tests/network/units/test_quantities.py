import math
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtorules.network.units.quantities import (
    NANOMOLAR,
    SECOND,
    UNITS,
    QuantityError,
    convert,
    format_concentration,
    format_time,
    fraction,
    kind,
    nanomolar,
    parse,
    seconds,
    unit_named,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24 h", 86400.0),
        ("24h", 86400.0),
        (" 1.5  hours ", 5400.0),
        ("15 min", 900.0),
        ("0.1 s", 0.1),
        ("250 ms", 0.25),
        ("3 d", 259200.0),
        ("1e3 s", 1000.0),
        (".5 min", 30.0),
        ("2. h", 7200.0),
        ("+7 s", 7.0),
        ("0 h", 0.0),
        ("-0 h", 0.0),
        (90, 90.0),
    ],
)
def test_times(text: str | float, expected: float) -> None:
    assert seconds(text) == expected
    assert math.copysign(1.0, seconds(text)) == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 nM", 10.0),
        ("0.1 uM", 100.0),
        ("0.1 µM", 100.0),  # the micro sign
        ("0.1 μM", 100.0),  # the Greek letter
        ("3 pM", 0.003),
        ("1 fM", 1e-6),
        ("2 mM", 2e6),
        ("1 M", 1e9),
        ("5 nmol/L", 5.0),
        ("5 umol/l", 5000.0),
        (0.25, 0.25),
    ],
)
def test_concentrations(text: str | float, expected: float) -> None:
    assert nanomolar(text) == expected


def test_what_a_unit_is_in_the_units_of_the_si() -> None:
    """Against powers of ten written out, mole, litre and second."""
    expected = {
        "zmol": (Fraction(1, 10**21), (1, 0, 0)),
        "pL": (Fraction(1, 10**12), (0, 1, 0)),
        "nM": (Fraction(1, 10**9), (1, -1, 0)),
        "1/s": (Fraction(1), (0, 0, -1)),
        "1/(nM*s)": (Fraction(10**9), (-1, 1, -1)),
        "day": (Fraction(86400), (0, 0, 1)),
        "dimensionless": (Fraction(1), (0, 0, 0)),
    }
    for name, (scale, dimension) in expected.items():
        assert (UNITS[name].scale, UNITS[name].dimension) == (scale, dimension)
    # An amount over a volume in our own units is nM exactly.
    assert UNITS["zmol"].scale / UNITS["pL"].scale == NANOMOLAR.scale
    assert "nothing" not in map(kind, UNITS.values())


def test_units_of_one_kind_convert_exactly() -> None:
    assert UNITS["h"].factor_to(SECOND) == 3600.0
    assert UNITS["pM"].factor_to(UNITS["nM"]) == 1e-3
    with pytest.raises(QuantityError, match="a time cannot be turned into a concentration"):
        SECOND.factor_to(NANOMOLAR)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("24", "'24' has no unit. Write it like '90 s', '15 min' or '24 h'"),
        ("", "is not a number with a unit"),
        ("h", "is not a number with a unit"),
        ("one hour", "is not a number with a unit"),
        ("1,500 s", "write 1500, not 1,500"),
        ("1 500 s", "is not one number with a unit"),
        ("5 m", "'m' could be metres or minutes; write 'min'"),
        ("5 hors", "There is no unit 'hors'. Did you mean 'hours'?"),
        ("5 H", "There is no unit 'H'. Did you mean 'h'?"),
        ("5 furlongs", "There is no unit 'furlongs'."),
        ("5 nM", "'5 nM' is a concentration, not a time"),
        ("-5 h", "'-5 h' is negative"),
        ("nan h", "is not a finite number"),
        ("inf", "is not a finite number"),
        ("1e308 d", "is too large"),
        ("1e999 s", "is not a finite number"),
        ("1e-400 s", "is too small"),
        ("1e-322 ms", "is too small"),
        ("1_000 s", "write 1500, not 1,500"),
        ("\uff11\uff10 s", "is not a number with a unit"),
        ("+-3 h", "is not a number with a unit"),
        ("3 s\n4 s", "is not a number with a unit"),
        (-1.0, "'-1.0' is negative"),
        (math.nan, "nan is not a finite number"),
        (math.inf, "inf is not a finite number"),
    ],
)
def test_what_is_no_time(text: str | float, said: str) -> None:
    with pytest.raises(QuantityError) as raised:
        seconds(text)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10 nm", "There is no unit 'nm'. Did you mean 'nM'?"),
        ("10 ng/ml", "measures mass"),
        ("10 µg/mL", "measures mass"),
        ("10 h", "is a time, not a concentration. Write it like '10 nM'"),
        ("10 zmol", "is an amount, not a concentration"),
    ],
)
def test_what_is_no_concentration(text: str, said: str) -> None:
    with pytest.raises(QuantityError) as raised:
        nanomolar(text)
    assert said in str(raised.value)


def test_an_example_is_of_the_kind_that_is_wanted() -> None:
    with pytest.raises(QuantityError, match=r"Write it like '0.001 1/\(nM\*s\)'"):
        convert("fast", UNITS["1/(nM*s)"])
    with pytest.raises(QuantityError, match="Write a plain number in the model's unit"):
        convert("fast", UNITS["dimensionless"])


@pytest.mark.parametrize(
    ("text", "into", "expected"),
    [
        ("3.6 nM/h", "nM/s", 0.001),
        ("6 1/min", "1/s", 0.1),
        ("1e6 1/(M*s)", "1/(nM*s)", 1e-3),
        ("2 1/uM", "1/nM", 2e-3),
        ("5 zmol/pL", "nM", 5.0),
        ("5 zmol/um^3", "nM", 5000.0),
    ],
)
def test_units_may_be_put_together(text: str, into: str, expected: float) -> None:
    """A cubic micrometre is a femtolitre."""
    assert convert(text, unit_named(into)) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize(
    "unit",
    ["1/(nm*s)", "nM/m", "s^99999", "nM^1e9", "1e99999999/s", "nM**s", "a/b", "(" * 5000 + "/"],
)
def test_what_is_put_together_of_something_else(unit: str) -> None:
    with pytest.raises(QuantityError, match="There is no unit"):
        unit_named(unit)


def test_a_unit_of_any_kind_is_read_where_none_is_expected() -> None:
    assert parse("2 pL") == (2.0, UNITS["pL"])
    assert convert("2 nL", UNITS["pL"]) == 2000.0
    assert unit_named("µM") is UNITS["uM"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("90 %", 0.9), ("100%", 1.0), ("0 %", 0.0), ("0.25", 0.25), (1, 1.0), (0.5, 0.5)],
)
def test_shares(text: str | float, expected: float) -> None:
    assert fraction(text) == expected


@pytest.mark.parametrize("text", ["101 %", "-1 %", "1.5", "nan", "half", "", "%", math.nan, 2])
def test_what_is_no_share(text: str | float) -> None:
    with pytest.raises(QuantityError, match="is not a share"):
        fraction(text)


@settings(deadline=None)
@given(st.floats(0, 1e12, allow_nan=False))
def test_times_written_are_read_back_to_the_last_bit(time: float) -> None:
    assert seconds(format_time(time)) == time


@settings(deadline=None)
@given(st.floats(0, 1e12, allow_nan=False))
def test_concentrations_written_are_read_back_to_the_last_bit(concentration: float) -> None:
    assert nanomolar(format_concentration(concentration)) == concentration


@settings(deadline=None)
@given(st.integers(1, 999), st.sampled_from(["s", "min", "h", "d"]))
def test_times_are_exact_whole_numbers_of_seconds(number: int, unit: str) -> None:
    size = {"s": 1, "min": 60, "h": 3600, "d": 86400}[unit]
    assert seconds(f"{number} {unit}") == number * size


def test_times_and_concentrations_are_written_as_people_do() -> None:
    assert [format_time(t) for t in (0, 0.5, 60, 5400, 345600, 432000)] == [
        *("0 s", "0.5 s", "1 min", "90 min", "96 h", "5 d"),
    ]
    assert [format_concentration(c) for c in (12, 1.5, 2500, 1e-6, 1e9)] == [
        *("12 nM", "1500 pM", "2500 nM", "1 fM", "1 M"),
    ]
