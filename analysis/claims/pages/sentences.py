"""Checks in words: what is measured, and of which experiments.

A check is told by the words that it holds, as in its file, so that the schema can say its checks.
"""

from __future__ import annotations

from typing import Any, Final

_WORDS: Final = (
    *("formula", "order", "monotone", "time_to"),
    *("correlation", "share", "exists", "absent"),
)


def described(check: Any) -> str:
    """Return in words what a check measures."""
    if check.what:
        return check.what
    match next((word for word in _WORDS if hasattr(check, word)), ""):
        case "formula":
            return check.formula.text
        case "order":
            return f"{check.order.text} is {check.expect}: {', '.join(check.of)}"
        case "monotone":
            return f"{check.monotone.text} is {check.expect} along {check.of}"
        case "time_to":
            level = check.falls_to if check.falls_to is not None else check.rises_to
            way = "falls" if check.falls_to is not None else "rises"
            return f"time until {check.time_to.text} in {check.of} {way} to {level:g}"
        case "correlation":
            said = (
                f"rank correlation of {described_measure(first)} and {described_measure(second)}"
                for first, second in check.pairs
            )
            return " less ".join(said)
        case "share":
            return f"share with {described_measure(check.share)} {check.within}"
        case "exists":
            return f"species that hold {check.exists}"
        case "absent":
            return f"species that hold {check.absent}"
    return described_measure(check)


def described_measure(measure: Any) -> str:
    """Return in words what a measure reads."""
    parts = [f"{measure.readout.text} in {measure.of}"]
    at, to_at = measure.at, measure.to_at or measure.at
    if measure.to or measure.to_at:
        word = "to" if measure.ratio is not None else "minus"
        when = "" if at == to_at else f" at {moment(at)}"
        parts = [f"{parts[0]}{when} {word} {measure.to or measure.of} at {moment(to_at)}"]
    else:
        parts.append(f"at {moment(at)}")
    if measure.relative_to:
        parts.append(f"(each divided by {measure.relative_to})")
    return " ".join(parts)


def moment(when: Any) -> str:
    """Return a moment in words."""
    if when.rest:
        return "rest"
    start = f"{when.start / 3600:g} h"
    return start if when.end is None else f"{when.by} of {start} to {when.end / 3600:g} h"
