import json
import os
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


@pytest.fixture
def written(mtorules: Call, binding: Path, tmp_path: Path) -> Path:
    """Return our own SBML of A and B that bind."""
    path = tmp_path / "binding.xml"
    assert mtorules("export", binding, "--quiet", "--output", path).status == 0
    return path


@pytest.fixture
def broken(written: Path) -> Path:
    """Return the same with a species in a rate law that does not exist."""
    path = written.with_name("broken.xml")
    text = written.read_text(encoding="utf-8")
    assert "<ci>kf</ci>" in text
    path.write_text(text.replace("<ci>kf</ci>", "<ci>nobody</ci>"), encoding="utf-8")
    return path


def test_our_own_file_has_no_problem(mtorules: Call, written: Path) -> None:
    done = mtorules("check", written)
    assert done.status == 0
    assert done.err == ""
    assert done.out.splitlines()[0].startswith(f"{written}: 0 errors")
    assert "3 species, 1 reaction" in done.out


def test_an_error_sets_the_status(mtorules: Call, broken: Path) -> None:
    done = mtorules("check", broken)
    assert done.status == 1
    assert "nobody" in done.out
    assert done.err == ""


def test_strict_takes_warnings_for_problems(mtorules: Call, written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert ' stoichiometry="1"' in text
    written.write_text(text.replace(' stoichiometry="1"', ""), encoding="utf-8")
    found = json.loads(mtorules("check", written, "--json").out)
    assert found["errors"] == 0
    assert "stoichiometry not set" in {finding["code"] for finding in found["findings"]}
    assert mtorules("check", written).status == 0
    assert mtorules("check", written, "--strict").status == 1


def test_json_holds_what_the_text_sums_up(mtorules: Call, broken: Path) -> None:
    done = mtorules("check", broken, "--json")
    found = json.loads(done.out)
    assert done.status == 1
    assert (found["level"], found["version"], found["counts"]["species"]) == (3, 2, 3)
    assert found["errors"] == sum(f["count"] for f in found["findings"] if f["severity"] == "error")
    assert found["errors"] > 0


def test_quick_leaves_units_out(mtorules: Call, written: Path) -> None:
    assert json.loads(mtorules("check", written, "--json").out)["units"]["checked"] == 1
    assert json.loads(mtorules("check", written, "--json", "--quick").out)["units"]["checked"] == 0


def test_quiet_says_nothing(mtorules: Call, broken: Path) -> None:
    done = mtorules("check", broken, "--quiet")
    assert (done.status, done.out, done.err) == (1, "", "")


class Page(HTMLParser):
    """Keeps the text of a page, the tags left open and the addresses it would fetch."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "img", "br"):
            self.open.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_needs_nothing_else(mtorules: Call, broken: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.html"
    assert mtorules("check", broken, "--html", target).status == 1
    text = target.read_text(encoding="utf-8")
    page = Page(text)
    assert page.open == []
    assert page.fetched == []
    assert "@import" not in text
    assert "url(" not in text
    assert "nobody" in "".join(page.words)


def test_a_name_cannot_write_html(mtorules: Call, written: Path, tmp_path: Path) -> None:
    text = written.read_text(encoding="utf-8")
    written.write_text(
        text.replace('name="', 'name="&lt;script&gt;alert(1)&lt;/script&gt;', 1), encoding="utf-8"
    )
    target = tmp_path / "report.html"
    assert mtorules("check", written, "--html", target).status == 0
    page = target.read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


FUNCTION = """<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version2/core" level="3" version="2"><model id="m">
<listOfFunctionDefinitions>%s</listOfFunctionDefinitions></model></sbml>"""
ITSELF = """<functionDefinition id="f"><math xmlns="http://www.w3.org/1998/Math/MathML"><lambda>
<bvar><ci>y</ci></bvar><apply><ci>f</ci><ci>y</ci></apply></lambda></math></functionDefinition>"""


def test_a_file_on_which_libsbml_crashes_is_one_message(mtorules: Call, tmp_path: Path) -> None:
    path = tmp_path / "itself.xml"
    formula = '<math xmlns="http://www.w3.org/1998/Math/MathML"><apply><ci>f</ci><ci>p</ci></apply></math>'
    rule = f'<assignmentRule variable="p">{formula}</assignmentRule>'
    text = (FUNCTION % ITSELF).replace(
        "</model>",
        '<listOfParameters><parameter id="p" constant="false"/></listOfParameters>'
        f"<listOfRules>{rule}</listOfRules></model>",
    )
    path.write_text(text, encoding="utf-8")
    done = mtorules("check", path)
    assert done.status == 1
    assert "libSBML crashed (signal 11 (SIGSEGV))" in done.err
    assert "itself.xml" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_check_that_takes_too_long_is_one_message(mtorules: Call, written: Path) -> None:
    done = mtorules("check", written, "--time-limit", "1 ms")
    assert done.status == 1
    assert "takes longer than 0.001 s" in done.err
    assert mtorules("check", written, "--time-limit", "soon").status == 2


@pytest.mark.parametrize("name", ["zero", "null"])
def test_a_device_is_no_file(mtorules: Call, name: str) -> None:
    done = mtorules("check", f"/dev/{name}")
    assert done.status == 2
    assert f"'/dev/{name}' is a device; an SBML file is expected" in done.err


def test_a_pipe_is_no_file(mtorules: Call, tmp_path: Path) -> None:
    path = tmp_path / "pipe.xml"
    os.mkfifo(path)
    for command in ("check", "compare"):
        done = mtorules(command, path)
        assert done.status == 2
        assert "is a pipe; an SBML file is expected" in done.err


@pytest.mark.parametrize("name", ["nothing.xml", "."])
def test_a_file_that_is_none_is_wrong_usage(mtorules: Call, tmp_path: Path, name: str) -> None:
    done = mtorules("check", tmp_path / name)
    assert done.status == 2
    assert done.out == ""
    assert done.err.startswith("mtorules check: Invalid value for 'FILE'")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"begin model", "is no XML"),
        (b"<a></a>", "its root is <a>"),
        (b"<sbml><model>", "is cut short"),
        (b'<sbml level="3" version="1"/>', "holds no model"),
        (b'<sbml xmlns="urn:other" level="3" version="1"><model/></sbml>', "namespace"),
    ],
)
def test_what_is_no_sbml(mtorules: Call, tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.xml"
    path.write_bytes(content)
    target = tmp_path / "report.html"
    done = mtorules("check", path, "--html", target)
    assert done.status == 1
    assert says in done.out + done.err
    assert "Traceback" not in done.err
    if done.err:
        assert done.err.startswith("mtorules check: ")
        assert not target.exists()


@pytest.mark.parametrize(
    ("target", "says"),
    [("report.pdf", "does not end in .html"), ("no/where.html", "there is no folder")],
)
def test_a_page_that_cannot_be_written(
    mtorules: Call, written: Path, tmp_path: Path, target: str, says: str
) -> None:
    done = mtorules("check", written, "--html", tmp_path / target)
    assert done.status == 2
    assert says in done.err
    assert done.out == ""


def test_marks_for_what_biomodels_asks(mtorules: Call, written: Path, tmp_path: Path) -> None:
    done = mtorules("check", written, "--biomodels", "--output", tmp_path / "record")
    assert done.status == 1  # nobody says whose it is
    assert "not all of what is asked for" in done.out
    assert {path.name for path in (tmp_path / "record").iterdir()} >= {
        "metadata.json",
        "initial.csv",
        "course.csv",
        "sensitivity.csv",
    }
    again = mtorules("check", written, "--biomodels", "--json", "--reproduce", tmp_path / "record")
    told = json.loads(again.out)
    assert again.status == 1
    assert told["of"] == 100
    assert 0 < told["points"] < 100
    assert {mark["code"]: mark["full"] for mark in told["marks"]}["result"]


def test_marks_are_asked_for_by_name(mtorules: Call, written: Path, tmp_path: Path) -> None:
    done = mtorules("check", written, "--output", tmp_path / "record")
    assert done.status == 2
    assert "--output goes with --biomodels" in done.err
    nothing = mtorules("check", written, "--biomodels", "--reproduce", tmp_path)
    assert nothing.status == 1
    assert "has no initial.csv" in nothing.err
