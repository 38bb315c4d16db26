"""Checks in words: what is measured, and of which experiments."""

from __future__ import annotations

from typing import Any

from .. import schema


def described(check: Any) -> str:
    """Return in words what a check measures."""
    if check.what:
        return check.what
    match check:
        case schema.MeasureCheck():
            return described_measure(check)
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
            said = (
                f"rank correlation of {described_measure(first)} and {described_measure(second)}"
                for first, second in check.pairs
            )
            return " less ".join(said)
        case schema.Share():
            return f"share with {described_measure(check.share)} {check.within}"
        case schema.Exists():
            return f"species that hold {check.exists}"
        case schema.Absent():
            return f"species that hold {check.absent}"
    raise AssertionError(check)


def described_measure(measure: schema.Measure) -> str:
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


def moment(when: schema.When) -> str:
    """Return a moment in words."""
    if when.rest:
        return "rest"
    start = f"{when.start / 3600:g} h"
    return start if when.end is None else f"{when.by} of {start} to {when.end / 3600:g} h"
