"""Figures of what claims look at: readouts over time, and along series of levels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .. import schema
from ..binding import measures_of
from ..bounds import Bounds
from ..evaluation import Judge, MissingError
from ..plans import Plan
from ..schema import Claim
from . import drawing
from .charts import LEFT, RIGHT, Chart
from .drawing import BAND, EDGE, FAINT, WIDTH, Axis, text
from .sentences import moment

# With more lines than this, all are thin and without marks.
_LINES: Final = 16
# Of panels with more cells than this no courses are drawn.
_CELLS: Final = 50
# How the level of cells at rest is dashed.
_STILL: Final = "1 4"
# A course has no more marks than this, on points that were run.
_MARKS: Final = 14


# -- along a series ------------------------------------------------------------------------------


def series(judge: Judge, claim: Claim) -> list[Chart]:
    """Draw each readout that is checked along a series against the levels of that series."""
    found = []
    for check in claim.checks:
        if isinstance(check, schema.Monotone):
            found.append(_series(judge, claim, check))
    return [chart for chart in found if chart]


def _series(judge: Judge, claim: Claim, check: schema.Monotone) -> Chart | None:
    planner = judge.binder.planner
    run = planner.run(claim, check.of)
    name, told = levels(run)[0][0], [level for _, level in levels(run)]
    cells = judge.binder.cells(check.panel)
    curves: dict[str, list[float]] = {}
    for label, (cell, values) in cells.items():
        try:
            curves[label] = [
                judge.level(check.monotone, planner.plan(member, cell, values), check.at)
                for member in planner.series(run)
            ]
        except MissingError:
            continue
    numbers = [v for curve in curves.values() for v in curve if math.isfinite(v)]
    if not numbers:
        return None
    y = _vertical(numbers)
    x = Axis(0.0, len(told) - 1.0, LEFT + 16, RIGHT - 24)
    parts = [text(0, 14, f"{check.monotone.text} at {moment(check.at)}"[: drawing.LABEL])]
    for place, (label, curve) in enumerate(curves.items()):
        one = _Line(label, np.arange(len(curve), dtype=float), np.array(curve), True)
        parts.append(_course(one, x, y, drawing.style(place), len(curves) > _LINES))
    parts.append(drawing.beside(y, LEFT))
    parts.append(drawing.line(LEFT, y.start, RIGHT, y.start, FAINT))
    # Long words stand in two lines by turns.
    drop = 12 if 7 * max(map(len, told)) * len(told) > x.end - x.start else 0
    for place, level in enumerate(told):
        at, down = x.place(float(place)), y.start + 13 + drop * (place % 2)
        parts.append(text(at, down, level, "middle", fill=FAINT, font_size=10))
    parts.append(text(RIGHT, y.start + 28 + drop, name, "end", fill=FAINT, font_size=11))
    bottom = y.start + 32 + drop
    if 1 < len(curves) <= _LINES:
        shown = [(label, drawing.style(place), True) for place, label in enumerate(curves)]
        bottom = _legend(parts, shown, bottom - 6)
    caption = f"{check.monotone.text} along the levels of {name}; it should be {check.expect}."
    return Chart(caption, drawing.picture(parts, bottom, caption))


# -- courses ---------------------------------------------------------------------------------------


@dataclass
class _Line:
    """What was seen of one experiment in one cell."""

    label: str
    times: NDArray[np.float64]
    values: NDArray[np.float64]
    timed: bool
    rest: str = ""  # the same for cells that come to rest alike


@dataclass
class _Panel:
    """The courses of one readout, and where checks expect them."""

    readout: str
    lines: dict[tuple[str, str], _Line] = field(default_factory=dict)
    # From and to which time, and between which levels.
    expected: list[tuple[float, float, Bounds]] = field(default_factory=list)


def courses(judge: Judge, claim: Claim) -> list[Chart]:
    """Draw each readout of a claim over time, in every experiment that its checks look at.

    Readouts that are looked at in cells at rest alone are left out, and so are large panels.
    """
    panels: dict[str, _Panel] = {}
    for check in claim.checks:
        cells = judge.binder.cells(check.panel)
        if len(cells) > _CELLS:
            continue
        for label, (cell, values) in cells.items():
            for readout, name, plan in _experiments(judge, claim, check, cell, values):
                panel = panels.setdefault(readout.text, _Panel(readout.text))
                if (name, label) not in panel.lines:
                    try:
                        times, seen = judge.course(readout, plan)
                    except MissingError:
                        continue
                    panel.lines[name, label] = _Line(name, times, seen, plan.timed, plan.rest_key)
        if not check.panel:
            for readout, start, end, bounds in _expectations(judge, claim, check):
                if readout in panels and not math.isnan(bounds.low + bounds.high):
                    panels[readout].expected.append((start, end, bounds))
    return [_courses(panel) for panel in panels.values() if _moves(panel)]


def _moves(panel: _Panel) -> bool:
    return any(one.timed and np.isfinite(one.times).any() for one in panel.lines.values())


def _begun(lines: Sequence[_Line]) -> list[_Line]:
    """Let courses begin at rest, where some experiment shows what that was."""
    still = {one.rest: one for one in lines if not one.timed}
    return [
        replace(
            one,
            times=np.concatenate([[0.0], one.times]),
            values=np.concatenate([still[one.rest].values[:1], one.values]),
        )
        if one.timed and one.rest in still and one.times[0] > 0
        else one
        for one in lines
    ]


def _experiments(
    judge: Judge, claim: Claim, check: Any, cell: Sequence[str], values: Any
) -> Iterator[tuple[Any, str, Plan]]:
    """Yield each readout of a check with the experiments in which it is read."""
    binder = judge.binder

    def plan(name: str) -> Plan:
        return binder.planned(claim, name, cell, values)

    match check:
        case schema.Order():
            for name in dict.fromkeys((*check.of, *filter(None, [check.relative_to]))):
                yield check.order, name, plan(name)
        case schema.Monotone():
            run = binder.planner.run(claim, check.of)
            for member, (_, level) in zip(binder.planner.series(run), levels(run), strict=True):
                made = binder.planner.plan(member, cell, values)
                # What was looked at once is drawn along the series.
                if len(judge.bound.times[made.key]) > 1:
                    yield check.monotone, f"{check.of}: {level}", made
        case schema.TimeTo():
            for name in filter(None, (check.of, check.to)):
                yield check.time_to, name, plan(name)
        case _:
            for measure in measures_of(check):
                for name in dict.fromkeys(measure.experiments):
                    yield measure.readout, name, plan(name)


def levels(run: schema.Run) -> list[tuple[str, str]]:
    """Return the name and the text of each level of a series."""
    for part in (run.set, run.doses):
        for name, several in part.items():
            if len(several) > 1:
                return [(name, str(level)) for level in several]
    return []


def _expectations(
    judge: Judge, claim: Claim, check: Any
) -> Iterator[tuple[str, float, float, Bounds]]:
    """Yield where a check expects a course to be: readout, times and levels."""
    try:
        match check:
            case schema.MeasureCheck() if not check.relative_to:
                yield from _expected_level(judge, claim, check)
            case schema.TimeTo():
                yield from _expected_time(judge, claim, check)
    except MissingError:
        return


def _expected_level(
    judge: Judge, claim: Claim, check: schema.MeasureCheck
) -> Iterator[tuple[str, float, float, Bounds]]:
    plan = judge.binder.planned(claim, check.of, (), {})
    if not plan.timed:
        return
    low, high = check.expect.low, check.expect.high
    if check.value is None:
        other = judge.binder.planned(claim, check.to or check.of, (), {})
        to = judge.level(check.readout, other, check.to_at or check.at)
        if check.difference is not None:
            low, high = low + to, high + to
        elif to > 0:
            low, high = low * to, high * to
        else:
            return
    end = check.at.start if check.at.end is None else check.at.end
    yield check.readout.text, check.at.start, end, Bounds(low, high)


def _expected_time(
    judge: Judge, claim: Claim, check: schema.TimeTo
) -> Iterator[tuple[str, float, float, Bounds]]:
    plan = judge.binder.planned(claim, check.of, (), {})
    factor = check.falls_to if check.falls_to is not None else check.rises_to
    if factor is None or check.to:  # relative to another course, the level is no single one
        return
    level = factor * judge.level(check.time_to, plan, schema.When(start=0.0))
    low, high = max(check.expect.low, 0.0), min(check.expect.high, check.within)
    yield check.time_to.text, low, high, Bounds(level, level)


def _courses(panel: _Panel) -> Chart:
    lines = _begun(list(panel.lines.values()))
    ends = [float(t) for one in lines for t in one.times if one.timed and math.isfinite(t)]
    rest = any(one.timed and not math.isfinite(one.times[-1]) for one in lines)
    last = max(ends) or 3600.0
    near = min((t for t in ends if t > 0), default=last)
    x = Axis(0.0, last, LEFT, RIGHT - (40 if rest else 8), "time" if near < last / 20 else "linear")
    numbers = [float(v) for one in lines for v in one.values if math.isfinite(v)]
    highest = max(numbers, default=1.0)
    # Bounds far above all that was seen would squeeze it.
    for *_, bounds in panel.expected:
        numbers += [b for b in (bounds.low, bounds.high) if 0 <= b <= 1.5 * highest]
    y = _vertical(numbers)
    parts = [text(0, 14, panel.readout[: drawing.LABEL])]
    parts += [_expected_mark(x, y, *one) for one in panel.expected]
    many = len(lines) > _LINES
    order = list(dict.fromkeys(one.label for one in lines))
    for one in lines:
        parts.append(_course(one, x, y, drawing.style(order.index(one.label)), many))
    parts.append(drawing.beside(y, LEFT))
    parts.append(drawing.below(x, y.start) if x.kind == "time" else _hours(x, y))
    if rest:
        parts.append(text(RIGHT - 8, y.start + 13, "rest", "middle", fill=FAINT, font_size=10))
    shown = []
    for place, label in enumerate(order):
        same = [one for one in lines if one.label == label]
        told = label + (f" ({len(same)} cells)" if len(same) > 1 else "")
        told += "" if same[0].timed else ", at rest"
        shown.append((told, drawing.style(place), same[0].timed))
    bottom = _legend(parts, shown, y.start + 22)
    caption = f"{panel.readout} over time, from rest through the times that were run"
    caption += "; shaded, where checks expect it." if panel.expected else "."
    return Chart(caption, drawing.picture(parts, bottom, caption))


def _hours(x: Axis, y: Axis) -> str:
    """Return a linear axis of time, in hours or minutes."""
    unit, name = (3600.0, "h") if x.high >= 3600 else (60.0, "min")
    scaled = replace(x, high=x.high / unit)
    return drawing.below(scaled, y.start) + text(
        x.end + 9, y.start + 13, name, fill=FAINT, font_size=10
    )


def _vertical(numbers: Sequence[float]) -> Axis:
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if low >= 0:
        low, high = 0.0, 1.08 * high or 1.0
    else:
        room = 0.08 * (high - low) or abs(high)
        low, high = low - room, high + room
    return Axis(low, high, 170.0, 22.0)


def _at(x: Axis, time: float) -> float:
    return x.place(time) if math.isfinite(time) else RIGHT - 8


def _course(one: _Line, x: Axis, y: Axis, look: drawing.Style, many: bool) -> str:
    faint = {"stroke_width": 0.8, "opacity": 0.4} if many else {"stroke_width": 1.8}
    values = one.values
    if not one.timed:  # cells at rest, which stay as they are
        if not math.isfinite(values[0]):
            return ""
        level = y.place(float(values[0]))
        return drawing.line(
            LEFT, level, RIGHT, level, look.colour, **faint, stroke_dasharray=_STILL
        )
    points = [
        (_at(x, float(t)), y.place(float(v)))
        for t, v in zip(one.times, values, strict=True)
        if math.isfinite(v)
    ]
    parts = []
    if len(points) > 1:
        dash = {} if many else {"stroke_dasharray": look.dash}
        parts.append(drawing.path(points, look.colour, **faint, **dash))
    if not many or len(points) == 1:
        size = 2.0 if many else 3.6
        every = math.ceil(len(points) / _MARKS)
        marked = points if len(points) <= _MARKS else points[every // 2 :: every]
        parts += [drawing.mark(*point, look.shape, look.colour, size) for point in marked]
    return "".join(parts)


def _expected_mark(x: Axis, y: Axis, start: float, end: float, bounds: Bounds) -> str:
    """Return the stretch of time and levels in which a check expects a course."""
    left, right = _at(x, start), _at(x, end)
    if right - left < 8:
        left, right = (left + right) / 2 - 4, (left + right) / 2 + 4
    low, high = y.place(bounds.low), y.place(bounds.high)
    parts = [drawing.box(left, high, right - left, max(low - high, 2.0), BAND)]
    for bound in dict.fromkeys((bounds.low, bounds.high)):
        if y.holds(bound):
            at = y.place(bound)
            parts.append(drawing.line(left, at, right, at, EDGE, stroke_width=1.2))
    return "".join(parts)


def _legend(
    parts: list[str], shown: Sequence[tuple[str, drawing.Style, bool]], top: float
) -> float:
    """Draw what each line is, and whether it moves; return where that ends."""
    left, row = LEFT, top + 12
    for label, look, timed in shown:
        width = 42 + 6.4 * len(label)
        if left > LEFT and left + width > WIDTH:
            left, row = LEFT, row + 16
        dash = look.dash if timed else _STILL
        more = {"stroke_width": 1.8, "stroke_dasharray": dash}
        parts.append(drawing.line(left, row - 4, left + 22, row - 4, look.colour, **more))
        if timed:
            parts.append(drawing.mark(left + 11, row - 4, look.shape, look.colour, 3.6))
        parts.append(text(left + 27, row, label, font_size=11))
        left += width
    return row + 8
