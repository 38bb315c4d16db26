"""Verdicts as text, as data and as pages: statement, measured value against bound, margin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from ...export.files import replacing
from . import schema
from .evaluation import Outcome, Verdict


def described(check: Any) -> str:
    """Return in words what a check measures."""
    if check.what:
        return check.what
    match check:
        case schema.MeasureCheck():
            return _measured(check)
        case schema.FormulaCheck():
            return check.formula.text
        case schema.Order():
            return f"{check.order.text} is {check.expect}: {', '.join(check.of)}"
        case schema.Monotone():
            return f"{check.monotone.text} is {check.expect} along {check.of}"
        case schema.TimeTo():
            level = check.falls_to if check.falls_to is not None else check.rises_to
            way = "falls" if check.falls_to is not None else "rises"
            return f"time until {check.time_to.text} in {check.of} {way} to {level:g}"
        case schema.Correlation():
            first, second = check.correlation
            return f"rank correlation of {_measured(first)} and {_measured(second)}"
        case schema.Share():
            return f"share with {_measured(check.share)} {check.within}"
        case schema.Exists():
            return f"species that hold {check.exists}"
        case schema.Absent():
            return f"species that hold {check.absent}"
    raise AssertionError(check)


def _measured(measure: schema.Measure) -> str:
    word = "to" if measure.ratio is not None else "minus"
    other = f" {word} {measure.to or measure.of}" if measure.to or measure.to_at else ""
    return f"{measure.readout.text} in {measure.of}{other} at {_moment(measure.at)}"


def _moment(when: schema.When) -> str:
    if when.rest:
        return "rest"
    start = f"{when.start / 3600:g} h"
    return start if when.end is None else f"{when.by} of {start} to {when.end / 3600:g} h"


def data(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Return verdicts as data that JSON can hold."""
    return [
        {
            "id": verdict.claim.id,
            "kind": verdict.claim.kind,
            "scope": verdict.claim.scope,
            "core": verdict.claim.core,
            "statement": verdict.claim.statement,
            "passed": verdict.passed,
            "margin": _finite(verdict.margin),
            "fails": verdict.claim.fails,
            "checks": [
                {
                    "what": described(outcome.check),
                    "cell": outcome.cell,
                    "value": _finite(outcome.value),
                    "expected": outcome.expected,
                    "margin": _finite(outcome.margin),
                    "passed": outcome.passed,
                    "problem": outcome.problem,
                }
                for outcome in verdict.outcomes
            ],
        }
        for verdict in verdicts
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def rows(verdicts: Sequence[Verdict]) -> list[list[str]]:
    """Return one row a claim: verdict, id, margin, and the check that decides."""
    found = []
    for verdict in verdicts:
        worst = min(verdict.outcomes, key=lambda outcome: outcome.margin)
        found.append(
            [
                "pass" if verdict.passed else "FAIL",
                verdict.claim.id,
                _number(verdict.margin),
                worst.problem.partition(".")[0] or _said(worst),
            ]
        )
    return found


def _said(outcome: Outcome) -> str:
    cell = f" ({outcome.cell})" if outcome.cell else ""
    value = _number(outcome.value)
    return f"{described(outcome.check)}{cell}: {value}, expected {outcome.expected}"


def _number(value: float) -> str:
    return f"{value:.3g}"


def write(verdicts: Sequence[Verdict], folder: Path, title: str) -> list[Path]:
    """Write a page for each claim, and ``index.html`` that lists them; return the paths.

    Raises
    ------
    OSError
        If a page cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for verdict in verdicts:
        path = folder / f"{verdict.claim.id}.html"
        _save(path, verdict.claim.id, _page(verdict))
        paths.append(path)
    passed = sum(verdict.passed for verdict in verdicts)
    body = [f"<p>{passed} of {len(verdicts)} claims pass.</p>", "<table>"]
    body.append("<tr><th></th><th>claim</th><th>kind</th><th>margin</th><th>statement</th></tr>")
    for verdict in verdicts:
        claim = verdict.claim
        body.append(
            f"<tr class={_class(verdict.passed)}><td>{_word(verdict.passed)}</td>"
            f'<td><a href="{claim.id}.html">{claim.id}</a></td><td>{claim.kind}</td>'
            f"<td>{_number(verdict.margin)}</td><td>{escape(claim.statement)}</td></tr>"
        )
    body.append("</table>")
    index = folder / "index.html"
    _save(index, title, "\n".join(body))
    return [index, *paths]


def _page(verdict: Verdict) -> str:
    claim = verdict.claim
    parts = [f"<p class=statement>{escape(claim.statement)}</p>"]
    about = {
        "Review": claim.review,
        "Kind": claim.kind,
        "Scope": claim.scope,
        "Mechanism": claim.mechanism,
        "Basis of the numbers": claim.basis,
        "Differs from the source": claim.deviation,
        "Why it fails": claim.fails,
        "References": ", ".join(claim.references),
    }
    parts.append("<dl>")
    for term, text in about.items():
        if text:
            parts.append(f"<dt>{term}</dt><dd>{escape(text)}</dd>")
    parts.append("</dl><h2>Checks</h2><table>")
    parts.append(
        "<tr><th></th><th>measured</th><th>cell</th><th>value</th><th>expected</th>"
        "<th>margin</th><th></th></tr>"
    )
    for outcome in verdict.outcomes:
        parts.append(
            f"<tr class={_class(outcome.passed)}><td>{_word(outcome.passed)}</td>"
            f"<td>{escape(described(outcome.check))}</td><td>{escape(outcome.cell)}</td>"
            f"<td>{_number(outcome.value)}</td><td>{escape(outcome.expected)}</td>"
            f"<td>{_number(outcome.margin)}</td><td>{_bar(outcome)}</td></tr>"
            + (f"<tr><td></td><td colspan=6>{escape(outcome.problem)}</td></tr>")
            * bool(outcome.problem)
        )
    parts.append('</table><h2>Experiments</h2><dl class="experiments">')
    for name, run in claim.experiments.items():
        told = ", ".join(
            filter(
                None,
                (
                    f"like {run.like}" if run.like else "",
                    " + ".join(run.conditions),
                    *(f"{k} = {' | '.join(map(str, v))}" for k, v in run.set.items()),
                    *(f"{k} {' | '.join(map(str, v))}" for k, v in run.doses.items()),
                    *(f"wash out {w}" for w in run.washouts),
                ),
            )
        )
        parts.append(f"<dt>{escape(name)}</dt><dd>{escape(told)}</dd>")
    parts.append('</dl><p><a href="index.html">All claims</a></p>')
    return "\n".join(parts)


def _bar(outcome: Outcome) -> str:
    """Draw the margin: to the right of the line the check holds, to the left it fails."""
    if not math.isfinite(outcome.margin):
        return ""
    length = 40 * math.tanh(outcome.margin)
    left = 50 + min(length, 0.0)
    return (
        '<svg width="100" height="12" role="img" aria-label="margin"><line x1="50" x2="50" y1="0" '
        f'y2="12" stroke="#888"/><rect x="{left:.1f}" y="3" width="{abs(length):.1f}" height="6" '
        f'fill="{"#009E73" if outcome.passed else "#D55E00"}"/></svg>'
    )


def _class(passed: bool) -> str:
    return "pass" if passed else "fail"


def _word(passed: bool) -> str:
    return "pass" if passed else "fails"


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}td,th{text-align:left;padding:.2rem .8rem;vertical-align:top;"
    "border-bottom:1px solid #ddd}.fail td:first-child{color:#D55E00;font-weight:bold}"
    ".pass td:first-child{color:#009E73}.statement{font-size:1.2rem}dt{font-weight:bold}"
)


def _save(path: Path, title: str, body: str) -> None:
    text = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}'
        f"</title><style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n{body}\n"
        "</body></html>\n"
    )
    with replacing(path) as scratch:
        scratch.write_text(text, encoding="utf-8")
