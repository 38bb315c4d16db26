"""eIF2B: GSK3 phosphorylates its epsilon subunit on S540 and slows every start of translation."""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, known, observe, spontaneous
from ...numbers.parameters import Rates


def add_eif2b(model: Model, rates: Rates) -> None:
    """Add eIF2B; observables ``pEIF2B5_s540`` and ``EIF2B5_s540_u``, which works."""
    eif2b = add_seeded(model, rates, "EIF2B5", ["s540"], {"s540": ["u", "p"]})
    with drafting(model):
        catalysed(
            rates,
            "GSK3B_phosphorylates_EIF2B5_s540",
            eif2b(s540="u"),
            eif2b(s540="p"),
            known(model, "GSK3B_active_nM"),
            "EIF2B_GSK3",
        )
        spontaneous(rates, "EIF2B5_s540_dephosphorylation", eif2b(s540="p"), eif2b(s540="u"))
        observe(model, "pEIF2B5_s540", eif2b(s540="p"))
        observe(model, "EIF2B5_s540_u", eif2b(s540="u"))
