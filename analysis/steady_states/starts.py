"""Where a model comes to from random starts with the same totals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from ...simulation import steady_state
from ...simulation.engines import EngineError
from ...simulation.engines.base import Vector
from ...simulation.steady_state import NoSteadyStateError
from .equations import ModelEquations

# Rate constants are drawn from so many decades around their values, to stir what is conserved.
_STIRRED: Final = 1.5
# What is not conserved begins within so many decades of where it rests.
_OPEN: Final = 1.5


@dataclass(frozen=True)
class Reached:
    """Where one start led: to a state, or to none, and why."""

    place: float
    state: Vector | None
    why: str = ""

    @property
    def oscillates(self) -> bool:
        """Whether it kept oscillating."""
        return "oscillates" in self.why


def reached(
    equations: ModelEquations,
    place: float,
    generator: np.random.Generator,
    first: float,
    last: float,
) -> Reached:
    """Return where the model comes to from one random start.

    Reactions cannot change totals, whatever their constants: the model is stirred by running it
    with random ones, and then let go with its own.
    """
    engine = equations.engine
    values = equations.values(place)
    state = np.maximum(equations.start(place), 0.0)
    compartments = {p.id for p in engine.model.parameters.values() if p.compartment}
    stirred = {
        name: value * 10 ** generator.uniform(-_STIRRED, _STIRRED)
        if name not in compartments
        else value
        for name, value in values.items()
    }
    is_open = np.abs(equations.conserved).max(axis=1, initial=0.0) < 1e-9
    try:
        engine.start(stirred, state, 0.0)
        engine.advance(first * 10 ** generator.uniform(-2, 1), 20_000)
        state = np.maximum(engine.state, 0.0)
    except EngineError:
        pass  # such constants may be beyond what can be integrated; it begins unstirred
    spread = 10 ** generator.uniform(-_OPEN, _OPEN, len(state))
    state = np.where(is_open, np.maximum(state, equations.scale) * spread, state)
    try:
        rest = steady_state.find(engine, values, state, first=first, last=last)
    except (EngineError, NoSteadyStateError) as error:
        return Reached(place, None, str(error))
    return Reached(place, rest.state)
