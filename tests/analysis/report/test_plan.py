from typing import Any

import pytest
from mtorules.analysis.report import plan
from mtorules.analysis.report.plan import Number, PlanError, Sentence

ANSWER: dict[str, Any] = {
    "table": [
        {"readout": "A", "dose": 0.0, "last": 8.0},
        {"readout": "A", "dose": 20.0, "last": 2.0},
        {"readout": "B", "dose": 0.0, "last": 0.0},
        {"readout": "B", "dose": 20.0, "last": None},
    ],
    "tables": {"more": [{"readout": "A", "word": "lowered"}]},
}


def number(**said: Any) -> Number:
    return Number(column=said.pop("column", "last"), **said)


def test_numbers_come_from_the_tables() -> None:
    sentence = Sentence(
        text="A keeps {:.0%} of {}, which is {}.",
        numbers=[
            number(where={"readout": "A", "dose": 20}, over={"dose": 0}),
            number(where={"readout": "A", "dose": 0}),
            number(table="more", column="word", where={"readout": "A"}),
        ],
    )
    assert plan.said(sentence, ANSWER) == "A keeps 25% of 8.0, which is lowered."


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (number(where={"readout": "C"}), "0 rows have readout C"),
        (number(where={"readout": "A"}), "2 rows have readout A"),
        (number(where={"readout": "B", "dose": 20}), "no number 'last'"),
        (number(where={"readout": "A", "dose": 20}, over={"readout": "B", "dose": 0}), "zero"),
        (number(table="none", where={"readout": "A"}), "0 rows"),
        (number(column="none", where={"readout": "A", "dose": 0}), "no number 'none'"),
    ],
)
def test_a_number_that_is_not_there_is_said(wanted: Number, said: str) -> None:
    with pytest.raises(PlanError, match=said):
        plan.said(Sentence(text="{}", numbers=[wanted]), ANSWER)


def test_sentences_of_the_analysis_are_found_by_their_words() -> None:
    answer = {"said": ["A falls by 3.", "B rises.", "A falls late."]}
    assert plan.quoted("A falls", answer) == ["A falls by 3.", "A falls late."]
    with pytest.raises(PlanError, match="'C falls'"):
        plan.quoted("C falls", answer)


def test_a_model_has_its_report_and_any_other_the_usual_analyses() -> None:
    read = plan.read()
    assert len(read.of("signalling").parts) == 10
    assert [part.analysis for part in read.of("model.bngl").parts] == list(read.usual)
    chosen = read.of("signalling", ["structure", "control", "structure"])
    assert [part.id for part in chosen.parts] == ["loops", "control"]
    assert chosen.title == read.of("signalling").title


def test_parts_of_a_report_have_ids_and_sentences_of_their_own() -> None:
    for report in plan.read().reports.values():
        ids = [part.id for part in report.parts]
        assert len(ids) == len(set(ids))
        for part in report.parts:
            for sentence in part.say:
                assert sentence.text.count("{") == len(sentence.numbers)
                bare = sentence.text.replace("95 %", "").replace("90 % lie", "").split()
                assert not [word for word in bare if word.strip(".,;:").isdecimal()]
