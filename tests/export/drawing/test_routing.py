"""Lines: the shortest ways around boxes, which part late and do not run over each other."""

from itertools import pairwise

import pytest
from mtorules.export.drawing.routing import STEP, Point, Rectangle, Router, ports

ONE = Rectangle(20, 40, 60, 60)
FAR = Rectangle(200, 40, 240, 60)


def length(way: list[Point]) -> float:
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(way))


def test_the_shortest_way_is_straight() -> None:
    (way,) = Router(300, 100, [ONE, FAR]).tree(ports(ONE), [ports(FAR)])
    assert way is not None
    assert length(way) == FAR.left - ONE.right
    assert len({y for _, y in way}) == 1


def test_a_wall_is_gone_around() -> None:
    wall = Rectangle(120, 20, 140, 80)
    (way,) = Router(300, 100, [ONE, FAR, wall]).tree(ports(ONE, "r"), [ports(FAR, "l")])
    assert way is not None
    # Up or down past the wall, with room to spare, and back again.
    assert length(way) >= FAR.left - ONE.right + 2 * (40 - 20)
    for x, y in way:
        assert not (wall.left <= x <= wall.right and wall.top <= y <= wall.bottom)


def test_what_is_walled_in_has_no_way() -> None:
    walls = [
        Rectangle(180, 20, 184, 80),
        Rectangle(256, 20, 260, 80),
        Rectangle(180, 16, 260, 24),
        Rectangle(180, 76, 260, 84),
    ]
    assert Router(300, 100, [ONE, FAR, *walls]).tree(ports(ONE), [ports(FAR)]) == [None]


def test_lines_of_one_origin_run_together_and_those_of_two_apart() -> None:
    low = Rectangle(200, 100, 240, 120)
    router = Router(300, 200, [ONE, FAR, low])
    first, second = router.tree(ports(ONE, "r"), [ports(FAR, "l"), ports(low, "l")])
    assert first is not None
    assert second is not None
    assert len(set(first) & set(second)) > 10
    other = Rectangle(20, 80, 60, 100)
    router = Router(300, 200, [ONE, FAR, other, low])
    (upper,) = router.tree(ports(ONE, "r"), [ports(FAR, "l")])
    (lower,) = router.tree(ports(other, "r"), [ports(FAR, "l")])
    assert upper is not None
    assert lower is not None
    shared = set(upper) & set(lower)
    assert len(shared) <= 1  # where they cross


@pytest.mark.parametrize("side", list("tblr"))
def test_ports_stand_beside_their_side(side: str) -> None:
    for port in ports(ONE, side):
        x, y = port.x * STEP, port.y * STEP
        assert abs(x - port.at[0]) + abs(y - port.at[1]) == STEP
        assert port.at[0] in (ONE.left, ONE.right) or port.at[1] in (ONE.top, ONE.bottom)
