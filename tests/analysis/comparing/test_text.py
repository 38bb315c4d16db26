from dataclasses import replace

import pytest
from mtorules.analysis.comparing.compare import compare
from mtorules.analysis.comparing.outcomes import Comparison
from mtorules.analysis.comparing.text import WIDTH, moment, summary, text
from mtorules.simulation.engines.base import Loaded
from mtorules.simulation.load import from_sbml


@pytest.fixture(scope="module")
def found(dimers: Loaded) -> Comparison:
    return compare(dimers, until=120, tools=("roadrunner", "bngsim", "run_network"))


def test_the_outcome_comes_first(found: Comparison) -> None:
    lines = text(found).splitlines()
    assert lines[0].startswith("dimers: 3 tools agree within ")
    assert "4 observables until 2 min" in lines[0]
    assert lines[2].startswith("libRoadRunner")
    assert "the measure for the others" in lines[2]
    assert len(lines) == 5


def test_a_deviation_names_where_it_is(found: Comparison) -> None:
    strict = replace(found, limit=1e-18)
    said = text(strict)
    assert "tools deviate by more than 1e-18" in said
    assert "DEVIATES" in said
    assert " for " in said


def test_the_odd_one_is_named(found: Comparison) -> None:
    assert "it is libRoadRunner that differs" in text(replace(found, odd=True))
    assert "differs" not in text(found)


def test_tools_that_did_not_run_say_why(dimers: Loaded) -> None:
    alone = from_sbml(dimers.sbml)
    said = text(compare(alone, until=1, tools=("roadrunner", "run_network")))
    assert "BioNetGen" in said
    assert "not for it: it reads networks made from rules" in said
    assert summary(compare(alone, until=1, tools=("roadrunner",))).startswith(
        "only libRoadRunner ran, so nothing was compared"
    )


def test_a_failure_is_in_the_first_line(found: Comparison) -> None:
    *others, last = found.outcomes
    failed = replace(last, state="failed", why="x " * 100, deviation=None, numbers=None)
    said = text(replace(found, outcomes=(*others, failed)))
    assert "BioNetGen failed" in said.split("\n\n")[0]
    assert max(map(len, said.splitlines())) <= WIDTH


def test_times_have_a_unit_only_if_the_model_has(found: Comparison) -> None:
    assert moment(found) == "2 min"
    assert moment(replace(found, seconds=None)) == "time 120"
    assert moment(found, 4.393820000000001) == "4.394 s"


def test_about_what_cannot_change_no_agreement_is_claimed(found: Comparison) -> None:
    said = text(replace(found, empty=True))
    assert "agree" not in said.split("\n\n")[0]
    assert "nothing was compared that depends on" in " ".join(said.split())


def test_jumps_by_the_clock_are_listed(found: Comparison) -> None:
    said = " ".join(text(replace(found, switches=tuple(range(60, 660, 60)))).split())
    assert "Formulas jump by the clock, at 1 min, 2 min" in said
    assert "and 4 more" in said


def test_what_a_tool_does_not_tell_is_named(found: Comparison) -> None:
    *others, last = found.outcomes
    silent = replace(last, unknown=("Free", "share"))
    assert "it does not tell 'Free' and 1 more" in text(replace(found, outcomes=(*others, silent)))
