"""mTOR with a rapalog on the FRB and a kinase inhibitor in the ATP pocket at once.

The two sites are apart, so that neither keeps the other out (Choi 1996; Yang 2013).
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import derived, known
from ...numbers.parameters import Rates


def add_double_occupancy(model: Model, rates: Rates) -> None:
    """Add ``MTOR_doubly_occupied_nM``."""
    with drafting(model):
        drugged = known(model, "RAPA_MTOR") / model.compartments["cell"].size
        derived("MTOR_doubly_occupied_nM", drugged * (1 - known(model, "uninhibited_MTORC1")), "nM")
