"""What is chosen on the page, and the words that it turns into."""

import pytest
from mtorules.explore import scenario
from mtorules.explore.errors import ExploreError

EVEROLIMUS = {"name": "everolimus", "dose": 20, "at": 1, "washout": 24}


def test_it_turns_into_the_words_of_the_command_line() -> None:
    asked = scenario.read(
        {
            "model": "signalling",
            "conditions": ["PTEN_null", "GF0"],
            "drugs": [EVEROLIMUS, {"name": "BKM120", "dose": 0}],
            "settings": {"MTOR_0": 0.1},
            "until": 36.5,
        }
    )
    words = asked.words()
    assert words.drugs == ("everolimus=20 nM @ 1 h",)
    assert words.washouts == ("everolimus @ 24 h",)
    assert words.cells == ("cell=PTEN_null+GF0",)
    assert words.settings == ("MTOR_0=0.1",)
    assert words.times == "0..36.5 h lin 201"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ([], "valid dictionary"),
        ({}, "model"),
        ({"model": "x", "until": 0}, "until"),
        ({"model": "x", "until": float("inf")}, "until"),
        ({"model": "x", "until": 1e6}, "1440 h is the most"),
        ({"model": "x", "colour": "red"}, "colour"),
        ({"model": "x", "settings": {"k": float("nan")}}, "settings"),
        ({"model": "x", "drugs": [{"name": "a", "dose": -1}]}, "drugs.0.dose"),
        ({"model": "x", "drugs": [{**EVEROLIMUS, "washout": 1}]}, "washed out at 1 h"),
        ({"model": "x", "drugs": [EVEROLIMUS, EVEROLIMUS]}, "given twice"),
        ({"model": "x", "drugs": [{"name": str(n), "dose": 1} for n in range(4)]}, "drugs"),
        ({"model": "x", "readouts": ["a"] * 13}, "readouts"),
        # Two cells, of which one alone would be looked at; a dose in the name of a compound.
        ({"model": "x", "conditions": ["FED, AA0"]}, "conditions"),
        ({"model": "x", "drugs": [{"name": "a=3 nM", "dose": 1}]}, "drugs.0.name"),
    ],
)
def test_a_wrong_one_is_refused_by_name(data: object, named: str) -> None:
    with pytest.raises(ExploreError, match=named):
        scenario.read(data)
