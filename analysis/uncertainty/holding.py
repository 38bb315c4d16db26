"""In how many parameter sets of an ensemble each claim holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...simulation.engines import Loaded
from ..claims.reading import Claims
from ..polling import Asker, chosen


@dataclass(frozen=True)
class Holding:
    """What became of claims.

    Attributes
    ----------
    own : frozenset of str
        The claims that hold with the one parameter set.
    counts : dict
        By claim, in how many sets it holds; in the order of the claims.
    unanswered : dict
        By claim, in how many sets something could not be measured; those without are left out.
    held : tuple of int
        How many claims hold in each set.
    """

    own: frozenset[str]
    counts: Mapping[str, int]
    unanswered: Mapping[str, int]
    held: tuple[int, ...]

    @property
    def rate(self) -> float:
        """The share of claims that hold in a set, on average."""
        asked = len(self.counts) * len(self.held)
        return sum(self.held) / asked if asked else 0.0

    @property
    def band(self) -> tuple[float, float, float]:
        """How many claims hold in a set: between which numbers 90 % lie, and the median."""
        low, middle, high = np.quantile(self.held, [0.05, 0.5, 0.95]).tolist()
        return low, middle, high


def holding(
    claims: Claims,
    loaded: Loaded,
    sets: Sequence[Mapping[str, float]],
    *,
    base: Mapping[str, float] | None = None,
    store: Path | None = None,
    workers: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Holding:
    """Ask claims of every parameter set; those over panels of virtual cells are left out.

    Parameters
    ----------
    claims : Claims
        What is claimed.
    loaded : Loaded
        The model.
    sets : sequence of mapping
        The parameter sets.
    base : mapping, optional
        The one parameter set, which holds where a set has no value.
    store : Path, optional
        A folder in which every answer is kept, so that a run that was broken off goes on.
    workers : int, optional
        Processes.
    told : callable, optional
        Told how many sets are done, and how many there are.
    """
    claims = chosen(claims)
    counts = dict.fromkeys((claim.id for claim in claims), 0)
    unanswered: dict[str, int] = {}
    held: list[int] = []
    with Asker(claims, loaded, store=store, workers=workers) as asker:
        own = asker.ask(base or {}).held
        for number, each in enumerate(sets, 1):
            answer = asker.ask({**(base or {}), **each})
            for name in answer.held:
                counts[name] += 1
            for name in answer.unanswered:
                unanswered[name] = unanswered.get(name, 0) + 1
            held.append(len(answer.held))
            if told is not None:
                told(number, len(sets))
    return Holding(own, counts, unanswered, tuple(held))
