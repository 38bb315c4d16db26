"""Pages are whole by themselves, say what was measured, and lead to each other."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from mtorules.analysis.claims.evaluation import Judge, Verdict
from mtorules.analysis.claims.pages import pages
from mtorules.simulation.engines import Loaded

Judged = Callable[..., tuple[Verdict, Judge]]

HOLDS = "{ratio: X, of: drug, to: vehicle, at: 1 h, to_at: rest, expect: <= 1}"
FAILS = "{value: X, of: vehicle, expect: <= 1}"
_VOID = {"meta", "br"}


class Page(HTMLParser):
    """A page taken apart; tags that are left open or close nothing are faults."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        self.links += [given[key] or "" for key in ("href", "src") if key in given]
        self.ids += filter(None, [given.get("id")])
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def written(verdict: Verdict, judge: Judge, loaded: Loaded, folder: Path) -> dict[str, str]:
    paths = pages.write([verdict], judge, loaded, folder, "All of them")
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def test_a_page_shows_statement_figures_numbers_and_rules(
    judged: Judged, rapamycin: Loaded, tmp_path: Path
) -> None:
    verdict, judge = judged(HOLDS, FAILS)
    page = Page(written(verdict, judge, rapamycin, tmp_path / "pages")["a-claim.html"])
    assert "It is so & stays <so>." in page.text
    assert page.tags["svg"] == page.tags["figure"] == 2  # numbers against bounds, and the course
    assert "The claim fails" in page.text
    for told in ("expected ≤ 1", "RAPA 2 nM", "Rules involved", "MTORC1 over time"):
        assert told in page.text
    rules = {rule.name for rule in rapamycin.network.rules} if rapamycin.network else set()
    shown = set(re.findall(r"\w+", page.text)) & rules
    assert shown
    assert page.links == ["index.html"]
    assert page.tags["script"] == page.tags["link"] == page.tags["img"] == 0


def test_the_index_counts_and_says_why_claims_fail(
    judged: Judged, rapamycin: Loaded, tmp_path: Path
) -> None:
    verdict, judge = judged(FAILS, fails="The bound is absurd.")
    page = Page(written(verdict, judge, rapamycin, tmp_path / "pages")["index.html"])
    assert "0 of 1 claims pass." in page.text
    assert "The bound is absurd." in page.text
    assert {link for link in page.links if not link.startswith("#")} == {"a-claim.html"}
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_a_claim_that_fails_without_a_reason_says_so(
    judged: Judged, rapamycin: Loaded, tmp_path: Path
) -> None:
    verdict, judge = judged(FAILS)
    for text in written(verdict, judge, rapamycin, tmp_path / "pages").values():
        assert "Nobody has said yet why." in text


def test_a_claim_that_holds_is_not_among_those_that_fail(
    judged: Judged, rapamycin: Loaded, tmp_path: Path
) -> None:
    verdict, judge = judged(HOLDS)
    index = Page(written(verdict, judge, rapamycin, tmp_path / "pages")["index.html"])
    assert "1 of 1 claims pass." in index.text
    assert "Claims that fail" not in index.text


def test_a_model_from_elsewhere_has_no_rules_to_name(
    judged: Judged, rapamycin: Loaded, tmp_path: Path
) -> None:
    verdict, judge = judged(HOLDS)
    alone = replace(rapamycin, network=None, report=None)
    text = written(verdict, judge, alone, tmp_path / "pages")["a-claim.html"]
    assert "holds no rules" in Page(text).text


def test_a_failed_experiment_is_told_on_the_page(
    judged: Judged, rapamycin: Loaded, tmp_path: Path
) -> None:
    verdict, judge = judged(HOLDS, error="The integrator <gave up>.")
    page = Page(written(verdict, judge, rapamycin, tmp_path / "pages")["a-claim.html"])
    assert "The integrator <gave up>." in page.text


@pytest.mark.parametrize(
    "check",
    [
        "{monotone: X, of: series, at: 1 h, expect: falling}",
        "{share: {value: X, of: vehicle}, within: '>= 7', panel: three, expect: '>= 0.5'}",
        "{time_to: X, of: drug, falls_to: 0.5, within: 4 h, expect: 30 min .. 1 h}",
        "{exists: MTOR()}",
    ],
)
def test_pages_are_whole_and_the_same_each_time(
    judged: Judged, rapamycin: Loaded, tmp_path: Path, check: str
) -> None:
    first = written(*judged(check), rapamycin, tmp_path / "one")
    second = written(*judged(check), rapamycin, tmp_path / "two")
    assert first == second
    for text in first.values():
        page = Page(text)
        assert len(page.ids) == len(set(page.ids))
        assert "nan" not in re.findall(r'="(\w+)"', text)
