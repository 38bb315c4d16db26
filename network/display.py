"""Parts of the HTML that a notebook shows of our objects: tables, and rows behind a click."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


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
