"""What tests of formats share: what libRoadRunner makes of the SBML document."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import roadrunner
from mtorules.export.odes.system import System, system
from mtorules.export.sbml import writer
from mtorules.network.network import Network
from numpy.typing import NDArray

CONSTRUCTS = Path(__file__).parents[1] / "constructs"
# What says most: compartments, functions, time, rate laws, weights, names that are words elsewhere.
CHOSEN = [
    "annotated.py",
    "awkward_names.py",
    "built_in_functions.bngl",
    "compartment_expressions.bngl",
    "derived_parameters.bngl",
    "fixed_species.bngl",
    "hill.bngl",
    "homo_oligomers.bngl",
    "keyword_names.bngl",
    "membrane_spanning.bngl",
    "michaelis_menten.bngl",
    "relational_expressions.bngl",
    "saturation.bngl",
    "time_dependent.bngl",
]


@pytest.fixture(params=CHOSEN)
def chosen(request: pytest.FixtureRequest) -> Path:
    """Each of the constructs that say most, in turn, for readers that take their time."""
    return CONSTRUCTS / request.param


def reference(
    network: Network, found: System, times: Sequence[float], *, amounts: bool = False
) -> NDArray[np.float64]:
    """Return what libRoadRunner makes of the SBML document: species, then outputs."""
    simulator = roadrunner.RoadRunner(writer.text(network))
    simulator.integrator.relative_tolerance = 1e-10
    simulator.integrator.absolute_tolerance = 1e-14
    simulator.integrator.maximum_num_steps = 200_000
    species = [f"[{s.id}]" if s.volume and not amounts else s.id for s in found.states]
    simulator.timeCourseSelections = [*species, *(each.id for each in found.outputs)]
    return np.array(simulator.simulate(times=list(times)))


@pytest.fixture(scope="session")
def agrees() -> Callable[..., None]:
    """Return a function that compares another reader's course with libRoadRunner's.

    ``run(names, times)`` gives a row for each time; ``within`` is what it may deviate by, of the
    largest value of each column; ``partial`` lets it leave columns out, as NaN.
    """

    def check(
        network: Network,
        run: Callable[[list[str], NDArray[np.float64]], NDArray[np.float64]],
        *,
        end: float = 5.0,
        amounts: bool = False,
        within: float = 1e-6,
        partial: bool = False,
    ) -> None:
        found = system(network)
        times = np.linspace(0, end, 5)
        wanted = reference(network, found, times.tolist(), amounts=amounts)
        got = run([each.id for each in (*found.states, *found.outputs)], times)
        if partial:
            kept = np.logical_not(np.all(np.isnan(got), axis=0))
            assert np.all(kept[: len(found.states)])
            got, wanted = got[:, kept], wanted[:, kept]
        scale = np.abs(wanted).max(axis=0, initial=0.0)
        scale[scale == 0] = 1
        np.testing.assert_allclose(got / scale, wanted / scale, rtol=0, atol=within)

    return check
