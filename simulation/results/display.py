"""What a notebook shows of a course: each readout with its curve, and where it begins and ends."""

from __future__ import annotations

from html import escape
from typing import Final

import numpy as np

from ...network.display import tabulated
from . import overview

_WIDTH, _HEIGHT = 160, 28
_HEAD: Final = ("readout", "unit", "begins", "least", "most", "ends", "")


def html(course: overview.Seen) -> str:
    """Return a course as a part of an HTML page; of many readouts the main ones."""
    shown = overview.main(course, str(course.about.get("model", "")))
    places = {name: place for place, name in enumerate(course.observables)}
    lines = []
    for name in shown:
        values = course.values[:, places[name]]
        finite = values[np.isfinite(values)]
        numbers = (values[0], finite.min(), finite.max(), values[-1]) if finite.size else ()
        cells = [name, course.observables[name].get("units", ""), *(f"{n:.4g}" for n in numbers)]
        cells += [""] * (len(_HEAD) - 1 - len(cells))
        plain = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        lines.append(f"{plain}<td>{curve(course.times, values)}</td>")
    span = " to ".join(overview.said(float(t), course.time_unit) for t in course.times[[0, -1]])
    left = len(places) - len(shown)
    more = f"; {left} more readouts in <code>.dataset()</code>" if left else ""
    about = " ".join(str(course.about.get(key, "")) for key in ("model", "title"))
    return (
        f"<div><strong>{escape(about.strip())}</strong>, {escape(span)}, "
        f"{len(course.times)} times{more}{tabulated(_HEAD, lines)}</div>"
    )


def curve(times: np.ndarray, values: np.ndarray) -> str:
    """Return a small curve from the least to the most; rest, which has no time, is left out."""
    held = np.isfinite(times) & np.isfinite(values)
    x, y = times[held], values[held]
    if len(x) < 2:
        return ""
    across = (x - x[0]) / ((x[-1] - x[0]) or 1.0) * _WIDTH
    # What only wavers in its last digits is drawn as the level that it is.
    height = float(np.ptp(y))
    flat = height <= 1e-9 * float(np.abs(y).max())
    up = np.full_like(y, 0.5) if flat else (y - y.min()) / height
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, (1.0 - up) * _HEIGHT, strict=True))
    return (
        f'<svg width="{_WIDTH}" height="{_HEIGHT + 4}" viewBox="0 -2 {_WIDTH} {_HEIGHT + 4}">'
        f'<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.5"/></svg>'
    )
