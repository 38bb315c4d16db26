"""Small models in Antimony's words, which none of our own code reads or writes."""

from collections.abc import Callable, Sequence
from functools import cache

import antimony
import pytest
from mtorules.analysis.loading import from_sbml
from mtorules.analysis.simulate import Simulator

Simulate = Callable[..., Simulator]

# Nanomolar in picolitres, as our own models have it.
OURS = """
    unit substance = 1e-21 mole; unit volume = 1e-12 litre; unit time_unit = second;
"""


@cache
def sbml(text: str) -> str:
    """Return the SBML that Antimony writes."""
    antimony.clearPreviousLoads()
    assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
    return antimony.getSBMLString(antimony.getMainModuleName())


@pytest.fixture(scope="session")
def antimony_sbml() -> Callable[[str], str]:
    """Return a function that turns a model in Antimony's words into SBML."""
    return sbml


@pytest.fixture
def simulate() -> Simulate:
    """Return a function that makes a simulator of a model in Antimony's words.

    With ``ours=True`` the model counts in zmol, picolitres and seconds.
    """

    def simulator(
        body: str, observables: Sequence[str] | None = None, *, ours: bool = True, **more: object
    ) -> Simulator:
        text = f"model tiny\n{OURS if ours else ''}\n{body}\nend\n"
        return Simulator(from_sbml(sbml(text)), observables, **more)  # type: ignore[arg-type]

    return simulator
