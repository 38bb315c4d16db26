"""bngsim: BioNetGen's engine as a library, with CVODE, a sparse Jacobian and compiled rates.

The network is loaded once, in a form whose rate constants are all parameters (:mod:`.netform`), so
that a run sets numbers and nothing is loaded again. Three choices make it quick, each measured in
``benchmarks/choices.py``: the sparse linear solver from networks of a few dozen species on, where
bngsim by itself waits longer (and where rates are functions, its dense one stalls near rest); an
order of elimination that suits networks (:mod:`.ordering`); and rates compiled by a C compiler
(:mod:`.compiling`) where there is one and the runs ahead are worth it, kept in our cache.
Otherwise, and where nothing can be kept, the same rates are interpreted.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import re
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

# SUNDIALS prints its complaints straight to the terminal, where we raise them as errors instead.
os.environ.setdefault("SUNLOGGER_ERROR_FILENAME", os.devnull)
os.environ.setdefault("SUNLOGGER_WARNING_FILENAME", os.devnull)

from . import compiling, ordering
from .base import (
    DETERMINISTIC,
    STOCHASTIC,
    EngineError,
    Loaded,
    Tolerances,
    TooMuchWork,
    Vector,
    cvode_failure,
    failure,
)
from .molecules import counted, per_amount
from .rates.netform import NetForm
from .rates.network_engine import NetworkEngine

ordering.improve("bngsim")
bngsim: Any = import_module("bngsim")
codegen: Any = import_module("bngsim._codegen")

# Its warnings are about its own choices of solver; failures come as exceptions.
logging.getLogger("bngsim").addHandler(logging.NullHandler())

Made = TypeVar("Made")

# bngsim keeps compiled code in one folder for all models of a process, so one is made at a time.
_PLACE: Final = threading.Lock()
# How much of a compiler's complaint is told.
_LONGEST: Final = 200
# From so many species on the sparse solver is the faster one.
_SPARSE: Final = 20
# bngsim goes on when its count of steps is exhausted, so that only time stops what never ends. No
# step takes this many seconds.
_LONGEST_STEP: Final = 5e-3
# How its messages say when something failed.
_TIME: Final = re.compile(r"\b(?:t|time)\s*(?:=|:)\s*([-+]?\d[\d.]*(?:[eE][-+]?\d+)?)")


@contextmanager
def code_kept(text: str, compiler: compiling.Compiler) -> Iterator[None]:
    """Have bngsim keep what it compiles in our cache, where nobody else compiles the same.

    Parameters
    ----------
    text : str
        The model that is compiled.
    compiler : Compiler
        By what. Code of another is left alone: it may round otherwise.

    Raises
    ------
    NoPlaceError
        If the cache cannot be written.
    """
    name = f"bngsim-{hashlib.sha256(f'{compiler.command} {text}'.encode()).hexdigest()[:32]}"
    with (
        _PLACE,
        compiling.alone(name),
        compiling.lent(name) as codegen.CACHE_DIR,
        compiling.chosen(compiler),
    ):
        yield


def compiled(
    text: str,
    make: Callable[[], Made],
    *,
    runs: float = math.inf,
    size: int = 0,
) -> Made | None:
    """Return what a function has bngsim compile, by the first compiler that can.

    Parameters
    ----------
    text : str
        The model that is compiled, and whatever else decides about the code.
    make : callable
        What has it compiled.
    runs, size : int, optional
        How many runs are ahead, and of how many reactions.

    Returns
    -------
    object or None
        None if no compiler is worth it, or there is none.

    Raises
    ------
    Exception
        What the last one failed by.
    """
    failed: Exception | None = None
    for compiler in compiling.compilers():
        if runs >= compiler.runs and size <= compiler.reactions:
            try:
                with code_kept(text, compiler):
                    return make()
            except Exception as error:
                failed = error
    if failed is not None:
        raise failed
    return None


class BngsimEngine(NetworkEngine):
    """bngsim with CVODE, or with Gillespie's method.

    Parameters
    ----------
    loaded, outputs, tolerances
        As for every engine.
    method : str
        Deterministic or stochastic.
    runs : int, optional
        How many are ahead, if that is known: rates are compiled if so many are worth it.
    """

    name = "bngsim"
    methods = (DETERMINISTIC, STOCHASTIC)
    compiles = True

    def __init__(
        self,
        loaded: Loaded,
        outputs: Sequence[str],
        tolerances: Tolerances,
        method: str = DETERMINISTIC,
        runs: int | None = None,
    ) -> None:
        super().__init__(loaded, outputs, tolerances)
        self._stochastic = method == STOCHASTIC
        self._molecules = per_amount(loaded) if self._stochastic else 1.0
        self._form = NetForm(self.kinetics, self._molecules, counted=self._stochastic)
        if self._stochastic:
            from .gillespie import check_clock  # with libSBML, which takes long to load

            check_clock(loaded, self.switches)
        self._seeds = np.random.default_rng(0)
        self._set: dict[str, float] = {}
        self._load(math.inf if runs is None else runs)

    @property
    def version(self) -> str:
        """Version of bngsim."""
        return bngsim.__version__

    def _load(self, runs: float) -> None:
        # Whatever the values are, the text and so the compiled code stay the same.
        kinds = np.ones(len(self.kinetics.signatures))
        values = np.ones(len(self.model.settable))
        self._set = self._form.parameters(values, kinds)
        text = self._form.text(self._set, self._amounts)
        with tempfile.TemporaryDirectory(prefix="mtorules-") as folder:
            path = Path(folder, "network.net")
            path.write_text(text, encoding="utf-8")
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # of rate laws it rewrites for itself
                self._model = bngsim.Model.from_net(path)
            self._simulator = self._prepared(text, runs)

    def _prepared(self, text: str, runs: float) -> Any:
        """Return a simulator with compiled rates, or, where that cannot be, interpreted ones."""
        size, why = len(self.kinetics.network.reactions), "there is no C compiler"
        try:
            made = compiled(text, lambda: self._made(compiled=True), runs=runs, size=size)
            if made is not None:
                return made
        except Exception as error:  # what is wrong otherwise comes up again below
            why = " ".join(str(error).split())[:_LONGEST].rstrip(".:") or type(error).__name__
        made = self._made(compiled=False)
        if runs >= compiling.RUNS and size <= compiling.REACTIONS and not compiling.forbidden():
            warnings.warn(
                f"The rates of {self.model.id!r} are interpreted, which takes longer: {why}.",
                compiling.InterpretedWarning,
                stacklevel=2,
            )
        return made

    def _made(self, *, compiled: bool) -> Any:
        if self._stochastic:
            return bngsim.Simulator(self._model, "ssa", codegen=None if compiled else False)
        options: dict[str, Any] = {}
        polynomial = self.kinetics.polynomial
        if polynomial:
            options["jacobian"] = "analytical"
        known = polynomial or self._model.prepare_analytical_jacobian()
        if known and len(self.kinetics.network.species) >= _SPARSE:
            options["force_sparse_linear_solver"] = True
        elif not polynomial:
            # With derivatives of functions in its dense solver, Newton's method fails to converge
            # as steps get long, though they are right: of `translation` at rest ten thousand times.
            options["jacobian"] = "fd"
        if compiled:
            options["codegen"] = True
            # More optimisation takes half as long again and makes no faster rates.
            os.environ.setdefault("BNGSIM_CODEGEN_OPT", "1")
        return bngsim.Simulator(self._model, "ode", **options)

    def random(self, seed: int) -> None:
        """Set the seed of the random numbers."""
        if not self._stochastic:
            super().random(seed)
        self._seeds = np.random.default_rng(seed)

    def _valued(self) -> None:
        for name, value in self._form.parameters(self._values, self._coefficients).items():
            if self._set[name] != value:
                self._model.set_param(name, value)
                self._set[name] = value

    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Take other values and another state."""
        super().change(values, state)
        if self._stochastic:
            self._amounts = counted(self._amounts * self._molecules) / self._molecules

    def rates(self) -> Vector:
        """How fast each part of the state changes now."""
        found = np.empty(len(self.model.state_ids))
        amounts = self._form.padded(self._amounts * self._molecules)
        changes = self._model.rhs(amounts, self._time)[: len(self._amounts)]
        found[self.kinetics.states] = changes / self._molecules * self._scale
        return found

    def _jacobian_of_amounts(self) -> Vector | None:
        amounts = self._form.padded(self._amounts * self._molecules)
        size = len(self._amounts)
        return np.asarray(self._model.jacobian(amounts, self._time))[:size, :size]

    def _integrated(self, times: Vector, steps: int) -> Vector:
        if not np.isfinite(self._amounts).all():
            raise EngineError(failure(self.name, self._time, "an amount is not a number"))
        options: dict[str, Any] = {}
        if self._stochastic:
            options["seed"] = int(self._seeds.integers(2**31))
        else:
            options["timeout"] = max(_LONGEST_STEP * steps * len(times), 1.0)
            absolute = self._amount_tolerances(float(times[-1]))
            self._simulator.set_tolerances(self.tolerances.relative, absolute)
        self._model.set_state(self._form.padded(self._amounts * self._molecules))
        points = [self._time, *times.tolist()]
        try:
            result = self._simulator.run(sample_times=points, **options)
        except bngsim.SimulationTimeout:
            raise self._too_much() from None
        except bngsim.SimulationError as error:
            raise self._failed(str(error)) from None
        if not self._stochastic and result.solver_stats["n_steps"] > steps * len(times):
            raise self._too_much()
        course = self._form.stripped(np.asarray(result.species)[1:], self.name, times)
        return course / self._molecules

    def _failed(self, text: str) -> EngineError:
        told = _TIME.search(text)
        time = float(told[1]) if told else self._time
        try:  # its names of functions are not the model's
            self.kinetics.computed(self._amounts, self._values, self._time)
        except EngineError as error:
            return error
        return cvode_failure(self.name, time, text, text)

    def _too_much(self) -> TooMuchWork:
        why = "it needed more steps than allowed between two output times"
        return TooMuchWork(failure(self.name, self._time, why))
