"""One model in rules whose course is known, and what a simulator is asked to do with it."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from mtorules.analysis.comparing.task import Task, Vector
from mtorules.network import generate
from mtorules.simulation.engines.base import Loaded
from mtorules.simulation.load import load

# In a volume of 2.5, dimers form from n monomers: A = 1/(1/n + k*t/V). A function reads it, and the
# pair C and D turns into each other.
DIMERS = """
begin model
begin parameters
  V 2.5
  k 0.4
  n 8
  c 0.5
end parameters
begin compartments
  box 3 V
end compartments
begin molecule types
  A(a)
  C(s~u~p)
end molecule types
begin species
  A(a)@box n
  C(s~u)@box 10
end species
begin observables
  Molecules Free A(a)
  Molecules Total A()
  Molecules Cp C(s~p)
end observables
begin functions
  share() = Free/Total
end functions
begin reaction rules
  dimerise: A(a) + A(a) -> A(a!1).A(a!1) k
  turn: C(s~u) <-> C(s~p) c, c
end reaction rules
end model
"""


@pytest.fixture(scope="session")
def dimers() -> Loaded:
    """Return the model."""
    return load(generate.from_bngl(DIMERS, "dimers"))


@pytest.fixture(scope="session")
def expected() -> Callable[[Vector, Sequence[str]], Vector]:
    """Return a function that gives the courses of observables in closed form."""

    def courses(times: Vector, names: Sequence[str]) -> Vector:
        free = 1 / (1 / 8 + 0.4 / 2.5 * times)
        known = {
            "Free": free,
            "Total": np.full_like(times, 8.0),
            "Cp": 5 * (1 - np.exp(-times)),
            "share": free / 8,
        }
        return np.column_stack([known[name] for name in names])

    return courses


@pytest.fixture
def task(dimers: Loaded) -> Task:
    """Return the task of running it to time 4."""
    return Task(dimers, tuple(dimers.model.outputs), np.linspace(0.0, 4.0, 9), 1e-10, 1e-13)
