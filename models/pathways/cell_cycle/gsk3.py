"""GSK3: active until S9 is phosphorylated, by AKT (Cross 1995) and by others.

S6K1 does it where mTORC1 runs wild and the feedback has silenced AKT (Zhang 2006), RSK where ERK is
on (Sutherland 1993; Stambolic 1994). What is left without any of them is one small constant rate:
protein kinases A and C, which no model here holds.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, spontaneous
from ...numbers.parameters import Rates
from ..pi3k.akt import acting_on


def add_gsk3(model: Model, rates: Rates) -> None:
    """Add GSK3B; observable ``pGSK3B_s9``, expression ``GSK3B_active_nM``."""
    gsk3 = add_seeded(model, rates, "GSK3B", ["s9"], {"s9": ["u", "p"]})
    with drafting(model):
        for kinase, enzyme, source in (
            ("AKT", acting_on(model, rates, "GSK3B"), "GSK3_AKT"),
            ("S6K", known(model, "S6K_active_nM"), "GSK3_S6K"),
            ("RSK", known(model, "RSK_active_nM"), "GSK3_RSK"),
        ):
            catalysed(
                rates,
                f"{kinase}_phosphorylates_GSK3B_s9",
                gsk3(s9="u"),
                gsk3(s9="p"),
                enzyme,
                source,
            )
        spontaneous(rates, "GSK3B_s9_phosphorylation", gsk3(s9="u"), gsk3(s9="p"))
        spontaneous(rates, "GSK3B_s9_dephosphorylation", gsk3(s9="p"), gsk3(s9="u"))
        observe(model, "pGSK3B_s9", gsk3(s9="p"))
        derived("GSK3B_active_nM", observe(model, "GSK3B_s9_u", gsk3(s9="u")), "nM")
