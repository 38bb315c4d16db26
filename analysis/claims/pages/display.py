"""What a notebook shows of a claim: the statement, why it holds, and how it is checked."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ....network.display import table
from .. import schema
from .sentences import described

if TYPE_CHECKING:
    from ..schema import Check, Claim


def html(claim: Claim) -> str:
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


def _expected(check: Check) -> str:
    """Return what a check expects, as verdicts have it; whether something exists needs no words."""
    expected = str(getattr(check, "expect", ""))
    return f"{expected} s" if isinstance(check, schema.TimeTo) else expected
