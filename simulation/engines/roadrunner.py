"""libRoadRunner: compiles the SBML, keeps what it compiled, and runs it without reloading.

Three choices make it quick, each measured in ``benchmarks/choices.py``: LLVM's newer just-in-time
compiler without optimisation (half the time to load, the same time to run), no code for changeable
initial values (a quarter of the rest; start values are computed here instead, see
:meth:`~..sbml.model.SbmlModel.initial`), and a compiled state kept in the cache folder, which loads
six times faster than SBML compiles.

libRoadRunner can also be loaded "read-only", which is no faster than that and unusable: setting a
species then crashes the process (2.10).

Long, since one class answers for one instance of libRoadRunner.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from . import roadrunner_cache, roadrunner_text
from .base import (
    DETERMINISTIC,
    STOCHASTIC,
    Engine,
    EngineError,
    Loaded,
    Tolerances,
    Vector,
    cvode_failure,
    eve,
    failure,
)
from .jumps import dividing
from .molecules import counted, per_amount
from .roadrunner_cache import roadrunner
from .roadrunner_text import BEGUN, CHANGE, CHANGED

if TYPE_CHECKING:
    from .rates.divisors import Divisors

# How far behind a change from outside the run goes on, in shares of the time; less than an eve.
_INSTANT = 1e-10
_NEVER = 1e300
# A million take about a second.
_MOST_REACTIONS = 1e12
# What is nearer than so many units of the last digit is too close for another step.
_CLOSE = 8


class RoadRunnerEngine(Engine):
    """libRoadRunner with CVODE, or with Gillespie's method.

    Long, since one instance of libRoadRunner answers for all that it does here.
    """

    name = "roadrunner"
    methods = (DETERMINISTIC, STOCHASTIC)

    def __init__(
        self,
        loaded: Loaded,
        outputs: Sequence[str],
        tolerances: Tolerances,
        method: str = DETERMINISTIC,
    ) -> None:
        super().__init__(loaded, outputs, tolerances)
        self._stochastic = method == STOCHASTIC
        text = loaded.sbml
        if self._stochastic:
            from .gillespie import in_molecules

            self._molecules = per_amount(loaded)
            text = in_molecules(loaded, self._molecules)
        else:
            text = roadrunner_text.with_stops(text, loaded.model.settable)
        stops = text is not loaded.sbml
        self._hooked = (loaded.model.events or stops) and not self._stochastic
        if self._hooked:
            text = roadrunner_text.with_hooks(text)
        # Whatever waits for its delay waits through any reset.
        self._delayed = self._hooked and roadrunner_text.delayed(text)
        self._text = text
        self._load()

    def _load(self) -> None:
        id, events = self.model.id, self.model.events or self._hooked
        self._rr = roadrunner_cache.compiled(id, self._text, events=events)
        self._order()
        self._set_up()
        self._used = False

    def _set_up(self) -> None:
        self._rr.selections = list(self.outputs)
        if self._stochastic:
            self._rr.setIntegrator("gillespie")
            self._integrator = self._rr.integrator
            self._integrator.variable_step_size = False
            return
        self._integrator: Any = self._rr.integrator
        self._integrator.relative_tolerance = self.tolerances.relative
        self._integrator.maximum_num_steps = self.tolerances.steps
        if self._hooked:
            ids = list(self._rr.model.getEventIds())
            # Whoever is called back must live as long as the model.
            self._events = [self._rr.model.getEvent(place) for place in range(len(ids))]
            # Where libRoadRunner holds on to what holds it, no memory is ever given back.
            weak = weakref.proxy(self)
            for event in self._events:
                event.setOnTrigger(lambda *_: weak._on_trigger())
                event.setOnAssignment(lambda *_: weak._on_assignment())
            self._events[ids.index(CHANGE)].setOnAssignment(lambda *_: weak._on_change())

    def _order(self) -> None:
        """Find where libRoadRunner keeps what."""
        model = self._rr.model
        settable, state = self.model.settable, self.model.state_ids
        volumes, globals_ = model.getCompartmentIds(), model.getGlobalParameterIds()
        floating = model.getFloatingSpeciesIds()
        entries = self.model.parameters
        in_settable = {id: index for index, id in enumerate(settable)}
        in_state = {id: index for index, id in enumerate(state)}
        self._volumes = [
            (volumes.index(id), in_settable[id]) for id in settable if entries[id].compartment
        ]
        self._globals = [
            (index, in_settable[id]) for index, id in enumerate(globals_) if id in in_settable
        ]
        ruled = set(self._rr.getRateRuleIds())
        size = len(floating) + len(ruled)
        self._ruled_species = [
            id for id in floating if id in ruled or self.model.species[id].rule == "assignment"
        ]
        free = [(i, in_state[id]) for i, id in enumerate(floating) if id not in self._ruled_species]
        size -= len(self._ruled_species)
        self._vector = [in_state.get(model.getStateVectorId(index)) for index in range(size)]
        self._floating = [i for i, _ in free]
        self._floating_in_state = np.array([j for _, j in free], dtype=int)
        taken = {state[j] for _, j in free}
        # Boundary species, and whatever follows a rate rule, are set one by one.
        self._others = [(id, in_state[id]) for id in state if id not in taken]
        rates = [name.removesuffix("'") for name in self._rr.getRatesOfChangeNamedArray().colnames]
        self._rates = np.array([in_state[name] for name in rates if name in in_state], dtype=int)
        self._rated = np.array([name in in_state for name in rates], dtype=bool)
        self._global_indices = [i for i, _ in self._globals]
        self._global_places = np.array([j for _, j in self._globals], dtype=int)

    @property
    def version(self) -> str:
        """Version of libRoadRunner."""
        return roadrunner.__version__

    def start(self, values: Mapping[str, float], state: Vector, time: float) -> None:
        """Begin anew."""
        if self._delayed and self._used:
            self._load()
        self._used = True
        model = self._rr.model
        self._left = math.inf
        self._begin(state)
        if self._hooked:
            self._integrator.setIntegrationStartTime(0.0)
            model.setValue(BEGUN, 0.0)
            model.setValue(CHANGED, _NEVER)
        self._rr.reset()
        self._set(values, state)
        if self._hooked:
            # What is true now, and was false before, happens now, with these values.
            model.setValue(BEGUN, 1.0)
            self._rr.reset(roadrunner.SelectionRecord.TIME)
        model.setTime(time)

    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Set every value and amount; what was set before never lingers."""
        if not self._hooked:
            self._set(values, state)
            return
        if values == self._values and np.array_equal(state, self.state):
            return
        now = self._rr.model.getTime()
        # What is set back to now would have its events twice.
        set_anew = state != self.state
        self._wanted: tuple[Mapping[str, float], Vector, Vector] | None = (values, state, set_anew)
        self._rr.model.setValue(CHANGED, now)
        self._simulated(np.array([now, now + _INSTANT * max(abs(now), _INSTANT)]))
        self._rr.model.setValue(CHANGED, _NEVER)

    def eve(self, time: float) -> float:
        """Return a moment before ``time`` if a trigger may switch right then, by the clock."""
        before = eve(time)
        near = self._hooked and self.switches.between(self._values, before, 2 * time - before)
        return before if near else time

    def _on_change(self) -> None:
        if self._wanted is not None:
            values, state, set_anew = self._wanted
            self._set(values, np.where(set_anew, state, self.state))
            self._wanted = None

    def _on_assignment(self) -> None:
        """Have triggers looked at by now, as in :meth:`_restart`; CVODE may begin anew."""
        # Only what is later than the start counts as changed.
        now = np.nextafter(self._rr.model.getTime(), -math.inf)
        self._integrator.setIntegrationStartTime(float(now))

    def _on_trigger(self) -> None:
        """Count events as steps: libRoadRunner counts those anew after each."""
        self._left -= 1
        if self._left < 0:
            self._limit(1)

    def _set(self, values: Mapping[str, float], state: Vector) -> None:
        model = self._rr.model
        self._values = dict(values)
        self._moved = True
        if self._stochastic:
            state = counted(state * self._molecules) / self._molecules
        numbers = np.fromiter(values.values(), dtype=float, count=len(values))
        for index, place in self._volumes:
            model.setCompartmentVolumes([index], [numbers[place]])
        if self._global_indices:
            model.setGlobalParameterValues(self._global_indices, numbers[self._global_places])
        if self._floating:
            model.setFloatingSpeciesAmounts(self._floating, state[self._floating_in_state])
        for id, place in self._others:
            model.setValue(id, state[place])

    def _settle(self, span: float) -> None:
        """Set the tolerances that suit the state for a span from now on."""
        if self._stochastic:
            return
        # As a vector, because from one number libRoadRunner makes tolerances relative to whatever
        # amounts the model holds at the moment.
        absolutes = self._absolutes(span)
        vector = [self.absolute if i is None else float(absolutes[i]) for i in self._vector]
        if vector:
            self._integrator.setValue("absolute_tolerance", vector)
            # CVODE forgets its own memory as it takes tolerances, and would crash going on.
            self._moved = True

    @property
    def now(self) -> float:
        """The model time reached."""
        return float(self._rr.model.getTime())

    @property
    def state(self) -> Vector:
        """The state reached."""
        found = np.empty(len(self.model.state_ids))
        if self._floating:
            found[self._floating_in_state] = self._rr.model.getFloatingSpeciesAmounts()[
                self._floating
            ]
        for id, place in self._others:
            found[place] = self._rr.model[id]
        return found

    def rates(self) -> Vector:
        """How fast each part of the state changes now."""
        found = np.zeros(len(self.model.state_ids))
        if self._rates.size:
            found[self._rates] = np.asarray(self._rr.getRatesOfChange())[self._rated]
        return found

    @property
    def reactions(self) -> list[str]:
        """Ids of the reactions, in the order of :meth:`fluxes`."""
        return list(self._rr.model.getReactionIds())

    def fluxes(self) -> Vector:
        """Return how fast each reaction runs now."""
        return np.array(self._rr.model.getReactionRates())

    def running(self) -> Vector:
        """Return by how much each reaction changes each state, of those that run now."""
        rates = self.fluxes()
        running = np.ones(self.loaded.changes.shape[1], dtype=bool)
        running[: len(rates)] = rates != 0.0
        return self.loaded.changes[:, running]

    def integrate(self, times: Vector, steps: int | None = None) -> Vector:
        """Go on to the last of ``times`` and return the outputs."""
        model = self._rr.model
        times = np.asarray(times, dtype=float)
        found = np.empty((len(times), len(self.outputs)))
        now = model.getTime()
        done = int(np.searchsorted(times, now, side="right"))
        found[:done] = self._rr.getSelectedValues()
        if done == len(times):
            return self.checked(self._seen(found), times)
        begun = self.state
        if self._stochastic:
            self._check_work(float(times[-1]) - now)
        with self._allowed(steps):
            # Events tell by the time before what is new, so with those nothing leaps far.
            legs = self.switches.legs(self._values, now, float(times[-1]), leap=not self._hooked)
            for end, onward in legs:
                upto = int(np.searchsorted(times, end, side="right"))
                points = times[done:upto]
                if end > now:
                    self._settle(end - now)
                    last = [] if upto > done and points[-1] == end else [end]
                    course = self._simulated(np.concatenate(([now], points, last)))
                    found[done:upto] = course[1 : 1 + len(points)]
                now, done = onward, int(np.searchsorted(times, onward, side="right"))
                for row, time in enumerate(times[upto:done], upto):
                    self._leap(time)
                    found[row] = self._rr.getSelectedValues()
                if onward > end:
                    self._leap(onward)
        self._check(begun)
        return self.checked(self._seen(found), times)

    def _check_work(self, span: float) -> None:
        """Refuse to simulate more reactions than anybody waits for."""
        ahead = float(np.sum(self._rr.model.getReactionRates())) * span
        if ahead > _MOST_REACTIONS:
            unit = f"{self._molecules:.3g} molecules make one unit of amount"
            why = f"some {ahead:.1g} reactions are ahead, one by one, as {unit}"
            raise EngineError(failure(self.name, self.now, why))

    def _check(self, before: Vector) -> None:
        """Raise if what was reached from a state is wrong."""
        super()._check(before)
        model, now = self._rr.model, self.now
        if not self._stochastic:
            if self._divisors:
                values = np.fromiter(self._values.values(), dtype=float)
                self._divisors.check(now, self.state, self._coarsest, values)
            return
        rates = np.asarray(model.getReactionRates())
        wrong = np.flatnonzero(~(np.isfinite(rates) & (rates >= 0.0)))
        if wrong.size:
            id = model.getReactionIds()[int(wrong[0])]
            why = f"the rate of reaction {id!r} became {rates[wrong[0]]}, which no chance can be"
            raise EngineError(failure(self.name, now, why))

    @cached_property
    def _divisors(self) -> Divisors | None:
        if self.loaded.network is None or not dividing(self.loaded.network):
            return None
        from .rates.divisors import Divisors
        from .rates.kinetics import Kinetics

        return Divisors(Kinetics(self.loaded, self.name))

    def _simulated(self, points: Vector) -> Vector:
        try:
            if self._hooked:
                return self._followed(points)
            return np.array(self._rr.simulate(times=points.tolist()))
        except RuntimeError as error:
            raise self._error(error) from None

    def _followed(self, points: Vector) -> Vector:
        """Go from point to point, and past whatever happens too close to one."""
        now, most = float(points[0]), self._integrator.maximum_num_steps
        self._left = most * len(points)
        rows = [np.array(self._rr.getSelectedValues())]
        try:
            if self._moved:
                self._restart(now)
            self._moved = False
            for time in points[1:].tolist():
                while now < time:
                    try:
                        now = self._integrator.integrate(now, time - now)
                    except RuntimeError as error:
                        if "CV_TOO_CLOSE" not in str(error):
                            raise
                        self._on_trigger()
                        now = min(self._rr.model.getTime(), time)
                        now = min(now + _CLOSE * float(np.spacing(now)), time)
                        self._rr.model.setTime(now)
                        self._restart(now)
                rows.append(np.array(self._rr.getSelectedValues()))
        finally:
            self._limit(most)
        return np.array(rows)

    def _leap(self, time: float) -> None:
        """Go on to a time before which nothing happens, and have happen what does then."""
        if self._hooked and time > self.now:
            # Where CVODE meets the end of a delay, it looks at triggers by the time before.
            self._moved = True
            self._simulated(np.array([time]))
        self._rr.model.setTime(time)

    def _restart(self, now: float) -> None:
        """Have CVODE begin anew."""
        # There triggers are looked at, and what they undo, by the time of the start: not by now.
        self._integrator.setIntegrationStartTime(now)
        self._integrator.restart(now)

    def advance(self, time: float, steps: int) -> None:
        """Go on to ``time`` without output."""
        self.course(np.array([time]), steps)

    def course(self, times: Vector, steps: int) -> Vector:
        """Go on to the last of ``times`` and return the states."""
        found = np.empty((len(times), len(self.model.state_ids)))
        if self._stochastic or self._hooked or self.model.timed:
            for row, time in enumerate(times):
                self.integrate(np.array([time]), steps)
                found[row] = self.state
            return found
        now, begun = self._rr.model.getTime(), self.state
        self._settle(float(times[-1]) - now)
        with self._allowed(steps):
            try:
                self._restart(now)
                for row, time in enumerate(times):
                    self._integrator.integrate(now, time - now)
                    found[row] = self.state
                    now = float(time)
            except RuntimeError as error:
                raise self._error(error) from None
        self._check(begun)
        return found

    def random(self, seed: int) -> None:
        """Set the seed of the random numbers."""
        if not self._stochastic:
            super().random(seed)
        self._integrator.seed = seed

    @contextmanager
    def _allowed(self, steps: int | None) -> Iterator[None]:
        if steps is None or self._stochastic:
            yield
            return
        self._limit(steps)
        try:
            yield
        finally:
            self._limit(self.tolerances.steps)

    def _limit(self, steps: int) -> None:
        """Set the most steps between two output times, after which a run must begin anew."""
        if self._integrator.maximum_num_steps != steps:
            self._integrator.maximum_num_steps = steps
            self._moved = True

    def _error(self, error: RuntimeError) -> EngineError:
        text, model = str(error), self._rr.model
        rates = np.asarray(model.getReactionRates())
        wrong = np.flatnonzero(~np.isfinite(rates))
        if wrong.size:
            id = model.getReactionIds()[int(wrong[0])]
            why = f"the rate of reaction {id!r} became {rates[wrong[0]]}"
            return EngineError(failure(self.name, model.getTime(), why))
        return cvode_failure(self.name, model.getTime(), text, text.partition(";")[0])
