"""Which molecule on the left of a rule is which on its right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...network.rules.book import Part, Pattern


@dataclass(frozen=True)
class Place:
    """A molecule of one side of a rule: which pattern, and which molecule of it."""

    pattern: int
    part: int


def pairs(
    left: Sequence[Pattern], right: Sequence[Pattern]
) -> list[tuple[Place | None, Place | None]]:
    """Return which molecule of the left is which on the right: by label, then name and order.

    What is lost has None on the right, what is made None on the left.
    """
    ours, theirs = _placed(left), _placed(right)
    found: list[tuple[Place | None, Place | None]] = []
    for here, one in ours:
        alike = [pair for pair in theirs if pair[1].name == one.name]
        same = [pair for pair in alike if pair[1].tag == one.tag]
        pair = (same or ([] if one.tag else alike) or [None])[0]
        if pair is not None:
            theirs.remove(pair)
        found.append((here, None if pair is None else pair[0]))
    return [*found, *((None, there) for there, _ in theirs)]


def _placed(side: Sequence[Pattern]) -> list[tuple[Place, Part]]:
    return [
        (Place(number, order), part)
        for number, pattern in enumerate(side)
        for order, part in enumerate(pattern.parts)
    ]
