"""What a notebook shows of a network: what it is, how large, its molecules and its rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .network import Network

# Rules that are shown at once; the others are behind a line that says how many there are.
_FIRST: Final = 10


def html(network: Network) -> str:
    """Return a network as a part of an HTML page; every name and text in it is escaped."""
    counts = ", ".join(
        f"{len(parts):,} {what}"
        for parts, what in (
            (network.molecules, "molecules"),
            (network.rules, "rules"),
            (network.species, "species"),
            (network.reactions, "reactions"),
            (network.groups, "observables"),
        )
    )
    molecules = table(
        ("molecule", "sites", "what it is"),
        (
            (
                each.name,
                ", ".join("~".join((site, *each.states.get(site, ()))) for site in each.sites),
                each.notes,
            )
            for each in network.molecules
        ),
    )
    rules = [(rule.name, rule.bngl) for rule in network.rules]
    return (
        f"<div><strong>{escape(network.name)}</strong> {escape(network.metadata.title)}"
        f"<br/>{escape(counts)}{molecules}{table(('rule', 'BNGL'), rules[:_FIRST])}"
        f"{folded(f'{len(rules) - _FIRST} more rules', rules[_FIRST:])}</div>"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows of plain text as a table; nothing where there are none."""
    lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    return tabulated(head, lines) if lines else ""


def tabulated(head: Sequence[str], lines: Iterable[str]) -> str:
    """Return lines that hold cells in HTML already as a table."""
    names = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        '<table style="text-align:left">'
        f"<thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
    )


def folded(title: str, rows: Sequence[Sequence[str]]) -> str:
    """Return rows that a reader opens with a click; nothing where there are none."""
    if not rows:
        return ""
    head = [""] * len(rows[0])
    return f"<details><summary>{escape(title)}</summary>{table(head, rows)}</details>"
