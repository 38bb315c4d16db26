"""Cells at rest: one for each set of conditions, kept in memory and in the cache folder."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np

from ..network import cache
from . import steady_state
from .engines.base import Engine, Vector
from .steady_state import SteadyState

# The first stretch in which rest is looked for, and when to give up: no cell waits for years.
_FIRST: Final = 3600.0
_LAST: Final = 1e9
# How many sorts of cells at rest are kept in memory.
_REMEMBERED: Final = 1000
# Part of the key of cells at rest: raise it when the way they are found changes.
_FORMAT: Final = "4"


class CellsAtRest:
    """Finds rest in one engine.

    Parameters
    ----------
    engine : Engine
        It is left at rest.
    second : float
        A second in the model's unit of time.
    cache : bool
        Whether what is found is kept in the cache folder.
    """

    # How hard rest is looked for, where that is other than usual; see :func:`.steady_state.find`.
    effort: ClassVar[Mapping[str, int]] = {}

    def __init__(self, engine: Engine, second: float, *, cache: bool) -> None:
        self.engine, self.model = engine, engine.model
        self._second, self._cache = second, cache
        self._known: dict[str, SteadyState] = {}

    def started(self, settable: Mapping[str, float], state: Vector) -> SteadyState:
        """Return the rest that cells come to from a state at time 0."""
        key = self._key(settable, state)
        known = self._known.get(key) or self._fetch(key)
        if known is None:
            known = self.find(settable, state)
            self._keep(key, known)
        self._remember(key, known)
        return known

    def _remember(self, key: str, rest: SteadyState) -> None:
        self._known[key] = rest
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]  # sweeps may meet any number

    def find(
        self, settable: Mapping[str, float], state: Vector, now: float | None = None
    ) -> SteadyState:
        """Return the rest that is come to from a state at time 0, or at the time that it is now."""
        return steady_state.find(
            self.engine,
            settable,
            state,
            first=_FIRST * self._second,
            last=_LAST * self._second,
            now=now,
            **self.effort,
        )

    def _key(self, settable: Mapping[str, float], state: Vector) -> str:
        digest = self._fixed.copy()
        digest.update(np.fromiter(settable.values(), dtype=float, count=len(settable)).tobytes())
        digest.update(np.ascontiguousarray(state).tobytes())
        return digest.hexdigest()

    @cached_property
    def _fixed(self) -> Any:
        """The digest of what all keys share."""
        told = [
            _FORMAT,
            self.model.sha256,
            self.engine.name,
            self.engine.version,
            asdict(self.engine.tolerances),
            self.engine.absolute,
            self.model.settable,
        ]
        return hashlib.sha256(json.dumps(told).encode())

    def _fetch(self, key: str) -> SteadyState | None:
        known = cache.fetch(self._place(key)) if self._cache else None
        if known is None:
            return None
        told = json.loads(known)
        return SteadyState(np.array(told.pop("state"), dtype=float), **told)

    def _keep(self, key: str, rest: SteadyState) -> None:
        if self._cache:
            told = {**asdict(rest), "state": rest.state.tolist()}
            cache.keep(self._place(key), json.dumps(told).encode())

    def _place(self, key: str) -> Path:
        return cache.cache_folder() / "rest" / f"{key}.json"
