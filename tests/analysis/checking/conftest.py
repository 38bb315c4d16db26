"""Small models from Antimony, a writer of SBML that is not ours."""

from collections.abc import Callable, Iterator
from typing import Any

import antimony
import libsbml
import pytest
from mtorules.analysis.checking.elements import Elements

# A libSBML document; the library has no types.
Document = Any


@pytest.fixture
def sbml() -> Iterator[Callable[[str], str]]:
    """Return SBML Level 3 for Antimony's text."""

    def write(text: str) -> str:
        assert antimony.loadAntimonyString(text) >= 0, antimony.getLastError()
        return antimony.getSBMLString(antimony.getModuleNames()[-1])

    yield write
    antimony.clearPreviousLoads()


@pytest.fixture
def document(sbml: Callable[[str], str]) -> Callable[[str], Document]:
    """Return a document that a test may change, for Antimony's text."""

    def read(text: str) -> Document:
        return libsbml.readSBMLFromString(sbml(text))

    return read


@pytest.fixture
def elements(document: Callable[[str], Document]) -> Callable[[str], Elements]:
    """Return the elements of a model, for Antimony's text."""
    kept = []  # libSBML frees the model with its document

    def gather(text: str) -> Elements:
        kept.append(document(text))
        return Elements(kept[-1].getModel())

    return gather
