"""The page in a real browser: everything by keyboard, on any screen, without another host.

Where there is no Chromium, or no Playwright to drive it, these tests are skipped and say so.
"""

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium on this machine")

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
DECAY = Path(__file__).with_name("decay.xml")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def visit(browser: Any, server: Any) -> Iterator[Callable[..., Any]]:
    """Open the page; nothing may go wrong on it, and nothing may be asked of another host."""
    contexts, faults = [], []
    own = urlsplit(server.url).netloc

    def opened(hash_: str = "", url: str = server.url, **settings: Any) -> Any:
        context = browser.new_context(**{"viewport": WIDE, "accept_downloads": True, **settings})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: asked(request.url))
        page.goto(url + hash_)
        page.wait_for_selector("body[data-took]")
        return page

    def asked(url: str) -> None:
        if url.startswith("http") and urlsplit(url).netloc != own:
            faults.append(f"{url} was asked for")

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


def drawn(page: Any) -> dict[str, Any]:
    return json.loads(page.get_attribute("body", "data-drawn"))


def wait_drawn(page: Any, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    found = drawn(page)
    for _ in range(300):
        if wanted(found):
            return found
        time.sleep(0.05)
        found = drawn(page)
    raise AssertionError(found)


def test_a_slider_moves_the_courses_in_under_a_second(visit: Callable[..., Any]) -> None:
    page = visit()
    page.focus("#slide-0")
    took, found = [], drawn(page)
    for _ in range(5):
        before = drawn(page)["drugs"][0]["dose"]
        page.keyboard.press("ArrowLeft")
        found = wait_drawn(page, lambda s, old=before: s["drugs"][0]["dose"] < old)
        took.append(int(page.get_attribute("body", "data-took")))
    assert sorted(took)[2] < 1000
    assert f"{found['drugs'][0]['dose']:g}" in page.inner_text("#pins")
    assert page.locator("#charts figure svg").count() == len(found["readouts"])
    label = page.locator("#charts figure svg").first.get_attribute("aria-label")
    assert "over time. At the end" in label


def test_a_cell_and_readouts_are_chosen_by_keyboard_alone(visit: Callable[..., Any]) -> None:
    page = visit()
    page.focus("#cell-add")
    page.keyboard.type("rptor_50pct")
    page.keyboard.press("Enter")
    wait_drawn(page, lambda s: s["conditions"] == ["RPTOR_50pct"])
    page.keyboard.type("FKBP1A_null")
    page.keyboard.press("Enter")
    wait_drawn(page, lambda s: s["conditions"] == ["RPTOR_50pct", "FKBP1A_null"])
    page.focus("#dish-add")
    page.keyboard.type("AA0")
    page.keyboard.press("Enter")
    wait_drawn(page, lambda s: "AA0" in s["conditions"])
    page.focus("#readout-add")
    page.keyboard.type("mtorc2")
    page.keyboard.press("Enter")
    wait_drawn(page, lambda s: "MTORC2" in s["readouts"])
    page.get_by_role("button", name="Remove FKBP1A_null").press("Enter")
    wait_drawn(page, lambda s: "FKBP1A_null" not in s["conditions"])
    page.focus("#cell-add")
    page.keyboard.type("nothing_such")
    page.keyboard.press("Enter")
    assert not page.evaluate("() => document.getElementById('cell-add').validity.valid")


def test_the_keyboard_reaches_everything_in_order(visit: Callable[..., Any]) -> None:
    page = visit()
    page.evaluate("() => document.activeElement.blur()")
    seen = []
    for _ in range(80):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("() => document.activeElement.id || document.activeElement.textContent")
        )
        if seen[-1] == "pin":
            break
    order = [
        seen.index(name)
        for name in ("model", "bring", "cell-add", "slide-0", "until", "t-courses", "pin")
    ]
    assert order == sorted(order)
    page.focus("#t-courses")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("#t-map", "aria-selected") == "true"
    assert page.is_visible("#p-map")
    page.keyboard.press("End")
    assert page.is_visible("#p-take")


def test_scenarios_are_pinned_and_a_link_restores_all_of_it(visit: Callable[..., Any]) -> None:
    page = visit()
    page.click("#pin")
    page.fill("#dose-0", "0.5")
    wait_drawn(page, lambda s: s["drugs"][0]["dose"] == 0.5)
    page.fill("#out-0", "12")
    wait_drawn(page, lambda s: s["drugs"][0]["washout"] == 12)
    assert page.locator("#pins li").count() == 3  # now, pinned, untreated
    page.click("#t-take")
    link = page.input_value("#link")
    other = visit(url=link)  # another session
    assert drawn(other) == drawn(page)
    assert other.is_visible("#p-take")
    assert other.locator("#pins li").count() == 3
    assert other.input_value("#out-0") == "12"


def test_three_compounds_at_most_and_pins_four(visit: Callable[..., Any]) -> None:
    page = visit()
    for _ in range(2):
        page.click("#drug-put")
    assert page.is_disabled("#drug-put")
    # Two rapalogs at once make no sense; the page says so as the command line does.
    page.wait_for_selector("#error:not([hidden])")
    assert "one compound of its class" in page.inner_text("#error")
    page.click("button:has-text('Remove rapamycin')")
    page.click("#drugs fieldset:nth-of-type(2) button")
    page.wait_for_selector("#error", state="hidden")
    for dose in range(1, 6):
        page.fill("#dose-0", str(dose))
        wait_drawn(page, lambda s, d=dose: s["drugs"][0]["dose"] == d)
        if dose < 5:
            page.click("#pin")
    assert page.is_disabled("#pin")


def test_the_map_is_walked_by_keys_and_shows_rules(visit: Callable[..., Any]) -> None:
    page = visit()
    page.click("#t-map")
    page.wait_for_selector("#most li button")
    node = page.locator("#m-S6K")
    label = node.get_attribute("aria-label")
    assert re.search(r"S6K: \w+ [\d.e-]+ nM, untreated [\d.e-]+ nM, [\d.e-]+-fold|S6K: \w+", label)
    node.hover()
    assert "Ribosomal" in page.inner_text("#tip") or "kinase" in page.inner_text("#tip")
    rects = page.locator("#map rect").all()
    assert len({rect.get_attribute("fill") for rect in rects}) > 3
    page.locator("#map .node[tabindex='0']").focus()
    first = page.evaluate("() => document.activeElement.id")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("() => document.activeElement.id") != first
    page.keyboard.press("Enter")
    page.wait_for_selector("#part h3")
    assert page.locator("#part details").count() > 0
    page.locator("#part details:has(table) summary").first.click()
    assert page.locator("#part details[open] table").first.is_visible()
    page.focus("#moment")
    page.keyboard.press("Home")
    assert page.inner_text("#moment-said") == "0 h"
    most = page.locator("#most button").all_inner_texts()
    assert most == ["RAPA"]  # it has been added, and nothing has answered yet


def test_dose_response_and_claims(visit: Callable[..., Any]) -> None:
    page = visit()
    page.click("#t-dose")
    page.click("#dose-go")
    page.wait_for_selector("#dose-out figure svg", timeout=120_000)
    assert "IC50" in page.inner_text("#dose-out")
    page.click("#t-claims")
    page.wait_for_selector("#claims li button")
    page.locator("#claims li button").first.click()
    page.wait_for_selector("#claims li span[role=status]:not(:empty)")


def test_things_are_taken_away(visit: Callable[..., Any]) -> None:
    page = visit()
    page.click("#t-take")
    for kind, begins in (("csv", b"time (s),"), ("svg", b"<svg"), ("png", b"\x89PNG")):
        with page.expect_download() as waited:
            page.click(f"#take-{kind}")
        path = waited.value.path()
        data = Path(path).read_bytes()
        assert data.startswith(begins)
        if kind == "svg":
            assert b"var(--" not in data
            assert data.count(b">time (h)<") == len(drawn(page)["readouts"])
            assert data.count(b"<path") > 10  # ticks and lines
            assert data.count(b"<svg") == 1 + len(drawn(page)["readouts"])
    assert page.inner_text("#commands").startswith("mtorules analyse time-course translation")
    assert "mt.Simulator" in page.inner_text("#python")


def test_a_file_of_ones_own_is_brought(visit: Callable[..., Any], tmp_path: Path) -> None:
    page = visit()
    page.set_input_files("#file", str(DECAY))
    wait_drawn(page, lambda s: s["model"].startswith("upload:"))
    assert page.is_hidden("#cell-add")
    page.click("#numbers summary")
    page.fill("#p-0", "0.5")
    wait_drawn(page, lambda s: s["settings"] == {"k": 0.5})
    page.click("#t-check")
    page.click("#check-go")
    page.wait_for_selector("#check-out:not(:empty)", timeout=90_000)
    broken = tmp_path / "broken.xml"
    broken.write_text("<sbml>", encoding="utf-8")
    page.set_input_files("#file", str(broken))
    page.wait_for_selector("#error:not([hidden])")
    assert "broken.xml" in page.inner_text("#error")
    python = tmp_path / "model.py"
    python.write_text("1", encoding="utf-8")
    page.set_input_files("#file", str(python))
    page.wait_for_selector("#error:has-text('never run')")


def test_a_server_that_was_ended_is_said_and_the_page_goes_on(
    visit: Callable[..., Any], start: Callable[..., Any], server: Any
) -> None:
    page = visit()
    page.route("**/api/course", lambda route: route.abort())
    page.fill("#dose-0", "3")
    page.wait_for_selector("#error:not([hidden])")
    assert "start it again" in page.inner_text("#error")
    page.unroute("**/api/course")
    page.fill("#dose-0", "4")
    wait_drawn(page, lambda s: s["drugs"][0]["dose"] == 4)
    page.wait_for_selector("#error", state="hidden")


def point_at_a_course(page: Any) -> None:
    """Move the pointer over a chart until it tells a number."""
    chart = page.locator("#charts figure svg").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    for share in range(5, 90, 5):
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * share / 100)
        if page.locator("#charts [aria-label=tip] text").count():
            return
    raise AssertionError("no number is told")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_it_is_accessible(visit: Callable[..., Any], viewport: dict[str, int], scheme: str) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    page = visit(viewport=viewport, color_scheme=scheme)
    page.click("#pin")
    page.click("#numbers summary")
    for tab in ("courses", "map", "dose", "synergy", "claims", "take"):
        page.click(f"#t-{tab}")
        if tab == "courses":
            point_at_a_course(page)
        if tab == "map":
            page.wait_for_selector("#most li button")
            page.locator("#most li button").first.click()
            page.wait_for_selector("#part h3")
        if tab == "claims":
            page.wait_for_selector("#claims li button")
        found = axe.Axe().run(page).response["violations"]
        assert [(each["id"], [n["html"][:120] for n in each["nodes"]]) for each in found] == [], tab
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= viewport["width"]
