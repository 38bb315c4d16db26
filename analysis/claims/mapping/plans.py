"""Experiments of claims as they are run on a model of others, in its ids and its units."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cached_property

from ....simulation.experiments.experiments import (
    EQUILIBRATION,
    Condition,
    Dose,
    Experiment,
    Period,
    Washout,
)

Values = tuple[tuple[str, float], ...]
"""A number by id, in the model's own unit; of a species its amount."""


@dataclass(frozen=True)
class Change:
    """What happens at a time, in seconds after rest."""

    start: float
    values: Values = ()
    added: Values = ()
    taken: Values = ()  # shares

    def period(self, start: float) -> Period:
        """Return it as the start of a period, at a time of the model's own."""
        return Period(
            start,
            [Condition("changed", dict(self.values))],
            [Washout(id, share) for id, share in self.taken],
            [Dose(id, amount=amount) for id, amount in self.added],
        )


@dataclass(frozen=True)
class TranslatedPlan:
    """One experiment that is to be run; :attr:`key` tells whether two are the same.

    Attributes
    ----------
    begun : Values
        What holds from before rest on.
    changes : tuple of Change
        In the order of their times.
    rest : float or None
        For how many seconds cells rest before time 0; None: until nothing changes.
    second : float
        A second in the model's own time.
    """

    begun: Values
    changes: tuple[Change, ...]
    rest: float | None
    second: float

    @cached_property
    def key(self) -> str:
        """A digest of all that is done."""
        return _digest(asdict(self))

    @property
    def rest_key(self) -> str:
        """The same for cells that come to rest alike."""
        return _digest(self.begun)

    @property
    def timed(self) -> bool:
        """Whether anything happens after rest."""
        return bool(self.changes)

    def experiment(self, times: Iterable[float]) -> Experiment:
        """Return the experiment, looked at at some times; infinity is the rest after it.

        Where cells rest for a set time, that is so long after all that was done and looked at.
        """
        wanted = sorted(times)
        before = self.rest or 0.0
        starts = [change.start for change in self.changes]
        if self.rest is not None and wanted[-1] == math.inf:
            wanted[-1] = self.rest + max([0.0, *starts, *wanted[:-1]])
        first = EQUILIBRATION if self.rest is None else 0.0
        periods = [Period(first, [Condition("rest", dict(self.begun))])]
        if 0.0 not in starts:
            periods.append(Period(before * self.second))
        periods += [each.period((before + each.start) * self.second) for each in self.changes]
        looked = [(before + time) * self.second for time in wanted]
        return Experiment(self.key, periods, looked)


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:20]
