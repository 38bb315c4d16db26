"""What libRoadRunner compiles, and that the models of one process do not touch each other."""

import math
from collections.abc import Callable

import pytest
from mtorules.simulation.experiments.experiments import Experiment, Period
from mtorules.simulation.simulator import Simulator


def test_ids_that_are_names_of_methods_do_no_harm(simulate: Callable[..., Simulator]) -> None:
    run = Experiment("m", [Period(0.0)], [0.0, 2.0])
    names = ("reset", "simulate", "integrator", "getValue", "timeCourseSelections")
    for name in names:
        body = f"species {name}; {name} = 10; {name} -> ; 0.5*{name};"
        for _ in range(2):  # compiled, and from the cache
            found = simulate(body, [name], ours=False).values(run)
            assert found[:, 0] == pytest.approx([10, 10 / math.e], rel=1e-6)
