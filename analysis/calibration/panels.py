"""Checks that look at many cells at once, and how they follow from what was seen in each.

A share follows the cell that decides it. A correlation follows every cell, by ranks that are
smooth.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

import numpy as np
from scipy import stats

from ...simulation.engines.base import Vector
from ..claims import schema
from ..claims.binding import Bound, measures_of
from ..claims.evaluation import Judge, MissingError, correlated
from ..claims.plans import Need

# The width of the kernel that smooths ranks, as a share of the distance between the quartiles.
_BLUR: Final = 0.25

Cell = tuple[Sequence[str], Mapping[str, float]]


@dataclass(frozen=True)
class Part:
    """How a margin follows one measure in one cell."""

    measure: schema.Measure
    cell: Cell
    slope: float


OverPanel = schema.Share | schema.Correlation


def over_panel(check: Any) -> TypeGuard[OverPanel]:
    """Return whether a check looks at many cells at once."""
    return isinstance(check, OverPanel)


def needs(bound: Bound, claim: schema.Claim, check: OverPanel) -> Iterator[Need]:
    """Yield the experiments of a check."""
    for cell in bound.binder.cells(check.panel).values():
        yield from bound.binder.needed(claim, check, *cell)


def judged(
    bound: Bound, judge: Judge, claim: schema.Claim, check: OverPanel
) -> tuple[float, float, list[Part]]:
    """Return what a check comes to, its margin, and what that follows.

    The margin of a share is that of the measure in the cell that decides.
    """
    chosen: list[Cell] = list(bound.binder.cells(check.panel).values())
    try:
        columns = [
            np.array([judge.measure(claim, measure, *cell) for cell in chosen])
            for measure in measures_of(check)
        ]
    except MissingError:
        return math.nan, -math.inf, []
    if not all(np.isfinite(column).all() for column in columns):
        return math.nan, -math.inf, []
    if isinstance(check, schema.Share):
        return _share(check, columns[0], chosen)
    return _correlation(check, columns, chosen)


def _share(
    check: schema.Share, seen: Vector, chosen: Sequence[Cell]
) -> tuple[float, float, list[Part]]:
    logarithmic = check.share.difference is None
    margins = np.array([check.within.margin(v, logarithmic=logarithmic) for v in seen.tolist()])
    order = np.argsort(-margins)
    count = len(seen)
    # So many cells must lie inside, and no more than so many may.
    least = math.ceil(check.expect.low * count - 1e-9) if check.expect.low > 0 else 0
    most = math.floor(check.expect.high * count + 1e-9) if check.expect.high < 1 else count
    deciding = []
    if least > 0:
        deciding.append((float(margins[order[least - 1]]), int(order[least - 1]), 1.0))
    if most < count:
        deciding.append((-float(margins[order[most]]), int(order[most]), -1.0))
    value = float(np.mean(margins >= 0))
    if not deciding:
        return value, math.inf, []
    margin, place, sign = min(deciding)
    level = float(seen[place])
    step = 1e-6 * (abs(level) or 1.0)
    moved = check.within.margin(level + step, logarithmic=logarithmic)
    slope = sign * (moved - float(margins[place])) / step
    return value, margin, [Part(check.share, chosen[place], slope)]


def _correlation(
    check: schema.Correlation, columns: Sequence[Vector], chosen: Sequence[Cell]
) -> tuple[float, float, list[Part]]:
    value = correlated(check, [column.tolist() for column in columns])
    margin = check.expect.margin(value, logarithmic=False)
    if not math.isfinite(margin):
        return value, -math.inf, []
    sign = 1.0 if check.expect.margin(value + 1e-9, logarithmic=False) > margin else -1.0
    if check.absolute and float(stats.spearmanr(*columns).statistic) < 0:
        sign = -sign
    parts = [
        Part(measure, cell, (-sign if place else sign) * slope)
        for place, pair in enumerate(check.pairs)
        for measure, slopes in zip(pair, smooth(*columns[2 * place :][:2])[1], strict=True)
        for cell, slope in zip(chosen, slopes.tolist(), strict=True)
    ]
    return value, margin, parts


def smooth(first: Vector, second: Vector) -> tuple[float, tuple[Vector, Vector]]:
    """Return the correlation of smooth ranks, and its slopes by each number.

    The rank of a number is how many others lie below, those nearby in part.
    """
    columns = (first, second)
    blurs = [_BLUR * float(stats.iqr(column)) or 1.0 for column in columns]
    apart = [(c[:, None] - c[None, :]) / h for c, h in zip(columns, blurs, strict=True)]
    ranks = [stats.norm.cdf(each).sum(axis=1) for each in apart]
    centred = [rank - rank.mean() for rank in ranks]
    sizes = [float(np.linalg.norm(rank)) or 1.0 for rank in centred]
    x, y = (rank / size for rank, size in zip(centred, sizes, strict=True))
    correlation = float(x @ y)
    slopes = []
    for mine, other, size, each, blur in zip((x, y), (y, x), sizes, apart, blurs, strict=True):
        by_rank = (other - correlation * mine) / size
        density = stats.norm.pdf(each) / blur
        slopes.append((density * (by_rank[:, None] - by_rank[None, :])).sum(axis=1))
    return correlation, (slopes[0], slopes[1])
