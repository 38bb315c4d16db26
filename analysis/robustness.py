"""Whether claims still hold when every fitted parameter is a little off.

All parameters are jittered at once, each by a factor of its own; the claims are then asked anew.
Cells at rest are looked for near those of the draw before, which is why this takes minutes where it
would take hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..simulation.engines import Loaded
from .claims.reading import Claims
from .polling import Asker, chosen


@dataclass(frozen=True)
class Robustness:
    """How many claims held.

    Attributes
    ----------
    claims : int
        How many were asked.
    passed : int
        How many hold with the parameter set itself.
    counts : tuple of int
        How many hold in each draw.
    lost : dict
        By claim that holds with the parameter set, in how many draws it fails; most often first.
    """

    claims: int
    passed: int
    counts: tuple[int, ...]
    lost: Mapping[str, int]

    @property
    def median_drop(self) -> float:
        """By which share the number of claims that hold falls in the median draw."""
        return 1 - float(np.median(self.counts)) / self.passed if self.passed else 0.0


def robustness(
    claims: Claims,
    loaded: Loaded,
    values: Mapping[str, float],
    *,
    besides: Mapping[str, float] | None = None,
    draws: int = 200,
    jitter: float = 0.1,
    seed: int = 0,
    store: Path | None = None,
    workers: int | None = None,
    told: Callable[[int, int], None] | None = None,
) -> Robustness:
    """Ask the claims of a model whose parameters are jittered.

    Parameters
    ----------
    claims : Claims
        What is claimed; see :func:`chosen`.
    loaded : Loaded
        The model.
    values : mapping
        The parameter set, which is jittered.
    besides : mapping, optional
        At what other parameters stand.
    draws : int
        How often.
    jitter : float
        Standard deviation of the logarithm of each factor.
    seed : int
        Of the factors.
    store : Path, optional
        A folder in which every draw is kept, so that a run that was broken off goes on.
    workers : int, optional
        Processes.
    told : callable, optional
        Told how many draws are done, and how many there are.
    """
    claims = chosen(claims)
    names = sorted(values)
    random = np.random.default_rng(seed)
    factors = np.exp(jitter * random.standard_normal((draws, len(names))))
    factors = np.vstack([np.ones(len(names)), factors])
    held: list[frozenset[str]] = []
    with Asker(claims, loaded, store=store, workers=workers) as asker:
        for number, row in enumerate(factors):
            jittered = {name: float(values[name] * f) for name, f in zip(names, row, strict=True)}
            held.append(asker.ask({**(besides or {}), **jittered}).held)
            if told is not None:
                told(number + 1, len(factors))
    first, *others = held
    lost = Counter(id for one in others for id in first - one)
    counts = tuple(len(one) for one in others)
    return Robustness(len(claims.claims), len(first), counts, dict(lost.most_common()))
