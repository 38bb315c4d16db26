"""The report as one page of HTML that needs no other file, and no network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Final

from . import text as words
from .report import SEVERITIES, Finding, Report, Share

_STYLE: Final = """
:root { color-scheme: light dark; --line: #8884; --error: #c0392b; --warning: #b7791f;
  --note: #5b7083; --bar: #3b7dad; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; margin-bottom: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; margin-top: 2rem; }
.file { margin-top: 0; opacity: .7; overflow-wrap: anywhere; }
.totals { display: flex; gap: 1rem; flex-wrap: wrap; margin: 1rem 0; }
.total { border: 1px solid var(--line); border-radius: 8px; padding: .4rem 1.2rem;
  text-align: center; }
.total b { display: block; font-size: 1.7rem; line-height: 1.3; }
.error b, .error > summary b { color: var(--error); }
.warning b, .warning > summary b { color: var(--warning); }
.note b, .note > summary b { color: var(--note); }
.none b { color: inherit; opacity: .4; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; font-variant-numeric: tabular-nums; }
th { font-weight: 600; }
.number { text-align: right; }
.bar { display: block; height: 4px; border-radius: 2px; background: var(--line); overflow: hidden; }
.bar i { display: block; height: 100%; background: var(--bar); }
details { border-bottom: 1px solid var(--line); padding: .3rem 0; }
summary { cursor: pointer; }
summary span { opacity: .7; }
details p { margin: .3rem 0 .3rem 1.1rem; overflow-wrap: anywhere; }
code { font-size: .92em; }
.scroll { overflow-x: auto; }
footer { margin-top: 2.5rem; opacity: .7; font-size: .85rem; overflow-wrap: anywhere; }
"""


def page(report: Report) -> str:
    """Return the report as a page."""
    title = report.name or report.id or report.file
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}: SBML check</title>",
            f"<style>{_STYLE}</style></head><body>",
            f"<h1>{escape(title)}</h1>",
            f'<p class="file">{escape(report.file)}: {escape(words.standard(report))}, '
            f"{escape(words.holdings(report.counts))}</p>",
            *_totals(report),
            *_findings(report),
            *_coverage(report),
            *_units(report),
            *_annotation(report),
            *_ontology(report),
            *_balance(report),
            *_origin(report),
            f"<footer>{escape(report.tool)}. SHA-256 of the file's text: "
            f"<code>{escape(report.sha256)}</code></footer>",
            "</body></html>",
            "",
        ]
    )


def _totals(report: Report) -> Iterator[str]:
    yield '<div class="totals">'
    for severity in SEVERITIES:
        number = report.number(severity)
        noun = words.counted(number, severity).rpartition(" ")[2]
        state = severity if number else f"{severity} none"
        yield f'<div class="total {state}"><b>{number:,}</b>{noun}</div>'
    yield "</div>"


def _findings(report: Report) -> Iterator[str]:
    yield "<h2>Findings</h2>"
    if not report.findings:
        yield "<p>Nothing.</p>"
    for finding in report.findings:
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    opened = " open" if finding.severity == "error" else ""
    yield f'<details class="{finding.severity}"{opened}><summary><b>{finding.severity}</b> '
    yield (
        f"{escape(finding.title + words.times(finding))} "
        f"<span>{escape(finding.category)}, {escape(finding.code)}</span></summary>"
    )
    if finding.detail:
        yield f"<p>{escape(finding.detail)}</p>"
    if finding.ids:
        more = finding.count - len(finding.ids)
        ids = ", ".join(f"<code>{escape(id)}</code>" for id in finding.ids)
        yield f"<p>{ids}{f' and {more:,} more' if more > 0 else ''}</p>"
    if finding.lines:
        yield f"<p>Lines {', '.join(map(str, finding.lines))}</p>"
    yield "</details>"


def _coverage(report: Report) -> Iterator[str]:
    columns = words.shares(report)
    yield "<h2>Coverage</h2>"
    kinds = [k for k in ("model", *report.counts) if any(k in c for c in columns.values())]
    rows = [
        [
            escape(kind),
            f"{1 if kind == 'model' else report.counts[kind]:,}",
            *(_bar(column.get(kind)) for column in columns.values()),
        ]
        for kind in kinds
    ]
    yield from _table(["", "number", *columns], rows, numbers=(1,))


def _bar(share: Share | None) -> str:
    if share is None:
        return ""
    hint = f"{share.having:,} of {share.total:,}"
    if share.without:
        hint += f"; not {words.listed(share.without, share.total - share.having)}"
    return (
        f'<span title="{escape(hint)}">{words.percent(share)}'
        f'<span class="bar"><i style="width:{100 * share.fraction:.4g}%"></i></span></span>'
    )


def _units(report: Report) -> Iterator[str]:
    yield "<h2>Units</h2>"
    yield f"<p>{escape(_sentence(words.units_sentence(report)))}.</p>"
    rows = [[escape(what), escape(unit)] for what, unit in report.units.model.items() if unit]
    if rows:
        yield from _table(["of", "unit"], rows)


def _annotation(report: Report) -> Iterator[str]:
    found = report.annotations
    yield "<h2>Annotation</h2>"
    if not found.resources:
        yield "<p>None.</p>"
        return
    yield f"<p>{escape(words.annotation_sentence(report))}.</p>"
    yield from _table(["on", "qualifier", "resources"], _nested(found.qualifiers), numbers=(2,))
    databases = [[escape(name), f"{number:,}"] for name, number in found.databases.items()]
    yield from _table(["collection", "resources"], databases, numbers=(1,))


def _ontology(report: Report) -> Iterator[str]:
    yield "<h2>SBO terms</h2>"
    if not report.ontology.terms:
        yield "<p>None.</p>"
        return
    yield from _table(["on", "term", "how often"], _nested(report.ontology.terms), numbers=(2,))


def _nested(counts: Mapping[str, Mapping[str, int]]) -> list[list[str]]:
    return [
        [escape(kind), escape(name), f"{number:,}"]
        for kind, found in counts.items()
        for name, number in found.items()
    ]


def _balance(report: Report) -> Iterator[str]:
    found = report.balance
    yield "<h2>Balance of monomers</h2>"
    yield f"<p>{escape(_sentence(words.balance_sentence(found)))}</p>"
    if not found.monomers:
        return
    rows = [
        [
            escape(m.name),
            *(f"{n:,}" for n in (m.species, m.kept, m.made, m.removed, m.unbalanced)),
        ]
        for m in found.monomers
    ]
    heads = ["monomer", "species", "kept by", "made by", "degraded by", "unbalanced in"]
    yield from _table(heads, rows, numbers=(1, 2, 3, 4, 5))


def _origin(report: Report) -> Iterator[str]:
    found = report.documentation
    rows = {
        "creators": ", ".join(found.creators),
        "created": found.created,
        "modified": ", ".join(found.modified),
    }
    told = [[what, escape(said)] for what, said in rows.items() if said]
    if told:
        yield "<h2>Origin</h2>"
        yield from _table(["", ""], told)


def _table(
    heads: Iterable[str], rows: Iterable[Iterable[str]], numbers: tuple[int, ...] = ()
) -> Iterator[str]:
    def line(tag: str, cells: Iterable[str]) -> str:
        made = (
            f"<{tag}{' class=number' if index in numbers else ''}>{cell}</{tag}>"
            for index, cell in enumerate(cells)
        )
        return f"<tr>{''.join(made)}</tr>"

    names = [escape(head) for head in heads]
    yield '<div class="scroll"><table>'
    if any(names):
        yield line("th", names)
    yield from (line("td", row) for row in rows)
    yield "</table></div>"


def _sentence(said: str) -> str:
    return said[:1].upper() + said[1:]
