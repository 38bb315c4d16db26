"""The report as text for a terminal: the figures that matter first, one paragraph a finding."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from .report import SEVERITIES, Balance, Finding, Mark, Report, Share

WIDTH: Final = 96
_EXAMPLES: Final = 3  # how many lines or ids are named of a finding
_LISTED: Final = 6  # how many monomers, databases or qualifiers are named


def summary(report: Report) -> str:
    """Return the outcome in a line: what was found, of which severity."""
    return ", ".join(counted(report.number(severity), severity) for severity in SEVERITIES)


def text(report: Report, *, notes: bool = True) -> str:
    """Return the whole report.

    Parameters
    ----------
    report : Report
        What :func:`~..check.check` found.
    notes : bool
        Whether findings that are only notes are listed too.
    """
    blocks = ["\n".join(_head(report)), "\n".join(coverage(report))]
    shown = SEVERITIES if notes else SEVERITIES[:2]
    blocks += ["\n".join(_finding(f)) for f in report.findings if f.severity in shown]
    return "\n\n".join(blocks)


def marked(marks: Sequence[Mark], file: str) -> str:
    """Return what BioModels and MIRIAM ask, rule by rule, with what is lacking."""
    most = sum(one.points for one in marks)
    earned = sum(one.earned for one in marks)
    full = "full marks" if all(one.full for one in marks) else "not all of what is asked for"
    # Never rounded up to what it is not.
    lines = [f"{file}: {math.floor(earned * 10) / 10:g} of {most} points, {full}", ""]
    for one in marks:
        points = f"{math.floor(one.earned * 10) / 10:g}/{one.points}"
        lines += textwrap.wrap(
            f"{points:>7}  {one.title} [{one.source}]", WIDTH, subsequent_indent=" " * 9
        )
        if not one.full:
            missing = one.total - one.having
            named = [id for id in one.lacking[:_EXAMPLES] if id]
            more = f"{' and ' if named else ''}{missing - len(named)} more"
            said = ", ".join(named) + (more if missing > len(named) else "")
            lines += textwrap.wrap(
                f"lacking: {said}", WIDTH, initial_indent=" " * 9, subsequent_indent=" " * 9
            )
    return "\n".join(lines)


def counted(number: int, noun: str) -> str:
    """Return ``1 error`` or ``2 errors``.

    Examples
    --------
    >>> counted(1, "error"), counted(1200, "note")
    ('1 error', '1,200 notes')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _head(report: Report) -> Iterator[str]:
    yield f"{report.file}: {summary(report)}"
    yield ""
    rows = {
        "model": f"{report.id or '(no id)'}, {standard(report)}",
        "holds": holdings(report.counts),
        "units": units_sentence(report),
        "annotation": annotation_sentence(report),
        "balance": balance_sentence(report.balance),
        "made by": _origin(report),
    }
    for name, said in rows.items():
        if said:
            yield from _entry(name, said)


def standard(report: Report) -> str:
    """Return level, version and packages."""
    packages = "".join(f" + {name}" for name in report.packages)
    return f"SBML Level {report.level} Version {report.version}{packages}"


# -- one sentence each ----------------------------------------------------------------------------

_MAIN: Final = ("species", "reactions", "parameters", "compartments", "rules", "events", "groups")


def holdings(counts: Mapping[str, int]) -> str:
    """Return how many there are of what a model mainly consists of.

    Examples
    --------
    >>> holdings({"reactions": 1, "species": 2000, "modifiers": 3})
    '2,000 species, 1 reaction'
    """
    said = []
    for kind in _MAIN:
        if kind in counts:
            noun = kind.removesuffix("s") if counts[kind] == 1 and kind != "species" else kind
            said.append(f"{counts[kind]:,} {noun}")
    return ", ".join(said) or "nothing"


def units_sentence(report: Report) -> str:
    """Return which units the model declares, and how many kinetic laws libSBML looked at."""
    units = report.units
    declared = ", ".join(
        f"{what} in {unit}"
        for what, unit in units.model.items()
        if unit and what in ("substance", "time", "volume")
    )
    if not units.checked:
        how = "not checked" if units.reactions else ""
    elif units.checked < units.reactions:
        how = f"checked in {units.checked:,} of {units.reactions:,} kinetic laws, one of each form"
    else:
        how = f"checked in {counted(units.checked, 'kinetic law')}"
    return "; ".join(filter(None, (declared or "none declared for the model", how)))


def annotation_sentence(report: Report) -> str:
    """Return how many resources are named, with which qualifiers, and in which databases."""
    found = report.annotations
    if not found.resources:
        return "none"
    totals: dict[str, int] = {}
    for counts in found.qualifiers.values():
        for name, number in counts.items():
            totals[name] = totals.get(name, 0) + number
    ordered = dict(sorted(totals.items(), key=lambda item: -item[1]))
    return f"{counted(found.resources, 'resource')}: {few(ordered)}; from {few(found.databases)}"


def few(counts: Mapping[str, int]) -> str:
    """Return the first few of what was counted, and how many more there are."""
    said = [f"{name} {number:,}" for name, number in list(counts.items())[:_LISTED]]
    more = len(counts) - _LISTED
    return ", ".join(said) + (f" and {more} more" if more > 0 else "")


def balance_sentence(balance: Balance) -> str:
    """Return whether monomers are conserved, and who says what holds what."""
    if not balance.monomers:
        return f"not judged. {balance.unknown}" if balance.unknown else ""
    unbalanced = sum(m.unbalanced for m in balance.monomers)
    made, removed = (
        sum(getattr(m, what) for m in balance.monomers) for what in ("made", "removed")
    )
    number = counted(len(balance.monomers), "monomer")
    if unbalanced:
        wrong = sum(bool(m.unbalanced) for m in balance.monomers)
        said = f"{wrong} of {number} not conserved, in {counted(unbalanced, 'reaction')}"
    elif made or removed:
        said = f"{number} conserved but for synthesis ({made:,}) and degradation ({removed:,})"
    else:
        said = f"{number} conserved in every reaction"
    return f"{said} (told by {balance.source}). {balance.unknown}".strip()


def _origin(report: Report) -> str:
    found = report.documentation
    who = ", ".join(found.creators)
    when = ", ".join(
        filter(
            None,
            (
                f"created {found.created[:10]}" if found.created else "",
                f"modified {found.modified[-1][:10]}" if found.modified else "",
            ),
        )
    )
    return "; ".join(filter(None, (who, when)))


# -- coverage -------------------------------------------------------------------------------------


def coverage(report: Report) -> list[str]:
    """Return the lines of a table: for each kind of element, how much of it has what."""
    columns = shares(report)
    kinds = [kind for kind in ("model", *report.counts) if any(kind in c for c in columns.values())]
    rows = [["", "number", *columns]]
    for kind in kinds:
        number = 1 if kind == "model" else report.counts[kind]
        rows.append([kind, f"{number:,}", *(percent(c.get(kind)) for c in columns.values())])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        (
            row[0].ljust(widths[0])
            + "".join(
                f"  {cell.rjust(width)}" for cell, width in zip(row[1:], widths[1:], strict=True)
            )
        ).rstrip()
        for row in rows
    ]


def shares(report: Report) -> dict[str, dict[str, Share]]:
    """Return by column of the table, and by kind of element, how many have it."""
    told = {
        "units": report.units.shares,
        "annotated": report.annotations.shares,
        "SBO term": report.ontology.shares,
        "named": report.documentation.shares["names"],
        "with notes": report.documentation.shares["notes"],
    }
    return {column: {share.kind: share for share in found} for column, found in told.items()}


def percent(share: Share | None) -> str:
    """Return a share in per cent, which is 100 or 0 only if it is all or none.

    Examples
    --------
    >>> percent(Share("species", 999, 1000))
    '99 %'
    """
    if share is None:
        return "-"
    rounded = round(100 * share.fraction)
    if 0 < share.having < share.total:
        rounded = min(max(rounded, 1), 99)
    return f"{rounded} %"


# -- findings -------------------------------------------------------------------------------------


def _finding(finding: Finding) -> Iterator[str]:
    yield from _wrapped(
        f"{finding.severity}: {finding.title}{times(finding)} [{finding.category}, {finding.code}]",
        "",
    )
    if finding.detail and finding.detail != finding.title:
        yield from _wrapped(finding.detail, "  ")
    if finding.ids:
        yield from _wrapped(listed(finding.ids, finding.count), "  ")


def times(finding: Finding) -> str:
    """Return how often something was found and in which lines, in brackets."""
    often = f"{finding.count:,} times" if finding.count > 1 else ""
    where = ""
    if finding.lines:
        numbers = ", ".join(map(str, finding.lines[:_EXAMPLES]))
        more = ", ..." if max(finding.count, len(finding.lines)) > _EXAMPLES else ""
        where = f"line{'s' if len(finding.lines) > 1 else ''} {numbers}{more}"
    said = "; ".join(filter(None, (often, where)))
    return f" ({said})" if said else ""


def listed(ids: Sequence[str], count: int) -> str:
    """Return the first few ids, and how many more there are."""
    more = count - len(ids[:_EXAMPLES])
    return ", ".join(ids[:_EXAMPLES]) + (f" and {more:,} more" if more > 0 else "")


def _entry(name: str, said: str) -> Iterator[str]:
    first, *rest = _wrapped(said, " " * 12)
    yield f"{name:<12}{first.lstrip()}"
    yield from rest


def _wrapped(said: str, indent: str) -> Iterable[str]:
    return textwrap.wrap(
        said,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent or "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
