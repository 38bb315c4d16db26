import json
import math
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
import pytest
from mtorules.analysis.claims import reading
from mtorules.analysis.report import plan
from mtorules.cli.commands.analyse import command as analyse
from mtorules.cli.options import HELP

Call = Callable[..., Any]

DECAY = """
begin model
begin parameters
  k 1e-4
  A_0 100
end parameters
begin seed species
  A() A_0
end seed species
begin observables
  Molecules A_left A()
end observables
begin reaction rules
  A() -> 0 k
end reaction rules
end model
"""


class Page(HTMLParser):
    """What a page holds, as a browser would find it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.ids += filter(None, [given.get("id")])
        if tag == "a":
            self.links += filter(None, [given.get("href")])
        self.loaded += [
            value or "" for name, value in attrs if name in ("src", "srcset", "data", "poster")
        ]
        assert tag not in ("script", "link", "iframe", "object", "base")
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def page(path: Path) -> Page:
    """Read a page and see that it is whole and needs nothing beside it."""
    found = Page(path.read_text(encoding="utf-8"))
    assert not found.open
    assert len(found.ids) == len(set(found.ids))
    assert {link for link in found.links if link.startswith("#")} <= {f"#{id}" for id in found.ids}
    assert all(source.startswith("data:image/") for source in found.loaded)
    assert "url(" not in found.words
    assert "@import" not in found.words
    return found


@pytest.fixture
def decay(tmp_path: Path) -> Path:
    path = tmp_path / "decay.bngl"
    path.write_text(DECAY, encoding="utf-8")
    return path


def test_a_page_holds_what_was_found_and_where_it_failed(
    mtorules: Call, decay: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    ask = ("report", decay, "--analyses", "time-course, control", "--output", out)
    done = mtorules(*ask)
    assert done.status == 0
    found = page(out)
    assert len(found.loaded) == 1
    assert f"{100 * math.exp(-1e-4 * 24 * 3600):.4g}" in found.words
    assert f"mtorules analyse time-course {decay}" in found.words
    assert "Failed. No readout is above zero at rest" in found.words
    assert "This part failed: No readout" in done.err

    kept = tmp_path / "report_parts/time-course/part.json"
    told = json.loads(kept.read_text(encoding="utf-8"))
    told["answer"]["said"] = ["This was kept."]
    kept.write_text(json.dumps(told), encoding="utf-8")
    assert mtorules(*ask, "--quiet").status == 0
    assert "This was kept." in page(out).words

    decay.write_text(DECAY.replace("1e-4", "2e-5"), encoding="utf-8")
    assert mtorules(*ask, "--quiet").status == 0
    found = page(out)
    assert "This was kept." not in found.words
    assert f"{100 * math.exp(-2e-5 * 24 * 3600):.4g}" in found.words


def test_a_page_in_which_all_failed_is_written_but_no_success(
    mtorules: Call, decay: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    done = mtorules("report", decay, "--analyses", "control", "-o", out, "--quiet")
    assert done.status == 1
    assert "No analysis gave an answer" in done.err
    assert "Failed." in page(out).words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--analyses", "time-cours"), "Did you mean 'time-course'"),
        (("--analyses", ","), "No analysis is named"),
        (("--output", "report.txt"), "does not end in .html or .pdf"),
        (("--output", "nowhere/report.html"), "there is no folder"),
        (("--parameters", "nowhere.csv"), "nowhere.csv"),
        (("--workers", "0"), "workers"),
    ],
)
def test_wrong_usage_is_said_in_one_line(
    mtorules: Call, decay: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = mtorules("report", decay, *arguments)
    assert done.status == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_model_that_is_not_there_is_wrong_usage(mtorules: Call, tmp_path: Path) -> None:
    done = mtorules("report", tmp_path / "nowhere.bngl", "-o", tmp_path / "report.html")
    assert done.status == 2
    assert not (tmp_path / "report.html").exists()


@pytest.mark.skipif(find_spec("weasyprint") is not None, reason="WeasyPrint is there")
def test_a_pdf_is_refused_before_any_work_where_nothing_can_write_it(
    mtorules: Call, decay: Path, tmp_path: Path
) -> None:
    done = mtorules("report", decay, "-o", tmp_path / "report.pdf")
    assert done.status == 2
    assert "WeasyPrint" in done.err
    assert list(tmp_path.iterdir()) == [decay]


def planned() -> Iterator[tuple[str, plan.Part]]:
    read = plan.read()
    for model, report in read.reports.items():
        yield from ((model, part) for part in report.parts)
    yield from (("m", part) for part in read.of("m", list(read.headings)).parts)


@pytest.mark.parametrize(
    ("model", "part"), list(planned()), ids=lambda each: getattr(each, "id", each)
)
def test_words_of_the_plan_are_those_of_the_commands(model: str, part: plan.Part) -> None:
    command = analyse.get_command(click.Context(analyse), part.analysis)
    assert command is not None
    context = command.make_context(part.analysis, part.arguments(model), **HELP)
    assert context.params["model"] == model


def test_claims_of_the_plan_are_those_of_the_reviews() -> None:
    reports = plan.read().reports.values()
    parts = [part for report in reports for part in report.parts]
    assert reading.read().select([id for part in parts for id in part.claims])
