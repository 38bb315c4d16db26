"""What a notebook shows of a claim: the statement, why it holds, and how it is checked."""

from __future__ import annotations

from html import escape
from typing import Any

from ....network.display import table
from .sentences import described


def html(claim: Any) -> str:
    """Return a claim as a part of an HTML page; every text in it is escaped."""
    said = (
        ("why it holds", claim.mechanism),
        ("where its numbers come from", claim.basis),
        ("cites", ", ".join(claim.references)),
        ("why the model does not meet it", claim.fails),
        ("why it is not asked", claim.why),
    )
    checks = ((described(check), _expected(check)) for check in claim.checks)
    kind = ", ".join((claim.kind, claim.scope, *(["acceptance core"] if claim.core else [])))
    return (
        f"<div><strong>{escape(claim.id)}</strong> ({escape(kind)})"
        f"<p>{escape(claim.statement)}</p>"
        + "".join(f"<p><em>{what}</em>: {escape(text)}</p>" for what, text in said if text)
        + table(("check", "expected"), checks)
        + "</div>"
    )


def _expected(check: Any) -> str:
    """Return what a check expects, as verdicts have it; whether something exists needs no words."""
    expected = str(getattr(check, "expect", ""))
    return f"{expected} s" if hasattr(check, "time_to") else expected
