"""VEGF, secreted at the bidding of both HIFs (Forsythe 1996).

That lack of oxygen also lets its messenger live two to ten times as long (Levy 1996) is left out.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, known, renewal
from ...building.transcription import transcribed
from ...numbers.parameters import Rates


def add_vegf(model: Model, rates: Rates) -> None:
    """Add VEGF and its messenger; observable ``VEGFA_total``."""
    vegf = add_seeded(model, rates, "VEGFA", [])
    with drafting(model):
        hif = known(model, "HIF1A_nM") + known(model, "EPAS1_nM")
        drive = rates.parameter("basal_VEGFA") + hif / (hif + rates.parameter("K_VEGFA_HIF"))
        level = transcribed(model, rates, "VEGFA", drive, "VEGF_HIF")
        renewal(model, rates, "VEGFA", vegf(), vegf(), "VEGF_HIF", factor=level)
        derived(
            "VEGFA_nM",
            model.observables["VEGFA_total"] / model.compartments["cell"].size,
            "nM",
        )
