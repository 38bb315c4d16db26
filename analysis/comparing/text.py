"""A comparison as text for a terminal: the outcome first, then a line a tool."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

from ...network.units.quantities import format_time

if TYPE_CHECKING:
    from .compare import Comparison, Outcome

WIDTH: Final = 96


def text(comparison: Comparison) -> str:
    """Return the report."""
    lines = [*_wrapped(f"{comparison.model}: {summary(comparison)}"), ""]
    titles = {o.tool.name: f"{o.tool.title} {o.version}".strip() for o in comparison.outcomes}
    width = max(map(len, titles.values()))
    for outcome in comparison.outcomes:
        title = titles[outcome.tool.name].ljust(width)
        first, *rest = _wrapped(_said(comparison, outcome), width + 2)
        lines += [f"{title}  {first.lstrip()}", *rest]
    if comparison.odd:
        lines += ["", *_wrapped(_odd(comparison))]
    return "\n".join(lines)


def summary(comparison: Comparison) -> str:
    """Return the outcome in a sentence."""
    count = len(comparison.observables)
    what = f"{count:,} observable{'' if count == 1 else 's'} until {moment(comparison)}"
    worst = comparison.worst
    ran = len(comparison.ran)
    failed = [o.tool.title for o in comparison.outcomes if o.state == "failed"]
    if worst is None or worst.deviation is None:
        said = f"only {comparison.ran[0].tool.title} ran, so nothing was compared ({what})"
    elif worst.deviation.relative <= comparison.limit:
        said = f"{ran} tools agree within {worst.deviation.relative:.1e} on {what}"
    else:
        apart = sum(
            o.deviation is not None and o.deviation.relative > comparison.limit
            for o in comparison.outcomes
        )
        said = f"{apart} of {ran} tools deviate by more than {comparison.limit:g} on {what}"
    return said + (f"; {' and '.join(failed)} failed" if failed else "")


def moment(comparison: Comparison, time: float | None = None) -> str:
    """Return a time as a reader would say it; by default that of the end."""
    number = float(comparison.times[-1]) if time is None else time
    if comparison.seconds is None:
        return f"time {number:.4g}"
    return format_time(float(f"{number * comparison.seconds:.4g}"))


def _said(comparison: Comparison, outcome: Outcome) -> str:
    if outcome.state != "ran":
        return f"{outcome.state}: {outcome.why}"
    took = f"{outcome.seconds:.1f} s"
    found = outcome.deviation
    if found is None:
        return f"the measure for the others; {took}"
    mark = "" if found.relative <= comparison.limit else "DEVIATES  "
    where = f"{found.observable} at {moment(comparison, found.time)}"
    numbers = f", {found.value:.10g} for {found.reference:.10g}" if mark else ""
    return f"{mark}{found.relative:.1e} ({where}{numbers}); {took}"


def _odd(comparison: Comparison) -> str:
    title = next(o.tool.title for o in comparison.ran if o.tool.name == comparison.reference)
    limit = f"{comparison.limit:g}"
    return f"The others agree among themselves within {limit}: it is {title} that differs."


def _wrapped(said: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(
        said,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
