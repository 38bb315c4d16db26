"""Small models: in Antimony's words, which none of our code reads or writes, and as rules."""

from collections.abc import Callable, Sequence
from functools import cache

import antimony
import pytest
from mtorules.analysis.engines import Loaded
from mtorules.analysis.loading import from_sbml, load
from mtorules.analysis.simulate import Simulator
from mtorules.export import generate

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


@cache
def _ruled(rules: str, species: str, parameters: str, functions: str = "") -> Loaded:
    text = f"""begin model
begin parameters
V 2
{parameters}
end parameters
begin compartments
cell 3 V
end compartments
begin molecule types
A(b)
B(a)
end molecule types
begin seed species
{species}
end seed species
begin observables
Molecules A A()@cell
Molecules B B()@cell
Molecules AB A(b!1).B(a!1)@cell
end observables
begin functions
{functions}
end functions
begin reaction rules
{rules}
end reaction rules
end model
"""
    return load(generate.from_bngl(text, "small"))


@pytest.fixture(scope="session")
def ruled() -> Callable[..., Loaded]:
    """Return a function that makes a model of molecules A and B in a cell of 2 pL.

    It takes rules, seed species, parameters and functions as BNGL.
    """
    return _ruled
