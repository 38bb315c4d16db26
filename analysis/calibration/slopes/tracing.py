"""Experiments run so that one can go back along them: every stretch with its states and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ....simulation import steady_state
from ....simulation.engines.base import EngineError, Vector
from ....simulation.engines.rates.network_engine import NetworkEngine
from ....simulation.experiments.experiments import Experiment, Period
from ....simulation.periods import Preparation
from ....simulation.resting import CellsAtRest
from ....simulation.sbml.model import SbmlModel
from ....simulation.simulator import Simulator
from ....simulation.steady_state import NoSteadyStateError, SteadyState

# Moments at which a stretch is kept besides those asked for, from its start on in equal ratios.
_KEPT: Final = 20
_EARLIEST: Final = 5.0  # seconds
# A cell that was at rest with nearly the same values is followed this long at first, in seconds.
_FIRST: Final = 36_000.0
_LAST: Final = 1e9
# How exactly totals are met when amounts are shared out, and in how many rounds at most.
_EXACT: Final = 1e-12
_ROUNDS: Final = 50
# A fit comes by cells that oscillate for ever, and must not wait for them.
_EFFORT: Final = {"turns": 2}
# Values that differ by more than this factor are not alike.
_ALIKE: Final = 1e3


@dataclass(frozen=True)
class Stretch:
    """Part of an experiment in which nothing is done to the cells.

    Attributes
    ----------
    values : dict
        Value of each settable parameter.
    given : dict
        What the experiment had set by then.
    times : array of shape (times,)
        Model time; the first is the start. A single ``inf`` is rest.
    states : array of shape (times, states)
        Amounts, in the order of the model's state.
    kept : array of shape (states,)
        Which share of each amount at its start comes from what was before.
    outputs : array of int
        Which of the experiment's times are among these, in their order; -1 for those that are not.
    marks : array of bool
        Those between which the states hardly bend.
    """

    values: Mapping[str, float]
    given: Mapping[str, float]
    times: Vector
    states: Vector
    kept: Vector
    outputs: NDArray[np.int64]
    marks: NDArray[np.bool_]


@dataclass(frozen=True)
class Trace:
    """An experiment as it went; the first of its stretches is rest, unless it began without."""

    outputs: Vector  # (times, outputs)
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Rested:
    """Where cells came to rest, and with which values."""

    state: Vector
    settable: Mapping[str, float]

    def resembles(self, settable: Mapping[str, float]) -> bool:
        """Tell whether cells with other values would come to rest nearby.

        They do not where something is off that was on, or the reverse: what no reaction changes any
        more stays where it began, and not where it rested before.
        """
        pairs = ((value, settable.get(name, 0.0)) for name, value in self.settable.items())
        return all(
            one == other or (other != 0.0 and 1 / _ALIKE < one / other < _ALIKE)
            for one, other in pairs
        )


class Tracer(Simulator):
    """A simulator that keeps what it came through; its engine is one on networks.

    Attributes
    ----------
    near : dict
        Where cells came to rest last, and with which values, by a name that the caller chooses.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        assert isinstance(self.engine, NetworkEngine)
        self.network_engine = self.engine
        self.near: dict[str, Rested] = {}
        self._name = ""
        self._stretches: list[Stretch] = []
        self._whole: tuple[Stretch, ...] = ()
        self._seen = 0
        self._preparation = self._noted = _Preparation(self.model)
        self._resting = _CellsAtRest(self)

    def trace(self, experiment: Experiment, name: str = "") -> Trace:
        """Run an experiment and return how it went.

        Parameters
        ----------
        experiment : Experiment
            What is done.
        name : str
            Where in ``near`` the cells at rest are looked for, and kept.

        Raises
        ------
        SimulationError, NoSteadyStateError, EngineError
            As :meth:`~...simulation.simulator.Simulator.run`.
        """
        self._name = name
        outputs = self.values(experiment)
        return Trace(outputs, self._whole)

    def _attempt(self, experiment: Experiment, seed: int) -> Any:
        """Run once; what is noted of earlier attempts, or of one that fails, does not count."""
        self._stretches, self._seen = [], 0
        self._noted.share = self._noted.everything
        found = super()._attempt(experiment, seed)
        self._whole = tuple(self._stretches)
        return found

    def near_rest(self, settable: Mapping[str, float], state: Vector) -> SteadyState | None:
        """Return the rest of cells that rested before with nearly the same values."""
        before = self.near.get(self._name)
        if before is None or not before.resembles(settable):
            return None
        guess = with_totals(before.state, self.engine.loaded.moieties[1], state)
        if guess is None:
            return None
        first, last = _FIRST * self._times.second, _LAST * self._times.second
        try:
            return steady_state.find(
                self.engine, settable, guess, first=first, last=last, **_EFFORT
            )
        except (EngineError, NoSteadyStateError):
            return None

    def rested(self, settable: Mapping[str, float], state: Vector, rest: SteadyState) -> None:
        """Note the rest before an experiment."""
        if self._name:
            self.near[self._name] = Rested(rest.state, dict(settable))
        self._note(settable, np.array([np.inf]), rest.state[None], np.array([-1]))

    def ended(self, settable: Mapping[str, float], rest: SteadyState) -> None:
        """Note the rest that ends an experiment."""
        self._note(settable, np.array([np.inf]), rest.state[None], np.array([self._seen]))

    def _stretch(
        self, wanted: Vector, start: float, end: float, settable: Mapping[str, float]
    ) -> Vector:
        points = set(wanted.tolist())
        if np.isfinite(end):
            points.add(end)
        last = max(points, default=start)
        marks = {start, last}
        if last > start:
            earliest = min(_EARLIEST, (last - start) / 2)
            marks.update((start + np.geomspace(earliest, last - start, _KEPT)[:-1]).tolist())
        begun = self.engine.state
        if not points:
            self._note(settable, np.array([start]), begun[None], np.array([-1]))
            return np.empty((0, len(self.observables)))
        moments = sorted(points | marks)
        times = np.array(moments)
        states = np.vstack([begun, self.engine.course(times[1:], self.tolerances.steps)])
        engine = self.network_engine
        looked = np.searchsorted(times, wanted)
        amounts = states[looked][:, engine.kinetics.states] / engine.kinetics.scale(engine._values)
        found = engine.recording.of(amounts, engine._values, times[looked])
        outputs = np.full(len(times), -1)
        outputs[looked] = self._seen + np.arange(len(wanted))
        self._seen += len(wanted)
        marked = np.array([moment in marks for moment in moments])
        self._note(settable, times, states, outputs, marked)
        return self._outputs.scaled(found, settable)

    def _note(
        self,
        settable: Mapping[str, float],
        times: Vector,
        states: Vector,
        outputs: NDArray[np.int64],
        marks: NDArray[np.bool_] | None = None,
    ) -> None:
        marks = np.ones(len(times), dtype=bool) if marks is None else marks
        noted = self._noted
        self._stretches.append(
            Stretch(
                dict(settable), dict(noted.given_now), times, states, noted.share, outputs, marks
            )
        )
        noted.share = noted.everything


def with_totals(reached: Vector, sums: Vector, state: Vector) -> Vector | None:
    """Return amounts that share totals out as others do, or None if there are none.

    Each is multiplied by one factor for every total that it is part of. So of each protein about as
    large a share is bound or marked as was, and what only binds and leaves is in balance again:
    products of concentrations stand to each other as they did.

    Parameters
    ----------
    reached : array of shape (states,)
        The others.
    sums : array of shape (totals, states)
        How often each amount counts in each total.
    state : array of shape (states,)
        Has the totals.
    """
    parts = sums != 0
    lone = parts.sum(axis=1) == 1
    found = np.where(parts[lone].any(axis=0), state, np.maximum(reached, 0.0))
    sizes = np.abs(sums) @ state
    there = sizes > 0
    gone = parts[~there].any(axis=0)
    if (found[gone] > _EXACT * found.max(initial=0.0)).any():
        return None
    found[gone] = 0.0  # integration leaves crumbs of what is not there
    shares = sums[there & ~lone] / sizes[there & ~lone, None]
    wanted = shares @ state
    for _ in range(_ROUNDS):
        left = wanted - shares @ found
        if (np.abs(left) <= _EXACT).all():
            return found
        steps = np.linalg.lstsq((shares * found) @ shares.T, left, rcond=_EXACT)[0] @ shares
        far = float(np.abs(steps[found > 0]).max(initial=0.0))
        found = found * np.exp(steps / max(far, 1.0), where=found > 0, out=np.ones(len(found)))
    return None


class _Preparation(Preparation):
    """Notes what was given, and which share of each amount is of before what is done now."""

    def __init__(self, model: SbmlModel) -> None:
        super().__init__(model)
        self.given_now: Mapping[str, float] = {}
        self.everything = np.ones(len(model.state_ids))
        self.share = self.everything

    def begin(self, given: Mapping[str, float]) -> tuple[dict[str, float], Vector]:
        self.given_now = dict(given)
        return super().begin(given)

    def placed(self, period: Period, settable: Mapping[str, float], state: Vector) -> Vector:
        self.share = self._affine(lambda x: super(_Preparation, self).placed(period, settable, x))
        return super().placed(period, settable, state)

    def changed(self, period: Period, settable: Mapping[str, float], state: Vector) -> Vector:
        if period.washouts:
            self.share = self.share * self._affine(
                lambda x: super(_Preparation, self).changed(period, settable, x)
            )
        return super().changed(period, settable, state)

    def _affine(self, change: Callable[[Vector], Vector]) -> Vector:
        return change(self.everything) - change(np.zeros(len(self.everything)))


class _CellsAtRest(CellsAtRest):
    """Looks near where cells rested before, and tells the tracer."""

    effort = _EFFORT

    def __init__(self, tracer: Tracer) -> None:
        known = tracer._resting
        super().__init__(known.engine, known._second, cache=known._cache)
        self._tracer = tracer

    def started(self, settable: Mapping[str, float], state: Vector) -> SteadyState:
        key = self._key(settable, state)
        if key not in self._known:
            near = self._tracer.near_rest(settable, state)
            if near is not None:
                self._remember(key, near)
        rest = super().started(settable, state)
        self._tracer.rested(settable, state, rest)
        return rest

    def find(
        self, settable: Mapping[str, float], state: Vector, now: float | None = None
    ) -> SteadyState:
        rest = super().find(settable, state, now)
        if now is not None:
            self._tracer.ended(settable, rest)
        return rest
