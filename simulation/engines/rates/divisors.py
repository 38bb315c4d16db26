"""Whether rates divide by what is nothing but error.

Where an expression divides by an amount that has fallen below its tolerance, as S/E once the last E
is gone, every integrator goes on with whatever digits are left there, to numbers of any size.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from ....network.mathematics.expressions import Binary, Call, Expression
from ..base import EngineError, Vector, failure
from . import lawcode
from .kinetics import Kinetics

# Which share of the scale of an amount may hang on what is only error.
_SHARE: Final = 1e-3


class Divisors:
    """What the expressions of a network divide by.

    Parameters
    ----------
    kinetics : Kinetics
        The network.
    """

    def __init__(self, kinetics: Kinetics) -> None:
        self.kinetics = kinetics
        found = [
            (place, tree)
            for place, function in enumerate(kinetics.functions.values())
            for tree in _divisors(function)
            if tree.names
        ]
        # Which function each belongs to.
        self._of = [place for place, _ in found]
        lines = [(f"d{number}", kinetics.code(tree)) for number, (_, tree) in enumerate(found)]
        self._found = lawcode.compiled(["g", "p", "t"], [*kinetics.lines, *lines], valueless=True)

    def __bool__(self) -> bool:
        return bool(self._of)

    def check(self, time: float, state: Vector, errors: Vector, values: Vector) -> None:
        """Raise if a rate hangs on an amount that is no more than its error.

        Since when it may have done so is not known, so that it counts from time 0.

        Parameters
        ----------
        time : float
            The model time reached.
        state, errors : array
            What was reached, and the absolute tolerance of each part.
        values : array
            Of all settable parameters.

        Raises
        ------
        EngineError
            If one does; the message names the expression.
        """
        kinetics, names = self.kinetics, list(self.kinetics.functions)
        scale = kinetics.scale(values)
        amounts, errors = (each[kinetics.states] / scale for each in (state, errors))
        coefficients = kinetics.coefficients(values)
        fluxes, divisors = [], []
        with np.errstate(all="ignore"):
            for sign in (0.0, 1.0, -1.0):
                padded = np.append(amounts + sign * errors, 1.0)
                found = self._found(kinetics.weights @ padded[:-1], values, np.float64(time))
                divisors.append(np.array(found[len(names) :], dtype=float))
                driving = np.append(np.array(found[: len(names)], dtype=float), 1.0)
                product = coefficients[kinetics.kinds] * padded[kinetics.reactants].prod(axis=1)
                fluxes.append(product * driving[kinetics.driven])
            largest = np.max(np.abs(amounts), initial=0.0)
            spread = np.fmax(np.abs(fluxes[1] - fluxes[0]), np.abs(fluxes[2] - fluxes[0]))
            wrong = spread * abs(time) > _SHARE * largest
        doubtful = np.fmax(*(np.abs(end - divisors[0]) for end in divisors[1:]))
        for place in dict.fromkeys(
            self._of[one] for one in np.flatnonzero(np.abs(divisors[0]) <= doubtful)
        ):
            if wrong[kinetics.driven == place].any():
                raise EngineError(
                    failure(
                        kinetics.engine,
                        time,
                        f"the expression {kinetics.shown(names[place])} divides by what is zero "
                        "but for errors of integration, so that its value is not known",
                    )
                )


def _divisors(tree: Expression) -> Iterator[Expression]:
    """Yield what a tree divides by, takes the logarithm of or raises to some power below zero."""
    for node in tree.walk():
        match node:
            case Binary(operator="/"):
                yield node.right
            case Binary(operator="^") if str(node.right).startswith(("-", "(-")):
                yield node.left
            case Call(name="ln" | "log10" | "log2"):
                yield node.arguments[0]
