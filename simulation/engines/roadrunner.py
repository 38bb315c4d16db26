"""libRoadRunner: compiles the SBML, keeps what it compiled, and runs it without reloading.

Three choices make it quick, each measured in ``benchmarks/choices.py``: LLVM's newer just-in-time
compiler without optimisation (half the time to load, the same time to run), no code for changeable
initial values (a quarter of the rest; start values are computed here instead, see
:meth:`~..sbml.model.SbmlModel.initial`), and a compiled state kept in the cache folder, which loads
six times faster than SBML compiles.

libRoadRunner can also be loaded "read-only", which is no faster than that and unusable: setting a
species then crashes the process (2.10).
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import numpy as np

# SUNDIALS prints its complaints straight to the terminal, where we raise them as errors instead.
# It reads these when an integrator is made.
os.environ.setdefault("SUNLOGGER_ERROR_FILENAME", os.devnull)
os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)

import roadrunner

from ...network import cache
from ..sbml.model import SbmlError
from . import compiling
from .base import (
    DETERMINISTIC,
    STOCHASTIC,
    Engine,
    EngineError,
    Loaded,
    Tolerances,
    TooMuchWork,
    Vector,
    cvode_reason,
    failure,
)
from .molecules import counted, per_amount

_CONFIG = roadrunner.Config
_FAST: Final = {
    "LLVM_BACKEND": _CONFIG.LLJIT,
    "LLJIT_OPTIMIZATION_LEVEL": _CONFIG.NONE,
    "LOADSBMLOPTIONS_MUTABLE_INITIAL_CONDITIONS": False,
}
# Part of each cache key: raise it when the way of compiling changes.
_FORMAT: Final = "2"


class RoadRunnerEngine(Engine):
    """libRoadRunner with CVODE, or with Gillespie's method."""

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
        self._rr = _compiled(loaded, text)
        self._order()
        self._set_up()

    def _set_up(self) -> None:
        self._rr.selections = list(self.outputs)
        if self._stochastic:
            self._rr.setIntegrator("gillespie")
            self._integrator = self._rr.integrator
            self._integrator.variable_step_size = False
            return
        self._integrator: Any = self._rr.integrator
        self._integrator.relative_tolerance = self.tolerances.relative
        # As a vector, because from one number libRoadRunner makes tolerances relative to whatever
        # amounts the model holds at the moment.
        size = self._rr.model.getNumFloatingSpecies() - len(self._ruled_species) + self._ruled
        if size:
            self._integrator.setValue("absolute_tolerance", [self.absolute] * size)
        self._integrator.maximum_num_steps = self.tolerances.steps

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
        self._ruled = len(ruled)
        self._ruled_species = [
            id for id in floating if id in ruled or self.model.species[id].rule == "assignment"
        ]
        free = [(i, in_state[id]) for i, id in enumerate(floating) if id not in self._ruled_species]
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
        self._rr.reset()
        self._rr.model.setTime(time)
        self.change(values, state)

    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Set every value and amount; what was set before never lingers."""
        model = self._rr.model
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

    def running(self) -> Vector:
        """Return by how much each reaction changes each state, of those that run now."""
        rates = np.asarray(self._rr.model.getReactionRates())
        running = np.ones(self.loaded.changes.shape[1], dtype=bool)
        running[: len(rates)] = rates != 0.0
        return self.loaded.changes[:, running]

    def integrate(self, times: Vector, steps: int | None = None) -> Vector:
        """Go on to the last of ``times`` and return the outputs."""
        now = self._rr.model.getTime()
        skip = 1 if times[0] > now else 0
        if times[-1] <= now:
            return self.checked(np.array([self._rr.getSelectedValues()]), times)
        points = [now, *times] if skip else times
        with self._allowed(steps):
            try:
                found = np.array(self._rr.simulate(times=points))
            except RuntimeError as error:
                raise self._error(error) from None
        return self.checked(found[skip:], times)

    def advance(self, time: float, steps: int) -> None:
        """Go on to ``time`` without output."""
        if self._stochastic:
            self.integrate(np.array([time]))
        else:
            self.course(np.array([time]), steps)

    def course(self, times: Vector, steps: int) -> Vector:
        """Go on to the last of ``times`` and return the states."""
        found = np.empty((len(times), len(self.model.state_ids)))
        now = self._rr.model.getTime()
        with self._allowed(steps):
            try:
                self._integrator.restart(now)
                for row, time in enumerate(times):
                    self._integrator.integrate(now, time - now)
                    found[row] = self.state
                    now = float(time)
            except RuntimeError as error:
                raise self._error(error) from None
        return found

    def random(self, seed: int) -> None:
        """Set the seed of the random numbers."""
        if not self._stochastic:
            super().random(seed)
        self._integrator.seed = seed

    @contextmanager
    def _allowed(self, steps: int | None) -> Iterator[None]:
        steps = None if self._stochastic else steps
        if steps is not None:
            self._integrator.maximum_num_steps = steps
        try:
            yield
        finally:
            if steps is not None:
                self._integrator.maximum_num_steps = self.tolerances.steps

    def _error(self, error: RuntimeError) -> EngineError:
        text = str(error)
        why = cvode_reason(text) or text.partition(";")[0]
        kind = TooMuchWork if "CV_TOO_MUCH_WORK" in text else EngineError
        return kind(failure(self.name, self._rr.model.getTime(), why))


# -- compiling, and keeping what was compiled -----------------------------------------------------


def _compiled(loaded: Loaded, text: str) -> Any:
    """Return a RoadRunner instance of an SBML text of the model, from the cache if it can be."""
    key = _key(text)
    path = compiling.folder() / f"{key}.rr"
    known = _fetched(path)
    if known is not None:
        return known
    with compiling.alone(key):
        known = _fetched(path)  # another process may have compiled it by now
        if known is None:
            known = _made(loaded, text)
            cache.keep(path, known.saveStateS("b"))
    return known


def _made(loaded: Loaded, text: str) -> Any:
    """Compile an SBML text."""
    roadrunner.Logger.disableLogging()
    kept = {name: _CONFIG.getValue(getattr(_CONFIG, name)) for name in _FAST}
    settings = dict(_FAST)
    if loaded.model.events:
        # Events need a reset that is complete, and that needs changeable initial values.
        settings["LOADSBMLOPTIONS_MUTABLE_INITIAL_CONDITIONS"] = True
    try:
        for name, value in settings.items():
            _CONFIG.setValue(getattr(_CONFIG, name), value)
        return roadrunner.RoadRunner(text)
    except RuntimeError as error:
        raise SbmlError(f"libRoadRunner cannot load {loaded.model.id!r}: {error}") from None
    finally:
        for name, value in kept.items():
            _CONFIG.setValue(getattr(_CONFIG, name), value)


def _fetched(path: Path) -> Any | None:
    """Return what is in the cache; None if nothing is, or not whole."""
    state = cache.fetch(path)
    if state is None:
        return None
    roadrunner.Logger.disableLogging()
    rr = roadrunner.RoadRunner()
    try:
        rr.loadStateS(state)
    except RuntimeError:
        return None
    return rr


def _key(text: str) -> str:
    parts = (
        _FORMAT,
        hashlib.sha256(text.encode()).hexdigest(),
        roadrunner.getVersionStr(),
        repr(sorted(_FAST.items())),
        _processor(),
    )
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@functools.cache
def _processor() -> str:
    """Tell what compiled code depends on; machines of different kinds may share a cache."""
    found = [platform.machine(), platform.system()]
    with suppress(OSError):
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        found += sorted({x for x in text.splitlines() if x.startswith(("flags", "Features"))})
    return "\n".join(found)
