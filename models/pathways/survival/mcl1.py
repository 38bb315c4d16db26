"""MCL1, a survival protein of less than an hour that mTORC1 has made (Mills 2008)."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, known, renewal
from ...numbers.parameters import Rates


def add_mcl1(model: Model, rates: Rates) -> None:
    """Add MCL1; observable ``MCL1_total``."""
    mcl1 = add_seeded(model, rates, "MCL1", [])
    with drafting(model):
        cap, s6k = known(model, "EIF4E_EIF4G1_nM"), known(model, "S6K_active_nM")
        drive = cap / (cap + rates.parameter("K_MCL1_cap")) + rates.parameter(
            "weight_MCL1_S6K"
        ) * s6k / (s6k + rates.parameter("K_MCL1_S6K"))
        renewal(model, rates, "MCL1", mcl1(), mcl1(), "MCL1_MTORC1", factor=drive)
        derived("MCL1_nM", model.observables["MCL1_total"] / model.compartments["cell"].size, "nM")
