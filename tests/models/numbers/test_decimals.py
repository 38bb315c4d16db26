"""Numbers as people write them, against Python's own reading of the same literals."""

import pytest
from mtorules.models.numbers.decimals import number


@pytest.mark.parametrize(
    "text", ["0", "-1", "+2.5", ".5", "2.", "1e-3", "6.02E23", " 7\t", "5e-324"]
)
def test_decimals_are_what_they_say(text: str) -> None:
    assert number(text) == float(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1_000", "inf", "-inf", "nan", "infinity", "1e", "e5", "0x10", "1,5", "1 000"),
        *("\uff11\uff10", "\u0661", "1e400", "-1e400", "1e-400", "9" * 400, "1\n2", "--1", "+-3"),
    ],
)
def test_what_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a number|not a finite number|too small"):
        number(text)
