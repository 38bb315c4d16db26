"""MCL1, a survival protein of less than an hour that mTORC1 has made (Mills 2008).

Its messenger needs cap complexes that eIF4B helps, which is where S6K comes in, and does better on
those whose eIF4E MNK has marked on S209 (Wendel 2007).
"""

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
        helped, marked = (
            known(model, "EIF4E_EIF4G1_helped_nM"),
            known(model, "EIF4E_s209_EIF4G1_nM"),
        )
        level = helped + rates.parameter("gain_MCL1_EIF4E_s209") * marked
        drive = level / (level + rates.parameter("K_MCL1_cap"))
        renewal(model, rates, "MCL1", mcl1(), mcl1(), "MCL1_MTORC1", "MNK_MCL1", factor=drive)
        derived("MCL1_nM", model.observables["MCL1_total"] / model.compartments["cell"].size, "nM")
