"""Making protein: initiation at the cap, ribosomes, and a brake from GSK3.

Initiation saturates in eIF4E held by eIF4G (Hay and Sonenberg 2004); ribosomes are built over a day
under S6K; eIF2B phosphorylated by GSK3 takes off a little. Nothing in the network listens to these.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import derived, known, renewal, share
from ...numbers.parameters import Rates


def add_synthesis(model: Model, rates: Rates) -> None:
    """Add ``cap_translation``, ``ribosome_biogenesis`` and ``protein_synthesis``."""
    cell = model.compartments["cell"]
    ribosome = add_seeded(model, rates, "RIBOSOME", [])
    with drafting(model):
        s6k, cap = known(model, "S6K_active_nM"), known(model, "EIF4E_EIF4G1_nM")
        building = derived(
            "ribosome_biogenesis",
            rates.parameter("basal_ribosome_biogenesis")
            + s6k / (s6k + rates.parameter("K_ribosome_biogenesis")),
            "dimensionless",
        )
        renewal(model, rates, "RIBOSOME", ribosome(), ribosome(), "RIBOSOME_MTOR", factor=building)
        count = model.observables["RIBOSOME_total"] / cell.size
        stock = count / (count + rates.parameter("K_ribosomes"))
        initiation = derived(
            "cap_translation", cap / (cap + rates.parameter("K_cap_translation")), "dimensionless"
        )
        weight = rates.parameter("weight_cap_translation")
        working = share(model, "EIF2B5_s540_u", "EIF2B5")
        quick = rates.parameter("weight_EIF2B")
        derived(
            "protein_synthesis",
            (weight * initiation + (1 - weight) * stock) * (1 - quick + quick * working),
            "dimensionless",
        )
