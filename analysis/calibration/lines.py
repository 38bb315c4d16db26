"""Factors of cell lines in a fit: amounts in which each measured line differs from the reference.

They stand behind the model's parameters, each as the logarithm of a factor that is log-normal about
1. A level follows the logarithm of a factor of its line as it follows that of the parameter itself
in that experiment, since all that is set there is a multiple of the two together.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ...models.perturbations import conditions
from ...simulation.engines.base import Vector
from ...simulation.sbml.model import SbmlModel
from ..validation import factors as of_lines
from ..validation.factors import Factors
from ..validation.names import Names, table
from ..validation.targets import Target
from .priors import Prior

ENOUGH: Final = 20
"""So many rows of a line have to be measured for it to have factors of its own."""


@dataclass(frozen=True)
class Factor:
    """A factor that may move.

    Attributes
    ----------
    line, parameter : str
        Of which line, and of which amount.
    spread : float
        Standard deviation of its logarithm.
    """

    line: str
    parameter: str
    spread: float

    @property
    def prior(self) -> Prior:
        """What is known of it before data speak; its range is four standard deviations."""
        far = math.exp(2 * self.spread)
        return Prior(f"{self.parameter} of {self.line}", 1.0, 1 / far, far, "")


@dataclass(frozen=True)
class Lines:
    """Factors of the lines of a fit.

    Attributes
    ----------
    free : tuple of Factor
        Those that may move, in the order in which they stand behind the model's parameters.
    given : mapping
        Those that are there at first; of these, what is not free stays.
    """

    free: tuple[Factor, ...] = ()
    given: Factors = field(default_factory=dict)

    @property
    def begin(self) -> Vector:
        """Logarithms of the free factors at first; 0 where none is given."""
        given = [self.given.get(each.line, {}).get(each.parameter, 1.0) for each in self.free]
        return np.log(np.array(given, dtype=float))

    @property
    def held(self) -> dict[str, dict[str, float]]:
        """The factors that stay, by line and parameter."""
        moving = {(each.line, each.parameter) for each in self.free}
        found: dict[str, dict[str, float]] = {}
        for line, own in self.given.items():
            for name, factor in own.items():
                if (line, name) not in moving:
                    found.setdefault(line, {})[name] = factor
        return found

    @property
    def parameters(self) -> tuple[str, ...]:
        """The amounts that have free factors, each once."""
        return tuple(dict.fromkeys(each.parameter for each in self.free))

    def at(self, logs: Vector) -> dict[str, dict[str, float]]:
        """Return all factors by line and parameter, the free ones at logarithms."""
        found = self.held
        for each, factor in zip(self.free, np.exp(logs).tolist(), strict=True):
            found.setdefault(each.line, {})[each.parameter] = factor
        return found


def free(targets: Sequence[Target], model: SbmlModel, given: Factors | None = None) -> Lines:
    """Return a factor for each amount that varies, of each line that is measured often enough.

    What a line lacks altogether, as PTEN in ``PTEN_null``, is left out.

    Parameters
    ----------
    targets : sequence of Target
        What was measured.
    model : SbmlModel
        The model.
    given : mapping, optional
        Where they begin.
    """
    counts = Counter(target.line for target in targets)
    own, _ = model.initial({})
    found = []
    for line in table("lines"):
        if counts[line] < ENOUGH:
            continue
        cell = own | conditions.values(*Names(model).line(line))
        found += [
            Factor(line, each.parameter, each.spread)
            for each in of_lines.varying().values()
            if each.parameter in own and cell[each.parameter] > 0
        ]
    return Lines(tuple(found), given or {})


def found(targets: Sequence[Target], model: SbmlModel, given: Factors) -> Lines:
    """Return those of :func:`free` that are given, and leave the others at 1."""
    every = free(targets, model, given)
    kept = (each for each in every.free if each.parameter in given.get(each.line, {}))
    return Lines(tuple(kept), given)
