from pathlib import Path
from typing import Any

from mtorules.analysis.report import page
from mtorules.analysis.report.kept import Kept
from mtorules.analysis.report.page import Done, Judged
from mtorules.analysis.report.plan import Number, Part, Report, Sentence


def verdict(*, passed: bool, margin: float | None) -> dict[str, Any]:
    check = {
        **{"what": "ratio of A", "cell": "", "value": 0.5, "expected": "<= 1", "margin": margin},
        **{"passed": passed, "problem": ""},
    }
    return {
        **{"statement": "A < B", "scope": "phenotype-proxy", "passed": passed, "margin": margin},
        **{"fails": "" if passed else "too much of A", "checks": [check]},
    }


def made(folder: Path, **more: Any) -> str:
    (folder / "drawn.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    part = Part(
        id="one",
        heading="Is A < B?",
        analysis="time-course",
        say=[Sentence(text="A is {:.1f}.", numbers=[Number(column="last", where={"A": "x"})])],
        claims=["a"],
        limits="A & B alone.",
    )
    answer = {
        **{"analysis": "time_course", "title": "Courses", "said": [], "tables": {}},
        "table": [{"A": "x", "last": 2.0, "besides": None}, *({"A": f"{i}"} for i in range(20))],
    }
    kept = Kept("key", "mtorules analyse", 3.0, "2020-01-01", answer, ["drawn"])
    done = [
        Done(part, folder, "mtorules analyse", kept),
        Done(part.model_copy(update={"id": "two"}), folder, "mtorules", None, "<why>"),
    ]
    judged = Judged({"a": verdict(**more)}, {"a": "too much of A"}, 1, 3)
    report = Report(title="A & B", limits="Much.", parts=[])
    return page.page(report, "", done, judged, {"model": "<m>"})


def test_text_is_escaped_and_sentences_have_numbers(tmp_path: Path) -> None:
    text = made(tmp_path, passed=True, margin=0.2)
    assert "<h1>A &amp; B</h1>" in text
    assert text.count("A is 2.0.") == 2  # in short, and in its place
    assert "&lt;why&gt;" in text
    assert "12 of 21 rows; all are in time_course_table.csv." in text
    assert "<td>&lt;m&gt;</td>" in text
    assert "Of 3 claims of the reviews 1 are judged by proxies" in text


def test_statements_lead_to_claims_and_claims_that_fail_say_why(tmp_path: Path) -> None:
    text = made(tmp_path, passed=False, margin=None)
    assert '<a href="#claim-a">A &lt; B</a> <span class="bad">fails</span>' in text
    assert '<dt id="claim-a">' in text
    assert "<dd>too much of A</dd>" in text


def test_a_large_drawing_stands_as_png(tmp_path: Path) -> None:
    made(tmp_path, passed=True, margin=0.1)
    (tmp_path / "drawn.png").write_bytes(b"png")
    assert "data:image/svg+xml" in made(tmp_path, passed=True, margin=0.1)
    stem = tmp_path / "drawn"
    stem.with_suffix(".svg").write_text(" " * 400_000, encoding="utf-8")
    assert "data:image/png;base64,cG5n" in page._figure([stem], 1, "Courses", "")
