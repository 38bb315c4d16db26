"""A drawing as boxes, lines and texts, and as SVG, PDF or PNG.

SVG is written here, so that its texts stay texts; PDF and PNG are painted by Matplotlib with the
font that comes with it. Nothing depends on what is installed on a machine.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape

from .routing import Point, Rectangle

_SCALE: Final = 300 / 72  # pixels of a PNG by points
_FONTS: Final = "'DejaVu Sans', Verdana, Helvetica, Arial, sans-serif"
_WIDTH: Final = 0.6  # of a letter of DejaVu Sans, by its height, on average
_BOLD: Final = 0.67
_CAPITAL: Final = 0.15  # how much wider a capital is


@dataclass(frozen=True)
class Box:
    """A rectangle with round corners."""

    rectangle: Rectangle
    fill: str
    line: str
    width: float = 0.7
    radius: float = 2.5
    hint: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Line:
    """A line through points with round corners, closed and filled where ``fill`` is a colour."""

    points: Sequence[Point]
    colour: str
    width: float = 0.8
    radius: float = 3.0
    fill: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Text:
    """A text about a point, or from it (``anchor`` start)."""

    x: float
    y: float
    content: str
    size: float
    colour: str = "#222222"
    bold: bool = False
    anchor: str = "middle"


Mark = Box | Line | Text


def text_width(content: str, size: float, bold: bool = False) -> float:
    """Return about how wide a text is; rather too wide than too narrow."""
    high = sum(letter.isupper() for letter in content)
    return (len(content) + _CAPITAL * high) * size * (_BOLD if bold else _WIDTH)


def _curve(points: Sequence[Point], radius: float) -> list[tuple[str, tuple[Point, ...]]]:
    """Return a path as moves (M), straight lines (L) and curves (Q) that round its corners."""
    found: list[tuple[str, tuple[Point, ...]]] = [("M", (points[0],))]
    for before, at, after in zip(points, points[1:], points[2:], strict=False):
        near = [_towards(at, other, radius) for other in (before, after)]
        found += [("L", (near[0],)), ("Q", (at, near[1]))]
    return [*found, ("L", (points[-1],))]


def _towards(at: Point, other: Point, radius: float) -> Point:
    across, down = other[0] - at[0], other[1] - at[1]
    length = (across**2 + down**2) ** 0.5
    share = min(radius, length / 2) / length if length else 0.0
    return at[0] + across * share, at[1] + down * share


def simple(points: Iterable[Point]) -> list[Point]:
    """Return a line without the points that it passes straight."""
    found: list[Point] = []
    for point in points:
        if found and point == found[-1]:
            continue
        if len(found) > 1:
            (ax, ay), (bx, by) = found[-2:]
            if (bx - ax) * (point[1] - by) == (by - ay) * (point[0] - bx):
                found.pop()
        found.append(point)
    return found


# -- SVG -------------------------------------------------------------------------------------------


def svg(marks: Sequence[Mark], width: float, height: float, title: str) -> str:
    """Return a drawing as SVG, of A4's size if it is a page."""
    body = "\n".join(_written(mark) for mark in marks)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}pt" height="{_n(height)}pt" '
        f'viewBox="0 0 {_n(width)} {_n(height)}" font-family="{_FONTS}">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="white"/>\n{body}\n</svg>\n'
    )


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _written(mark: Mark) -> str:
    match mark:
        case Box():
            r = mark.rectangle
            return _hinted(
                "rect",
                f'x="{_n(r.left)}" y="{_n(r.top)}" width="{_n(r.right - r.left)}" '
                f'height="{_n(r.bottom - r.top)}" rx="{_n(mark.radius)}" '
                f'fill="{mark.fill}" stroke="{mark.line}" stroke-width="{_n(mark.width)}"'
                + (' stroke-dasharray="2 1.5"' if mark.dashed else ""),
                mark.hint,
            )
        case Line():
            path = " ".join(
                step + " ".join(f"{_n(x)} {_n(y)}" for x, y in points)
                for step, points in _curve(mark.points, mark.radius)
            )
            return _hinted(
                "path",
                f'd="{path}{" Z" if mark.fill else ""}" fill="{mark.fill or "none"}" '
                f'stroke="{mark.colour}" stroke-width="{_n(mark.width)}"',
                mark.hint,
            )
        case Text():
            weight = ' font-weight="bold"' if mark.bold else ""
            return (
                f'<text x="{_n(mark.x)}" y="{_n(mark.y + 0.36 * mark.size)}" '
                f'font-size="{_n(mark.size)}" fill="{mark.colour}" text-anchor="{mark.anchor}"'
                f"{weight}>{escape(mark.content)}</text>"
            )


def _hinted(tag: str, attributes: str, hint: str) -> str:
    if not hint:
        return f"<{tag} {attributes}/>"
    return f"<{tag} {attributes}><title>{escape(hint)}</title></{tag}>"


# -- PDF and PNG -----------------------------------------------------------------------------------


def painted(marks: Sequence[Mark], width: float, height: float, form: str) -> bytes:
    """Return a drawing as ``pdf`` or ``png``."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings: dict[Any, Any] = {"font.family": "DejaVu Sans", "pdf.fonttype": 42}
    with mpl.rc_context(settings):
        figure = Figure(figsize=(width / 72, height / 72), facecolor="white")
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, width), ylim=(height, 0))
        axes.axis("off")
        for order, mark in enumerate(marks):
            _paint(axes, mark, order)
        out = io.BytesIO()
        metadata = {"Software": None} if form == "png" else {"CreationDate": None}
        figure.savefig(out, format=form, dpi=72 * _SCALE, metadata=metadata)
    return out.getvalue()


def _paint(axes: Any, mark: Mark, order: int) -> None:
    from matplotlib.patches import FancyBboxPatch, PathPatch
    from matplotlib.path import Path

    match mark:
        case Box():
            r = mark.rectangle
            patch: Any = FancyBboxPatch(
                (r.left, r.top),
                r.right - r.left,
                r.bottom - r.top,
                boxstyle=f"round,pad=0,rounding_size={mark.radius}",
                facecolor=mark.fill,
                edgecolor=mark.line,
                linewidth=mark.width,
                linestyle=(0, (2, 1.5)) if mark.dashed else "solid",
                zorder=order,
            )
            axes.add_patch(patch)
        case Line():
            codes = {"M": Path.MOVETO, "L": Path.LINETO, "Q": Path.CURVE3}
            steps = _curve(mark.points, mark.radius)
            places = [point for _, points in steps for point in points]
            kinds = [codes[step] for step, points in steps for _ in points]
            patch = PathPatch(
                Path(places, kinds),
                facecolor=mark.fill or "none",
                edgecolor=mark.colour,
                linewidth=mark.width,
                zorder=order,
                capstyle="butt",
            )
            axes.add_patch(patch)
        case Text():
            axes.text(
                mark.x,
                mark.y + 0.36 * mark.size,
                mark.content,
                fontsize=mark.size,
                color=mark.colour,
                weight="bold" if mark.bold else "normal",
                ha="center" if mark.anchor == "middle" else "left",
                va="baseline",
                zorder=order,
            )
