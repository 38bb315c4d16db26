"""BioNetGen's first simulator, a program of its own: CVODE with a dense Jacobian, and Gillespie.

Each stretch of time is one run of the program on a file that holds state and values at its start.
What it prints has thirteen digits.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from ...network.bionetgen import bng2, process
from .base import (
    DETERMINISTIC,
    STOCHASTIC,
    EngineError,
    Loaded,
    Tolerances,
    TooMuchWork,
    UnsupportedError,
    Vector,
    failure,
)
from .molecules import counted, per_amount
from .rates.guards import FAULT, WRONG
from .rates.netform import NetForm
from .rates.network_engine import NetworkEngine

_FILE: Final = "network.net"


class RunNetworkEngine(NetworkEngine):
    """One process a stretch of time."""

    name = "run_network"
    methods = (DETERMINISTIC, STOCHASTIC)

    def __init__(
        self,
        loaded: Loaded,
        outputs: Sequence[str],
        tolerances: Tolerances,
        method: str = DETERMINISTIC,
    ) -> None:
        super().__init__(loaded, outputs, tolerances)
        if any(tree.timed for tree in self.kinetics.functions.values()):
            raise UnsupportedError(
                f"Model {self.model.id!r} has rates that depend on time itself, which run_network "
                "keeps constant for too long; the engines 'roadrunner', 'bngsim' and 'scipy' can."
            )
        self._program = _program()
        self._stochastic = method == STOCHASTIC
        self._molecules = per_amount(loaded) if self._stochastic else 1.0
        self._form = NetForm(self.kinetics, self._molecules, counted=self._stochastic)
        self._seeds = np.random.default_rng(0)

    @property
    def version(self) -> str:
        """Version of BioNetGen."""
        return bng2.version()

    def random(self, seed: int) -> None:
        """Set the seed of the random numbers."""
        if not self._stochastic:
            super().random(seed)
        self._seeds = np.random.default_rng(seed)

    def change(self, values: Mapping[str, float], state: Vector) -> None:
        """Take other values and another state."""
        super().change(values, state)
        if self._stochastic:
            self._amounts = counted(self._amounts * self._molecules) / self._molecules

    def _integrated(self, times: Vector, steps: int) -> Vector:
        if not np.isfinite(self._amounts).all():
            raise EngineError(failure(self.name, self._time, "an amount is not a number"))
        asked = times.tolist()
        if len(asked) < 3:  # fewer numbers mean an interval and how many of them
            asked = sorted({*asked, *np.linspace(self._time, asked[0], 5)[1:].tolist()})
        parameters = self._form.parameters(self._values, self._coefficients)
        amounts = self._amounts * self._molecules
        with tempfile.TemporaryDirectory(prefix="mtorules-") as folder:
            Path(folder, _FILE).write_text(self._form.text(parameters, amounts), encoding="utf-8")
            said = self._run(Path(folder), asked, steps * len(asked))
            try:
                course = np.loadtxt(Path(folder, "out.cdat"), ndmin=2)
            except (OSError, ValueError):
                course = np.empty((0, 1 + len(amounts)))
        if len(course) != 1 + len(asked) or not np.isfinite(course).all():
            reached = float(course[-1, 0]) if len(course) else self._time
            if "step limit" in said.lower():
                why = "it needed more steps than allowed between two output times"
                raise TooMuchWork(failure(self.name, reached, why))
            if FAULT in said:
                raise EngineError(failure(self.name, reached, WRONG))
            lines = said.strip().splitlines() or ["it said nothing"]
            raise EngineError(failure(self.name, reached, f"it said {lines[-1]!r}"))
        places = 1 + np.searchsorted(asked, times)
        return self._form.stripped(course[places, 1:], self.name, times) / self._molecules

    def _run(self, folder: Path, times: Sequence[float], steps: int) -> str:
        """Run the program and return what it said."""
        if self._stochastic:
            how = ["-p", "ssa", "-h", str(1 + int(self._seeds.integers(2**31 - 2)))]
        else:
            # The program takes one for all.
            absolute = float(self._amount_tolerances(times[-1]).min(initial=self.absolute))
            tolerances = ["-a", repr(absolute), "-r", repr(self.tolerances.relative)]
            how = ["-p", "cvode", *tolerances, "-M", str(min(steps, 2**31 - 1))]
        command = [
            *(str(self._program), "-o", "out", *how, "-i", repr(self._time)),
            *("--cdat", "1", "--fdat", "0", "-g", _FILE, _FILE, *map(repr, times)),
        ]
        return process.run(command, folder).said


@cache
def _program() -> Path:
    """Return the program, which lies beside BNG2.pl."""
    path = bng2.find()[1].parent / "bin" / "run_network"
    if not os.access(path, os.X_OK):
        raise UnsupportedError(
            f"The engine 'run_network' is missing: there is no program {path}. The Python package "
            "'bionetgen' brings it; the engine 'roadrunner' is always there."
        )
    return path
