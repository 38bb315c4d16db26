"""Verdicts as text, as data and as pages: statement, measured value against bound, margin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from ....network.files import replacing
from ....simulation.engines import Loaded
from .. import schema
from ..evaluation import Judge, Outcome, Verdict
from ..schema import Claim
from . import charts, curves, involved
from .drawing import number
from .sentences import described

# The list of all claims, and devices that Windows takes such names for.
_TAKEN: Final = frozenset(
    ("index", "con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10)))
)


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


def write(
    verdicts: Sequence[Verdict], judge: Judge, loaded: Loaded, folder: Path, title: str
) -> list[Path]:
    """Write a page for each claim, and ``index.html`` that lists them; return the paths.

    Parameters
    ----------
    verdicts : sequence of Verdict
        What the claims came to.
    judge : Judge
        What they were judged by; it holds the courses that are drawn.
    loaded : Loaded
        The model; where it comes with a network, pages list the rules that matter.
    folder : Path
        Where to; it is made if it is not there.
    title : str
        Of the index.

    Raises
    ------
    OSError
        If a page cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rules = None if loaded.network is None else involved.Rules(loaded.network, loaded)
    paths = []
    for verdict in verdicts:
        path = folder / _file(verdict.claim)
        _save(path, verdict.claim.id, _page(verdict, judge, rules))
        paths.append(path)
    index = folder / "index.html"
    _save(index, title, _index(verdicts, judge))
    return [index, *paths]


# -- the index -----------------------------------------------------------------------------------


def _index(verdicts: Sequence[Verdict], judge: Judge) -> str:
    passed = sum(verdict.passed for verdict in verdicts)
    parts = [f"<p>{passed} of {len(verdicts)} claims pass.</p>"]
    kinds = [k for k in schema.KINDS if any(verdict.claim.kind == k for verdict in verdicts)]
    if kinds:
        parts.append(_counts(verdicts, kinds))
        parts.append("<p>The margin says how far inside its bounds the deciding number lies, ")
        parts.append("as the logarithm of a fold where folds are compared.</p>")
    failing = [verdict for verdict in verdicts if not verdict.passed]
    if failing:
        parts.append("<h2>Claims that fail</h2><dl>")
        for verdict in failing:
            why = verdict.claim.fails or "Nobody has said yet why."
            parts.append(f"<dt>{_link(verdict)} ({number(verdict.margin)})</dt>")
            parts.append(f"<dd>{escape(verdict.claim.statement)} <em>{escape(why)}</em></dd>")
        parts.append("</dl>")
    for kind in kinds:
        parts.append(f'<h2 id="{kind}">{kind.capitalize()}</h2><div class="wide"><table>')
        parts.append("<tr><th></th><th>claim</th><th>margin</th><th>statement</th></tr>")
        for verdict in verdicts:
            if verdict.claim.kind == kind:
                parts.append(
                    f'<tr class="{_class(verdict.passed)}"><td>{_word(verdict.passed)}</td>'
                    f"<td>{_link(verdict)}</td><td>{number(verdict.margin)}</td>"
                    f"<td>{escape(verdict.claim.statement)}</td></tr>"
                )
        parts.append("</table></div>")
    beyond = [claim for claim in judge.bound.claims if not claim.checks]
    if beyond:
        parts.append("<h2>Out of scope</h2><dl>")
        for claim in beyond:
            parts.append(f'<dt id="{claim.id}">{claim.id}</dt>')
            parts.append(f"<dd>{escape(claim.statement)} <em>{escape(claim.why)}</em></dd>")
        parts.append("</dl>")
    return "\n".join(parts)


def _counts(verdicts: Sequence[Verdict], kinds: Sequence[str]) -> str:
    rows = ["<table><tr><th>kind</th><th>claims</th><th>pass</th><th>fail</th></tr>"]
    for kind in kinds:
        held = [verdict.passed for verdict in verdicts if verdict.claim.kind == kind]
        rows.append(
            f'<tr><td><a href="#{kind}">{kind}</a></td><td>{len(held)}</td><td>{sum(held)}</td>'
            f"<td>{len(held) - sum(held)}</td></tr>"
        )
    return "\n".join([*rows, "</table>"])


def _link(verdict: Verdict) -> str:
    return f'<a href="{_file(verdict.claim)}">{verdict.claim.id}</a>'


def _file(claim: Claim) -> str:
    """Return what the page of a claim is called; no id holds an underscore."""
    return f"{claim.id}{'_' * (claim.id in _TAKEN)}.html"


# -- the page of a claim -------------------------------------------------------------------------


def _page(verdict: Verdict, judge: Judge, rules: involved.Rules | None) -> str:
    claim = verdict.claim
    parts = [
        f'<p class="statement">{escape(claim.statement)}</p>',
        f'<p class="{_class(verdict.passed)}"><strong>The claim {_word(verdict.passed)}</strong>, '
        f"with a margin of {number(verdict.margin)}.</p>",
    ]
    fails = claim.fails
    if not verdict.passed and not fails:
        fails = "Nobody has said yet why."
    kind = [f"Review {claim.review}" if claim.review != "both" else "Both reviews"]
    kind += [claim.kind, claim.scope, *["acceptance core"] * claim.core]
    parts.append(f"<p>{escape(', '.join(kind))}.</p>")
    about = {
        "Why it fails" if not verdict.passed else "Said to fail, for": fails,
        "Mechanism": claim.mechanism,
        "Basis of the numbers": claim.basis,
        "Differs from the source": claim.deviation,
        "References": ", ".join(claim.references),
    }
    parts.append("<dl>")
    for term, text in about.items():
        if text:
            parts.append(f"<dt>{term}</dt><dd>{escape(text)}</dd>")
    parts.append("</dl><h2>Checks</h2>")
    parts.append(_figure(charts.measured(verdict.outcomes)))
    parts.append(_table(verdict.outcomes))
    drawn = [
        *curves.series(judge, claim),
        *charts.panels(judge, claim),
        *curves.courses(judge, claim),
    ]
    if drawn:
        parts.append("<h2>What was seen</h2>")
        parts += map(_figure, drawn)
    parts.append("<h2>Experiments</h2><dl>")
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
        parts.append(f"<dt>{escape(name)}</dt><dd>{escape(told or 'as the model is')}</dd>")
    if not claim.experiments:
        parts.append("<dt>None</dt><dd>The species of the network are looked at.</dd>")
    parts.append("</dl><h2>Rules involved</h2>")
    parts.append(_involved(rules, claim, judge))
    parts.append('<p><a href="index.html">All claims</a></p>')
    return "\n".join(parts)


def _figure(chart: charts.Chart) -> str:
    return f"<figure>{chart.svg}<figcaption>{escape(chart.caption)}</figcaption></figure>"


def _table(outcomes: Sequence[Outcome]) -> str:
    parts = ['<details><summary>The numbers</summary><div class="wide"><table>']
    parts.append(
        "<tr><th></th><th>measured</th><th>cell</th><th>value</th><th>expected</th>"
        "<th>margin</th></tr>"
    )
    for outcome in outcomes:
        parts.append(
            f'<tr class="{_class(outcome.passed)}"><td>{_word(outcome.passed)}</td>'
            f"<td>{escape(described(outcome.check))}</td><td>{escape(outcome.cell)}</td>"
            f"<td>{number(outcome.value)}</td><td>{escape(outcome.expected)}</td>"
            f"<td>{number(outcome.margin)}</td></tr>"
        )
        if outcome.problem:
            parts.append(f'<tr><td></td><td colspan="5">{escape(outcome.problem)}</td></tr>')
    parts.append("</table></div></details>")
    return "\n".join(parts)


def _involved(rules: involved.Rules | None, claim: Claim, judge: Judge) -> str:
    if rules is None:
        return "<p>The model was read from a file that holds no rules, so none can be named.</p>"
    groups = rules.of(claim, judge.binder)
    if not groups:
        return "<p>No rule changes what is read, or meets what the experiments set or dose.</p>"
    parts = []
    for group in groups:
        count = len(group.rules) + group.more
        many = f"{count} rules {group.reason}" if count > 1 else f"1 rule: {group.reason}"
        parts.append(f'<h3>{many}</h3><div class="wide"><table>')
        parts.append("<tr><th>what it does</th><th>by</th><th>rule</th><th>file</th></tr>")
        # Rules that say the same of different complexes share a row.
        alike: dict[tuple[str, str], list[involved.Involved]] = {}
        for rule in group.rules:
            alike.setdefault((rule.mechanism, rule.sentence), []).append(rule)
        for (mechanism, sentence), several in alike.items():
            why = sorted({name for rule in several for name in rule.why})
            names = "<br>".join(f"<code>{escape(rule.name)}</code>" for rule in several)
            parts.append(
                f"<tr><td>{escape(sentence)}</td><td>{escape(', '.join(why))}</td>"
                f"<td>{names}</td><td>{escape(mechanism)}</td></tr>"
            )
        parts.append("</table></div>")
        if group.more:
            parts.append(f"<p>And {group.more} more.</p>")
    return "\n".join(parts)


def _class(passed: bool) -> str:
    return "pass" if passed else "fail"


def _word(passed: bool) -> str:
    return "passes" if passed else "fails"


_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;color:#222;max-width:62rem;margin:1.5rem auto;"
    "padding:0 1rem}h1{overflow-wrap:anywhere;font-size:1.6rem}table{border-collapse:collapse}"
    "td,th{text-align:left;padding:.2rem .8rem .2rem 0;vertical-align:top;"
    "border-bottom:1px solid #ddd}.fail td:first-child,p.fail strong{color:#B34700;"
    "font-weight:bold}.pass td:first-child,p.pass strong{color:#00734F}"
    ".statement{font-size:1.2rem}dt{font-weight:bold;overflow-wrap:anywhere}"
    "dd{margin:0 0 .4rem 1rem}h3{font-size:1rem}figure{margin:1rem 0;max-width:32rem}"
    "figure svg{width:100%;height:auto}figcaption{font-size:.85rem;color:#555}"
    ".wide{overflow-x:auto}code{font-size:.85rem}summary{cursor:pointer}"
)


def _save(path: Path, title: str, body: str) -> None:
    text = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{body}\n</body></html>\n"
    )
    with replacing(path) as scratch:
        scratch.write_text(text, encoding="utf-8")
