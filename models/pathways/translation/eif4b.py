"""eIF4B helps ribosomes through structured leaders once S6K or RSK has marked it.

S6K1 phosphorylates eIF4B on S422 (Raught 2004), which brings it to eIF4A and the cap complex; RSK
does the same where ERK is on (Shahbazian 2006), and S6K1 sends off PDCD4, which holds eIF4A
(Dorrello 2006, lumped with it). Messengers with structured leaders, those of cyclin D1 and MCL1
among them, depend on it more than others. So rapamycin, which spares most of the cap complexes,
lowers what these make, and goes on doing so when AKT has come back.
"""

from __future__ import annotations

from pysb import Model

from ...building.drafting import drafting
from ...building.seeding import add_seeded
from ...building.steps import catalysed, derived, known, observe, share, spontaneous
from ...numbers.parameters import Rates


def add_eif4b(model: Model, rates: Rates) -> None:
    """Add eIF4B; observable ``pEIF4B_s422``, expression ``EIF4E_EIF4G1_helped_nM``."""
    eif4b = add_seeded(model, rates, "EIF4B", ["s422"], {"s422": ["u", "p"]})
    with drafting(model):
        for kinase, source in (("S6K", "EIF4B_S6K"), ("RSK", "EIF4B_RSK")):
            catalysed(
                rates,
                f"{kinase}_phosphorylates_EIF4B_s422",
                eif4b(s422="u"),
                eif4b(s422="p"),
                known(model, f"{kinase}_active_nM"),
                source,
            )
        spontaneous(rates, "EIF4B_s422_dephosphorylation", eif4b(s422="p"), eif4b(s422="u"))
        observe(model, "pEIF4B_s422", eif4b(s422="p"))
        marked = share(model, "pEIF4B_s422", "EIF4B")
        left = rates.parameter("residual_EIF4B_s422_u")
        # Cap complexes as a structured leader feels them.
        helped = known(model, "EIF4E_EIF4G1_nM") * (left + (1 - left) * marked)
        derived("EIF4E_EIF4G1_helped_nM", helped, "nM")
