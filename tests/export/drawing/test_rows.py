"""Rooms in rows: on a slide, apart from each other, and what comes first above."""

import random
from itertools import combinations, pairwise

import pytest
from mtorules.export.drawing import rows

Sizes = dict[str, tuple[float, float]]


def some(count: int, seed: int) -> tuple[Sizes, dict[tuple[str, str], int]]:
    draw = random.Random(seed)
    sizes = {f"r{n}": (draw.uniform(50, 600), draw.uniform(50, 400)) for n in range(count)}
    names = list(sizes)
    ties = {pair: draw.randint(1, 9) for pair in combinations(names, 2) if draw.random() < 0.3}
    return sizes, ties


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("count", [1, 2, 5, 12])
def test_rooms_fill_a_slide_and_do_not_overlap(count: int, seed: int) -> None:
    sizes, ties = some(count, seed)
    corners = rows.arranged(sizes, ties)
    assert corners.keys() == sizes.keys()
    for one, other in combinations(sizes, 2):
        (x, y), (u, v) = corners[one], corners[other]
        apart = x + sizes[one][0] <= u or u + sizes[other][0] <= x
        assert apart or y + sizes[one][1] <= v or v + sizes[other][1] <= y, (one, other)
    left, low = (min(place[axis] for place in corners.values()) for axis in (0, 1))
    wide, high = (max(corners[r][axis] + sizes[r][axis] for r in sizes) for axis in (0, 1))
    assert left >= -1e-9
    assert low >= -1e-9
    assert wide <= high * rows.SHAPE * 1.5
    assert corners == rows.arranged(sizes, ties)


def test_a_pathway_runs_downwards() -> None:
    sizes = {f"r{n}": (400.0, 100.0) for n in range(12)}
    names = list(sizes)
    corners = rows.arranged(sizes, dict.fromkeys(pairwise(names), 5))
    heights = [corners[name][1] for name in names]
    assert min(heights[:3]) > max(heights[-3:])
    assert sum(one >= other for one, other in pairwise(heights)) >= 10  # of 11


def test_rooms_that_have_to_do_with_each_other_stand_near() -> None:
    sizes = {f"r{n}": (300.0, 200.0) for n in range(12)}
    corners = rows.arranged(sizes, {("r0", "r11"): 9})

    def distance(one: str, other: str) -> float:
        return sum((a - b) ** 2 for a, b in zip(corners[one], corners[other], strict=True)) ** 0.5

    others = [distance("r0", name) for name in sizes if name not in ("r0", "r11")]
    assert distance("r0", "r11") <= min(others) * 1.01
