"""HIF2A raises the expression of growth factor receptors (Franovic 2007)."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.steps import derived, holds, known, step
from ...numbers.parameters import Rates


def add_receptor_supply(model: Model, rates: Rates) -> None:
    """Let EPAS1 add to the synthesis of every receptor there is."""
    cell = model.compartments["cell"]
    with drafting(model):
        hif = known(model, "EPAS1_nM")
        share = derived(
            "EPAS1_occupancy", hif / (hif + rates.parameter("K_RTK_EPAS1")), "dimensionless"
        )
        gain = rates.parameter("gain_RTK_EPAS1")
        for name in ("IGF1R", "EGFR", "ERBB2", "MET"):
            if not holds(model, name):
                continue
            receptor = model.monomers[name]
            newborn = receptor(
                **{site: "u" if site in receptor.site_states else None for site in receptor.sites}
            )
            step(
                f"EPAS1_raises_{name}_synthesis",
                None,
                newborn**cell,
                derived(
                    f"rate_EPAS1_raises_{name}_synthesis",
                    gain * share * model.expressions[f"rate_{name}_synthesis"],
                    "nM/s",
                ),
                "HIF2_RTK",
            )
