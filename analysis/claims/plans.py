"""Experiments of claims as they are run, and the times at which they are looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from ...simulation.experiments import from_text
from ...simulation.experiments.experiments import Experiment
from .fields import When

# How finely a window, and the way to a threshold, are looked at.
_IN_WINDOW: Final = 25
_TO_LEVEL: Final = 120


@dataclass(frozen=True)
class Plan:
    """One experiment that is to be run; :attr:`key` tells whether two are the same."""

    words: from_text.Words
    values: Mapping[str, float] = field(default_factory=dict)  # of virtual cells
    base: Mapping[str, float] = field(default_factory=dict)  # of the reference cell
    counted: bool = False  # whether doses may be plain numbers
    line: str = ""  # cells that have amounts of their own; empty if none have
    factors: Mapping[str, float] = field(default_factory=dict)  # of these, times those of the base

    @cached_property
    def key(self) -> str:
        """A digest of all that is done, on whatever reference cell."""
        told = json.dumps([_plain(self.words), dict(sorted(self.values.items())), *self._line])
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    @property
    def rest_key(self) -> str:
        """The same for cells that come to rest alike."""
        begun = [text for text in (*self.words.conditions, *self.words.settings) if "@" not in text]
        told = json.dumps([sorted(begun), dict(sorted(self.values.items())), *self._line])
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    @property
    def _line(self) -> tuple[str, ...]:
        return (self.line,) if self.line else ()

    @property
    def cell(self) -> dict[str, float]:
        """The values of the cell, which conditions' multiples are of."""
        own = {name: self.base[name] * factor for name, factor in self.factors.items()}
        return {**self.base, **own}

    @property
    def timed(self) -> bool:
        """Whether anything happens after rest."""
        words = self.words
        later = [t for t in (*words.conditions, *words.settings) if "@" in t]
        return bool(words.doses or words.washouts or later)

    def experiment(self, times: Iterable[float]) -> Experiment:
        """Return the experiment, looked at at some times."""
        made = [f"{name}={value!r}" for name, value in self.values.items()]
        words = from_text.Words(
            self.words.doses,
            self.words.washouts,
            (*self.words.settings, *made),
            self.words.conditions,
            equilibrated=True,
        )
        return from_text.experiment(
            words, sorted(times), name=self.key, base=self.cell, counted=self.counted
        )


def _plain(words: from_text.Words) -> list[list[str]]:
    parts = (words.doses, words.washouts, words.settings, words.conditions)
    return [sorted(part) for part in parts]


@dataclass(frozen=True)
class Need:
    """An experiment and the times at which a check looks at it."""

    plan: Plan
    times: tuple[float, ...]


def moments(when: When, plan: Plan) -> tuple[float, ...]:
    """Return the times at which one must look for a moment."""
    if when.rest:
        return (np.inf,) if plan.timed else (0.0,)
    if when.end is None:
        return (when.start,)
    return tuple(np.linspace(when.start, when.end, _IN_WINDOW).tolist())


def course(within: float) -> tuple[float, ...]:
    """Return the times at which one looks for a threshold: dense early, and all along."""
    early = np.geomspace(within / 1e4, within, _TO_LEVEL // 2)
    late = np.linspace(0, within, _TO_LEVEL // 2)
    return tuple(np.unique(np.concatenate([early, late])).tolist())
