"""A rapalog at micromolar doses, or one with a second warhead, reaches the kinase by itself.

Temsirolimus without FKBP12 inhibits mTOR at 1.8 uM and, at such doses in cells, takes 4EBP1, global
protein synthesis and both complexes down (Shor 2008). That Rictor covers the FRB does not matter
then. The free drug counts; what FKBP12 holds does not. For a bi-steric compound, whose rapalog half
is tied to a kinase inhibitor, the same constants stand for that inhibitor where no FRB holds it.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import derived
from ...numbers.parameters import Rates


def add_high_dose(model: Model, rates: Rates) -> None:
    """Add ``uninhibited_MTORC1_rapalog`` and ``uninhibited_MTORC2_rapalog``."""
    with drafting(model):
        free = model.observables["RAPA_cell_free"] / model.compartments["cell"].size
        for target in ("MTORC1", "MTORC2"):
            half = rates.parameter(f"Ki_RAPA_{target}")
            derived(f"uninhibited_{target}_rapalog", half / (half + free), "dimensionless")
