"""A comparison as text for a terminal: the outcome first, then a line a tool."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ...network.units.quantities import format_time
from .outcomes import BROKEN

if TYPE_CHECKING:
    from .outcomes import Comparison, Outcome

WIDTH: Final = 96
# How many times of jumps are listed.
SHOWN: Final = 6


def text(comparison: Comparison) -> str:
    """Return the report."""
    lines = [*_wrapped(f"{comparison.model}: {summary(comparison)}"), ""]
    titles = {o.tool.name: f"{o.tool.title} {o.version}".strip() for o in comparison.outcomes}
    width = max(map(len, titles.values()))
    for outcome in comparison.outcomes:
        title = titles[outcome.tool.name].ljust(width)
        first, *rest = _wrapped(_said(comparison, outcome), width + 2)
        lines += [f"{title}  {first.lstrip()}", *rest]
    for remark in _remarks(comparison):
        lines += ["", *_wrapped(remark)]
    return "\n".join(lines)


def summary(comparison: Comparison) -> str:
    """Return the outcome in a sentence."""
    count = len(comparison.observables)
    what = f"{count:,} observable{'' if count == 1 else 's'} until {moment(comparison)}"
    worst = comparison.worst
    ran = len(comparison.ran)
    broken = [f"{o.tool.title} {o.state}" for o in comparison.outcomes if o.state in BROKEN]
    if worst is None or worst.deviation is None:
        said = f"only {comparison.ran[0].tool.title} ran, so nothing was compared ({what})"
    elif worst.deviation.relative <= comparison.limit and comparison.empty:
        said = (
            f"nothing was compared that depends on how the model's state changes, only {what}, "
            f"which {ran} tools read alike"
        )
    elif worst.deviation.relative <= comparison.limit:
        said = f"{ran} tools agree within {worst.deviation.relative:.1e} on {what}"
    else:
        apart = sum(
            o.deviation is not None and o.deviation.relative > comparison.limit
            for o in comparison.outcomes
        )
        said = f"{apart} of {ran} tools deviate by more than {comparison.limit:g} on {what}"
    return "; ".join([said, *broken])


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
    if outcome.unknown:
        first, *more = outcome.unknown
        took += f"; it does not tell {first!r}" + (f" and {len(more):,} more" if more else "")
    found = outcome.deviation
    if found is None:
        return f"the measure for the others; {took}"
    mark = "" if found.relative <= comparison.limit else "DEVIATES  "
    where = f"{found.observable} at {moment(comparison, found.time)}"
    numbers = f", {found.value:.10g} for {found.reference:.10g}" if mark else ""
    return f"{mark}{found.relative:.1e} ({where}{numbers}); {took}"


def _remarks(comparison: Comparison) -> Iterator[str]:
    if comparison.odd:
        title = next(o.tool.title for o in comparison.ran if o.tool.name == comparison.reference)
        yield (
            f"The others agree among themselves within {comparison.limit:g}: it is {title} that "
            "differs."
        )
    if comparison.empty:
        yield (
            "A tool that ignored every reaction would say the same, so this is no agreement. Name "
            "what changes with --observable."
        )
    if comparison.switches:
        times = [moment(comparison, time) for time in comparison.switches[:SHOWN]]
        more = len(comparison.switches) - len(times)
        listed = ", ".join(times) + (f" and {more:,} more" if more else "")
        yield (
            f"Formulas jump by the clock, at {listed}. Integrators step over what is narrow, so "
            "each was kept from it: libRoadRunner begins anew beside every jump, COPASI and bngsim "
            "take short steps. Left alone, they may miss it."
        )


def _wrapped(said: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(
        said,
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
