"""Figures of claims: what was measured against what was expected, and the courses behind it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

from .. import schema
from ..binding import measures_of
from ..bounds import Bounds
from ..evaluation import Judge, MissingError, Outcome
from ..schema import Claim
from . import drawing
from .drawing import BAND, EDGE, FAINT, WIDTH, Axis, duration, number, scattered, text
from .sentences import described, described_measure

# So many cells get a row each; more share one.
_ROWS: Final = 16
# A number this many times beyond its bounds lies at the end of the axis, with an arrow.
_FAR: Final = 1e4
LEFT: Final = 44.0
RIGHT: Final = WIDTH - 12.0


@dataclass(frozen=True)
class Chart:
    """A figure as SVG with its caption."""

    caption: str
    svg: str


# -- measured against expected ---------------------------------------------------------------------


def measured(outcomes: Sequence[Outcome]) -> Chart:
    """Draw what each check came to as a point against the interval in which it must lie."""
    parts: list[str] = []
    y = 4.0
    for _, group in groupby(outcomes, key=lambda outcome: id(outcome.check)):
        cells = list(group)
        y = _check(parts, described(cells[0].check), cells, y)
    caption = (
        "What was measured against what is expected (shaded). "
        "A green circle lies inside, a vermilion cross outside."
    )
    return Chart(caption, drawing.picture(parts, y, "Measured against expected"))


def _check(parts: list[str], what: str, outcomes: list[Outcome], y: float) -> float:
    """Draw the outcomes of one check below ``y``, and return where they end."""
    first = outcomes[0]
    for words in textwrap.wrap(what, drawing.LABEL):
        y += 14
        parts.append(text(0, y, words))
    known = [one for one in outcomes if not math.isnan(one.value)]
    expected = next((one for one in outcomes if one.expected), first)
    scale = _scale(expected.check)
    told = f"expected {_expected(expected)}{f' ({scale})' if scale else ''}"
    if len(outcomes) > 1:
        told += f"; {sum(one.passed for one in outcomes)} of {len(outcomes)} cells inside"
    y += 14
    parts.append(text(0, y, told, fill=FAINT, font_size=11))
    if not known:
        parts.append(text(LEFT, y + 16, "not measured", fill=drawing.FAIL))
        return y + 30
    single = len(outcomes) <= _ROWS
    named = single and any(one.cell for one in outcomes)
    left = 120.0 if named and len(outcomes) > 1 else 12.0
    axis = _axis(expected, [one.value for one in known], left)
    top, height = y + 6, 16.0 * len(outcomes) if single else 48.0
    bottom = top + height
    x1, x2 = _interval(axis, expected.bounds)
    parts.append(drawing.box(x1, top, max(x2 - x1, 2.0), height, BAND))
    for bound in (expected.bounds.low, expected.bounds.high):
        if axis.holds(bound):
            x = axis.place(bound)
            parts.append(drawing.line(x, top, x, bottom, EDGE, stroke_width=1.5))
    # Those that fail come last, so that nothing hides them.
    heights = scattered(len(outcomes))
    for place, one in sorted(enumerate(outcomes), key=lambda pair: not pair[1].passed):
        row = top + 8 + 16 * place if single else top + 5 + heights[place] * (height - 10)
        if left > 12:
            parts.append(text(left - 8, row + 4, one.cell[:18], "end", font_size=11))
        if not math.isnan(one.value):
            x = axis.place(one.value)
            parts.append(drawing.verdict(x, row, one.passed))
            if single:
                parts.append(_value(axis, x, row, one))
        elif single:
            parts.append(text(axis.start, row + 4, "not measured", fill=drawing.FAIL, font_size=11))
    shown = replace(axis, low=axis.low / 3600, high=axis.high / 3600) if scale == _TIME else axis
    parts.append(drawing.below(shown, bottom))
    return bottom + 24


_TIME: Final = "axis in hours"


def _scale(check: Any) -> str:
    """Return what the numbers of a check are, where that does not go without saying."""
    match check:
        case schema.Order() | schema.Monotone():
            return "the least step from one to the next, as a ratio"
        case schema.TimeTo():
            return _TIME
        case schema.Exists() | schema.Absent():
            return "species"
        case schema.Measure() if check.ratio is not None:
            return "ratio"
        case schema.Measure() if check.difference is not None:
            return "difference"
    return ""


def _expected(outcome: Outcome) -> str:
    bounds, told = outcome.bounds, outcome.expected
    if isinstance(outcome.check, schema.TimeTo):
        low, high = duration(bounds.low), duration(bounds.high)
        if bounds.low == -math.inf:
            told = f"≤ {high}"
        else:
            told = f"≥ {low}" if bounds.high == math.inf else f"{low} .. {high}"
    return told.replace("<=", "≤").replace(">=", "≥")


def _value(axis: Axis, x: float, y: float, outcome: Outcome) -> str:
    """Return the number beside its mark, on the side where there is room."""
    value = outcome.value
    time = isinstance(outcome.check, schema.TimeTo)
    said = duration(value) if time else number(value)
    if value < axis.low:
        said = f"← {said}"
    if value > axis.high:
        said = f"{said} →"
    if x > axis.start + 0.75 * (axis.end - axis.start):
        return text(x - 9, y + 4, said, "end", font_size=11)
    return text(x + 9, y + 4, said, font_size=11)


def _axis(outcome: Outcome, values: Sequence[float], left: float) -> Axis:
    """Return the axis of a check: its bounds and what was measured, unless that is far off."""
    bounds = [b for b in (outcome.bounds.low, outcome.bounds.high) if math.isfinite(b)]
    shown = [v for v in values if math.isfinite(v)]
    if isinstance(outcome.check, schema.Share | schema.Correlation):
        low = -1.0 if isinstance(outcome.check, schema.Correlation) else 0.0
        return Axis(low if min([*shown, *bounds]) < 0 or low == 0 else 0.0, 1.0, left, RIGHT)
    if not outcome.logarithmic:
        return drawing.spanning([*bounds, *shown], left, RIGHT, logarithmic=False)
    above = [b for b in bounds if b > 0]
    near = [v for v in shown if v > 0 and all(1 / _FAR <= v / b <= _FAR for b in above)]
    # Numbers at zero or on both sides of it have no logarithms.
    if min([*bounds, *shown], default=1.0) < 0 or not [*above, *near]:
        return drawing.spanning([*bounds, *shown], left, RIGHT, logarithmic=False)
    wide = [*above, *near]
    if len(near) < len(shown) and above:  # room on the side of what is far off
        wide += [above[0] / 10 if min(shown) < above[0] else above[-1] * 10]
    return drawing.spanning(wide, left, RIGHT, logarithmic=True)


def _interval(axis: Axis, bounds: Bounds) -> tuple[float, float]:
    return axis.place(bounds.low), axis.place(bounds.high)


# -- over a panel --------------------------------------------------------------


def panels(judge: Judge, claim: Claim) -> list[Chart]:
    """Draw what shares and correlations rest on: the cells of their panels, one by one."""
    found = []
    for check in claim.checks:
        if isinstance(check, schema.Correlation | schema.Share):
            cells = judge.binder.cells(check.panel)
            try:
                columns = [
                    [judge.measure(claim, measure, *cell) for cell in cells.values()]
                    for measure in measures_of(check)
                ]
            except MissingError:
                continue
            if isinstance(check, schema.Share):
                found.append(_spread(check, list(cells), columns[0]))
            else:
                found += [
                    _scatter(check.panel, pair, columns[2 * place : 2 * place + 2])
                    for place, pair in enumerate(check.pairs)
                ]
    return found


def _scatter(
    panel: str, measures: Sequence[schema.Measure], columns: Sequence[Sequence[float]]
) -> Chart:
    pairs = [pair for pair in zip(*columns, strict=True) if all(map(math.isfinite, pair))]
    across, up = ([pair[k] for pair in pairs] for k in (0, 1))
    x = drawing.spanning(across, LEFT, RIGHT, logarithmic=min(across, default=0.0) > 0, pad=0.06)
    y = drawing.spanning(up, 190.0, 22.0, logarithmic=min(up, default=0.0) > 0, pad=0.06)
    first, second = (described_measure(measure) for measure in measures)
    parts = [text(0, 14, second[: drawing.LABEL])]
    parts += [drawing.mark(x.place(a), y.place(b), "circle", EDGE, 2.4) for a, b in pairs]
    parts += [drawing.beside(y, LEFT), drawing.below(x, y.start)]
    parts.append(text(RIGHT, y.start + 30, first[: drawing.LABEL], "end"))
    caption = f"{second} against {first}, a point for each cell of the panel {panel}."
    return Chart(caption, drawing.picture(parts, y.start + 36, caption))


def _spread(check: schema.Share, cells: Sequence[str], values: Sequence[float]) -> Chart:
    logarithmic = check.share.difference is None
    outcomes = [
        Outcome(
            check.share, cell, value, str(check.within),
            0.0 if check.within.holds(value) else -1.0,
            bounds=check.within, logarithmic=logarithmic,
        )
        for cell, value in zip(cells, values, strict=True)
    ]  # fmt: skip
    parts: list[str] = []
    bottom = _check(parts, described_measure(check.share), outcomes, 4.0)
    caption = f"The cells of the panel {check.panel}, one by one."
    return Chart(caption, drawing.picture(parts, bottom, caption))
