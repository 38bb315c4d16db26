from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from mtorules.analysis.checking.check import check_text
from mtorules.analysis.checking.page import page
from mtorules.analysis.checking.report import Annotations, Finding, Ontology, Report, Share

MODEL = """
model m
  compartment cell = 1;
  substanceOnly species A in cell, B in cell, AB in cell;
  A = 1; B = 1; AB = 0; k = 1;
  A is "A(b)"; B is "B(a)"; AB is "A(b!1).B(a!1)";
  bind: A + B -> AB; k*A*B/cell;
end
"""


class Tables(HTMLParser):
    """Keeps the cells of each table under its heading, and checks that tags close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.heading = ""
        self.cells: dict[str, list[list[str]]] = {}
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "meta":
            return
        self.open.append(tag)
        rows = self.cells.setdefault(self.heading, [])
        if tag == "tr":
            rows.append([])
        elif tag in ("td", "th"):
            rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "h2" in self.open:
            self.heading = data
        elif {"td", "th"} & set(self.open):
            self.cells[self.heading][-1][-1] += data


@pytest.fixture
def report(sbml: Callable[[str], str]) -> Report:
    return check_text(sbml(MODEL), "m.xml")


def test_the_tables_hold_the_numbers(report: Report) -> None:
    tables = Tables(page(report)).cells
    coverage = {row[0]: row[1:] for row in tables["Coverage"]}
    assert coverage["species"] == ["3", "0 %", "0 %", "0 %", "100 %", "0 %"]
    balance = {row[0]: row[1:] for row in tables["Balance of monomers"]}
    assert balance["A"] == ["2", "1", "0", "0", "0"]


def test_annotation_is_listed_by_kind_and_qualifier(report: Report) -> None:
    told = replace(
        report,
        annotations=Annotations(
            (Share("species", 2, 3),),
            {"species": {"bqbiol:is": 2, "bqbiol:hasPart": 3}},
            {"uniprot": 5},
            5,
            0,
        ),
        ontology=Ontology((Share("species", 3, 3),), {"species": {"SBO:0000252": 3}}),
    )
    tables = Tables(page(told)).cells
    assert ["species", "bqbiol:hasPart", "3"] in tables["Annotation"]
    assert ["uniprot", "5"] in tables["Annotation"]
    assert ["species", "SBO:0000252", "3"] in tables["SBO terms"]


def test_text_of_the_file_stays_text(report: Report) -> None:
    evil = '<script>alert("x")</script>'
    finding = Finding("error", evil, evil, evil, evil, 3, (1,), (evil,))
    text = page(replace(report, id=evil, name=evil, file=evil, findings=(finding,)))
    Tables(text)
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 8


def test_a_file_in_which_nothing_was_found(report: Report) -> None:
    text = page(replace(report, findings=()))
    assert "<p>Nothing.</p>" in text
    assert "<details" not in text
