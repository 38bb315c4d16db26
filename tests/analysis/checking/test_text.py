from collections.abc import Callable

import pytest
from mtorules.analysis.checking.check import check_text
from mtorules.analysis.checking.report import SHOWN, Finding, Report, Share
from mtorules.analysis.checking.text import (
    WIDTH,
    balance_sentence,
    few,
    listed,
    percent,
    summary,
    text,
    times,
    units_sentence,
)

MODEL = """
model m
  compartment cell = 1;
  substanceOnly species A in cell, B in cell, AB in cell;
  A = 1; B = 1; AB = 0; k = 1; spare = 2;
  A is "A(b)"; B is "B(a)"; AB is "A(b!1).B(a!1)";
  bind: A + B -> AB; k*A*B/cell;
  %s
end
"""


@pytest.fixture
def report(sbml: Callable[[str], str]) -> Report:
    return check_text(sbml(MODEL % ""), "m.xml")


def test_the_figures_come_first(report: Report) -> None:
    lines = text(report).splitlines()
    assert lines[0] == f"m.xml: {summary(report)}"
    assert summary(report) == "0 errors, 1 warning, 2 notes"
    assert lines[2].split()[:2] == ["model", "m,"]


def test_every_kind_of_element_has_its_row(report: Report) -> None:
    rows = {line[:22].strip(): line.split() for line in text(report).splitlines()}
    assert rows["species"] == ["species", "3", "0", "%", "0", "%", "0", "%", "100", "%", "0", "%"]
    assert rows["compartments"][:2] == ["compartments", "1"]


def test_no_line_is_too_wide_for_a_terminal(report: Report) -> None:
    assert max(map(len, text(report).splitlines())) <= WIDTH


def test_notes_can_be_left_out(report: Report) -> None:
    assert "spare" in text(report)
    assert "spare" not in text(report, notes=False)
    assert "declares no units" in text(report, notes=False)


def test_balance_in_a_sentence(report: Report, sbml: Callable[[str], str]) -> None:
    assert balance_sentence(report.balance).startswith("2 monomers conserved in every reaction")
    turnover = check_text(sbml(MODEL % "make: -> A; k; lose: A -> ; k*A; prune: AB -> A; k*AB;"))
    assert "synthesis (1) and degradation (2)" in balance_sentence(turnover.balance)
    wrong = check_text(sbml(MODEL % "odd: A -> B; k*A;"))
    assert "2 of 2 monomers not conserved, in 2 reactions" in balance_sentence(wrong.balance)


def test_units_in_a_sentence(report: Report, sbml: Callable[[str], str]) -> None:
    assert units_sentence(report) == "none declared for the model; checked in 1 kinetic law"
    quick = check_text(sbml(MODEL % ""), quick=True)
    assert units_sentence(quick) == "none declared for the model; not checked"


@pytest.mark.parametrize(
    ("having", "total", "said"),
    [(0, 5, "0 %"), (1, 1000, "1 %"), (999, 1000, "99 %"), (1, 2, "50 %"), (7, 7, "100 %")],
)
def test_all_and_nothing_are_said_only_of_all_and_nothing(
    having: int, total: int, said: str
) -> None:
    assert percent(Share("species", having, total)) == said


def test_what_does_not_apply_has_no_share() -> None:
    assert percent(None) == "-"


def test_long_lists_are_cut() -> None:
    assert listed(("a", "b", "c", "d"), 12) == "a, b, c and 9 more"
    assert listed(("a", "b"), 2) == "a, b"
    assert few({str(n): n for n in range(9)}).endswith("5 5 and 3 more")
    assert SHOWN > 3


@pytest.mark.parametrize(
    ("count", "lines", "said"),
    [
        (1, (), ""),
        (1, (7,), " (line 7)"),
        (2, (7, 9), " (2 times; lines 7, 9)"),
        (1200, (1, 2, 3, 4), " (1,200 times; lines 1, 2, 3, ...)"),
    ],
)
def test_how_often_and_where(count: int, lines: tuple[int, ...], said: str) -> None:
    assert times(Finding("note", "c", "d", "t", count=count, lines=lines)) == said
