"""Whether claims still hold when every fitted parameter is a little off.

All parameters are jittered at once, each by a factor of its own; the claims are then asked anew.
Cells at rest are looked for near those of the draw before, which is why this takes minutes where it
would take hours.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ..network.files import replacing
from ..simulation.engines import Loaded, Tolerances
from .calibration.workers import Crew
from .claims import binding, evaluation
from .claims.reading import Claims
from .claims.schema import VirtualPanel

# Precise enough for margins, and twice as fast as what results are given with.
_TOLERANCES: Final = Tolerances(1e-6)


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


def chosen(claims: Claims) -> Claims:
    """Return the claims that are asked: all but those over panels of virtual cells.

    Such a panel jitters cells itself, and has as many experiments as all other claims together.
    """
    virtual = {name for name, panel in claims.panels.items() if isinstance(panel, VirtualPanel)}
    kept = tuple(c for c in claims if c.checks and all(x.panel not in virtual for x in c.checks))
    return Claims(kept, claims.readouts, claims.panels, claims.places)


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
    own = hashlib.sha256(loaded.model.sha256.encode())
    for claim in claims:
        own.update(claim.told().encode())
    crew: Crew | None = None
    held: list[set[str]] = []
    try:
        for number, row in enumerate(factors):
            jittered = {name: float(values[name] * f) for name, f in zip(names, row, strict=True)}
            cell = {**(besides or {}), **jittered}
            path = None
            if store is not None:
                told_of = own.digest() + json.dumps(cell).encode()
                path = store / f"{hashlib.sha256(told_of).hexdigest()[:24]}.json"
            if path is not None and path.exists():
                held.append(set(json.loads(path.read_text(encoding="utf-8"))))
            else:
                bound = binding.bind(claims, loaded.model, cell)
                crew = crew or Crew(loaded, bound.outputs, _TOLERANCES, workers)
                courses = crew.run((bound, cell), (bound, cell))
                verdicts = evaluation.judge(bound, courses, loaded.network)
                held.append({verdict.claim.id for verdict in verdicts if verdict.passed})
                if path is not None:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    with replacing(path) as scratch:
                        scratch.write_text(json.dumps(sorted(held[-1])), encoding="utf-8")
            if told is not None:
                told(number + 1, len(factors))
    finally:
        if crew is not None:
            crew.close()
    first, *others = held
    lost = Counter(id for one in others for id in first - one)
    counts = tuple(len(one) for one in others)
    return Robustness(len(claims.claims), len(first), counts, dict(lost.most_common()))
