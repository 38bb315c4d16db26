"""A report as one HTML page that needs nothing beside it: pictures and style stand inside."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, Final

from . import plan
from .kept import Kept
from .plan import Part, PlanError, Report

# Rows of a table that stand on the page.
_ROWS: Final = 12
# An SVG larger than this stands as PNG.
_LARGE: Final = 300_000
_STYLE: Final = Path(__file__).with_name("style.css")


@dataclass(frozen=True)
class Done:
    """A part with what it came to, or why it failed.

    Attributes
    ----------
    part : Part
        What was asked.
    folder : Path
        Where its files are.
    command : str
        What asks the same.
    kept : Kept or None
        What came of it.
    failed : str
        Why nothing did.
    """

    part: Part
    folder: Path
    command: str
    kept: Kept | None
    failed: str = ""


@dataclass(frozen=True)
class Judged:
    """Claims of the reviews that the report names, and those that are known to fail.

    Attributes
    ----------
    verdicts : mapping
        By id, as :func:`.pages.data` gives them.
    failing : mapping
        Reasons by id, of all claims that say why the model does not meet them.
    proxies : int
        How many of all claims are on proxies of phenotypes.
    total : int
        How many claims there are.
    failed : str
        Why claims could not be asked, if so.
    """

    verdicts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    failing: Mapping[str, str] = field(default_factory=dict)
    proxies: int = 0
    total: int = 0
    failed: str = ""


def page(
    report: Report, title: str, parts: Sequence[Done], judged: Judged, facts: Mapping[str, str]
) -> str:
    """Return a report as HTML.

    Parameters
    ----------
    report : Report
        What was planned.
    title : str
        For the headline, where the plan has none.
    parts : sequence of Done
        In the order of the page.
    judged : Judged
        What became of the claims.
    facts : mapping
        What was asked of what by what: model, parameters, versions.
    """
    title = report.title or title
    sections = [
        ("found", "In short", _short(parts)),
        *((_id(each), each.part.heading, text) for each, text in _parts(parts, judged)),
        ("claims", "Claims", _claims(judged)),
        ("limits", "Limits", _limits(report, judged)),
        ("provenance", "Provenance", _provenance(facts, parts)),
    ]
    sections = [each for each in sections if each[2]]
    contents = "".join(f'<li><a href="#{id}">{escape(head)}</a></li>' for id, head, _ in sections)
    body = "\n".join(
        f'<section><h2 id="{id}">{escape(head)}</h2>\n{text}\n</section>'
        for id, head, text in sections
    )
    lead = f"<p>{escape(report.lead)}</p>" if report.lead else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>"
        f"</head>\n<body>\n<h1>{escape(title)}</h1>\n{lead}\n"
        f'<nav aria-label="Contents"><ol>{contents}</ol></nav>\n<main>\n{body}\n</main>\n'
        "</body></html>\n"
    )


def _id(done: Done) -> str:
    return f"part-{done.part.id}"


# -- what was found ------------------------------------------------------------------------------


def _short(parts: Sequence[Done]) -> str:
    rows = [
        f'<li>{escape(said)} <a href="#{_id(each)}">More</a></li>'
        for each in parts
        if (said := _first(each))
    ]
    return f"<ul>{''.join(rows)}</ul>" if rows else ""


def _first(done: Done) -> str:
    """Return the sentence of the plan that tells a part in short; empty if it has no number."""
    return next(iter(_said(done)[0]), "")


def _said(done: Done) -> tuple[list[str], list[str]]:
    """Return what the plan's sentences come to, and why some have no numbers."""
    found: list[str] = []
    faults: list[str] = []
    if done.kept is None:
        return found, faults
    for sentence in done.part.say:
        try:
            found.append(plan.said(sentence, done.kept.answer))
        except PlanError as error:
            faults.append(f"A sentence has no number: {error}")
    for words in done.part.quote:
        try:
            found += plan.quoted(words, done.kept.answer)
        except PlanError as error:
            faults.append(f"A sentence is missing: {error}")
    return found, faults


def _parts(parts: Sequence[Done], judged: Judged) -> Iterator[tuple[Done, str]]:
    number = 0
    for each in parts:
        text = []
        if each.kept is None:
            text.append(f'<p class="failed"><strong>Failed.</strong> {escape(each.failed)}</p>')
        else:
            found, faults = _said(each)
            text += [f"<p>{escape(sentence)}</p>" for sentence in found]
            left = [text for text in each.kept.answer["said"] if text not in found]
            caption = " ".join([*left, *faults])
            if each.kept.pictures:
                number += 1
                stems = [each.folder / name for name in each.kept.pictures]
                text.append(_figure(stems, number, each.kept.answer["title"], caption))
            text.append(_table(each.kept.answer["table"], f"{each.kept.answer['analysis']}_table"))
        text += _bearing(each.part.claims, judged)
        if each.part.limits:
            text.append(
                f'<p class="limits"><strong>Limits.</strong> {escape(each.part.limits)}</p>'
            )
        text.append(f"<pre><code>{escape(each.command)}</code></pre>")
        yield each, "\n".join(text)


def _figure(stems: Sequence[Path], number: int, title: str, said: str) -> str:
    images = "".join(_image(stem, title) for stem in stems)
    return (
        f'<figure id="figure-{number}">{images}<figcaption><strong>Figure {number}. '
        f"{escape(title)}.</strong> {escape(said)}</figcaption></figure>"
    )


def _image(stem: Path, title: str) -> str:
    drawn = stem.with_suffix(".svg")
    if not drawn.is_file() or drawn.stat().st_size > _LARGE:
        drawn = stem.with_suffix(".png")
    kind = "svg+xml" if drawn.suffix == ".svg" else "png"
    text = base64.b64encode(drawn.read_bytes()).decode("ascii")
    told = escape(f"{title} ({stem.name.replace('_', ' ')})")
    return f'<img alt="{told}" src="data:image/{kind};base64,{text}">'


def _table(rows: Sequence[Mapping[str, Any]], file: str) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(str(name))}</th>" for name in rows[0])
    body = "".join(f"<tr>{''.join(map(_cell, row.values()))}</tr>" for row in rows[:_ROWS])
    more = f"{_ROWS} of {len(rows):,} rows; all are in {file}.csv." if len(rows) > _ROWS else ""
    told = f'<p class="more">{more}</p>' if more else ""
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>{told}'


def _cell(value: Any) -> str:
    if value is None:
        return "<td>–</td>"
    if isinstance(value, float):
        return f'<td class="number">{value:.4g}</td>'
    return f"<td>{escape(str(value))}</td>"


# -- claims --------------------------------------------------------------------------------------


def _bearing(ids: Sequence[str], judged: Judged) -> list[str]:
    rows = [
        f'<li><a href="#claim-{id}">{escape(judged.verdicts[id]["statement"])}</a> '
        f"{_verdict(judged.verdicts[id])}</li>"
        for id in ids
        if id in judged.verdicts
    ]
    return [f"<h3>What the reviews say of it</h3><ul>{''.join(rows)}</ul>"] if rows else []


def _verdict(verdict: Mapping[str, Any]) -> str:
    word, style = ("holds", "good") if verdict["passed"] else ("fails", "bad")
    return f'<span class="{style}">{word}</span>'


def _claims(judged: Judged) -> str:
    if judged.failed:
        return f'<p class="failed"><strong>Failed.</strong> {escape(judged.failed)}</p>'
    if not judged.verdicts:
        return ""
    text = [
        "<p>Each claim is a statement of two reviews with checks that the model was put to just as "
        "the figures were. A margin below zero is a check that fails; of folds it is a logarithm."
        "</p><dl>"
    ]
    for id, each in judged.verdicts.items():
        proxy = ", on a proxy of a phenotype" if each["scope"] == "phenotype-proxy" else ""
        text.append(
            f'<dt id="claim-{escape(id)}">{escape(each["statement"])} {_verdict(each)}</dt>'
            f'<dd class="quiet"><code>{escape(id)}</code>{proxy}; margin '
            f"{_short_number(each['margin'])}</dd>"
        )
        if not each["passed"] and each["fails"]:
            text.append(f"<dd>{escape(each['fails'])}</dd>")
        worst = min(each["checks"], key=lambda check: _order(check["margin"]))
        cell = f" ({worst['cell']})" if worst["cell"] else ""
        told = worst["problem"] or (
            f"{worst['what']}{cell}: {_short_number(worst['value'])}, expected {worst['expected']}"
        )
        text.append(f'<dd class="quiet">Decided by: {escape(told)}</dd>')
    return "\n".join([*text, "</dl>"])


def _order(margin: float | None) -> float:
    return -float("inf") if margin is None else margin


def _short_number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _limits(report: Report, judged: Judged) -> str:
    text = [f"<p>{escape(report.limits)}</p>"] if report.limits else []
    if judged.total:
        text.append(
            f"<p>Of {judged.total} claims of the reviews {judged.proxies} are judged by proxies of "
            f"phenotypes, and {len(judged.failing)} are known to fail:</p><dl>"
        )
        for id, reason in judged.failing.items():
            text.append(f"<dt><code>{escape(id)}</code></dt><dd>{escape(reason)}</dd>")
        text.append("</dl>")
    return "\n".join(text)


# -- where it comes from -------------------------------------------------------------------------


def _provenance(facts: Mapping[str, str], parts: Sequence[Done]) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in facts.items()
    )
    made = "".join(
        f"<tr><td>{escape(each.part.heading)}</td><td>{escape(each.part.analysis)}</td>"
        + (
            f'<td class="number">{each.kept.seconds:.0f} s</td><td>{escape(each.kept.made)}</td>'
            if each.kept
            else "<td>–</td><td>failed</td>"
        )
        + "</tr>"
        for each in parts
    )
    return (
        f'<div class="wide"><table>{rows}</table></div>\n<h3>Parts</h3>\n<div class="wide"><table>'
        f"<tr><th>part</th><th>analysis</th><th>took</th><th>made</th></tr>{made}</table></div>"
    )
