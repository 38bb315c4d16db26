"""SciPy's LSODA on the network itself: slow, and independent of SBML and of every other engine.

The rates come from NumPy; where every rate is a product of amounts, so does the Jacobian.
"""

from __future__ import annotations

import warnings
from typing import Any, Final

import numpy as np
import scipy
from scipy.integrate import ODEintWarning, odeint

from .base import EngineError, TooFineError, TooMuchWork, Vector, failure
from .rates.network_engine import NetworkEngine

# How LSODA's messages begin where a step cannot be small enough.
_TOO_FINE: Final = (
    "Excess accuracy requested",
    "Repeated error test failures",
    "Repeated convergence failures",
)


class ScipyEngine(NetworkEngine):
    """LSODA, which finds out by itself whether the equations are stiff."""

    name = "scipy"

    @property
    def version(self) -> str:
        """Version of SciPy."""
        return scipy.__version__

    def _integrated(self, times: Vector, steps: int) -> Vector:
        kinetics, coefficients, values = self.kinetics, self._coefficients, self._values

        def rates(time: float, amounts: Vector) -> Vector:
            return kinetics.rates(amounts, coefficients, values, time)

        options: dict[str, Any] = {}
        if kinetics.polynomial:
            options["Dfun"] = lambda _, amounts: kinetics.jacobian(amounts, coefficients)
        if not np.isfinite(self._amounts).all():
            raise EngineError(failure(self.name, self._time, "an amount is not a number"))
        with warnings.catch_warnings(), np.errstate(over="ignore", invalid="ignore"):
            warnings.simplefilter("ignore", ODEintWarning)
            course, info = odeint(
                rates,
                self._amounts,
                [self._time, *times],
                tfirst=True,
                rtol=self.tolerances.relative,
                atol=self._amount_tolerances(float(times[-1])),
                mxstep=steps,
                full_output=True,
                **options,
            )
        self._complain(info)
        return course[1:]

    def _complain(self, info: dict[str, Any]) -> None:
        said = str(info["message"])
        if said.startswith("Integration successful"):
            return
        reached = float(np.max(info["tcur"], initial=self._time))
        if said.startswith("Excess work"):
            why = "it needed more steps than allowed between two output times"
            raise TooMuchWork(failure(self.name, reached, why))
        why = said.partition("(")[0].strip().lower()
        kind = TooFineError if said.startswith(_TOO_FINE) else EngineError
        raise kind(failure(self.name, reached, why))
