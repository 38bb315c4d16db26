"""Axes, marks and lines as SVG text, for pages that hold many small figures.

Matplotlib takes about 60 ms of one core for each panel, this a hundredth of that; the pages of all
claims hold some two thousand panels. Colours are those of :mod:`..figures`. The same figure gives
the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from matplotlib.ticker import MaxNLocator

from ....simulation.results.figures import COLOURS

WIDTH: Final = 400  # of every figure; words are 12 high, which a telephone shows at about 11 pixels
LABEL: Final = 54  # characters in a line
INK: Final = "#222"
FAINT: Final = "#666"
BAND: Final = "#DCE9F3"
EDGE: Final = "#44586B"  # of no line

PASS: Final = COLOURS["green"]
FAIL: Final = COLOURS["vermilion"]

_HOUR: Final = 3600.0
_TIMES: Final = tuple(
    _HOUR * hours
    for hours in (1 / 60, 1 / 12, 0.25, 0.5, 1, 2, 4, 6, 12, 24, 48, 72, 96, 168, 336, 672)
)
# Shapes and dashes tell lines apart where colours do not.
_SHAPES: Final = ("circle", "square", "triangle", "diamond", "plus")
_DASHES: Final = ("", "6 3", "2 2", "8 3 2 3")
_LINES: Final = tuple(COLOURS[name] for name in ("blue", "vermilion", "green", "purple", "orange"))


@dataclass(frozen=True)
class Axis:
    """A stretch of values laid along a stretch of the picture.

    Attributes
    ----------
    low, high : float
        The values at its ends.
    start, end : float
        Where those lie; a vertical axis has its start below its end.
    kind : str
        ``linear``, ``log``, or ``time``, which is linear to a fiftieth of its end and logarithmic
        from there.
    """

    low: float
    high: float
    start: float
    end: float
    kind: str = "linear"

    def place(self, value: float) -> float:
        """Return where a value lies; what is beyond an end lies at that end."""
        warp = self._warp
        low, high = warp(self.low), warp(self.high)
        at = (warp(min(max(value, self.low), self.high)) - low) / (high - low)
        return self.start + at * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Tell whether a value lies between its ends."""
        return self.low <= value <= self.high

    @property
    def _warp(self) -> Callable[[float], float]:
        if self.kind == "log":
            return math.log
        if self.kind == "time":
            unit = (self.high - self.low) / 50
            return lambda value: math.log1p(max(value - self.low, 0.0) / unit)
        return float

    def ticks(self, count: int) -> list[float]:
        """Return about ``count`` round values along it."""
        if self.kind == "time":
            return self._spaced([0.0, *_TIMES], abs(self.end - self.start) / (count + 2))
        if self.kind == "log":
            exponents = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)))
            tens = [10.0**k for k in (*exponents, exponents.stop)]
            fine = [round(m * ten, 15) if ten < 1 else m * ten for ten in tens for m in (1, 2, 5)]
            if len(within := [t for t in fine if self.holds(t)]) <= 1:
                return self._round(count)
            if len(within) <= count + 1:
                return within
            within = [ten for ten in tens if self.holds(ten)]
            return within[:: max(math.ceil(len(within) / (count + 1)), 1)]
        return self._round(count)

    def _round(self, count: int) -> list[float]:
        found = MaxNLocator(count, steps=[1, 2, 2.5, 5, 10]).tick_values(self.low, self.high)
        slack = 1e-9 * (self.high - self.low)
        return [float(t) for t in found if self.low - slack <= t <= self.high + slack]

    def _spaced(self, values: Iterable[float], least: float) -> list[float]:
        """Return of some values those that keep a distance from the one before."""
        kept: list[float] = []
        for value in values:
            far = not kept or abs(self.place(value) - self.place(kept[-1])) >= least
            if self.holds(value) and far:
                kept.append(value)
        return kept


def spanning(
    values: Sequence[float], start: float, end: float, *, logarithmic: bool, pad: float = 0.12
) -> Axis:
    """Return an axis on which some values lie with room at both ends.

    Parameters
    ----------
    values : sequence of float
        What is to lie on it; those that are not finite are left out, and on a logarithmic axis
        those that are not above zero.
    start, end : float
        Where it begins and ends.
    logarithmic : bool
        Whether equal distances are equal ratios; it is linear where no value is above zero.
    pad : float
        How much of its length to leave free at either end.
    """
    finite = [value for value in values if math.isfinite(value)]
    above = [value for value in finite if value > 0]
    if logarithmic and above:
        low, high = math.log10(min(above)), math.log10(max(above))
        room = max(pad * (high - low), 0.2)
        return Axis(10 ** (low - room), 10 ** (high + room), start, end, "log")
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    room = pad * (high - low) or 0.5 * abs(high) or 1.0
    return Axis(low - room, high + room, start, end)


@dataclass(frozen=True)
class Style:
    """How one of several lines looks."""

    colour: str
    shape: str
    dash: str


def style(index: int) -> Style:
    """Return the look of the line with that number; the first hundred differ."""
    return Style(
        _LINES[index % len(_LINES)],
        _SHAPES[(index + index // len(_LINES)) % len(_SHAPES)],
        _DASHES[index // len(_LINES) % len(_DASHES)],
    )


# -- pieces --------------------------------------------------------------------------------------


def n(value: float) -> str:
    """Return a coordinate as text."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def number(value: float) -> str:
    """Return a measured number as text."""
    if math.isnan(value):
        return "not measured"
    return f"{value:.3g}".replace("inf", "∞").replace("-", "−")


def duration(seconds: float) -> str:
    """Return a time as text, in the largest unit of which it is at least one."""
    if 0 < abs(seconds) < 60:
        return f"{seconds:.3g} s"
    if 0 < abs(seconds) < _HOUR:
        return f"{seconds / 60:.3g} min"
    return f"{seconds / _HOUR:.4g} h".replace("inf", "∞")


def text(x: float, y: float, words: str, anchor: str = "start", **more: object) -> str:
    """Return words whose anchor lies at a point."""
    told = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{n(x)}" y="{n(y)}"{told}{_given(more)}>{escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, colour: str, **more: object) -> str:
    """Return a straight line."""
    return (
        f'<line x1="{n(x1)}" y1="{n(y1)}" x2="{n(x2)}" y2="{n(y2)}" stroke="{colour}"'
        f"{_given(more)}/>"
    )


def box(x: float, y: float, width: float, height: float, fill: str, **more: object) -> str:
    """Return a filled rectangle."""
    return (
        f'<rect x="{n(x)}" y="{n(y)}" width="{n(width)}" height="{n(height)}" fill="{fill}"'
        f"{_given(more)}/>"
    )


def path(points: Iterable[tuple[float, float]], colour: str, **more: object) -> str:
    """Return a line through points."""
    run = " ".join(f"{n(x)},{n(y)}" for x, y in points)
    return f'<polyline points="{run}" fill="none" stroke="{colour}"{_given(more)}/>'


def mark(x: float, y: float, shape: str, colour: str, size: float = 4.0) -> str:
    """Return a mark: circle, square, triangle, diamond, plus or cross."""
    if shape == "circle":
        return f'<circle cx="{n(x)}" cy="{n(y)}" r="{n(size)}" fill="{colour}"/>'
    if shape in ("plus", "cross"):
        d = size if shape == "plus" else 0.85 * size
        ends = (
            ((-d, 0.0, d, 0.0), (0.0, -d, 0.0, d))
            if shape == "plus"
            else ((-d, -d, d, d), (-d, d, d, -d))
        )
        run = " ".join(f"M{n(x + a)} {n(y + b)}L{n(x + c)} {n(y + e)}" for a, b, c, e in ends)
        return f'<path d="{run}" stroke="{colour}" stroke-width="2.4" fill="none"/>'
    corners = {
        "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
        "triangle": ((0, -1.2), (1.15, 0.9), (-1.15, 0.9)),
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
    }[shape]
    scale = 0.88 * size if shape == "square" else size
    run = " ".join(f"{n(x + scale * a)},{n(y + scale * b)}" for a, b in corners)
    return f'<polygon points="{run}" fill="{colour}"/>'


def verdict(x: float, y: float, passed: bool) -> str:
    """Return the mark of a check: a green circle if it holds, a vermilion cross if it fails."""
    return mark(x, y, "circle", PASS, 4.5) if passed else mark(x, y, "cross", FAIL, 6.0)


def below(axis: Axis, y: float, count: int = 5) -> str:
    """Return a horizontal axis with its numbers; times are in words."""
    parts = [line(axis.start, y, axis.end, y, FAINT)]
    for value in axis.ticks(count):
        x = axis.place(value)
        told = duration(value) if axis.kind == "time" else f"{value:g}".replace("-", "−")
        parts.append(line(x, y, x, y + 3, FAINT))
        parts.append(text(x, y + 13, told, "middle", fill=FAINT, font_size=10))
    return "".join(parts)


def beside(axis: Axis, x: float, count: int = 4) -> str:
    """Return a vertical axis with its numbers."""
    parts = [line(x, axis.start, x, axis.end, FAINT)]
    for value in axis.ticks(count):
        y = axis.place(value)
        parts.append(line(x - 3, y, x, y, FAINT))
        told = f"{value:g}".replace("-", "−")
        parts.append(text(x - 5, y + 3.5, told, "end", fill=FAINT, font_size=10))
    return "".join(parts)


def picture(parts: Iterable[str], height: float, title: str) -> str:
    """Return a whole figure of the usual width; ``title`` says what it shows to who cannot see."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {n(height)}" role="img" '
        f'aria-label="{escape(title)}" font-family="system-ui,sans-serif" font-size="12" '
        f'fill="{INK}">\n' + "\n".join(parts) + "\n</svg>"
    )


def _given(more: dict[str, object]) -> str:
    return "".join(
        f' {name.replace("_", "-")}="{n(value) if isinstance(value, float) else value}"'
        for name, value in more.items()
        if value not in ("", None)
    )


def scattered(count: int) -> list[float]:
    """Return that many heights between 0 and 1, neighbours far from each other."""
    return [float(x) for x in np.modf(np.arange(1, count + 1) * (math.sqrt(5) - 1) / 2)[0]]
