"""GSK3: active until AKT phosphorylates S9 (Cross 1995)."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, observe, spontaneous
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_gsk3(model: Model, rates: Rates) -> None:
    """Add GSK3B; observable ``pGSK3B_s9``, expression ``GSK3B_active_nM``."""
    gsk3 = add_seeded(model, rates, "GSK3B", ["s9"], {"s9": ["u", "p"]})
    with drafting(model):
        catalysed(
            rates,
            "AKT_phosphorylates_GSK3B_s9",
            gsk3(s9="u"),
            gsk3(s9="p"),
            acting_on(model, rates, "GSK3B"),
            "GSK3_AKT",
        )
        spontaneous(rates, "GSK3B_s9_dephosphorylation", gsk3(s9="p"), gsk3(s9="u"))
        observe(model, "pGSK3B_s9", gsk3(s9="p"))
        derived("GSK3B_active_nM", observe(model, "GSK3B_s9_u", gsk3(s9="u")), "nM")
